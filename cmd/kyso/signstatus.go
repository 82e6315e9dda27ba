package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/sign"
	"github.com/kyso-vn/kyso/token"
)

// signerStatus is what is known of the signer's certificate before the key is
// asked.
type signerStatus struct {
	*sign.CertificateStatus
	warning string // in English; "": none
}

// revocationJSON is the status in the JSON of sign.
type revocationJSON struct {
	Status     string     `json:"status"` // good, unknown, not_published
	Source     string     `json:"source"` // ocsp, crl, none
	ThisUpdate *time.Time `json:"this_update,omitempty"`
}

// prepareStatus looks at the certificate before a PIN is asked: validity, key
// usage, revocation (Thông tư 15/2025/TT-BKHCN, Phụ lục II, 1.1 and 1.2). One
// look serves all files, and what it fetched is used again for their levels.
// The network is asked where the level needs it anyway, or with --online.
func (r *signRun) prepareStatus(ctx context.Context, jobs []signJob) error {
	longTerm := 0
	for i := range jobs {
		if jobs[i].o.wanted() >= sign.BLT {
			longTerm++
		}
	}
	asked := !r.o.dryRun && (r.o.online || longTerm > 0)
	cert := r.key.certificate()
	s, err := sign.CheckCertificate(ctx, cert, r.key.others, r.validation(asked), r.a.now())
	if err != nil {
		return forbidden(cert, err)
	}
	if s.State == certpath.Unknown && !named(cert) {
		s.State = certpath.NotPublished
	}
	r.status = &signerStatus{CertificateStatus: s}
	cause := statusCause(s, asked)
	if r.o.needStatus && s.State != certpath.Good {
		return statusNeeded(cause)
	}
	if asked && longTerm == len(jobs) && !r.o.allowLower && s.State != certpath.Good {
		return levelNeeds(jobs[0].o.wanted(), cause) // the key would sign for nothing
	}
	if s.State == certpath.Unknown {
		r.status.warning = fmt.Sprintf(i18n.For(i18n.English).Sign.StatusUnknown, cause.text(i18n.For(i18n.English)))
		r.a.warnf(r.a.m.Sign.StatusUnknown, cause.text(r.a.m))
		if h := cause.hint(&r.a.m.Hints); h != "" && !r.a.global.quiet {
			r.a.say(r.a.m.Common.HintPrefix, h)
		}
	}
	return nil
}

// validation is how the paths of one file are proven; asked allows the network.
func (r *signRun) validation(asked bool) *sign.Validation {
	var client *fetch.Client
	if asked {
		client = r.a.fetcher(r.o.network, r.o.revocation.requests)
	}
	v := r.a.buildValidation(r.anchors, r.key.others, r.statuses, client)
	v.VRI = r.o.vri
	if r.status != nil {
		v.Known = r.status.Evidence
	}
	return v
}

// failedFor tells whether one of several errors that were joined is of the
// network and of a kind.
func failedFor(err error, kind string) bool {
	var network *fetch.Error
	switch e := err.(type) { //nolint:errorlint // a walk over the tree of errors
	case nil:
		return false
	case *fetch.Error:
		return e.Kind == kind
	case interface{ Unwrap() []error }:
		return slices.ContainsFunc(e.Unwrap(), func(err error) bool { return failedFor(err, kind) })
	}
	return errors.As(err, &network) && network.Kind == kind
}

// firstLine is the first of several errors that were joined.
func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// named tells whether a certificate says where its status can be asked.
func named(c *x509.Certificate) bool {
	return len(c.OCSPServer) > 0 || len(c.CRLDistributionPoints) > 0
}

// cause is why a status is not known.
type cause struct {
	kind string // not_asked, no_anchor, not_published, no_answer
	err  error
}

func statusCause(s *sign.CertificateStatus, asked bool) cause {
	var path *certpath.PathError
	isPath := errors.As(s.Err, &path)
	switch {
	case s.State == certpath.NotPublished:
		return cause{"not_published", nil}
	case !asked:
		return cause{"not_asked", s.Err}
	case isPath && (path.Reason == certpath.NoAnchor || path.Reason == certpath.SelfSignedUntrusted):
		return cause{"no_anchor", s.Err}
	}
	if isPath && path.Status.Err != nil {
		return cause{"no_answer", path.Status.Err}
	}
	return cause{"no_answer", s.Err}
}

