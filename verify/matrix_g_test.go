package verify_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/verify"
)

// certify is a certification signature with these permissions.
func certify(d *pdfDoc, p int) (sig, field int) {
	return d.sign(sigSpec{extra: docMDP(p), objects: listed})
}

func docMDP(p int) string {
	return fmt.Sprintf("/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/V/1.2/P %d>>>>]", p)
}

// listed puts the signature in /Perms.
func listed(d *pdfDoc, objects map[int]string, sig, _ int) {
	d.perms = fmt.Sprintf("/Perms<</DocMDP %d 0 R>>", sig)
	objects[objCatalog] = d.catalog()
}

func certified(p int) *pdfDoc {
	d := newDoc()
	certify(d, p)
	return d
}

// TestG is about certified documents.
func TestG(t *testing.T) {
	fill := func(d *pdfDoc) {
		d.append(map[int]string{objText: textField("200", "8 0 R"), objTextAP: textAP("200")})
	}
	cover := func(d *pdfDoc) { addAnnotation(d, freeText, opaque()) }
	emptyField := func(d *pdfDoc) {
		field, ap := d.alloc(), d.alloc()
		d.fields = append(d.fields, field)
		d.append(map[int]string{
			field: fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Sig/T(New)/Rect[60 700 400 740]/F 4/P 3 0 R/AP<</N %d 0 R>>>>", ap),
			ap:    opaque(), objForm: d.acroForm(), objPage: d.page(),
		})
	}
	changed := want{verdict: verify.ValidChanged, sub: "-", changes: verify.ChangesPermitted}
	notClean := want{verdict: verify.ValidChanged}
	rows := []struct {
		name   string
		p      int
		change func(*pdfDoc)
		want   want
	}{
		{"G0 nothing", 1, func(*pdfDoc) {}, wantValid},
		{"G1 annotation at 1", 1, cover, wantModified},
		{"G2 annotation at 2", 2, cover, wantModified},
		{"G3 annotation at 3", 3, cover, changed.with("ANNOTATION_COVERS_CONTENT")},
		{"G4 empty field at 1", 1, emptyField, wantModified},
		{"G5 empty field at 2", 2, emptyField, notClean.with("UNSIGNED_SIGFIELD_COVERS_CONTENT")},
		{"G6 empty field at 3", 3, emptyField, notClean.with("UNSIGNED_SIGFIELD_COVERS_CONTENT")},
		{"G7 form filled at 1", 1, fill, wantModified},
		{"form filled at 2", 2, fill, changed},
		{"another signature at 1", 1, func(d *pdfDoc) { d.sign(sigSpec{}) }, wantModified},
		{"another signature at 2", 2, func(d *pdfDoc) { d.sign(sigSpec{}) }, changed},
		{"I05 timestamp and DSS at 1", 1, func(d *pdfDoc) { d.addDSS(dssData{}); d.docStamp(tokenSpec{}) }, changed},
		{"G8 Perms removed", 2, func(d *pdfDoc) {
			d.perms = ""
			d.append(map[int]string{objCatalog: d.catalog()})
		}, wantModified},
		{"G9 overridden with P=3", 1, func(d *pdfDoc) {
			sig := d.next - 2
			d.append(map[int]string{sig: strings.Replace((&sigSpec{extra: docMDP(3), room: 100}).dictionary(), rangeHole, "[0 1 2 3]", 1)})
		}, want{verdict: verify.Invalid}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			d := certified(row.p)
			row.change(d)
			rep := check(t, d.data)
			row.want.expect(t, rep, 0)
			if c := rep.Signatures[0].Certification; row.want.code == "" && !strings.HasPrefix(row.name, "G9") && (c == nil || c.DocMDP != row.p || !c.Listed) {
				t.Errorf("certification %+v", c)
			}
		})
	}
}

// TestG11 has two certifications, and one that comes late.
func TestG11(t *testing.T) {
	t.Run("G11 second certification", func(t *testing.T) {
		d := certified(2)
		certify(d, 2)
		rep := check(t, d.data)
		if rep.Verdict != verify.Invalid || !hasCode(rep.Signatures[1], "CERTIFICATION_SECOND") {
			t.Errorf("verdict %s: %+v", rep.Verdict, rep.Signatures[1].Reasons)
		}
	})
	t.Run("G11 after an approval", func(t *testing.T) {
		d := newDoc()
		d.sign(sigSpec{})
		certify(d, 2)
		rep := check(t, d.data)
		if rep.Verdict == verify.Valid || rep.Verdict == verify.ValidChanged || !hasCode(rep.Signatures[1], "CERTIFICATION_NOT_FIRST") {
			t.Errorf("verdict %s: %+v", rep.Verdict, rep.Signatures[1].Reasons)
		}
	})
	t.Run("I04 not listed", func(t *testing.T) {
		wantValid.with("CERTIFICATION_UNLISTED").expect(t, check(t, signedDoc(sigSpec{extra: docMDP(2)}).data), 0)
	})
	t.Run("I04 P is 2 when absent", func(t *testing.T) {
		extra := "/Reference[<</TransformMethod/DocMDP/TransformParams<</V/1.2>>>>]"
		rep := check(t, signedDoc(sigSpec{extra: extra, objects: listed}).data)
		wantValid.expect(t, rep, 0)
		if c := rep.Signatures[0].Certification; c == nil || c.DocMDP != 2 {
			t.Errorf("%+v", c)
		}
	})
	t.Run("P out of range", func(t *testing.T) {
		doubtful("SIG_CONSTRAINTS_FAILURE", "CERTIFICATION_MALFORMED").expect(t, check(t, signedDoc(sigSpec{extra: docMDP(9)}).data), 0)
	})
	t.Run("certification in no field", func(t *testing.T) {
		d := newDoc()
		d.perms = "/Perms<</DocMDP 20 0 R>>"
		d.append(map[int]string{20: "<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>", objCatalog: d.catalog()})
		invalid("FORMAT_FAILURE", "SIGNATURE_WITHOUT_FIELD").expect(t, check(t, d.data), 0)
	})
}

