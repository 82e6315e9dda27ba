package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/verify"
)

// maxChangesShown is how many changes people's text lists for a signature.
const maxChangesShown = 10

// verifyTextSink writes for people: the verdict first, in words that a clerk
// can act on, then a block for each signature.
type verifyTextSink struct {
	a       *app
	files   int
	showIDs bool
	online  bool
	counts  map[verify.Verdict]int
}

func (s *verifyTextSink) file(_ context.Context, res *verifyResult) error {
	if s.counts == nil {
		s.counts = map[verify.Verdict]int{}
	}
	if res.err != nil {
		s.a.tell(res.err)
		return nil
	}
	s.counts[res.report.Verdict]++
	s.a.printReport(s.a.out, res, s.showIDs)
	if !s.online && needsOnline(res.report) {
		s.a.say(s.a.m.Common.HintPrefix, s.a.m.Hints.Online)
	}
	if needsTrust(res.report) {
		s.a.say(s.a.m.Common.HintPrefix, s.a.m.Hints.Trust)
	}
	return nil
}

// close sums up several files.
func (s *verifyTextSink) close() error {
	if s.files < 2 {
		return nil
	}
	var parts []string
	for _, v := range []verify.Verdict{verify.Valid, verify.ValidChanged, verify.Indeterminate, verify.Invalid, verify.Unsigned, verify.Unreadable} {
		if n := s.counts[v]; n > 0 {
			word, _, _ := strings.Cut(s.a.m.Verify.Verdicts[string(v)], ":")
			parts = append(parts, fmt.Sprintf("%s %d", word, n))
		}
	}
	fmt.Fprintf(s.a.out, s.a.m.Verify.Summary+"\n", s.files, strings.Join(parts, ", "))
	return nil
}

func needsOnline(r *verify.Report) bool {
	return anySignature(r, func(s *verify.Signature) bool { return hasReason(s.Reasons, string(verify.CodeRevocationUnknown)) })
}

func needsTrust(r *verify.Report) bool {
	return anySignature(r, func(s *verify.Signature) bool {
		return hasReason(s.Reasons, string(verify.CodeUntrusted)) || hasReason(s.Reasons, string(verify.CodeSelfSigned))
	})
}

func anySignature(r *verify.Report, f func(*verify.Signature) bool) bool {
	for i := range r.Signatures {
		if f(&r.Signatures[i]) {
			return true
		}
	}
	return false
}

// printReport writes the whole judgement of one file.
func (a *app) printReport(w io.Writer, res *verifyResult, showIDs bool) {
	m, r := &a.m.Verify, res.report
	fmt.Fprintf(w, m.Verdicts[string(r.Verdict)]+"\n", printable(base(res.name)))
	fmt.Fprintf(w, "%s\n", m.Advice[string(r.Verdict)])
	for _, reason := range r.Reasons {
		fmt.Fprintf(w, "  - %s\n", printable(reasonText(a.m, reason)))
	}
	for i := range r.Signatures {
		fmt.Fprintln(w)
		p := &signaturePrinter{m: a.m, s: &r.Signatures[i], report: r, showIDs: showIDs}
		p.print(w, i+1)
	}
	fmt.Fprintln(w)
}

// reasonText says a reason in the language; an unknown code keeps its English.
func reasonText(m *i18n.Messages, r verify.Reason) string {
	if text, ok := m.Verify.Codes[r.Code]; ok {
		return text
	}
	return fmt.Sprintf("%s (%s)", r.Message, r.Code)
}

// signaturePrinter writes the block of one signature.
type signaturePrinter struct {
	m       *i18n.Messages
	s       *verify.Signature
	report  *verify.Report
	showIDs bool
	rows    rows
}

// print writes the seven things that Thông tư 15/2025/TT-BKHCN, Điều 6.4.b
// asks for first (signer, issuer, body managing the certificate, time,
// integrity, validity at signing, validity period), then the rest.
func (p *signaturePrinter) print(w io.Writer, number int) {
	v := &p.m.Verify
	title := v.Signature
	if p.s.Kind == verify.KindTimestamp {
		title = v.DocTimestamp
	}
	fmt.Fprintf(w, title+"\n", number, printable(p.s.Field))
	p.rows.add(v.Result, p.result())
	p.seven()
	p.identity()
	p.details()
	p.timestamps()
	p.rows.print(w, "  ")
	p.changes(w)
	p.reasons(w)
}

func (p *signaturePrinter) result() string {
	text := p.m.Verify.Indications[p.s.Indication]
	if p.s.SubIndication != nil {
		text += " (" + *p.s.SubIndication + ")"
	}
	return text
}

