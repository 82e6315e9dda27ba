package cms_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/oids"
)

// indefinite rewrites the outer n constructed elements along the first path to
// indefinite length: ContentInfo, [0], SignedData.
func indefinite(t *testing.T, der []byte, levels int) []byte {
	t.Helper()
	if levels == 0 {
		return der
	}
	tag, content := der[0], body(t, der)
	switch tag {
	case 0xa0: // [0] holds one element
		content = indefinite(t, content, levels-1)
	default: // a ContentInfo holds an identifier, then [0]
		if content[0] == 6 {
			n := 2 + int(content[1])
			content = append(bytes.Clone(content[:n]), indefinite(t, content[n:], levels-1)...)
		}
	}
	return append(append([]byte{tag, 0x80}, content...), 0, 0)
}

// body returns the content of a DER element.
func body(t *testing.T, der []byte) []byte {
	t.Helper()
	if der[1] < 0x80 {
		return der[2:]
	}
	return der[2+int(der[1]&0x7f):]
}

func TestBERIsReadAndFlagged(t *testing.T) {
	s := alice(cmstest.P256)
	der := s.Build()
	tests := map[string][]byte{
		"outer indefinite":   indefinite(t, der, 1),
		"two indefinite":     indefinite(t, der, 2),
		"three indefinite":   indefinite(t, der, 3),
		"length with a zero": append([]byte{0x30, 0x83, 0}, der[2:]...),
	}
	if der[1] != 0x82 {
		t.Fatal("the signature has another size than expected")
	}
	for name, ber := range tests {
		t.Run(name, func(t *testing.T) {
			sd := mustParse(t, append(bytes.Clone(ber), 0, 0, 0))
			if !sd.NotDER || sd.Trailing != 3 || !bytes.Equal(sd.Raw, ber) {
				t.Errorf("NotDER %v, trailing %d", sd.NotDER, sd.Trailing)
			}
			if err := judge(sd); err != nil {
				t.Error(err)
			}
		})
	}
}

// A constructed OCTET STRING as eContent is joined.
func TestConstructedContentIsJoined(t *testing.T) {
	s := alice(cmstest.P256)
	s.Embed = true
	s.EContent = bytes.Repeat([]byte{'x'}, 40)
	der := s.Build()
	whole := cmstest.TLV(4, s.EContent)
	x := func(n int) []byte { return bytes.Repeat([]byte{'x'}, n) }
	tests := map[string]struct {
		parts []byte
		want  []byte
	}{
		"two":    {cmstest.TLV(0x24, cmstest.TLV(4, x(10)), cmstest.TLV(4, x(26))), x(36)},
		"nested": {cmstest.TLV(0x24, cmstest.TLV(0x24, cmstest.TLV(4, x(10))), cmstest.TLV(4, x(24))), x(34)},
	}
	for name, tc := range tests {
		if len(tc.parts) != len(whole) {
			t.Fatalf("%s: the test's own encoding is wrong", name)
		}
		sd := mustParse(t, bytes.Replace(der, whole, tc.parts, 1))
		if !sd.NotDER || !bytes.Equal(sd.EContent, tc.want) {
			t.Errorf("%s: %q, NotDER %v", name, sd.EContent, sd.NotDER)
		}
	}
	number := bytes.Replace(der, whole, cmstest.TLV(0x24, cmstest.TLV(4, x(36)), []byte{5, 0}), 1)
	if _, err := cms.Parse(number); err == nil {
		t.Error("a piece that is no OCTET STRING")
	}
}

// The encoding of a token or certificate inside says nothing of ours.
func TestForeignBERInsideDoesNotCount(t *testing.T) {
	s := alice(cmstest.P256)
	token := indefinite(t, alice(cmstest.P256).Build(), 3)
	s.Unsigned = [][]byte{cmstest.Attr(oids.SignatureTimestamp, token)}
	sd := mustParse(t, s.Build())
	if sd.NotDER {
		t.Error("a BER token makes the whole BER")
	}
	if got := sd.SignerInfos[0].UnsignedAttr(oids.SignatureTimestamp); len(got) != 1 || !bytes.Equal(got[0].Values[0], token) {
		t.Error("the token is not kept as it is")
	}
}

