package verify

import (
	"fmt"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// findSignatures lists the signatures that the newest state of the file
// names: fields with a value, /Perms. formErr says why the form could not be
// read, which then is a fact about the file.
func (v *verifier) findSignatures() (formErr, err error) {
	fields, err := v.f.Fields()
	if err != nil {
		if lookError(err) != nil {
			return nil, fmt.Errorf("verify: read the form: %w", err)
		}
		formErr = err
	}
	v.fields = fields
	known := make(map[pdf.Ref]bool)
	for i := range fields {
		rec, err := v.fromField(&fields[i])
		if err != nil {
			return nil, err
		}
		if rec == nil {
			continue
		}
		if rec.ref != (pdf.Ref{}) {
			known[rec.ref] = true
		}
		v.add(rec)
	}
	return formErr, v.findPermissions(known)
}

func (v *verifier) add(rec *record) {
	if len(v.recs) >= MaxSignatures {
		if len(v.recs) == MaxSignatures {
			v.note(CodeLimitSignatures, "the file has more than %d signatures", MaxSignatures)
		}
		return
	}
	rec.revision = -1
	v.recs = append(v.recs, rec)
}

// fromField makes a record of a signature field with a value, or of any field
// whose value looks like a signature.
func (v *verifier) fromField(field *pdf.Field) (*record, error) {
	if field.V == nil {
		return nil, nil
	}
	value, err := v.f.Resolve(field.V)
	if lookError(err) != nil {
		return nil, fmt.Errorf("verify: read field %s: %w", field.Name, err)
	}
	dict, _ := value.(*pdf.Dict)
	if field.FT != "Sig" && !looksSigned(dict) {
		return nil, nil
	}
	if err == nil && value == nil {
		return nil, nil // a reference to nothing is null: an empty field
	}
	rec := &record{origin: fromField, view: v.f, field: *field, hasField: true, dict: dict}
	rec.ref, _ = field.V.(pdf.Ref)
	switch {
	case err != nil:
		rec.find(CodeSignatureUnread, "the value of the field can't be read: %v", err)
	case dict == nil:
		rec.find(CodeNotDictionary, "the value of the field is no dictionary")
	}
	return rec, nil
}

// looksSigned tells whether a dictionary bears the marks of a signature.
func looksSigned(d *pdf.Dict) bool {
	return d.Has("ByteRange") || d.Get("Type") == pdf.Object(pdf.Name("DocTimeStamp")) ||
		d.Get("Type") == pdf.Object(pdf.Name("Sig")) && d.Has("Contents")
}

// findPermissions looks at /Perms. ISO 32000-2, 12.8.6, Table 263.
func (v *verifier) findPermissions(known map[pdf.Ref]bool) error {
	catalog, _, err := v.f.Catalog()
	if err != nil {
		if lookError(err) != nil {
			return fmt.Errorf("verify: read the catalog: %w", err)
		}
		v.note(CodeFormUnreadable, "the catalog can't be read: %v", err)
		return nil
	}
	perms, err := v.f.Dict(catalog.Get("Perms"))
	if lookError(err) != nil {
		return fmt.Errorf("verify: read /Perms: %w", err)
	}
	for _, key := range []pdf.Name{"DocMDP", "UR3", "UR"} {
		value := perms.Get(key)
		ref, _ := value.(pdf.Ref)
		if value == nil || ref != (pdf.Ref{}) && known[ref] {
			continue
		}
		dict, err := v.f.Dict(value)
		if lookError(err) != nil {
			return fmt.Errorf("verify: read /Perms: %w", err)
		}
		if err == nil && dict == nil {
			continue
		}
		rec := &record{origin: fromPerms, view: v.f, dict: dict, ref: ref}
		if key != "DocMDP" {
			rec.origin = fromUsageRights
		}
		if err != nil {
			rec.find(CodeSignatureUnread, "the signature of /Perms /%s can't be read: %v", key, err)
		}
		if rec.origin == fromPerms {
			rec.find(CodeNoField, "no form field holds the certification that /Perms names")
		}
		known[ref] = true
		v.add(rec)
	}
	return nil
}
