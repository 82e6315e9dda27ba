package certpath_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"slices"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// spec is a certificate written by hand, so that it may be wrong.
type spec struct {
	version         int // 0: 3
	serial          *big.Int
	subject         []byte // DER Name
	issuer          []byte
	from, to        time.Time
	spki            []byte
	exts            []pkix.Extension
	hash            crypto.Hash // 0: SHA-256
	alg             []byte      // DER; nil: by key and hash
	salt            int         // of PSS, with alg
	breakSignature  bool
	tailOfSignature []byte
	signature       []byte // instead of a true one
}

// authority is a certificate with its key.
type authority struct {
	cert *x509.Certificate
	key  crypto.Signer
}

func year(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }

func nameOf(cn string) []byte { return pkixName(pkix.Name{Country: []string{"VN"}, CommonName: cn}) }

func pkixName(n pkix.Name) []byte { return must(asn1.Marshal(n.ToRDNSequence())) }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func extension(oid asn1.ObjectIdentifier, critical bool, value any) pkix.Extension {
	der, ok := value.([]byte)
	if !ok {
		der = must(asn1.Marshal(value))
	}
	return pkix.Extension{Id: oid, Critical: critical, Value: der}
}

// basic is BasicConstraints; pathLen -1: none.
func basic(ca bool, pathLen int) pkix.Extension {
	return extension(oids.BasicConstraints, true, struct {
		CA  bool `asn1:"optional"`
		Max int  `asn1:"optional,default:-1"`
	}{ca, pathLen})
}

func usage(bits byte, length int) pkix.Extension {
	return extension(oids.KeyUsage, true, asn1.BitString{Bytes: []byte{bits}, BitLength: length})
}

func certSign() pkix.Extension { return usage(0x06, 7) }

// with replaces or adds extensions.
func with(exts ...pkix.Extension) func(*spec) {
	return func(s *spec) {
		for _, e := range exts {
			without(e.Id)(s)
			s.exts = append(s.exts, e)
		}
	}
}

func without(oid asn1.ObjectIdentifier) func(*spec) {
	return func(s *spec) {
		s.exts = slices.DeleteFunc(slices.Clone(s.exts), func(e pkix.Extension) bool { return e.Id.Equal(oid) })
	}
}

func valid(from, to int) func(*spec) {
	return func(s *spec) { s.from, s.to = year(from), year(to) }
}

// make signs the certificate.
func (s spec) make(key crypto.Signer) *x509.Certificate {
	if s.alg == nil {
		s.alg = algorithmFor(key, s.hash)
	}
	if s.hash == 0 {
		s.hash = crypto.SHA256
	}
	tbs := s.tbs()
	h := s.hash.New()
	h.Write(tbs)
	var opts crypto.SignerOpts = s.hash
	if s.salt != 0 {
		opts = &rsa.PSSOptions{SaltLength: s.salt, Hash: s.hash}
	}
	sig := must(key.Sign(rand.Reader, h.Sum(nil), opts))
	if s.signature != nil {
		sig = s.signature
	}
	if s.breakSignature {
		sig[len(sig)/2] ^= 1
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(tbs)
		b.AddBytes(s.alg)
		b.AddASN1BitString(append(sig, s.tailOfSignature...))
	})
	return must(certpath.ParseCertificate(b.BytesOrPanic()))
}

func algorithmFor(key crypto.Signer, h crypto.Hash) []byte {
	list := map[crypto.Hash]asn1.ObjectIdentifier{0: oids.ECDSAWithSHA256, crypto.SHA256: oids.ECDSAWithSHA256,
		crypto.SHA384: oids.ECDSAWithSHA384, crypto.SHA1: oids.ECDSAWithSHA1}
	id := pkix.AlgorithmIdentifier{Algorithm: list[h]}
	if _, ok := key.(*rsa.PrivateKey); ok {
		list = map[crypto.Hash]asn1.ObjectIdentifier{0: oids.SHA256WithRSA, crypto.SHA256: oids.SHA256WithRSA,
			crypto.SHA384: oids.SHA384WithRSA, crypto.SHA1: oids.SHA1WithRSA, crypto.MD5: oids.MD5WithRSA}
		id = pkix.AlgorithmIdentifier{Algorithm: list[h], Parameters: asn1.NullRawValue}
	}
	return must(asn1.Marshal(id))
}

