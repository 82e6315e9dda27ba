package certpath_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// sign makes a certificate of any bytes that are to be its signed part.
func sign(tbs []byte, key crypto.Signer) []byte {
	digest := sha256.Sum256(tbs)
	sig := must(key.Sign(rand.Reader, digest[:], crypto.SHA256))
	return must(asn1.Marshal(struct {
		TBS asn1.RawValue
		Alg asn1.RawValue
		Sig asn1.BitString
	}{asn1.RawValue{FullBytes: tbs}, asn1.RawValue{FullBytes: algorithmID(oids.ECDSAWithSHA256)},
		asn1.BitString{Bytes: sig, BitLength: 8 * len(sig)}}))
}

// pathSeeds are the parts of anchor, intermediate and leaf that go under the
// signatures: one for each rule.
func pathSeeds(f *testing.F) {
	deep := func(s *spec) { with(policies(0, 1), mapTo([2]int{1, 2}), limits(1, 1), inhibitAny(1))(s) }
	names := altNames(dns("a.example.vn"), mail("a@example.vn"), uri("https://a.vn/"), ip("\xc0\x00\x02\x07"), dir(nameOf("x")), other("y"))
	variants := []func(*spec){func(*spec) {}, valid(2000, 2001), with(basic(true, 0)), with(basic(false, -1)), with(usage(0x80, 1)),
		with(constrain(list{dns("vn"), mail("vn"), uri(".vn"), ip("\xc0\x00\x02\x00\xff\xff\xff\x00"), dir(nameOf("x"))}, nil)),
		with(constrain(nil, list{dns("a.vn"), mail("a@vn"), other("y")})), with(names), with(unknown(true)), deep,
		with(eku(true, oids.EKUTimeStamping)), func(s *spec) { s.serial = big.NewInt(0) }, func(s *spec) { s.subject = nameOf("Root") },
		func(s *spec) { s.issuer, s.subject = nameOf("ROOT"), nameOf("SUB") }, func(s *spec) { s.version, s.exts = 1, nil }}
	for _, v := range variants {
		for place := range 3 {
			at := [3][]func(*spec){}
			at[place] = append(at[place], v)
			root := newCA(nil, "Root", at[0]...)
			sub := newCA(root, "Sub", at[1]...)
			leaf := newLeaf(sub, "l", at[2]...)
			f.Add(root.cert.RawTBSCertificate, sub.cert.RawTBSCertificate, leaf.RawTBSCertificate, byte(place))
		}
	}
}

// FuzzPath (F10): three certificates of any content, well signed. Whatever
// Build accepts, x509.Verify must too, but for the listed differences.
func FuzzPath(f *testing.F) {
	pathSeeds(f)
	keys := []crypto.Signer{testpki.Key(testpki.P256, "Root"), testpki.Key(testpki.P256, "Sub")}
	f.Fuzz(func(t *testing.T, rootTBS, subTBS, leafTBS []byte, purpose byte) {
		var certs []*x509.Certificate
		for i, tbs := range [][]byte{rootTBS, subTBS, leafTBS} {
			c, err := certpath.ParseCertificate(sign(tbs, keys[max(i-1, 0)]))
			if err != nil {
				return
			}
			certs = append(certs, c)
		}
		o := certpath.Options{Anchors: []certpath.Anchor{{Certificate: certs[0]}}, Intermediates: certs[1:2],
			Time: testpki.Now(), Purpose: certpath.Purpose(purpose%3 + 1)}
		path, err := certpath.Build(context.Background(), certs[2], o)
		if err != nil {
			if pe := new(certpath.PathError); !errors.As(err, &pe) || pe.Reason == 0 || len(pe.Partial) == 0 {
				t.Fatalf("not a whole PathError: %#v", err)
			}
			return
		}
		checkAgainstX509(t, path, o)
	})
}

// checkAgainstX509 verifies the path that was found, and no other.
func checkAgainstX509(t *testing.T, path *certpath.Path, o certpath.Options) {
	t.Helper()
	pools := []*x509.CertPool{x509.NewCertPool(), x509.NewCertPool()} // anchor, others
	last := len(path.Certificates) - 1
	for i, c := range path.Certificates {
		reparsed, err := x509.ParseCertificate(c.Raw)
		if err != nil {
			return // crypto/x509 has no verdict
		}
		if i == last {
			pools[0].AddCert(reparsed)
		} else if i > 0 {
			pools[1].AddCert(reparsed)
		}
	}
	leaf, _ := x509.ParseCertificate(path.Certificates[0].Raw)
	_, err := leaf.Verify(x509.VerifyOptions{Roots: pools[0], Intermediates: pools[1], CurrentTime: o.Time,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	if err != nil && !goodDifference(path, err) {
		t.Fatalf("accepted what x509 refuses: %v", err)
	}
}

// goodDifference lists where crypto/x509 refuses what RFC 5280 accepts, each
// with its cause in the path.
func goodDifference(path *certpath.Path, err error) bool {
	var invalid x509.CertificateInvalidError
	last := len(path.Certificates) - 1
	for i, c := range path.Certificates {
		if i < last && string(c.RawIssuer) != string(path.Certificates[i+1].RawSubject) {
			return true // names that are the same by 7.1 only: x509 finds no issuer
		}
		if errors.As(err, &invalid) && invalid.Reason == x509.TooManyIntermediates && certpath.SameName(c.RawSubject, c.RawIssuer) {
			return true // self-issued certificates count for it
		}
		if errors.As(err, &x509.UnhandledCriticalExtension{}) && len(c.UnhandledCriticalExtensions) > 0 {
			return true // directory names and the like, which it does not process
		}
	}
	if !errors.As(err, &invalid) || invalid.Reason != x509.CANotAuthorizedForThisName {
		return false
	}
	for i, c := range path.Certificates {
		if i > 0 && i < last && certpath.SameName(c.RawSubject, c.RawIssuer) {
			return true // self-issued certificates are held against constraints too
		}
		// A constraint to a host of mail or URI covers sub-domains (PKITS 4.13.25).
		mailOrURI := strings.Contains(invalid.Detail, "email address") || strings.Contains(invalid.Detail, "URI")
		if excluded := append(slices.Clone(c.ExcludedEmailAddresses), c.ExcludedURIDomains...); mailOrURI && len(excluded) > 0 {
			return true
		}
	}
	return false
}

// Every PKITS path that is accepted is held against crypto/x509 too.
func TestAgainstX509(t *testing.T) {
	for _, v := range pkitsVectors(t) {
		leaf, o := v.options(t)
		if path, err := certpath.Build(context.Background(), leaf, o); err == nil {
			checkAgainstX509(t, path, o)
		}
	}
}

// FuzzParse: what is parsed keeps its bytes, and no input takes the program
// down.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"TrustAnchorRootCertificate.crt", "ValidcRLIssuerTest29EE.crt", "DSAParametersInheritedCACert.crt",
		"InvalidNegativeSerialNumberTest15EE.crt"} {
		f.Add(pkitsFile(f, "certs", name))
	}
	a := testpki.NewRoot("A", testpki.P256).Certificate
	f.Add(bundleOf(a, a))
	f.Add([]byte(pemOf(a.Raw)))
	f.Fuzz(func(t *testing.T, data []byte) {
		certs, err := certpath.ParseCertificates(data)
		if (err == nil) != (len(certs) > 0) {
			t.Fatalf("%d certificates and %v", len(certs), err)
		}
		for _, c := range certs {
			again, err := certpath.ParseCertificate(c.Raw)
			if err != nil || !again.Equal(c) {
				t.Fatalf("not the same again: %v", err)
			}
		}
	})
}
