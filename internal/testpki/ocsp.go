package testpki

import (
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// OCSPResponse is a response to be made; change the fields, then Sign.
type OCSPResponse struct {
	Status     int // OCSPResponseStatus; not 0: nothing else is written
	Responder  *x509.Certificate
	Key        crypto.Signer
	Hash       crypto.Hash // of the signature; 0: SHA-256
	ByKey      bool        // responderID by key hash
	ID         []byte      // responderID, DER; nil: from Responder
	ProducedAt time.Time
	Singles    []OCSPSingle
	Extensions []pkix.Extension
	Certs      [][]byte // DER
	Damage     bool     // spoil the signature
}

// OCSPSingle is one answer.
type OCSPSingle struct {
	Hash              crypto.Hash           // 0: SHA-1
	HashID            asn1.ObjectIdentifier // nil: from Hash
	NameHash, KeyHash []byte
	Serial            *big.Int
	Status            int // 0 good, 1 revoked, 2 unknown
	RevokedAt         time.Time
	Reason            int // 0: not said
	ThisUpdate        time.Time
	NextUpdate        time.Time // zero: none
	Extensions        []pkix.Extension
}

var hashIDs = map[crypto.Hash]asn1.ObjectIdentifier{
	crypto.SHA1: {1, 3, 14, 3, 2, 26}, crypto.SHA256: {2, 16, 840, 1, 101, 3, 4, 2, 1},
	crypto.SHA384: {2, 16, 840, 1, 101, 3, 4, 2, 2}, crypto.SHA512: {2, 16, 840, 1, 101, 3, 4, 2, 3},
}

// NoCheck is a Leaf.Template for a responder whose status nobody asks.
func NoCheck(c *x509.Certificate) {
	c.ExtraExtensions = append(c.ExtraExtensions,
		pkix.Extension{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 5}, Value: []byte{5, 0}})
}

// Single answers for a serial number as the CA has it, with a CertID of a hash
// (0: SHA-1).
func (ca *CA) Single(serial *big.Int, hash crypto.Hash) OCSPSingle {
	if hash == 0 {
		hash = crypto.SHA1
	}
	s := OCSPSingle{Hash: hash, NameHash: digest(hash, ca.Certificate.RawSubject),
		KeyHash: keyHash(hash, ca.Certificate.PublicKey), Serial: serial,
		ThisUpdate: Now().Add(-time.Hour), NextUpdate: Now().Add(23 * time.Hour)}
	if r, ok := ca.revocation(serial); ok {
		s.Status, s.RevokedAt, s.Reason = 1, r.At, r.Reason
	}
	return s
}

// NewOCSP returns a response by the CA itself about certificates: an hour old,
// good for a day.
func (ca *CA) NewOCSP(certs ...*x509.Certificate) *OCSPResponse {
	r := &OCSPResponse{Responder: ca.Certificate, Key: ca.Key, ProducedAt: Now().Add(-time.Hour)}
	for _, c := range certs {
		r.Singles = append(r.Singles, ca.Single(c.SerialNumber, 0))
	}
	return r
}

// Sign returns the OCSPResponse in DER.
func (r *OCSPResponse) Sign() []byte {
	if r.Status != 0 {
		return []byte{0x30, 3, byte(cbasn1.ENUM), 1, byte(r.Status)}
	}
	basic := r.Basic()
	return der(func(b *builder) {
		sequence(b, func(b *builder) {
			b.AddASN1Enum(0)
			in(b, tagged(0), func(b *builder) {
				sequence(b, func(b *builder) {
					b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 1})
					b.AddASN1OctetString(basic)
				})
			})
		})
	})
}

// Basic returns the BasicOCSPResponse in DER.
func (r *OCSPResponse) Basic() []byte {
	hash := r.Hash
	if hash == 0 {
		hash = crypto.SHA256
	}
	data := der(r.addData)
	sig := signature(r.Key, hash, data)
	if r.Damage {
		sig[len(sig)-1] ^= 1
	}
	return der(func(b *builder) {
		sequence(b, func(b *builder) {
			b.AddBytes(data)
			b.AddBytes(algorithmOf(r.Key, hash))
			b.AddASN1BitString(sig)
			if len(r.Certs) > 0 {
				in(b, tagged(0), func(b *builder) {
					sequence(b, func(b *builder) {
						for _, c := range r.Certs {
							b.AddBytes(c)
						}
					})
				})
			}
		})
	})
}

