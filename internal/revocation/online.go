package revocation

import (
	"context"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // identifiers of certificates, see request
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/oids"
)

// online asks the sources that the certificate names, one kind after the other
// until one decides. It is called only for a certificate whose issuer is
// trusted: no address of a stranger is followed.
func (s *Source) online(ctx context.Context, q *query) *answer {
	kinds := []func(context.Context, *query) *answer{s.askResponders, s.fetchCRLs}
	if s.CRLFirst {
		kinds[0], kinds[1] = kinds[1], kinds[0]
	}
	for _, ask := range kinds {
		if a := ask(ctx, q); a != nil {
			return a
		}
	}
	return nil
}

// askResponders sends OCSP requests.
func (s *Source) askResponders(ctx context.Context, q *query) *answer {
	x := s.loaded()
	for _, url := range webAddresses(q.cert.OCSPServer) {
		key := cacheKey(kindOCSP, q.issuer, q.serial, url)
		if s.fromCache(ctx, key) {
			if a := s.judgeOCSPs(ctx, q); a != nil {
				return a
			}
		}
		var fresh *response
		err := x.once(ctx, key, func() (err *Error) {
			if fresh, err = s.askResponder(ctx, q, url); err == nil {
				x.addOCSP(fresh)
			}
			return err
		})
		if err != nil {
			q.problem(err)
			continue
		}
		a := s.judgeOCSPs(ctx, q)
		if a == nil {
			continue
		}
		if fresh != nil && x.verified(fresh) {
			s.Cache.put(key, fresh.raw, a.NextUpdate)
		}
		return a
	}
	return nil
}

// askResponder returns a response that answers the request.
func (s *Source) askResponder(ctx context.Context, q *query, url string) (*response, *Error) {
	request, nonce, err := s.request(q)
	if err != nil {
		return nil, ocspError(Unreachable, "request: %w", err)
	}
	resp, err := s.Fetch.Do(ctx, fetch.Request{Method: "POST", URL: url, Body: request,
		ContentType: "application/ocsp-request", MaxBytes: maxOCSP, Policy: fetch.FromData})
	if err != nil {
		return nil, &Error{Kind: kindOCSP, Problem: Unreachable, Err: err}
	}
	r, err := parseOCSP(resp.Body)
	if err != nil {
		var e *Error
		errors.As(err, &e)
		return nil, e
	}
	r.origin = originOnline
	switch { // RFC 9654, 2.1
	case r.nonce == nil:
		r.note = "the responder did not return the nonce"
	case string(r.nonce) != string(nonce):
		return nil, ocspError(NonceMismatch, "the response is not to this request")
	}
	for i := range r.singles {
		if string(r.singles[i].serial) == string(q.serial) {
			return r, nil
		}
	}
	return nil, ocspError(OtherCertificate, "the response is not about the certificate")
}

// request makes an OCSPRequest and returns the nonce extension's value. The
// identifier uses SHA-1: some responders know no other hash (RFC 5019, 2.1.1).
func (s *Source) request(q *query) (der, nonce []byte, err error) {
	random := s.Random
	if random == nil {
		random = rand.Reader
	}
	value := make([]byte, 18) // OCTET STRING of 16
	value[0], value[1] = byte(cbasn1.OCTET_STRING), 16
	if _, err := io.ReadFull(random, value[2:]); err != nil {
		return nil, nil, err
	}
	seq := func(b *cryptobyte.Builder, f cryptobyte.BuilderContinuation) { b.AddASN1(cbasn1.SEQUENCE, f) }
	var b cryptobyte.Builder
	seq(&b, func(b *cryptobyte.Builder) {
		seq(b, func(b *cryptobyte.Builder) {
			seq(b, func(b *cryptobyte.Builder) {
				seq(b, func(b *cryptobyte.Builder) { seq(b, q.addCertID) })
			})
			b.AddASN1(explicit(2), func(b *cryptobyte.Builder) {
				seq(b, func(b *cryptobyte.Builder) {
					seq(b, func(b *cryptobyte.Builder) {
						b.AddASN1ObjectIdentifier(oids.OCSPNonce)
						b.AddASN1OctetString(value)
					})
				})
			})
		})
	})
	der, err = b.Bytes()
	return der, value, err
}

// addCertID writes the contents of a CertID. RFC 6960, 4.1.1.
func (q *query) addCertID(b *cryptobyte.Builder) {
	name := sha1.Sum(q.cert.RawIssuer)                         //nolint:gosec // see request
	key := sha1.Sum(keyBits(q.issuer.RawSubjectPublicKeyInfo)) //nolint:gosec // see request
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oids.SHA1)
		b.AddASN1NULL()
	})
	b.AddASN1OctetString(name[:])
	b.AddASN1OctetString(key[:])
	b.AddASN1(cbasn1.INTEGER, func(b *cryptobyte.Builder) { b.AddBytes(q.serial) })
}

