package certpath

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/kyso-vn/kyso/internal/oids"
)

// maxSerial is the length of a serial number in octets. RFC 5280, 4.1.2.2.
const maxSerial = 20

// node is a certificate of the search, with what was read from it.
type node struct {
	cert            *x509.Certificate
	subject, issuer dn
	anchor          *Anchor // nil: an intermediate or the leaf
	read            bool    // the fields below are there
	malformed       string  // why the certificate can't be judged

	signed      Signed
	weak        bool
	hasKeyUsage bool
	critical    asn1.ObjectIdentifier // the first unknown one
	names       []generalName         // of the subject, alternative ones
	constraints *nameConstraints
	policies    policyExtensions
}

func newNode(cert *x509.Certificate) *node {
	return &node{cert: cert, subject: knownDN(cert.RawSubject), issuer: knownDN(cert.RawIssuer)}
}

func (n *node) selfIssued() bool { return n.subject.key == n.issuer.key }

// label names the certificate in messages.
func (n *node) label() string { return fmt.Sprintf("%q", n.cert.Subject.String()) }

// known are the extensions that are processed here, or (distribution points,
// QC statements) by those who use the path. RFC 5280, 6.1.4 (o), 6.1.5 (f).
var known = []asn1.ObjectIdentifier{
	oids.BasicConstraints, oids.KeyUsage, oids.ExtKeyUsage, oids.SubjectAltName, oids.IssuerAltName,
	oids.NameConstraints, oids.CertificatePolicies, oids.PolicyMappings, oids.PolicyConstraints,
	oids.InhibitAnyPolicy, oids.SubjectKeyIdentifier, oids.AuthorityKeyIdentifier,
	oids.CRLDistributionPoints, oids.FreshestCRL, oids.AuthorityInfoAccess, oids.QCStatements,
}

// load reads the extensions once. What can't be read is noted, not returned:
// it matters only where the certificate is part of a whole path.
func (n *node) load() {
	if n.read {
		return
	}
	n.read = true
	n.policies.init()
	var err error
	if n.signed, err = ParseSigned(n.cert.Raw); err != nil {
		n.malformed = err.Error()
		return
	}
	n.weak = n.signed.Weak()
	if s := n.cert.SerialNumber; s != nil && s.BitLen() > maxSerial*8 {
		n.malformed = fmt.Sprintf("serial number of more than %d octets", maxSerial)
	}
	for _, ext := range n.cert.Extensions {
		if ext.Critical && n.critical == nil && !contains(known, ext.Id) {
			n.critical = ext.Id
		}
		if err := n.loadExtension(ext); err != nil {
			n.malformed = fmt.Sprintf("extension %v: %v", ext.Id, err)
		}
	}
}

func (n *node) loadExtension(ext pkix.Extension) (err error) {
	switch {
	case ext.Id.Equal(oids.KeyUsage):
		n.hasKeyUsage = true
	case ext.Id.Equal(oids.SubjectAltName):
		n.names, err = parseGeneralNames(ext.Value)
	case ext.Id.Equal(oids.NameConstraints):
		n.constraints, err = parseNameConstraints(ext.Value)
	default:
		err = n.policies.load(ext)
	}
	return err
}

// isCA is RFC 5280, 6.1.4 (k); version 1 and 2 can't say so.
func (n *node) isCA() bool { return n.cert.BasicConstraintsValid && n.cert.IsCA }

// pathLen returns the limit, or -1.
func (n *node) pathLen() int {
	if n.cert.MaxPathLen > 0 || n.cert.MaxPathLenZero {
		return n.cert.MaxPathLen
	}
	return -1
}

// keyIDs compares the identifiers of child and issuer: 1 they agree, -1 they
// differ, 0 one is missing.
func keyIDs(child, issuer *x509.Certificate) int {
	if len(child.AuthorityKeyId) == 0 || len(issuer.SubjectKeyId) == 0 {
		return 0
	}
	if bytes.Equal(child.AuthorityKeyId, issuer.SubjectKeyId) {
		return 1
	}
	return -1
}

// generalName is one GeneralName. RFC 5280, 4.2.1.6.
type generalName struct {
	tag   uint8  // number of the choice
	value []byte // content; of directoryName the Name element
	name  dn     // of directoryName
}

// Choices of GeneralName that constraints are processed for.
const (
	rfc822Name    = 1
	dnsName       = 2
	directoryName = 4
	uriName       = 6
	ipAddress     = 7
	lastName      = 8
)

func parseGeneralNames(der []byte) ([]generalName, error) {
	in := cryptobyte.String(der)
	var seq cryptobyte.String
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() {
		return nil, errMalformed
	}
	var list []generalName
	for !seq.Empty() {
		g, err := parseGeneralName(&seq)
		if err != nil {
			return nil, err
		}
		list = append(list, g)
	}
	return list, nil
}

func parseGeneralName(in *cryptobyte.String) (generalName, error) {
	var g generalName
	var value cryptobyte.String
	var tag cbasn1.Tag
	if !in.ReadAnyASN1(&value, &tag) || tag&0xc0 != 0x80 || tag&0x1f > lastName {
		return g, errMalformed
	}
	g.tag, g.value = uint8(tag&0x1f), value
	if g.tag == directoryName { // explicit, for Name is a CHOICE
		var name cryptobyte.String
		if !value.ReadASN1Element(&name, cbasn1.SEQUENCE) || !value.Empty() {
			return g, errMalformed
		}
		g.value, g.name = name, parseDN(name)
	}
	return g, nil
}
