//go:build cgo

package token

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/asn1"
	"encoding/binary"
	"math/big"

	"github.com/miekg/pkcs11"
)

// maxObjects bounds what one token may show.
const maxObjects = 2048

// object is what we read of a certificate or key.
type object struct {
	handle pkcs11.ObjectHandle
	id     []byte
	label  string
	value  []byte           // certificates: DER
	pub    crypto.PublicKey // keys: nil when the token does not show it
}

// find lists the objects of a class.
func (m *module) find(sh pkcs11.SessionHandle, class uint) ([]pkcs11.ObjectHandle, error) {
	template := []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_CLASS, class)}
	if err := m.ctx.FindObjectsInit(sh, template); err != nil {
		return nil, fromMiekg(err)
	}
	var all []pkcs11.ObjectHandle
	for len(all) < maxObjects {
		some, _, err := m.ctx.FindObjects(sh, 64)
		if err != nil {
			_ = m.ctx.FindObjectsFinal(sh)
			return nil, fromMiekg(err)
		}
		if len(some) == 0 {
			break
		}
		all = append(all, some...)
	}
	return all, fromMiekg(m.ctx.FindObjectsFinal(sh))
}

func (m *module) certificates(sh pkcs11.SessionHandle) ([]object, error) {
	handles, err := m.find(sh, pkcs11.CKO_CERTIFICATE)
	if err != nil {
		return nil, err
	}
	var out []object
	for _, h := range handles {
		value, err := m.raw.attribute(sh, h, pkcs11.CKA_VALUE)
		if err != nil || len(value) == 0 {
			continue // a certificate by URL, or one that cannot be read
		}
		o := object{handle: h, value: trimDER(value)}
		o.id, _ = m.raw.attribute(sh, h, pkcs11.CKA_ID)
		label, _ := m.raw.attribute(sh, h, pkcs11.CKA_LABEL)
		o.label = cleanText(string(label))
		out = append(out, o)
	}
	return out, nil
}

// trimDER cuts what a driver left behind the certificate in a fixed buffer.
func trimDER(b []byte) []byte {
	var v asn1.RawValue
	if rest, err := asn1.Unmarshal(b, &v); err == nil {
		return b[:len(b)-len(rest)]
	}
	return b
}

// keys lists the private keys (or, before a login, the public ones).
func (m *module) keys(sh pkcs11.SessionHandle, class uint) ([]object, error) {
	handles, err := m.find(sh, class)
	if err != nil {
		return nil, err
	}
	out := make([]object, 0, len(handles))
	for _, h := range handles {
		o := object{handle: h}
		o.id, _ = m.raw.attribute(sh, h, pkcs11.CKA_ID)
		label, _ := m.raw.attribute(sh, h, pkcs11.CKA_LABEL)
		o.label = cleanText(string(label))
		o.pub = m.publicKey(sh, h)
		out = append(out, o)
	}
	return out, nil
}

// publicKey reads what a key object shows of its public half.
func (m *module) publicKey(sh pkcs11.SessionHandle, h pkcs11.ObjectHandle) crypto.PublicKey {
	kt, err := m.raw.attribute(sh, h, pkcs11.CKA_KEY_TYPE)
	if err != nil {
		return nil
	}
	switch ulong(kt) {
	case pkcs11.CKK_RSA:
		n, _ := m.raw.attribute(sh, h, pkcs11.CKA_MODULUS)
		e, _ := m.raw.attribute(sh, h, pkcs11.CKA_PUBLIC_EXPONENT)
		if len(n) == 0 {
			return nil
		}
		exp := new(big.Int).SetBytes(e)
		if !exp.IsInt64() || exp.Int64() > 1<<31-1 {
			return nil
		}
		return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(exp.Int64())}
	case pkcs11.CKK_EC:
		params, _ := m.raw.attribute(sh, h, pkcs11.CKA_EC_PARAMS)
		point, _ := m.raw.attribute(sh, h, pkcs11.CKA_EC_POINT)
		return ecPoint(params, point)
	}
	return nil
}

func ecPoint(params, point []byte) crypto.PublicKey {
	var oid asn1.ObjectIdentifier
	if _, err := asn1.Unmarshal(params, &oid); err != nil {
		return nil
	}
	curve := map[string]elliptic.Curve{"1.2.840.10045.3.1.7": elliptic.P256(),
		"1.3.132.0.34": elliptic.P384(), "1.3.132.0.35": elliptic.P521()}[oid.String()]
	if curve == nil {
		return nil
	}
	// PKCS #11 v2.40 mechanisms, 2.3.3: an OCTET STRING; some drivers give the
	// bare point.
	var inner []byte
	if rest, err := asn1.Unmarshal(point, &inner); err == nil && len(rest) == 0 {
		point = inner
	}
	pub, err := ecdsa.ParseUncompressedPublicKey(curve, point)
	if err != nil {
		return nil
	}
	return pub
}

// ulong reads a CK_ULONG of the host.
func ulong(b []byte) uint {
	switch len(b) {
	case 4:
		return uint(binary.NativeEndian.Uint32(b))
	case 8:
		return uint(binary.NativeEndian.Uint64(b))
	}
	return ^uint(0)
}

// pair tells whether a key belongs to a certificate: by public key where it is
// known, else by CKA_ID. Labels never decide (domain.md 5.3). RSA exponents
// that a private key does not show are not compared.
func pair(key object, id []byte, pub crypto.PublicKey) bool {
	if key.pub != nil && pub != nil {
		return samePublic(key.pub, pub)
	}
	return len(id) > 0 && bytes.Equal(key.id, id)
}
