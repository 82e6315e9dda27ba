package revocation

import (
	"cmp"
	"context"
	"crypto/sha1" //nolint:gosec // the key hash of a responder's identifier, RFC 6960, 4.2.1
	"crypto/x509"
	"slices"
	"sync"

	"github.com/kyso-vn/kyso/internal/certpath"
)

// Origins of data.
const (
	originEmbedded = "embedded"
	originFile     = "file"
	originOnline   = "online"
)

// index is all data at hand, parsed once.
type index struct {
	mu        sync.Mutex
	crls      map[string][]*crl    // by issuer
	ocsps     map[string][]ocspRef // by serial number
	certs     func() candidates    // made when somebody asks
	signed    map[signedBy]error
	calls     map[string]*call // to the network
	anchors   map[string][]certpath.Anchor
	issuers   map[string][]*x509.Certificate // that were fetched, by the certificate they issued
	fetched   []*x509.Certificate            // all of them
	heights   map[string]int                 // of those, see height
	malformed []error
}

// candidates are the certificates at hand that may be a signer's.
type candidates struct {
	bySubject map[string][]*x509.Certificate
	byKey     map[[20]byte][]*x509.Certificate // by SHA-1 of the key
}

func newCandidates(list []*x509.Certificate) candidates {
	c := candidates{map[string][]*x509.Certificate{}, map[[20]byte][]*x509.Certificate{}}
	for _, cert := range list {
		if cert != nil {
			name := certpath.NameKey(cert.RawSubject)
			c.bySubject[name] = append(c.bySubject[name], cert)
			sum := sha1.Sum(keyBits(cert.RawSubjectPublicKeyInfo)) //nolint:gosec // as above
			c.byKey[sum] = append(c.byKey[sum], cert)
		}
	}
	return c
}

type ocspRef struct {
	response *response
	single   *single
}

type signedBy struct {
	datum any // *crl or *response
	spki  string
}

func (s *Source) loaded() *index {
	s.once.Do(func() {
		x := &index{crls: map[string][]*crl{}, ocsps: map[string][]ocspRef{},
			certs:  sync.OnceValue(func() candidates { return newCandidates(s.Certs) }),
			signed: map[signedBy]error{}, calls: map[string]*call{}, anchors: map[string][]certpath.Anchor{},
			issuers: map[string][]*x509.Certificate{}, heights: map[string]int{}}
		x.load(s.OCSPs, s.CRLs, originEmbedded)
		x.load(s.FileOCSPs, s.FileCRLs, originFile)
		s.index = x
	})
	return s.index
}

func (x *index) load(ocsps, crls [][]byte, origin string) {
	for _, der := range ocsps {
		r, err := parseOCSP(der)
		if err != nil {
			x.reject(err)
			continue
		}
		r.origin = origin
		x.addOCSP(r)
	}
	for _, der := range crls {
		c, err := parseCRL(fromPEM(der, "X509 CRL"))
		if err != nil {
			x.reject(err)
			continue
		}
		c.origin = origin
		x.addCRL(c)
	}
}

func (x *index) reject(err error) {
	if len(x.malformed) < maxProblems {
		x.malformed = append(x.malformed, err)
	}
}

func (x *index) addCRL(c *crl) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.crls[c.issuerKey] = append(x.crls[c.issuerKey], c)
}

func (x *index) addOCSP(r *response) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for i := range r.singles {
		key := string(r.singles[i].serial)
		x.ocsps[key] = append(x.ocsps[key], ocspRef{r, &r.singles[i]})
	}
}

func (x *index) hasCRLs() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.crls) > 0
}

// crlsOf returns an issuer's CRLs, the newest first.
func (x *index) crlsOf(issuer string) []*crl {
	x.mu.Lock()
	list := slices.Clone(x.crls[issuer])
	x.mu.Unlock()
	slices.SortStableFunc(list, func(a, b *crl) int {
		if c := b.thisUpdate.Compare(a.thisUpdate); c != 0 || a.number == nil || b.number == nil {
			return c
		}
		return b.number.Cmp(a.number)
	})
	return list
}

// ocspsOf returns what is said about a serial number, the newest first.
func (x *index) ocspsOf(serial []byte) []ocspRef {
	x.mu.Lock()
	list := slices.Clone(x.ocsps[string(serial)])
	x.mu.Unlock()
	slices.SortStableFunc(list, func(a, b ocspRef) int {
		return cmp.Or(b.single.thisUpdate.Compare(a.single.thisUpdate), b.response.producedAt.Compare(a.response.producedAt))
	})
	return list
}

// verify checks a signature once.
func (x *index) verify(datum any, signed certpath.Signed, signer *x509.Certificate) error {
	key := signedBy{datum, string(signer.RawSubjectPublicKeyInfo)}
	x.mu.Lock()
	err, known := x.signed[key]
	x.mu.Unlock()
	if known {
		return err
	}
	err = signed.Check(signer)
	x.mu.Lock()
	x.signed[key] = err
	x.mu.Unlock()
	return err
}

// call is one that is made once; its data goes into the index.
type call struct {
	once sync.Once
	err  *Error
}

// once makes a network call, or returns what came of it before. One that the
// caller broke off is forgotten.
func (x *index) once(ctx context.Context, key string, f func() *Error) *Error {
	x.mu.Lock()
	c := x.calls[key]
	if c == nil {
		c = &call{}
		x.calls[key] = c
	}
	x.mu.Unlock()
	c.once.Do(func() {
		if c.err = f(); c.err != nil && ctx.Err() != nil {
			x.mu.Lock()
			delete(x.calls, key)
			x.mu.Unlock()
		}
	})
	return c.err
}

// verified tells whether a signature of a datum was found good.
func (x *index) verified(datum any) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	for key, err := range x.signed {
		if key.datum == datum && err == nil {
			return true
		}
	}
	return false
}
