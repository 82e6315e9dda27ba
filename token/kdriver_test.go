//go:build cgo

package token

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/internal/testpki/fakep11"
)

func init() {
	children["login-hangs"] = func() int {
		return inChild(func(e Entry) error {
			_, err := Open(context.Background(), e, OpenOptions{PIN: givePIN(testpki.UserPIN), LoginTimeout: 300 * time.Millisecond})
			return wantTimeout(err)
		})
	}
	children["sign-hangs"] = func() int { return inChild(signHangs) }
	children["close-hangs"] = func() int { return inChild(closeHangs) }
}

// inChild lists KYSO_TEST_MODULE in this process and runs f on its first entry.
func inChild(f func(Entry) error) int {
	module := os.Getenv("KYSO_TEST_MODULE")
	exe, err := os.Executable()
	if err == nil {
		entries, errs := List(context.Background(), ListOptions{Modules: []string{module}, Now: testpki.Now(), Self: exe})
		switch {
		case len(errs) > 0:
			err = errs[0]
		case len(entries) == 0:
			err = ErrNoCertificate
		default:
			err = f(entries[0])
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func wantTimeout(err error) error {
	var dev *DeviceError
	if !errors.As(err, &dev) || !errors.Is(err, ErrTimeout) {
		return fmt.Errorf("got %v, want a timeout", err)
	}
	return nil
}

func signHangs(e Entry) error {
	k, err := Open(context.Background(), e, OpenOptions{PIN: givePIN(testpki.UserPIN), SignTimeout: 300 * time.Millisecond})
	if err != nil {
		return err
	}
	sum := sha256.Sum256(nil)
	for range 3 { // the later ones fail at once
		if _, err := k.Sign(nil, sum[:], crypto.SHA256); wantTimeout(err) != nil {
			return fmt.Errorf("sign: %w", err)
		}
	}
	if err := k.Close(); err == nil {
		return errors.New("close says that all is well")
	}
	return nil
}

func closeHangs(e Entry) error {
	k, err := Open(context.Background(), e, OpenOptions{PIN: givePIN(testpki.UserPIN)})
	if err != nil {
		return err
	}
	sum := sha256.Sum256(nil)
	if _, err := k.Sign(nil, sum[:], crypto.SHA256); err != nil {
		return err
	}
	return wantTimeout(k.Close())
}

// runChild runs a named child with a module and wants it to end well in time.
func runChild(t *testing.T, name string, m *fakep11.Module, limit time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, self(t))
	cmd.Env = append(os.Environ(), "TOKEN_TEST_CHILD="+name, "KYSO_TEST_MODULE="+m.Path)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Errorf("%s: %v\n%s", name, err, out.String())
	}
}

// K19, and a driver that never returns from C_Logout or C_CloseSession: each
// in a process of its own, since a hung driver stays hung.
func TestK19Hangs(t *testing.T) {
	cases := []struct{ name, child, line string }{
		{"login", "login-hangs", "hang=C_Login"},
		{"sign", "sign-hangs", "hang=C_Sign"},
		{"logout", "close-hangs", "hang=C_Logout"},
		{"finalize", "sign-hangs", "hang=C_Sign\nhang=C_Finalize"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m, _ := faulty(t)
			m.Set(strings.Split(c.line, "\n")...)
			runChild(t, c.child, m, 15*time.Second)
		})
	}
}

