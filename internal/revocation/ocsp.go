package revocation

import (
	"bytes"
	"crypto"
	_ "crypto/sha1" // the hash of most identifiers; it protects nothing here
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/asn1"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/oids"
)

// response is a BasicOCSPResponse. RFC 6960, 4.2.1.
type response struct {
	raw           []byte // OCSPResponse
	origin        string
	signed        certpath.Signed
	responderName []byte // DER Name, or
	responderKey  []byte // SHA-1 of the key
	producedAt    time.Time
	singles       []single
	nonce         []byte // value of the extension; nil: none
	certs         cryptobyte.String
	problem       *Error // why it can't be used for anything
	note          string
}

// single is a SingleResponse.
type single struct {
	hash              crypto.Hash // 0: unknown
	nameHash, keyHash []byte
	serial            []byte
	status            certStatus
	revokedAt         time.Time
	reason            int
	thisUpdate        time.Time
	nextUpdate        time.Time // zero: none
	cutoff            time.Time // archiveCutoff; zero: none
	certHash          cryptobyte.String
	problem           *Error
}

// certStatus is the tag of a CertStatus, plus one.
type certStatus int

const (
	statusGood certStatus = iota + 1
	statusRevoked
	statusUnknown
)

// parseOCSP reads an OCSPResponse, or a BasicOCSPResponse, which it wraps. A
// response that is an error is *Error with Refused and *ResponderError.
func parseOCSP(der []byte) (*response, error) {
	if len(der) > maxGivenOCSP {
		return nil, ocspError(LimitReached, "a response of more than %d bytes", maxGivenOCSP)
	}
	bad := ocspError(Malformed, "%w", errMalformed)
	in := cryptobyte.String(der)
	var seq, outer, body, basic cryptobyte.String
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() {
		return nil, bad
	}
	if !seq.PeekASN1Tag(cbasn1.ENUM) {
		raw, err := wrapBasic(der)
		if err != nil {
			return nil, bad
		}
		return parseBasic(raw, der)
	}
	var status int
	if !seq.ReadASN1Enum(&status) {
		return nil, bad
	}
	if status != 0 {
		return nil, &Error{Kind: kindOCSP, Problem: Refused, Err: &ResponderError{Status: status}}
	}
	var oid asn1.ObjectIdentifier
	if !seq.ReadASN1(&outer, explicit(0)) || !seq.Empty() || !outer.ReadASN1(&body, cbasn1.SEQUENCE) || !outer.Empty() ||
		!body.ReadASN1ObjectIdentifier(&oid) || !oid.Equal(oids.OCSPBasic) ||
		!body.ReadASN1(&basic, cbasn1.OCTET_STRING) || !body.Empty() {
		return nil, bad
	}
	return parseBasic(der, basic)
}

// wrapBasic makes an OCSPResponse of a BasicOCSPResponse.
func wrapBasic(basic []byte) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Enum(0)
		b.AddASN1(explicit(0), func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(oids.OCSPBasic)
				b.AddASN1OctetString(basic)
			})
		})
	})
	return b.Bytes()
}

func parseBasic(raw, basic []byte) (*response, error) {
	bad := ocspError(Malformed, "%w", errMalformed)
	r := &response{raw: raw}
	in := cryptobyte.String(basic)
	var seq, data, alg, outer cryptobyte.String
	var there bool
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() || !seq.ReadASN1Element(&data, cbasn1.SEQUENCE) ||
		!algorithmElement(&seq, &alg) || !seq.ReadASN1BitStringAsBytes(&r.signed.Signature) ||
		!seq.ReadOptionalASN1(&outer, &there, explicit(0)) || !seq.Empty() ||
		there && (!outer.ReadASN1(&r.certs, cbasn1.SEQUENCE) || !outer.Empty()) {
		return nil, bad
	}
	r.signed.Message, r.signed.Algorithm = data, alg
	return r, r.readData(data)
}

// readData reads ResponseData.
func (r *response) readData(data cryptobyte.String) error {
	bad := ocspError(Malformed, "%w", errMalformed)
	var body, field, list cryptobyte.String
	var there bool
	version := 0
	if !data.ReadASN1(&body, cbasn1.SEQUENCE) || !body.ReadOptionalASN1(&field, &there, explicit(0)) ||
		there && (!field.ReadASN1Integer(&version) || !field.Empty() || version != 0) ||
		!r.readResponder(&body) || !body.ReadASN1GeneralizedTime(&r.producedAt) ||
		!body.ReadASN1(&list, cbasn1.SEQUENCE) {
		return bad
	}
	for !list.Empty() {
		if len(r.singles) == maxSingles {
			return ocspError(LimitReached, "more than %d single responses", maxSingles)
		}
		s, ok := readSingle(&list)
		if !ok {
			return bad
		}
		r.singles = append(r.singles, s)
	}
	exts, ok := readOptionalExtensions(&body)
	if !ok || !body.Empty() {
		return bad
	}
	for _, e := range exts {
		switch {
		case e.id.Equal(oids.OCSPNonce):
			r.nonce = e.value
		case e.id.Equal(oids.OCSPExtendedRevoked):
		case e.critical: // RFC 6960, 4.4
			r.problem = ocspError(UnknownCritical, "%v", e.id)
		}
	}
	return nil
}

