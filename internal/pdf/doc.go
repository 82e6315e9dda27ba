// Package pdf reads PDF files lazily and appends incremental updates to them.
//
// Open reads the last cross-reference chain and nothing else; objects are
// parsed when they are asked for. The package knows objects, revisions, pages
// and form fields, and nothing of signatures. Every number taken from a file
// is bounded by the file or by a named limit (limits.go) before it is used.
//
// A File is safe for concurrent reads; an Update is not.
package pdf
