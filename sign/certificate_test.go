package sign_test

import (
	"context"
	"crypto/x509"
	"errors"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/dss"
	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/revocation"
	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/sign"
)

func storeOf(t *testing.T, data []byte) [][]byte {
	t.Helper()
	s, err := dss.Read(openFile(t, data))
	if err != nil {
		t.Fatal(err)
	}
	return s.Certs
}

// What a certificate says of itself forbids to sign before anybody is asked.
func TestCheckCertificateItself(t *testing.T) {
	end := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		leaf testpki.Leaf
		now  time.Time
		want certpath.Reason // 0: may sign
	}{
		{"valid", testpki.Leaf{}, testpki.Now(), 0},
		{"first second", testpki.Leaf{NotBefore: end}, end, 0},
		{"before it", testpki.Leaf{NotBefore: end}, end.Add(-time.Nanosecond), certpath.NotYetValid},
		{"last second", testpki.Leaf{NotAfter: end}, end, 0},
		{"its fraction", testpki.Leaf{NotAfter: end}, end.Add(999 * time.Millisecond), 0},
		{"after it", testpki.Leaf{NotAfter: end}, end.Add(time.Second), certpath.Expired},
		{"in another zone", testpki.Leaf{NotAfter: end}, end.In(time.FixedZone("+07", 7*3600)), 0},
		{"content commitment alone", testpki.Leaf{KeyUsage: x509.KeyUsageContentCommitment}, testpki.Now(), 0},
		{"digital signature alone", testpki.Leaf{KeyUsage: x509.KeyUsageDigitalSignature}, testpki.Now(), 0},
		{"for encryption", testpki.Leaf{KeyUsage: x509.KeyUsageKeyEncipherment}, testpki.Now(), certpath.KeyUsage},
		{"a CA's", testpki.Leaf{KeyUsage: x509.KeyUsageCertSign}, testpki.Now(), certpath.KeyUsage},
		{"no key usage", testpki.Leaf{Template: func(c *x509.Certificate) { c.KeyUsage = 0 }}, testpki.Now(), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newOnline()
			c.leaf.CN, c.leaf.OCSPURL = "NGUYỄN VĂN A", "http://ocsp.test/"
			cert := w.ca.Issue(c.leaf)
			s, err := sign.CheckCertificate(t.Context(), cert, nil, nil, c.now)
			if c.want == 0 {
				if err != nil || s.State != certpath.Unknown || s.Err == nil || s.Path != nil {
					t.Errorf("%+v, %v", s, err)
				}
				return
			}
			var pe *certpath.PathError
			if !errors.As(err, &pe) || pe.Reason != c.want || !pe.Cert.Equal(cert) || pe.Detail == "" {
				t.Errorf("%v", err)
			}
			if _, err := sign.CheckCertificate(t.Context(), cert, nil, w.validation(), c.now); err == nil || w.calls() != "0 tsa 0 ocsp 0 crl 0 issuer" {
				t.Errorf("%v, and the network was asked", err)
			}
		})
	}
}

