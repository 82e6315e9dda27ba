package verify_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/verify"
)

// wrapSpec says how the second signed part of a file is moved away, to make
// room for other objects in the gap (signature wrapping).
type wrapSpec struct {
	xref bool // an attacker's table where the old startxref points
	trim bool // the zero padding of /Contents is cut off
}

// wrap is the attack on a file with one signature.
func wrap(d *pdfDoc, s wrapSpec) []byte {
	open := bytes.LastIndex(d.data, []byte("/Contents <")) + len("/Contents ")
	closed := open + bytes.IndexByte(d.data[open:], '>') + 1
	second := d.data[closed:]
	token := string(d.data[open:closed])
	if s.trim {
		token = strings.TrimRight(strings.TrimSuffix(token, ">"), "0") + "0>"
	}
	var evil bytes.Buffer
	evil.WriteString(token)
	moved := closed + 4000
	if !s.trim {
		moved = closed + 6000
	}
	// The dictionary goes on with a range of the attacker, before what is moved.
	fmt.Fprintf(&evil, "/ByteRange [0 %d %d %d]>>\nendobj\n", open, moved, len(second))
	at := open + evil.Len()
	evil.WriteString("4 0 obj\n" + stream("", strings.Replace(pageText, "100", "999", 1)) + "\nendobj\n")
	if s.xref {
		table := open + evil.Len()
		fmt.Fprintf(&evil, "xref\n4 1\n%010d 00000 n \ntrailer\n<</Size %d/Root 1 0 R/Prev %d>>\n", at, d.next, d.xref)
		fmt.Fprintf(&evil, "startxref\n%d\n%%%%EOF\n", table)
	}
	out := append(bytes.Clone(d.data[:open]), evil.Bytes()...)
	if len(out) > moved {
		panic("no room")
	}
	out = append(out, bytes.Repeat([]byte{' '}, moved-len(out))...)
	return append(out, second...)
}

// TestC is signature wrapping, in its variants.
func TestC(t *testing.T) {
	rows := map[string]wrapSpec{
		"C1 with a table":    {xref: true, trim: true},
		"C2 without a table": {trim: true},
		"C3 padding kept":    {xref: true},
		"C3 nothing":         {},
	}
	for name, s := range rows {
		t.Run(name, func(t *testing.T) {
			for _, sub := range []string{"ETSI.CAdES.detached", "adbe.pkcs7.detached"} {
				data := wrap(signedDoc(sigSpec{sub: sub}), s)
				rep := check(t, data)
				if rep.Verdict != verify.Invalid || len(rep.Signatures) == 0 {
					t.Errorf("%s: verdict %s: %+v", sub, rep.Verdict, rep)
				}
			}
		})
	}
}

// TestCKnownRange has the attacker's range in front of the signed one: the
// file opens, the digest is right, and the gap is not the contents.
func TestCKnownRange(t *testing.T) {
	base := newDoc()
	base.sign(sigSpec{})
	open := bytes.LastIndex(base.data, []byte("/Contents <")) + len("/Contents ")
	closed := open + bytes.IndexByte(base.data[open:], '>') + 1
	// A new object of the same number, whose range names the old spans.
	d := base.clone()
	sig := d.next - 2
	old := string(base.data[bytes.LastIndex(base.data, fmt.Appendf(nil, "\n%d 0 obj\n", sig))+1:])
	old = old[strings.Index(old, "<<"):strings.Index(old, "\nendobj")]
	d.append(map[int]string{sig: old, objContent: stream("", strings.Replace(pageText, "100", "999", 1))})
	rep := check(t, d.data)
	if rep.Verdict != verify.Invalid || len(rep.Signatures) != 2 {
		t.Fatalf("verdict %s, %d signatures", rep.Verdict, len(rep.Signatures))
	}
	var codes []string
	for _, s := range rep.Signatures {
		for _, r := range s.Reasons {
			codes = append(codes, r.Code)
		}
	}
	for _, want := range []string{"GAP_NOT_CONTENTS", "SIGNATURE_REMOVED"} {
		if !strings.Contains(strings.Join(codes, " "), want) {
			t.Errorf("no %s in %v", want, codes)
		}
	}
	_ = closed
}