func (r *OCSPResponse) addData(b *builder) {
	sequence(b, func(b *builder) {
		switch {
		case r.ID != nil:
			b.AddBytes(r.ID)
		case r.ByKey:
			in(b, tagged(2), func(b *builder) { b.AddASN1OctetString(keyHash(crypto.SHA1, r.Responder.PublicKey)) })
		default:
			in(b, tagged(1), func(b *builder) { b.AddBytes(r.Responder.RawSubject) })
		}
		b.AddASN1GeneralizedTime(r.ProducedAt.UTC())
		sequence(b, func(b *builder) {
			for _, s := range r.Singles {
				s.add(b)
			}
		})
		if len(r.Extensions) > 0 {
			in(b, tagged(1), func(b *builder) { addExtensions(b, r.Extensions) })
		}
	})
}

func (s OCSPSingle) add(b *builder) {
	id := s.HashID
	if id == nil {
		id = hashIDs[s.Hash]
	}
	sequence(b, func(b *builder) {
		sequence(b, func(b *builder) {
			sequence(b, func(b *builder) { b.AddASN1ObjectIdentifier(id); b.AddASN1NULL() })
			b.AddASN1OctetString(s.NameHash)
			b.AddASN1OctetString(s.KeyHash)
			b.AddASN1BigInt(s.Serial)
		})
		switch s.Status {
		case 1:
			in(b, tagged(1), func(b *builder) {
				b.AddASN1GeneralizedTime(s.RevokedAt.UTC())
				if s.Reason != 0 {
					in(b, tagged(0), func(b *builder) { b.AddASN1Enum(int64(s.Reason)) })
				}
			})
		default:
			in(b, cbasn1.Tag(uint8(s.Status)).ContextSpecific(), func(*builder) {})
		}
		b.AddASN1GeneralizedTime(s.ThisUpdate.UTC())
		if !s.NextUpdate.IsZero() {
			in(b, tagged(0), func(b *builder) { b.AddASN1GeneralizedTime(s.NextUpdate.UTC()) })
		}
		if len(s.Extensions) > 0 {
			in(b, tagged(1), func(b *builder) { addExtensions(b, s.Extensions) })
		}
	})
}

// OCSP is a responder of a CA; an http.Handler. Mode makes it misbehave:
// wrong_certid, expired_delegate, no_eku, unsigned, garbage, html, empty,
// http500, slow, try_later, internal_error, unauthorized, wrong_nonce,
// no_nonce, future, stale, unknown.
type OCSP struct {
	CA          *CA
	Certificate *x509.Certificate // of a delegate; nil: the CA answers itself
	Key         crypto.Signer
	Now         func() time.Time    // nil: testpki.Now; thisUpdate is an hour before
	Lifetime    time.Duration       // 0: a day; below 0: no nextUpdate
	Requests    int64               // counted atomically
	Mode        string              // "" = good
	Template    func(*OCSPResponse) // last word before signing
}

// NewOCSPDelegate makes a responder with a certificate of its own, which has
// id-pkix-ocsp-nocheck.
func NewOCSPDelegate(ca *CA, t KeyType) *OCSP {
	key := Key(t, "ocsp")
	cert := ca.Issue(Leaf{CN: "Test OCSP", Key: key.Public(), OCSPSigner: true,
		KeyUsage: x509.KeyUsageDigitalSignature, Template: NoCheck})
	return &OCSP{CA: ca, Certificate: cert, Key: key}
}

// OCSP returns a responder that signs with the CA's own key.
func (ca *CA) OCSP() *OCSP { return &OCSP{CA: ca} }

var responderStatus = map[string]int{"internal_error": 2, "try_later": 3, "unauthorized": 6}

// ServeHTTP answers a request by POST. RFC 6960, A.1.
func (o *OCSP) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	atomic.AddInt64(&o.Requests, 1)
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<16))
	if err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/ocsp-request" {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	if misbehave(w, r, o.Mode) {
		return
	}
	w.Header().Set("Content-Type", "application/ocsp-response")
	req, err := parseOCSPRequest(body)
	if err != nil {
		_, _ = w.Write((&OCSPResponse{Status: 1}).Sign())
		return
	}
	_, _ = w.Write(o.respond(req).Sign())
}

