package cms_test

import (
	"bytes"
	"crypto"
	"testing"

	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/oids"
)

// Verdicts of the two programs together.
const (
	both    = "both accept"
	neither = "neither accepts"
	strict  = "we are stricter"
	lenient = "we are more lenient"
)

func md(value []byte) []byte { return cmstest.Attr(oids.MessageDigest, cmstest.TLV(4, value)) }

// disputed are signatures with the two verdicts expected.
var disputed = map[string]struct {
	kind   cmstest.Kind
	change func(*cmstest.SignedData)
	want   string
}{
	"rsa":                  {cmstest.RSA, func(*cmstest.SignedData) {}, both},
	"p256":                 {cmstest.P256, func(*cmstest.SignedData) {}, both},
	"p384, sha384":         {cmstest.P384, func(s *cmstest.SignedData) { s.Hash = crypto.SHA384 }, both},
	"p521, sha512":         {cmstest.P521, func(s *cmstest.SignedData) { s.Hash = crypto.SHA512 }, both},
	"pss":                  {cmstest.RSA, func(s *cmstest.SignedData) { s.PSS = true }, both},
	"pss, salt 20":         {cmstest.RSA, func(s *cmstest.SignedData) { s.PSS, s.Salt = true, 20 }, both},
	"sha1":                 {cmstest.RSA, func(s *cmstest.SignedData) { s.Hash = crypto.SHA1 }, both},
	"key identifier":       {cmstest.P256, func(s *cmstest.SignedData) { s.SKI = true }, both},
	"v1":                   {cmstest.P256, func(s *cmstest.SignedData) { s.Attrs = essV1 }, both},
	"unsorted":             {cmstest.P256, func(s *cmstest.SignedData) { s.Unsorted, s.Attrs = true, backwards }, both},
	"ess of another":       {cmstest.P256, func(s *cmstest.SignedData) { s.ESS = cmstest.CA() }, neither},
	"ess missing":          {cmstest.P256, func(s *cmstest.SignedData) { s.Attrs = removeAttr(oids.SigningCertificateV2) }, neither},
	"other key":            {cmstest.P256, func(s *cmstest.SignedData) { s.Key = cmstest.Key(cmstest.P256, "mallory") }, neither},
	"no message digest":    {cmstest.P256, func(s *cmstest.SignedData) { s.Attrs = removeAttr(oids.MessageDigest) }, neither},
	"other message digest": {cmstest.P256, func(s *cmstest.SignedData) { s.Attrs = replaceAttr(oids.MessageDigest, md(make([]byte, 32))) }, neither},
	"two message digests":  {cmstest.P256, func(s *cmstest.SignedData) { s.Attrs = addAttr(md(cmstest.Sum(crypto.SHA256, content))) }, neither},
	"no content type":      {cmstest.P256, func(s *cmstest.SignedData) { s.Attrs = removeAttr(oids.ContentType) }, neither},
	"digest lies":          {cmstest.P256, func(s *cmstest.SignedData) { s.DigestAlg = cmstest.Alg(oids.SHA512) }, neither},
	"no certificate":       {cmstest.P256, func(s *cmstest.SignedData) { s.Certificates = [][]byte{} }, neither},
	"wrong content type": {cmstest.P256, func(s *cmstest.SignedData) {
		s.Attrs = replaceAttr(oids.ContentType, cmstest.Attr(oids.ContentType, cmstest.OID(oids.TSTInfo)))
	}, strict},
	"pss, trailer 2": {cmstest.RSA, func(s *cmstest.SignedData) { s.SignatureAlg = cmstest.PSSAlg(crypto.SHA256, crypto.SHA256, 32, 2) }, neither},
	"pss, salt lies": {cmstest.RSA, func(s *cmstest.SignedData) {
		s.PSS, s.SignatureAlg = true, cmstest.PSSAlg(crypto.SHA256, crypto.SHA256, 33, 1)
	}, neither},
	"pkcs1 named pss": {cmstest.RSA, func(s *cmstest.SignedData) { s.SignatureAlg = cmstest.PSSAlg(crypto.SHA256, crypto.SHA256, 32, 1) }, neither},
	"two signers":     {cmstest.P256, func(s *cmstest.SignedData) { s.Signers = 2 }, strict},
	"protection lies": {cmstest.P256, func(s *cmstest.SignedData) {
		s.Attrs = addAttr(cmstest.Attr(oids.AlgorithmProtection, cmstest.TLV(0x30, cmstest.Alg(oids.SHA1))))
	}, strict},
}

// What we accept openssl accepts as well; where we are stricter, the list says
// so. Neither verdict is taken from the other.
func TestVerdictsAgreeWithOpenSSL(t *testing.T) {
	for name, tc := range disputed {
		t.Run(name, func(t *testing.T) {
			s := alice(tc.kind)
			tc.change(&s)
			der := s.Build()
			ours := "refused"
			if sd, err := cms.Parse(der); err == nil && judge(sd) == nil {
				ours = "accepted"
			}
			out, err := opensslVerifies(t, der, "-cades")
			theirs := "accepted"
			if err != nil {
				theirs = "refused"
			}
			got := map[string]string{
				"accepted accepted": both, "refused refused": neither, "refused accepted": strict, "accepted refused": lenient,
			}[ours+" "+theirs]
			if got != tc.want {
				t.Errorf("%s, want: %s\n%s", got, tc.want, out)
			}
		})
	}
}

func essV1(attrs [][]byte) [][]byte {
	return append(removeAttr(oids.SigningCertificateV2)(attrs), cmstest.SigningCertificateV1(aliceCert(cmstest.P256)))
}

func backwards(attrs [][]byte) [][]byte {
	var out [][]byte
	for i := range attrs {
		out = append(out, attrs[len(attrs)-1-i])
	}
	if bytes.Compare(out[0], out[1]) <= 0 && bytes.Compare(out[1], out[2]) <= 0 {
		panic("the test's attributes are in order")
	}
	return out
}