func TestCRLsAndOCSPs(t *testing.T) {
	crl := cmstest.TLV(0x30, []byte{2, 1, 7})
	ocsp := cmstest.TLV(0x30, []byte{10, 1, 0})
	s := alice(cmstest.P256)
	s.CRLs = append(bytes.Clone(crl), cmstest.TLV(0xa1, cmstest.OID(oids.RIOCSPResponse), ocsp)...)
	s.CRLs = append(s.CRLs, cmstest.TLV(0xa1, cmstest.OID(oids.RISCVP), ocsp)...)
	sd := mustParse(t, s.Build())
	if len(sd.RawCRLs) != 1 || !bytes.Equal(sd.RawCRLs[0], crl) || len(sd.RawOCSPs) != 1 || !bytes.Equal(sd.RawOCSPs[0], ocsp) {
		t.Errorf("CRLs %x, OCSPs %x", sd.RawCRLs, sd.RawOCSPs)
	}
}

func TestParseRefuses(t *testing.T) {
	good := alice(cmstest.P256).Build()
	replace := func(old, by []byte) []byte {
		out := bytes.Replace(good, old, by, 1)
		if bytes.Equal(out, good) {
			t.Fatalf("%x not found", old)
		}
		return out
	}
	tests := map[string][]byte{
		"nothing":             nil,
		"one byte":            {0x30},
		"a set":               append([]byte{0x31}, good[1:]...),
		"length beyond":       {0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0},
		"length of length":    {0x30, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1},
		"high tag":            {0x3f, 0x81, 1, 0},
		"primitive, no end":   {0x04, 0x80, 0, 0},
		"no end of contents":  {0x30, 0x80, 2, 1, 0},
		"end is one byte":     {0x30, 0x80, 0},
		"other content type":  replace(cmstest.OID(oids.SignedData), cmstest.OID(oids.Data)),
		"garbage":             []byte("%PDF-1.7 not a signature at all"),
		"deep indefinite":     bytes.Repeat([]byte{0x30, 0x80}, 100000),
		"deep definite":       deep(5000),
		"empty":               {0x30, 0},
		"version 6":           replace([]byte{2, 1, 1, 0x31}, []byte{2, 1, 6, 0x31}),
		"version of two":      replace([]byte{2, 1, 1, 0x31}, []byte{2, 0, 0, 0x31}),
		"html":                []byte("<html>"),
		"zeros, as in a gap":  make([]byte, 8192),
		"ff":                  bytes.Repeat([]byte{0xff}, 100),
		"sequence of nothing": cmstest.TLV(0x30, cmstest.OID(oids.SignedData)),
	}
	for name, der := range tests {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			sd, err := cms.Parse(der)
			var syntax *cms.SyntaxError
			var limit *cms.LimitError
			if sd != nil || !errors.As(err, &syntax) && !errors.As(err, &limit) {
				t.Errorf("%v, error %v", sd, err)
			}
			if name == "deep indefinite" && !errors.As(err, &limit) {
				t.Errorf("not a limit: %v", err)
			}
			if err != nil && len(err.Error()) > 200 {
				t.Errorf("long words: %d", len(err.Error()))
			}
			if time.Since(start) > time.Minute {
				t.Error("slow")
			}
		})
	}
}

// deep nests n sequences with right lengths.
func deep(n int) []byte {
	var out []byte
	for range n {
		out = cmstest.TLV(0x30, out)
	}
	return out
}