func (o *OCSP) respond(req *ocspRequest) *OCSPResponse {
	if s := responderStatus[o.Mode]; s != 0 {
		return &OCSPResponse{Status: s}
	}
	now := Now
	if o.Now != nil {
		now = o.Now
	}
	resp := &OCSPResponse{Responder: o.CA.Certificate, Key: o.CA.Key, ProducedAt: now(), Damage: o.Mode == "unsigned"}
	if o.Certificate != nil {
		resp.Responder, resp.Key, resp.Certs = o.Certificate, o.Key, [][]byte{o.Certificate.Raw}
	}
	for _, id := range req.ids {
		s := o.CA.Single(id.serial, id.hash)
		if string(s.NameHash) != string(id.nameHash) || string(s.KeyHash) != string(id.keyHash) {
			return &OCSPResponse{Status: responderStatus["unauthorized"]}
		}
		s.ThisUpdate, s.NextUpdate = lifetime(now(), o.Lifetime, 24*time.Hour, o.Mode)
		resp.Singles = append(resp.Singles, s)
	}
	if req.nonce != nil && o.Mode != "no_nonce" {
		resp.Extensions = append(resp.Extensions, pkix.Extension{
			Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 2}, Value: req.nonce})
	}
	o.spoil(resp)
	if o.Template != nil {
		o.Template(resp)
	}
	return resp
}

// spoil applies the modes that change a response before it is signed.
func (o *OCSP) spoil(resp *OCSPResponse) {
	delegate := func(l Leaf) {
		key := Key(P256, l.CN)
		l.Key, l.Template = key.Public(), NoCheck
		cert := o.CA.Issue(l)
		resp.Responder, resp.Key, resp.Certs = cert, key, [][]byte{cert.Raw}
	}
	switch o.Mode {
	case "wrong_certid":
		for i := range resp.Singles {
			sum := sha256.Sum256(resp.Singles[i].NameHash)
			resp.Singles[i].NameHash = sum[:len(resp.Singles[i].NameHash)]
		}
	case "unknown":
		for i := range resp.Singles {
			resp.Singles[i].Status = 2
		}
	case "wrong_nonce":
		for i := range resp.Extensions {
			resp.Extensions[i].Value = []byte{4, 8, 1, 2, 3, 4, 5, 6, 7, 8}
		}
	case "expired_delegate":
		delegate(Leaf{CN: "Expired OCSP", OCSPSigner: true, NotAfter: year(2020)})
	case "no_eku":
		delegate(Leaf{CN: "No OCSP"})
	}
}

type ocspID struct {
	hash              crypto.Hash
	nameHash, keyHash []byte
	serial            *big.Int
}

type ocspRequest struct {
	ids   []ocspID
	nonce []byte // value of the extension
}

// parseOCSPRequest reads an unsigned OCSPRequest. RFC 6960, 4.1.1.
func parseOCSPRequest(data []byte) (*ocspRequest, error) {
	bad := fmt.Errorf("malformed OCSP request")
	in := cryptobyte.String(data)
	var outer, tbs, list, exts cryptobyte.String
	if !in.ReadASN1(&outer, cbasn1.SEQUENCE) || !in.Empty() || !outer.ReadASN1(&tbs, cbasn1.SEQUENCE) ||
		!tbs.SkipOptionalASN1(tagged(0)) || !tbs.SkipOptionalASN1(tagged(1)) || !tbs.ReadASN1(&list, cbasn1.SEQUENCE) {
		return nil, bad
	}
	req := &ocspRequest{}
	for !list.Empty() {
		var one, id, alg, name, key cryptobyte.String
		var oid asn1.ObjectIdentifier
		serial := new(big.Int)
		if !list.ReadASN1(&one, cbasn1.SEQUENCE) || !one.ReadASN1(&id, cbasn1.SEQUENCE) ||
			!id.ReadASN1(&alg, cbasn1.SEQUENCE) || !alg.ReadASN1ObjectIdentifier(&oid) ||
			!id.ReadASN1(&name, cbasn1.OCTET_STRING) || !id.ReadASN1(&key, cbasn1.OCTET_STRING) || !id.ReadASN1Integer(serial) {
			return nil, bad
		}
		entry := ocspID{nameHash: name, keyHash: key, serial: serial}
		for h, o := range hashIDs {
			if o.Equal(oid) {
				entry.hash = h
			}
		}
		req.ids = append(req.ids, entry)
	}
	var there bool
	if !tbs.ReadOptionalASN1(&exts, &there, tagged(2)) {
		return nil, bad
	}
	if there {
		req.nonce = nonceOf(exts)
	}
	return req, nil
}

func nonceOf(exts cryptobyte.String) []byte {
	var list, e, value cryptobyte.String
	if !exts.ReadASN1(&list, cbasn1.SEQUENCE) {
		return nil
	}
	for list.ReadASN1(&e, cbasn1.SEQUENCE) {
		var oid asn1.ObjectIdentifier
		if e.ReadASN1ObjectIdentifier(&oid) && oid.Equal(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 2}) &&
			e.SkipOptionalASN1(cbasn1.BOOLEAN) && e.ReadASN1(&value, cbasn1.OCTET_STRING) {
			return value
		}
	}
	return nil
}
