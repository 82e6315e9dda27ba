package main

import (
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/kyso-vn/kyso/internal/testpki"
)

// servicesKey is where a script keeps the OCSP and CRL servers of its CA.
type servicesKey struct{}

// services are started by the command of that name; certificates that are made
// after it say where they are.
type services struct {
	ca      *testpki.CA
	ocsp    *testpki.OCSP
	crl     *testpki.CRLServer
	ocspURL string // "": not started
	crlURL  string
	tsa     *testpki.TSA // the last one that was started
}

// addTo lets a certificate name the servers.
func (s *services) addTo(l *testpki.Leaf) { l.OCSPURL, l.CRLURL = s.ocspURL, s.crlURL }

func servicesOf(ts *testscript.TestScript) *services { return ts.Value(servicesKey{}).(*services) }

// cmdServices starts the servers: services. They live on loopback, so the
// program needs --allow-private-network.
func cmdServices(ts *testscript.TestScript, _ bool, _ []string) {
	s := servicesOf(ts)
	s.ca = scriptRoot()
	s.ocsp = s.ca.OCSP()
	s.ocsp.Now = time.Now
	s.crl = &testpki.CRLServer{CA: s.ca, Now: time.Now}
	ocsp, crl := httptest.NewServer(s.ocsp), httptest.NewServer(s.crl)
	ts.Defer(ocsp.Close)
	ts.Defer(crl.Close)
	s.ocspURL, s.crlURL = ocsp.URL, crl.URL
	ts.Setenv("OCSP", ocsp.URL)
	ts.Setenv("CRL", crl.URL)
}

// cmdRevoke makes the CA revoke the signer of a kind: revoke KIND [REASON]; or
// take it back: ! revoke KIND.
func cmdRevoke(ts *testscript.TestScript, neg bool, args []string) {
	s := servicesOf(ts)
	_, cert := scriptSigner(ts, s.ca, args[0])
	if neg {
		s.ca.Unrevoke(cert)
		return
	}
	r := testpki.Revocation{At: time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)}
	if len(args) > 1 {
		n, err := strconv.Atoi(args[1])
		ts.Check(err)
		r.Reason = n
	}
	s.ca.Revoke(cert, r)
}

// cmdMode makes the servers misbehave: mode OCSP CRL; - is good.
func cmdMode(ts *testscript.TestScript, _ bool, args []string) {
	s := servicesOf(ts)
	s.ocsp.Mode, s.crl.Mode = strings.Trim(args[0], "-"), strings.Trim(args[1], "-")
}

// cmdAsked compares how often the servers were asked since the last time:
// asked ocsp=N crl=N tsa=N.
func cmdAsked(ts *testscript.TestScript, _ bool, args []string) {
	s := servicesOf(ts)
	got := map[string]int64{}
	if s.ocsp != nil {
		got["ocsp"], got["crl"] = atomic.SwapInt64(&s.ocsp.Requests, 0), atomic.SwapInt64(&s.crl.Requests, 0)
	}
	if s.tsa != nil {
		got["tsa"] = atomic.SwapInt64(&s.tsa.Requests, 0)
	}
	for _, arg := range args {
		name, want, _ := strings.Cut(arg, "=")
		n, err := strconv.ParseInt(want, 10, 64)
		ts.Check(err)
		if got[name] != n {
			ts.Fatalf("%s was asked %d times, want %d", name, got[name], n)
		}
	}
}

// cmdCRLFile writes the CRL as the server has it: crlfile NAME.
func cmdCRLFile(ts *testscript.TestScript, _ bool, args []string) {
	c := servicesOf(ts).ca.NewCRL()
	c.ThisUpdate, c.NextUpdate = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), c.Sign(), 0o600))
}
