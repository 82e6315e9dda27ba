package sign

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/dss"
	"github.com/kyso-vn/kyso/internal/revocation"
	"github.com/kyso-vn/kyso/internal/tsp"
)

// addValidationData appends a revision with the certificates and revocation
// data of every signature and timestamp in the output. EN 319 142-1, 5.4.2.
// Nothing is appended when the file holds all of it already.
func (r *run) addValidationData(ctx context.Context) error {
	f, err := r.open(ctx)
	if err != nil {
		return err
	}
	have, err := dss.Read(f)
	if err != nil {
		return damaged(err)
	}
	if r.sources != nil {
		r.sources.held = have
	}
	store := &dss.Store{}
	for i := range r.earlier {
		if r.settled(ctx, &r.earlier[i], have) {
			continue
		}
		if err := r.collect(ctx, &r.earlier[i], store); err != nil {
			return fmt.Errorf("validation data for the signature in field %s: %w", r.earlier[i].field.Name, err)
		}
	}
	if have.Holds(store) {
		return nil
	}
	u := f.NewUpdate()
	u.Rand = r.random
	if err := dss.Add(f, u, store); err != nil {
		return damaged(err)
	}
	if err := declareLTV(f, u); err != nil {
		return damaged(err)
	}
	id := make([]byte, 16)
	if _, err := io.ReadFull(r.random, id); err != nil {
		return fmt.Errorf("file identifier: %w", err)
	}
	rendered, err := u.Render(id)
	if err != nil {
		return damaged(err)
	}
	if err := r.append(&slotUpdate{rendered: rendered}); err != nil {
		return err
	}
	return r.checkStore(ctx, store)
}

// checkStore reads back what was added, and every signature.
func (r *run) checkStore(ctx context.Context, want *dss.Store) error {
	f, err := r.open(ctx)
	if err != nil {
		return err
	}
	have, err := dss.Read(f)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSelfCheck, err)
	}
	if !have.Holds(want) {
		return fmt.Errorf("%w: the validation data is not in the file", ErrSelfCheck)
	}
	sigs, _, err := signatures(f)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSelfCheck, err)
	}
	if len(sigs) != len(r.earlier) {
		return fmt.Errorf("%w: %d signatures, want %d", ErrSelfCheck, len(sigs), len(r.earlier))
	}
	return nil
}

// collect adds what proves one signature and its timestamp.
func (r *run) collect(ctx context.Context, s *signature, store *dss.Store) error {
	var vri dss.VRI
	defer func() {
		if r.validation.VRI {
			store.SetVRI(s.contents, vri)
		}
	}()
	if s.isTimestamp() {
		token, err := tsp.Parse(s.contents)
		if err != nil {
			return err
		}
		return r.collectToken(ctx, token, store, &vri)
	}
	c, err := s.carries(r.intermediates...)
	if err != nil {
		return err
	}
	if c.cert == nil {
		return errors.New("the signer's certificate is not in the signature")
	}
	if err := r.collectPath(ctx, c.cert, c.bag, certpath.Signing, store, &vri); err != nil {
		return fmt.Errorf("signer %s: %w", c.cert.Subject.CommonName, err)
	}
	for _, v := range c.tokens {
		token, err := tsp.Parse(v)
		if err != nil {
			return err
		}
		if err := r.collectToken(ctx, token, store, &vri); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) collectToken(ctx context.Context, t *tsp.Token, store *dss.Store, vri *dss.VRI) error {
	if t.Certificate == nil {
		return errors.New("the TSA's certificate is not in its token")
	}
	if err := r.collectPath(ctx, t.Certificate, t.CMS.Certificates, certpath.Timestamping, store, vri); err != nil {
		return fmt.Errorf("TSA %s: %w", t.Certificate.Subject.CommonName, err)
	}
	return nil
}

// collectPath validates a path now and adds its certificates and the data that
// showed each of them good. Not knowing is a failure: the level promises that
// a verifier needs nothing else.
func (r *run) collectPath(ctx context.Context, leaf *x509.Certificate, bag []*x509.Certificate, purpose certpath.Purpose, store *dss.Store, vri *dss.VRI) error {
	used := &revocation.Evidence{}
	path, err := r.sources.build(ctx, leaf, certpath.Options{
		Intermediates: slices.Concat(bag, r.intermediates), Time: r.now(), Purpose: purpose,
	}, used)
	if err != nil {
		return err
	}
	for i, s := range path.Statuses[:min(len(path.Statuses), len(path.Certificates)-1)] {
		if s.State != certpath.Good {
			return fmt.Errorf("the revocation status of %s is not known: %w",
				path.Certificates[i].Subject.CommonName, errors.Join(errNotGood, s.Err))
		}
	}
	for _, c := range append(append([]*x509.Certificate(nil), path.Certificates...), used.Certs...) {
		store.AddCert(vri, c.Raw)
	}
	for _, o := range used.OCSPs {
		store.AddOCSP(vri, o)
	}
	for _, c := range used.CRLs {
		store.AddCRL(vri, c)
	}
	return nil
}

// errNotGood: no source said good.
var errNotGood = errors.New("no OCSP response or CRL says good")
