package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/verify"
)

// verifyTextSink writes for people: the verdict first, in words that a clerk
// can act on, then a block for each signature.
type verifyTextSink struct {
	a       *app
	files   int
	showIDs bool
	online  bool
	changes string // folder of pictures
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
	if line := s.a.picturesLine(s.changes, res); line != "" {
		fmt.Fprintln(s.a.out, line)
	}
	if !s.online && needsOnline(res.report) {
		s.a.say(s.a.m.Common.HintPrefix, s.a.m.Hints.Online)
	}
	if res.exhausted && needsOnline(res.report) {
		s.a.say(s.a.m.Common.HintPrefix, s.a.m.Hints.MaxRequests)
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
	fmt.Fprintf(s.a.out, s.a.m.Verify.Summary+"\n", s.files, strings.Join(verdictCounts(s.a.m, s.counts), ", "))
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
	r := res.report
	verdict, advice := a.verdictLines(res)
	word, rest, _ := strings.Cut(verdict, ":")
	fmt.Fprintf(w, "%s:%s\n%s\n", a.paint(w, verdictTone(r.Verdict), word), rest, advice)
	for _, reason := range r.Reasons {
		fmt.Fprintf(w, "  - %s\n", printable(reasonText(a.m, reason)))
	}
	for i := range r.Signatures {
		fmt.Fprintln(w)
		newSignatureBlock(a.m, &r.Signatures[i], i+1, showIDs).print(w)
	}
	if note := a.adobeNote(r); note != "" {
		fmt.Fprintf(w, "\n%s\n", printable(note))
	}
	fmt.Fprintln(w)
}

// verdictLines are the verdict with its main reason, and what to do.
func (a *app) verdictLines(res *verifyResult) (verdict, advice string) {
	m, key := &a.m.Verify, verdictText(res)
	verdict, advice = fmt.Sprintf(m.Verdicts[key], printable(base(res.name))), m.Advice[key]
	main, ok := mainReason(res.report)
	if !ok {
		return verdict, advice
	}
	// What a sentence names as a way out stands in the advice.
	why, _, _ := strings.Cut(reasonText(a.m, main), ";")
	verdict = strings.TrimSuffix(verdict, ".") + ": " + printable(why) + "."
	return verdict, first(m.AdviceFor[main.Code], advice)
}

// mainReason is what decided the verdict: the first reason of its kind in the
// first signature that it is the verdict of, or of the file.
func mainReason(r *verify.Report) (verify.Reason, bool) {
	want := verify.Failure
	if r.Verdict == verify.Indeterminate {
		want = verify.Doubt
	}
	lists := [][]verify.Reason{}
	for i := range r.Signatures {
		lists = append(lists, r.Signatures[i].Reasons)
	}
	for _, list := range append(lists, r.Reasons) {
		for _, reason := range list {
			if reason.Severity == want && (r.Verdict == verify.Invalid || r.Verdict == verify.Indeterminate) {
				return reason, true
			}
		}
	}
	return verify.Reason{}, false
}

// verdictText is the key of the first line: the verdict, but what can't be read
// is told apart for people, who can do something about two of the causes.
func verdictText(res *verifyResult) string {
	r := res.report
	switch {
	case r.Verdict != verify.Unreadable:
	case hasReason(r.Reasons, string(verify.CodePassword)):
		return "password"
	case hasReason(r.Reasons, string(verify.CodeUnreadable)) && !res.in.hasHeader():
		return "not_pdf"
	}
	return string(r.Verdict)
}

// adobeNote tells why a widely used reader may say something else: the roots of
// Vietnam are not on its lists. It concerns what is valid only.
func (a *app) adobeNote(r *verify.Report) string {
	for i := range r.Signatures {
		if s := &r.Signatures[i]; s.Valid() && s.Trust.Anchor != nil {
			return fmt.Sprintf(a.m.Verify.Adobe, *s.Trust.Anchor)
		}
	}
	return ""
}

// reasonText says a reason in the language; an unknown code keeps its English.
func reasonText(m *i18n.Messages, r verify.Reason) string {
	if text, ok := m.Verify.Codes[r.Code]; ok {
		return text
	}
	return fmt.Sprintf("%s (%s)", r.Message, r.Code)
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// sprintfName fills a prompt with the short name of a file.
func sprintfName(format, path string) string { return fmt.Sprintf(format, printable(base(path))) }
