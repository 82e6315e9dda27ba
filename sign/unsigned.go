package sign

import (
	"fmt"
	"io"
)

// Signatures is how many signatures the document has already.
func (p *Prepared) Signatures() int { return len(p.earlier) }

// WriteUnsigned writes the document as Finish would, with an empty signature:
// what a reader will see, for a preview. The key is not needed, and Finish may
// follow.
func (p *Prepared) WriteUnsigned(w io.Writer) error {
	if _, err := io.Copy(w, io.NewSectionReader(p.in, 0, p.inSize)); err != nil {
		return fmt.Errorf("sign: copy: %w", err)
	}
	if _, err := w.Write(p.update.rendered.Bytes); err != nil {
		return fmt.Errorf("sign: write: %w", err)
	}
	return nil
}
