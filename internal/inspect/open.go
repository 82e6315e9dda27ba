package inspect

import (
	"context"
	"io"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// Look opens a document and inspects it. The password is that of an encrypted
// one, nil where there is none. Errors are those of package pdf, and those of
// Inspect.
func Look(ctx context.Context, r io.ReaderAt, size int64, password []byte, o Options) (*Report, error) {
	f, err := pdf.Open(ctx, r, size, pdf.OpenOptions{Password: password})
	if err != nil {
		return nil, err
	}
	return Inspect(ctx, f, o)
}
