package token

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// AmbiguousError: several certificates fit. A person chooses by number, serial
// or CKA_ID; labels may repeat.
type AmbiguousError struct {
	Selector string
	Entries  []Entry
}

func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("token: %d certificates fit %q", len(e.Entries), e.Selector)
}

// NoCertificateError: none fits, or none of those that fit can sign; it wraps
// ErrNoCertificate. Entries are what was there, with their Reasons.
type NoCertificateError struct {
	Selector string
	Entries  []Entry
}

func (e *NoCertificateError) Error() string {
	if e.Selector == "" {
		return fmt.Sprintf("token: none of %d certificates can sign", len(e.Entries))
	}
	return fmt.Sprintf("token: no certificate fits %q", e.Selector)
}

func (e *NoCertificateError) Unwrap() error { return ErrNoCertificate }

// UnusableError: the chosen certificate cannot sign, for Entry.Reasons.
type UnusableError struct{ Entry Entry }

func (e *UnusableError) Error() string {
	return fmt.Sprintf("token: the certificate cannot sign: %v", e.Entry.Reasons)
}

// Choose takes one entry of those that List returned, in their order. The
// selector is what --cert is: the number in the list (from 1, with no zero in
// front), a serial number
// in hex (blanks, colons, leading zeros do not count), a SHA-256 of the
// certificate, a CKA_ID in hex, or a part of the common name that fits one
// only; letter case does not count, and neither do diacritics where that still
// fits one only. An empty selector takes the one that can sign; of a
// certificate and its renewal (same subject, same key use) the newest.
//
// Errors: *AmbiguousError, *NoCertificateError, *UnusableError (with an Entry,
// for a caller who wants it all the same).
func Choose(entries []Entry, selector string) (Entry, error) {
	selector = strings.TrimSpace(selector)
	if selector == "" {
		usable := slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool { return !e.Usable })
		if len(usable) == 0 {
			return Entry{}, &NoCertificateError{Entries: entries}
		}
		return one(usable, "")
	}
	if n, err := strconv.Atoi(selector); err == nil && n >= 1 && n <= len(entries) && strconv.Itoa(n) == selector {
		return usable(entries[n-1])
	}
	for _, rule := range []func([]Entry, string) []Entry{byHex, byName, byPlainName} {
		if found := rule(entries, selector); len(found) > 0 {
			return pick(found, selector)
		}
	}
	return Entry{}, &NoCertificateError{Selector: selector, Entries: entries}
}

// pick prefers those that can sign among several.
func pick(found []Entry, selector string) (Entry, error) {
	good := slices.DeleteFunc(slices.Clone(found), func(e Entry) bool { return !e.Usable })
	if len(good) > 0 {
		return one(good, selector)
	}
	e, err := one(found, selector)
	if err != nil {
		return e, err
	}
	return usable(e)
}

func usable(e Entry) (Entry, error) {
	if !e.Usable {
		return e, &UnusableError{e}
	}
	return e, nil
}

// one: all must be the same certificate or renewals of one.
func one(found []Entry, selector string) (Entry, error) {
	best := found[0]
	for _, e := range found[1:] {
		switch {
		case e.sameCertificate(best) && e.sameToken(best):
		case renewal(best, e):
			if e.Certificate.NotBefore.After(best.Certificate.NotBefore) {
				best = e
			}
		default:
			return Entry{}, &AmbiguousError{Selector: selector, Entries: found}
		}
	}
	return best, nil
}

// renewal: same token, same subject, same key use, and not both of one day: two
// certificates of one issue are two choices.
func renewal(a, b Entry) bool {
	if a.Certificate == nil || b.Certificate == nil || !a.sameToken(b) {
		return false
	}
	return string(a.Certificate.RawSubject) == string(b.Certificate.RawSubject) &&
		a.Certificate.KeyUsage == b.Certificate.KeyUsage &&
		!a.Certificate.NotBefore.Equal(b.Certificate.NotBefore)
}

// byHex: a serial, a SHA-256 or a CKA_ID.
func byHex(entries []Entry, selector string) []Entry {
	want := trimHex(selector)
	if want == "" {
		return nil
	}
	return filter(entries, func(e Entry) bool {
		if e.Certificate != nil && trimHex(e.Certificate.SerialNumber.Text(16)) == want {
			return true
		}
		sum := sha256.Sum256(e.Raw)
		return trimHex(hex.EncodeToString(sum[:])) == want ||
			len(e.ID) > 0 && trimHex(hex.EncodeToString(e.ID)) == want
	})
}

// trimHex is lower hex without separators and leading zeros; "" if it is none.
func trimHex(s string) string {
	s = strings.ToLower(s)
	s = strings.TrimPrefix(s, "0x")
	s = strings.NewReplacer(" ", "", ":", "", "-", "").Replace(s)
	if strings.Trim(s, "0123456789abcdef") != "" || s == "" {
		return ""
	}
	if s = strings.TrimLeft(s, "0"); s == "" {
		return "0"
	}
	return s
}

func byName(entries []Entry, selector string) []Entry { return byFold(entries, selector, fold) }

func byPlainName(entries []Entry, selector string) []Entry {
	return byFold(entries, selector, func(s string) string { return plain(fold(s)) })
}

func byFold(entries []Entry, selector string, f func(string) string) []Entry {
	want := f(selector)
	if want == "" {
		return nil
	}
	return filter(entries, func(e Entry) bool {
		return e.Certificate != nil && strings.Contains(f(ParseSubject(e.Certificate).CN), want)
	})
}

func filter(entries []Entry, keep func(Entry) bool) []Entry {
	return slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool { return !keep(e) })
}

// fold: NFC and lower case, blanks made one.
func fold(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(norm.NFC.String(s))), " ")
}

// plain takes the diacritics off; đ has none to take off, it is a letter.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == 'đ':
			return 'd'
		}
		return r
	}, norm.NFD.String(s))
}
