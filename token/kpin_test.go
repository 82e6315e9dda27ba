//go:build cgo

package token

import (
	"context"
	"crypto"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/internal/testpki/fakep11"
)

// faulty is a faulty driver with one good RSA key, listed.
func faulty(t *testing.T, lines ...string) (*fakep11.Module, Entry) {
	t.Helper()
	h := newHSM(t)
	key := testpki.Key(testpki.RSA2048, "signer")
	h.Signer("one", key, testpki.NewRoot("Test Root", testpki.P256).Person(key.Public()))
	m := fakep11.New(t, h.Module)
	m.Set(lines...)
	e := list(t, m.Path)[0]
	m.ResetCounts()
	return m, e
}

// countPIN counts how often a PIN is asked for.
func countPIN(pin string, n *int) func(context.Context, Info) (*PIN, error) {
	return func(context.Context, Info) (*PIN, error) { *n++; return NewPIN([]byte(pin)), nil }
}

func wantAuth(t *testing.T, err error, kind string, retries int) {
	t.Helper()
	var auth *AuthError
	if !errors.As(err, &auth) || auth.Kind != kind || auth.Retries != retries {
		t.Fatalf("got %v, want PIN %s with %d tries", err, kind, retries)
	}
}

func wantCount(t *testing.T, m *fakep11.Module, name string, want int) {
	t.Helper()
	if n := m.Count(name); n != want {
		t.Errorf("%s: %d calls, want %d", name, n, want)
	}
}

