package sign_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/revocation"
	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/internal/tsp"
	"github.com/kyso-vn/kyso/sign"
)

// online is a PKI all of whose certificates name their sources: the CA's is on
// the root's CRL; the CA's responder answers for signer and TSA; and the CA's
// certificate is at the address that the signer's names.
type online struct {
	root, ca   *testpki.CA
	ocsp       *testpki.OCSP
	crl        *testpki.CRLServer
	tsa        *testpki.TSA
	issuers    atomic.Int64 // requests for the CA's certificate
	key        crypto.Signer
	cert       *x509.Certificate
	client     *fetch.Client
	hosts      testpki.Hosts
	strangeOwn bool // the checker is not a *revocation.Source
}

func newOnline() *online {
	w := &online{root: testpki.NewRoot("Gốc thử", testpki.P256)}
	caKey := testpki.Key(testpki.P256, "CA thử trực tuyến")
	w.ca = &testpki.CA{Key: caKey, Certificate: w.root.Issue(testpki.Leaf{CN: "CA thử trực tuyến", Key: caKey.Public(),
		CRLURL: "http://crl.test/root.crl", KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		Template: func(c *x509.Certificate) { c.IsCA = true }})}
	w.ocsp, w.crl = w.ca.OCSP(), &testpki.CRLServer{CA: w.root}
	w.tsa = testpki.NewTSA(w.ca, testpki.P256)
	w.tsa.Certificate = w.ca.Issue(testpki.Leaf{CN: "TSA thử", Key: w.tsa.Key.Public(), TSA: true,
		KeyUsage: x509.KeyUsageDigitalSignature, OCSPURL: "http://ocsp.test/"})
	w.key = testpki.Key(testpki.P256, "NGUYỄN VĂN A")
	w.cert = w.ca.Issue(testpki.Leaf{CN: "NGUYỄN VĂN A", Key: w.key.Public(), OCSPURL: "http://ocsp.test/",
		CAIssuersURL: "http://ca.test/ca.cer"})
	w.hosts = testpki.Hosts{"ocsp.test": w.ocsp, "crl.test": w.crl, "tsa.test": w.tsa,
		"ca.test": http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
			w.issuers.Add(1)
			_, _ = rw.Write(w.ca.Certificate.Raw)
		})}
	w.client = &fetch.Client{Transport: testpki.Transport(w.hosts), Now: testpki.Now}
	return w
}

// ask hides what kind of checker it is.
type ask struct{ *revocation.Source }

func (w *online) validation() *sign.Validation {
	return &sign.Validation{
		Anchors: []certpath.Anchor{{Certificate: w.root.Certificate}},
		Revocation: func(used *revocation.Evidence) certpath.RevocationChecker {
			s := &revocation.Source{Fetch: w.client, Now: testpki.Now, Used: used}
			if w.strangeOwn {
				return ask{s}
			}
			return s
		},
	}
}

func (w *online) pool() *tsp.Pool {
	return &tsp.Pool{Clients: []*tsp.Client{{URL: "http://tsa.test/", Fetch: w.client, Now: testpki.Now, Tries: 1}}}
}

func (w *online) options(l sign.Level) sign.Options {
	o := sign.Options{Certificate: w.cert, Chain: []*x509.Certificate{w.ca.Certificate}, Level: l, Now: testpki.Now}
	if l >= sign.BT {
		o.Pool = w.pool()
	}
	if l >= sign.BLT {
		o.Validation = w.validation()
	}
	return o
}

// calls are the requests since it was asked last.
func (w *online) calls() string {
	text := fmt.Sprintf("%d tsa %d ocsp %d crl %d issuer", atomic.SwapInt64(&w.tsa.Requests, 0),
		atomic.SwapInt64(&w.ocsp.Requests, 0), atomic.SwapInt64(&w.crl.Requests, 0), w.issuers.Swap(0))
	return text
}

func (w *online) mustSign(t *testing.T, o sign.Options) []byte {
	t.Helper()
	out, result, err := trySign(t, input{}.bytes(), w.key, o)
	if err != nil {
		t.Fatal(err)
	}
	if result.Level != o.Level || len(result.Warnings) != 0 {
		t.Fatalf("%+v", result)
	}
	return out
}

