//go:build unix && cgo

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/miekg/pkcs11"

	"github.com/kyso-vn/kyso/internal/testpki"
)

// benchT gives the helpers of testpki what they need of a test.
type benchT struct{ dir string }

func (t *benchT) Helper() {}

func (t *benchT) Fatalf(format string, args ...any) { panic(fmt.Sprintf("bench: "+format, args...)) }

func (t *benchT) TempDir() string {
	dir, err := os.MkdirTemp(t.dir, "softhsm-")
	if err != nil {
		panic(err)
	}
	return dir
}

func (t *benchT) Setenv(name, value string) { _ = os.Setenv(name, value) }

// tokenBatch signs many small files on a token with one login, and compares
// with the bare C_Sign of the same module, before and after each run.
func (b *bench) tokenBatch() error {
	s := testpki.NewSoftHSM(&benchT{b.dir})
	ca := testpki.NewRoot("kyso bench root", testpki.RSA2048)
	key := testpki.Key(testpki.RSA2048, "signer")
	s.Signer("bench", key, ca.Person(key.Public()))
	if err := b.write("pin", []byte(testpki.UserPIN)); err != nil {
		return err
	}
	in, err := b.folder("batch", b.files)
	if err != nil {
		return err
	}
	flags := []string{"--module", s.Module, "--pin-file", b.path("pin")}
	best, bestRaw, share := cost{}, 0.0, 0.0
	var own time.Duration // of one C_Sign
	for i := range b.rounds {
		out, journal := filepath.Join(b.small, "token"), filepath.Join(b.small, fmt.Sprintf("token%d.journal", i))
		before, cpu, err := rawRate(s.Module, b.files/2)
		if err != nil {
			return err
		}
		c, err := process(b.kyso, b.batchArgs(flags, in, out, "--journal", journal)...)
		if err != nil {
			return err
		}
		after, _, err := rawRate(s.Module, b.files/2)
		if err != nil {
			return err
		}
		if err := signedAll(out, journal, b.files); err != nil {
			return err
		}
		if raw := (before + after) / 2; float64(b.files)/c.wall.Seconds()/raw > share {
			own, best, bestRaw, share = cpu, c, raw, float64(b.files)/c.wall.Seconds()/raw
		}
	}
	b.report.add(fmt.Sprintf("sign %d small files on a token (SoftHSM, RSA-2048), one login, with a journal", b.files), best, "≥ 80 % of C_Sign alone",
		fmt.Sprintf("%.0f files a second, C_Sign alone %.0f: %.0f %%, %s; CPU of a file %.2f ms, of C_Sign %.2f ms",
			float64(b.files)/best.wall.Seconds(), bestRaw, 100*share, met(share >= 0.8),
			best.cpu.Seconds()*1000/float64(b.files), own.Seconds()*1000))
	return nil
}

// signedAll looks that each output and each record of the journal is there,
// and removes the outputs.
func signedAll(dir, journal string, n int) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	records, err := os.ReadFile(journal)
	if err != nil {
		return err
	}
	if done := bytes.Count(records, []byte(`"done"`)); len(entries) != n || done != n {
		return fmt.Errorf("%d outputs and %d records, want %d", len(entries), done, n)
	}
	return os.RemoveAll(dir)
}

// rawRate is how often a second the module signs in one session, and the CPU
// of one signature.
func rawRate(module string, n int) (rate float64, cpu time.Duration, err error) {
	p := pkcs11.New(module)
	if p == nil {
		return 0, 0, errors.New("no module " + module)
	}
	defer p.Destroy()
	if err := p.Initialize(); err != nil {
		return 0, 0, err
	}
	defer func() { _ = p.Finalize() }()
	session, key, err := openRaw(p)
	if err != nil {
		return 0, 0, err
	}
	digest := sha256.Sum256([]byte("kyso"))
	info, err := digestInfo(digest[:])
	if err != nil {
		return 0, 0, err
	}
	mechanism := []*pkcs11.Mechanism{pkcs11.NewMechanism(pkcs11.CKM_RSA_PKCS, nil)}
	before, start := ownCPU(), time.Now()
	for range n {
		if err := p.SignInit(session, mechanism, key); err != nil {
			return 0, 0, err
		}
		if _, err := p.Sign(session, info); err != nil {
			return 0, 0, err
		}
	}
	return float64(n) / time.Since(start).Seconds(), (ownCPU() - before) / time.Duration(n), nil
}

// ownCPU is what this process has used.
func ownCPU() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // fails for bad arguments only
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func openRaw(p *pkcs11.Ctx) (pkcs11.SessionHandle, pkcs11.ObjectHandle, error) {
	slots, err := p.GetSlotList(true)
	if err != nil {
		return 0, 0, err
	}
	for _, slot := range slots {
		if info, err := p.GetTokenInfo(slot); err != nil || strings.TrimSpace(info.Label) != "bench" {
			continue
		}
		session, err := p.OpenSession(slot, pkcs11.CKF_SERIAL_SESSION)
		if err != nil {
			return 0, 0, err
		}
		if err := p.Login(session, pkcs11.CKU_USER, testpki.UserPIN); err != nil {
			return 0, 0, err
		}
		if err := p.FindObjectsInit(session, []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_PRIVATE_KEY)}); err != nil {
			return 0, 0, err
		}
		found, _, err := p.FindObjects(session, 1)
		if err != nil || len(found) == 0 {
			return 0, 0, fmt.Errorf("no private key: %w", err)
		}
		return session, found[0], p.FindObjectsFinal(session)
	}
	return 0, 0, errors.New("no token")
}

// digestInfo: RFC 8017, 9.2: DigestInfo of SHA-256.
func digestInfo(digest []byte) ([]byte, error) {
	prefix, err := hex.DecodeString("3031300d060960864801650304020105000420")
	if err != nil {
		return nil, err
	}
	var check asn1.RawValue
	all := append(prefix, digest...)
	_, err = asn1.Unmarshal(all, &check)
	return all, err
}
