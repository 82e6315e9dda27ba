package sign

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"fmt"

	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/tsp"
)

// check reads the newest revision back from the output and verifies it, and
// looks that every earlier signature stands where it stood.
//
// What it proves: our reader opens the file, finds the field and in it the
// range and container that were meant; the range is the whole file but the
// gap; the update on the disk is the one that was built, byte for byte; the
// container is a signature by the certificate over the digest of the range.
// The digest of the old bytes was taken over what was read back from the output
// and held against a checksum of the input, and is not taken a second time. An
// earlier signature covers only old bytes, which are a prefix of the output, so
// its digest can't have changed.
func (r *run) check(ctx context.Context, s *slotUpdate, der []byte, cert *x509.Certificate) error {
	f, err := r.open(ctx)
	if err != nil {
		return err
	}
	sigs, _, err := signatures(f)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSelfCheck, err)
	}
	tail, err := r.readBack(s)
	if err != nil {
		return err
	}
	mine, err := findMine(sigs, r.earlier, s)
	if err != nil {
		return err
	}
	if mine.end() != r.out.size || mine.rng != s.rng {
		return fmt.Errorf("%w: range %v, want %v of %d bytes", ErrSelfCheck, mine.rng, s.rng, r.out.size)
	}
	if !bytes.Equal(bytes.TrimRight(mine.contents, "\x00"), bytes.TrimRight(der, "\x00")) {
		return fmt.Errorf("%w: the container in the gap is not the one made", ErrSelfCheck)
	}
	if err := r.checkContainer(mine, tail, s, cert); err != nil {
		return fmt.Errorf("%w: %w", ErrSelfCheck, err)
	}
	r.earlier = sigs
	r.res.Signatures = len(sigs)
	return nil
}

// readBack returns the update as it stands in the output.
func (r *run) readBack(s *slotUpdate) ([]byte, error) {
	tail := make([]byte, len(s.rendered.Bytes))
	if err := readFull(r.out.w, tail, s.rendered.Base); err != nil {
		return nil, fmt.Errorf("%w: read back: %w", ErrSelfCheck, err)
	}
	if !bytes.Equal(tail, s.rendered.Bytes) {
		return nil, fmt.Errorf("%w: the update on the disk is not what was written", ErrSelfCheck)
	}
	return tail, nil
}

// findMine finds the new signature and holds the others against what they
// were before.
func findMine(sigs, earlier []signature, s *slotUpdate) (*signature, error) {
	if len(sigs) != len(earlier)+1 {
		return nil, fmt.Errorf("%w: %d signatures, want %d", ErrSelfCheck, len(sigs), len(earlier)+1)
	}
	old := make(map[string]*signature, len(earlier))
	for i := range earlier {
		old[earlier[i].field.Name] = &earlier[i]
	}
	var mine *signature
	for i := range sigs {
		before, ok := old[sigs[i].field.Name]
		switch {
		case !ok && sigs[i].field.Name == s.field:
			mine = &sigs[i]
		case !ok, before.rng != sigs[i].rng, !bytes.Equal(before.contents, sigs[i].contents):
			return nil, fmt.Errorf("%w: the signature in field %s changed", ErrSelfCheck, sigs[i].field.Name)
		}
	}
	if mine == nil {
		return nil, fmt.Errorf("%w: no signature in field %s", ErrSelfCheck, s.field)
	}
	return mine, nil
}

// checkContainer verifies what was read back, over the digests of the bytes
// before the update and the update as it was read back.
func (r *run) checkContainer(mine *signature, tail []byte, s *slotUpdate, cert *x509.Certificate) error {
	if mine.isTimestamp() {
		token, err := tsp.Parse(mine.contents)
		if err != nil {
			return err
		}
		digest, err := r.out.before.rangeDigest(crypto.SHA256, s, tail)
		if err != nil {
			return err
		}
		if err := token.Check(); err != nil {
			return err
		}
		return token.CheckImprintDigest(digest, crypto.SHA256)
	}
	sd, err := cms.Parse(mine.contents)
	if err != nil {
		return err
	}
	if len(sd.SignerInfos) != 1 || sd.HasEContent {
		return fmt.Errorf("%d signers", len(sd.SignerInfos))
	}
	si := sd.SignerInfos[0]
	digest, err := r.out.before.rangeDigest(si.DigestHash(), s, tail)
	if err != nil {
		return err
	}
	if err := si.CheckAttributes(oids.Data, digest); err != nil {
		return err
	}
	if err := si.CheckESS(cert); err != nil {
		return err
	}
	if err := si.VerifySignature(cert, digest); err != nil {
		return err
	}
	r.res.Scheme, _, err = si.Scheme()
	return err
}