func (r *response) readResponder(body *cryptobyte.String) bool {
	var v cryptobyte.String
	if body.PeekASN1Tag(explicit(1)) {
		var name cryptobyte.String
		ok := body.ReadASN1(&v, explicit(1)) && v.ReadASN1Element(&name, cbasn1.SEQUENCE) && v.Empty()
		r.responderName = name
		return ok
	}
	var hash cryptobyte.String
	ok := body.ReadASN1(&v, explicit(2)) && v.ReadASN1(&hash, cbasn1.OCTET_STRING) && v.Empty()
	r.responderKey = hash
	return ok
}

// readOptionalExtensions reads [1] EXPLICIT Extensions OPTIONAL.
func readOptionalExtensions(s *cryptobyte.String) ([]extension, bool) {
	var outer, list cryptobyte.String
	var there bool
	if !s.ReadOptionalASN1(&outer, &there, explicit(1)) ||
		there && (!outer.ReadASN1(&list, cbasn1.SEQUENCE) || !outer.Empty()) {
		return nil, false
	}
	return readExtensions(list)
}

var certIDHashes = []struct {
	oid  asn1.ObjectIdentifier
	hash crypto.Hash
}{
	{oids.SHA1, crypto.SHA1}, {oids.SHA256, crypto.SHA256}, {oids.SHA384, crypto.SHA384}, {oids.SHA512, crypto.SHA512},
}

// readHash reads an AlgorithmIdentifier; 0 for a hash that is not known.
func readHash(s *cryptobyte.String) (crypto.Hash, bool) {
	var alg cryptobyte.String
	var oid asn1.ObjectIdentifier
	if !s.ReadASN1(&alg, cbasn1.SEQUENCE) || !alg.ReadASN1ObjectIdentifier(&oid) {
		return 0, false
	}
	for _, h := range certIDHashes {
		if h.oid.Equal(oid) && (alg.Empty() || bytes.Equal(alg, []byte{5, 0})) {
			return h.hash, true
		}
	}
	return 0, true
}

func readSingle(list *cryptobyte.String) (single, bool) {
	var s single
	var seq, id, name, key, serial, field cryptobyte.String
	var there, ok bool
	if !list.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadASN1(&id, cbasn1.SEQUENCE) {
		return s, false
	}
	if s.hash, ok = readHash(&id); !ok || !id.ReadASN1(&name, cbasn1.OCTET_STRING) ||
		!id.ReadASN1(&key, cbasn1.OCTET_STRING) || !id.ReadASN1(&serial, cbasn1.INTEGER) || !minimal(serial) || !id.Empty() {
		return s, false
	}
	s.nameHash, s.keyHash, s.serial = name, key, serial
	if !s.readStatus(&seq) || !seq.ReadASN1GeneralizedTime(&s.thisUpdate) ||
		!seq.ReadOptionalASN1(&field, &there, explicit(0)) ||
		there && (!field.ReadASN1GeneralizedTime(&s.nextUpdate) || !field.Empty()) {
		return s, false
	}
	exts, ok := readOptionalExtensions(&seq)
	if !ok || !seq.Empty() {
		return s, false
	}
	return s, s.readExtensions(exts)
}

func (s *single) readStatus(seq *cryptobyte.String) bool {
	var v cryptobyte.String
	var tag cbasn1.Tag
	if !seq.ReadAnyASN1(&v, &tag) {
		return false
	}
	switch tag {
	case implicit(0):
		s.status = statusGood
		return v.Empty()
	case implicit(2):
		s.status = statusUnknown
		return v.Empty()
	case explicit(1): // RevokedInfo, implicit; a SEQUENCE is constructed
		s.status = statusRevoked
		var field cryptobyte.String
		var there bool
		return v.ReadASN1GeneralizedTime(&s.revokedAt) && v.ReadOptionalASN1(&field, &there, explicit(0)) && v.Empty() &&
			(!there || field.ReadASN1Enum(&s.reason) && field.Empty())
	default:
		return false
	}
}

func (s *single) readExtensions(exts []extension) bool {
	for _, e := range exts {
		v := e.value
		switch {
		case e.id.Equal(oids.OCSPArchiveCutoff):
			if !v.ReadASN1GeneralizedTime(&s.cutoff) || !v.Empty() {
				return false
			}
		case e.id.Equal(oids.CertHash):
			s.certHash = v
		case e.id.Equal(oids.OCSPCRL), e.id.Equal(oids.ReasonCode), e.id.Equal(oids.InvalidityDate):
			// RFC 6960, 4.4.5 lets CRL entry extensions in; they change nothing
		case e.critical:
			s.problem = ocspError(UnknownCritical, "%v", e.id)
		}
	}
	return true
}
