package changes

import (
	"bufio"
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/pdf"
	"github.com/kyso-vn/kyso/sign"
)

func producerNow() time.Time { return time.Date(2026, 5, 12, 8, 35, 12, 0, time.UTC) }

func producerKey(name string) (crypto.Signer, *x509.Certificate) {
	key := cmstest.Key(cmstest.P256, name)
	return key, cmstest.Certificate(name, key.Public(), nil)
}

// signWith adds a signature of package sign. ok is false where it refuses the
// document.
func signWith(t *testing.T, data []byte, name string, o sign.Options) (out []byte, ok bool) {
	t.Helper()
	key, cert := producerKey(name)
	o.Certificate, o.Now, o.Chain = cert, producerNow, []*x509.Certificate{cmstest.CA()}
	p, err := sign.Prepare(context.Background(), bytes.NewReader(data), int64(len(data)), o)
	if err == nil {
		out = written(t, func(f *os.File) error {
			_, err = p.Finish(context.Background(), key, f)
			return nil
		})
	}
	var refused *sign.RefusedError
	var place *appearance.PlaceError
	switch {
	case errors.As(err, &refused), errors.As(err, &place), err != nil && o.Visible: // no room for it
		return nil, false
	case err != nil:
		t.Fatal(err)
	}
	return out, true
}

func written(t *testing.T, write func(f *os.File) error) []byte {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "out.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := write(f); err != nil {
		t.Fatal(err)
	}
	out, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// judged compares a file with its first bytes, which were signed.
func judged(t *testing.T, data []byte, signedEnd int, o Options) *Result {
	t.Helper()
	f, err := pdf.Open(context.Background(), bytes.NewReader(data), int64(len(data)), pdf.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	o.SignedEnd = int64(signedEnd)
	res, err := Compare(context.Background(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// toSign gives the documents of the corpus that are to be signed.
func toSign(t *testing.T, groups string, do func(t *testing.T, path string)) {
	t.Helper()
	dir := sharedDir(t)
	list, err := os.Open(filepath.Join(dir, "to-sign.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer list.Close()
	for lines := bufio.NewScanner(list); lines.Scan(); {
		file, group, ok := strings.Cut(lines.Text(), "\t")
		if !ok || !strings.Contains(groups, group) {
			continue
		}
		path := filepath.Join(dir, file)
		if info, err := os.Stat(path); err != nil || info.Size() > 1<<20 {
			continue
		}
		t.Run(filepath.Base(file), func(t *testing.T) { do(t, path) })
	}
}

// Our own second and third signatures are no false alarm on any document.
func TestOwnSignatures(t *testing.T) {
	n := 0
	toSign(t, "encrypted-open form hybrid plain signed xrefstream", func(t *testing.T, path string) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		first, ok := signWith(t, data, "NGUYỄN VĂN A", sign.Options{})
		if !ok {
			return
		}
		second, ok := signWith(t, first, "TRẦN THỊ B", sign.Options{Visible: true, Place: appearance.Place{At: "bottom-right", Force: true}})
		if !ok {
			return // a page too small for a picture
		}
		withField := written(t, func(f *os.File) error {
			_, err := sign.AddField(context.Background(), bytes.NewReader(second), int64(len(second)), f, sign.FieldOptions{Name: "third", Invisible: true})
			return err
		})
		third, ok := signWith(t, withField, "LÊ VĂN C", sign.Options{Field: "third", Reason: "Đồng ý"})
		if !ok {
			t.Fatal("the third signature was refused")
		}
		n++
		for _, end := range []int{len(first), len(second)} {
			for _, p := range []int{0, 2, 3} {
				res := judged(t, third, end, Options{DocMDP: p})
				if res.Level != Permitted {
					t.Errorf("end %d, P=%d: %v\n%s", end, p, res.Level, show(res))
				}
				for _, w := range res.Warnings {
					if w.Code != WarnSignatureCovers {
						t.Errorf("end %d, P=%d: warning %s: %s", end, p, w.Code, w.Detail)
					}
				}
			}
			if res := judged(t, third, end, Options{DocMDP: 1}); res.Level != Forbidden {
				t.Errorf("end %d, P=1: %v", end, res.Level)
			}
		}
	})
	t.Logf("%d documents", n)
}

// tool runs a program of Debian.
func tool(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// Poppler's second signature.
func TestPopplerSignature(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "noise"), bytes.Repeat([]byte("kyso"), 64), 0o600); err != nil {
		t.Fatal(err)
	}
	tool(t, dir, "certutil", "-N", "-d", dir, "--empty-password")
	tool(t, dir, "certutil", "-S", "-d", dir, "-s", "CN=TRAN THI B", "-n", "b", "-x", "-t", ",,", "-z", "noise", "-v", "900")
	n := 0
	toSign(t, "form signed", func(t *testing.T, path string) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		first, ok := signWith(t, data, "NGUYỄN VĂN A", sign.Options{})
		if !ok {
			return
		}
		in, out := filepath.Join(t.TempDir(), "in.pdf"), filepath.Join(t.TempDir(), "out.pdf")
		if err := os.WriteFile(in, first, 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("pdfsig", in, out, "-add-signature", "-nssdir", dir, "-nick", "b")
		text, err := cmd.CombinedOutput()
		second, err2 := os.ReadFile(out)
		if err != nil || err2 != nil || !bytes.HasPrefix(second, first) { // not every document, and not always as an update
			t.Logf("pdfsig: %v %v\n%s", err, err2, text)
			return
		}
		n++
		for _, p := range []int{0, 2, 3} {
			if res := judged(t, second, len(first), Options{DocMDP: p}); res.Level != Permitted {
				t.Errorf("P=%d: %v\n%s", p, res.Level, show(res))
			}
		}
	})
	t.Logf("%d documents", n)
	if n == 0 {
		t.Error("poppler signed nothing")
	}
}
