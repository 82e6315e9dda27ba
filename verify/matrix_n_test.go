package verify_test

import (
	"crypto/x509"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/verify"
)

// services are the servers of a CA below the root, and of a stranger.
type services struct {
	ca     *testpki.CA
	ocsp   *testpki.OCSP
	crl    *testpki.CRLServer // of the root, about the CA
	other  atomic.Int64       // requests to any other host
	client *fetch.Client
}

// ServeHTTP counts what goes to a host that is not known.
func (s *services) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Hostname() {
	case "ocsp.example.vn":
		s.ocsp.ServeHTTP(w, r)
	case "crl.example.vn":
		s.crl.ServeHTTP(w, r)
	default:
		s.other.Add(1)
		http.Error(w, "down", http.StatusInternalServerError)
	}
}

func newServices(cn string) *services {
	root := thePKI().root
	key := testpki.Key(testpki.P256, cn)
	s := &services{ca: &testpki.CA{Key: key, Certificate: root.Issue(testpki.Leaf{CN: cn, Key: key.Public(), CRLURL: crlURL,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, Template: func(c *x509.Certificate) { c.IsCA = true }})}}
	s.ocsp, s.crl = s.ca.OCSP(), &testpki.CRLServer{CA: root, Now: now}
	s.ocsp.Now = now
	s.client = &fetch.Client{Transport: testpki.Transport(s), Now: now}
	return s
}

func (s *services) calls() string {
	return fmt.Sprintf("%d ocsp %d crl %d other", atomic.SwapInt64(&s.ocsp.Requests, 0), atomic.SwapInt64(&s.crl.Requests, 0), s.other.Swap(0))
}

func (s *services) online(o *verify.Options) { o.Online = s.client }

// signer names the responder.
func (s *services) signer(cn string) signer {
	return newSigner(s.ca, testpki.Leaf{CN: cn, OCSPURL: "http://ocsp.example.vn/", CAIssuersURL: "http://ca.example.vn/ca.cer"})
}

// N01, N07: without --online nothing is asked; with it each certificate's
// status once, however many signatures the file has.
func TestN07Requests(t *testing.T) {
	for _, signatures := range []int{1, 2, 5} {
		t.Run(fmt.Sprint(signatures), func(t *testing.T) {
			s := newServices("CA N07")
			d := newDoc()
			for range signatures {
				d.sign(sigSpec{build: withBag(s.signer("TRẦN THỊ B"), s.ca)})
			}
			doubtful("TRY_LATER", "REVOCATION_UNKNOWN").expect(t, check(t, d.data), 0)
			if got := s.calls(); got != "0 ocsp 0 crl 0 other" {
				t.Errorf("offline: %s", got)
			}
			rep := check(t, d.data, s.online)
			for i := range signatures {
				if r := rep.Signatures[i].Revocation; r.Status != verify.RevocationGood || *r.Origin != "online" {
					t.Errorf("%d: %+v", i, r)
				}
			}
			verdict := verify.Valid
			if signatures > 1 {
				verdict = verify.ValidChanged // each but the last was followed by another
			}
			if got := s.calls(); rep.Verdict != verdict || !rep.Online || got != "1 ocsp 1 crl 0 other" {
				t.Errorf("online: %s, %s", rep.Verdict, got)
			}
		})
	}
}

// N06: of a chain that ends at no anchor no address is followed.
func TestN06StrangersChain(t *testing.T) {
	url := "http://evil.example.com/x"
	evil := testpki.NewRoot("Stranger", testpki.P256)
	key := testpki.Key(testpki.P256, "Stranger's CA")
	sub := &testpki.CA{Key: key, Certificate: evil.Issue(testpki.Leaf{CN: "Stranger's CA", Key: key.Public(), CRLURL: url, OCSPURL: url,
		CAIssuersURL: url, KeyUsage: x509.KeyUsageCertSign, Template: func(c *x509.Certificate) { c.IsCA = true }})}
	leaf := newSigner(sub, testpki.Leaf{CN: "MALLORY", OCSPURL: url, CRLURL: url, CAIssuersURL: url})
	own := newSigner(evil, tsaLeaf("Stranger's TSA"))
	for name, bag := range map[string][]*testpki.CA{"whole": {sub, evil}, "without its root": {sub}, "the leaf alone": nil} {
		t.Run(name, func(t *testing.T) {
			s := newServices("CA N06")
			rep := check(t, signedDoc(sigSpec{build: withBag(leaf, bag...)}).data, s.online)
			if got := s.calls(); rep.Verdict != verify.Indeterminate || got != "0 ocsp 0 crl 0 other" {
				t.Errorf("%s, %s", rep.Verdict, got)
			}
		})
	}
	t.Run("a stranger's timestamp", func(t *testing.T) {
		s := newServices("CA N06")
		check(t, signedBy(leaf, "", dssData{}, tokenSpec{by: own}), s.online)
		if got := s.calls(); got != "0 ocsp 0 crl 0 other" {
			t.Error(got)
		}
	})
	// A missing issuer could be anybody's: its address is not followed either.
	t.Run("of a trusted CA, without that", func(t *testing.T) {
		s := newServices("CA N06")
		rep := check(t, signedDoc(sigSpec{build: withBag(s.signer("TRẦN THỊ B"))}).data, s.online)
		if got := s.calls(); rep.Verdict != verify.Indeterminate || got != "0 ocsp 0 crl 0 other" {
			t.Errorf("%s, %s", rep.Verdict, got)
		}
	})
}