// The status: revoked is an error, not known is data.
func TestCheckCertificateStatus(t *testing.T) {
	const asked = "0 tsa 1 ocsp 1 crl 0 issuer"
	offline := func(w *online, v *sign.Validation) {
		v.Revocation = func(used *revocation.Evidence) certpath.RevocationChecker {
			return &revocation.Source{Now: testpki.Now, Used: used}
		}
	}
	for _, c := range []struct {
		name  string
		spoil func(w *online, v *sign.Validation)
		want  certpath.State // 0: an error
		cert  certpath.State // that of the certificate itself
		path  bool
		calls string
	}{
		{"good", func(*online, *sign.Validation) {}, certpath.Good, certpath.Good, true, asked},
		{"revoked", func(w *online, _ *sign.Validation) { w.ca.Revoke(w.cert, testpki.Revocation{}) }, 0, 0, false, asked},
		{"on hold", func(w *online, _ *sign.Validation) { w.ca.Revoke(w.cert, testpki.Revocation{Reason: 6}) }, 0, 0, false, asked},
		{"the CA is revoked", func(w *online, _ *sign.Validation) { w.root.Revoke(w.ca.Certificate, testpki.Revocation{}) },
			0, 0, false, "0 tsa 0 ocsp 1 crl 0 issuer"},
		{"the responder is down", func(w *online, _ *sign.Validation) { w.ocsp.Mode = "http500" }, certpath.Unknown, certpath.Unknown, true, asked},
		{"the responder lies", func(w *online, _ *sign.Validation) { w.ocsp.Mode = "unsigned" }, certpath.Unknown, certpath.Unknown, true, asked},
		{"unknown there", func(w *online, _ *sign.Validation) { w.ocsp.Mode = "unknown" }, certpath.Unknown, certpath.Unknown, true, asked},
		{"the CA's status is not known", func(w *online, _ *sign.Validation) { w.crl.Mode = "garbage" }, certpath.Unknown, certpath.Good, true, asked},
		{"offline", offline, certpath.Unknown, certpath.Unknown, true, "0 tsa 0 ocsp 0 crl 0 issuer"},
		{"no anchors", func(_ *online, v *sign.Validation) { v.Anchors = nil }, certpath.Unknown, certpath.Unknown, false, "0 tsa 0 ocsp 0 crl 0 issuer"},
		{"nobody to ask", func(_ *online, v *sign.Validation) { v.Revocation = nil }, certpath.Unknown, certpath.Unknown, false, "0 tsa 0 ocsp 0 crl 0 issuer"},
		{"another's anchor", func(_ *online, v *sign.Validation) {
			v.Anchors = []certpath.Anchor{{Certificate: testpki.NewRoot("khác", testpki.P256).Certificate}}
		}, certpath.Unknown, certpath.Unknown, false, "0 tsa 0 ocsp 0 crl 0 issuer"},
		{"the certificate is the anchor", func(w *online, v *sign.Validation) {
			v.Anchors = []certpath.Anchor{{Certificate: w.cert}}
		}, certpath.Good, certpath.Unknown, true, "0 tsa 0 ocsp 0 crl 0 issuer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newOnline()
			v := w.validation()
			c.spoil(w, v)
			s, err := sign.CheckCertificate(t.Context(), w.cert, []*x509.Certificate{w.ca.Certificate}, v, testpki.Now())
			if got := w.calls(); got != c.calls {
				t.Errorf("%s, want %s", got, c.calls)
			}
			if c.want == 0 {
				var pe *certpath.PathError
				if !errors.As(err, &pe) || pe.Reason != certpath.CertRevoked || pe.Status.RevokedAt.IsZero() {
					t.Errorf("%+v, %v", s, err)
				}
				return
			}
			if err != nil || s.State != c.want || s.Revocation.State != c.cert || (s.Path != nil) != c.path ||
				(s.Err == nil) != (c.want != certpath.Unknown) {
				t.Errorf("%+v, %v", s, err)
			}
		})
	}
}

func TestCheckCertificateNotPublished(t *testing.T) {
	w := newOnline()
	cert := w.ca.Issue(testpki.Leaf{CN: "TRẦN THỊ B"})
	s, err := sign.CheckCertificate(t.Context(), cert, []*x509.Certificate{w.ca.Certificate}, w.validation(), testpki.Now())
	if err != nil || s.State != certpath.NotPublished || s.Revocation.State != certpath.NotPublished || s.Err != nil {
		t.Errorf("%+v, %v", s, err)
	}
}

// An interrupt is no status.
func TestCheckCertificateStops(t *testing.T) {
	w := newOnline()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := sign.CheckCertificate(ctx, w.cert, []*x509.Certificate{w.ca.Certificate}, w.validation(), testpki.Now()); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// What the check fetched serves the signature: the two together ask no more
// than the signature alone would.
func TestCheckThenSign(t *testing.T) {
	w := newOnline()
	o := w.options(sign.BLT)
	s, err := sign.CheckCertificate(t.Context(), w.cert, o.Chain, o.Validation, testpki.Now())
	if err != nil || s.State != certpath.Good {
		t.Fatalf("%+v, %v", s, err)
	}
	if len(s.Evidence.OCSPs) != 1 || len(s.Evidence.CRLs) != 1 {
		t.Errorf("%d OCSP responses, %d CRLs", len(s.Evidence.OCSPs), len(s.Evidence.CRLs))
	}
	o.Validation.Known = s.Evidence
	w.mustSign(t, o)
	if got := w.calls(); got != "1 tsa 2 ocsp 1 crl 0 issuer" {
		t.Errorf("calls: %s", got)
	}
}

// N06, N02: the addresses in the certificate are held to the policy of
// addresses out of data.
func TestCheckCertificateAddresses(t *testing.T) {
	w := newOnline()
	w.hosts["127.0.0.1"] = w.ocsp
	cert := w.ca.Issue(testpki.Leaf{CN: "NGUYỄN VĂN A", OCSPURL: "http://127.0.0.1/", CAIssuersURL: "http://127.0.0.1/ca.cer"})
	for _, chain := range [][]*x509.Certificate{{w.ca.Certificate}, nil} {
		s, err := sign.CheckCertificate(t.Context(), cert, chain, w.validation(), testpki.Now())
		var fe *fetch.Error
		if err != nil || s.State != certpath.Unknown || !errors.As(s.Revocation.Err, &fe) && !errors.As(s.Err, &fe) || fe.Kind != "refused_address" {
			t.Errorf("%+v, %v", s, err)
		}
	}
	if w.ocsp.Requests != 0 {
		t.Errorf("%d requests", w.ocsp.Requests)
	}
}
