package revocation

import (
	"crypto/x509"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/oids"
)

// query is one question.
type query struct {
	cert, issuer *x509.Certificate
	t            time.Time
	serial       []byte
	issuerKey    string // NameKey of the issuer's name
	points       []point
	freshest     []point
	hasPoints    bool // the extension is there, readable or not
	problems     []error
	seen         map[string]bool
	known        bool   // a verified datum is about the certificate
	parent       *query // the question whose signer this one is about
	depth        int
}

func (s *Source) newQuery(cert, issuer *x509.Certificate, t time.Time) *query {
	q := &query{cert: cert, issuer: issuer, t: t, serial: serialBytes(cert),
		issuerKey: certpath.NameKey(cert.RawIssuer), seen: map[string]bool{}}
	if v, there := certExtension(cert, oids.CRLDistributionPoints); there {
		var ok bool
		q.hasPoints = true
		if q.points, ok = parsePoints(v); !ok || len(q.points) == 0 { // SIZE (1..MAX)
			q.problem(crlError(Malformed, "the certificate's distribution points"))
		}
	}
	if v, there := certExtension(cert, oids.FreshestCRL); there {
		q.freshest, _ = parsePoints(v) // without them there is no delta
	}
	return q
}

// named tells whether the certificate names a source.
func (q *query) named() bool { return len(q.cert.OCSPServer) > 0 || q.hasPoints }

// problem records why something did not decide, once.
func (q *query) problem(err *Error) {
	if text := err.Error(); !q.seen[text] && len(q.problems) < maxProblems {
		q.seen[text] = true
		q.problems = append(q.problems, err)
	}
}

// circular tells whether a certificate's status is already being asked for
// further up.
func (q *query) circular(cert *x509.Certificate) bool {
	for p := q; p != nil; p = p.parent {
		if p.cert.Equal(cert) {
			return true
		}
	}
	return false
}

// allPoints are the certificate's points and the one that RFC 5280, 6.3.3 adds
// at its end: any CRL of the issuer.
func (q *query) allPoints() []point {
	return append(q.points[:len(q.points):len(q.points)], point{hasName: true,
		names: []string{directoryKey(q.cert.RawIssuer)}, reasons: allReasons})
}