// fetchCRLs gets the CRLs of the distribution points, and deltas.
func (s *Source) fetchCRLs(ctx context.Context, q *query) *answer {
	fetched := map[string]*crl{}
	tried := 0
	for _, p := range q.points {
		got := false
		for _, url := range webAddresses(p.uris) {
			if got || tried == maxAddresses {
				break
			}
			tried++
			fetched[url], got = s.fetchCRL(ctx, q, url)
		}
	}
	s.fetchDeltas(ctx, q, fetched)
	if len(q.points) > 0 && tried == 0 {
		q.problem(crlError(Unreachable, "no distribution point is at a web address"))
	}
	a := s.judgeCRLs(ctx, q)
	for url, c := range fetched {
		if c != nil && c.online && s.loaded().verified(c) {
			s.Cache.put(cacheKey(kindCRL, q.issuer, nil, url), c.raw, c.nextUpdate)
		}
	}
	return a
}

// fetchCRL gets a CRL and tells whether one from the address is at hand; nil
// when it was before.
func (s *Source) fetchCRL(ctx context.Context, q *query, url string) (c *crl, got bool) {
	x := s.loaded()
	key := cacheKey(kindCRL, q.issuer, nil, url)
	err := x.once(ctx, key, func() (err *Error) {
		// Nothing in here may ask for another status: that could wait for itself.
		if c = s.cachedCRL(q, key); c == nil {
			c, err = s.getCRL(ctx, url)
		}
		if err != nil {
			return err
		}
		c.origin = originOnline
		x.addCRL(c)
		return nil
	})
	if err != nil {
		q.problem(err)
		return nil, false
	}
	return c, true
}

func (s *Source) cachedCRL(q *query, key string) *crl {
	c, err := parseCRL(s.Cache.get(key, s.now()))
	if err != nil || !s.fresh(c.thisUpdate, c.nextUpdate, q.t) {
		return nil
	}
	return c
}

func (s *Source) getCRL(ctx context.Context, url string) (*crl, *Error) {
	resp, err := s.Fetch.Do(ctx, fetch.Request{URL: url, MaxBytes: maxCRL, Policy: fetch.FromData})
	if err != nil {
		return nil, &Error{Kind: kindCRL, Problem: Unreachable, Err: err}
	}
	c, err := parseCRL(fromPEM(resp.Body, "X509 CRL"))
	if err != nil {
		var e *Error
		errors.As(err, &e)
		return nil, e
	}
	c.online = true
	return c, nil
}

// fetchDeltas gets one delta for each complete CRL at hand that names one, or
// that which the certificate names. RFC 5280, 5.2.6 and 4.2.1.15.
func (s *Source) fetchDeltas(ctx context.Context, q *query, fetched map[string]*crl) {
	points := q.freshest
	for _, p := range q.allPoints() {
		for _, c := range s.crlsFor(q, &p) {
			points = append(points[:len(points):len(points)], c.freshest...)
			if len(points) > maxPoints {
				break
			}
		}
	}
	tried := 0
	seen := map[string]bool{}
	for _, p := range points {
		for _, url := range webAddresses(p.uris) {
			if seen[url] || tried == maxAddresses {
				continue
			}
			seen[url] = true
			tried++
			c, got := s.fetchCRL(ctx, q, url)
			if c != nil {
				fetched[url] = c
			}
			if got {
				break
			}
		}
	}
}

// fromCache adds what the cache holds for an OCSP question, and tells whether
// there was something.
func (s *Source) fromCache(ctx context.Context, key string) bool {
	return s.Cache != nil && s.loaded().once(ctx, "cached "+key, func() *Error {
		r, err := parseOCSP(s.Cache.get(key, s.now()))
		if err != nil {
			return ocspError(Malformed, "%w", err)
		}
		r.origin = originOnline
		s.loaded().addOCSP(r)
		return nil
	}) == nil
}

// webAddresses are the first few that HTTP reaches.
func webAddresses(list []string) []string {
	var out []string
	for _, u := range list {
		scheme, _, _ := strings.Cut(u, ":")
		if l := strings.ToLower(scheme); (l == "http" || l == "https") && len(out) < maxAddresses {
			out = append(out, u)
		}
	}
	return out
}

// cacheKey names an answer: by whom, about what, from where.
func cacheKey(kind string, issuer *x509.Certificate, serial []byte, url string) string {
	h := sha256.New()
	for _, part := range [][]byte{issuer.RawSubject, issuer.RawSubjectPublicKeyInfo, serial, []byte(url)} {
		sum := sha256.Sum256(part)
		h.Write(sum[:])
	}
	return fmt.Sprintf("%s-%x", kind, h.Sum(nil))
}
