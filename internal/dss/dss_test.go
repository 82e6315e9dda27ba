package dss_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/dss"
	"github.com/kyso-vn/kyso/internal/pdf"
)

// file writes a one-page PDF by hand: extra entries of the catalog, and
// objects from 4 on.
func file(catalog string, objects ...string) []byte {
	all := append([]string{
		"<</Type/Catalog/Pages 2 0 R" + catalog + ">>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>>",
	}, objects...)
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	var table strings.Builder
	for i, o := range all {
		fmt.Fprintf(&table, "%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n",
		len(all)+1, table.String(), len(all)+1, xref)
	return b.Bytes()
}

func stream(data string) string {
	return fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(data), data)
}

func open(t *testing.T, data []byte) *pdf.File {
	t.Helper()
	f, err := pdf.Open(context.Background(), bytes.NewReader(data), int64(len(data)), pdf.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func read(t *testing.T, data []byte) *dss.Store {
	t.Helper()
	s, err := dss.Read(open(t, data))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func add(t *testing.T, data []byte, s *dss.Store) []byte {
	t.Helper()
	f := open(t, data)
	u := f.NewUpdate()
	if err := dss.Add(f, u, s); err != nil {
		t.Fatal(err)
	}
	r, err := u.Render(make([]byte, 16))
	if err != nil {
		t.Fatal(err)
	}
	out := append(bytes.Clone(data), r.Bytes...)
	path := filepath.Join(t.TempDir(), "f.pdf")
	if err := os.WriteFile(path, out, 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err := exec.Command("qpdf", "--check", path).CombinedOutput(); err != nil {
		t.Errorf("qpdf --check: %v\n%s", err, text)
	}
	return out
}

func text(list [][]byte) string { return string(bytes.Join(list, []byte(" "))) }

func store(certs ...string) *dss.Store {
	s := &dss.Store{}
	for _, c := range certs {
		s.AddCert(nil, []byte(c))
	}
	return s
}

func TestNone(t *testing.T) {
	s := read(t, file(""))
	if len(s.Certs)+len(s.OCSPs)+len(s.CRLs)+len(s.VRI)+len(s.Warnings) != 0 {
		t.Errorf("%+v", s)
	}
}

func TestAddReadsBack(t *testing.T) {
	for name, data := range map[string][]byte{
		"new":       file(""),
		"direct":    file("/DSS<</Certs[4 0 R]>>", stream("old")),
		"indirect":  file("/DSS 5 0 R", stream("old"), "<</Certs 6 0 R/Foo/Bar>>", "[4 0 R]"),
		"broken":    file("/DSS<</Certs 7>>"),
		"not a DSS": file("/DSS[1 2]"),
	} {
		t.Run(name, func(t *testing.T) {
			s := store("old", "one")
			var vri dss.VRI
			s.AddCert(&vri, []byte("two"))
			s.AddOCSP(&vri, []byte("ocsp"))
			s.AddCRL(&vri, []byte("crl"))
			s.SetVRI([]byte("contents"), vri)
			once := add(t, data, s)
			got := read(t, once)
			if text(got.Certs) != "old one two" || text(got.OCSPs) != "ocsp" || text(got.CRLs) != "crl" {
				t.Errorf("%+v", got)
			}
			entry := got.VRI[dss.Key([]byte("contents"))]
			if text(entry.Certs) != "two" || text(entry.OCSPs) != "ocsp" || text(entry.CRLs) != "crl" {
				t.Errorf("VRI %+v", got.VRI)
			}
			if !got.Holds(s) || len(got.Warnings) != 0 {
				t.Errorf("does not hold what was added, warnings %q", got.Warnings)
			}
			// Again: no stream twice (row P23).
			twice := add(t, once, s)
			if n := strings.Count(string(twice[len(once):]), "stream"); n != 0 {
				t.Errorf("the second time wrote streams: %q", twice[len(once):])
			}
		})
	}
}

func TestBadEntriesAreIgnored(t *testing.T) {
	s := read(t, file("/DSS<</Certs[4 0 R 4 0 R 5 0 R 99 0 R null (x) 2 0 R 6 0 R]/CRLs 3 0 R/VRI[1]>>",
		stream("good"), stream("good"), stream("")))
	if text(s.Certs) != "good" || s.CRLs != nil {
		t.Errorf("%+v", s)
	}
	if len(s.Warnings) < 6 {
		t.Errorf("warnings %q", s.Warnings)
	}
}

func TestLimits(t *testing.T) {
	big := strings.Repeat("x", 65<<10)
	s := read(t, file("/DSS<</Certs[4 0 R]/OCSPs[4 0 R]>>", stream(big)))
	if len(s.Certs) != 0 || len(s.Warnings) == 0 {
		t.Errorf("a certificate of %d bytes was taken", len(big))
	}
	many := "/DSS<</Certs[" + strings.Repeat("4 0 R ", 5000) + "]>>"
	if s := read(t, file(many, stream("x"))); len(s.Certs) != 1 || len(s.Warnings) != 1 {
		t.Errorf("%d certificates, warnings %q", len(s.Certs), s.Warnings)
	}
}

func TestKey(t *testing.T) {
	if got := dss.Key([]byte("abc")); got != "A9993E364706816ABA3E25717850C26C9CD0D89D" {
		t.Error(got)
	}
}

func TestHolds(t *testing.T) {
	if !store("a", "b").Holds(store("b")) || store("a").Holds(store("b")) || !store().Holds(store()) {
		t.Error("Holds is wrong")
	}
	if a := store("a", "a", "b"); len(a.Certs) != 2 {
		t.Errorf("%d certificates", len(a.Certs))
	}
}

func FuzzRead(f *testing.F) {
	f.Add(file("/DSS<</Certs[4 0 R]/VRI<</A<</Cert[4 0 R]>>>>>>", stream("x")))
	f.Add(file("/DSS 4 0 R", "<</Certs 5 0 R>>", "[6 0 R]", stream("y")))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := pdf.Open(context.Background(), bytes.NewReader(data), int64(len(data)), pdf.OpenOptions{})
		if err != nil {
			return
		}
		s, err := dss.Read(file)
		if err != nil {
			return
		}
		// Property: what is read can be added, and adding it is nothing new.
		for _, list := range [][][]byte{s.Certs, s.OCSPs, s.CRLs} {
			for i, b := range list {
				for _, c := range list[:i] {
					if bytes.Equal(b, c) {
						t.Error("an entry twice")
					}
				}
			}
		}
		if !s.Holds(s) {
			t.Error("a store does not hold itself")
		}
	})
}
