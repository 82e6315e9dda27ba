package cms_test

// Rows E01 to E19 of the verification matrix: what a caller must be able to
// tell. Policy (SHA-1, PAdES or not) is the caller's; here are the facts.

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"math/big"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/oids"
)

// alice is a correct signature to be changed.
func alice(kind cmstest.Kind) cmstest.SignedData {
	key := cmstest.Key(kind, "signer")
	return cmstest.SignedData{Cert: aliceCert(kind), Key: key, Content: content}
}

var certs = map[cmstest.Kind]*x509.Certificate{}

func aliceCert(kind cmstest.Kind) *x509.Certificate {
	if certs[kind] == nil {
		certs[kind] = cmstest.Certificate("NGUYỄN VĂN A", cmstest.Key(kind, "signer").Public(), nil)
	}
	return certs[kind]
}

// wantProblem checks that judge refuses with that attribute problem.
func wantProblem(t *testing.T, sd *cms.SignedData, oid asn1.ObjectIdentifier, p cms.Problem) {
	t.Helper()
	err := judge(sd)
	var attr *cms.AttributeError
	if !errors.As(err, &attr) || !attr.OID.Equal(oid) || attr.Problem != p {
		t.Errorf("error %v, want %v %v", err, oid, p)
	}
	if err != nil && err.Error() == "" {
		t.Error("no words")
	}
}

func wantError(t *testing.T, sd *cms.SignedData, want error) {
	t.Helper()
	if err := judge(sd); !errors.Is(err, want) {
		t.Errorf("error %v, want %v", err, want)
	}
}

// removeAttr takes an attribute out; alg by its identifier.
func removeAttr(oid asn1.ObjectIdentifier) func([][]byte) [][]byte {
	return func(attrs [][]byte) [][]byte {
		var kept [][]byte
		for _, a := range attrs {
			if !bytes.Contains(a[:20], cmstest.OID(oid)) {
				kept = append(kept, a)
			}
		}
		return kept
	}
}

func addAttr(extra ...[]byte) func([][]byte) [][]byte {
	return func(attrs [][]byte) [][]byte { return append(attrs, extra...) }
}

