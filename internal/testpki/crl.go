package testpki

import (
	"crypto"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"net/http"
	"sync/atomic"
	"time"

	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// CRL is a certificate revocation list to be made; change the fields, then
// Sign.
type CRL struct {
	Issuer       []byte // DER Name
	Key          crypto.Signer
	KeyID        []byte      // of AuthorityKeyIdentifier; nil: none
	Hash         crypto.Hash // 0: SHA-256
	ThisUpdate   time.Time
	NextUpdate   time.Time // zero: none
	Number       int64     // 0: none
	Base         int64     // BaseCRLNumber of a delta; 0: a complete CRL
	Entries      []CRLEntry
	RawEntries   []byte   // DER, behind Entries; for very many
	IDP          *IDP     // nil: none
	Freshest     []string // addresses of deltas
	KeepsExpired time.Time
	Extensions   []pkix.Extension // further ones
	Version1     bool             // no version, no extensions
	Damage       bool             // spoil the signature
}

// CRLEntry is a revoked certificate.
type CRLEntry struct {
	Serial     *big.Int
	At         time.Time
	Reason     int       // 0: not said; 8: removeFromCRL
	Invalidity time.Time // zero: not said
	Issuer     []byte    // certificateIssuer, DER Name; nil: none
	Extensions []pkix.Extension
}

// IDP is an IssuingDistributionPoint.
type IDP struct {
	URI                                     string
	Directory                               []byte // DER Name
	Relative                                []byte // contents of an RDN
	OnlyUsers, OnlyCAs, OnlyAttrs, Indirect bool
	Reasons                                 []int // bits of ReasonFlags; nil: all
}

// DP is a distribution point of a certificate.
type DP struct {
	URI       string
	Directory []byte
	Relative  []byte
	CRLIssuer []byte // DER Name
	Reasons   []int
}

func ce(n int) asn1.ObjectIdentifier { return asn1.ObjectIdentifier{2, 5, 29, n} }

// NewCRL returns a complete CRL of what the CA revoked: number 1, of an hour
// before Now, for a week.
func (ca *CA) NewCRL() *CRL {
	return &CRL{Issuer: ca.Certificate.RawSubject, Key: ca.Key, KeyID: ca.Certificate.SubjectKeyId, Number: 1,
		ThisUpdate: Now().Add(-time.Hour), NextUpdate: Now().AddDate(0, 0, 7), Entries: ca.entries()}
}

// CRL returns NewCRL signed.
func (ca *CA) CRL() []byte { return ca.NewCRL().Sign() }

// Sign returns the CRL in DER.
func (c *CRL) Sign() []byte {
	hash := c.Hash
	if hash == 0 {
		hash = crypto.SHA256
	}
	alg := algorithmOf(c.Key, hash)
	tbs := der(func(b *builder) {
		sequence(b, func(b *builder) {
			if !c.Version1 {
				b.AddASN1Int64(1)
			}
			b.AddBytes(alg)
			b.AddBytes(c.Issuer)
			addTime(b, c.ThisUpdate)
			if !c.NextUpdate.IsZero() {
				addTime(b, c.NextUpdate)
			}
			c.addEntries(b)
			if !c.Version1 {
				in(b, tagged(0), func(b *builder) { addExtensions(b, c.extensions()) })
			}
		})
	})
	sig := signature(c.Key, hash, tbs)
	if c.Damage {
		sig[len(sig)-1] ^= 1
	}
	return der(func(b *builder) {
		sequence(b, func(b *builder) {
			b.AddBytes(tbs)
			b.AddBytes(alg)
			b.AddASN1BitString(sig)
		})
	})
}

func (c *CRL) addEntries(b *builder) {
	if len(c.Entries)+len(c.RawEntries) == 0 {
		return
	}
	sequence(b, func(b *builder) {
		for _, e := range c.Entries {
			sequence(b, func(b *builder) {
				b.AddASN1BigInt(e.Serial)
				addTime(b, e.At)
				if list := e.extensions(); len(list) > 0 {
					addExtensions(b, list)
				}
			})
		}
		b.AddBytes(c.RawEntries)
	})
}

func (e CRLEntry) extensions() []pkix.Extension {
	var list []pkix.Extension
	if e.Reason != 0 {
		list = append(list, pkix.Extension{Id: ce(21), Value: []byte{byte(cbasn1.ENUM), 1, byte(e.Reason)}})
	}
	if !e.Invalidity.IsZero() {
		list = append(list, pkix.Extension{Id: ce(24), Value: generalized(e.Invalidity)})
	}
	if e.Issuer != nil {
		list = append(list, pkix.Extension{Id: ce(29), Critical: true,
			Value: der(func(b *builder) { sequence(b, func(b *builder) { addDirectory(b, e.Issuer) }) })})
	}
	return append(list, e.Extensions...)
}

func generalized(t time.Time) []byte {
	return der(func(b *builder) { b.AddASN1GeneralizedTime(t.UTC()) })
}

func (c *CRL) extensions() []pkix.Extension {
	var list []pkix.Extension
	add := func(n int, critical bool, value []byte) {
		list = append(list, pkix.Extension{Id: ce(n), Critical: critical, Value: value})
	}
	if c.KeyID != nil {
		add(35, false, der(func(b *builder) {
			sequence(b, func(b *builder) {
				in(b, cbasn1.Tag(0).ContextSpecific(), func(b *builder) { b.AddBytes(c.KeyID) })
			})
		}))
	}
	if c.Number != 0 {
		add(20, false, der(func(b *builder) { b.AddASN1Int64(c.Number) }))
	}
	if c.Base != 0 {
		add(27, true, der(func(b *builder) { b.AddASN1Int64(c.Base) }))
	}
	if c.IDP != nil {
		add(28, true, c.IDP.der())
	}
	if c.Freshest != nil {
		var points []DP
		for _, u := range c.Freshest {
			points = append(points, DP{URI: u})
		}
		add(46, false, distributionPoints(points))
	}
	if !c.KeepsExpired.IsZero() {
		add(60, false, generalized(c.KeepsExpired))
	}
	return append(list, c.Extensions...)
}

func addDirectory(b *builder, name []byte) { in(b, tagged(4), func(b *builder) { b.AddBytes(name) }) }

// addPointName writes [0] EXPLICIT DistributionPointName.
func addPointName(b *builder, d DP) {
	if d.URI == "" && d.Directory == nil && d.Relative == nil {
		return
	}
	in(b, tagged(0), func(b *builder) {
		if d.Relative != nil {
			in(b, tagged(1), func(b *builder) { b.AddBytes(d.Relative) })
			return
		}
		in(b, tagged(0), func(b *builder) {
			if d.URI != "" {
				in(b, cbasn1.Tag(6).ContextSpecific(), func(b *builder) { b.AddBytes([]byte(d.URI)) })
			}
			if d.Directory != nil {
				addDirectory(b, d.Directory)
			}
		})
	})
}

// addReasons writes ReasonFlags as nine bits.
func addReasons(b *builder, tag uint8, list []int) {
	if list == nil {
		return
	}
	bits := []byte{7, 0, 0} // seven unused bits
	for _, n := range list {
		bits[1+n/8] |= 0x80 >> (n % 8)
	}
	if bits[2] == 0 {
		bits = bits[:2]
		for bits[0] = 0; bits[0] < 7 && bits[1]>>bits[0]&1 == 0; bits[0]++ {
		}
	}
	in(b, cbasn1.Tag(tag).ContextSpecific(), func(b *builder) { b.AddBytes(bits) })
}

func (d *IDP) der() []byte {
	flag := func(b *builder, tag uint8, set bool) {
		if set {
			in(b, cbasn1.Tag(tag).ContextSpecific(), func(b *builder) { b.AddUint8(0xff) })
		}
	}
	return der(func(b *builder) {
		sequence(b, func(b *builder) {
			addPointName(b, DP{URI: d.URI, Directory: d.Directory, Relative: d.Relative})
			flag(b, 1, d.OnlyUsers)
			flag(b, 2, d.OnlyCAs)
			addReasons(b, 3, d.Reasons)
			flag(b, 4, d.Indirect)
			flag(b, 5, d.OnlyAttrs)
		})
	})
}

// DistributionPoints makes the extension of a certificate, for Leaf.Template.
func DistributionPoints(points ...DP) pkix.Extension {
	return pkix.Extension{Id: ce(31), Value: distributionPoints(points)}
}

func distributionPoints(points []DP) []byte {
	return der(func(b *builder) {
		sequence(b, func(b *builder) {
			for _, d := range points {
				sequence(b, func(b *builder) {
					addPointName(b, d)
					addReasons(b, 1, d.Reasons)
					if d.CRLIssuer != nil {
						in(b, tagged(2), func(b *builder) { addDirectory(b, d.CRLIssuer) })
					}
				})
			}
		})
	})
}

// CRLServer serves a CA's CRL, made anew for each request; an http.Handler.
// Mode makes it misbehave: garbage, html, empty, http500, slow, unsigned,
// stale, future.
type CRLServer struct {
	CA       *CA
	Now      func() time.Time // nil: testpki.Now; thisUpdate is an hour before
	Lifetime time.Duration    // 0: a week; below 0: no nextUpdate
	Requests int64            // counted atomically
	Mode     string           // "" = good
	Template func(*CRL)       // last word before signing
}

// ServeHTTP answers any request.
func (s *CRLServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	atomic.AddInt64(&s.Requests, 1)
	if misbehave(w, r, s.Mode) {
		return
	}
	now := Now
	if s.Now != nil {
		now = s.Now
	}
	c := s.CA.NewCRL()
	c.ThisUpdate, c.NextUpdate = lifetime(now(), s.Lifetime, 7*24*time.Hour, s.Mode)
	c.Damage = s.Mode == "unsigned"
	if s.Template != nil {
		s.Template(c)
	}
	w.Header().Set("Content-Type", "application/pkix-crl")
	_, _ = w.Write(c.Sign())
}

// lifetime returns thisUpdate and nextUpdate.
func lifetime(now time.Time, life, usual time.Duration, mode string) (from, to time.Time) {
	if life == 0 {
		life = usual
	}
	from = now.Add(-time.Hour)
	switch mode {
	case "stale":
		from = now.Add(-life - 48*time.Hour)
	case "future":
		from = now.Add(2 * time.Hour)
	}
	if life > 0 {
		to = from.Add(life)
	}
	return from, to
}

// misbehave answers for the modes that need no data; false: go on.
func misbehave(w http.ResponseWriter, r *http.Request, mode string) bool {
	switch mode {
	case "garbage":
		_, _ = w.Write([]byte("\x30\x82\xff\xffgarbage"))
	case "html":
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<html><body>Please log in</body></html>"))
	case "empty":
	case "http500":
		http.Error(w, "broken", http.StatusInternalServerError)
	case "slow": // until the caller gives up
		<-r.Context().Done()
	default:
		return false
	}
	return true
}
