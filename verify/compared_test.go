package verify_test

import (
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/verify"
)

// TestBetweenSignatures: what came after a signature is judged for each of
// them, under what each permits, though the comparisons share their work.
func TestBetweenSignatures(t *testing.T) {
	const lock = "/Reference[<</TransformMethod/FieldMDP/TransformParams<</V/1.2/Action/Include/Fields[(amount)]>>>>]"
	sign := func(d *pdfDoc) { d.sign(sigSpec{room: 1000}) }
	locks := func(d *pdfDoc) { d.sign(sigSpec{room: 1000, extra: lock}) }
	p := func(n int) func(*pdfDoc) { return func(d *pdfDoc) { certify(d, n) } }
	fill := func(d *pdfDoc) {
		d.append(map[int]string{objText: textField("7", "8 0 R"), objTextAP: textAP("7")})
	}
	evil := func(d *pdfDoc) { d.append(map[int]string{objContent: evilContent()}) }
	back := func(d *pdfDoc) { d.append(map[int]string{objContent: stream("", pageText)}) }
	cover := func(d *pdfDoc) { addAnnotation(d, freeText, opaque()) }
	rows := []struct {
		name  string
		steps []func(*pdfDoc)
		want  string // changes_after of each signature
	}{
		{"three signers", []func(*pdfDoc){sign, sign, sign}, "permitted permitted none"},
		{"filled between", []func(*pdfDoc){sign, fill, sign, sign}, "permitted permitted none"},
		{"content between the first and the second", []func(*pdfDoc){sign, evil, sign, sign}, "forbidden permitted none"},
		{"content between the second and the third", []func(*pdfDoc){sign, sign, evil, sign}, "forbidden forbidden none"},
		{"content after all", []func(*pdfDoc){sign, sign, sign, evil}, "forbidden forbidden forbidden"},
		{"content and back", []func(*pdfDoc){sign, evil, sign, back, sign}, "forbidden forbidden none"},
		{"filled after a lock", []func(*pdfDoc){sign, locks, sign, fill}, "permitted forbidden forbidden"},
		{"filled before the lock", []func(*pdfDoc){sign, fill, locks, sign}, "permitted permitted none"},
		{"filled after the first of two locks", []func(*pdfDoc){sign, locks, fill, locks}, "permitted forbidden none"},
		{"certified for annotations, after an approval", []func(*pdfDoc){sign, p(3), cover}, "forbidden permitted"},
		{"certified for nothing, after an approval", []func(*pdfDoc){sign, p(1), fill}, "permitted forbidden"},
		{"certified, then signed, then covered", []func(*pdfDoc){p(3), sign, cover, sign}, "permitted permitted none"},
		{"certified, then signed, then content", []func(*pdfDoc){p(2), sign, evil}, "forbidden forbidden"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			d := newDoc()
			for _, step := range row.steps {
				step(d)
			}
			rep := check(t, d.data)
			var got []string
			for _, s := range rep.Signatures {
				got = append(got, s.ChangesAfter)
				told := false
				for i, c := range s.Changes {
					if c.Revision <= s.Revision || i > 0 && c.Revision < s.Changes[i-1].Revision {
						t.Errorf("signature of revision %d: change of revision %d at %d", s.Revision, c.Revision, i)
					}
					told = told || !c.Permitted
				}
				if told != (s.ChangesAfter == verify.ChangesForbidden) {
					t.Errorf("%s with %+v", s.ChangesAfter, s.Changes)
				}
			}
			if text := strings.Join(got, " "); text != row.want {
				t.Errorf("got %s, want %s", text, row.want)
			}
		})
	}
}

// TestManyForbidden lists forbidden changes before permitted ones where there
// are too many.
func TestManyForbidden(t *testing.T) {
	d := signedDoc(sigSpec{})
	for range 1200 {
		d.append(map[int]string{objText: textField("7", "8 0 R"), objTextAP: textAP("7")})
		d.append(map[int]string{objText: textField("8", "8 0 R"), objTextAP: textAP("8")})
	}
	d.append(map[int]string{objContent: evilContent()})
	s := check(t, d.data).Signatures[0]
	if s.ChangesAfter != verify.ChangesForbidden || len(s.Changes) == 0 || len(s.Changes) > 1000 || s.Changes[len(s.Changes)-1].Permitted {
		t.Errorf("%s, %d changes", s.ChangesAfter, len(s.Changes))
	}
}
