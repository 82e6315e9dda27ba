// Package batch runs one job over thousands of files: which files, what their
// outputs are called, what was done in an earlier run, and the order of the
// results.
//
// The common calls are Walk, Below, OpenJournal and Run. Nothing here knows of
// signatures, prints, or opens a document. A Journal is safe for concurrent
// use; the rest is plain functions.
package batch
