package main

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/sign"
	"github.com/kyso-vn/kyso/token"
)

// fieldsResult is what fields found or made.
type fieldsResult struct {
	file   string
	output string       // "": nothing was added
	added  string       // name of the new field
	result *sign.Result // of adding
	fields []sign.FieldInfo
}

// fieldsJSON is kyso.fields/1.
type fieldsJSON struct {
	Schema       string      `json:"schema"`
	File         string      `json:"file"`
	Added        string      `json:"added,omitempty"`
	Output       string      `json:"output,omitempty"`
	InputSHA256  string      `json:"input_sha256,omitempty"`
	OutputSHA256 string      `json:"output_sha256,omitempty"`
	OutputBytes  int64       `json:"output_bytes,omitempty"`
	Fields       []fieldJSON `json:"fields"`
	Exit         int         `json:"exit"`
	Error        *jsonError  `json:"error,omitempty"`
}

type fieldJSON struct {
	Name        string         `json:"name"`
	State       string         `json:"state"` // empty, signed, timestamp, unreadable
	Page        int            `json:"page"`  // 0: on none
	Rect        *[4]float64    `json:"rect"`  // as seen; null: nothing to see
	SubFilter   string         `json:"subfilter,omitempty"`
	SigningTime *time.Time     `json:"signing_time,omitempty"` // as the signature claims
	SignedBy    *signedByJSON  `json:"signed_by,omitempty"`    // as the signature claims
	Reason      string         `json:"reason,omitempty"`       // why it is unreadable
	Lock        *lockJSON      `json:"lock,omitempty"`
	Seed        *seedValueJSON `json:"seed_value,omitempty"`
}

type signedByJSON struct {
	CN       string `json:"cn"`
	O        string `json:"o,omitempty"`
	Serial   string `json:"serial"`
	IssuerCN string `json:"issuer_cn"`
	SHA256   string `json:"sha256"`
}

type lockJSON struct {
	Action string   `json:"action"`
	Fields []string `json:"fields"`
	P      int      `json:"p,omitempty"`
}

type seedValueJSON struct {
	Filter       string   `json:"filter,omitempty"`
	SubFilters   []string `json:"subfilters,omitempty"`
	Digests      []string `json:"digests,omitempty"`
	Reasons      []string `json:"reasons,omitempty"`
	Certify      *int     `json:"certify,omitempty"`
	TimestampURL string   `json:"timestamp_url,omitempty"`
	Required     []string `json:"required"`
}

func (a *app) showFields(res *fieldsResult) {
	if a.global.json {
		a.jsonLine(newFieldsJSON(res))
		return
	}
	m := &a.m.Fields
	if res.output != "" {
		w := a.out
		if res.output == stdinName {
			w = a.err // standard output carries the document
		}
		fmt.Fprintf(w, m.Added+"\n", printable(res.added), printable(res.output))
		for i := range res.fields {
			if res.fields[i].Name == res.added {
				a.fieldRows(&res.fields[i]).print(w, "  ")
			}
		}
		if res.output != stdinName {
			fmt.Fprintf(w, m.SignWith+"\n", shellWord(res.output), shellWord(res.added))
		}
		return
	}
	if len(res.fields) == 0 {
		fmt.Fprintf(a.out, m.None+"\n", printable(res.file))
	}
	for i := range res.fields {
		f := &res.fields[i]
		state := map[string]string{"empty": m.Empty, "timestamp": m.Stamped}[fieldState(f)]
		fmt.Fprintf(a.out, "%d. %s: %s\n", i+1, printable(f.Name), first(state, m.Signed))
		a.fieldRows(f).print(a.out, "   ")
	}
}

// fieldState is a stable name.
func fieldState(f *sign.FieldInfo) string {
	switch {
	case !f.Filled:
		return "empty"
	case f.Unread != nil:
		return "unreadable"
	case f.Timestamp:
		return "timestamp"
	}
	return "signed"
}

func (a *app) fieldRows(f *sign.FieldInfo) *rows {
	m, r := &a.m.Fields, &rows{}
	switch {
	case f.Page == 0:
		r.add(m.Place, m.NoPage)
	case f.Rect == (appearance.Rect{}):
		r.add(m.Place, fmt.Sprintf(m.Hidden, f.Page))
	default:
		r.add(m.Place, fmt.Sprintf(m.PlacePage, f.Page, f.Rect))
	}
	switch {
	case f.Unread != nil:
		r.add(m.By, fmt.Sprintf(m.Unread, f.Unread))
	case f.Signer != nil:
		s := token.ParseSubject(f.Signer)
		r.add(m.By, joinNonEmpty(s.CN, s.O))
	case f.Filled:
		r.add(m.By, a.m.Common.Unknown)
	}
	if t, ok := parsePDFDate(f.Time); ok {
		r.add(m.Time, a.when(t))
	}
	r.add(m.Locks, a.lockText(f.Lock))
	r.add(m.Asks, a.seedText(f.Seed))
	return r
}

