package sign

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/kyso-vn/kyso/internal/byterange"
	"github.com/kyso-vn/kyso/internal/pdf"
	"github.com/kyso-vn/kyso/internal/tsp"
)

// run is the work on one output: revisions are appended one behind the other.
type run struct {
	out           *output
	password      []byte
	earlier       []signature // those the output has so far
	pool          *tsp.Pool
	validation    *Validation
	sources       *sources
	now           func() time.Time
	random        io.Reader
	tsSize        int
	maxSize       int64
	intermediates []*x509.Certificate
	oversize      bool // the signature's timestamp did not fit
	res           *Result
}

func (r *run) result() *Result {
	r.res.Bytes, r.res.Old = r.out.size, r.out.old
	r.res.OutputSHA256 = r.out.sum256()
	return r.res
}

func (r *run) setTimestamp(t *tsp.Token) {
	r.res.Timestamp = t
	if t.Certificate != nil {
		r.res.TSA = t.Certificate.Subject.String()
	}
	if t.Skew.Abs() > maxSilentSkew+t.Accuracy {
		r.warnOnce(fmt.Sprintf("the timestamp server's time differs from this computer's clock by %v", t.Skew.Round(time.Second)))
	}
}

// maxSilentSkew between a TSA and this machine is nothing worth a word.
const maxSilentSkew = 5 * time.Minute

func (r *run) warnOnce(text string) {
	if !slices.Contains(r.res.Warnings, text) {
		r.res.Warnings = append(r.res.Warnings, text)
	}
}

// lower turns a failure into a warning where a lower level is allowed. What
// has nothing to do with the level stays an error: a full disk, a failed
// check, an interrupt.
func (r *run) lower(want, have Level, allowed bool, err error) error {
	var refused *RefusedError
	var write *writeError
	if errors.Is(err, ErrSelfCheck) || errors.Is(err, context.Canceled) || errors.As(err, &refused) || errors.As(err, &write) {
		return err
	}
	e := &LevelError{Want: want, Have: have, Err: err}
	if !allowed {
		return e
	}
	r.res.Warnings = append(r.res.Warnings, e.Error())
	return nil
}

// open reads the output so far with our own reader.
func (r *run) open(ctx context.Context) (*pdf.File, error) {
	f, err := pdf.Open(ctx, r.out.w, r.out.size, pdf.OpenOptions{Password: r.password})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSelfCheck, err)
	}
	return f, nil
}

func (r *run) append(s *slotUpdate) error {
	if s.rendered.Base != r.out.size {
		return fmt.Errorf("sign: internal error: update for byte %d at byte %d", s.rendered.Base, r.out.size)
	}
	if r.maxSize > 0 && r.out.size+int64(len(s.rendered.Bytes)) > r.maxSize {
		return refuse(ReasonMaxSize, "the file would have %d bytes, %d are allowed", r.out.size+int64(len(s.rendered.Bytes)), r.maxSize)
	}
	r.res.Added++
	return r.out.append(s.rendered.Bytes)
}

// documentTimestamp appends a revision with a document timestamp over
// everything before. ISO 32000-2, 12.8.5.
func (r *run) documentTimestamp(ctx context.Context) error {
	f, err := r.open(ctx)
	if err != nil {
		return err
	}
	fields, err := f.Fields()
	if err != nil {
		return damaged(err)
	}
	u := f.NewUpdate()
	m, err := newForm(f, u)
	if err != nil {
		return err
	}
	page, err := f.Page(0)
	if err != nil {
		return damaged(err)
	}
	room := tokenRoom(r.tsSize)
	contents, rng := byterange.Placeholders(room)
	// No /M, /Reason, /Cert or /Reference: EN 319 142-1, 5.4.3.
	value := u.Add(pdf.NewDict(
		pdf.Name("Type"), pdf.Name("DocTimeStamp"),
		pdf.Name("Filter"), pdf.Name("Adobe.PPKLite"),
		pdf.Name("SubFilter"), subETSITimestamp,
		pdf.Name("ByteRange"), rng,
		pdf.Name("Contents"), contents))
	s := &slot{name: freeName(fields, "Timestamp"), isNew: true, page: page}
	if err := m.addWidget(s, value, nil, nil); err != nil {
		return err
	}
	m.flush()
	su, err := renderSlot(u, s.name, room, r.random)
	if err != nil {
		return damaged(err)
	}
	digest, err := r.out.rangeDigest(crypto.SHA256, su, su.rendered.Bytes)
	if err != nil {
		return err
	}
	token, err := r.pool.TimestampDigest(ctx, digest, crypto.SHA256)
	if err != nil {
		return err
	}
	if err := byterange.Splice(su.rendered, token.Raw); err != nil {
		var size *byterange.SizeError
		if !errors.As(err, &size) || r.tsSize >= len(token.Raw) {
			return err
		}
		// No key is involved, so one more try with the size now known is fair.
		r.tsSize = len(token.Raw)
		return r.documentTimestamp(ctx)
	}
	if err := r.append(su); err != nil {
		return err
	}
	r.setTimestamp(token)
	return r.check(ctx, su, token.Raw, nil)
}
