package verify

import (
	"crypto"
	"crypto/x509"
	"time"

	"github.com/kyso-vn/kyso/internal/cms"
)

// checkAlgorithms judges every algorithm of a signature by the date at which
// it was used as far as that is proven. ETSI EN 319 102-1, 5.2.8.
func (v *verifier) checkAlgorithms(r *record) {
	if r.cert == nil || r.scheme == 0 {
		return
	}
	at, proven := r.judgedAt, !r.proven.IsZero() && r.kind != KindTimestamp
	if at.IsZero() {
		at = v.now
	}
	used := []cms.Algorithm{cms.AlgorithmOf(r.scheme, r.hash, r.cert)}
	if r.sub == subPKCS7SHA1 || r.sub == subX509 {
		used = append(used, cms.Algorithm{Hash: crypto.SHA1}) // of the range
	}
	if r.token != nil {
		used = append(used, cms.Algorithm{Hash: r.token.ImprintHash})
	}
	for _, a := range used {
		v.judgeAlgorithm(r, a, at, proven)
	}
	if r.path.path != nil {
		v.chainAlgorithms(r, r.path.path.Certificates, at, proven)
	}
}

func (v *verifier) judgeAlgorithm(r *record, a cms.Algorithm, at time.Time, proven bool) {
	ok, until := a.Allowed(at)
	name := algorithmText(a)
	switch {
	case ok:
		if until.Before(at.AddDate(1, 0, 0)) {
			r.find(CodeWeakSoon, "%s is reliable until %s only", name, until.Format(time.DateOnly))
		}
	case !proven && !r.claimed.IsZero() && r.claimed.Before(until):
		r.find(CodeWeakNoPOE, "%s was reliable until %s; nothing proves that the signature is older", name, until.Format(time.DateOnly))
	default:
		r.find(CodeWeak, "%s is not reliable", name)
	}
}

// chainAlgorithms judges the signatures on the certificates of the path; that
// on the anchor proves nothing and is not judged.
func (v *verifier) chainAlgorithms(r *record, path []*x509.Certificate, at time.Time, proven bool) {
	for i := 0; i+1 < len(path); i++ {
		scheme, hash, known := hashOfSignature(path[i])
		if !known {
			continue // certpath verified it by its own means or refused it
		}
		a := cms.AlgorithmOf(scheme, hash, path[i+1])
		if ok, until := a.Allowed(at); !ok {
			code := CodeChainWeak
			if !proven && !r.claimed.IsZero() && r.claimed.Before(until) {
				code = CodeWeakNoPOE
			}
			r.find(code, "the certificate of %s is signed with %s, which is not reliable", nameOf(path[i]), algorithmText(a))
		}
	}
}

func algorithmText(a cms.Algorithm) string {
	switch {
	case a.Scheme == 0:
		return a.Hash.String()
	case a.Hash == 0:
		return a.Scheme.String()
	case a.Curve != "":
		return a.Scheme.String() + " " + a.Curve + " with " + a.Hash.String()
	}
	return a.Scheme.String() + " of " + itoa(a.KeyBits) + " bits with " + a.Hash.String()
}
