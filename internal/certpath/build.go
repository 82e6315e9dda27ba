package certpath

import (
	"context"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
)

const (
	defaultChecks = 1000
	maxDepth      = 32        // certificates in a path
	maxWork       = 1_000_000 // comparisons of names, policies and candidates in one Build
)

// edge is a certificate with a candidate for its issuer.
type edge struct{ child, issuer *node }

// builder is one search.
type builder struct {
	opts     Options
	nodes    map[string][]*node // anchors and intermediates, by subject
	signed   map[edge]error
	statuses map[edge]RevocationStatus
	checks   int // left
	work     int // left
	asked    int // paths whose revocation was asked
	limit    string
	best     *PathError
	bestRank int
}

// Build finds the best valid path from leaf to an anchor. On failure the error
// is a *PathError with the reason of the best attempt and its partial path.
// Safe for concurrent use; the certificates are only read.
func Build(ctx context.Context, leaf *x509.Certificate, opts Options) (*Path, error) {
	if leaf == nil || opts.Time.IsZero() {
		return nil, errors.New("certpath: no certificate or no time given")
	}
	b := newBuilder(opts)
	first := newNode(leaf)
	for _, n := range b.nodes[first.subject.key] {
		if n.anchor != nil && n.cert.Equal(leaf) {
			first = n // trusted by itself
		}
	}
	path, err := b.extend(ctx, []*node{first})
	if err != nil {
		return nil, err
	}
	if path != nil {
		return path, nil
	}
	return nil, b.failure(leaf)
}

// failure is the best reason; a search that was cut short says so, unless it
// had found a path that only revocation spoils.
func (b *builder) failure(leaf *x509.Certificate) *PathError {
	e := b.best
	if b.limit == "" || e != nil && e.Path != nil {
		return e
	}
	cut := &PathError{Reason: LimitReached, Cert: leaf, Partial: []*x509.Certificate{leaf}, Detail: b.limit}
	if e != nil {
		cut.Partial, cut.Detail = e.Partial, fmt.Sprintf("%s; so far: %v: %s", b.limit, e.Reason, e.Detail)
	}
	return cut
}

func newBuilder(opts Options) *builder {
	if opts.Purpose == 0 {
		opts.Purpose = Signing
	}
	b := &builder{opts: opts, nodes: map[string][]*node{}, signed: map[edge]error{},
		statuses: map[edge]RevocationStatus{}, checks: opts.MaxChecks, work: maxWork}
	if b.checks <= 0 {
		b.checks = defaultChecks
	}
	seen := map[string]*node{}
	add := func(cert *x509.Certificate) *node {
		n := seen[string(cert.Raw)]
		if n == nil {
			n = newNode(cert)
			seen[string(cert.Raw)] = n
			b.nodes[n.subject.key] = append(b.nodes[n.subject.key], n)
		}
		return n
	}
	for i := range opts.Anchors {
		a := &opts.Anchors[i]
		if a.Certificate == nil {
			continue
		}
		// The same certificate may be there for several purposes.
		if n := add(a.Certificate); n.anchor == nil || !n.anchor.serves(opts.Purpose) {
			n.anchor = a
		}
	}
	for _, c := range opts.Intermediates {
		if c != nil {
			add(c)
		}
	}
	return b
}

// spend uses up work; false: the limit is reached.
func (b *builder) spend(n int) bool {
	if b.work -= n; b.work < 0 {
		b.limit = fmt.Sprintf("more than %d comparisons", maxWork)
	}
	return b.work >= 0
}

// extend searches depth first. The path's signatures are already verified. The
// error is the context's.
func (b *builder) extend(ctx context.Context, path []*node) (*Path, error) {
	cur := path[len(path)-1]
	if err := ctx.Err(); err != nil {
		return nil, &PathError{Reason: LimitReached, Cert: cur.cert, Partial: certificates(path),
			Detail: "the search was ended: " + err.Error(), Err: err}
	}
	if cur.anchor != nil {
		if done := b.finish(ctx, path); done != nil {
			return done, nil
		}
	}
	if len(path) == maxDepth {
		b.limit = fmt.Sprintf("more than %d certificates in a row", maxDepth)
		return nil, nil
	}
	for _, cand := range b.candidates(cur) {
		if !b.spend(1 + len(path)) {
			break
		}
		if inPath(path, cand) {
			continue
		}
		if err := b.verify(cur, cand); err != nil {
			b.recordSignature(path, cand, err)
			continue
		}
		done, err := b.extend(ctx, append(slices.Clip(path), cand))
		if done != nil || err != nil {
			return done, err
		}
	}
	b.recordEnd(path)
	return nil, nil
}

// candidates orders the certificates whose subject is the issuer's name, the
// likeliest first. RFC 5280, 6.1.3 (a)(4).
func (b *builder) candidates(cur *node) []*node {
	if cur.issuer.empty() {
		return nil
	}
	all := b.nodes[cur.issuer.key]
	if len(all) < 2 || !b.spend(len(all)) {
		return all
	}
	// Buckets, for there may be very many.
	var buckets [maxScore - minScore + 1][]*node
	for _, n := range all {
		s := b.score(cur, n)
		buckets[maxScore-s] = append(buckets[maxScore-s], n)
	}
	return slices.Concat(buckets[:]...)
}

