//go:build cgo

package token

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"slices"
	"sync/atomic"
	"time"

	"github.com/miekg/pkcs11"
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// tokenSigner is a private key of a token. All but closed and limit is
// guarded by the module's lock.
type tokenSigner struct {
	m       *module
	slot    uint
	info    Info
	mechs   []string
	cert    *x509.Certificate
	id      []byte
	o       OpenOptions
	limit   time.Duration
	session pkcs11.SessionHandle
	handle  pkcs11.ObjectHandle
	others  []object      // further keys that may be the one
	c11     crypto.Signer // nil: through miekg/pkcs11

	pin          *PIN // only for CKA_ALWAYS_AUTHENTICATE
	always       bool
	loggedInHere bool
	reopened     bool
	dead         error // a wrong PIN in a context login: no more tries
	closed       atomic.Bool
}

// Public is the certificate's key.
func (k *tokenSigner) Public() crypto.PublicKey { return k.cert.PublicKey }

// Sign makes one signature and verifies it with the certificate before it is
// returned (ErrMismatch). A token that has not the mechanism is a
// *MechanismError; one that was pulled out a *DeviceError.
func (k *tokenSigner) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if k.closed.Load() {
		return nil, ErrClosed
	}
	scheme, err := SchemeOf(k.cert.PublicKey, opts)
	if err != nil {
		return nil, err
	}
	if len(digest) != opts.HashFunc().Size() {
		return nil, ErrScheme
	}
	if len(k.mechs) > 0 && !slices.Contains(k.mechs, scheme.Mechanism) {
		return nil, &MechanismError{scheme.Mechanism, scheme.Name}
	}
	limit := k.limit
	if limit <= 0 {
		limit = callTimeout
		if k.always {
			limit = k.patience()
		}
	}
	// The driver gets copies: after a timeout it may still read them.
	digest, opts = bytes.Clone(digest), plainOptions(opts)
	sig, checked, err := k.signInTurn(limit, digest, opts)
	if err != nil || checked {
		return sig, err
	}
	if err := checkSignature(k.cert.PublicKey, digest, sig, opts); err != nil {
		return nil, err
	}
	return sig, nil
}

// signInTurn waits for the calls before it, which are not bounded by the limit
// of this one. Where only one key may be the certificate's, the check is left
// to the caller, so that the token goes on with the next signature meanwhile.
func (k *tokenSigner) signInTurn(limit time.Duration, digest []byte, opts crypto.SignerOpts) (sig []byte, checked bool, err error) {
	type made struct {
		sig     []byte
		checked bool
	}
	result := make(chan made, 1)
	err = k.m.call(context.Background(), limit, k.traced("sign", func() error {
		m := made{checked: len(k.others) > 0}
		var err error
		if m.checked {
			m.sig, err = k.signChecked(digest, opts)
		} else {
			m.sig, err = k.signNow(digest, opts)
		}
		result <- m
		return err
	}))
	if err != nil {
		return nil, false, err
	}
	m := <-result
	return m.sig, m.checked, nil
}

// signChecked verifies what the token made; where several keys may be the
// certificate's, those that are not are left behind.
func (k *tokenSigner) signChecked(digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	for {
		sig, err := k.signNow(digest, opts)
		if err != nil {
			return nil, err
		}
		if err = checkSignature(k.cert.PublicKey, digest, sig, opts); err == nil {
			return sig, nil
		}
		if len(k.others) == 0 {
			return nil, err
		}
		k.handle, k.others = k.others[0].handle, k.others[1:]
	}
}

func (k *tokenSigner) signNow(digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if k.dead != nil {
		return nil, k.dead
	}
	var sig []byte
	var err error
	if k.c11 != nil {
		sig, err = k.c11.Sign(nil, trimDigest(k.cert.PublicKey, digest), opts)
		err = fromMiekg(err)
	} else {
		sig, err = k.signDirect(digest, opts)
	}
	var rv ckrError
	if errors.As(err, &rv) && CKRKind(uint(rv)) == KindSession && !k.reopened {
		k.reopened = true
		if k.reopen() == nil {
			sig, err = k.signDirect(digest, opts)
		}
	}
	if err != nil {
		err = typed(err)
		var auth *AuthError
		if errors.As(err, &auth) {
			k.dead = err
		}
		return nil, err
	}
	return sig, nil
}

