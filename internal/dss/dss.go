// Package dss reads and adds the document security store (ISO 32000-2,
// 12.8.4.3): the certificates, OCSP responses and CRLs that a verifier needs
// when the services that gave them are gone.
//
// It looks at bytes only: whether an entry is what it claims, and whether it
// is believed, is for those who use it.
package dss

import (
	"crypto/sha1" //nolint:gosec // names of /VRI entries, no security rests on it
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// Limits of a store. Entries beyond them are ignored with a warning.
const (
	maxEntries = 1000      // of each kind
	maxCert    = 64 << 10  // bytes
	maxOCSP    = 256 << 10 // bytes
	maxCRL     = 64 << 20  // bytes
	maxTotal   = 128 << 20 // bytes of all entries
)

// Store is the content of a /DSS, deduplicated, in file order.
type Store struct {
	Certs, OCSPs, CRLs [][]byte
	VRI                map[string]VRI // upper-case hex SHA-1 of /Contents
	Warnings           []string       // entries ignored, and why
}

// VRI is one entry of /VRI.
type VRI struct{ Certs, OCSPs, CRLs [][]byte }

// Key names the /VRI entry of a signature by its /Contents, padding included.
func Key(contents []byte) string {
	sum := sha1.Sum(contents) //nolint:gosec // see the import
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// AddCert adds a certificate (DER) to the store and, if it is not nil, to vri.
func (s *Store) AddCert(vri *VRI, der []byte) {
	s.Certs = with(s.Certs, der)
	if vri != nil {
		vri.Certs = with(vri.Certs, der)
	}
}

// AddOCSP adds an OCSPResponse likewise.
func (s *Store) AddOCSP(vri *VRI, der []byte) {
	s.OCSPs = with(s.OCSPs, der)
	if vri != nil {
		vri.OCSPs = with(vri.OCSPs, der)
	}
}

// AddCRL adds a CertificateList likewise.
func (s *Store) AddCRL(vri *VRI, der []byte) {
	s.CRLs = with(s.CRLs, der)
	if vri != nil {
		vri.CRLs = with(vri.CRLs, der)
	}
}

// SetVRI sets the /VRI entry of the signature with these /Contents.
func (s *Store) SetVRI(contents []byte, v VRI) {
	if s.VRI == nil {
		s.VRI = map[string]VRI{}
	}
	s.VRI[Key(contents)] = v
}

// Holds tells whether everything of other is in s, entries of /VRI by name.
func (s *Store) Holds(other *Store) bool {
	for key := range other.VRI {
		if _, ok := s.VRI[key]; !ok {
			return false
		}
	}
	return holds(s.Certs, other.Certs) && holds(s.OCSPs, other.OCSPs) && holds(s.CRLs, other.CRLs)
}

func holds(have, want [][]byte) bool {
	return !slices.ContainsFunc(want, func(w []byte) bool { return !contains(have, w) })
}

func contains(list [][]byte, b []byte) bool {
	return slices.ContainsFunc(list, func(e []byte) bool { return slices.Equal(e, b) })
}

func with(list [][]byte, b []byte) [][]byte {
	if contains(list, b) {
		return list
	}
	return append(list, b)
}

// kinds of entries, in the order of the standard's Table 261.
var kinds = []struct {
	store, vri pdf.Name
	max        int64
}{
	{"Certs", "Cert", maxCert},
	{"OCSPs", "OCSP", maxOCSP},
	{"CRLs", "CRL", maxCRL},
}

func (s *Store) list(kind int) *[][]byte { return []*[][]byte{&s.Certs, &s.OCSPs, &s.CRLs}[kind] }
func (v *VRI) list(kind int) *[][]byte   { return []*[][]byte{&v.Certs, &v.OCSPs, &v.CRLs}[kind] }

// reader holds what one Read or Add has seen.
type reader struct {
	f     *pdf.File
	store *Store
	total int64
	refs  map[pdf.Ref][]byte // decoded streams
	first map[string]pdf.Ref // by kind and content: the stream that holds it
}

// Read returns the store of f (empty when there is none). Bad entries are
// ignored with a warning, never a panic. The error is one of reading the
// catalog.
func Read(f *pdf.File) (*Store, error) {
	r, err := read(f)
	if err != nil {
		return nil, err
	}
	return r.store, nil
}

func read(f *pdf.File) (*reader, error) {
	r := &reader{f: f, store: &Store{VRI: map[string]VRI{}}, refs: map[pdf.Ref][]byte{}, first: map[string]pdf.Ref{}}
	catalog, _, err := f.Catalog()
	if err != nil {
		return nil, err
	}
	d, err := f.Dict(catalog.Get("DSS"))
	if err != nil {
		r.warn("/DSS: %v", err)
		return r, nil
	}
	if d == nil {
		return r, nil
	}
	for i, k := range kinds {
		*r.store.list(i) = r.entries(d, k.store, i)
	}
	r.readVRI(d)
	return r, nil
}

func (r *reader) warn(format string, args ...any) {
	// A hostile file may have any number of bad entries.
	if len(r.store.Warnings) < maxEntries {
		r.store.Warnings = append(r.store.Warnings, fmt.Sprintf(format, args...))
	}
}

// entries decodes the streams of an array.
func (r *reader) entries(d *pdf.Dict, key pdf.Name, kind int) [][]byte {
	a, err := r.f.Array(d.Get(key))
	if err != nil {
		r.warn("/%s: %v", key, err)
		return nil
	}
	if len(a) > maxEntries {
		r.warn("/%s has %d entries, only %d are read", key, len(a), maxEntries)
		a = a[:maxEntries]
	}
	var out [][]byte
	seen := map[string]bool{}
	for i, o := range a {
		b, err := r.entry(o, kind)
		if err != nil {
			r.warn("/%s entry %d: %v", key, i, err)
			continue
		}
		if !seen[string(b)] {
			seen[string(b)] = true
			out = append(out, b)
		}
	}
	return out
}

func (r *reader) entry(o pdf.Object, kind int) ([]byte, error) {
	ref, ok := o.(pdf.Ref)
	if !ok {
		return nil, errors.New("not a reference to a stream")
	}
	if b, ok := r.refs[ref]; ok {
		return b, nil
	}
	s, err := r.f.Stream(ref)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return nil, errors.New("no stream")
	}
	limit := min(kinds[kind].max, maxTotal-r.total)
	if limit <= 0 {
		return nil, fmt.Errorf("the store has more than %d bytes", maxTotal)
	}
	b, err := s.Decode(limit)
	if err != nil {
		return nil, err
	}
	if len(b) == 0 {
		return nil, errors.New("empty")
	}
	r.total += int64(len(b))
	r.refs[ref] = b
	name := string(kinds[kind].store) + "\x00" + string(b)
	if _, ok := r.first[name]; !ok {
		r.first[name] = ref
	}
	return b, nil
}

func (r *reader) readVRI(d *pdf.Dict) {
	vri, err := r.f.Dict(d.Get("VRI"))
	if err != nil {
		r.warn("/VRI: %v", err)
		return
	}
	if vri == nil {
		return
	}
	n := 0
	for key, o := range vri.All() {
		if n++; n > maxEntries {
			r.warn("/VRI has more than %d entries", maxEntries)
			return
		}
		if key == "Type" {
			continue
		}
		e, err := r.f.Dict(o)
		if err != nil || e == nil {
			r.warn("/VRI /%s is no dictionary", key)
			continue
		}
		var v VRI
		for i, k := range kinds {
			*v.list(i) = r.entries(e, k.vri, i)
		}
		r.store.VRI[strings.ToUpper(string(key))] = v
	}
}