// A driver that hangs, crashes or prints beside a good one: the good one lists
// within the deadline and the other is named.
func TestListBesideBadDrivers(t *testing.T) {
	cases := []struct {
		name, line, kind string
	}{
		{"hangs at start", "hang=C_Initialize", "timeout"},
		{"hangs in slots", "hang=C_GetSlotList", "timeout"},
		{"hangs in attributes", "hang=C_GetAttributeValue", "timeout"},
		{"crashes", "crash=C_GetTokenInfo", "crashed"},
		{"has no list", "nolist=1", "failed"},
		{"cannot start", "fail=C_Initialize:1:0x5", "failed"},
		{"slots fail", "fail=C_GetSlotList:0:0x30", "failed"},
		{"token info fails", "fail=C_GetTokenInfo:0:0xE1", "failed"},
		{"no session", "fail=C_OpenSession:0:0xB1", "failed"},
	}
	h := newHSM(t)
	key := testpki.Key(testpki.P256, "signer")
	h.Signer("one", key, testpki.NewRoot("Test Root", testpki.P256).Person(key.Public()))
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := fakep11.New(t, h.Module)
			m.Set(c.line)
			start := time.Now()
			entries, errs := List(context.Background(), ListOptions{Modules: []string{m.Path, h.Module},
				Now: testpki.Now(), Self: self(t), Timeout: 5 * time.Second})
			if len(entries) != 1 || entries[0].Module != h.Module || !entries[0].Usable {
				t.Errorf("entries %v", entries)
			}
			if len(errs) != 1 || errs[0].Module != m.Path || errs[0].Kind != c.kind {
				t.Errorf("errors %v", errs)
			}
			if d := time.Since(start); d > time.Minute { // a hang that the deadline did not end
				t.Errorf("took %v", d)
			}
		})
	}
}

func TestListDriverThatPrints(t *testing.T) {
	m, e := faulty(t, "print=C_Initialize:hello", "print=C_GetTokenInfo:"+probeBegin[1:]+"nonsense", "print=C_CloseSession:bye")
	if !e.Usable {
		t.Errorf("reasons %v", e.Reasons)
	}
	_ = m
}

// Drivers that answer length 0 to a size query still list and sign.
func TestSizeQueryZero(t *testing.T) {
	_, e := faulty(t, "sizezero=1")
	if !e.Usable || len(e.ID) != 1 || e.Label != "certificate of one" || e.KeyAssumed {
		t.Fatalf("entry %+v", e)
	}
	trySign(t, open(t, e, OpenOptions{}), crypto.SHA256)
}

// K08: one session, read-only.
func TestK08OneReadOnlySession(t *testing.T) {
	m, e := faulty(t, "sessions=1", "readonly=1")
	k := open(t, e, OpenOptions{})
	trySign(t, k, crypto.SHA256)
	trySign(t, k, crypto.SHA256)
	if k.Way != "pkcs11" {
		t.Errorf("way %s", k.Way)
	}
	wantCount(t, m, "C_Login", 1)
	wantCount(t, m, "sign:real", 2)
	wantCount(t, m, "sign:size", 0)
}

// The flags do not tell, and read-write sessions are refused all the same.
func TestReadWriteRefusedUnannounced(t *testing.T) {
	m, e := faulty(t)
	m.Set("readonly=1")
	k := open(t, e, OpenOptions{})
	trySign(t, k, crypto.SHA256)
	if k.Way != "pkcs11" {
		t.Errorf("way %s", k.Way)
	}
}

// K09: the token is pulled out after some signatures.
func TestK09PulledOut(t *testing.T) {
	for _, direct := range []bool{false, true} {
		t.Run(fmt.Sprint("direct-", direct), func(t *testing.T) {
			m, e := faulty(t, "removed=3")
			k := open(t, e, OpenOptions{NoCrypto11: direct})
			for range 3 {
				trySign(t, k, crypto.SHA256)
			}
			sum := sha256.Sum256(nil)
			for range 3 {
				_, err := k.Sign(nil, sum[:], crypto.SHA256)
				var dev *DeviceError
				if !errors.As(err, &dev) || !dev.Removed() || dev.Code != 0x32 {
					t.Fatalf("got %v", err)
				}
			}
			wantCount(t, m, "C_Login", 1)
		})
	}
}