// reopen opens a new session, once, after the old one was lost. It makes no
// login: the PIN is gone, and a try is not ours to spend.
func (k *tokenSigner) reopen() error {
	k.c11 = nil
	k.m.open[k.slot]--
	if err := k.openSession(); err != nil {
		return err
	}
	pin := k.pin
	k.pin = nil
	err := k.findKey()
	k.pin, k.c11 = pin, nil
	return err
}

// signDirect: C_SignInit, for CKA_ALWAYS_AUTHENTICATE a login for this one
// signature, and one C_Sign.
func (k *tokenSigner) signDirect(digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	mech, data, size, err := k.mechanism(digest, opts)
	if err != nil {
		return nil, err
	}
	if err := k.m.ctx.SignInit(k.session, []*pkcs11.Mechanism{mech}, k.handle); err != nil {
		return nil, fromMiekg(err)
	}
	if k.always { // PKCS #11 v2.40 base, 4.9: between C_SignInit and C_Sign
		if err := k.m.raw.login(k.session, pkcs11.CKU_CONTEXT_SPECIFIC, k.pin.bytes()); err != nil {
			return nil, loginFailed(err, k.o, k.info, func() (Info, error) { return k.m.tokenInfo(k.slot) })
		}
	}
	sig, err := k.m.raw.sign(k.session, data, size)
	if err != nil {
		return nil, err
	}
	if pub, ok := k.cert.PublicKey.(*ecdsa.PublicKey); ok {
		return derSignature(sig, (pub.Curve.Params().BitSize+7)/8), nil
	}
	return leftPad(sig, size), nil
}

func (k *tokenSigner) mechanism(digest []byte, opts crypto.SignerOpts) (*pkcs11.Mechanism, []byte, int, error) {
	switch pub := k.cert.PublicKey.(type) {
	case *rsa.PublicKey:
		if o, ok := opts.(*rsa.PSSOptions); ok {
			return pkcs11.NewMechanism(pkcs11.CKM_RSA_PKCS_PSS, pssParams(o)), digest, pub.Size(), nil
		}
		info, err := digestInfo(opts.HashFunc(), digest)
		return pkcs11.NewMechanism(pkcs11.CKM_RSA_PKCS, nil), info, pub.Size(), err
	case *ecdsa.PublicKey:
		// Room for DER as well: some drivers answer that.
		size := (pub.Curve.Params().BitSize + 7) / 8
		return pkcs11.NewMechanism(pkcs11.CKM_ECDSA, nil), trimDigest(pub, digest), 2*size + 16, nil
	}
	return nil, nil, 0, ErrScheme
}

// pssParams: CK_RSA_PKCS_PSS_PARAMS, PKCS #11 v2.40 mechanisms, 2.1.9.
func pssParams(o *rsa.PSSOptions) []byte {
	hash := map[crypto.Hash][2]uint{crypto.SHA256: {pkcs11.CKM_SHA256, pkcs11.CKG_MGF1_SHA256},
		crypto.SHA384: {pkcs11.CKM_SHA384, pkcs11.CKG_MGF1_SHA384},
		crypto.SHA512: {pkcs11.CKM_SHA512, pkcs11.CKG_MGF1_SHA512}}[o.Hash]
	return pkcs11.NewPSSParams(hash[0], hash[1], uint(saltLength(o)))
}

// trimDigest: FIPS 186-5, 6.4: the leftmost bits, as many as the order has.
// The digests of ours are whole bytes and no curve cuts one within a byte.
func trimDigest(pub crypto.PublicKey, digest []byte) []byte {
	if k, ok := pub.(*ecdsa.PublicKey); ok {
		return digest[:min(len(digest), (k.Curve.Params().BitSize+7)/8)]
	}
	return digest
}

// derSignature: RFC 3279, 2.2.3, from the r||s of PKCS #11; some drivers give
// DER already.
func derSignature(sig []byte, size int) []byte {
	if len(sig) != 2*size || len(sig)%2 != 0 {
		return sig
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1BigInt(new(big.Int).SetBytes(sig[:size]))
		b.AddASN1BigInt(new(big.Int).SetBytes(sig[size:]))
	})
	return b.BytesOrPanic()
}

// leftPad: RFC 8017, 8.2.1: as long as the modulus; some drivers cut zeros.
func leftPad(sig []byte, size int) []byte {
	if len(sig) >= size {
		return sig
	}
	return append(make([]byte, size-len(sig)), sig...)
}
