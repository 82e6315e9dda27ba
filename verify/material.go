package verify

import (
	"context"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/dss"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/pdf"
	"github.com/kyso-vn/kyso/internal/revocation"
	"github.com/kyso-vn/kyso/internal/tsp"
)

// material is what the file carries for paths and revocation: one pool for all
// signatures. Nothing in it is believed before it is checked.
type material struct {
	certs   []*x509.Certificate
	ocsps   [][]byte
	crls    [][]byte
	seen    map[string]bool
	over    bool     // more certificates than are read
	overRI  bool     // more revocation data
	ignored []string // entries of the DSS that can't be used, and why
}

func (m *material) addCert(c *x509.Certificate) {
	if m.seen == nil {
		m.seen = make(map[string]bool)
	}
	if c == nil || m.seen[string(c.Raw)] {
		return
	}
	if len(m.certs) >= maxCertificates {
		m.over = true
		return
	}
	m.seen[string(c.Raw)] = true
	m.certs = append(m.certs, c)
}

func (m *material) addRaw(der []byte) {
	if len(m.certs) >= maxCertificates {
		m.over = true
		return
	}
	if c, err := certpath.ParseCertificate(der); err == nil {
		m.addCert(c)
	}
}

func (m *material) addRevocation(to *[][]byte, list [][]byte) {
	room := max(0, maxRevocation-len(m.ocsps)-len(m.crls))
	if len(list) > room {
		m.overRI = true
		list = list[:room]
	}
	*to = append(*to, list...)
}

// addContainer takes what a CMS container brings: certificates, crls, the
// archival attributes of Adobe and CAdES, and the same of its timestamps.
func (m *material) addContainer(sd *cms.SignedData, depth int) {
	if sd == nil || depth > 2 {
		return
	}
	for _, c := range sd.Certificates {
		m.addCert(c)
	}
	if len(sd.Certificates) < len(sd.RawCertificates) { // some that only certpath reads
		for _, der := range sd.RawCertificates {
			m.addRaw(der)
		}
	}
	m.addRevocation(&m.crls, sd.RawCRLs)
	m.addRevocation(&m.ocsps, sd.RawOCSPs)
	for _, si := range sd.SignerInfos {
		m.addAttributes(si, depth)
	}
}

func (m *material) addAttributes(si *cms.SignerInfo, depth int) {
	for _, a := range si.Attr(oids.AdobeRevocationArchival) {
		for _, v := range a.Values {
			m.addArchival(v)
		}
	}
	for _, a := range si.UnsignedAttr(oids.RevocationValues) {
		for _, v := range a.Values {
			m.addArchival(v)
		}
	}
	for _, a := range si.UnsignedAttr(oids.CertificateValues) {
		for _, v := range a.Values {
			in := cryptobyte.String(v)
			var seq, c cryptobyte.String
			for ok := in.ReadASN1(&seq, cbasn1.SEQUENCE); ok && seq.ReadASN1Element(&c, cbasn1.SEQUENCE); {
				m.addRaw(c)
			}
		}
	}
	for _, oid := range []asn1.ObjectIdentifier{oids.SignatureTimestamp, oids.ContentTimestamp} {
		attrs := append(si.Attr(oid), si.UnsignedAttr(oid)...)
		for _, a := range attrs[:min(len(attrs), maxTimestamps)] {
			for _, v := range a.Values[:min(len(a.Values), maxTimestamps)] {
				if t, err := tsp.Parse(v); err == nil {
					m.addContainer(t.CMS, depth+1)
				}
			}
		}
	}
}

// addArchival reads RevocationInfoArchival (ISO 32000-2, 12.8.3.3.2) and
// RevocationValues (ETSI EN 319 122-1, A.1.2.2). They differ in that the second
// has BasicOCSPResponses.
func (m *material) addArchival(der []byte) {
	in := cryptobyte.String(der)
	var seq, part, list, item cryptobyte.String
	var tag cbasn1.Tag
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) {
		return
	}
	for !seq.Empty() {
		if !seq.ReadAnyASN1(&part, &tag) || !part.ReadASN1(&list, cbasn1.SEQUENCE) {
			return
		}
		for list.ReadASN1Element(&item, cbasn1.SEQUENCE) {
			switch tag {
			case cbasn1.Tag(0).ContextSpecific().Constructed():
				m.addRevocation(&m.crls, [][]byte{item})
			case cbasn1.Tag(1).ContextSpecific().Constructed():
				m.addRevocation(&m.ocsps, [][]byte{item})
			default: // other revocation data, which nothing here reads
			}
		}
	}
}

// addStore takes a DSS. ISO 32000-2, 12.8.4.3.
func (m *material) addStore(f *pdf.File) error {
	s, err := dss.Read(f)
	if err != nil {
		if lookError(err) != nil {
			return fmt.Errorf("verify: read the DSS: %w", err)
		}
		m.ignored = append(m.ignored, err.Error())
		return nil
	}
	m.ignored = append(m.ignored, s.Warnings...)
	for _, der := range s.Certs {
		m.addRaw(der)
	}
	m.addRevocation(&m.ocsps, s.OCSPs)
	m.addRevocation(&m.crls, s.CRLs)
	return nil
}

// source answers for revocation from the material, and from the network where
// online is set.
func (v *verifier) source(m *material, online, weak bool) *revocation.Source {
	s := &revocation.Source{
		OCSPs: m.ocsps, CRLs: m.crls, Certs: m.certs, Anchors: v.o.Anchors,
		FileOCSPs: v.o.FileOCSPs, FileCRLs: v.o.FileCRLs, CRLFirst: v.o.CRLFirst,
		Now: func() time.Time { return v.now }, AllowWeak: weak, LaterIsGood: true,
	}
	if online {
		s.Fetch = v.o.Online
		if v.o.CacheDir != "" {
			s.Cache = &revocation.Cache{Dir: v.o.CacheDir}
		}
	}
	return s
}

// sources are kept for all signatures of the file, as they remember what they
// parsed and fetched.
type sourceKey struct {
	online, weak bool
}

func (v *verifier) sourceFor(online, weak bool) *revocation.Source {
	key := sourceKey{online && v.o.Online != nil, weak}
	if s, ok := v.sources[key]; ok {
		return s
	}
	s := v.source(v.mat, key.online, key.weak)
	v.sources[key] = s
	return s
}

// gather collects the material of the file: the containers first, so that a
// large DSS can't crowd them out.
func (v *verifier) gather(ctx context.Context) error {
	v.mat = &material{}
	v.sources = make(map[sourceKey]*revocation.Source)
	for _, r := range v.recs {
		v.mat.addContainer(r.cms, 0)
		for _, c := range r.x509bag {
			v.mat.addCert(c)
		}
	}
	if err := v.mat.addStore(v.f); err != nil {
		return err
	}
	for _, c := range v.o.Intermediates {
		v.mat.addCert(c)
	}
	if v.mat.over {
		v.note(CodeLimitCertificates, "the file has more than %d certificates; the others were not read", maxCertificates)
	}
	if v.mat.overRI {
		v.note(CodeLimitRevocation, "the file has more than %d pieces of revocation data; the others were not read", maxRevocation)
	}
	if n := len(v.mat.ignored); n > 0 {
		v.note(CodeDSSIgnored, "%d entries of the DSS can't be used, the first: %s", n, v.mat.ignored[0])
	}
	return ctx.Err()
}