func TestE00Control(t *testing.T) {
	for _, kind := range []cmstest.Kind{cmstest.RSA, cmstest.P256, cmstest.P384, cmstest.P521} {
		s := alice(kind)
		if kind == cmstest.P384 {
			s.Hash = crypto.SHA384
		}
		sd := mustParse(t, s.Build())
		if err := judge(sd); err != nil || sd.NotDER {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestE00SHA3(t *testing.T) {
	for kind, oid := range map[cmstest.Kind]asn1.ObjectIdentifier{cmstest.RSA: oids.SHA3_256WithRSA, cmstest.P256: oids.ECDSAWithSHA3_256} {
		s := alice(kind)
		s.Hash = crypto.SHA3_256
		s.SignatureAlg = cmstest.Alg(oid)
		wantError(t, mustParse(t, s.Build()), nil)
		s.DigestAlg = cmstest.Alg(oids.SHA256) // as one of the DSS samples has it
		s.Attrs = replaceAttr(oids.MessageDigest, cmstest.Attr(oids.MessageDigest, cmstest.TLV(4, cmstest.Sum(crypto.SHA256, content))))
		wantError(t, mustParse(t, s.Build()), cms.ErrAlgorithm)
	}
}

func TestE01E02EmbeddedContentIsSeen(t *testing.T) {
	s := alice(cmstest.P256)
	s.Embed = true
	for name, e := range map[string][]byte{"evil": []byte("evil"), "empty": {}} {
		s.EContent = e
		sd := mustParse(t, s.Build())
		if !sd.HasEContent || sd.EContent == nil || !bytes.Equal(sd.EContent, e) {
			t.Errorf("%s: HasEContent %v, EContent %q", name, sd.HasEContent, sd.EContent)
		}
	}
	if sd := mustParse(t, alice(cmstest.P256).Build()); sd.HasEContent || sd.EContent != nil {
		t.Error("detached, but eContent is seen")
	}
}

func TestE03TwoSignersAreBothKept(t *testing.T) {
	s := alice(cmstest.P256)
	s.Signers = 2
	if sd := mustParse(t, s.Build()); len(sd.SignerInfos) != 2 {
		t.Errorf("%d signers", len(sd.SignerInfos))
	}
}

func TestE04NoSignedAttributes(t *testing.T) {
	s := alice(cmstest.RSA)
	s.NoSignedAttrs = true
	sd := mustParse(t, s.Build())
	wantError(t, sd, cms.ErrNoSignedAttrs)
	si := sd.SignerInfos[0]
	digest := cmstest.Sum(crypto.SHA256, content)
	if err := si.VerifySignature(s.Cert, digest); err != nil || si.RawSignedAttrs != nil {
		t.Errorf("plain signature over the content: %v", err)
	}
	digest[0] ^= 1
	if err := si.VerifySignature(s.Cert, digest); !errors.Is(err, cms.ErrSignature) {
		t.Errorf("other content: %v", err)
	}
	if err := si.VerifySignature(s.Cert, nil); !errors.Is(err, cms.ErrSignature) {
		t.Errorf("no digest: %v", err)
	}
}

func TestE05toE08AttributeRows(t *testing.T) {
	digest := cmstest.TLV(4, cmstest.Sum(crypto.SHA256, content))
	tests := map[string]struct {
		edit func([][]byte) [][]byte
		oid  asn1.ObjectIdentifier
		want cms.Problem
	}{
		"E05 no message-digest":       {removeAttr(oids.MessageDigest), oids.MessageDigest, cms.Missing},
		"E06 two message-digests":     {addAttr(cmstest.Attr(oids.MessageDigest, digest)), oids.MessageDigest, cms.Duplicate},
		"E06 two values":              {replaceAttr(oids.MessageDigest, cmstest.Attr(oids.MessageDigest, digest, digest)), oids.MessageDigest, cms.Duplicate},
		"E06 no value":                {replaceAttr(oids.MessageDigest, cmstest.Attr(oids.MessageDigest)), oids.MessageDigest, cms.Malformed},
		"E06 not octets":              {replaceAttr(oids.MessageDigest, cmstest.Attr(oids.MessageDigest, cmstest.Null)), oids.MessageDigest, cms.Malformed},
		"E06 empty digest":            {replaceAttr(oids.MessageDigest, cmstest.Attr(oids.MessageDigest, []byte{4, 0})), oids.MessageDigest, cms.Mismatch},
		"E06 digest of other content": {replaceAttr(oids.MessageDigest, cmstest.Attr(oids.MessageDigest, cmstest.TLV(4, make([]byte, 32)))), oids.MessageDigest, cms.Mismatch},
		"E07 no content-type":         {removeAttr(oids.ContentType), oids.ContentType, cms.Missing},
		"E08 wrong content-type":      {replaceAttr(oids.ContentType, cmstest.Attr(oids.ContentType, cmstest.OID(oids.TSTInfo))), oids.ContentType, cms.Mismatch},
		"E08 two content-types":       {addAttr(cmstest.Attr(oids.ContentType, cmstest.OID(oids.Data))), oids.ContentType, cms.Duplicate},
		"E08 content-type of bytes":   {replaceAttr(oids.ContentType, cmstest.Attr(oids.ContentType, digest)), oids.ContentType, cms.Malformed},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := alice(cmstest.P256)
			s.Attrs = tc.edit
			wantProblem(t, mustParse(t, s.Build()), tc.oid, tc.want)
		})
	}
}

func replaceAttr(oid asn1.ObjectIdentifier, by ...[]byte) func([][]byte) [][]byte {
	return func(attrs [][]byte) [][]byte { return append(removeAttr(oid)(attrs), by...) }
}

func TestE09NoSigningCertificate(t *testing.T) {
	s := alice(cmstest.P256)
	s.Attrs = removeAttr(oids.SigningCertificateV2)
	sd := mustParse(t, s.Build())
	wantProblem(t, sd, oids.SigningCertificateV2, cms.Missing)
	if ids, err := sd.SignerInfos[0].ESS(); len(ids) != 0 || err != nil {
		t.Errorf("ESS %v %v", ids, err)
	}
	if err := sd.SignerInfos[0].VerifySignature(s.Cert, nil); err != nil {
		t.Errorf("the signature itself is good: %v", err)
	}
}

func TestE10ESSNamesAnother(t *testing.T) {
	s := alice(cmstest.P256)
	s.ESS = cmstest.CA()
	wantProblem(t, mustParse(t, s.Build()), oids.SigningCertificateV2, cms.Mismatch)
}

func TestE10ESSForms(t *testing.T) {
	cert := aliceCert(cmstest.P256)
	digest := cmstest.TLV(4, cmstest.Sum(crypto.SHA256, cert.Raw))
	issuerSerial := func(name []byte, serial *big.Int) []byte {
		return cmstest.TLV(0x30, cmstest.TLV(0x30, cmstest.TLV(0xa4, name)), cmstest.Int(serial))
	}
	v2 := func(parts ...[]byte) []byte {
		return cmstest.Attr(oids.SigningCertificateV2, cmstest.TLV(0x30, cmstest.TLV(0x30, cmstest.TLV(0x30, parts...))))
	}
	other := big.NewInt(4711)
	sha512 := cmstest.TLV(4, cmstest.Sum(crypto.SHA512, cert.Raw))
	tests := map[string]struct {
		attrs [][]byte
		want  cms.Problem // 0: good
	}{
		"v1":                      {[][]byte{cmstest.SigningCertificateV1(cert)}, 0},
		"v1 and v2":               {[][]byte{cmstest.SigningCertificateV1(cert), cmstest.SigningCertificateV2(cert)}, 0},
		"v1 wrong, v2 right":      {[][]byte{cmstest.SigningCertificateV1(cmstest.CA()), cmstest.SigningCertificateV2(cert)}, cms.Mismatch},
		"v1 right, v2 wrong":      {[][]byte{cmstest.SigningCertificateV1(cert), cmstest.SigningCertificateV2(cmstest.CA())}, cms.Mismatch},
		"twice":                   {[][]byte{cmstest.SigningCertificateV2(cert), cmstest.SigningCertificateV2(cert)}, cms.Duplicate},
		"sha256 written":          {[][]byte{v2(cmstest.Alg(oids.SHA256), digest)}, 0},
		"sha512":                  {[][]byte{v2(cmstest.Alg(oids.SHA512), sha512)}, 0},
		"unknown hash":            {[][]byte{v2(cmstest.Alg(oids.RSAPSS), digest)}, cms.Mismatch},
		"hash lies":               {[][]byte{v2(cmstest.Alg(oids.SHA512), digest)}, cms.Mismatch},
		"issuer and serial":       {[][]byte{v2(digest, issuerSerial(cert.RawIssuer, cert.SerialNumber))}, 0},
		"serial of another":       {[][]byte{v2(digest, issuerSerial(cert.RawIssuer, other))}, cms.Mismatch},
		"issuer of another":       {[][]byte{v2(digest, issuerSerial(cert.RawSubject, cert.SerialNumber))}, cms.Mismatch},
		"issuer, other strings":   {[][]byte{v2(digest, issuerSerial(utf8Name(t, cert.RawIssuer), cert.SerialNumber))}, 0},
		"no identifier":           {[][]byte{cmstest.Attr(oids.SigningCertificateV2, cmstest.TLV(0x30, cmstest.TLV(0x30)))}, cms.Malformed},
		"garbage":                 {[][]byte{cmstest.Attr(oids.SigningCertificateV2, cmstest.Null)}, cms.Malformed},
		"garbage in identifier":   {[][]byte{v2(digest, cmstest.Null)}, cms.Malformed},
		"digest is no octets":     {[][]byte{v2(cmstest.Null)}, cms.Malformed},
		"bytes behind the serial": {[][]byte{v2(digest, issuerSerial(cert.RawIssuer, cert.SerialNumber), cmstest.Null)}, cms.Malformed},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := alice(cmstest.P256)
			s.Attrs = replaceAttr(oids.SigningCertificateV2, tc.attrs...)
			err := judge(mustParse(t, s.Build()))
			var attr *cms.AttributeError
			if tc.want == 0 && err != nil {
				t.Errorf("refused: %v", err)
			}
			if tc.want != 0 && (!errors.As(err, &attr) || attr.Problem != tc.want) {
				t.Errorf("error %v, want %v", err, tc.want)
			}
		})
	}
}

