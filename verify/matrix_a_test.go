package verify_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/verify"
)

// badContents and badRanges are the values of verification.md 1.3, A. They are
// the text in place of "/Contents <...>" and "/ByteRange [...]".
var badContents = []struct{ name, text string }{
	{"removed", ""},
	{"null", "/Contents null"},
	{"no value", "/Contents "},
	{"empty hex", "/Contents <>"},
	{"zero", "/Contents <00>"},
	{"empty literal", "/Contents ()"},
	{"reference", "/Contents 4 0 R"},
}

var badRanges = []struct{ name, text string }{
	{"removed", ""},
	{"null", "/ByteRange null"},
	{"no value", "/ByteRange "},
	{"zeros", "/ByteRange [0 0 0 0]"},
	{"empty", "/ByteRange []"},
	{"negative", "/ByteRange [0 -1 -1 -1]"},
	{"all negative", "/ByteRange [-1 -1 -1 -1]"},
	{"20 digits", "/ByteRange [0 99999999999999999999 99999999999999999999 99999999999999999999]"},
	{"past the end", "/ByteRange [0 100000000 200000000 300000000]"},
}

// forge replaces entries of the signature dictionary of a signed file: either
// keeping every offset (padded with spaces) or with a new cross-reference.
func forge(contents, byteRange string, repair bool) []byte {
	d := newDoc()
	var s sigSpec
	sig, _ := d.sign(s)
	at := bytes.LastIndex(d.data, fmt.Appendf(nil, "\n%d 0 obj\n", sig)) + 1
	end := at + bytes.Index(d.data[at:], []byte("endobj"))
	object := string(d.data[at:end])
	change := func(key, text string, stop byte) {
		if text == "keep" {
			return
		}
		i := strings.Index(object, key)
		j := i + strings.IndexByte(object[i:], stop) + 1
		old := object[i:j]
		if pad := len(old) - len(text); pad > 0 && !repair {
			text += strings.Repeat(" ", pad)
		}
		object = strings.Replace(object, old, text, 1)
	}
	change("/Contents", contents, '>')
	change("/ByteRange", byteRange, ']')
	if !repair && at+len(object) != end {
		repair = true // the text is longer than what it replaces
	}
	out := append(bytes.Clone(d.data[:at]), object...)
	out = append(out, d.data[end:]...)
	if repair {
		out = shiftXref(out, at, len(object)-(end-at))
	}
	return out
}

// shiftXref mends the last table and startxref after bytes were put in or
// taken away behind an offset.
func shiftXref(data []byte, after, by int) []byte {
	at := bytes.LastIndex(data, []byte("\nxref\n")) + 1
	lines := strings.SplitAfter(string(data[at:]), "\n")
	for i, l := range lines {
		var off int
		if n, _ := fmt.Sscanf(l, "%010d 00000 n", &off); n == 1 && len(l) == 20 && off > after {
			lines[i] = fmt.Sprintf("%010d 00000 n \n", off+by)
		}
		if l == "startxref\n" {
			lines[i+1] = fmt.Sprintf("%d\n", at)
		}
	}
	return append(bytes.Clone(data[:at]), strings.Join(lines, "")...)
}

// checkMalformed: listed, unprocessable, invalid.
func checkMalformed(t *testing.T, data []byte) {
	t.Helper()
	rep := check(t, data)
	if rep.Verdict != verify.Invalid {
		t.Errorf("verdict %s: %+v", rep.Verdict, rep)
	}
	if len(rep.Signatures) == 0 {
		t.Fatal("the signature disappeared")
	}
	if s := rep.Signatures[0]; s.Integrity != verify.Unprocessable {
		t.Errorf("integrity %s: %+v", s.Integrity, s.Reasons)
	}
}

// TestA is universal signature forgery: the signature object is unusable.
func TestA(t *testing.T) {
	n := 0
	for _, c := range badContents {
		n++
		t.Run(fmt.Sprintf("A%02d contents %s", n, c.name), func(t *testing.T) { checkMalformed(t, forge(c.text, "keep", false)) })
	}
	for _, r := range badRanges {
		n++
		t.Run(fmt.Sprintf("A%02d range %s", n, r.name), func(t *testing.T) { checkMalformed(t, forge("keep", r.text, false)) })
	}
	for _, c := range badContents {
		for _, r := range badRanges {
			t.Run("A17 contents "+c.name+" range "+r.name, func(t *testing.T) { checkMalformed(t, forge(c.text, r.text, false)) })
			t.Run("A18 contents "+c.name+" range "+r.name, func(t *testing.T) { checkMalformed(t, forge(c.text, r.text, true)) })
		}
	}
}

// TestA19 has keys twice, in both orders.
func TestA19(t *testing.T) {
	edits := map[string]func(string) string{
		"range, bad last":     func(s string) string { return strings.Replace(s, "/Contents", "/ByteRange[0 1 2 3]/Contents", 1) },
		"range, bad first":    func(s string) string { return strings.Replace(s, "/ByteRange", "/ByteRange[0 1 2 3]/ByteRange", 1) },
		"contents, bad last":  func(s string) string { return strings.TrimSuffix(s, ">>") + "/Contents<00>>>" },
		"contents, bad first": func(s string) string { return strings.Replace(s, "/ByteRange", "/Contents<00>/ByteRange", 1) },
		"escaped name":        func(s string) string { return strings.TrimSuffix(s, ">>") + "/Conten#74s<00>>>" },
		"type":                func(s string) string { return strings.TrimSuffix(s, ">>") + "/Type/Sig>>" },
	}
	for name, edit := range edits {
		t.Run("A19 "+name, func(t *testing.T) {
			rep := check(t, signedDoc(sigSpec{dict: edit}).data)
			want{verdict: verify.Invalid, sub: "FORMAT_FAILURE", code: "DUPLICATE_KEY"}.expect(t, rep, 0)
		})
	}
}

// TestA20 has references where values must stand in place.
func TestA20(t *testing.T) {
	t.Run("A20 contents", func(t *testing.T) {
		d := newDoc()
		other := d.alloc()
		d.sign(sigSpec{
			dict: func(s string) string {
				return strings.Replace(s, "/Contents ", fmt.Sprintf("/Contents %d 0 R/Other ", other), 1)
			},
			objects: func(_ *pdfDoc, o map[int]string, _, _ int) {
				o[other] = "<" + hex.EncodeToString(goodCMS([]byte("anything"))) + ">"
			},
		})
		wantMalformed.with("CONTENTS_INDIRECT").expect(t, check(t, d.data), 0)
	})
	t.Run("A20 range", func(t *testing.T) {
		d := newDoc()
		other := d.alloc()
		d.sign(sigSpec{
			dict:    func(s string) string { return strings.Replace(s, rangeHole, fmt.Sprintf("%d 0 R", other), 1) },
			objects: func(_ *pdfDoc, o map[int]string, _, _ int) { o[other] = rangeHole },
		})
		wantMalformed.with("BYTE_RANGE_INDIRECT").expect(t, check(t, d.data), 0)
	})
	t.Run("A20 element", func(t *testing.T) {
		d := newDoc()
		other := d.alloc()
		d.sign(sigSpec{
			rng: func(a, b, c int) (string, [][2]int) {
				return fmt.Sprintf("[0 %d %d %d 0 R]", a, b, other), nil
			},
			objects: func(_ *pdfDoc, o map[int]string, _, _ int) { o[other] = "100" },
		})
		wantMalformed.with("BYTE_RANGE_INDIRECT").expect(t, check(t, d.data), 0)
	})
}