// N02, N03: whatever a trusted CA writes, private addresses and other schemes
// are not asked.
func TestN02Addresses(t *testing.T) {
	for _, url := range []string{"http://127.0.0.1/", "http://[::1]/", "http://2130706433/", "http://0x7f.1/", "http://[::ffff:127.0.0.1]/",
		"http://[64:ff9b::7f00:1]/", "http://169.254.169.254/latest", "http://10.0.0.1/", "http://100.64.0.1/", "http://[fd00::1]/",
		"http://localhost/", "http://localhost./", "http://a:b@ocsp.example.vn/", "http://ocsp.example.vn:6379/",
		"file:///etc/passwd", "ftp://ocsp.example.vn/", "ldap://ocsp.example.vn/", "gopher://ocsp.example.vn/"} {
		t.Run(url, func(t *testing.T) {
			s := newServices("CA N02")
			by := newSigner(s.ca, testpki.Leaf{CN: "TRẦN THỊ B", OCSPURL: url, CRLURL: url, CAIssuersURL: url})
			rep := check(t, signedDoc(sigSpec{build: withBag(by, s.ca)}).data, s.online)
			doubtful("TRY_LATER", "REVOCATION_UNKNOWN").expect(t, rep, 0)
			if got := s.calls(); got != "0 ocsp 1 crl 0 other" { // the CA's own status
				t.Error(got)
			}
		})
	}
}

// N07: a file's budget ends the questions, not the verdict.
func TestN07Budget(t *testing.T) {
	s := newServices("CA N07 budget")
	s.client.Budget = &fetch.Budget{Requests: 3}
	d := newDoc()
	for i := range 5 {
		by := newSigner(s.ca, testpki.Leaf{CN: fmt.Sprint("TRẦN THỊ B ", i), OCSPURL: "http://ocsp.example.vn/"})
		d.sign(sigSpec{build: withBag(by, s.ca)})
	}
	rep := check(t, d.data, s.online)
	good := 0
	for _, sig := range rep.Signatures {
		if sig.Revocation.Status == verify.RevocationGood {
			good++
		}
	}
	if got := s.calls(); good != 2 || rep.Verdict != verify.Indeterminate || got != "2 ocsp 1 crl 0 other" {
		t.Errorf("%d good, %s, %s", good, rep.Verdict, got)
	}
}

// N08, N10: servers that fail leave the status unknown, and the next kind of
// source is asked.
func TestN10Failures(t *testing.T) {
	for _, mode := range []string{"garbage", "html", "empty", "http500", "unsigned", "stale", "future", "try_later", "wrong_nonce", "unknown"} {
		t.Run(mode, func(t *testing.T) {
			s := newServices("CA N10")
			s.ocsp.Mode = mode
			data := signedDoc(sigSpec{build: withBag(s.signer("TRẦN THỊ B"), s.ca)}).data
			rep := check(t, data, s.online)
			if sub := rep.Signatures[0].SubIndication; rep.Verdict != verify.Indeterminate || sub == nil ||
				!slices.Contains([]string{"TRY_LATER", "REVOCATION_OUT_OF_BOUNDS_NO_POE"}, *sub) {
				t.Errorf("%s, %v", rep.Verdict, rep.Signatures[0].Reasons)
			}
			if got := s.calls(); got != "1 ocsp 1 crl 0 other" {
				t.Error(got)
			}
		})
	}
}

// What was fetched is kept in the folder for the next file.
func TestOnlineCache(t *testing.T) {
	s := newServices("CA cache")
	data := signedDoc(sigSpec{build: withBag(s.signer("TRẦN THỊ B"), s.ca)}).data
	dir := t.TempDir()
	for i, want := range []string{"1 ocsp 1 crl 0 other", "0 ocsp 0 crl 0 other"} {
		rep := check(t, data, s.online, func(o *verify.Options) { o.CacheDir = dir })
		if got := s.calls(); rep.Verdict != verify.Valid || got != want {
			t.Errorf("%d: %s, %s", i, rep.Verdict, got)
		}
	}
}

// A revocation that only the network knows.
func TestOnlineRevoked(t *testing.T) {
	s := newServices("CA revoked")
	by := s.signer("TRẦN THỊ B")
	s.ca.Revoke(by.cert, testpki.Revocation{At: year(2026)})
	data := signedDoc(sigSpec{now: "D:20260401000000Z", build: withBag(by, s.ca)}).data
	invalid("REVOKED", "REVOKED").expect(t, check(t, data, s.online), 0)
	doubtful("TRY_LATER", "REVOCATION_UNKNOWN").expect(t, check(t, data), 0)
}