// TestTwoReferences: of several transforms of one kind each holds.
func TestTwoReferences(t *testing.T) {
	fill := func(extra string) []byte {
		d := newDoc()
		d.sign(sigSpec{extra: "/Reference[" + extra + "]", objects: listed})
		d.append(map[int]string{objText: textField("200", "8 0 R"), objTextAP: textAP("200")})
		return d.data
	}
	mdp := func(p int) string { return fmt.Sprintf("<</TransformMethod/DocMDP/TransformParams<</P %d>>>>", p) }
	lock := func(name string) string {
		return "<</TransformMethod/FieldMDP/TransformParams<</Action/Include/Fields[(" + name + ")]>>>>"
	}
	for name, extra := range map[string]string{
		"P 1, then 3": mdp(1) + mdp(3), "P 3, then 1": mdp(3) + mdp(1), "lock, then another": lock("amount") + lock("other"), "another, then lock": lock("other") + lock("amount"),
	} {
		t.Run(name, func(t *testing.T) { wantModified.expect(t, check(t, fill(extra)), 0) })
	}
	want{verdict: verify.ValidChanged}.expect(t, check(t, fill(mdp(3)+lock("other"))), 0)
}

// TestI06 compares FieldMDP with /Lock, and heeds /P of the lock.
func TestI06(t *testing.T) {
	fieldMDP := "/Reference[<</TransformMethod/FieldMDP/TransformParams<</V/1.2/Action/Include/Fields[(amount)]>>>>]"
	lock := "/Lock<</Type/SigFieldLock/Action/Include/Fields[(%s)]%s>>"
	t.Run("I06 same", func(t *testing.T) {
		rep := check(t, signedDoc(sigSpec{extra: fieldMDP, field: fmt.Sprintf(lock, "amount", "")}).data)
		wantValid.expect(t, rep, 0)
		if hasCode(rep.Signatures[0], "LOCK_MISMATCH") {
			t.Error("mismatch")
		}
	})
	t.Run("I06 different", func(t *testing.T) {
		wantValid.with("LOCK_MISMATCH").expect(t, check(t, signedDoc(sigSpec{extra: fieldMDP, field: fmt.Sprintf(lock, "other", "")}).data), 0)
	})
	t.Run("I06 P=1 in the lock", func(t *testing.T) {
		d := newDoc()
		d.sign(sigSpec{field: fmt.Sprintf(lock, "other", "/P 1")})
		d.append(map[int]string{objText: textField("200", "8 0 R"), objTextAP: textAP("200")})
		wantModified.expect(t, check(t, d.data), 0)
	})
}

// TestI08 is a usage-rights signature: told, and no signature of the document.
func TestI08(t *testing.T) {
	rights := func(d *pdfDoc) {
		d.sign(sigSpec{sub: "adbe.pkcs7.detached", objects: func(d *pdfDoc, objects map[int]string, sig, field int) {
			d.perms = fmt.Sprintf("/Perms<</UR3 %d 0 R>>", sig)
			d.fields = d.fields[:len(d.fields)-1]
			delete(objects, field)
			objects[objCatalog], objects[objForm], objects[objPage] = d.catalog(), d.acroForm(), d.page()
		}})
	}
	t.Run("I08 alone", func(t *testing.T) {
		d := newDoc()
		rights(d)
		rep := check(t, d.data)
		if rep.Verdict != verify.Indeterminate || len(rep.Signatures) != 1 || rep.Signatures[0].Kind != verify.KindUsageRights || !hasCode(rep.Signatures[0], "USAGE_RIGHTS") {
			t.Errorf("verdict %s: %+v", rep.Verdict, rep.Signatures)
		}
	})
	t.Run("I08 beside a signature", func(t *testing.T) {
		d := newDoc()
		rights(d)
		d.sign(sigSpec{})
		rep := check(t, d.data)
		if rep.Verdict != verify.Valid || len(rep.Signatures) != 2 {
			t.Errorf("verdict %s: %+v", rep.Verdict, rep.Signatures)
		}
	})
}
