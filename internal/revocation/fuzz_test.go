package revocation

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// F8. What is read, x/crypto/ocsp reads the same way; and no change of a signed
// response makes one that decides.
func FuzzOCSP(f *testing.F) {
	ca := newCA("F8")
	leaf, gone := newLeaf(ca, testpki.Leaf{}), newLeaf(ca, testpki.Leaf{CN: "gone"})
	ca.Revoke(gone, testpki.Revocation{Reason: 1})
	r := ca.NewOCSP(leaf)
	f.Add(r.Sign())
	f.Add(r.Basic())
	f.Add(ca.NewOCSP(gone).Sign())
	f.Add(ca.NewOCSP(leaf, gone).Sign())
	f.Add((&testpki.OCSPResponse{Status: 3}).Sign())
	r.Extensions, r.ByKey = []pkix.Extension{{Id: ocspOID(2), Value: []byte{4, 2, 1, 2}}}, true
	r.Singles[0].Extensions = []pkix.Extension{{Id: ocspOID(6), Value: generalized(testpki.Now())}, certHash(leaf.Raw)}
	r.Singles[0].NextUpdate = time.Time{}
	delegate(ca, testpki.Leaf{CN: "d", OCSPSigner: true, Template: testpki.NoCheck})(r)
	f.Add(r.Sign())
	f.Add([]byte("<html></html>"))
	f.Fuzz(func(t *testing.T, der []byte) {
		r, err := parseOCSP(der)
		if err != nil {
			return
		}
		if again, err := parseOCSP(r.raw); err != nil || len(again.singles) != len(r.singles) {
			t.Fatalf("the wrapped form does not parse: %v", err)
		}
		if len(r.singles) == 1 {
			sameOCSP(t, r)
		}
		for _, cert := range []*x509.Certificate{leaf, gone} {
			got := check(&Source{OCSPs: [][]byte{der}}, cert, ca)
			if got.State != certpath.Good && got.State != certpath.Revoked {
				continue
			}
			theirs, err := ocsp.ParseResponseForCert(r.raw, cert, ca.Certificate)
			if err != nil || (theirs.Status == ocsp.Good) != (got.State == certpath.Good) || theirs.SerialNumber.Cmp(cert.SerialNumber) != 0 {
				t.Fatalf("%v, x/crypto/ocsp: %v %v", got.State, theirs, err)
			}
		}
	})
}

func sameOCSP(t *testing.T, r *response) {
	t.Helper()
	theirs, err := ocsp.ParseResponse(r.raw, nil)
	if err != nil {
		return // it checks signatures by the certificates inside, and knows less
	}
	s := r.singles[0]
	if s.status-1 != certStatus(theirs.Status) || !s.thisUpdate.Equal(theirs.ThisUpdate) || !s.nextUpdate.Equal(theirs.NextUpdate) ||
		!r.producedAt.Equal(theirs.ProducedAt) || string(s.serial) != string(serialBytes(&x509.Certificate{SerialNumber: theirs.SerialNumber})) {
		t.Fatalf("%+v\n%+v", s, theirs)
	}
	if s.status == statusRevoked && (!s.revokedAt.Equal(theirs.RevokedAt) || s.reason != theirs.RevocationReason) {
		t.Fatalf("%+v\n%+v", s, theirs)
	}
}

// F9. What is read, crypto/x509 reads the same way, entry for entry.
func FuzzCRL(f *testing.F) {
	ca := newCA("F9")
	leaf := newLeaf(ca, testpki.Leaf{})
	c := ca.NewCRL()
	f.Add(c.Sign())
	c.Entries = []testpki.CRLEntry{{Serial: leaf.SerialNumber, At: testpki.Now(), Reason: 1, Invalidity: testpki.Now()},
		{Serial: big.NewInt(1), At: time.Date(2060, 1, 1, 0, 0, 0, 0, time.UTC)}}
	c.Freshest, c.KeepsExpired = []string{"http://crl.example.vn/d"}, testpki.Now()
	f.Add(c.Sign())
	c.IDP, c.Base = &testpki.IDP{URI: crlURL, Indirect: true, Reasons: []int{1, 8}}, 1
	c.Entries[0].Issuer = root.Certificate.RawSubject
	f.Add(c.Sign())
	c.IDP = &testpki.IDP{Relative: []byte{0x30, 8, 6, 3, 0x55, 4, 3, 12, 1, 'x'}, OnlyUsers: true}
	f.Add(c.Sign())
	c.Version1, c.Entries = true, c.Entries[1:]
	f.Add(c.Sign())
	f.Fuzz(func(t *testing.T, der []byte) {
		c, err := parseCRL(der)
		if err != nil {
			return
		}
		sameCRL(t, c)
		got := check(&Source{CRLs: [][]byte{der}}, leaf, ca)
		if got.State == certpath.Good || got.State == certpath.Revoked {
			list, err := x509.ParseRevocationList(der)
			if err == nil && list.CheckSignatureFrom(ca.Certificate) != nil {
				t.Fatal("believed, and the signature is bad")
			}
		}
	})
}

// laxer is what crypto/x509 refuses and this package reads: version 1, names
// (compared, never taken apart), the authority's key identifier (orders the
// candidates), identifiers of entry extensions that are neither known nor
// critical, the 29th of February in an entry nobody asked for.
var laxer = regexp.MustCompile(`unsupported crl version|RDNSequence|authority key identifier|extension OID|malformed (UTCTime|GeneralizedTime)`)

