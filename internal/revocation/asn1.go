package revocation

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

func implicit(n uint8) cbasn1.Tag { return cbasn1.Tag(n).ContextSpecific() }
func explicit(n uint8) cbasn1.Tag { return implicit(n).Constructed() }

// extension is a parsed Extension; the value is not copied.
type extension struct {
	id       asn1.ObjectIdentifier
	critical bool
	value    cryptobyte.String
}

var errMalformed = errors.New("not the ASN.1 of its standard")

// readExtensions reads the contents of Extensions. RFC 5280, 4.2: no two alike.
func readExtensions(list cryptobyte.String) ([]extension, bool) {
	var out []extension
	for !list.Empty() {
		var seq cryptobyte.String
		var e extension
		if !list.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadASN1ObjectIdentifier(&e.id) ||
			seq.PeekASN1Tag(cbasn1.BOOLEAN) && !seq.ReadASN1Boolean(&e.critical) ||
			!seq.ReadASN1(&e.value, cbasn1.OCTET_STRING) || !seq.Empty() || len(out) == maxExtensions {
			return nil, false
		}
		for _, other := range out {
			if other.id.Equal(e.id) {
				return nil, false
			}
		}
		out = append(out, e)
	}
	return out, true
}

// certExtension returns the value of an extension as the certificate has it:
// certpath.ParseCertificate may leave the parsed fields empty.
func certExtension(cert *x509.Certificate, id asn1.ObjectIdentifier) (cryptobyte.String, bool) {
	for _, e := range cert.Extensions {
		if e.Id.Equal(id) {
			return cryptobyte.String(e.Value), true
		}
	}
	return nil, false
}

// isTime tells whether a Time comes next. RFC 5280, 4.1.2.5.
func isTime(s cryptobyte.String) bool {
	return s.PeekASN1Tag(cbasn1.UTCTime) || s.PeekASN1Tag(cbasn1.GeneralizedTime)
}

func readTime(s *cryptobyte.String, out *time.Time) bool {
	if s.PeekASN1Tag(cbasn1.UTCTime) {
		return s.ReadASN1UTCTime(out)
	}
	return s.ReadASN1GeneralizedTime(out)
}

// algorithmElement reads an AlgorithmIdentifier with its header.
func algorithmElement(s *cryptobyte.String, out *cryptobyte.String) bool {
	return s.ReadASN1Element(out, cbasn1.SEQUENCE)
}

// keyBits are the contents of the public key's BIT STRING, what OCSP hashes.
// RFC 6960, 4.1.1 and 4.2.1.
func keyBits(spki []byte) []byte {
	in := cryptobyte.String(spki)
	var seq cryptobyte.String
	var bits []byte
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.SkipASN1(cbasn1.SEQUENCE) || !seq.ReadASN1BitStringAsBytes(&bits) {
		return nil
	}
	return bits
}

// serialBytes are the contents of the serial number's INTEGER.
func serialBytes(cert *x509.Certificate) []byte {
	if n := cert.SerialNumber; n.Sign() >= 0 { // as most are
		return n.FillBytes(make([]byte, n.BitLen()/8+1))
	}
	var b cryptobyte.Builder
	b.AddASN1BigInt(cert.SerialNumber)
	der, err := b.Bytes()
	if err != nil {
		return nil
	}
	in := cryptobyte.String(der)
	var out cryptobyte.String
	if !in.ReadASN1(&out, cbasn1.INTEGER) {
		return nil
	}
	return out
}

func isCA(cert *x509.Certificate) bool { return cert.BasicConstraintsValid && cert.IsCA }

func hasExtension(list []pkix.Extension, id asn1.ObjectIdentifier) bool {
	for _, e := range list {
		if e.Id.Equal(id) {
			return true
		}
	}
	return false
}

// fromPEM returns the first block of a type, or the data itself.
func fromPEM(data []byte, blockType string) []byte {
	if !bytes.HasPrefix(bytes.TrimSpace(data[:min(len(data), 1024)]), []byte("-----BEGIN ")) {
		return data
	}
	if block, _ := pem.Decode(data); block != nil && block.Type == blockType {
		return block.Bytes
	}
	return data
}
