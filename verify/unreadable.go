package verify

import (
	"context"
	"crypto"
	"errors"
	"fmt"

	"github.com/kyso-vn/kyso/internal/byterange"
	"github.com/kyso-vn/kyso/internal/pdf"
)

// unreadable reports a file that does not open. One that bears marks of a
// signature is invalid: it is never called unsigned.
func (v *verifier) unreadable(ctx context.Context, openErr error) error {
	if err := lookError(openErr); err != nil {
		return fmt.Errorf("verify: open: %w", err)
	}
	if err := v.read(ctx, byterange.NewPass(v.size, nil, crypto.SHA256)); err != nil {
		return err
	}
	v.rep.Verdict = Unreadable
	var password *pdf.PasswordError
	var limit *pdf.LimitError
	switch {
	case errors.As(openErr, &password):
		v.fileReason(CodePassword, "the file is encrypted and no password given opens it")
		return nil
	case errors.As(openErr, &limit):
		v.fileReason(Code(limit.Name), openErr.Error())
	default:
		v.fileReason(CodeUnreadable, "the file can't be read as PDF: "+openErr.Error())
	}
	for i, at := range v.marks {
		if i == MaxSignatures {
			v.fileReason(CodeLimitSignatures, fmt.Sprintf("more than %d traces of signatures", MaxSignatures))
			break
		}
		rec := &record{origin: fromMark, kind: KindSignature, coverage: InvalidRange, revision: -1}
		rec.find(CodeUnreadable, "the file can't be read, so the signature at byte %d can't be judged", at)
		v.recs = append(v.recs, rec)
	}
	if len(v.recs) > 0 {
		v.fileReason(CodeSignatureMarks, "the file bears traces of signatures")
		v.report()
		v.rep.Verdict = Invalid
	}
	return nil
}
