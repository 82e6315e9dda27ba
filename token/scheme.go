package token

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"errors"
	"fmt"
)

// Scheme is how a signature is made.
type Scheme struct {
	Name      string // RSA-PKCS1v15-SHA256, RSA-PSS-SHA256, ECDSA-P256-SHA256
	Mechanism string // the CKM_ that a token needs for it
	// Listed: Thông tư 15/2025/TT-BKHCN, Phụ lục I 1.2 and 1.3 name it: RSA-PSS
	// from 2048 bits or ECDSA from 256 bits, with SHA-256, 384 or 512. PKCS #1
	// v1.5 is not in that list, though widely in use.
	Listed bool
}

// ErrScheme: the key cannot sign as asked.
var ErrScheme = errors.New("token: no such signature scheme for this key")

// SchemeOf names the scheme that a key and the options of crypto.Signer mean.
func SchemeOf(pub crypto.PublicKey, opts crypto.SignerOpts) (Scheme, error) {
	if opts == nil {
		return Scheme{}, ErrScheme
	}
	hash := map[crypto.Hash]string{crypto.SHA256: "SHA256", crypto.SHA384: "SHA384", crypto.SHA512: "SHA512"}[opts.HashFunc()]
	if hash == "" {
		return Scheme{}, fmt.Errorf("%w: hash %v", ErrScheme, opts.HashFunc())
	}
	switch k := pub.(type) {
	case *rsa.PublicKey:
		if _, ok := opts.(*rsa.PSSOptions); ok {
			return Scheme{"RSA-PSS-" + hash, "CKM_RSA_PKCS_PSS", k.N.BitLen() >= 2048}, nil
		}
		return Scheme{"RSA-PKCS1v15-" + hash, "CKM_RSA_PKCS", false}, nil
	case *ecdsa.PublicKey:
		bits := k.Curve.Params().BitSize
		return Scheme{fmt.Sprintf("ECDSA-P%d-%s", bits, hash), "CKM_ECDSA", bits >= 256}, nil
	}
	return Scheme{}, fmt.Errorf("%w: %T", ErrScheme, pub)
}

// SchemeOf names the scheme that Sign would use with these options.
func (k *Key) SchemeOf(opts crypto.SignerOpts) (Scheme, error) { return SchemeOf(k.Public(), opts) }

// saltLength: RFC 4055, 3.1 asks for that of the hash; auto means it too.
func saltLength(o *rsa.PSSOptions) int {
	if o.SaltLength > 0 {
		return o.SaltLength
	}
	return o.Hash.Size()
}

// plainOptions makes the options explicit, as crypto11 wants them.
func plainOptions(opts crypto.SignerOpts) crypto.SignerOpts {
	if o, ok := opts.(*rsa.PSSOptions); ok {
		return &rsa.PSSOptions{SaltLength: saltLength(o), Hash: o.Hash}
	}
	return opts.HashFunc()
}

// checkSignature verifies what a token made before anybody uses it.
func checkSignature(pub crypto.PublicKey, digest, sig []byte, opts crypto.SignerOpts) error {
	switch k := pub.(type) {
	case *rsa.PublicKey:
		var err error
		if o, ok := opts.(*rsa.PSSOptions); ok {
			err = rsa.VerifyPSS(k, o.Hash, digest, sig, &rsa.PSSOptions{SaltLength: saltLength(o)})
		} else {
			err = rsa.VerifyPKCS1v15(k, opts.HashFunc(), digest, sig)
		}
		if err != nil {
			return ErrMismatch
		}
		return nil
	case *ecdsa.PublicKey:
		if !ecdsa.VerifyASN1(k, digest, sig) {
			return ErrMismatch
		}
		return nil
	}
	return ErrScheme
}

// digestInfo: RFC 8017, 9.2 note 1.
func digestInfo(h crypto.Hash, digest []byte) ([]byte, error) {
	last := map[crypto.Hash]byte{crypto.SHA256: 1, crypto.SHA384: 2, crypto.SHA512: 3}[h]
	if last == 0 || len(digest) != h.Size() {
		return nil, fmt.Errorf("%w: digest of %d bytes for %v", ErrScheme, len(digest), h)
	}
	n := byte(len(digest))
	out := []byte{0x30, 17 + n, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, last, 5, 0, 4, n}
	return append(out, digest...), nil
}
