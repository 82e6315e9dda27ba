package certpath_test

import (
	"crypto"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/testpki"
)

func eku(critical bool, usages ...asn1.ObjectIdentifier) pkix.Extension {
	return extension(oids.ExtKeyUsage, critical, usages)
}

func unknown(critical bool) pkix.Extension {
	return extension(asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 99999, 1}, critical, []byte{5, 0})
}

// Every rule on one certificate of root, sub, leaf.
func TestRules(t *testing.T) {
	bit := func(n uint) func(*spec) {
		return func(s *spec) { s.serial = new(big.Int).Lsh(big.NewInt(1), n) }
	}
	tests := []struct {
		name            string
		root, sub, leaf []func(*spec)
		want            certpath.Reason
	}{
		{"plain", nil, nil, nil, 0},
		{"leaf expired", nil, nil, mods(valid(2000, 2020)), certpath.Expired},
		{"leaf not yet valid", nil, nil, mods(valid(2030, 2040)), certpath.NotYetValid},
		{"sub expired", nil, mods(valid(2000, 2020)), nil, certpath.Expired},
		{"anchor expired", mods(valid(2000, 2020)), nil, nil, certpath.Expired},
		{"anchor not yet valid", mods(valid(2030, 2040)), nil, nil, certpath.NotYetValid},

		{"sub without basic constraints", nil, mods(without(oids.BasicConstraints)), nil, certpath.NotCA},
		{"sub is no CA", nil, mods(with(basic(false, -1))), nil, certpath.NotCA},
		{"sub of version 1", nil, mods(func(s *spec) { s.version, s.exts = 1, nil }), nil, certpath.NotCA},
		{"anchor is no CA", mods(with(basic(false, -1))), nil, nil, certpath.NotCA},
		{"anchor without basic constraints", mods(without(oids.BasicConstraints)), nil, nil, certpath.NotCA},
		{"anchor of version 1", mods(func(s *spec) { s.version, s.exts = 1, nil }), nil, nil, 0},
		{"sub may not sign certificates", nil, mods(with(usage(0x02, 7))), nil, certpath.KeyUsage},
		{"sub without key usage", nil, mods(without(oids.KeyUsage)), nil, 0},
		{"anchor may not sign certificates", mods(with(usage(0x80, 1))), nil, nil, certpath.KeyUsage},
		{"sub of length 0", nil, mods(with(basic(true, 0))), nil, 0},
		{"anchor of length 0", mods(with(basic(true, 0))), nil, nil, certpath.PathLength},
		{"anchor of length 1", mods(with(basic(true, 1))), nil, nil, 0},
		{"sub without a name", nil, mods(func(s *spec) { s.subject = []byte{0x30, 0} }), nil, certpath.NameChaining},

		{"unknown extension", nil, mods(with(unknown(false))), mods(with(unknown(false))), 0},
		{"unknown critical extension of the leaf", nil, nil, mods(with(unknown(true))), certpath.UnknownCritical},
		{"unknown critical extension of the sub", nil, mods(with(unknown(true))), nil, certpath.UnknownCritical},
		{"unknown critical extension of the anchor", mods(with(unknown(true))), nil, nil, certpath.UnknownCritical},
		{"critical QC statements", nil, nil, mods(with(extension(oids.QCStatements, true, []byte{0x30, 0}))), 0},
		{"critical alternative names of an unusual kind", nil, nil,
			mods(with(func() pkix.Extension { e := altNames(other("x")); e.Critical = true; return e }())), 0},
		{"malformed alternative names", nil, nil, mods(with(extension(oids.SubjectAltName, false, []byte{1, 2, 3}))), certpath.Malformed},
		{"malformed policies", nil, nil, mods(with(extension(oids.CertificatePolicies, false, []byte{0x30, 0}))), certpath.Malformed},

		{"serial number 0", nil, nil, mods(func(s *spec) { s.serial = new(big.Int) }), 0},
		{"negative serial number", nil, mods(func(s *spec) { s.serial = big.NewInt(-5) }), mods(func(s *spec) { s.serial = big.NewInt(-7) }), 0},
		{"serial number of 20 octets", nil, nil, mods(bit(158)), 0},
		{"serial number of 160 bits", nil, nil, mods(bit(159)), 0},
		{"serial number of 161 bits", nil, nil, mods(bit(160)), certpath.Malformed},
		{"serial number of 22 octets", nil, nil, mods(bit(170)), certpath.Malformed},

		{"CA as a leaf", nil, nil, mods(with(basic(true, -1), certSign())), certpath.CAAsLeaf},
		{"leaf that says it is no CA", nil, nil, mods(with(basic(false, -1))), 0},
		{"leaf without key usage", nil, nil, mods(without(oids.KeyUsage)), 0},

		{"SHA-1 on the leaf", nil, nil, mods(func(s *spec) { s.hash = crypto.SHA1 }), certpath.WeakAlgorithm},
		{"SHA-1 on the sub", nil, mods(func(s *spec) { s.hash = crypto.SHA1 }), nil, certpath.WeakAlgorithm},
		{"SHA-1 on the anchor", mods(func(s *spec) { s.hash = crypto.SHA1 }), nil, nil, 0},
		{"bad signature on the leaf", nil, nil, mods(func(s *spec) { s.breakSignature = true }), certpath.BadSignature},
		{"bad signature on the sub", nil, mods(func(s *spec) { s.breakSignature = true }), nil, certpath.BadSignature},
		{"bad signature on the anchor", mods(func(s *spec) { s.breakSignature = true }), nil, nil, 0},
		{"bytes after the signature", nil, nil, mods(func(s *spec) { s.tailOfSignature = []byte{0} }), certpath.BadSignature},
		{"unknown signature algorithm", nil, nil, mods(func(s *spec) { s.alg = algorithmID(asn1.ObjectIdentifier{1, 2, 3, 4}) }), certpath.UnsupportedAlgorithm},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			root := newCA(nil, "Root", tt.root...)
			sub := newCA(root, "Sub", tt.sub...)
			leaf := newLeaf(sub, "TRẦN THỊ B", tt.leaf...)
			expect(t, leaf, certpath.Options{Anchors: anchorsOf(root), Intermediates: certsOf(sub)}, tt.want)
			if tt.want == certpath.WeakAlgorithm {
				expect(t, leaf, certpath.Options{Anchors: anchorsOf(root), Intermediates: certsOf(sub), AllowWeak: true}, 0)
			}
		})
	}
}

