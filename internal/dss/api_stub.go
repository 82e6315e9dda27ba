// Package dss reads and adds the document security store (ISO 32000-2, 12.8.4.3).
package dss

import (
	"github.com/kyso-vn/kyso/internal/pdf"
)

// Store is the content of a /DSS, deduplicated, in file order.
type Store struct {
	Certs, OCSPs, CRLs [][]byte
	VRI                map[string]VRI // upper-case hex SHA-1 of /Contents
	Warnings           []string       // entries ignored, and why
}

// VRI is one entry of /VRI.
type VRI struct{ Certs, OCSPs, CRLs [][]byte }

// Read returns the store of f (empty when there is none). Bad entries are
// ignored with a warning, never a panic.
func Read(f *pdf.File) (*Store, error) { panic("stub") }

// Add adds to u what s has and the file's store lacks.
func Add(f *pdf.File, u *pdf.Update, s *Store) error { panic("stub") }