// K01: many workers with a wrong PIN cost one C_Login, also where each of them
// opens for itself.
func TestK01WrongPINCostsOneLogin(t *testing.T) {
	m, e := faulty(t)
	m.Tries(3)
	var wg sync.WaitGroup
	var mu sync.Mutex
	kinds := map[string]int{}
	for range 8 {
		wg.Go(func() {
			for range 20 {
				_, err := Open(context.Background(), e, OpenOptions{PIN: givePIN("00000000")})
				var auth *AuthError
				if !errors.As(err, &auth) {
					t.Errorf("got %v", err)
					return
				}
				mu.Lock()
				kinds[auth.Kind]++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	wantCount(t, m, "login:user", 1)
	if kinds["incorrect"] != 1 || kinds["guard"] != 159 {
		t.Errorf("kinds %v", kinds)
	}
}

func TestK01TriesAreTold(t *testing.T) {
	cases := []struct {
		name           string
		tries, retries int
	}{{"unknown", 3, -1}, {"one left", 2, 1}, {"none left", 1, 0}}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m, e := faulty(t)
			m.Tries(c.tries)
			_, err := Open(context.Background(), e, OpenOptions{PIN: givePIN("00000000"), AllowLastTry: true})
			wantAuth(t, err, "incorrect", c.retries)
		})
	}
}

// K02, K03, K04: what the flags say before a login.
func TestK02K03K04Flags(t *testing.T) {
	cases := []struct {
		id, name     string
		tries        int
		lines        []string
		interactive  bool
		allow        bool
		kind         string // "": opens
		retries      int
		warned       []Warning
		logins, asks int
	}{
		{"K02", "count low, nobody there", 2, nil, false, false, "count_low", -1, nil, 0, 0},
		{"K02", "count low, allowed", 2, nil, false, true, "", 0, []Warning{WarnCountLow}, 1, 1},
		{"K02", "count low, a person", 2, nil, true, false, "", 0, []Warning{WarnCountLow}, 1, 1},
		{"K03", "last try, nobody there", 1, nil, false, false, "last_try", 1, nil, 0, 0},
		{"K03", "last try, a person", 1, nil, true, false, "last_try", 1, nil, 0, 0},
		{"K03", "last try, allowed", 1, nil, true, true, "", 0, []Warning{WarnLastTry}, 1, 1},
		{"K04", "locked", 0, nil, true, true, "locked", 0, nil, 0, 0},
		{"K04", "to be changed", 3, []string{"flags=0x80000"}, true, true, "to_be_changed", -1, nil, 0, 0},
		{"K04", "PIN never set", 3, []string{"clear=0x8"}, true, true, "not_initialized", -1, nil, 0, 0},
	}
	for _, c := range cases {
		t.Run(c.id+"/"+c.name, func(t *testing.T) {
			m, e := faulty(t)
			m.Tries(c.tries)
			m.Set(c.lines...)
			asks := 0
			var warned []Warning
			k, err := Open(context.Background(), e, OpenOptions{PIN: countPIN(testpki.UserPIN, &asks),
				Interactive: c.interactive, AllowLastTry: c.allow,
				Warn: func(w Warning, _ Info) { warned = append(warned, w) }})
			if c.kind != "" {
				wantAuth(t, err, c.kind, c.retries)
			} else if err != nil {
				t.Fatal(err)
			} else {
				defer k.Close()
			}
			wantCount(t, m, "C_Login", c.logins)
			if asks != c.asks || len(warned) != len(c.warned) || len(warned) > 0 && warned[0] != c.warned[0] {
				t.Errorf("asked %d times, warned %v", asks, warned)
			}
		})
	}
}

func TestPINLengthCostsNoTry(t *testing.T) {
	m, e := faulty(t)
	for _, pin := range []string{"", "123", strings.Repeat("1", 300)} {
		_, err := Open(context.Background(), e, OpenOptions{PIN: givePIN(pin)})
		wantAuth(t, err, "length", -1)
	}
	wantCount(t, m, "C_Login", 0)
}

func TestNoPINAndRefusedPIN(t *testing.T) {
	m, e := faulty(t)
	if _, err := Open(context.Background(), e, OpenOptions{}); !errors.Is(err, ErrNoPIN) {
		t.Errorf("got %v", err)
	}
	stop := errors.New("stopped")
	_, err := Open(context.Background(), e, OpenOptions{PIN: func(context.Context, Info) (*PIN, error) { return nil, stop }})
	if !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
	wantCount(t, m, "C_Login", 0)
}

// K05: each code of a login is told apart, and costs one login.
func TestK05LoginCodes(t *testing.T) {
	cases := []struct {
		rv   string
		code uint
		auth string // "": a *DeviceError; "-": opens
	}{
		{"0xA0", 0xA0, "incorrect"}, {"0xA1", 0xA1, "incorrect"}, {"0xA2", 0xA2, "length"},
		{"0xA3", 0xA3, "expired"}, {"0xA4", 0xA4, "locked"}, {"0x102", 0x102, "not_initialized"},
		{"0x100", 0x100, "-"}, {"0x104", 0x104, ""}, {"0xB3", 0xB3, ""}, {"0x32", 0x32, ""},
		{"0xE0", 0xE0, ""}, {"0x30", 0x30, ""}, {"0x31", 0x31, ""}, {"0x50", 0x50, ""},
		{"0x190", 0x190, ""}, {"0x05", 0x05, ""}, {"0x80000001", 0x80000001, ""},
	}
	for _, c := range cases {
		t.Run(CKRName(c.code), func(t *testing.T) {
			m, e := faulty(t)
			m.Set("fail=C_Login:1:" + c.rv)
			k, err := Open(context.Background(), e, OpenOptions{PIN: givePIN(testpki.UserPIN)})
			switch c.auth {
			case "-":
				// The driver says that somebody logged in; nobody did, so the key is not seen.
				if err == nil {
					defer k.Close()
				} else if !errors.Is(err, ErrNoKey) {
					t.Errorf("got %v", err)
				}
			case "":
				var dev *DeviceError
				if !errors.As(err, &dev) || dev.Code != c.code {
					t.Errorf("got %v", err)
				}
			default:
				var auth *AuthError
				if !errors.As(err, &auth) || auth.Kind != c.auth {
					t.Errorf("got %v", err)
				}
			}
			wantCount(t, m, "C_Login", 1)
			if err != nil && strings.Contains(err.Error(), testpki.UserPIN) {
				t.Error("the PIN is in the error")
			}
		})
	}
}

func TestK05NamesAreDistinct(t *testing.T) {
	seen := map[string]bool{}
	for code := range CKRCodes() {
		if n := CKRName(code); seen[n] || !strings.HasPrefix(n, "CKR_") {
			t.Errorf("%x: %s", code, n)
		} else {
			seen[n] = true
		}
	}
	if CKRName(0x80000123) != "CKR_VENDOR_DEFINED+0x123" || CKRName(0x777) != "CKR_0x777" {
		t.Error("unknown codes")
	}
}

// K06: a PIN pad takes no PIN from us, and nobody is asked for one.
func TestK06PINPad(t *testing.T) {
	m, e := faulty(t, "pinpad="+testpki.UserPIN)
	asks := 0
	var warned []Warning
	k := open(t, e, OpenOptions{PIN: countPIN("x", &asks), Warn: func(w Warning, _ Info) { warned = append(warned, w) }})
	trySign(t, k, crypto.SHA256)
	if asks != 0 || len(warned) != 1 || warned[0] != WarnPINPad || k.Way != "pkcs11" {
		t.Errorf("asked %d, warned %v, way %s", asks, warned, k.Way)
	}
	wantCount(t, m, "C_Login", 1)
}

// K07: CKA_ALWAYS_AUTHENTICATE: one login for each signature, one question.
func TestK07AlwaysAuthenticate(t *testing.T) {
	m, e := faulty(t, "always=1", "pin="+testpki.UserPIN)
	asks := 0
	k := open(t, e, OpenOptions{PIN: countPIN(testpki.UserPIN, &asks)})
	for range 3 {
		trySign(t, k, crypto.SHA256)
	}
	wantCount(t, m, "login:user", 1)
	wantCount(t, m, "login:context", 3)
	wantCount(t, m, "sign:real", 3)
	wantCount(t, m, "sign:size", 0)
	if asks != 1 {
		t.Errorf("asked %d times", asks)
	}
}

func TestK07WrongContextPINStops(t *testing.T) {
	m, e := faulty(t, "always=1", "pin=another")
	k := open(t, e, OpenOptions{})
	sum := sha256.Sum256(nil)
	for range 5 {
		_, err := k.Sign(nil, sum[:], crypto.SHA256)
		wantAuth(t, err, "incorrect", -1)
	}
	wantCount(t, m, "login:context", 1)
}

// K20: a cron job with a wrong PIN spends one try, not one a run.
func TestK20GuardFile(t *testing.T) {
	m, e := faulty(t)
	m.Tries(3)
	dir := filepath.Join(t.TempDir(), "guard")
	for i := range 100 {
		wrongPINs.m = map[string]bool{} // a new process
		_, err := Open(context.Background(), e, OpenOptions{PIN: givePIN("00000000"), GuardDir: dir, Now: testpki.Now})
		if i == 0 {
			wantAuth(t, err, "incorrect", -1)
		} else {
			wantAuth(t, err, "guard", -1)
		}
	}
	wantCount(t, m, "login:user", 1)
	data, err := os.ReadFile(GuardPath(dir, e.Token))
	if err != nil || strings.Contains(string(data), "0000000") || !strings.Contains(string(data), "2026-05-12T08:35:12Z") {
		t.Errorf("guard file %s (%v)", data, err)
	}
	if st, _ := os.Stat(GuardPath(dir, e.Token)); st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", st.Mode())
	}
	m.Tries(3)
	k := open(t, e, OpenOptions{Interactive: true, GuardDir: dir})
	_ = k.Close()
	if _, err := os.Stat(GuardPath(dir, e.Token)); !os.IsNotExist(err) {
		t.Error("a person's good PIN does not clear the guard")
	}
}

