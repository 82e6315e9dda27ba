// Package corpus has no code: its test opens, signs and verifies every file of
// the shared corpus of real PDFs with the program itself, asks qpdf, pdfsig and
// mutool what they think of the result, and keeps docs/corpus.md.
package corpus
