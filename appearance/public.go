package appearance

import (
	"context"
	"io"

	"github.com/kyso-vn/kyso/internal/pagetext"
	"github.com/kyso-vn/kyso/internal/pdf"
)

// Types of the arguments that live inside the module. Their fields and methods
// are as public as these names.
type (
	// Document is an opened file, for Place.Resolve.
	Document = pdf.File
	// Page is one of its pages.
	Page = pdf.Page
	// Update is a revision to come, for Mark.Add: Document.NewUpdate.
	Update = pdf.Update
	// Ref is the number of an object.
	Ref = pdf.Ref
	// Dict is a dictionary of PDF.
	Dict = pdf.Dict
	// Match is a phrase that a TextFinder found.
	Match = pagetext.Match
)

// OpenDocument opens a file. It reads the last revision's tables and no page;
// r is in use as long as the Document. An encrypted file needs its password.
func OpenDocument(ctx context.Context, r io.ReaderAt, size int64, password []byte) (*Document, error) {
	return pdf.Open(ctx, r, size, pdf.OpenOptions{Password: password})
}
