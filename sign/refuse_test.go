package sign_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/sign"
)

func TestRefused(t *testing.T) {
	plain := input{}.bytes()
	first := func(o sign.Options) []byte {
		out, _ := signed(t, plain, cmstest.P256, o)
		return out
	}
	filled, _ := signed(t, emptyField("").bytes(), cmstest.P256, sign.Options{Field: "Nguoi.A"})
	broken := first(sign.Options{})
	broken = bytes.Replace(broken, []byte("/Contents<"), []byte("/Contentz<"), 1)
	broken = bytes.Replace(broken, []byte("/Contents <"), []byte("/Contentz <"), 1)
	locked, _ := signed(t, emptyField("").bytes(), cmstest.P256, sign.Options{Lock: []string{"Nguoi.A"}})
	xfa := input{objects: map[int]string{1: "<</Type/Catalog/Pages 2 0 R/NeedsRendering true/AcroForm<</Fields[]/XFA(x)>>>>"}}.bytes()
	seed := emptyField("/SV<</Type/SV/Ff 2/SubFilter[/adbe.pkcs7.detached]>>").bytes()
	for _, c := range []struct {
		name   string
		data   []byte
		o      sign.Options
		reason string
	}{
		{"certified", first(sign.Options{Certify: 1}), sign.Options{}, sign.ReasonCertified},
		{"certify the signed", first(sign.Options{}), sign.Options{Certify: 2}, sign.ReasonCertifyFirst},
		{"all locked", first(sign.Options{Lock: []string{"all"}}), sign.Options{}, sign.ReasonLocked},
		{"one locked", locked, sign.Options{Field: "Nguoi.A"}, sign.ReasonLocked},
		{"filled", filled, sign.Options{Field: "Nguoi.A"}, sign.ReasonFieldFilled},
		{"missing", emptyField("").bytes(), sign.Options{Field: "Khac"}, sign.ReasonFieldMissing},
		{"no signature field", shapes()["annots direct, form direct"].bytes(), sign.Options{Field: "Ten"}, sign.ReasonFieldMissing},
		{"too large", plain, sign.Options{MaxSize: int64(len(plain)) + 100}, sign.ReasonMaxSize},
		{"dynamic XFA", xfa, sign.Options{}, sign.ReasonXFA},
		{"seed value", seed, sign.Options{Field: "Nguoi.A"}, sign.ReasonSeedValue},
		{"empty", nil, sign.Options{}, sign.ReasonDamaged},
		{"no PDF", []byte("hello"), sign.Options{}, sign.ReasonDamaged},
		{"cut off", plain[:len(plain)-120], sign.Options{}, sign.ReasonDamaged},
		{"unreadable signature", broken, sign.Options{}, sign.ReasonBrokenSignature},
	} {
		t.Run(c.name, func(t *testing.T) {
			key, cert := signer(cmstest.P256)
			c.o.Certificate, c.o.Now = cert, now
			_, _, err := trySign(t, c.data, key, c.o)
			var refused *sign.RefusedError
			if !errors.As(err, &refused) || refused.Reason != c.reason {
				t.Errorf("got %v, want %s", err, c.reason)
			}
			if key.asked.Load() != 0 {
				t.Error("the key was asked")
			}
		})
	}
}

func TestCertifyAllowsWhatItSays(t *testing.T) {
	for _, p := range []int{2, 3} {
		first, _ := signed(t, input{}.bytes(), cmstest.P256, sign.Options{Certify: p})
		second, _ := signed(t, first, cmstest.RSA, sign.Options{})
		path := save(t, second)
		checkQPDF(t, path)
		checkPDFSig(t, path, 2)
	}
}

// faulty flips a bit of what is written behind the old bytes.
type faulty struct {
	sign.Output
	from, written int64
}

func (f *faulty) Write(b []byte) (int, error) {
	if f.written >= f.from {
		b = bytes.Clone(b)
		b[len(b)/2] ^= 1
	}
	f.written += int64(len(b))
	return f.Output.Write(b)
}

