package sign

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// Bits of /P, counted from 1. ISO 32000-2, 7.6.4.2, Table 22.
const (
	permModify   = 1 << 3 // bit 4
	permAnnotate = 1 << 5 // bit 6
	permFill     = 1 << 8 // bit 9
)

// checkPermissions refuses what the owner of an encrypted file did not allow.
func checkPermissions(f *pdf.File, newField bool, anyway bool) error {
	e := f.Encryption()
	if e == nil || e.Owner || anyway {
		return nil
	}
	p := e.Permissions
	if newField {
		if p&permAnnotate != 0 && p&permModify != 0 {
			return nil
		}
		return refuse(ReasonPermissions, "the owner of the encrypted document does not permit new form fields; open it with the owner password")
	}
	// R 2 has no bit 9.
	if p&permAnnotate != 0 || e.R >= 3 && p&permFill != 0 {
		return nil
	}
	return refuse(ReasonPermissions, "the owner of the encrypted document does not permit filling in forms; open it with the owner password")
}

// transforms returns the parameters of each reference of a signature with that
// method. ISO 32000-2, 12.8.2.
func transforms(f *pdf.File, sig *pdf.Dict, method pdf.Name) ([]*pdf.Dict, error) {
	refs, err := f.Array(sig.Get("Reference"))
	if err != nil {
		return nil, damaged(err)
	}
	var out []*pdf.Dict
	for _, r := range refs {
		d, err := f.Dict(r)
		if err != nil {
			return nil, damaged(err)
		}
		m, err := f.Resolve(d.Get("TransformMethod"))
		if err != nil {
			return nil, damaged(err)
		}
		if m != pdf.Object(method) {
			continue
		}
		params, err := f.Dict(d.Get("TransformParams"))
		if err != nil {
			return nil, damaged(err)
		}
		if params == nil {
			params = pdf.NewDict()
		}
		out = append(out, params)
	}
	return out, nil
}

// docMDP returns the strictest certification level in force; 0: none.
func docMDP(f *pdf.File, sigs []signature) (int, error) {
	level := 0
	for i := range sigs {
		params, err := transforms(f, sigs[i].dict, "DocMDP")
		if err != nil {
			return 0, err
		}
		for _, p := range params {
			n := intOf(f, p.Get("P"), 2) // default 2: Table 257
			if level == 0 || n < level {
				level = n
			}
		}
	}
	return level, nil
}

func intOf(f *pdf.File, o pdf.Object, def int) int {
	v, err := f.Resolve(o)
	n, ok := v.(pdf.Integer)
	if err != nil || !ok || n < -1<<31 || n > 1<<31-1 {
		return def
	}
	return int(n)
}

// checkEarlier refuses a signature that an earlier one forbids. ISO 32000-2,
// 12.8.2.2 and 12.8.2.4.
func checkEarlier(f *pdf.File, sigs []signature, o *Options, field string) error {
	level, err := docMDP(f, sigs)
	if err != nil {
		return err
	}
	if level == 1 {
		return refuse(ReasonCertified, "the document is certified and its author permits no changes, also no further signature")
	}
	if o.Certify != 0 && len(sigs) > 0 {
		return &RefusedError{Reason: ReasonCertifyFirst}
	}
	for i := range sigs {
		s := &sigs[i]
		params, err := transforms(f, s.dict, "FieldMDP")
		if err != nil {
			return err
		}
		lock, err := f.Dict(s.field.Dict.Get("Lock"))
		if err != nil {
			return damaged(err)
		}
		if lock != nil {
			params = append(params, lock)
			if lock.Has("P") && intOf(f, lock.Get("P"), 2) == 1 {
				return refuse(ReasonLocked, "the signature in field %s permits no changes", s.field.Name)
			}
		}
		for _, p := range params {
			locked, err := locks(f, p, field)
			if err != nil {
				return err
			}
			if locked {
				return refuse(ReasonLocked, "the signature in field %s locks field %s", s.field.Name, field)
			}
		}
	}
	return nil
}

