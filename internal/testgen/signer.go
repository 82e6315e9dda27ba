package testgen

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"sync"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// Root is the authority of every signature in the fixtures. Its key is RSA, as
// the signers' is: a signature of PKCS #1 v1.5 is the same each time.
var Root = sync.OnceValue(func() *testpki.CA { return testpki.NewRoot("Fixture Root", testpki.RSA2048) })

// Signer is the key of the fixtures, NGUYỄN VĂN A's.
func Signer() (crypto.Signer, *x509.Certificate) {
	key := testpki.Key(testpki.RSA2048, "NGUYỄN VĂN A")
	return key, Root().Person(key.Public())
}

// container makes containers as a program does: with the whole chain, and the
// parameters of each algorithm written.
func container(hash crypto.Hash, attrs func([][]byte) [][]byte) func(content []byte) []byte {
	return func(content []byte) []byte {
		key, cert := Signer()
		return cmstest.SignedData{
			Cert: cert, Key: key, Hash: hash, Content: content, Attrs: attrs,
			Certificates: [][]byte{cert.Raw, Root().Certificate.Raw},
			DigestAlg:    cmstest.Alg(cmstest.HashOIDs[hash], cmstest.Null),
		}.Build()
	}
}

// baseline has the attribute of the signing certificate, and no time: that of
// ETSI EN 319 142-1, 6.3.
func baseline(attrs [][]byte) [][]byte { return attrs }

// claimed has the signing time instead, as CMS signers of all kinds write it.
func claimed(attrs [][]byte) [][]byte {
	at := cmstest.TLV(0x17, []byte(testpki.Now().Format("060102150405Z")))
	return append(attrs[:2:2], cmstest.Attr(oids.SigningTime, at))
}

// archival has the revocation data that Acrobat puts into a signature, here an
// OCSP response. ISO 32000-2, 12.8.3.3.2.
func archival(attrs [][]byte) [][]byte {
	_, cert := Signer()
	ocsp := cmstest.TLV(0xa1, cmstest.TLV(0x30, Root().NewOCSP(cert).Sign()))
	return append(attrs[:2:2], cmstest.Attr(oids.AdobeRevocationArchival, cmstest.TLV(0x30, ocsp)))
}

// rsaSHA1 is the /Contents of adbe.x509.rsa_sha1: a signature value in an
// OCTET STRING. ISO 32000-2, 12.8.3.2.
func rsaSHA1(content []byte) []byte {
	key, _ := Signer()
	value, err := key.Sign(rand.Reader, cmstest.Sum(crypto.SHA1, content), crypto.SHA1)
	if err != nil {
		panic("testgen: " + err.Error())
	}
	der, err := asn1.Marshal(value)
	if err != nil {
		panic("testgen: " + err.Error())
	}
	return der
}