// sameCRL compares with crypto/x509.
func sameCRL(t *testing.T, c *crl) {
	t.Helper()
	list, err := x509.ParseRevocationList(c.raw)
	if err != nil {
		if _, bad := c.find([]byte{1}, c.issuer); bad == nil && !laxer.MatchString(err.Error()) {
			t.Fatalf("crypto/x509: %v", err)
		}
		return
	}
	if !c.thisUpdate.Equal(list.ThisUpdate) || !c.nextUpdate.Equal(list.NextUpdate) || string(c.issuer) != string(list.RawIssuer) {
		t.Fatalf("%v %v, want %v %v", c.thisUpdate, c.nextUpdate, list.ThisUpdate, list.NextUpdate)
	}
	if c.number != nil && (list.Number == nil || c.number.Cmp(list.Number) != 0) {
		t.Fatalf("number %v, want %v", c.number, list.Number)
	}
	want := map[string]x509.RevocationListEntry{}
	for _, e := range list.RevokedCertificateEntries {
		want[string(serialBytes(&x509.Certificate{SerialNumber: e.SerialNumber}))] = e
	}
	for serial, e := range want {
		got, err := c.find([]byte(serial), c.issuer)
		if err != nil {
			return // stricter with the extensions of entries
		}
		if c.idp != nil && c.idp.indirect {
			continue // another issuer's, perhaps
		}
		if got == nil || !got.revokedAt.Equal(e.RevocationTime) || got.reason != e.ReasonCode {
			t.Fatalf("entry %x: %+v, want %+v", serial, got, e)
		}
	}
	if got, err := c.find([]byte{0x7f, 0x7f, 0x7f}, c.issuer); got != nil && err == nil {
		if _, ok := want["\x7f\x7f\x7f"]; !ok {
			t.Fatal("an entry that is not there")
		}
	}
}

// Every CRL of NIST's suite is read, and as crypto/x509 reads it.
func TestPKITSCRLs(t *testing.T) {
	files, err := filepath.Glob("../certpath/testdata/pkits/crls/*.crl")
	if err != nil || len(files) != 173 {
		t.Fatalf("%d CRLs, want 173: %v", len(files), err)
	}
	for _, file := range files {
		der, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c, err := parseCRL(der)
		if bad := filepath.Base(file) == "BadCRLSignatureCACRL.crl"; bad != (err != nil) {
			t.Errorf("%s: %v", file, err) // its signature is not even a number of octets
		}
		if err != nil {
			continue
		}
		sameCRL(t, c)
	}
}

// Malformed ones: no panic, an *Error with Malformed.
func TestMalformed(t *testing.T) {
	ca := newCA("malformed")
	leaf := newLeaf(ca, testpki.Leaf{})
	c := ca.NewCRL()
	c.Entries = []testpki.CRLEntry{{Serial: leaf.SerialNumber, At: testpki.Now(), Reason: 1, Issuer: ca.Certificate.RawSubject}}
	c.IDP, c.Freshest = &testpki.IDP{URI: crlURL, Indirect: true, Reasons: []int{1}}, []string{crlURL}
	r := ca.NewOCSP(leaf)
	delegate(ca, testpki.Leaf{CN: "d", OCSPSigner: true, Template: testpki.NoCheck})(r)
	for _, der := range [][]byte{c.Sign(), r.Sign()} {
		for i := range der {
			cut := der[:i]
			changed := append([]byte(nil), der...)
			changed[i] ^= 0x21
			s := &Source{CRLs: [][]byte{cut, changed}, OCSPs: [][]byte{cut, changed}}
			if got := check(s, leaf, ca); got.State != certpath.Unknown && i > 3 && i < len(der)-300 {
				// Certificates behind the signature of a response are not signed by it.
				t.Errorf("byte %d: %v by %s", i, got.State, got.Source)
			}
			if _, err := parseCRL(cut); !Has(err, Malformed) {
				t.Errorf("cut at %d: %v", i, err)
			}
			if _, err := parseOCSP(cut); !Has(err, Malformed) && !Has(err, Refused) {
				t.Errorf("cut at %d: %v", i, err)
			}
		}
	}
}

func TestReasonFlags(t *testing.T) {
	for value, want := range map[string]reasons{"\x06\x40": 1 << 1, "\x07\x00\x80": 1 << 8, "\x01\x7e": 0x7e, "\x07\x7f\x80": allReasons} {
		if got, ok := parseReasons([]byte(value)); !ok || got != want {
			t.Errorf("%x: %x %v, want %x", value, got, ok, want)
		}
	}
	for _, value := range []string{"", "\x09\x00", "\x01\xff", "\x01"} {
		if _, ok := parseReasons([]byte(value)); ok {
			t.Errorf("%x is taken", value)
		}
	}
}

func TestPlausibleTime(t *testing.T) {
	for text, want := range map[string]bool{
		"\x17\x0d260412083512Z": true, "\x17\x0d000229000000Z": true, "\x18\x0f20510101000000Z": true, "\x17\x0d991231235959Z": true,
		"\x17\x0d261312083512Z": false, "\x17\x0d260432083512Z": false, "\x17\x0d260431083512Z": false, "\x17\x0d260412243512Z": false,
		"\x17\x0d260412086012Z": false, "\x17\x0d260412083560Z": false, "\x17\x0d260412083512+": false, "\x17\x0d26041208351xZ": false,
		"\x17\x0b2604120835Z": false, "\x18\x0d260412083512Z": false, "\x18\x11205101010000.0Z": false, "\x17\x0d260012083512Z": false,
	} {
		if got := plausibleTime([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestWords(t *testing.T) {
	for p := Malformed; p <= Offline; p++ {
		if problemWords[p] == "" {
			t.Errorf("no word for %d", p)
		}
	}
	if Problem(99).String() != "unknown problem 99" || (&ResponderError{Status: 9}).Error() != "the responder answers status 9" {
		t.Error("unknown values")
	}
	if Has(nil, Stale) || Has(os.ErrExist, Stale) {
		t.Error("Has")
	}
}