func (c cause) text(m *i18n.Messages) string {
	text := m.Sign.StatusCauses[c.kind]
	if c.kind != "no_answer" || c.err == nil {
		return text
	}
	return text + " (" + first(sayService(&m.Errors, c.err), firstLine(c.err.Error())) + ")"
}

func (c cause) hint(h *i18n.Hints) string {
	switch {
	case failedFor(c.err, "refused_address"):
		return h.AllowPrivate
	case failedFor(c.err, "budget"):
		return h.MaxRequests
	}
	switch c.kind {
	case "not_asked":
		return h.SignOnline
	case "no_anchor":
		return h.Trust
	case "no_answer":
		return h.StatusFiles
	}
	return ""
}

func (c cause) hints(m *i18n.Messages) []string {
	if h := c.hint(&m.Hints); h != "" {
		return []string{h}
	}
	return nil
}

// statusNeeded: --require-revocation asks for a status that is not known.
func statusNeeded(c cause) error {
	return &codedError{status: status{exitService, "revocation_unknown"}, err: c.err, hints: c.hints,
		text: func(m *i18n.Messages) string { return fmt.Sprintf(m.Sign.StatusNeeded, c.text(m)) }}
}

// levelNeeds: the level promises a status that is not known.
func levelNeeds(l sign.Level, c cause) error {
	return &codedError{status: status{exitService, "level_not_reached"}, err: c.err,
		text: func(m *i18n.Messages) string {
			return fmt.Sprintf(m.Errors.LevelNotReached, l, sign.BT, fmt.Sprintf(m.Sign.StatusNeeded, c.text(m)))
		},
		hints: func(m *i18n.Messages) []string { return append(c.hints(m), m.Hints.AllowLower) }}
}

// forbidden gives the reasons why a certificate may not sign their words.
func forbidden(cert *x509.Certificate, err error) error {
	var path *certpath.PathError
	if !errors.As(err, &path) {
		return err
	}
	reasons := map[certpath.Reason]token.Reason{
		certpath.Expired: token.ReasonExpired, certpath.NotYetValid: token.ReasonNotYetValid, certpath.KeyUsage: token.ReasonKeyUsage,
	}
	if reason, ok := reasons[path.Reason]; ok {
		return &token.UnusableError{Entry: token.Entry{Certificate: cert, Reasons: []token.Reason{reason}}}
	}
	return &codedError{status: status{exitCertificate, "certificate_revoked"}, err: err,
		text:  func(m *i18n.Messages) string { return sayRevoked(m, cert, path) },
		hints: func(m *i18n.Messages) []string { return []string{m.Hints.Revoked} }}
}

// onHold is the CRLReason of a certificate that is suspended. RFC 5280, 5.3.1.
const onHold = 6

func sayRevoked(m *i18n.Messages, cert *x509.Certificate, path *certpath.PathError) string {
	e := &m.Errors
	since := path.Status.RevokedAt.In(vietnam).Format("02/01/2006 15:04:05 -07:00")
	switch {
	case path.Cert != nil && !path.Cert.Equal(cert):
		s := token.ParseSubject(path.Cert)
		return fmt.Sprintf(e.IssuerRevoked, first(s.CN, s.O), since)
	case path.Status.Reason == onHold:
		return fmt.Sprintf(e.CertificateHeld, since)
	}
	return fmt.Sprintf(e.CertificateRevoked, since)
}

// json is the status for scripts; nil: nobody looked.
func (s *signerStatus) json() *revocationJSON {
	if s == nil {
		return nil
	}
	j := &revocationJSON{Status: "unknown", Source: first(s.Revocation.Source, "none")}
	switch s.State {
	case certpath.Good:
		j.Status = "good"
	case certpath.NotPublished:
		j.Status = "not_published"
	case certpath.Unknown, certpath.Revoked: // revoked is an error
	}
	if t := s.Revocation.ThisUpdate; !t.IsZero() {
		utc := t.UTC()
		j.ThisUpdate = &utc
	}
	return j
}

// warnings are those of every file of the run.
func (s *signerStatus) warnings() []string {
	if s == nil || s.warning == "" {
		return nil
	}
	return []string{s.warning}
}