func mods(m ...func(*spec)) []func(*spec) { return m }

func algorithmID(oid asn1.ObjectIdentifier) []byte {
	return must(asn1.Marshal(pkix.AlgorithmIdentifier{Algorithm: oid}))
}

// Extensions that are not what they should be, on an intermediate.
func TestMalformedExtensions(t *testing.T) {
	after := func(e pkix.Extension) pkix.Extension {
		e.Value = append(e.Value, 5, 0)
		return e
	}
	raw := func(oid asn1.ObjectIdentifier, value ...byte) pkix.Extension { return extension(oid, false, value) }
	dnsOnly := constrain(list{dns("vn")}, nil)
	tests := map[string]pkix.Extension{
		"bytes after policies":              after(policies(1)),
		"policies: no sequence":             raw(oids.CertificatePolicies, 2, 1, 0),
		"policies: no identifier":           raw(oids.CertificatePolicies, 0x30, 4, 0x30, 2, 5, 0),
		"bytes after mappings":              after(mapTo([2]int{1, 2})),
		"mappings: empty":                   raw(oids.PolicyMappings, 0x30, 0),
		"mappings: three of a pair":         raw(oids.PolicyMappings, 0x30, 11, 0x30, 9, 6, 1, 42, 6, 1, 42, 6, 1, 42),
		"bytes after policy constraints":    after(limits(1, 1)),
		"policy constraints: another field": raw(oids.PolicyConstraints, 0x30, 3, 0x82, 1, 0),
		"policy constraints: negative":      raw(oids.PolicyConstraints, 0x30, 3, 0x80, 1, 0xff),
		"policy constraints: no number":     raw(oids.PolicyConstraints, 0x30, 2, 0x80, 0),
		"bytes after inhibit any":           after(inhibitAny(1)),
		"bytes after name constraints":      after(dnsOnly),
		"name constraints: a third list":    raw(oids.NameConstraints, 0x30, 2, 0xa2, 0),
		"name constraints: no general name": raw(oids.NameConstraints, 0x30, 6, 0xa0, 4, 0x30, 2, 5, 0),
		"name constraints: choice 9":        raw(oids.NameConstraints, 0x30, 6, 0xa0, 4, 0x30, 2, 0x89, 0),
		"name constraints: name in a name":  raw(oids.NameConstraints, 0x30, 8, 0xa0, 6, 0x30, 4, 0xa4, 2, 5, 0),
		"bytes after alternative names":     after(altNames(dns("a.vn"))),
	}
	for name, ext := range tests {
		t.Run(name, func(t *testing.T) {
			root := newCA(nil, "Root")
			sub := newCA(root, "Sub", with(ext))
			expect(t, newLeaf(sub, "l"), certpath.Options{Anchors: anchorsOf(root), Intermediates: certsOf(sub)}, certpath.Malformed)
		})
	}
}