func TestLimits(t *testing.T) {
	many := func(n int, e []byte) [][]byte {
		list := make([][]byte, n)
		for i := range list {
			list[i] = e
		}
		return list
	}
	tests := map[string]struct {
		change func(*cmstest.SignedData)
		what   string
	}{
		"certificates": {func(s *cmstest.SignedData) { s.Certificates = many(1001, []byte{0x30, 0}) }, "certificates"},
		"signers":      {func(s *cmstest.SignedData) { s.Signers = 101 }, "signers"},
		"unsigned":     {func(s *cmstest.SignedData) { s.Unsigned = many(1001, cmstest.Attr(oids.Data, cmstest.Null)) }, "attributes"},
		"signed": {func(s *cmstest.SignedData) {
			s.Attrs = addAttr(many(1001, cmstest.Attr(oids.Data, cmstest.Null))...)
		}, "attributes"},
		"values": {func(s *cmstest.SignedData) {
			s.Unsigned = [][]byte{cmstest.Attr(oids.Data, many(1001, cmstest.Null)...)}
		}, "values"},
		"crls":  {func(s *cmstest.SignedData) { s.CRLs = bytes.Repeat([]byte{0x30, 0}, 1001) }, "revocation"},
		"bytes": {func(s *cmstest.SignedData) { s.Embed, s.EContent = true, make([]byte, 15<<20) }, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := alice(cmstest.P256)
			tc.change(&s)
			_, err := cms.Parse(s.Build())
			var limit *cms.LimitError
			if tc.what == "" {
				if err != nil {
					t.Errorf("15 MB refused: %v", err)
				}
				return
			}
			if !errors.As(err, &limit) || !strings.Contains(err.Error(), tc.what) {
				t.Errorf("error %v, want a limit of %s", err, tc.what)
			}
		})
	}
	if _, err := cms.Parse(append([]byte{0x30, 0x84, 1, 0, 0, 1}, make([]byte, 16<<20+1)...)); err == nil {
		t.Error("more than 16 MB accepted")
	}
}

// Every truncation is an error or, in a trailing position, no change; none panics.
func TestTruncations(t *testing.T) {
	der := alice(cmstest.P256).Build()
	for i := range der {
		if _, err := cms.Parse(der[:i]); err == nil {
			t.Errorf("accepted with %d of %d bytes", i, len(der))
		}
	}
}

// Each byte of the CMS of the detached signature is changed in turn. What is
// still accepted must name the same signer over the same attributes.
func TestByteFlips(t *testing.T) {
	s := alice(cmstest.P256)
	der := s.Build()
	good := mustParse(t, der).SignerInfos[0]
	accepted := 0
	for i := range der {
		for _, mask := range []byte{1, 0x80, 0xff} {
			changed := bytes.Clone(der)
			changed[i] ^= mask
			sd, err := cms.Parse(changed)
			if err != nil || judge(sd) != nil {
				continue
			}
			accepted++
			si := sd.SignerInfos[0]
			if !bytes.Equal(si.RawSignedAttrs, good.RawSignedAttrs) || !bytes.Equal(si.Signature, good.Signature) ||
				!sd.SigningCertificate(si).Equal(s.Cert) {
				t.Errorf("byte %d ^ %#x: accepted with other content", i, mask)
			}
		}
	}
	if accepted == 0 || accepted > 60 { // versions, digestAlgorithms, eContentType are not signed
		t.Errorf("%d changes accepted", accepted)
	}
}

