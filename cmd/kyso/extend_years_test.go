package main

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/testpki"
)

// years is a small internet whose clock the test sets.
type years struct {
	t     *testing.T
	now   time.Time
	hosts testpki.Hosts
	root  *testpki.CA
}

func (y *years) clock() time.Time { return y.now }

func (y *years) at(year int) { y.now = time.Date(year, 6, 1, 3, 0, 0, 0, time.UTC) }

// tsa serves at a host of its own under a certificate that ends.
func (y *years) tsa(ca *testpki.CA, host string, end int) {
	key := testpki.Key(testpki.P256, host)
	y.hosts[host] = &testpki.TSA{Key: key, Now: y.clock, Chain: []*x509.Certificate{ca.Certificate},
		Certificate: ca.Issue(testpki.Leaf{CN: host, Key: key.Public(), TSA: true, OCSPURL: "http://ocsp.test/", NotAfter: endOf(end)})}
}

func endOf(year int) time.Time { return time.Date(year, 12, 31, 0, 0, 0, 0, time.UTC) }

// run runs the program at the clock's time; offline there is no network at all.
func (y *years) run(offline bool, args ...string) called {
	y.t.Helper()
	var out, errs bytes.Buffer
	a := newApp(streams{strings.NewReader(""), &out, &errs})
	a.now = y.clock
	a.transport = testpki.Transport(y.hosts)
	if offline {
		a.transport = testpki.Transport(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			y.t.Errorf("a request to %s", r.URL)
		}))
	}
	err := a.execute(y.t.Context(), append(args, "--lang", "en"))
	code := 0
	if err != nil {
		code = a.report(err)
	}
	return called{code, out.String(), errs.String()}
}

func newYears(t *testing.T) *years {
	t.Helper()
	home(t)
	newWorld(t) // key.pem and form.pdf
	y := &years{t: t, root: testpki.NewRoot("Gốc", testpki.P384), hosts: testpki.Hosts{}}
	caKey := testpki.Key(testpki.P256, "CA con")
	ca := &testpki.CA{Key: caKey, Certificate: y.root.Issue(testpki.Leaf{CN: "CA con", Key: caKey.Public(), OCSPURL: "http://ocsp.root.test/",
		NotAfter: endOf(2031), KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		Template: func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = true, true }})}
	for host, issuer := range map[string]*testpki.CA{"ocsp.test": ca, "ocsp.root.test": y.root} {
		server := issuer.OCSP()
		server.Now = y.clock
		y.hosts[host] = server
	}
	y.tsa(ca, "tsa1.test", 2030)
	// The last TSA of a file is proven by nothing in it: what its issuer
	// publishes is asked for, so offline one that names no source is needed.
	for host, ocsp := range map[string]string{"tsa2.test": "", "tsa3.test": "http://ocsp.root.test/"} {
		key := testpki.Key(testpki.P256, host)
		y.hosts[host] = &testpki.TSA{Key: key, Now: y.clock,
			Certificate: y.root.Issue(testpki.Leaf{CN: host, Key: key.Public(), TSA: true, OCSPURL: ocsp, NotAfter: endOf(2060)})}
	}
	signer := ca.Issue(testpki.Leaf{CN: "NGUYỄN VĂN A", Key: testpki.Key(testpki.P256, "signer").Public(), OCSPURL: "http://ocsp.test/", NotAfter: endOf(2028)})
	writePEM(t, "cert.pem", "CERTIFICATE", signer.Raw)
	writePEM(t, "ca.pem", "CERTIFICATE", ca.Certificate.Raw)
	writePEM(t, "root.pem", "CERTIFICATE", y.root.Certificate.Raw)
	return y
}

// A B-LTA file that was extended in time is valid twenty years on, without
// network, when the signer, its CA and the first TSA have expired; the B-T file
// is not decided any more. Issue 6.
func TestExtendOutlivesItsCertificates(t *testing.T) {
	y := newYears(t)
	y.at(2026)
	y.run(false, "trust", "add", "root.pem", "--yes").want(t, 0)
	y.run(false, "sign", "form.pdf", "--key", "key.pem", "--cert-file", "cert.pem", "--chain", "ca.pem", "--invisible",
		"--tsa", "http://tsa1.test/", "-o", "bt.pdf").want(t, 0)
	y.at(2027)
	y.run(false, "extend", "bt.pdf", "--tsa", "http://tsa1.test/", "-o", "lta1.pdf").want(t, 0, "B-LTA", "Extend again by: 2030-12-31")
	y.run(true, "verify", "lta1.pdf").want(t, 0)
	y.at(2030)
	y.run(false, "extend", "lta1.pdf", "--tsa", "http://tsa2.test/", "-o", "lta2.pdf").want(t, 0)
	y.run(false, "extend", "lta1.pdf", "--tsa", "http://tsa3.test/", "-o", "lta3.pdf").want(t, 0)
	y.at(2046)
	o := y.run(true, "verify", "lta2.pdf", "--json").want(t, 0).lines(t)[0]
	first := o["signatures"].([]any)[0].(map[string]any)
	if o["verdict"] != "valid_changed" && o["verdict"] != "valid" || first["level"] != "B-LTA" || first["indication"] != "TOTAL_PASSED" {
		t.Errorf("verdict %v, %v", o["verdict"], first)
	}
	y.run(true, "verify", "lta3.pdf").want(t, exitIndeterminate)
	y.run(false, "verify", "lta3.pdf", "--online").want(t, 0)
	// And it goes on: the data of the last TSA, and the next timestamp.
	y.run(false, "extend", "lta3.pdf", "--tsa", "http://tsa2.test/", "-o", "lta4.pdf").want(t, 0)
	y.run(true, "verify", "lta4.pdf").want(t, 0)
	for _, name := range []string{"bt.pdf", "lta1.pdf"} {
		t.Run("not extended: "+name, func(t *testing.T) {
			c := y.run(true, "verify", name, "--json")
			if c.code != exitIndeterminate {
				t.Errorf("exit %d: %s", c.code, fmt.Sprint(c.lines(t)[0]["verdict"]))
			}
		})
	}
}
