package tsp

import (
	"strings"
	"unicode"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

const (
	maxText      = 300 // runes of a TSA's own words
	maxTextParts = 16
)

// PKIStatus values that come with a token. RFC 3161, 2.4.2.
const (
	statusGranted         = 0
	statusGrantedWithMods = 1
)

// failNames are the bits of PKIFailureInfo. RFC 3161, 2.4.2.
var failNames = map[int]string{
	0:  "badAlg",
	2:  "badRequest",
	5:  "badDataFormat",
	14: "timeNotAvailable",
	15: "unacceptedPolicy",
	16: "unacceptedExtension",
	17: "addInfoNotAvailable",
	25: "systemFailure",
}

// ParseReply reads a TimeStampResp: the token of a granted request (with or
// without modifications), a *StatusError for a refusal, or a *CheckError.
func ParseReply(der []byte) (*Token, error) {
	in := cryptobyte.String(der)
	var resp, status cryptobyte.String
	if !in.ReadASN1(&resp, cbasn1.SEQUENCE) || !in.Empty() || !resp.ReadASN1(&status, cbasn1.SEQUENCE) {
		return nil, fail(ReasonStructure, "the reply is not a TimeStampResp")
	}
	refusal, err := parseStatus(status)
	if err != nil {
		return nil, err
	}
	if refusal.Status != statusGranted && refusal.Status != statusGrantedWithMods {
		return nil, refusal
	}
	if resp.Empty() {
		return nil, fail(ReasonStructure, "granted, but no token in the reply")
	}
	token, err := Parse(resp)
	if err != nil {
		return nil, err
	}
	if token.CMS.Trailing != 0 {
		return nil, fail(ReasonStructure, "%d bytes behind the token", token.CMS.Trailing)
	}
	return token, nil
}

// parseStatus reads PKIStatusInfo.
func parseStatus(in cryptobyte.String) (*StatusError, error) {
	s := &StatusError{}
	bad := fail(ReasonStructure, "malformed PKIStatusInfo")
	if !in.ReadASN1Integer(&s.Status) {
		return nil, bad
	}
	if in.PeekASN1Tag(cbasn1.SEQUENCE) {
		var text cryptobyte.String
		if !in.ReadASN1(&text, cbasn1.SEQUENCE) {
			return nil, bad
		}
		var parts []string
		for !text.Empty() && len(parts) < maxTextParts {
			var part cryptobyte.String
			if !text.ReadASN1(&part, cbasn1.UTF8String) {
				return nil, bad
			}
			parts = append(parts, string(part))
		}
		s.Text = plain(strings.Join(parts, "; "))
	}
	if in.PeekASN1Tag(cbasn1.BIT_STRING) {
		var bits cryptobyte.String
		if !in.ReadASN1(&bits, cbasn1.BIT_STRING) || len(bits) == 0 {
			return nil, bad
		}
		s.FailInfo = failInfo(bits[1:])
	}
	if !in.Empty() {
		return nil, bad
	}
	return s, nil
}

func failInfo(bits []byte) []string {
	var names []string
	for i := 0; i < 26; i++ {
		if i/8 >= len(bits) || bits[i/8]&(0x80>>(i%8)) == 0 {
			continue
		}
		if name, ok := failNames[i]; ok {
			names = append(names, name)
		} else {
			names = append(names, "unknown")
		}
	}
	return names
}

// plain makes a server's words safe to print: no controls, no direction marks.
func plain(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n == maxText {
			b.WriteString("…")
			break
		}
		if !unicode.IsPrint(r) {
			r = ' '
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}
