package verify_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/kyso-vn/kyso/internal/pagediff"
	"github.com/kyso-vn/kyso/internal/pagetext"
	"github.com/kyso-vn/kyso/internal/pdf"
	"github.com/kyso-vn/kyso/verify"
)

// eyes draw pages with a reader that is not ours.
type eyes struct {
	t      *testing.T
	engine *pagetext.Engine
}

func newEyes(t *testing.T) *eyes {
	t.Helper()
	dir := t.TempDir()
	if base, err := os.UserCacheDir(); err == nil { // compiling PDFium takes seconds
		dir = filepath.Join(base, "kyso-test", "pdfium")
	}
	engine, err := pagetext.New(context.Background(), pagetext.Options{CacheDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	return &eyes{t, engine}
}

// differ reports whether two files show another first page.
func (e *eyes) differ(a, b []byte) bool {
	e.t.Helper()
	var docs [2]*pagetext.Document
	for i, data := range [][]byte{a, b} {
		d, err := e.engine.Open(context.Background(), data, "")
		if err != nil {
			return true // a reader that refuses shows nothing
		}
		defer func() { _ = d.Close() }()
		docs[i] = d
	}
	p, err := docs[0].Render(context.Background(), 0, 60)
	if err != nil {
		e.t.Fatal(err)
	}
	q, err := docs[1].Render(context.Background(), 0, 60)
	return err != nil || len(pagediff.Areas(p, q)) > 0
}

// TestSeen replaces each object of a signed document by others of it, one at a
// time. Where PDFium then shows another page, the file is invalid, or it says
// that a field was filled in, or warns.
func TestSeen(t *testing.T) {
	r := richDoc()
	r.signIt(sigSpec{})
	look := newEyes(t)
	f, err := pdf.Open(context.Background(), bytes.NewReader(r.data), int64(len(r.data)), pdf.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	told := func(s *verify.Signature) bool {
		return slices.ContainsFunc(s.Reasons, func(r verify.Reason) bool { return r.Severity == verify.Attention }) ||
			slices.ContainsFunc(s.Changes, func(c verify.Change) bool { return c.Code == "value_changed" })
	}
	passed, changed := 0, 0
	for n := 1; n < r.next; n++ {
		for _, other := range []int{0, n%(r.next-1) + 1, (n+17)%(r.next-1) + 1, objContent, objTextAP, r.n["pushap"], r.n["info"]} {
			u := f.NewUpdate()
			var o pdf.Object
			if other > 0 {
				if o, err = f.Get(pdf.Ref{Num: uint32(other)}); err != nil {
					t.Fatal(err)
				}
			}
			u.Set(pdf.Ref{Num: uint32(n)}, o)
			update, err := u.Render(make([]byte, 16))
			if err != nil {
				t.Fatal(err)
			}
			data := slices.Concat(r.data, update.Bytes)
			rep := check(t, data)
			if rep.Verdict == verify.Invalid {
				continue
			}
			passed++
			if !look.differ(r.data, data) {
				continue
			}
			changed++
			if len(rep.Signatures) == 0 || !told(&rep.Signatures[0]) {
				t.Errorf("object %d replaced by %d shows another page: %s, %s", n, other, rep.Verdict, fmt.Sprint(rep.Signatures))
			}
		}
	}
	if passed < 20 || changed < 5 {
		t.Errorf("%d changes passed and %d were seen: too few to say anything", passed, changed)
	}
	t.Logf("%d passed, %d were seen", passed, changed)
}