// utf8Name is the name with UTF8String in the place of PrintableString.
func utf8Name(t *testing.T, raw []byte) []byte {
	t.Helper()
	out := bytes.Replace(raw, []byte("\x13\x07Test CA"), []byte("\x0c\x07Test CA"), 1)
	if bytes.Equal(out, raw) {
		out = bytes.Replace(raw, []byte("\x0c\x07Test CA"), []byte("\x13\x07Test CA"), 1)
	}
	if bytes.Equal(out, raw) {
		t.Fatal("name not found")
	}
	return out
}

func TestE11CertificateSubstitution(t *testing.T) {
	s := alice(cmstest.P256)
	twin := cmstest.Certificate("NGUYỄN VĂN A", s.Key.Public(), func(c *x509.Certificate) {
		c.SerialNumber, c.NotAfter = s.Cert.SerialNumber, c.NotAfter.AddDate(1, 0, 0)
	})
	s.Certificates = [][]byte{twin.Raw}
	sd := mustParse(t, s.Build())
	if got := sd.SigningCertificate(sd.SignerInfos[0]); got == nil || !got.Equal(twin) {
		t.Fatal("the substitute is not found by its SID: the test proves nothing")
	}
	wantProblem(t, sd, oids.SigningCertificateV2, cms.Mismatch)
}