// A retired root is right for its own time, and for no other.
func TestValidityAtTheTime(t *testing.T) {
	root := newCA(nil, "Root", valid(2010, 2020))
	sub := newCA(root, "Sub", valid(2012, 2018))
	leaf := newLeaf(sub, "l", valid(2014, 2016))
	end := year(2016)
	for _, tt := range []struct {
		name string
		at   time.Time
		want certpath.Reason
	}{
		{"inside all", year(2015), 0},
		{"first second", year(2014), 0},
		{"second before", year(2014).Add(-time.Second), certpath.NotYetValid},
		{"last second", end, 0},
		{"fraction of the last second", end.Add(900 * time.Millisecond), 0}, // limbo: validity notafter-fractional
		{"second after", end.Add(time.Second), certpath.Expired},
		{"other time zone", end.In(time.FixedZone("ICT", 7*3600)), 0},
		{"leaf and sub expired", year(2019), certpath.Expired},
		{"all expired", testpki.Now(), certpath.Expired},
		{"before all", year(2005), certpath.NotYetValid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			expect(t, leaf, certpath.Options{Anchors: anchorsOf(root), Intermediates: certsOf(sub), Time: tt.at}, tt.want)
		})
	}
}

func TestPathLength(t *testing.T) {
	length := func(n int) func(*spec) { return with(basic(true, n)) }
	root := newCA(nil, "Root", length(1))
	a := newCA(root, "A", length(0))
	tests := []struct {
		name string
		leaf func() (*authority, []*authority)
		want certpath.Reason
	}{
		{"within", func() (*authority, []*authority) { return a, []*authority{a} }, 0},
		{"one too many", func() (*authority, []*authority) {
			b := newCA(a, "B")
			return b, []*authority{a, b}
		}, certpath.PathLength},
		{"self-issued do not count", func() (*authority, []*authority) { // limbo: pathlen self-issued-certs-pathlen
			r := newCA(a, "A second key", func(s *spec) { s.subject = a.cert.RawSubject })
			return r, []*authority{a, r}
		}, 0},
		{"a lower limit cannot grow", func() (*authority, []*authority) {
			r := newCA(a, "A second key", func(s *spec) { s.subject = a.cert.RawSubject }, length(5))
			b := newCA(r, "B")
			return b, []*authority{a, r, b}
		}, certpath.PathLength},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			issuer, bag := tt.leaf()
			expect(t, newLeaf(issuer, "l"), certpath.Options{Anchors: anchorsOf(root), Intermediates: certsOf(bag...)}, tt.want)
		})
	}
}