// locks tells whether FieldMDP parameters cover a field.
func locks(f *pdf.File, params *pdf.Dict, field string) (bool, error) {
	action, err := f.Resolve(params.Get("Action"))
	if err != nil {
		return false, damaged(err)
	}
	names, err := f.Array(params.Get("Fields"))
	if err != nil {
		return false, damaged(err)
	}
	named := slices.ContainsFunc(names, func(o pdf.Object) bool {
		v, err := f.Resolve(o)
		s, ok := v.(pdf.String)
		// A name stands for its descendants too.
		return err == nil && ok && (pdf.Text(s) == field || strings.HasPrefix(field, pdf.Text(s)+"."))
	})
	switch action {
	case pdf.Name("All"):
		return true, nil
	case pdf.Name("Include"):
		return named, nil
	case pdf.Name("Exclude"):
		return !named, nil
	}
	return false, nil
}

// checkXFA: a dynamic XFA form is drawn from its XML, so that a widget would
// not show and the pages are not what a reader sees. A static one is signed,
// with a note.
func checkXFA(f *pdf.File, catalog, form *pdf.Dict) (note string, err error) {
	if form == nil || !form.Has("XFA") {
		return "", nil
	}
	v, err := f.Resolve(catalog.Get("NeedsRendering"))
	if err != nil {
		return "", damaged(err)
	}
	if v == true {
		return "", refuse(ReasonXFA, "the document is a dynamic XFA form; print it to PDF first")
	}
	return "the form has an XFA part, which is kept; what XFA programs show is not what was looked at", nil
}

// lockOf makes the /Lock of a field; nil when nothing is locked.
// ISO 32000-2, 12.7.5.5, Table 236.
func lockOf(names []string) *pdf.Dict {
	if len(names) == 0 {
		return nil
	}
	d := pdf.NewDict(pdf.Name("Type"), pdf.Name("SigFieldLock"))
	if slices.Contains(names, "all") {
		d.Set("Action", pdf.Name("All"))
		return d
	}
	var fields pdf.Array
	for _, n := range names {
		fields = append(fields, pdf.TextString(n))
	}
	d.Set("Action", pdf.Name("Include"))
	d.Set("Fields", fields)
	return d
}

// seedFlags of /SV, counted from 1. ISO 32000-2, 12.7.5.5, Table 237.
const (
	seedFilter    = 1 << 0
	seedSubFilter = 1 << 1
	seedReasons   = 1 << 3
	seedDigest    = 1 << 6
)

// checkSeed honours the required constraints of a field's seed value.
func checkSeed(f *pdf.File, field *pdf.Dict, o *Options) error {
	sv, err := f.Dict(field.Get("SV"))
	if err != nil {
		return damaged(err)
	}
	if sv == nil {
		return nil
	}
	ff := intOf(f, sv.Get("Ff"), 0)
	if name, err := f.Resolve(sv.Get("Filter")); err == nil && ff&seedFilter != 0 && name != pdf.Name("Adobe.PPKLite") {
		return refuse(ReasonSeedValue, "the field asks for the signature handler %v", name)
	}
	for _, c := range []struct {
		bit       int
		key       pdf.Name
		have, say string
	}{
		{seedSubFilter, "SubFilter", "ETSI.CAdES.detached", "signature format"},
		{seedDigest, "DigestMethod", strings.ReplaceAll(o.Hash.String(), "-", ""), "digest"},
		{seedReasons, "Reasons", o.Reason, "reason"},
	} {
		if ff&c.bit == 0 || !sv.Has(c.key) {
			continue
		}
		list, err := f.Array(sv.Get(c.key))
		if err != nil {
			return damaged(err)
		}
		var names []string
		for _, e := range list {
			v, err := f.Resolve(e)
			if err != nil {
				return damaged(err)
			}
			switch v := v.(type) {
			case pdf.Name:
				names = append(names, string(v))
			case pdf.String:
				names = append(names, pdf.Text(v))
			}
		}
		if !slices.Contains(names, c.have) {
			return refuse(ReasonSeedValue, "the field asks for another %s: %s", c.say, fmt.Sprintf("%q", names))
		}
	}
	return nil
}