// TestCOutside has a dictionary that lies outside of what it signs: the range
// covers an earlier revision whole, the gap is its own contents.
func TestCOutside(t *testing.T) {
	d := newDoc()
	end := len(d.data)
	d.sign(sigSpec{rng: func(a, b, _ int) (string, [][2]int) {
		return fmt.Sprintf("[0 %d %d 0]", end, end), [][2]int{{0, end}}
	}})
	if rep := check(t, d.data); rep.Verdict != verify.Invalid {
		t.Errorf("verdict %s: %+v", rep.Verdict, rep.Signatures)
	}
	d = newDoc()
	d.sign(sigSpec{rng: func(a, b, _ int) (string, [][2]int) {
		return fmt.Sprintf("[0 %d %d 0]", a, b), [][2]int{{0, a}}
	}})
	w := want{verdict: verify.Invalid, sub: "FORMAT_FAILURE", code: "BYTE_RANGE_END"}
	w.expect(t, check(t, d.data), 0)
}

// TestStray has traces that no object explains, and traces that are none.
func TestStray(t *testing.T) {
	t.Run("object that no table lists", func(t *testing.T) {
		d := newDoc()
		d.data = append(d.data, "50 0 obj\n<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>\nendobj\n"...)
		d.append(map[int]string{20: "null"})
		rep := check(t, d.data)
		invalid("FORMAT_FAILURE", "SIGNATURE_STRAY").expect(t, rep, 0)
	})
	t.Run("object without field", func(t *testing.T) {
		d := newDoc()
		d.append(map[int]string{20: "<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>"})
		invalid("FORMAT_FAILURE", "SIGNATURE_WITHOUT_FIELD").expect(t, check(t, d.data), 0)
	})
	t.Run("attached file", func(t *testing.T) {
		d := newDoc()
		d.append(map[int]string{20: stream("/Type/EmbeddedFile", string(signedDoc(sigSpec{}).data))})
		if rep := check(t, d.data); rep.Verdict != verify.Unsigned {
			t.Errorf("verdict %s: %+v", rep.Verdict, rep.Signatures)
		}
	})
	t.Run("text that names it", func(t *testing.T) {
		d := newDoc()
		d.append(map[int]string{20: "<</Title(what is /ByteRange in a PDF)>>"})
		if rep := check(t, d.data); rep.Verdict != verify.Unsigned {
			t.Errorf("verdict %s: %+v", rep.Verdict, rep.Signatures)
		}
	})
	t.Run("unsigned", func(t *testing.T) {
		if rep := check(t, newDoc().data); rep.Verdict != verify.Unsigned || len(rep.Signatures) != 0 {
			t.Errorf("verdict %s", rep.Verdict)
		}
	})
	t.Run("empty signature field", func(t *testing.T) {
		d := newDoc()
		field := d.alloc()
		d.fields = append(d.fields, field)
		d.append(map[int]string{field: "<</Type/Annot/Subtype/Widget/FT/Sig/T(Empty)/Rect[0 0 0 0]/P 3 0 R>>", objForm: d.acroForm(), objPage: d.page()})
		if rep := check(t, d.data); rep.Verdict != verify.Unsigned {
			t.Errorf("verdict %s: %+v", rep.Verdict, rep.Signatures)
		}
	})
	t.Run("unreadable with traces", func(t *testing.T) {
		data := bytes.ReplaceAll(signedDoc(sigSpec{}).data, []byte("startxref"), []byte("startxxxx"))
		rep := check(t, data)
		if rep.Verdict != verify.Invalid || len(rep.Signatures) != 1 {
			t.Errorf("verdict %s, %d signatures", rep.Verdict, len(rep.Signatures))
		}
	})
	t.Run("unreadable", func(t *testing.T) {
		rep := check(t, []byte("this is no PDF"))
		if rep.Verdict != verify.Unreadable || len(rep.Reasons) == 0 {
			t.Errorf("verdict %s %v", rep.Verdict, rep.Reasons)
		}
	})
	t.Run("empty file", func(t *testing.T) {
		if rep := check(t, nil); rep.Verdict != verify.Unreadable {
			t.Errorf("verdict %s", rep.Verdict)
		}
	})
}