func (w *online) extend(t *testing.T, data []byte, l sign.Level) *sign.Result {
	t.Helper()
	out, err := os.Create(filepath.Join(t.TempDir(), "out.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	result, err := sign.Extend(context.Background(), bytes.NewReader(data), int64(len(data)), out,
		sign.ExtendOptions{Level: l, Pool: w.pool(), Validation: w.validation(), Now: testpki.Now})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// TestRequestsOfLevels: each level makes exactly the requests it must. What
// signer and TSA share, the status of their CA, is asked once.
func TestRequestsOfLevels(t *testing.T) {
	for _, c := range []struct {
		level sign.Level
		want  string
	}{
		{sign.BB, "0 tsa 0 ocsp 0 crl 0 issuer"},
		{sign.BT, "1 tsa 0 ocsp 0 crl 0 issuer"},
		{sign.BLT, "1 tsa 2 ocsp 1 crl 0 issuer"},
		{sign.BLTA, "2 tsa 2 ocsp 1 crl 0 issuer"},
	} {
		t.Run(c.level.String(), func(t *testing.T) {
			w := newOnline()
			w.mustSign(t, w.options(c.level))
			if got := w.calls(); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// TestRequestsOfExtend: what the file holds already is not asked for again.
func TestRequestsOfExtend(t *testing.T) {
	for _, c := range []struct {
		from, to sign.Level
		want     string
	}{
		{sign.BB, sign.BT, "1 tsa 0 ocsp 0 crl 0 issuer"},
		{sign.BT, sign.BLT, "0 tsa 2 ocsp 1 crl 0 issuer"},
		{sign.BB, sign.BLTA, "2 tsa 2 ocsp 1 crl 0 issuer"},
		{sign.BLT, sign.BLT, "0 tsa 0 ocsp 0 crl 0 issuer"},
		{sign.BLT, sign.BLTA, "1 tsa 0 ocsp 0 crl 0 issuer"},
		{sign.BLTA, sign.BLTA, "1 tsa 0 ocsp 0 crl 0 issuer"},
	} {
		t.Run(fmt.Sprint(c.from, " to ", c.to), func(t *testing.T) {
			w := newOnline()
			data := w.mustSign(t, w.options(c.from))
			w.calls()
			if result := w.extend(t, data, c.to); result.Level != c.to {
				t.Errorf("%+v", result)
			}
			if got := w.calls(); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// TestIssuerIsFetched: a chain that is not at hand is completed from the
// address in the certificate, once, and is in the file afterwards.
func TestIssuerIsFetched(t *testing.T) {
	w := newOnline()
	w.tsa.Chain = nil // the token does not help out
	o := w.options(sign.BLT)
	o.Chain = nil
	out := w.mustSign(t, o)
	if got := w.calls(); got != "1 tsa 2 ocsp 1 crl 1 issuer" {
		t.Errorf("calls: %s", got)
	}
	found := false
	for _, der := range storeOf(t, out) {
		found = found || bytes.Equal(der, w.ca.Certificate.Raw)
	}
	if !found {
		t.Error("the CA's certificate is not in the file")
	}
	// From there it serves the next level, and so do the data.
	delete(w.hosts, "ca.test")
	if result := w.extend(t, out, sign.BLTA); result.Level != sign.BLTA || w.calls() != "1 tsa 0 ocsp 0 crl 0 issuer" {
		t.Errorf("%+v", result)
	}
	_, _, err := trySign(t, input{}.bytes(), w.key, o)
	var level *sign.LevelError
	var pe *certpath.PathError
	var fe *fetch.Error
	if !errors.As(err, &level) || !errors.As(err, &pe) || pe.Reason != certpath.NoAnchor || !errors.As(err, &fe) {
		t.Errorf("%v", err)
	}
}

// TestOwnChecker: a checker of another kind is asked anew for each path.
func TestOwnChecker(t *testing.T) {
	w := newOnline()
	w.strangeOwn = true
	w.mustSign(t, w.options(sign.BLT))
	if got := w.calls(); got != "1 tsa 2 ocsp 2 crl 0 issuer" {
		t.Errorf("calls: %s", got)
	}
}