func TestPurposes(t *testing.T) {
	root := newCA(nil, "Root")
	stamping := eku(true, oids.EKUTimeStamping)
	vietnam := eku(false, oids.EKUClientAuth, oids.EKUEmailProtection, oids.EKUMSDocSigning, oids.EKUAdobeAuthentic)
	anchor := func(p ...certpath.Purpose) []certpath.Anchor {
		return []certpath.Anchor{{Certificate: root.cert, Purposes: p}}
	}
	tests := []struct {
		name    string
		leaf    []func(*spec)
		sub     []func(*spec)
		anchors []certpath.Anchor
		purpose certpath.Purpose
		want    certpath.Reason
	}{
		{"signing by default", nil, nil, anchor(certpath.Signing), 0, 0},
		{"signing with the usages of Vietnam", mods(with(vietnam)), nil, anchor(), certpath.Signing, 0},
		{"signing with a critical other usage", mods(with(eku(true, oids.EKUServerAuth))), nil, anchor(), certpath.Signing, 0},
		{"signing under a limited CA", nil, mods(with(eku(false, oids.EKUServerAuth))), anchor(), certpath.Signing, 0},
		{"stamping", mods(with(stamping)), nil, anchor(), certpath.Timestamping, 0},
		{"stamping without usage", nil, nil, anchor(), certpath.Timestamping, certpath.ExtKeyUsage},
		{"stamping with another usage", mods(with(vietnam)), nil, anchor(), certpath.Timestamping, certpath.ExtKeyUsage},
		{"stamping with any usage", mods(with(eku(false, oids.EKUAny))), nil, anchor(), certpath.Timestamping, certpath.ExtKeyUsage},
		{"stamping under a CA for it", mods(with(stamping)), mods(with(eku(false, oids.EKUTimeStamping))), anchor(), certpath.Timestamping, 0},
		{"stamping under a CA for any", mods(with(stamping)), mods(with(eku(false, oids.EKUAny))), anchor(), certpath.Timestamping, 0},
		{"stamping under a CA for others", mods(with(stamping)), mods(with(eku(false, oids.EKUServerAuth))), anchor(), certpath.Timestamping, certpath.ExtKeyUsage},
		{"stamping by a CA", mods(with(stamping, basic(true, -1), certSign())), nil, anchor(), certpath.Timestamping, certpath.CAAsLeaf},
		{"anchor for stamping only", nil, nil, anchor(certpath.Timestamping), certpath.Signing, certpath.AnchorPurpose},
		{"anchor for signing only", mods(with(stamping)), nil, anchor(certpath.Signing), certpath.Timestamping, certpath.AnchorPurpose},
		{"anchor for both", mods(with(stamping)), nil, anchor(certpath.Signing, certpath.Timestamping), certpath.Timestamping, 0},
		{"anchor for any", mods(with(stamping)), nil, anchor(certpath.Any), certpath.Timestamping, 0},
		{"anchor twice", nil, nil, append(anchor(certpath.Timestamping), anchor(certpath.Signing)...), certpath.Signing, 0},
		{"anchor twice, other order", nil, nil, append(anchor(certpath.Signing), anchor(certpath.Timestamping)...), certpath.Signing, 0},
		{"any purpose takes all", mods(with(basic(true, -1), certSign())), nil, anchor(certpath.Timestamping), certpath.Any, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sub := newCA(root, "Sub", tt.sub...)
			leaf := newLeaf(sub, "l", tt.leaf...)
			expect(t, leaf, certpath.Options{Anchors: tt.anchors, Intermediates: certsOf(sub), Purpose: tt.purpose}, tt.want)
		})
	}
}

// A self-signed certificate that its owner trusts is a path by itself.
func TestLeafIsAnchor(t *testing.T) {
	self := newCA(nil, "TRẦN THỊ B")
	old := newCA(nil, "Old", valid(2000, 2020))
	tests := []struct {
		name    string
		leaf    *authority
		anchors []certpath.Anchor
		purpose certpath.Purpose
		want    certpath.Reason
	}{
		{"trusted", self, anchorsOf(self), certpath.Signing, 0},
		{"not trusted", self, anchorsOf(newCA(nil, "Other")), certpath.Signing, certpath.SelfSignedUntrusted},
		{"same name and key, other certificate", newCA(nil, "TRẦN THỊ B"), anchorsOf(self), certpath.Signing, certpath.SelfSignedUntrusted},
		{"expired", old, anchorsOf(old), certpath.Signing, certpath.Expired},
		{"for another purpose", self, []certpath.Anchor{{Certificate: self.cert, Purposes: []certpath.Purpose{certpath.Timestamping}}},
			certpath.Signing, certpath.AnchorPurpose},
		{"without the usage", self, anchorsOf(self), certpath.Timestamping, certpath.ExtKeyUsage},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			expect(t, tt.leaf.cert, certpath.Options{Anchors: tt.anchors, Purpose: tt.purpose}, tt.want)
			// There are no policies in a path of one (6.1.2: n is 0).
			expect(t, tt.leaf.cert, certpath.Options{Anchors: tt.anchors, Purpose: tt.purpose, ExplicitPolicy: true}, tt.want)
		})
	}
}