func (a *app) lockText(l *sign.FieldLock) string {
	if l == nil {
		return ""
	}
	m := &a.m.Fields
	text := ""
	switch names := strings.Join(l.Fields, ", "); l.Action {
	case "All":
		text = m.LockAll
	case "Include":
		text = fmt.Sprintf(m.LockOnly, names)
	case "Exclude":
		text = fmt.Sprintf(m.LockBut, names)
	}
	return joinNonEmpty(text, m.LockP[itoa(l.P)])
}

func (a *app) seedText(s *sign.SeedValue) string {
	if s == nil {
		return ""
	}
	m := &a.m.Fields
	var parts []string
	for _, p := range []struct{ format, value string }{
		{m.AskFormat, strings.Join(s.SubFilters, ", ")}, {m.AskDigest, strings.Join(s.Digests, ", ")},
		{m.AskReason, strings.Join(s.Reasons, ", ")}, {m.AskTSA, s.TimestampURL}, {m.Required, strings.Join(s.Required, ", ")},
	} {
		if p.value != "" {
			parts = append(parts, fmt.Sprintf(p.format, p.value))
		}
	}
	if s.Certify > 0 {
		parts = append(parts, fmt.Sprintf(m.AskP, s.Certify))
	}
	return strings.Join(parts, "; ")
}

func newFieldsJSON(res *fieldsResult) *fieldsJSON {
	j := &fieldsJSON{Schema: "kyso.fields/1", File: res.file, Added: res.added, Output: res.output, Fields: []fieldJSON{}}
	if r := res.result; r != nil {
		j.InputSHA256, j.OutputSHA256 = hex.EncodeToString(r.InputSHA256[:]), hex.EncodeToString(r.OutputSHA256[:])
		j.OutputBytes = r.Bytes
	}
	for i := range res.fields {
		j.Fields = append(j.Fields, newFieldJSON(&res.fields[i]))
	}
	return j
}

func newFieldJSON(f *sign.FieldInfo) fieldJSON {
	j := fieldJSON{Name: f.Name, State: fieldState(f), Page: f.Page, SubFilter: f.SubFilter}
	if f.Rect != (appearance.Rect{}) {
		rect := [4]float64(f.Rect)
		j.Rect = &rect
	}
	if t, ok := parsePDFDate(f.Time); ok {
		j.SigningTime = &t
	}
	if f.Unread != nil {
		j.Reason = f.Unread.Error()
	}
	if c := f.Signer; c != nil {
		var d certJSON
		d.describe(c)
		j.SignedBy = &signedByJSON{CN: token.ParseSubject(c).CN, O: token.ParseSubject(c).O, Serial: d.Serial,
			IssuerCN: token.ParseIssuer(c).CN, SHA256: certpath.Fingerprint(c)}
	}
	if l := f.Lock; l != nil {
		j.Lock = &lockJSON{l.Action, orEmpty(l.Fields), l.P}
	}
	if s := f.Seed; s != nil {
		j.Seed = &seedValueJSON{Filter: s.Filter, SubFilters: s.SubFilters, Digests: s.Digests, Reasons: s.Reasons,
			TimestampURL: s.TimestampURL, Required: orEmpty(s.Required)}
		if s.Certify >= 0 {
			j.Seed.Certify = &s.Certify
		}
	}
	return j
}

// parsePDFDate reads D:YYYYMMDDHHmmSSOHH'mm'; parts may be missing from the
// end. ISO 32000-2, 7.9.4.
func parsePDFDate(s string) (time.Time, bool) {
	s = strings.ReplaceAll(strings.TrimPrefix(s, "D:"), "'", "")
	digits := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if digits < 0 {
		digits = len(s)
	}
	date, zone := s[:digits], s[digits:]
	const full = "20060102150405"
	if len(date) < 4 || len(date) > len(full) || len(date)%2 != 0 {
		return time.Time{}, false
	}
	layout := full[:len(date)]
	switch {
	case zone == "" || zone == "Z" || strings.HasPrefix(zone, "Z00"):
		zone = ""
	case len(zone) == 3:
		layout += "-07"
	default:
		layout += "-0700"
	}
	t, err := time.Parse(layout, date+zone)
	return t, err == nil
}
