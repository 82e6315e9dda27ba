package cms

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"

	"github.com/kyso-vn/kyso/internal/sigcache"
)

// Request says what to sign.
type Request struct {
	Signer      crypto.Signer
	Certificate *x509.Certificate     // required
	Chain       []*x509.Certificate   // embedded after Certificate
	Hash        crypto.Hash           // 0: SHA-256 (P-384: SHA-384, P-521: SHA-512)
	Scheme      Scheme                // 0: PKCS1v15 for RSA, ECDSA for EC
	Digest      []byte                // of the detached content, by Hash
	ContentType asn1.ObjectIdentifier // nil: id-data
	Rand        io.Reader             // nil: crypto/rand
}

// Signed is a signature being finished. Not safe for concurrent use.
type Signed struct {
	plan      *plan
	attrs     []byte // DER SET OF
	signature []byte
	timestamp []byte
}

// Sign asks the key exactly once and checks the answer with the certificate.
// Everything that can be refused is refused before the key is asked. Errors
// wrap ErrKeyMismatch, ErrUnsupported, ErrBadAnswer or what the key returned.
func Sign(ctx context.Context, r Request) (*Signed, error) {
	if r.Signer == nil {
		return nil, errors.New("cms: sign: no signer")
	}
	if len(r.Digest) == 0 {
		return nil, errors.New("cms: sign: no digest")
	}
	p, err := r.plan()
	if err != nil {
		return nil, err
	}
	if err := ownsCertificate(r.Signer, r.Certificate); err != nil {
		return nil, err
	}
	random := r.Rand
	if random == nil {
		random = rand.Reader
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("cms: sign: %w", err)
	}
	attrs := p.signedAttributes(r.Digest)
	digest := digestOf(p.hash, attrs)
	var opts crypto.SignerOpts = p.hash
	if p.scheme == PSS {
		opts = &rsa.PSSOptions{SaltLength: p.hash.Size(), Hash: p.hash}
	}
	signature, err := r.Signer.Sign(random, digest, opts)
	if err != nil {
		return nil, fmt.Errorf("cms: sign: %w", err)
	}
	key, err := publicKey(p.cert, p.hash)
	if err != nil {
		return nil, fmt.Errorf("cms: sign: %w", err)
	}
	v := verification{scheme: p.scheme, hash: p.hash, message: attrs, digest: digest, signature: signature}
	if p.scheme == PSS {
		v.salt = p.hash.Size()
	}
	if err := v.checkAnswer(r.Signer, key); err != nil {
		return nil, fmt.Errorf("cms: sign: %w: %w", ErrBadAnswer, err)
	}
	return &Signed{plan: p, attrs: attrs, signature: signature}, nil
}

// checker is a signer that verifies each value with a key before it gives it
// away. Package token's are.
type checker interface{ Checked() crypto.PublicKey }

// checkAnswer verifies what a signer returned, unless the signer did so with
// the same key; either way it is known to be right from here on.
func (v verification) checkAnswer(s crypto.Signer, key crypto.PublicKey) error {
	if c, ok := s.(checker); ok {
		if same, ok := c.Checked().(interface{ Equal(crypto.PublicKey) bool }); ok && same.Equal(key) {
			sigcache.Shared.Add(v.known(key))
			return nil
		}
	}
	return sigcache.Shared.Do(v.known(key), func() error { return v.check(key) })
}

// ownsCertificate compares public keys before a signature is spent on the
// wrong one. Keys that can't be compared are found out by the check after.
func ownsCertificate(s crypto.Signer, cert *x509.Certificate) error {
	pub, ok := s.Public().(interface{ Equal(crypto.PublicKey) bool })
	if ok && cert.PublicKey != nil && !pub.Equal(cert.PublicKey) {
		return fmt.Errorf("cms: sign: %w", ErrKeyMismatch)
	}
	return nil
}

// SignatureValue is what a signature timestamp covers. ETSI EN 319 122-1, 5.3.
func (s *Signed) SignatureValue() []byte { return s.signature }

// Scheme is how the key signed.
func (s *Signed) Scheme() Scheme { return s.plan.scheme }

// SetTimestamp adds the signature-time-stamp unsigned attribute; nil takes it
// away again. The token is the caller's to check.
func (s *Signed) SetTimestamp(token []byte) { s.timestamp = token }

// Marshal returns the DER ContentInfo.
func (s *Signed) Marshal() ([]byte, error) {
	if s.timestamp != nil {
		if _, err := Parse(s.timestamp); err != nil {
			return nil, fmt.Errorf("cms: timestamp token: %w", err)
		}
	}
	return s.plan.contentInfo(s.attrs, s.signature, s.timestamp), nil
}
