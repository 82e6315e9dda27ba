package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/internal/atomicfile"
	"github.com/kyso-vn/kyso/internal/batch"
	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/convert"
	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/internal/tsp"
	"github.com/kyso-vn/kyso/sign"
	"github.com/kyso-vn/kyso/token"
)

var errDetail = errors.New("…")

// trouble is an example of every error that has a message of its own.
func trouble() []error {
	e := &i18n.For(i18n.English).Errors
	all := []error{
		usagef(func(e *i18n.Errors) string { return e.UnknownFlag }, "--x"),
		usagef(func(e *i18n.Errors) string { return e.NoFiles }),
		usagef(func(e *i18n.Errors) string { return e.BinaryToTerminal }),
		usagef(func(e *i18n.Errors) string { return e.OneOutput }),
		&token.NoCertificateError{},
		&token.NoCertificateError{Selector: "B"},
		&token.AmbiguousError{Entries: make([]token.Entry, 2)},
		&token.AmbiguousError{Selector: "B", Entries: make([]token.Entry, 2)},
		&token.DeviceError{Err: errDetail}, token.ErrTimeout, token.ErrNoTokenSupport, token.ErrNoPIN, token.ErrNoKey, token.ErrMismatch, token.ErrScheme,
		atFile("key.p12", &token.AuthError{Kind: "incorrect", Retries: -1}),
		&sign.LevelError{Want: sign.BLT, Have: sign.BB, Err: errDetail},
		&tsp.StatusError{Status: 2, Text: "…"}, &tsp.CheckError{Reason: "nonce", Err: errDetail},
		&certpath.PathError{Reason: certpath.CertRevoked, Status: revokedForDocs},
		&appearance.FitError{Width: 100, Height: 40}, &appearance.GlyphError{Rune: '☃'},
		&appearance.TemplateError{Line: 1, Column: 5, Reason: "…"}, &appearance.FontError{Reason: "…"},
		&convert.MissingError{Install: "apt install libreoffice-writer"}, &convert.FailedError{Name: "a.docx", Message: "…"},
		sign.ErrUnsigned, sign.ErrSelfCheck,
		&batch.CollisionError{Output: "out/a.pdf", First: "1/a.pdf", Second: "2/a.pdf"},
		atFile("a.signed.pdf", atomicfile.ErrExists), atFile("a.pdf", atomicfile.ErrSameFile), atFile("a.pdf", atomicfile.ErrNotRegular),
		atFile("a.pdf", fs.ErrNotExist), atFile("a.pdf", fs.ErrPermission), atFile("folder", batch.ErrFolder),
		outside("out/a.pdf", "out"),
		noTSA("B-T"), errInterrupted,
		&keyFileError{path: "key.p12", err: errDetail}, &keyFileError{path: "cert.pem", certificate: true, err: errDetail},
		(&survey{others: []string{`"A"`}}).nothing(tokenOptions{label: "B"}, token.ErrNoCertificate),
		usagef(func(e *i18n.Errors) string { return e.TSAAddress }),
	}
	codes := token.CKRCodes()
	for _, k := range slices.Sorted(maps.Keys(e.TokenKinds)) {
		for _, code := range slices.Sorted(maps.Keys(codes)) {
			if string(codes[code]) == k && code != 0 {
				all = append(all, &token.DeviceError{Code: code, Err: errDetail})
				break
			}
		}
	}
	for _, k := range slices.Sorted(maps.Keys(e.PINKinds)) {
		all = append(all, &token.AuthError{Kind: k, Retries: -1})
	}
	for _, k := range slices.Sorted(maps.Keys(e.ModuleKinds)) {
		all = append(all, &token.ModuleError{Module: "driver.so", Kind: k, Err: errDetail})
	}
	for _, k := range slices.Sorted(maps.Keys(e.Reasons)) {
		all = append(all, &token.UnusableError{Entry: token.Entry{Reasons: []token.Reason{token.Reason(k)}}})
	}
	for _, k := range slices.Sorted(maps.Keys(e.Refused)) {
		all = append(all, atFile("a.pdf", &sign.RefusedError{Reason: k}))
	}
	for _, s := range systemErrors {
		if s.err != syscall.ENFILE { // said like EMFILE
			all = append(all, atFile("a.pdf", s.err))
		}
	}
	for _, k := range slices.Sorted(maps.Keys(e.PageKinds)) {
		all = append(all, &appearance.PlaceError{Reason: k, Detail: "…"})
	}
	for _, k := range slices.Sorted(maps.Keys(e.Network)) {
		all = append(all, &fetch.Error{Kind: k, URL: "http://tsa.example.vn", Err: errDetail})
	}
	return all
}

var revokedForDocs = certpath.RevocationStatus{RevokedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}

// troubleshooting is docs/troubleshooting.md: every message in both languages
// with what to do, by exit code.
func troubleshooting() string {
	en, vi := i18n.For(i18n.English), i18n.For(i18n.Vietnamese)
	byExit := map[int][]error{}
	for _, err := range trouble() {
		byExit[statusOf(err).exit] = append(byExit[statusOf(err).exit], err)
	}
	var w strings.Builder
	w.WriteString(generatedNote + `# Troubleshooting, by message

Each message is here in English and in Vietnamese, with its code in the JSON
(` + "`error.code`" + `), its exit code, and what the program says to try. What stands
between quotes, file names and … differ from case to case.

Before anything else, ` + "`kyso doctor`" + ` looks for drivers, readers, tokens, clock and
network, and says what to do next; ` + "`kyso doctor FILE`" + ` looks at a document.
Drivers by brand are in [tokens.md](tokens.md), roots in [trust.md](trust.md).
What verify says of a signature is in [divergences.md](divergences.md) and
` + "`kyso help levels`" + `.
`)
	for _, exit := range exitCodes() {
		if len(byExit[exit]) == 0 {
			continue
		}
		fmt.Fprintf(&w, "\n## Exit %d: %s\n", exit, en.Common.Exit[itoa(exit)])
		for _, err := range byExit[exit] {
			fmt.Fprintf(&w, "\n### %s\n\n%s. Code `%s`.\n", describe(en, err), describe(vi, err), statusOf(err).code)
			hints, viHints := hintsOf(en, err), hintsOf(vi, err)
			for i := range hints {
				if i == 0 {
					w.WriteString("\n")
				}
				fmt.Fprintf(&w, "- %s\n  (%s)\n", hints[i], viHints[i])
			}
		}
	}
	return w.String()
}

// TestTroubleIsSaid: what people read is a sentence of ours in both languages,
// and no two errors look the same with different codes.
func TestTroubleIsSaid(t *testing.T) {
	seen := map[string]string{}
	for _, err := range trouble() {
		en, vi := describe(i18n.For(i18n.English), err), describe(i18n.For(i18n.Vietnamese), err)
		if en == vi || strings.Contains(en+vi, "%!") || en == err.Error() && !errors.As(err, new(*usageError)) && !errors.As(err, new(*codedError)) && err != errInterrupted {
			t.Errorf("%T has no sentence: %q, %q", err, en, vi)
		}
		code := statusOf(err).code
		if code == "failed" {
			t.Errorf("%v has no code", err)
		}
		if other, ok := seen[en]; ok && other != code {
			t.Errorf("%q is said of %s and %s", en, code, other)
		}
		seen[en] = code
	}
}