func (p *signaturePrinter) seven() {
	v, s := &p.m.Verify, p.s
	if s.Signer != nil {
		p.rows.add(v.SignedBy, joinNonEmpty(deref(s.Signer.CN), deref(s.Signer.O)))
		p.rows.add(v.Issuer, deref(s.Signer.IssuerCN))
		p.rows.add(v.Manager, first(deref(s.Signer.IssuerO), deref(s.Signer.IssuerCN)))
	}
	p.rows.add(v.Time, p.time())
	p.rows.add(v.Integrity, v.Integrities[s.Integrity])
	p.rows.add(v.ValidAtTime, p.validity())
	if s.Signer != nil {
		p.rows.add(v.Validity, fmt.Sprintf(v.Between, p.date(s.Signer.NotBefore), p.date(s.Signer.NotAfter)))
	}
}

func (p *signaturePrinter) date(t time.Time) string { return t.In(vietnam).Format(p.m.Common.DateTime) }

// time is the proven one, or else the claimed one, and says which it is.
func (p *signaturePrinter) time() string {
	v, t := &p.m.Verify, p.s.Time
	switch {
	case t.Proven != nil:
		return fmt.Sprintf(v.TimeProven, p.date(*t.Proven), v.Proofs[t.Proof])
	case t.Claimed != nil:
		return fmt.Sprintf(v.TimeClaimed, p.date(*t.Claimed))
	}
	return v.TimeNone
}

func (p *signaturePrinter) validity() string {
	if text, ok := p.m.Verify.AtSigning[p.s.CertificateAtSigning]; ok {
		return text
	}
	return p.m.Verify.NotChecked
}

// identity tells more of the signer; a person's own number is masked.
func (p *signaturePrinter) identity() {
	v, s := &p.m.Verify, p.s.Signer
	if s == nil {
		return
	}
	id := deref(s.CCCD)
	if !p.showIDs {
		id = mask(id)
	}
	p.rows.add(v.Email, deref(s.Email))
	p.rows.add(v.TaxCode, deref(s.MST))
	p.rows.add(v.PersonalID, id)
	p.rows.add(v.Serial, s.Serial)
}

func (p *signaturePrinter) details() {
	v, s := &p.m.Verify, p.s
	trust := v.Trusts[s.Trust.Status]
	if s.Trust.Anchor != nil {
		trust += ": " + *s.Trust.Anchor
	}
	p.rows.add(v.Trust, trust)
	p.rows.add(v.Revocation, p.revocation())
	p.rows.add(v.Coverage, v.Coverages[s.Coverage])
	p.rows.add(v.Changes, v.ChangesAfter[s.ChangesAfter])
	if c := s.Certification; c != nil && c.DocMDP > 0 {
		p.rows.add(v.Certification, v.Certified[itoa(c.DocMDP)])
	}
	p.rows.add(v.Level, s.Level)
	if a := s.Algorithms; a != nil {
		p.rows.add(v.Algorithm, strings.Join([]string{a.Digest, a.Signature, first(a.Curve, itoa(a.KeyBits))}, ", "))
	}
}

func (p *signaturePrinter) revocation() string {
	v, r := &p.m.Verify, p.s.Revocation
	text := v.Revocations[r.Status]
	if r.ThisUpdate != nil {
		text += " " + fmt.Sprintf(v.RevokedFrom, v.Sources[r.Source], v.Sources[deref(r.Origin)], p.date(*r.ThisUpdate))
	}
	return text
}

func (p *signaturePrinter) timestamps() {
	v := &p.m.Verify
	for _, t := range p.s.Timestamps {
		state := v.Good
		if !t.Valid {
			state = v.Bad
			if t.Reason != nil {
				state += " (" + *t.Reason + ")"
			}
		}
		when := v.TimeNone
		if t.Time != nil {
			when = p.date(*t.Time)
		}
		kind := first(v.Proofs[t.Kind], t.Kind)
		p.rows.add(v.Timestamps, fmt.Sprintf(v.TimestampLine, kind, when, deref(t.TSACN), state))
	}
}

// changes lists what came after the signature.
func (p *signaturePrinter) changes(w io.Writer) {
	v := &p.m.Verify
	for i, c := range p.s.Changes {
		if i == maxChangesShown {
			fmt.Fprintf(w, "    "+v.Truncated+"\n", len(p.s.Changes)-i)
			break
		}
		line := fmt.Sprintf(v.ChangeLine, c.Revision, first(v.ChangeKinds[c.Kind], c.Kind), c.Detail)
		fmt.Fprintf(w, "    - %s\n", printable(line))
	}
}

// reasons lists what stands in the way; notes that change nothing are left to
// --json where the signature is valid.
func (p *signaturePrinter) reasons(w io.Writer) {
	first := true
	for _, r := range p.s.Reasons {
		if r.Severity == verify.Note {
			continue
		}
		if first {
			fmt.Fprintf(w, "  %s:\n", p.m.Verify.Reasons)
			first = false
		}
		fmt.Fprintf(w, "    - %s\n", printable(reasonText(p.m, r)))
	}
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// sprintfName fills a prompt with the short name of a file.
func sprintfName(format, path string) string { return fmt.Sprintf(format, printable(base(path))) }