func TestAddTimestamp(t *testing.T) {
	token := cmstest.SignedData{Cert: cmstest.CA(), Key: cmstest.Key(cmstest.P256, "Test CA"), Content: bytes.Repeat([]byte("T"), 200), Embed: true}.Build()
	early, late := cmstest.Attr(oids.Countersignature, cmstest.Null), cmstest.Attr(oids.ArchiveTimestampV2, bytes.Repeat(cmstest.TLV(4, make([]byte, 200)), 40))
	plain := alice(cmstest.P256)
	with := func(attrs ...[]byte) cmstest.SignedData { s := plain; s.Unsigned = attrs; return s }
	der := func(s cmstest.SignedData) []byte { return s.Build() }
	tests := map[string]struct {
		in   []byte
		want int // place of the token among the unsigned attributes
		of   int
	}{
		"none before":   {der(plain), 0, 1},
		"smaller first": {der(with(early)), 1, 2},
		"between":       {der(with(early, late)), 1, 3},
		"out of order":  {der(with(late, early)), 0, 3},
		"indefinite":    {indefinite(t, der(with(early)), 3), 1, 2},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			before := mustParse(t, tc.in)
			out, err := cms.AddTimestamp(before, token)
			if err != nil {
				t.Fatal(err)
			}
			after := mustParse(t, out)
			if err := judge(after); err != nil {
				t.Error(err)
			}
			attrs := after.SignerInfos[0].UnsignedAttrs
			if len(attrs) != tc.of || !attrs[tc.want].OID.Equal(oids.SignatureTimestamp) || !bytes.Equal(attrs[tc.want].Values[0], token) {
				t.Errorf("attributes %v", attrs)
			}
			if after.NotDER != before.NotDER || after.Trailing != 0 {
				t.Errorf("NotDER %v, trailing %d", after.NotDER, after.Trailing)
			}
			for _, kept := range [][]byte{before.SignerInfos[0].RawSignedAttrs, before.SignerInfos[0].Signature, before.RawCertificates[0]} {
				if !bytes.Contains(out, kept) {
					t.Error("old bytes changed")
				}
			}
			withoutToken := len(cmstest.Attr(oids.SignatureTimestamp, token))
			if grown := len(out) - len(tc.in) - withoutToken; grown < 0 || grown > 12 {
				t.Errorf("%d bytes more than the attribute", grown)
			}
		})
	}
	two := plain
	two.Signers = 2
	if _, err := cms.AddTimestamp(mustParse(t, two.Build()), token); err == nil {
		t.Error("two signers")
	}
	if _, err := cms.AddTimestamp(mustParse(t, plain.Build()), []byte("no token")); err == nil {
		t.Error("garbage as token")
	}
}

// A certificate whose key is under id-RSASSA-PSS is not parsed by crypto/x509.
func TestPSSKeyCertificate(t *testing.T) {
	key := cmstest.Key(cmstest.RSA, "signer")
	cert := cmstest.Certificate("PSS", key.Public(), nil)
	plain := cmstest.Alg(oids.RSAEncryption, cmstest.Null)
	for name, tc := range map[string]struct {
		alg  []byte
		want error
	}{
		"no restriction": {cmstest.Alg(oids.RSAPSS), nil},
		"same hash":      {cmstest.PSSAlg(crypto.SHA256, crypto.SHA256, 32, 1), nil},
		"other hash":     {cmstest.PSSAlg(crypto.SHA512, crypto.SHA512, 64, 1), cms.ErrAlgorithm},
		"unknown key":    {cmstest.Alg(oids.Ed448), cms.ErrUnsupported},
	} {
		c := *cert
		c.PublicKey = nil
		bits := body(t, cert.RawSubjectPublicKeyInfo)[len(plain):]
		c.RawSubjectPublicKeyInfo = cmstest.TLV(0x30, tc.alg, bits)
		s := cmstest.SignedData{Cert: cert, Key: key, Content: content, PSS: true}
		si := mustParse(t, s.Build()).SignerInfos[0]
		if err := si.VerifySignature(&c, nil); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
}

func TestNegativeSerial(t *testing.T) {
	s := alice(cmstest.P256)
	si := mustParse(t, s.Build()).SignerInfos[0]
	high := cmstest.Certificate("high", s.Key.Public(), func(c *x509.Certificate) { c.SerialNumber = big.NewInt(0x80) })
	si.Serial = []byte{0, 0x80}
	if c := si.FindCertificate([]*x509.Certificate{high}); c == nil {
		t.Error("control: not found")
	}
	si.Serial = []byte{0x80}
	if c := si.FindCertificate([]*x509.Certificate{high}); c != nil {
		t.Error("a negative serial number finds a positive one")
	}
}
