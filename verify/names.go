package verify

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"strings"
	"unicode/utf8"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/oids"
)

// nameOf is a short name of a certificate's subject.
func nameOf(c *x509.Certificate) string {
	if c == nil {
		return "an unknown certificate"
	}
	for _, oid := range []asn1.ObjectIdentifier{oids.CommonName, oids.Organization, oids.OrganizationalUnit} {
		if v := attribute(c.Subject, oid); v != nil {
			return *v
		}
	}
	return "serial " + c.SerialNumber.Text(16)
}

// attribute is the last value of a name attribute, the most specific one; nil
// when there is none.
func attribute(n pkix.Name, oid asn1.ObjectIdentifier) *string {
	var out *string
	for _, a := range n.Names {
		if s, ok := a.Value.(string); ok && a.Type.Equal(oid) {
			out = ptr(clean(s))
		}
	}
	return out
}

// clean keeps what a line of a report can show: valid UTF-8 without control
// characters, bounded.
func clean(s string) string {
	const most = 1024
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "")
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return strings.Map(func(c rune) rune {
		if c < ' ' || c >= 0x7f && c < 0xa0 || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 {
			return -1
		}
		return c
	}, s)
}

// signerOf describes a certificate, with the numbers of Vietnamese ones:
// UID=MST:..., UID=CCCD:... in any order.
func signerOf(c *x509.Certificate) *Signer {
	if c == nil {
		return nil
	}
	s := &Signer{
		CN: attribute(c.Subject, oids.CommonName), O: attribute(c.Subject, oids.Organization),
		Email: attribute(c.Subject, oids.EmailAddress), Title: attribute(c.Subject, oids.Title),
		Serial: c.SerialNumber.Text(16), SHA256: certpath.Fingerprint(c),
		IssuerCN: attribute(c.Issuer, oids.CommonName), IssuerO: attribute(c.Issuer, oids.Organization),
		NotBefore: c.NotBefore.UTC(), NotAfter: c.NotAfter.UTC(),
		SelfSigned: string(c.RawSubject) == string(c.RawIssuer),
	}
	if s.Email == nil && len(c.EmailAddresses) > 0 {
		s.Email = ptr(clean(c.EmailAddresses[0]))
	}
	person := false
	for _, a := range c.Subject.Names {
		text, ok := a.Value.(string)
		if !ok || !a.Type.Equal(oids.UID) {
			continue
		}
		kind, number, found := strings.Cut(text, ":")
		if !found {
			continue
		}
		number = clean(strings.TrimSpace(number))
		switch strings.ToUpper(strings.TrimSpace(kind)) {
		case "MST":
			s.MST = &number
		case "CCCD":
			s.CCCD, person = &number, true
		case "CMND":
			if person = true; s.CCCD == nil {
				s.CCCD = &number
			}
		case "HC", "BHXH", "PID", "PPID":
			person = true
		}
	}
	s.Organisation = s.MST != nil && !person
	return s
}
