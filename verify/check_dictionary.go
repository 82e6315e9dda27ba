package verify

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// checkDictionary reads the signature dictionary. ISO 32000-2, 12.8.1,
// Table 255.
func (v *verifier) checkDictionary(_ context.Context, r *record) error {
	r.kind = KindSignature
	if r.origin == fromUsageRights {
		r.kind = KindUsageRights
		r.find(CodeUsageRights, "this signature enables functions of a viewer; it does not sign the document for anybody")
	}
	if r.dict == nil {
		return nil
	}
	if dups := r.dict.Duplicates(); len(dups) > 0 {
		names := make([]string, 0, len(dups))
		for _, d := range dups[:min(len(dups), 8)] {
			names = append(names, "/"+string(d))
		}
		r.find(CodeDuplicateKey, "the dictionary has %s more than once", strings.Join(names, ", "))
	}
	r.typ = v.nameIn(r, "Type")
	r.subName = string(v.nameIn(r, "SubFilter"))
	r.sub = subFilterOf(r.subName)
	if v.nameIn(r, "Filter") == "" {
		r.find(CodeFilterMissing, "the dictionary has no /Filter")
		r.deviates("P08: /Filter is missing")
	}
	v.checkType(r)
	v.checkEntries(r)
	if t, ok := parseDate(v.textIn(r, "M")); ok {
		r.claimed = t
	} else {
		r.deviates("P06: /M is missing or no date")
	}
	if r.sub != subX509 && r.dict.Has("Cert") {
		r.find(CodeEncryptedContents, "/Cert is ignored beside a CMS container")
		r.deviates("P11: /Cert is present")
	}
	return nil
}

// deviates notes why the signature is no PAdES baseline signature.
func (r *record) deviates(what string) {
	if !slices.Contains(r.baseline, what) {
		r.baseline = append(r.baseline, what)
	}
}

// checkType holds /Type against /SubFilter. ISO 32000-2, 12.8.5, Table 262: a
// document timestamp has both its own.
func (v *verifier) checkType(r *record) {
	switch {
	case r.sub == subTimestamp:
		if r.origin != fromUsageRights {
			r.kind = KindTimestamp
		}
		switch r.typ {
		case "DocTimeStamp":
		case "", "Sig":
			// Some writers do so. It is no document timestamp by the letter, and
			// no attack: in doubt.
			r.find(CodeTimestampType, "/Type is not DocTimeStamp, /SubFilter is ETSI.RFC3161")
		default:
			r.find(CodeTypeMismatch, "/Type is %s, /SubFilter is ETSI.RFC3161", r.typ)
		}
	case r.typ == "DocTimeStamp":
		r.kind = KindTimestamp
		r.find(CodeTypeMismatch, "/Type is DocTimeStamp, /SubFilter is %q", r.subName)
	case r.sub == subOther:
		if r.typ != "" && r.typ != "Sig" {
			r.find(CodeTypeMismatch, "/Type is %s", r.typ)
		}
		r.find(CodeSubFilterUnknown, "/SubFilter %q is not known", r.subName)
	case r.typ != "" && r.typ != "Sig":
		r.find(CodeTypeMismatch, "/Type is %s, /SubFilter is %s", r.typ, r.subName)
	}
	switch r.sub {
	case subPKCS7SHA1, subX509: // ISO 32000-2, 12.8.3.1
		r.find(CodeDeprecated, "/SubFilter %s is deprecated: it binds a SHA-1 digest", r.subName)
	case subOther, subCAdES, subPKCS7, subTimestamp:
	}
	if r.sub != subCAdES {
		r.deviates("P10: /SubFilter is not ETSI.CAdES.detached")
	}
}

// checkEntries looks at entries that say nothing about validity: those a
// document timestamp does not have (EN 319 142-1, 5.4.3), and the flags of the
// form that tell viewers to append only (ISO 32000-2, 12.7.3, Table 225).
func (v *verifier) checkEntries(r *record) {
	if r.kind == KindTimestamp {
		for _, key := range []pdf.Name{"Cert", "Reference", "Reason"} {
			if r.dict.Has(key) {
				r.find(CodeTimestampEntries, "a document timestamp has no entry /%s", key)
			}
		}
	}
	if !r.hasField {
		return
	}
	form, _, err := r.view.AcroForm()
	if err != nil || form == nil {
		return
	}
	const both = 3 // SignaturesExist, AppendOnly
	if flags, err := r.view.Int(form.Get("SigFlags")); err != nil || flags&both != both {
		r.find(CodeSigFlags, "/SigFlags of the form does not say that there are signatures")
	}
}

// nameIn resolves a name of the dictionary; what is none is "".
func (v *verifier) nameIn(r *record, key pdf.Name) pdf.Name {
	n, err := r.view.Name(r.dict.Get(key))
	if err != nil {
		return ""
	}
	return n
}

// textIn resolves a text string of the dictionary; what is none is "".
func (v *verifier) textIn(r *record, key pdf.Name) string {
	o, err := r.view.Resolve(r.dict.Get(key))
	if err != nil {
		return ""
	}
	s, ok := o.(pdf.String)
	if !ok {
		return ""
	}
	const most = 4096
	return pdf.Text(pdf.String{Value: s.Value[:min(len(s.Value), most)]})
}

// parseDate reads D:YYYYMMDDHHmmSSOHH'mm'. ISO 32000-2, 7.9.4. What is missing
// at the end has its default; no offset is UTC.
func parseDate(s string) (time.Time, bool) {
	s = strings.TrimPrefix(strings.TrimSpace(s), "D:")
	n := 0
	for n < len(s) && n < 14 && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	digits, rest := s[:n], s[n:]
	const full = "00000101000000"
	if n < 4 || n%2 == 1 {
		return time.Time{}, false
	}
	t, err := time.Parse("20060102150405", digits+full[n:])
	if err != nil {
		return time.Time{}, false
	}
	if rest == "" || rest[0] == 'Z' {
		return t, true
	}
	sign := map[byte]time.Duration{'+': 1, '-': -1}[rest[0]]
	rest = strings.ReplaceAll(rest[1:], "'", "")
	if sign == 0 || len(rest) < 2 {
		return time.Time{}, false
	}
	off, err := time.Parse("1504", (rest + "00")[:4])
	if err != nil {
		return time.Time{}, false
	}
	return t.Add(-sign * (time.Duration(off.Hour())*time.Hour + time.Duration(off.Minute())*time.Minute)), true
}