func TestClearGuard(t *testing.T) {
	_, e := faulty(t)
	dir := t.TempDir()
	_, err := Open(context.Background(), e, OpenOptions{PIN: givePIN("00000000"), GuardDir: dir})
	wantAuth(t, err, "incorrect", -1)
	if err := ClearGuard(dir, e.Token); err != nil {
		t.Fatal(err)
	}
	if err := ClearGuard(dir, e.Token); err != nil {
		t.Fatal(err)
	}
	open(t, e, OpenOptions{GuardDir: dir, AllowLastTry: true}) // SoftHSM shows COUNT_LOW now
}

// A second key of a token that is logged in costs no second PIN.
func TestSecondKeyNeedsNoPIN(t *testing.T) {
	m, e := faulty(t)
	asks := 0
	a := open(t, e, OpenOptions{PIN: countPIN(testpki.UserPIN, &asks)})
	b := open(t, e, OpenOptions{PIN: countPIN(testpki.UserPIN, &asks)})
	_ = a.Close()
	trySign(t, b, crypto.SHA256)
	wantCount(t, m, "C_Login", 1)
	if asks != 1 {
		t.Errorf("asked %d times", asks)
	}
	_ = b.Close()
	wantCount(t, m, "C_Logout", 1)
}

// While a person types the PIN, another token comes in, or tries get lost.
func TestTokenChangesDuringThePrompt(t *testing.T) {
	cases := []struct {
		name   string
		change func(*fakep11.Module)
		auth   string // "": a *DeviceError
	}{
		{"another token", func(m *fakep11.Module) { m.Set("serial=OTHER") }, ""},
		{"pulled out", func(m *fakep11.Module) { m.Set("fail=C_GetTokenInfo:0:0xE0") }, ""},
		{"last try", func(m *fakep11.Module) { m.Tries(1) }, "last_try"},
		{"locked", func(m *fakep11.Module) { m.Tries(0) }, "locked"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m, e := faulty(t)
			_, err := Open(context.Background(), e, OpenOptions{Interactive: true, PIN: func(context.Context, Info) (*PIN, error) {
				c.change(m)
				return NewPIN([]byte(testpki.UserPIN)), nil
			}})
			var auth *AuthError
			var dev *DeviceError
			if c.auth == "" && (!errors.As(err, &dev) || !dev.Removed()) || c.auth != "" && (!errors.As(err, &auth) || auth.Kind != c.auth) {
				t.Errorf("got %v", err)
			}
			wantCount(t, m, "C_Login", 0)
		})
	}
}

// A run that is stopped at the prompt makes no login, and clears the PIN.
func TestStoppedAtThePrompt(t *testing.T) {
	m, e := faulty(t)
	ctx, cancel := context.WithCancel(context.Background())
	pin := []byte(testpki.UserPIN)
	_, err := Open(ctx, e, OpenOptions{PIN: func(context.Context, Info) (*PIN, error) { cancel(); return NewPIN(pin), nil }})
	if err == nil || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	wantCount(t, m, "C_Login", 0)
	if string(pin) == testpki.UserPIN {
		t.Error("the PIN is not cleared")
	}
}