// Ends of score.
const (
	minScore = -4
	maxScore = 10
)

func (b *builder) score(child, n *node) int {
	s := 4 * keyIDs(child.cert, n.cert)
	if n.anchor != nil {
		s += 3
	}
	if before, after := b.outside(n); !before && !after {
		s += 2
	}
	if n.isCA() {
		s++
	}
	return s
}

// inPath: the same name with the same key is the same authority, and a path
// that meets it again goes in circles.
func inPath(path []*node, cand *node) bool {
	for _, n := range path {
		if n == cand || n.subject.key == cand.subject.key &&
			string(n.cert.RawSubjectPublicKeyInfo) == string(cand.cert.RawSubjectPublicKeyInfo) {
			return true
		}
	}
	return false
}

// verify checks the signature of child by issuer, once.
func (b *builder) verify(child, issuer *node) error {
	key := edge{child, issuer}
	if err, ok := b.signed[key]; ok {
		return err
	}
	child.load()
	if b.checks -= checkCost(child, issuer); b.checks < 0 {
		b.limit = "too many signature checks"
		return errLimit
	}
	err := ErrSignature // of what is not even a BIT STRING of whole octets
	if child.signed.Message != nil {
		err = child.signed.Check(issuer.cert)
	}
	b.signed[key] = err
	return err
}

var errLimit = errors.New("limit reached")

// checkCost is about the time of a check, in units of one with an RSA key of
// 2048 bits.
func checkCost(child, issuer *node) int {
	cost := 1 + len(child.signed.Message)>>16
	switch pub := issuer.cert.PublicKey.(type) {
	case *rsa.PublicKey:
		switch bits := pub.N.BitLen(); {
		case bits > 4096:
			cost += 15
		case bits > 3072:
			cost += 3
		case bits > 2048:
			cost++
		}
	case *ecdsa.PublicKey:
		switch bits := pub.Curve.Params().BitSize; {
		case bits > 384:
			cost += 7
		case bits > 256:
			cost += 3
		}
	}
	return cost
}

func certificates(path []*node) []*x509.Certificate {
	list := make([]*x509.Certificate, len(path))
	for i, n := range path {
		list[i] = n.cert
	}
	return list
}

// finish validates a whole path and asks for revocation.
func (b *builder) finish(ctx context.Context, path []*node) *Path {
	if !b.spend(10 * len(path)) {
		return nil
	}
	if e := b.validate(path); e != nil {
		e.Partial = certificates(path)
		b.record(e, rankWhole)
		return nil
	}
	p := &Path{Certificates: certificates(path), Anchor: *path[len(path)-1].anchor}
	if b.opts.Revocation == nil {
		return p
	}
	if b.asked == maxRevocationPaths {
		b.limit = fmt.Sprintf("more than %d paths to ask the revocation of", maxRevocationPaths)
		return nil
	}
	b.asked++
	e := b.askRevocation(ctx, path, p)
	if e == nil {
		return p
	}
	e.Partial = p.Certificates
	switch {
	case e.Reason == CertRevoked && e.Cert == path[0].cert:
		b.record(e, rankRevoked) // whatever the other paths say
	case e.Reason == RevocationUnknown:
		b.record(e, rankUnknown)
	default:
		b.record(e, rankIssuerRevoked)
	}
	return nil
}

// Ranks of failures: a higher one came further. Partial chains rank below by
// their length.
const (
	rankWhole = 1000 + iota
	rankIssuerRevoked
	rankUnknown
	rankRevoked
)

func (b *builder) record(e *PathError, rank int) {
	if b.best == nil || rank > b.bestRank {
		b.best, b.bestRank = e, rank
	}
}

// recordEnd notes a chain without an issuer.
func (b *builder) recordEnd(path []*node) {
	cur := path[len(path)-1]
	if cur.anchor != nil || b.bestRank >= 2*len(path) {
		return // its path was whole, or another came further
	}
	e := &PathError{Reason: NoAnchor, Cert: cur.cert, Partial: certificates(path),
		Detail: fmt.Sprintf("the issuer %q of %s is not known", cur.cert.Issuer.String(), cur.label())}
	switch {
	case cur.issuer.empty():
		e.Reason, e.Detail = NameChaining, fmt.Sprintf("%s names no issuer", cur.label())
	case cur.selfIssued() && b.verify(cur, cur) == nil:
		e.Reason, e.Detail = SelfSignedUntrusted, fmt.Sprintf("%s is self-signed and no trust anchor", cur.label())
	}
	b.record(e, 2*len(path))
}

// recordSignature notes a candidate that did not sign. With another key
// identifier it is just not the issuer.
func (b *builder) recordSignature(path []*node, cand *node, err error) {
	cur := path[len(path)-1]
	if errors.Is(err, errLimit) || b.bestRank > 2*len(path) || keyIDs(cur.cert, cand.cert) < 0 {
		return
	}
	e := &PathError{Reason: BadSignature, Cert: cur.cert, Partial: certificates(path),
		Detail: fmt.Sprintf("the signature of %s by %s: %v", cur.label(), cand.label(), err)}
	if errors.Is(err, ErrAlgorithm) {
		e.Reason = UnsupportedAlgorithm
	}
	b.record(e, 2*len(path)+1)
}
