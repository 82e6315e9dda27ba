package revocation

import (
	"bytes"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/kyso-vn/kyso/internal/certpath"
)

// Reasons that count here. RFC 5280, 5.3.1.
const (
	reasonHold   = 6
	reasonRemove = 8
)

// entry is the revocation of one certificate.
type entry struct {
	revokedAt  time.Time
	invalidity time.Time // zero: none
	reason     int
}

// arc is the last octet of an identifier under 2.5.29, where all known entry
// extensions are; as octets, for no entry may cost an allocation.
const (
	arcReason     = 21
	arcHold       = 23
	arcInvalidity = 24
	arcIssuer     = 29
)

// find looks through all entries, for one that can't be processed spoils the
// CRL for all certificates (5.3). It returns nil when the certificate is not
// listed; the last entry counts when there are several.
func (c *crl) find(serial []byte, certIssuer []byte) (*entry, *Error) {
	var found *entry
	s := scanner{indirect: c.idp != nil && c.idp.indirect, want: certpath.NameKey(certIssuer), wantRaw: certIssuer}
	s.current = c.issuerKey == s.want // 5.3.3: the CRL's issuer until an entry says otherwise
	list := c.entries
	for !list.Empty() {
		e, ok := s.next(&list)
		if !ok {
			return nil, crlError(Malformed, "entry: %w", errMalformed)
		}
		if s.critical {
			return nil, crlError(UnknownCritical, "in an entry")
		}
		if !s.current || !bytes.Equal(e.serial, serial) {
			continue
		}
		if found, ok = e.parse(); !ok {
			return nil, crlError(Malformed, "entry: %w", errMalformed)
		}
	}
	return found, nil
}

// scanner walks over entries.
type scanner struct {
	indirect bool
	want     string
	wantRaw  []byte
	last     []byte // certificateIssuer met last, as it is
	current  bool   // entries are of the wanted issuer
	critical bool   // an unknown critical extension was met
}

type rawEntry struct {
	serial     []byte
	date       cryptobyte.String
	reason     byte
	invalidity cryptobyte.String // empty: none
}

func (e rawEntry) parse() (*entry, bool) {
	f := &entry{reason: int(e.reason)}
	return f, readTime(&e.date, &f.revokedAt) &&
		(len(e.invalidity) == 0 || e.invalidity.ReadASN1GeneralizedTime(&f.invalidity))
}

func (s *scanner) next(list *cryptobyte.String) (rawEntry, bool) {
	var e rawEntry
	var seq, serial, exts cryptobyte.String
	if !list.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadASN1(&serial, cbasn1.INTEGER) || !minimal(serial) {
		return e, false
	}
	var tag cbasn1.Tag
	if !seq.ReadAnyASN1Element(&e.date, &tag) || !plausibleTime(e.date) {
		return e, false
	}
	e.serial = serial
	if seq.Empty() {
		return e, true
	}
	if !seq.ReadASN1(&exts, cbasn1.SEQUENCE) || !seq.Empty() {
		return e, false
	}
	return e, s.extensions(exts, &e)
}

// extensions reads crlEntryExtensions.
func (s *scanner) extensions(list cryptobyte.String, e *rawEntry) bool {
	seen := 0
	for n := 0; !list.Empty(); n++ {
		var seq, id, value cryptobyte.String
		critical := false
		if !list.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadASN1(&id, cbasn1.OBJECT_IDENTIFIER) ||
			seq.PeekASN1Tag(cbasn1.BOOLEAN) && !seq.ReadASN1Boolean(&critical) ||
			!seq.ReadASN1(&value, cbasn1.OCTET_STRING) || !seq.Empty() || n == maxExtensions {
			return false
		}
		arc := 0
		if len(id) == 3 && id[0] == 0x55 && id[1] == 0x1d {
			arc = int(id[2])
		}
		switch arc {
		case arcReason, arcInvalidity, arcIssuer:
			if seen&(1<<arc) != 0 || !s.known(arc, value, e) {
				return false
			}
			seen |= 1 << arc
		case arcHold: // obsolete, and says nothing about the state
		default:
			s.critical = s.critical || critical
		}
	}
	return true
}

func (s *scanner) known(arc int, value cryptobyte.String, e *rawEntry) bool {
	switch arc {
	case arcReason:
		var code cryptobyte.String
		if !value.ReadASN1(&code, cbasn1.ENUM) || !value.Empty() || len(code) != 1 || code[0] > 10 || code[0] == 7 {
			return false
		}
		e.reason = code[0]
		return true
	case arcInvalidity:
		e.invalidity = value
		return value.PeekASN1Tag(cbasn1.GeneralizedTime) && plausibleTime(value)
	default:
		return s.issuer(value)
	}
}

// issuer reads certificateIssuer, which only an indirect CRL may hold.
func (s *scanner) issuer(value cryptobyte.String) bool {
	if !s.indirect {
		return false
	}
	if s.last != nil && bytes.Equal(s.last, value) {
		return true
	}
	s.last = value
	var list cryptobyte.String
	if !value.ReadASN1(&list, cbasn1.SEQUENCE) || !value.Empty() || list.Empty() {
		return false
	}
	s.current = false
	for !list.Empty() {
		var name cryptobyte.String
		var tag cbasn1.Tag
		if !list.ReadAnyASN1(&name, &tag) {
			return false
		}
		if tag == explicit(nameDirectory) && (bytes.Equal(name, s.wantRaw) || certpath.NameKey(name) == s.want) {
			s.current = true
		}
	}
	return true
}

// minimal tells whether the contents of an INTEGER are DER.
func minimal(v []byte) bool {
	return len(v) == 1 || len(v) > 1 && (v[0] != 0 || v[1]&0x80 != 0) && (v[0] != 0xff || v[1]&0x80 == 0)
}

// plausibleTime checks the digits of a Time element, without parsing it.
func plausibleTime(el []byte) bool {
	var digits []byte
	switch {
	case len(el) == 15 && el[0] == byte(cbasn1.UTCTime):
		digits = el[2+2 : 14] // without the year
	case len(el) == 17 && el[0] == byte(cbasn1.GeneralizedTime):
		digits = el[2+4 : 16]
	default:
		return false
	}
	for _, d := range el[2 : len(el)-1] {
		if d < '0' || d > '9' {
			return false
		}
	}
	pair := func(i int) int { return int(digits[i]-'0')*10 + int(digits[i+1]-'0') }
	month, day := pair(0), pair(2)
	return el[len(el)-1] == 'Z' && month >= 1 && month <= 12 && day >= 1 && day <= daysIn[month] &&
		pair(4) < 24 && pair(6) < 60 && pair(8) < 60
}

// daysIn takes every year for a leap year: only an entry that is used must have
// its true date.
var daysIn = [13]int{1: 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
