package certpath_test

import (
	"context"
	"crypto/x509"
	"encoding/asn1"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// vector is one test of NIST PKITS.
type vector struct {
	Name                        string
	CertPath, CRLPath           []string // anchor first
	ShouldValidate              bool
	InitialPolicySet            []string
	InitialPolicyMappingInhibit bool
	InitialExplicitPolicy       bool
	InitialAnyPolicyInhibit     bool
}

func nistPolicy(n int) asn1.ObjectIdentifier {
	return asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 2, 1, 48, n}
}

var nistPolicies = map[string]asn1.ObjectIdentifier{
	"NIST-test-policy-1": nistPolicy(1), "NIST-test-policy-2": nistPolicy(2),
	"NIST-test-policy-3": nistPolicy(3), "NIST-test-policy-6": nistPolicy(6),
	"anyPolicy": {2, 5, 29, 32, 0},
}

func pkitsVectors(t testing.TB) []vector {
	t.Helper()
	data, err := os.ReadFile("testdata/pkits/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []vector
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 249 {
		t.Fatalf("%d vectors, want 249", len(list))
	}
	return list
}

func pkitsFile(t testing.TB, folder, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata/pkits", folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func pkitsCert(t testing.TB, name string) *x509.Certificate {
	t.Helper()
	cert, err := certpath.ParseCertificate(pkitsFile(t, "certs", name))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return cert
}

// options returns leaf and Options of a vector, without revocation.
func (v vector) options(t testing.TB) (*x509.Certificate, certpath.Options) {
	o := certpath.Options{Time: testpki.Now(), Purpose: certpath.Any, ExplicitPolicy: v.InitialExplicitPolicy,
		InhibitPolicyMapping: v.InitialPolicyMappingInhibit, InhibitAnyPolicy: v.InitialAnyPolicyInhibit}
	for _, p := range v.InitialPolicySet {
		o.InitialPolicies = append(o.InitialPolicies, nistPolicies[p])
	}
	for _, name := range v.CertPath[1 : len(v.CertPath)-1] {
		o.Intermediates = append(o.Intermediates, pkitsCert(t, name))
	}
	o.Anchors = []certpath.Anchor{{Certificate: pkitsCert(t, v.CertPath[0]), Source: "PKITS"}}
	return pkitsCert(t, v.CertPath[len(v.CertPath)-1]), o
}

// refusedDSA are vectors that are valid with DSA, which is refused: the
// declared difference to the suite.
var refusedDSA = words("4.1.4 4.1.5")

// revocationDecides are the vectors that only revocation makes invalid.
var revocationDecides = words("4.4.1 4.4.2 4.4.3 4.4.4 4.4.5 4.4.6 4.4.8 4.4.9 4.4.10 4.4.11 4.4.12 4.4.15 4.4.18 4.4.20" +
	" 4.4.21 4.5.2 4.5.5 4.5.7 4.7.4 4.7.5 4.14.2 4.14.3 4.14.6 4.14.8 4.14.9 4.14.11 4.14.12" +
	" 4.14.14 4.14.15 4.14.16 4.14.17 4.14.20 4.14.21 4.14.23 4.14.26 4.14.27 4.14.31 4.14.32" +
	" 4.14.34 4.14.35 4.15.1 4.15.3 4.15.4 4.15.6 4.15.9 4.15.10")

func words(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

func (v vector) id() string { return strings.Fields(v.Name)[0] }

// The path alone: nothing but what a CRL says may be missed.
func TestPKITSWithoutRevocation(t *testing.T) {
	for _, v := range pkitsVectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			leaf, o := v.options(t)
			_, err := certpath.Build(context.Background(), leaf, o)
			want := (v.ShouldValidate || revocationDecides[v.id()]) && !refusedDSA[v.id()]
			if (err == nil) != want {
				t.Errorf("want %v, got %v", want, err)
			}
			if pe := new(certpath.PathError); refusedDSA[v.id()] && (!errors.As(err, &pe) || pe.Reason != certpath.UnsupportedAlgorithm) {
				t.Errorf("want %v, got %v", certpath.UnsupportedAlgorithm, err)
			}
		})
	}
}