func TestE12SHA1IsRecognised(t *testing.T) {
	for _, kind := range []cmstest.Kind{cmstest.RSA, cmstest.P256} { // E22: P-256 with SHA-1
		s := alice(kind)
		s.Hash = crypto.SHA1
		sd := mustParse(t, s.Build())
		scheme, h, err := sd.SignerInfos[0].Scheme()
		if h != crypto.SHA1 || err != nil || scheme == 0 {
			t.Errorf("%s: %v %v %v", kind, scheme, h, err)
		}
		if err := judge(sd); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		if ok, until := cms.AlgorithmAllowed(scheme, h, 2048, "", now); ok || until.IsZero() {
			t.Errorf("%s: policy allows SHA-1 today", kind)
		}
	}
}

func TestE13OtherKey(t *testing.T) {
	s := alice(cmstest.P256)
	s.Key = cmstest.Key(cmstest.P256, "mallory")
	wantError(t, mustParse(t, s.Build()), cms.ErrSignature)
	s = alice(cmstest.RSA)
	s.Key = cmstest.Key(cmstest.RSA, "other")
	wantError(t, mustParse(t, s.Build()), cms.ErrSignature)
	s = alice(cmstest.RSA) // a key of another type than the signature
	s.SignatureAlg = cmstest.Alg(oids.ECDSAWithSHA256)
	wantError(t, mustParse(t, s.Build()), cms.ErrSignature)
}