func (s spec) tbs() []byte {
	if s.version == 0 {
		s.version = 3
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		if s.version > 1 {
			b.AddASN1(cbasn1.Tag(0).Constructed().ContextSpecific(), func(b *cryptobyte.Builder) {
				b.AddASN1Int64(int64(s.version - 1))
			})
		}
		b.AddASN1BigInt(s.serial)
		b.AddBytes(s.alg)
		b.AddBytes(s.issuer)
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			for _, t := range []time.Time{s.from, s.to} {
				if t.Year() < 2050 {
					b.AddASN1UTCTime(t)
				} else {
					b.AddASN1GeneralizedTime(t)
				}
			}
		})
		b.AddBytes(s.subject)
		b.AddBytes(s.spki)
		if len(s.exts) > 0 {
			b.AddASN1(cbasn1.Tag(3).Constructed().ContextSpecific(), func(b *cryptobyte.Builder) {
				b.AddBytes(must(asn1.Marshal(s.exts)))
			})
		}
	})
	return b.BytesOrPanic()
}

func spkiOf(pub crypto.PublicKey) []byte { return must(x509.MarshalPKIXPublicKey(pub)) }

var serials int64 = 1000

// issue makes a certificate under parent (nil: self-signed), for a key by name.
func issue(parent *authority, cn string, exts []pkix.Extension, mods []func(*spec)) *authority {
	key := testpki.Key(testpki.P256, cn)
	serials++
	s := spec{serial: big.NewInt(serials), subject: nameOf(cn), from: year(2000), to: year(2100),
		spki: spkiOf(key.Public()), exts: exts}
	signer := key
	s.issuer = s.subject
	if parent != nil {
		s.issuer, signer = parent.cert.RawSubject, parent.key
	}
	for _, m := range mods {
		m(&s)
	}
	if parent == nil && len(mods) > 0 {
		s.issuer = s.subject
	}
	return &authority{s.make(signer), key}
}

// newCA makes a CA with critical basic constraints and key usage.
func newCA(parent *authority, cn string, mods ...func(*spec)) *authority {
	return issue(parent, cn, []pkix.Extension{basic(true, -1), certSign()}, mods)
}

// newLeaf makes a signer's certificate.
func newLeaf(parent *authority, cn string, mods ...func(*spec)) *x509.Certificate {
	return issue(parent, cn, []pkix.Extension{usage(0xc0, 2)}, mods).cert
}

// rekeyed is a certificate of the same name for another key.
func rekeyed(a *authority, keyName string) *authority {
	return &authority{a.cert, testpki.Key(testpki.P256, keyName)}
}

func anchorsOf(list ...*authority) []certpath.Anchor {
	var out []certpath.Anchor
	for _, a := range list {
		out = append(out, certpath.Anchor{Certificate: a.cert})
	}
	return out
}

func certsOf(list ...*authority) []*x509.Certificate {
	var out []*x509.Certificate
	for _, a := range list {
		out = append(out, a.cert)
	}
	return out
}

// build runs Build at testpki.Now, when no time is set.
func build(leaf *x509.Certificate, o certpath.Options) (*certpath.Path, error) {
	if o.Time.IsZero() {
		o.Time = testpki.Now()
	}
	return certpath.Build(context.Background(), leaf, o)
}

// reason returns that of a *PathError, 0 without an error.
func reason(t *testing.T, err error) certpath.Reason {
	t.Helper()
	if err == nil {
		return 0
	}
	var pe *certpath.PathError
	if !errors.As(err, &pe) {
		t.Fatalf("not a PathError: %v", err)
	}
	if pe.Cert == nil || len(pe.Partial) == 0 || pe.Detail == "" {
		t.Errorf("an incomplete error: %+v", pe)
	}
	return pe.Reason
}

// expect builds and compares the reason; 0: a path.
func expect(t *testing.T, leaf *x509.Certificate, o certpath.Options, want certpath.Reason) {
	t.Helper()
	_, err := build(leaf, o)
	if got := reason(t, err); got != want {
		t.Errorf("want %v, got %v (%v)", want, got, err)
	}
}
