package verify_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/verify"
)

// files are what Extract wrote.
type files map[string]*bytes.Buffer

type closer struct{ io.Writer }

func (closer) Close() error { return nil }

func (f files) create(name string) (io.WriteCloser, error) {
	f[name] = &bytes.Buffer{}
	return closer{f[name]}, nil
}

func extract(t *testing.T, data []byte) files {
	t.Helper()
	f := make(files)
	if err := verify.Extract(context.Background(), bytes.NewReader(data), check(t, data), f.create); err != nil {
		t.Fatal(err)
	}
	return f
}

// TestExtract writes what others verify: openssl takes the container, the
// signed bytes and the certificates.
func TestExtract(t *testing.T) {
	d := signedDoc(sigSpec{name: "../../evil"})
	first := bytes.Clone(d.data)
	d.sign(sigSpec{})
	f := extract(t, d.data)
	names := slices.Sorted(maps.Keys(f))
	want := []string{"signature-1-cert-1.cer", "signature-1-cert-2.cer", "signature-1.p7s", "signature-1.pdf",
		"signature-2-cert-1.cer", "signature-2-cert-2.cer", "signature-2.p7s", "signature-2.pdf"}
	if !slices.Equal(names, want) {
		t.Errorf("files %v", names)
	}
	if !bytes.Equal(f["signature-1.pdf"].Bytes(), first) || !bytes.Equal(f["signature-2.pdf"].Bytes(), d.data) {
		t.Error("the signed revisions are not what was signed")
	}
	if !bytes.Equal(f["signature-1-cert-1.cer"].Bytes(), thePKI().alice.cert.Raw) || !bytes.Equal(f["signature-1-cert-2.cer"].Bytes(), thePKI().root.Certificate.Raw) {
		t.Error("the certificates are not the signer's and the root's")
	}
	dir := t.TempDir()
	save := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	from, to := gapOf(first)
	content := slices.Concat(first[:from], first[to:])
	out, err := exec.Command("openssl", "cms", "-verify", "-inform", "DER", "-in", save("p7s", f["signature-1.p7s"].Bytes()), "-binary",
		"-content", save("content", content), "-noverify", "-certfile", save("cert", pemOf(thePKI().alice.cert.Raw)), "-out", filepath.Join(dir, "out")).CombinedOutput()
	if err != nil {
		t.Errorf("openssl: %v\n%s", err, out)
	}
}

// TestExtractLacking leaves out what a signature does not have.
func TestExtractLacking(t *testing.T) {
	f := extract(t, forge("", "keep", false))
	if len(f) != 1 || f["signature-1.pdf"] == nil {
		t.Errorf("files %v", slices.Sorted(maps.Keys(f)))
	}
	f = extract(t, signedDoc(sigSpec{rng: func(a, b, c int) (string, [][2]int) { return "[0 1 2]", nil }}).data)
	if f["signature-1.pdf"] != nil || f["signature-1.p7s"] == nil {
		t.Errorf("files %v", slices.Sorted(maps.Keys(f)))
	}
	if f := extract(t, newDoc().data); len(f) != 0 {
		t.Errorf("files %v", slices.Sorted(maps.Keys(f)))
	}
}

// aborted notes how a file ended.
type aborted struct{ aborted, closed bool }

func (a *aborted) Write(p []byte) (int, error) { return len(p), nil }
func (a *aborted) Close() error                { a.closed = true; return nil }
func (a *aborted) Abort()                      { a.aborted = true }

var errBroken = errors.New("broken disk")

type brokenReader struct{ r io.ReaderAt }

func (b *brokenReader) ReadAt(p []byte, off int64) (int, error) {
	if off > 100 {
		return 0, errBroken
	}
	return b.r.ReadAt(p[:min(len(p), 50)], off)
}

// TestExtractFails hands on what went wrong.
func TestExtractFails(t *testing.T) {
	data := signedDoc(sigSpec{}).data
	rep := check(t, data)
	full := errors.New("disk full")
	err := verify.Extract(context.Background(), bytes.NewReader(data), rep, func(string) (io.WriteCloser, error) { return nil, full })
	if !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
	var half aborted
	broken := &brokenReader{bytes.NewReader(data)}
	err = verify.Extract(context.Background(), broken, rep, func(string) (io.WriteCloser, error) { return &half, nil })
	if !errors.Is(err, errBroken) || !half.aborted || half.closed {
		t.Errorf("got %v, %+v", err, half)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := verify.Extract(ctx, bytes.NewReader(data), rep, make(files).create); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestEvidence is what Extract writes, for programs.
func TestEvidence(t *testing.T) {
	data := signedDoc(sigSpec{}).data
	rep := check(t, data)
	e := rep.Signatures[0].Evidence()
	sum := sha256.Sum256(e.Certificates[0].Raw)
	if e.End != int64(len(data)) || len(e.Container) == 0 || hex.EncodeToString(sum[:]) != strings.ToLower(rep.Signatures[0].Signer.SHA256) {
		t.Errorf("%d of %d bytes, %d certificates", e.End, len(data), len(e.Certificates))
	}
}

func pemOf(der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}) }
