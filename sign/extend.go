package sign

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"io"
	"time"

	"github.com/kyso-vn/kyso/internal/pdf"
	"github.com/kyso-vn/kyso/internal/tsp"
)

// ErrUnsigned: there is no signature to extend.
var ErrUnsigned = errors.New("sign: the document has no signature")

// ExtendOptions for Extend and Timestamp. Pool is required where a document
// timestamp is made, Validation for BLT and BLTA.
type ExtendOptions struct {
	Level      Level // 0: BLTA; ignored by Timestamp
	AllowLower bool
	Pool       *tsp.Pool
	Validation *Validation
	// Intermediates help where a signature does not carry its chain.
	Intermediates []*x509.Certificate
	Password      []byte
	MaxSize       int64 // of the output, bytes; 0: none
	Now           func() time.Time
	Rand          io.Reader
	TSSize        int // expected size of a token, bytes; 0: tsp.GuessSize
}

// Extend copies a signed document to w and appends what raises its signatures
// to the level: a document timestamp where the time of a signature is not
// proven yet, validation data, the archive timestamp. A file that is B-LTA gets
// the validation data of its last TSA and then the next document timestamp.
// Earlier signatures stay as they are, whoever made them; nothing that exists
// is changed. Result.Added is 0 when the level was there already (w is then a
// copy). Errors: ErrUnsigned, *LevelError, *RefusedError, ErrSelfCheck.
func Extend(ctx context.Context, in io.ReaderAt, size int64, w Output, o ExtendOptions) (*Result, error) {
	if o.Level == 0 {
		o.Level = BLTA
	}
	if o.Level >= BLT && o.Validation == nil {
		return nil, &LevelError{Want: o.Level, Have: BB, Err: errors.New("no trust anchors and revocation sources are given")}
	}
	r, err := begin(ctx, in, size, w, &o)
	if err != nil {
		return nil, err
	}
	if len(r.earlier) == 0 {
		return nil, ErrUnsigned
	}
	if err := r.extend(ctx, &o); err != nil {
		return nil, err
	}
	return r.result(), nil
}

// Timestamp copies a document, signed or not, to w and appends a document
// timestamp over all of it.
func Timestamp(ctx context.Context, in io.ReaderAt, size int64, w Output, o ExtendOptions) (*Result, error) {
	if o.Pool == nil {
		return nil, errors.New("sign: a document timestamp needs a TSA")
	}
	r, err := begin(ctx, in, size, w, &o)
	if err != nil {
		return nil, err
	}
	if err := r.documentTimestamp(ctx); err != nil {
		return nil, err
	}
	return r.result(), nil
}

// begin opens the input, asks what it permits, and copies it.
func begin(ctx context.Context, in io.ReaderAt, size int64, w Output, o *ExtendOptions) (*run, error) {
	f, err := pdf.Open(ctx, in, size, pdf.OpenOptions{Password: o.Password})
	if err != nil {
		return nil, damaged(err)
	}
	sigs, _, err := signatures(f)
	if err != nil {
		return nil, err
	}
	// Document timestamps and validation data are permitted by every
	// certification level (ISO 32000-2, 12.8.2.2.2) and by locks; only an
	// encrypted file can forbid the new field.
	if err := checkPermissions(f, true, false); err != nil {
		return nil, err
	}
	r := &run{
		out: newOutput(w, crypto.SHA256), password: o.Password, earlier: sigs,
		pool: o.Pool, validation: o.Validation, sources: newSources(o.Validation), now: orNow(o.Now), random: orRand(o.Rand),
		tsSize: o.TSSize, maxSize: o.MaxSize, intermediates: o.Intermediates,
		res: &Result{Level: BB, Digest: crypto.SHA256, Signatures: len(sigs)},
	}
	if err := r.out.copyFrom(ctx, in, size, sigs); err != nil {
		return nil, err
	}
	r.res.InputSHA256 = r.out.sum256()
	return r, nil
}

func (r *run) extend(ctx context.Context, o *ExtendOptions) error {
	proven, err := r.timeProven()
	if err != nil {
		return err
	}
	if !proven && o.Level >= BT {
		if err := r.archive(ctx, o.Level, BB, o.AllowLower); err != nil || r.res.Added == 0 {
			return err
		}
	}
	r.res.Level = BT
	if o.Level < BLT {
		return nil
	}
	if err := r.addValidationData(ctx); err != nil {
		return r.lower(o.Level, BT, o.AllowLower, err)
	}
	r.res.Level = BLT
	if o.Level < BLTA {
		return nil
	}
	added := r.res.Added
	if err := r.archive(ctx, o.Level, BLT, o.AllowLower); err != nil || r.res.Added == added {
		return err
	}
	r.res.Level = BLTA
	return nil
}

func (r *run) archive(ctx context.Context, want, have Level, allowLower bool) error {
	if r.pool == nil {
		return r.lower(want, have, allowLower, errors.New("no TSA is given"))
	}
	if err := r.documentTimestamp(ctx); err != nil {
		return r.lower(want, have, allowLower, err)
	}
	return nil
}

// timeProven tells whether each signature has a timestamp of its own or a
// document timestamp behind it.
func (r *run) timeProven() (bool, error) {
	var lastTimestamp int64
	for i := range r.earlier {
		if r.earlier[i].isTimestamp() {
			lastTimestamp = max(lastTimestamp, r.earlier[i].end())
		}
	}
	for i := range r.earlier {
		s := &r.earlier[i]
		if s.end() <= lastTimestamp {
			continue
		}
		c, err := s.carries()
		if err != nil {
			return false, &RefusedError{ReasonBrokenSignature, "the signature in field " + s.field.Name + " can't be read", err}
		}
		if len(c.tokens) == 0 {
			return false, nil
		}
	}
	return true, nil
}
