// Package corpus has no code: its test opens, signs and verifies every file of
// the shared corpus of real PDFs with the program itself, asks qpdf, pdfsig and
// mutool what they think of the result, and keeps docs/corpus.md.
//
// Another test does the same to what other programs signed, of which each kind
// is in testdata/signed or made on the spot.
package corpus
