package token

import (
	"crypto/x509"
	"strings"
)

// Subject is a parsed distinguished name. Where an attribute comes more than
// once, O, Title and Email are the first, CN the last (the most specific), OU
// all joined by ", ".
type Subject struct {
	CN, O, OU, Title, Email, MST, CCCD, CMND, Raw string

	// Passport (HC:), SocialID (BHXH:) and PersonalID (PID:, PPID:) of the UIDs.
	Passport, SocialID, PersonalID string
}

// Person tells whether the name has a person's own number; a company's seal
// has a tax code alone.
func (s Subject) Person() bool {
	return s.CCCD != "" || s.CMND != "" || s.Passport != "" || s.SocialID != "" || s.PersonalID != ""
}

// ParseSubject reads the RDNs of a certificate (and SAN e-mail). Raw is the
// name as RFC 4514 writes it.
func ParseSubject(c *x509.Certificate) Subject {
	s := ParseName(c.RawSubject)
	if s.Email == "" && len(c.EmailAddresses) > 0 {
		s.Email = c.EmailAddresses[0]
	}
	return s
}

// ParseIssuer likewise for the issuer.
func ParseIssuer(c *x509.Certificate) Subject { return ParseName(c.RawIssuer) }

// ParseName reads a DER Name. What it cannot read it leaves out.
func ParseName(der []byte) Subject {
	rdns := parseRDNs(der)
	s := Subject{Raw: formatRDNs(rdns)}
	var units []string
	for _, rdn := range rdns {
		for _, a := range rdn {
			switch a.oid {
			case oidCN:
				s.CN = a.value
			case oidOU:
				units = append(units, a.value)
			case oidO:
				first(&s.O, a.value)
			case oidTitle:
				first(&s.Title, a.value)
			case oidEmail:
				first(&s.Email, a.value)
			case oidUID:
				s.uid(a.value)
			}
		}
	}
	s.OU = strings.Join(units, ", ")
	return s
}

func first(dst *string, v string) {
	if *dst == "" {
		*dst = v
	}
}

// uid reads a UID of a Vietnamese certificate; a prefix may have spaces, and
// either letter case.
func (s *Subject) uid(v string) {
	prefix, number, ok := strings.Cut(v, ":")
	if !ok {
		return
	}
	number = strings.TrimSpace(number)
	switch strings.ToUpper(strings.TrimSpace(prefix)) {
	case "MST":
		first(&s.MST, number)
	case "CCCD":
		first(&s.CCCD, number)
	case "CMND":
		first(&s.CMND, number)
	case "HC":
		first(&s.Passport, number)
	case "BHXH":
		first(&s.SocialID, number)
	case "PID", "PPID":
		first(&s.PersonalID, number)
	}
}
