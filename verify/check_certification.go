package verify

import (
	"fmt"

	"github.com/kyso-vn/kyso/internal/changes"
	"github.com/kyso-vn/kyso/internal/pdf"
)

// maxReferences bounds the entries of /Reference, and maxLockNames the fields
// of a lock.
const (
	maxReferences = 100
	maxLockNames  = 10_000
)

// checkReferences reads the transforms of a signature: DocMDP certifies the
// document, FieldMDP locks fields. ISO 32000-2, 12.8.2. They are read as the
// signed revision has them.
func (v *verifier) checkReferences(r *record) error {
	if r.dict == nil || r.origin == fromUsageRights {
		return nil
	}
	f := r.signedView
	if f == nil {
		f = r.view
	}
	list, err := f.Array(r.dict.Get("Reference"))
	if err == nil && len(list) > maxReferences {
		err = fmt.Errorf("it has %d entries", len(list))
	}
	if err != nil {
		if pdf.Damaged(err) || lookError(err) == nil {
			r.find(CodeCertMalformed, "/Reference can't be read: %v", err)
			return nil
		}
		return fmt.Errorf("verify: read /Reference: %w", err)
	}
	for _, o := range list {
		if err := r.checkReference(f, o); err != nil {
			if lookError(err) != nil {
				return fmt.Errorf("verify: read /Reference: %w", err)
			}
			r.find(CodeCertMalformed, "/Reference can't be read: %v", err)
		}
	}
	return v.checkListed(r, f)
}

func (r *record) checkReference(f *pdf.File, o pdf.Object) error {
	d, err := f.Dict(o)
	if err != nil {
		return err
	}
	method, err := f.Name(d.Get("TransformMethod"))
	if err != nil {
		return err
	}
	params, err := f.Dict(d.Get("TransformParams"))
	if err != nil {
		return err
	}
	switch method {
	case "DocMDP": // ISO 32000-2, 12.8.2.2, Table 257
		p, err := f.Int(params.Get("P"))
		if err != nil {
			return err
		}
		if !params.Has("P") {
			p = 2
		}
		if p < 1 || p > 3 {
			r.find(CodeCertMalformed, "/P %d of DocMDP is not 1, 2 or 3; it is taken as 1", p)
			p = 1
		}
		if r.docMDP == 0 || int(p) < r.docMDP { // of two the one that permits less
			r.docMDP = int(p)
		}
	case "FieldMDP": // ISO 32000-2, 12.8.2.4, Table 259
		lock, err := readLock(f, params)
		if err != nil {
			return err
		}
		if r.fieldMDP != nil {
			r.moreLocks = append(r.moreLocks, lock)
			return nil
		}
		r.fieldMDP = lock
	}
	return nil
}

// readLock reads /Action and /Fields of FieldMDP or of a field's /Lock.
func readLock(f *pdf.File, d *pdf.Dict) (*FieldLock, error) {
	if d == nil {
		return nil, nil
	}
	action, err := f.Name(d.Get("Action"))
	if err != nil {
		return nil, err
	}
	list, err := f.Array(d.Get("Fields"))
	if err != nil {
		return nil, err
	}
	if len(list) > maxLockNames {
		return nil, fmt.Errorf("a lock of %d fields", len(list))
	}
	lock := &FieldLock{Action: string(action)}
	for _, o := range list {
		o, err := f.Resolve(o)
		if err != nil {
			return nil, err
		}
		if s, ok := o.(pdf.String); ok {
			lock.Fields = append(lock.Fields, pdf.Text(s))
		}
	}
	return lock, nil
}

// checkListed tells whether /Perms of the signed revision names a
// certification, and compares FieldMDP with the field's /Lock. ISO 32000-2,
// 12.7.5.5 and 12.8.6.
func (v *verifier) checkListed(r *record, f *pdf.File) error {
	if r.docMDP > 0 {
		catalog, _, err := f.Catalog()
		if lookError(err) != nil {
			return fmt.Errorf("verify: read the catalog: %w", err)
		}
		var perms *pdf.Dict
		if err == nil {
			perms, _ = f.Dict(catalog.Get("Perms"))
		}
		r.listed = r.ref != (pdf.Ref{}) && perms.Get("DocMDP") == pdf.Object(r.ref)
	}
	if !r.hasField || r.signedView == nil || r.field.Ref == (pdf.Ref{}) {
		return nil
	}
	field, err := r.signedView.Dict(r.field.Ref)
	if err != nil {
		return lookError(err)
	}
	dict, err := r.signedView.Dict(field.Get("Lock"))
	if err != nil || dict == nil {
		return lookError(err)
	}
	if r.fieldLock, err = readLock(r.signedView, dict); err != nil {
		return lookError(err)
	}
	if p, err := r.signedView.Int(dict.Get("P")); err == nil && p >= 1 && p <= 3 {
		r.lockP = int(p)
	}
	if r.fieldMDP != nil && r.fieldLock != nil && !sameLock(r.fieldMDP, r.fieldLock) {
		r.find(CodeLockMismatch, "the lock in the signature is not that of its field")
	}
	return nil
}

func sameLock(a, b *FieldLock) bool {
	if a.Action != b.Action || len(a.Fields) != len(b.Fields) {
		return false
	}
	names := make(map[string]bool, len(a.Fields))
	for _, n := range a.Fields {
		names[n] = true
	}
	for _, n := range b.Fields {
		if !names[n] {
			return false
		}
	}
	return true
}

// checkCertifications holds the certifications of the file against each other.
// ISO 32000-2, 12.8.2.2.1: at most one, and the first of all signatures.
func (v *verifier) checkCertifications() {
	var first *record
	signed := false
	for _, r := range v.recs {
		if r.kind != KindSignature || !r.rangeSane {
			continue
		}
		switch {
		case r.docMDP == 0:
		case first != nil && first.ref != r.ref:
			r.find(CodeCertSecond, "the document was certified before, in field %q", first.field.Name)
		case first == nil:
			first = r
			if signed {
				r.find(CodeCertLate, "the document was signed before it was certified")
			}
			if !r.listed {
				r.find(CodeCertUnlisted, "/Perms of the document does not name this certification, so viewers take it for an approval")
			}
		}
		signed = true
	}
}

// permitted collects what the signatures up to r permit after it: the lowest P
// and all locks.
func (v *verifier) permitted(r *record) (docMDP int, locks []changes.Lock) {
	for _, s := range v.recs {
		if s.kind != KindSignature || !s.rangeSane || s.rng.end() > r.rng.end() {
			continue
		}
		for _, p := range []int{s.docMDP, s.lockP} {
			if p > 0 && (docMDP == 0 || p < docMDP) {
				docMDP = p
			}
		}
		for _, l := range append([]*FieldLock{s.fieldMDP, s.fieldLock}, s.moreLocks...) {
			if l != nil {
				locks = append(locks, changes.Lock{Action: l.Action, Fields: l.Fields})
			}
		}
	}
	return docMDP, locks
}
