package revocation

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/testpki"
)

const (
	ocspURL = "http://ocsp.example.vn/"
	crlURL  = "http://crl.example.vn/ca.crl"
)

var (
	root    = testpki.NewRoot("Root", testpki.P256)
	sibling = testpki.NewRoot("Sibling", testpki.P256)
)

// newCA makes a CA whose revocations belong to one test.
func newCA(name string) *testpki.CA { return root.Sub(name, testpki.P256) }

// newLeaf names both sources.
func newLeaf(ca *testpki.CA, l testpki.Leaf) *x509.Certificate {
	if l.CN == "" {
		l.CN = "leaf"
	}
	if l.OCSPURL == "" {
		l.OCSPURL = ocspURL
	}
	if l.CRLURL == "" {
		l.CRLURL = crlURL
	}
	return ca.Issue(l)
}

func check(s *Source, cert *x509.Certificate, issuer *testpki.CA) certpath.RevocationStatus {
	return checkAt(s, cert, issuer, testpki.Now())
}

func checkAt(s *Source, cert *x509.Certificate, issuer *testpki.CA, at time.Time) certpath.RevocationStatus {
	if s.Now == nil {
		s.Now = testpki.Now
	}
	return s.Check(context.Background(), cert, issuer.Certificate, at)
}

// expect compares the state, and for Unknown that a problem is among the
// errors.
func expect(t *testing.T, got certpath.RevocationStatus, want certpath.State, p Problem) {
	t.Helper()
	if got.State != want {
		t.Errorf("%v, want %v: %v", got.State, want, got.Err)
		return
	}
	switch want {
	case certpath.Unknown:
		if !Has(got.Err, p) {
			t.Errorf("error %v, want %v", got.Err, p)
		}
	case certpath.Good, certpath.Revoked:
		if got.Err != nil || got.ThisUpdate.IsZero() || got.Source == kindNone {
			t.Errorf("%+v", got)
		}
	}
}

// ocspCase is a row of the tables O1 to O12: a response of the CA about leaf,
// changed and then signed.
type ocspCase struct {
	name    string
	change  func(r *testpki.OCSPResponse)
	want    certpath.State
	problem Problem
}

func runOCSP(t *testing.T, ca *testpki.CA, leaf *x509.Certificate, cases []ocspCase) {
	t.Helper()
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			r := ca.NewOCSP(leaf)
			tt.change(r)
			expect(t, check(&Source{OCSPs: [][]byte{r.Sign()}}, leaf, ca), tt.want, tt.problem)
		})
	}
}

func nothing(*testpki.OCSPResponse) {}

// delegate returns a change that lets a certificate of issuer sign.
func delegate(issuer *testpki.CA, l testpki.Leaf) func(r *testpki.OCSPResponse) {
	return func(r *testpki.OCSPResponse) {
		key := testpki.Key(testpki.P256, "responder "+l.CN)
		l.Key = key.Public()
		cert := issuer.Issue(l)
		r.Responder, r.Key, r.Certs = cert, key, [][]byte{cert.Raw}
	}
}

func ocspOID(n int) asn1.ObjectIdentifier {
	return asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, n}
}

func generalized(t time.Time) []byte {
	der, err := asn1.MarshalWithParams(t.UTC(), "generalized")
	if err != nil {
		panic(err)
	}
	return der
}

// strange is a critical extension that nobody knows.
var strange = pkix.Extension{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 99999, 1}, Critical: true, Value: []byte{5, 0}}
