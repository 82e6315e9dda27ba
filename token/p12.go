package token

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"time"
	"unicode/utf8"
	"unsafe"

	"software.sslmate.com/src/go-pkcs12"
)

// maxKeyFile bounds a key file.
const maxKeyFile = 16 << 20

// OpenPKCS12 reads a .p12: the key, and the other certificates of the file. Old
// files (RC2, 3DES) and new ones (AES) both work. A wrong password is an
// *AuthError (incorrect). The password is not cleared: the caller may want to
// read a second file.
func OpenPKCS12(data []byte, password *PIN) (*Key, []*x509.Certificate, error) {
	if len(data) > maxKeyFile {
		return nil, nil, errors.New("token: the key file is too large")
	}
	b := password.bytes()
	if !utf8.Valid(b) {
		return nil, nil, &AuthError{Kind: "incorrect", Retries: -1, Err: errors.New("the password is not UTF-8")}
	}
	// The decoder wants a string; this one shares the PIN's bytes, so that
	// clearing the PIN clears it. What the decoder derives from it is its own.
	key, cert, chain, err := pkcs12.DecodeChain(data, unsafe.String(unsafe.SliceData(b), len(b)))
	if errors.Is(err, pkcs12.ErrIncorrectPassword) {
		return nil, nil, &AuthError{Kind: "incorrect", Retries: -1, Err: err}
	}
	if err != nil {
		return nil, nil, fmt.Errorf("token: PKCS#12: %w", err)
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, nil, fmt.Errorf("token: PKCS#12: %T does not sign", key)
	}
	k, err := fileKey(signer, append([]*x509.Certificate{cert}, chain...))
	if err != nil {
		return nil, nil, err
	}
	return k, others(k.Entry.Certificate, append([]*x509.Certificate{cert}, chain...)), nil
}

// fileKey pairs a key with its certificate: by public key, as with tokens.
func fileKey(signer crypto.Signer, certs []*x509.Certificate) (*Key, error) {
	for _, c := range certs {
		if samePublic(signer.Public(), c.PublicKey) {
			e := Entry{Certificate: c, Raw: c.Raw, HasPrivateKey: true}
			return &Key{Signer: fileSigner{signer, c}, Entry: e, Way: "file"}, nil
		}
	}
	return nil, fmt.Errorf("token: no certificate belongs to the key: %w", ErrMismatch)
}

func others(own *x509.Certificate, certs []*x509.Certificate) []*x509.Certificate {
	var out []*x509.Certificate
	for _, c := range certs {
		if !c.Equal(own) {
			out = append(out, c)
		}
	}
	return out
}

// Judge fills in Usable and Reasons of a key file's entry at a time; List does
// it for tokens.
func (e *Entry) Judge(now time.Time) { e.judge(now) }

// fileSigner checks its signatures as the tokens' are.
type fileSigner struct {
	crypto.Signer
	cert *x509.Certificate
}

func (s fileSigner) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if _, err := SchemeOf(s.cert.PublicKey, opts); err != nil {
		return nil, err
	}
	if len(digest) != opts.HashFunc().Size() {
		return nil, ErrScheme
	}
	if random == nil { // a token needs none, so callers give none
		random = rand.Reader
	}
	opts = plainOptions(opts)
	sig, err := s.Signer.Sign(random, digest, opts)
	if err != nil {
		return nil, fmt.Errorf("token: %w", err)
	}
	if err := checkSignature(s.cert.PublicKey, digest, sig, opts); err != nil {
		return nil, err
	}
	return sig, nil
}