// W15: a bit that turns over anywhere behind the old bytes.
func TestSelfCheckNoticesABadDisk(t *testing.T) {
	data := input{}.bytes()
	key, cert := signer(cmstest.P256)
	for _, unchecked := range []bool{false, true} {
		o := sign.Options{Certificate: cert, Now: now, Unchecked: unchecked}
		p, err := sign.Prepare(context.Background(), readerAt(data), int64(len(data)), o)
		if err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(filepath.Join(t.TempDir(), "out"))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		_, err = p.Finish(context.Background(), key, &faulty{Output: f, from: int64(len(data))})
		if !errors.Is(err, sign.ErrSelfCheck) {
			t.Errorf("unchecked %v: got %v", unchecked, err)
		}
	}
}

// TestUnchecked: the output and what is told of it are the same.
func TestUnchecked(t *testing.T) {
	first, _ := signed(t, input{}.bytes(), cmstest.P256, sign.Options{})
	key, cert := signer(cmstest.RSA)
	for _, data := range [][]byte{input{}.bytes(), first} {
		var outs [2][]byte
		var results [2]*sign.Result
		for i, unchecked := range []bool{false, true} {
			o := sign.Options{Certificate: cert, Now: now, Unchecked: unchecked, Rand: bytes.NewReader(bytes.Repeat([]byte{7}, 1<<10))}
			p, err := sign.Prepare(context.Background(), readerAt(data), int64(len(data)), o)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "out")
			f, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			if results[i], err = p.Finish(context.Background(), key, f); err != nil {
				t.Fatal(err)
			}
			_ = f.Close()
			if outs[i], err = os.ReadFile(path); err != nil {
				t.Fatal(err)
			}
			results[i].Old = nil
		}
		if !bytes.Equal(outs[0], outs[1]) {
			t.Error("the outputs differ")
		}
		if !reflect.DeepEqual(results[0], results[1]) {
			t.Errorf("the results differ: %+v, %+v", results[0], results[1])
		}
	}
}

// growing is an input that another program writes to.
type growing struct {
	io.ReaderAt
	grown bool
}

func (g *growing) ReadAt(b []byte, off int64) (int, error) {
	if g.grown {
		n, _ := g.ReaderAt.ReadAt(b, off)
		for i := n; i < len(b); i++ {
			b[i] = ' '
		}
		return len(b), nil
	}
	return g.ReaderAt.ReadAt(b, off)
}

func TestInputThatGrows(t *testing.T) {
	data := input{}.bytes()
	key, cert := signer(cmstest.P256)
	g := &growing{ReaderAt: readerAt(data)}
	p, err := sign.Prepare(context.Background(), g, int64(len(data)), sign.Options{Certificate: cert, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	g.grown = true
	if _, _, err := finish(t, p, key); err == nil {
		t.Error("no error")
	}
	if key.asked.Load() != 0 {
		t.Error("the key was asked")
	}
}

// ending is a file that says io.EOF with its last byte, as io.ReaderAt allows.
type ending struct{ *os.File }

func (f ending) ReadAt(b []byte, off int64) (int, error) {
	n, err := f.File.ReadAt(b, off)
	if info, serr := f.Stat(); serr == nil && err == nil && off+int64(n) == info.Size() {
		err = io.EOF
	}
	return n, err
}

// TestEndWithTheLastByte: input and output may be such files; no signature of
// the key is lost for it.
func TestEndWithTheLastByte(t *testing.T) {
	first, _ := signed(t, input{}.bytes(), cmstest.P256, sign.Options{})
	file := func(data []byte) ending {
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Close() })
		return ending{f}
	}
	key, cert := signer(cmstest.RSA)
	for _, unchecked := range []bool{false, true} {
		p, err := sign.Prepare(context.Background(), file(first), int64(len(first)), sign.Options{Certificate: cert, Now: now, Unchecked: unchecked})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Finish(context.Background(), key, file(nil)); err != nil {
			t.Errorf("unchecked %v: %v", unchecked, err)
		}
	}
	if _, err := sign.AddField(context.Background(), file(first), int64(len(first)), file(nil), sign.FieldOptions{Name: "B", Invisible: true}); err != nil {
		t.Errorf("field: %v", err)
	}
}