// K05: codes of C_Sign; a lost session is opened again once, with no login.
func TestK05SignCodes(t *testing.T) {
	cases := []struct {
		name, line string
		direct     bool
		code       uint // 0: signs
		opened     int  // sessions opened by the signature
	}{
		{"session lost once", "fail=C_SignInit:1:0xB3", true, 0, 1},
		{"session lost once, crypto11", "fail=C_SignInit:1:0xB3", false, 0, 1},
		{"session closed once", "fail=C_SignInit:1:0xB0", true, 0, 1},
		{"session lost always", "fail=C_SignInit:0:0xB3", true, 0xB3, 1},
		{"device error", "fail=C_Sign:0:0x30", true, 0x30, 0},
		{"device error, crypto11", "fail=C_Sign:0:0x30", false, 0x30, 0},
		{"token not present", "fail=C_SignInit:0:0xE0", true, 0xE0, 0},
		{"not logged in", "fail=C_Sign:0:0x101", true, 0x101, 0},
		{"canceled", "fail=C_Sign:0:0x50", true, 0x50, 0},
		{"device memory", "fail=C_SignInit:0:0x31", true, 0x31, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m, e := faulty(t)
			k := open(t, e, OpenOptions{NoCrypto11: c.direct})
			m.ResetCounts()
			m.Set(c.line)
			sum := sha256.Sum256(nil)
			_, err := k.Sign(nil, sum[:], crypto.SHA256)
			if c.code == 0 && err != nil {
				t.Errorf("got %v", err)
			}
			var dev *DeviceError
			if c.code != 0 && (!errors.As(err, &dev) || dev.Code != c.code) {
				t.Errorf("got %v", err)
			}
			wantCount(t, m, "C_OpenSession", c.opened)
			wantCount(t, m, "C_Login", 0)
		})
	}
}

// Each mechanism is asked of the token first.
func TestMechanismIsAsked(t *testing.T) {
	m, e := faulty(t, "mechs=0x3,0x40")
	k := open(t, e, OpenOptions{})
	sum := sha256.Sum256(nil)
	_, err := k.Sign(nil, sum[:], crypto.SHA256)
	var mech *MechanismError
	if !errors.As(err, &mech) || mech.Mechanism != "CKM_RSA_PKCS" {
		t.Errorf("got %v", err)
	}
	wantCount(t, m, "C_SignInit", 0)
}

// K11: a signature that the certificate does not verify is not returned.
func TestK11BadSignature(t *testing.T) {
	for _, direct := range []bool{false, true} {
		_, e := faulty(t, "badsig=1")
		k := open(t, e, OpenOptions{NoCrypto11: direct})
		sum := sha256.Sum256(nil)
		if sig, err := k.Sign(nil, sum[:], crypto.SHA256); !errors.Is(err, ErrMismatch) || sig != nil {
			t.Errorf("direct=%v: got %v", direct, err)
		}
		// What Checked promises to those who then do not verify again.
		if pub, ok := k.Checked().(*rsa.PublicKey); !ok || !pub.Equal(e.Certificate.PublicKey) {
			t.Errorf("checked with %v", k.Checked())
		}
	}
}

// A private key that shows no CKA_ID signs too: its public half decides.
func TestKeyWithoutID(t *testing.T) {
	_, e := faulty(t, "noid=1")
	k := open(t, e, OpenOptions{})
	trySign(t, k, crypto.SHA256)
	if k.Way != "pkcs11" {
		t.Errorf("way %s", k.Way)
	}
}

// K18: a driver at a path that others may change is not even loaded; neither is
// one that is only looked for.
func TestK18NothingIsLoaded(t *testing.T) {
	m, e := faulty(t)
	if list(t, m.Path); m.Count("dlopen") == 0 {
		t.Fatal("a good path is not loaded: the count says nothing")
	}
	m.ResetCounts()
	if err := os.Chmod(m.Path, 0o777); err != nil {
		t.Fatal(err)
	}
	var mod *ModuleError
	for _, exe := range []string{"", self(t)} {
		_, errs := List(context.Background(), ListOptions{Modules: []string{m.Path}, Self: exe})
		if len(errs) != 1 || errs[0].Kind != "refused_path" {
			t.Errorf("list: %v", errs)
		}
	}
	if _, err := Open(context.Background(), e, OpenOptions{}); !errors.As(err, &mod) || mod.Kind != "refused_path" {
		t.Errorf("open: %v", err)
	}
	if _, err := Probe(context.Background(), m.Path); !errors.As(err, &mod) || mod.Kind != "refused_path" {
		t.Errorf("probe: %v", err)
	}
	if _, err := ReadLibrary(m.Path); err != nil {
		t.Error(err)
	}
	wantCount(t, m, "dlopen", 0)
}
