package testpki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509/pkix"
	"encoding/asn1"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// The DER that crypto/x509 does not write. It is written apart from what the
// program reads it with, so that one checks the other.

type builder = cryptobyte.Builder

func tagged(n uint8) cbasn1.Tag { return cbasn1.Tag(n).ContextSpecific().Constructed() }

func sequence(b *builder, f func(b *builder)) { b.AddASN1(cbasn1.SEQUENCE, f) }

func in(b *builder, tag cbasn1.Tag, f func(b *builder)) { b.AddASN1(tag, f) }

func der(f func(b *builder)) []byte {
	var b builder
	f(&b)
	out, err := b.Bytes()
	must(err)
	return out
}

func addTime(b *builder, t time.Time) {
	if y := t.UTC().Year(); y < 2050 { // RFC 5280, 4.1.2.5
		b.AddASN1UTCTime(t.UTC())
		return
	}
	b.AddASN1GeneralizedTime(t.UTC())
}

func addExtensions(b *builder, list []pkix.Extension) {
	sequence(b, func(b *builder) {
		for _, e := range list {
			sequence(b, func(b *builder) {
				b.AddASN1ObjectIdentifier(e.Id)
				if e.Critical {
					b.AddASN1Boolean(true)
				}
				b.AddASN1OctetString(e.Value)
			})
		}
	})
}

// algorithmOf writes the AlgorithmIdentifier of a key's usual signature.
func algorithmOf(key crypto.Signer, hash crypto.Hash) []byte {
	rsaArc := map[crypto.Hash]int{crypto.SHA1: 5, crypto.SHA256: 11, crypto.SHA384: 12, crypto.SHA512: 13}
	ecArc := map[crypto.Hash]int{crypto.SHA256: 2, crypto.SHA384: 3, crypto.SHA512: 4}
	return der(func(b *builder) {
		sequence(b, func(b *builder) {
			switch key.Public().(type) {
			case *rsa.PublicKey:
				b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, rsaArc[hash]})
				b.AddASN1NULL()
			case *ecdsa.PublicKey:
				if hash == crypto.SHA1 {
					b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 1})
					return
				}
				b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, ecArc[hash]})
			}
		})
	})
}

// signature signs data; the hash is SHA-256 when it is 0.
func signature(key crypto.Signer, hash crypto.Hash, data []byte) []byte {
	h := hash.New()
	h.Write(data)
	sig, err := key.Sign(rand.Reader, h.Sum(nil), hash)
	must(err)
	return sig
}

// keyHash is over the contents of the public key's BIT STRING.
func keyHash(hash crypto.Hash, pub crypto.PublicKey) []byte {
	in := cryptobyte.String(spki(pub))
	var seq cryptobyte.String
	var bits []byte
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.SkipASN1(cbasn1.SEQUENCE) || !seq.ReadASN1BitStringAsBytes(&bits) {
		panic("testpki: public key")
	}
	return digest(hash, bits)
}

func digest(hash crypto.Hash, data []byte) []byte {
	h := hash.New()
	h.Write(data)
	return h.Sum(nil)
}
