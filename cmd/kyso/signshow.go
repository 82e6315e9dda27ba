package main

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"strings"

	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/sign"
	"github.com/kyso-vn/kyso/token"
)

// showSigned tells people what was made.
func (r *signRun) showSigned(res *signResult) {
	m, s := &r.a.m.Sign, res.result
	w := r.a.out
	if res.job.output == stdinName {
		w = r.a.err // standard output carries the document
	}
	rows := &rows{}
	r.common(rows, res)
	rows.add(m.Algorithm, strings.Join([]string{s.Digest.String(), s.Scheme.String()}, ", "))
	if s.Timestamp != nil {
		tsa := s.TSA
		if c := s.Timestamp.Certificate; c != nil {
			tsa = token.ParseSubject(c).CN
		}
		rows.add(r.a.m.Verify.Timestamps, fmt.Sprintf(m.Timestamp, r.a.when(s.Timestamp.Time), tsa))
	} else {
		rows.add(r.a.m.Verify.Timestamps, m.NoTimestamp)
	}
	rows.add(m.SelfCheck, fmt.Sprintf(m.SelfCheckGood, len(res.report.Signatures)))
	rows.add(m.Size, humanBytes(s.Bytes))
	fmt.Fprintln(w, r.a.paint(w, toneGood, fmt.Sprintf(m.Signed, printable(res.job.output))))
	rows.print(w, "  ")
	if r.single && res.job.output != stdinName {
		fmt.Fprintf(w, m.NextVerify+"\n", shellWord(res.job.output))
	}
}

// showPlan tells what would be made.
func (r *signRun) showPlan(res *signResult) {
	m := &r.a.m.Sign
	rows := &rows{}
	rows.add(m.WouldWrite, res.job.output)
	r.common(rows, res)
	rows.add(m.WouldSize, humanBytes(res.prepared.Size))
	fmt.Fprintf(r.a.out, m.DryRun+"\n", printable(res.job.input))
	rows.print(r.a.out, "  ")
}

// schemeOf is how a signature was made.
func schemeOf(cert *x509.Certificate, s *sign.Result) token.Scheme {
	var opts crypto.SignerOpts = s.Digest
	if s.Scheme == cms.PSS {
		opts = &rsa.PSSOptions{Hash: s.Digest}
	}
	scheme, err := token.SchemeOf(cert.PublicKey, opts)
	if err != nil {
		return token.Scheme{Name: s.Scheme.String()}
	}
	return scheme
}

// tellScheme says with --verbose how a signature was made, through which
// library, and what the regulation says of it.
func (r *signRun) tellScheme(key *token.Key, s *sign.Result) {
	scheme := schemeOf(r.key.certificate(), s)
	said := "in the list of"
	if !scheme.Listed {
		said = "not in the list (RSA-PSS, ECDSA) of"
	}
	r.a.verbosef("scheme %s (%s): %s Thông tư 15/2025/TT-BKHCN, Phụ lục I, 1.2", scheme.Name, first(key.Way, "file"), said)
}

// common are the rows of a plan and of a result.
func (r *signRun) common(rows *rows, res *signResult) {
	m, p := &r.a.m.Sign, res.prepared
	s := token.ParseSubject(r.key.certificate())
	level := first(r.o.level, r.defaultLevel())
	if res.result != nil {
		level = res.result.Level.String()
	}
	rows.add(m.Signer, joinNonEmpty(s.CN, s.O))
	rows.add(m.Level, level)
	rows.add(m.Field, p.Field)
	place := m.Invisible
	if p.Page > 0 {
		place = fmt.Sprintf(m.PlacePage, p.Page, rectText(p.Rect), r.a.m.Phrase(first(p.Why, "the field "+p.Field)))
	}
	rows.add(m.Place, place)
	rows.add(m.Time, r.a.when(p.SigningTime))
}

// rectText is a rectangle as --rect takes it, in whole points.
func rectText(r [4]float64) string { return fmt.Sprintf("%.0f,%.0f,%.0f,%.0f", r[0], r[1], r[2], r[3]) }
