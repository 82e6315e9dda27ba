package sign

import (
	"context"
	"crypto"
	"errors"
	"fmt"

	"github.com/kyso-vn/kyso/internal/byterange"
	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/tsp"
)

// Result of Finish, Extend and Timestamp.
type Result struct {
	Level                     Level
	Bytes                     int64
	InputSHA256, OutputSHA256 [32]byte
	Digest                    crypto.Hash
	Scheme                    cms.Scheme
	Timestamp                 *tsp.Token // of the signature, or the last document timestamp; nil: none
	TSA                       string     // subject of the TSA's certificate
	Warnings                  []string
	Signatures                int // in the output, this one included
	Added                     int // revisions written
	// Old has digested the bytes of the input as they were read back from the
	// output: a check of the output can go on from there.
	Old *byterange.Pass
}

// Finish copies and hashes the document to w in one pass, asks the key once,
// timestamps, splices, and checks the output. w must be empty and is read
// back and held against the input; after an error it holds nothing of use. A second call is ErrUsed.
// Errors: *LevelError, *RefusedError, ErrSelfCheck, those of the key, of
// reading and writing.
func (p *Prepared) Finish(ctx context.Context, key crypto.Signer, w Output) (*Result, error) {
	if !p.used.CompareAndSwap(false, true) {
		return nil, ErrUsed
	}
	r := &run{
		out: newOutput(w, p.o.Hash), random: p.o.Rand, password: p.o.Password, earlier: p.earlier,
		pool: p.o.Pool, validation: p.o.Validation, sources: newSources(p.o.Validation), now: p.o.Now,
		tsSize: p.o.TSSize, maxSize: p.o.MaxSize, intermediates: p.o.Chain,
		res: &Result{Level: BB, Digest: p.o.Hash},
	}
	if err := r.out.copyFrom(ctx, p.in, p.inSize, p.earlier); err != nil {
		return nil, err
	}
	r.res.InputSHA256 = r.out.sum256()
	if err := p.signInto(ctx, key, r); err != nil {
		return nil, err
	}
	if err := p.raise(ctx, r); err != nil {
		return nil, err
	}
	return r.result(), nil
}

// signInto makes the signature's revision.
func (p *Prepared) signInto(ctx context.Context, key crypto.Signer, r *run) error {
	digest, err := r.out.rangeDigest(p.o.Hash, p.update, p.update.rendered.Bytes)
	if err != nil {
		return err
	}
	request := p.request()
	request.Signer, request.Digest = key, digest
	signed, err := cms.Sign(ctx, request)
	if err != nil {
		return fmt.Errorf("sign: %w", err)
	}
	token, err := p.timestamp(ctx, signed, r)
	if err != nil {
		return err
	}
	der, err := p.spliceSigned(signed, token, r)
	if err != nil {
		return err
	}
	if err := r.append(p.update); err != nil {
		return err
	}
	if r.res.Scheme = signed.Scheme(); p.o.Unchecked && p.o.Level < BLT && !r.oversize {
		r.res.Signatures = len(r.earlier) + 1
		_, err = r.readBack(p.update)
		return err
	}
	return r.check(ctx, p.update, der, p.o.Certificate)
}

// timestamp asks for the token of the signature; nil when none is wanted or
// the level may be lower.
func (p *Prepared) timestamp(ctx context.Context, signed *cms.Signed, r *run) (*tsp.Token, error) {
	if p.o.Level < BT {
		return nil, nil
	}
	token, err := p.o.Pool.Timestamp(ctx, signed.SignatureValue())
	if err != nil {
		return nil, r.lower(p.o.Level, BB, p.o.AllowLower, err)
	}
	return token, nil
}

// spliceSigned puts the container in the gap. A token that does not fit is
// left out, and the document timestamp that raise then adds proves the time
// instead (EN 319 142-1, 6.3: one or the other), with room for a token as
// large as this one: the key is not asked again.
func (p *Prepared) spliceSigned(signed *cms.Signed, token *tsp.Token, r *run) ([]byte, error) {
	if token != nil {
		signed.SetTimestamp(token.Raw)
		der, err := signed.Marshal()
		if err != nil {
			return nil, fmt.Errorf("sign: %w", err)
		}
		err = byterange.Splice(p.update.rendered, der)
		var size *byterange.SizeError
		switch {
		case err == nil:
			r.res.Level = BT
			r.setTimestamp(token)
			return der, nil
		case !errors.As(err, &size):
			return nil, err
		}
		signed.SetTimestamp(nil)
		r.tsSize = len(token.Raw)
		r.oversize = true
		r.res.Warnings = append(r.res.Warnings, fmt.Sprintf(
			"the timestamp has %d bytes and %d were kept for it; a document timestamp proves the time instead", len(token.Raw), tokenRoom(p.o.TSSize)))
	}
	der, err := signed.Marshal()
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return der, byterange.Splice(p.update.rendered, der)
}

// raise adds the revisions of the higher levels.
func (p *Prepared) raise(ctx context.Context, r *run) error {
	if r.oversize {
		if err := r.documentTimestamp(ctx); err != nil {
			return r.lower(p.o.Level, BB, p.o.AllowLower, err)
		}
		r.res.Level = BT
	}
	if p.o.Level < BLT || r.res.Level < BT {
		return nil
	}
	if err := r.addValidationData(ctx); err != nil {
		return r.lower(p.o.Level, BT, p.o.AllowLower, err)
	}
	r.res.Level = BLT
	if p.o.Level < BLTA {
		return nil
	}
	if err := r.documentTimestamp(ctx); err != nil {
		return r.lower(p.o.Level, BLT, p.o.AllowLower, err)
	}
	r.res.Level = BLTA
	return nil
}
