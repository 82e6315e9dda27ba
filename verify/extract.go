package verify

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"io"
)

// Evidence is what a signature is made of, for other tools to look at. Nothing
// of it is sounder than the judgement of the signature says.
type Evidence struct {
	// End is the byte behind the signed revision, which is the file up to it;
	// 0: the range is not sound or ends nowhere.
	End int64
	// Container is the CMS of /Contents, without the padding; nil: none that
	// can be read.
	Container []byte
	// Certificates are those of the container and of the path, each once. Other
	// reports share them: they are only to be read.
	Certificates []*x509.Certificate
}

// Evidence gives what the signature is made of.
func (s *Signature) Evidence() Evidence { return s.evidence }

// Extract writes the evidence of every signature to files that create opens:
// signature-1.pdf (the signed revision), signature-1.p7s (the container),
// signature-1-cert-1.cer (certificates, DER), numbered as in the report. r is
// the file of the report. What create gives may have a method Abort, which is
// called in place of Close when it could not be written whole. What a signature lacks is left out. Names are safe:
// nothing of the file goes into them.
func Extract(ctx context.Context, r io.ReaderAt, rep *Report, create func(name string) (io.WriteCloser, error)) error {
	for i := range rep.Signatures {
		e := rep.Signatures[i].evidence
		base := fmt.Sprintf("signature-%d", i+1)
		if e.End > 0 {
			if err := write(create, base+".pdf", &reading{ctx, io.NewSectionReader(r, 0, e.End)}); err != nil {
				return err
			}
		}
		if e.Container != nil {
			if err := write(create, base+".p7s", bytes.NewReader(e.Container)); err != nil {
				return err
			}
		}
		for k, c := range e.Certificates {
			if err := write(create, fmt.Sprintf("%s-cert-%d.cer", base, k+1), bytes.NewReader(c.Raw)); err != nil {
				return err
			}
		}
	}
	return nil
}

func write(create func(name string) (io.WriteCloser, error), name string, from io.Reader) error {
	w, err := create(name)
	if err != nil {
		return fmt.Errorf("verify: extract %s: %w", name, err)
	}
	_, err = io.Copy(w, from)
	if a, ok := w.(interface{ Abort() }); ok && err != nil {
		a.Abort()
		return fmt.Errorf("verify: extract %s: %w", name, err)
	}
	if closeErr := w.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("verify: extract %s: %w", name, err)
	}
	return nil
}

// reading ends with the context.
type reading struct {
	ctx context.Context
	r   io.Reader
}

func (r *reading) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(b)
}

// unique leaves out certificates that come again.
func unique(list []*x509.Certificate) (out []*x509.Certificate) {
	seen := make(map[string]bool)
	for _, c := range list {
		if c != nil && !seen[string(c.Raw)] {
			seen[string(c.Raw)] = true
			out = append(out, c)
		}
	}
	return out
}