func TestE14DigestAlgorithmLies(t *testing.T) {
	s := alice(cmstest.P256)
	s.DigestAlg = cmstest.Alg(oids.SHA512)
	wantProblem(t, mustParse(t, s.Build()), oids.MessageDigest, cms.Mismatch)

	// A digest that fits the lie: then the signature algorithm contradicts it.
	s.Attrs = replaceAttr(oids.MessageDigest, cmstest.Attr(oids.MessageDigest, cmstest.TLV(4, cmstest.Sum(crypto.SHA512, content))))
	wantError(t, mustParse(t, s.Build()), cms.ErrAlgorithm)

	s = alice(cmstest.RSA) // rsaEncryption takes the lie for its own hash
	s.DigestAlg = cmstest.Alg(oids.SHA512)
	s.Attrs = replaceAttr(oids.MessageDigest, cmstest.Attr(oids.MessageDigest, cmstest.TLV(4, cmstest.Sum(crypto.SHA512, content))))
	wantError(t, mustParse(t, s.Build()), cms.ErrSignature)

	for _, kind := range []cmstest.Kind{cmstest.P256, cmstest.RSA} {
		s = alice(kind)
		s.DigestAlg = cmstest.Alg(oids.RSAPSS) // not a digest at all
		sd := mustParse(t, s.Build())
		if h := sd.SignerInfos[0].DigestHash(); h != 0 {
			t.Errorf("hash %v", h)
		}
		if err := sd.SignerInfos[0].VerifySignature(s.Cert, nil); !errors.Is(err, cms.ErrUnsupported) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestE15SigningTime(t *testing.T) {
	want := time.Date(2026, 5, 12, 8, 35, 12, 0, time.UTC)
	tests := map[string]struct {
		values [][]byte
		ok     bool
		bad    bool
	}{
		"utc":         {[][]byte{cmstest.TLV(0x17, []byte("260512083512Z"))}, true, false},
		"generalized": {[][]byte{cmstest.TLV(0x18, []byte("20260512083512Z"))}, true, false},
		"two values":  {[][]byte{cmstest.TLV(0x17, []byte("260512083512Z")), cmstest.TLV(0x17, []byte("260512083513Z"))}, false, true},
		"no month":    {[][]byte{cmstest.TLV(0x17, []byte("261312083512Z"))}, false, true},
		"a number":    {[][]byte{{2, 1, 1}}, false, true},
	}
	for name, tc := range tests {
		s := alice(cmstest.P256)
		s.Attrs = addAttr(cmstest.Attr(oids.SigningTime, tc.values...))
		sd := mustParse(t, s.Build())
		got, ok, err := sd.SignerInfos[0].SigningTime()
		if ok != tc.ok || (err != nil) != tc.bad || ok && !got.Equal(want) {
			t.Errorf("%s: %v %v %v", name, got, ok, err)
		}
		if err := judge(sd); err != nil {
			t.Errorf("%s: the signature is good all the same: %v", name, err)
		}
	}
}

func TestE16NoCertificates(t *testing.T) {
	s := alice(cmstest.P256)
	s.Certificates = [][]byte{}
	sd := mustParse(t, s.Build())
	si := sd.SignerInfos[0]
	if c := sd.SigningCertificate(si); c != nil {
		t.Errorf("found %v", c.Subject)
	}
	if err := si.VerifySignature(nil, nil); !errors.Is(err, cms.ErrUnsupported) {
		t.Errorf("verify without a certificate: %v", err)
	}
	if c := si.FindCertificate([]*x509.Certificate{nil, cmstest.CA(), s.Cert}); c == nil || !c.Equal(s.Cert) {
		t.Error("not found among candidates from elsewhere")
	}
}

func TestE17MalloryFirstInTheBag(t *testing.T) {
	s := alice(cmstest.P256)
	mallory := cmstest.Certificate("MALLORY", cmstest.Key(cmstest.P256, "mallory").Public(), nil)
	s.Certificates = [][]byte{mallory.Raw, {0x30, 3, 2, 1, 1}, s.Cert.Raw}
	sd := mustParse(t, s.Build())
	if err := judge(sd); err != nil {
		t.Error(err)
	}
	if got := sd.SigningCertificate(sd.SignerInfos[0]); !got.Equal(s.Cert) {
		t.Errorf("signer shown: %v", got.Subject)
	}
	if len(sd.Certificates) != 2 || len(sd.RawCertificates) != 3 {
		t.Errorf("%d of %d certificates", len(sd.Certificates), len(sd.RawCertificates))
	}
}

// E18: the DER of Alice's attributes as a document, signed by the value over
// them. The package must show that nothing but a bare digest was signed.
func TestE18SignedAttributesStripped(t *testing.T) {
	s := alice(cmstest.RSA)
	si := mustParse(t, s.Build()).SignerInfos[0]
	document := bytes.Clone(si.RawSignedAttrs)
	document[0] = 0x31
	forged := s
	forged.NoSignedAttrs, forged.Content = true, document
	forged.Sign = func(_, _ []byte) []byte { return si.Signature }
	sd := mustParse(t, forged.Build())
	digest := cmstest.Sum(crypto.SHA256, document)
	if err := sd.SignerInfos[0].VerifySignature(s.Cert, digest); err != nil {
		t.Fatalf("the forgery is not what it should be: %v", err)
	}
	if err := sd.SignerInfos[0].CheckAttributes(oids.Data, digest); !errors.Is(err, cms.ErrNoSignedAttrs) {
		t.Errorf("CheckAttributes: %v", err)
	}
	if err := sd.SignerInfos[0].CheckESS(s.Cert); err == nil {
		t.Error("CheckESS passes without attributes")
	}
}

func TestE19OursAlwaysHasSignedAttributes(t *testing.T) {
	for _, v := range variants {
		si := mustParse(t, marshal(t, mustSign(t, request(v.kind, v.hash, v.scheme)))).SignerInfos[0]
		if len(si.RawSignedAttrs) == 0 || len(si.SignedAttrs) < 3 {
			t.Errorf("%s: %d attributes", v.name, len(si.SignedAttrs))
		}
	}
}
