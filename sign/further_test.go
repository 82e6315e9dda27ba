package sign_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/sign"
)

// manyUpdates appends n updates of an object that nothing uses.
func manyUpdates(data []byte, n int) []byte {
	prev := lastOffset(data)
	for i := range n {
		object := len(data)
		data = fmt.Appendf(data, "9 0 obj\n%d\nendobj\n", i)
		table := len(data)
		data = fmt.Appendf(data, "xref\n9 1\n%010d 00000 n \ntrailer\n<</Size 10/Root 1 0 R/Prev %s>>\nstartxref\n%d\n%%%%EOF\n", object, prev, table)
		prev = fmt.Sprint(table)
	}
	return data
}

func lastOffset(data []byte) string {
	return string(bytes.Fields(data[bytes.LastIndex(data, []byte("startxref")):])[1])
}

// linearised is a file as qpdf makes it for the web.
func linearised(t *testing.T, data []byte) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "linear.pdf")
	if text, err := command(t, "qpdf", "--linearize", save(t, data), out); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(b[:200], []byte("/Linearized")) {
		t.Fatal("not linearised")
	}
	return b
}

// TestFurtherInputs: kinds of files that offices send, signed twice: the old
// bytes stay, other programs call both signatures valid, and qpdf has no
// complaint.
func TestFurtherInputs(t *testing.T) {
	plain := input{}.bytes()
	generations := replaced(t, plain, `3 0 obj`, "3 7 obj")
	generations = replaced(t, generations, `\[3 0 R\]`, "[3 7 R]")
	rows := bytes.Index(generations, []byte("xref\n"))
	row := rows + len("xref\n0 5\n") + 3*20
	copy(generations[row+11:], "00007")
	scaled := input{objects: map[int]string{3: "<</Type/Page/Parent 2 0 R/Contents 4 0 R/UserUnit 2.5>>"}}
	for name, c := range map[string]struct {
		data []byte
		odd  bool // qpdf complains of the input too
	}{
		"linearised":              {data: linearised(t, plain)},
		"linearised, streams":     {data: linearised(t, input{form: "stream"}.bytes())},
		"generation numbers":      {data: generations},
		"UserUnit":                {data: scaled.bytes()},
		"10,000 revisions":        {data: manyUpdates(plain, 10_000)},
		"count of rows too small": {replaced(t, plain, `xref\n0 5`, "xref\n0 4"), true},
		"count of rows too large": {replaced(t, plain, `xref\n0 5`, "xref\n0 6"), true},
	} {
		t.Run(name, func(t *testing.T) {
			first, _ := signed(t, c.data, cmstest.P256, visible())
			checkPrefix(t, c.data, first)
			second, _ := signed(t, first, cmstest.P256, sign.Options{})
			checkPrefix(t, first, second)
			path := save(t, second)
			text, _ := command(t, "pdfsig", "-nocert", path)
			if n := strings.Count(text, "Signature is Valid."); n != 2 {
				t.Errorf("pdfsig: %d valid\n%s", n, text)
			}
			if text, err := command(t, "qpdf", "--check", path); err != nil && !c.odd {
				t.Errorf("qpdf: %v\n%s", err, text)
			}
		})
	}
}
