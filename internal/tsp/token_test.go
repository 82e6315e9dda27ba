package tsp_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"errors"
	"math/big"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/tsp"
)

// wantReason checks the stable reason; "" means no error.
func wantReason(t *testing.T, err error, reason string) {
	t.Helper()
	var check *tsp.CheckError
	switch {
	case reason == "" && err != nil:
		t.Errorf("refused: %v", err)
	case reason != "" && (!errors.As(err, &check) || check.Reason != reason):
		t.Errorf("error %v, want reason %s", err, reason)
	}
}

func TestParseToken(t *testing.T) {
	i := newInfo(crypto.SHA384, cmstest.Sum(crypto.SHA384, data), big.NewInt(99))
	i.time = "20260512083512.25Z"
	i.accuracy = cmstest.TLV(0x30, cmstest.Int(big.NewInt(2)), []byte{0x80, 2, 1, 0xf4}, []byte{0x81, 1, 7})
	i.ordering = []byte{1, 1, 0xff}
	i.tail = append(cmstest.TLV(0xa0, cmstest.TLV(0xa4, goodTSA.RawSubject)),
		cmstest.TLV(0xa1, cmstest.TLV(0x30, cmstest.OID(oids.QCStatements), cmstest.TLV(4, []byte{0x30, 0})))...)
	token := mustParse(t, append(signed(i.der()).Build(), 0, 0, 0))
	if err := token.Check(); err != nil {
		t.Error(err)
	}
	if !token.Time.Equal(now.Add(250*time.Millisecond)) || token.Time.Location() != time.UTC {
		t.Errorf("time %v", token.Time)
	}
	if want := 2*time.Second + 500*time.Millisecond + 7*time.Microsecond; token.Accuracy != want {
		t.Errorf("accuracy %v", token.Accuracy)
	}
	if token.Nonce.Int64() != 99 || token.Serial.Int64() != 4711 || !token.Policy.Equal(policy) || token.ImprintHash != crypto.SHA384 {
		t.Errorf("%+v", token)
	}
	if !token.Certificate.Equal(goodTSA) || token.CMS.Trailing != 3 {
		t.Error("certificate or padding")
	}
	wantReason(t, token.CheckImprint(data), "")
	wantReason(t, token.CheckImprint([]byte("other")), tsp.ReasonImprint)
	wantReason(t, token.CheckImprintDigest(cmstest.Sum(crypto.SHA384, data), crypto.SHA384), "")
	wantReason(t, token.CheckImprintDigest(cmstest.Sum(crypto.SHA256, data), crypto.SHA256), tsp.ReasonImprint)
	wantReason(t, token.CheckImprintDigest(cmstest.Sum(crypto.SHA384, data), crypto.SHA3_384), tsp.ReasonImprint)
	wantReason(t, token.CheckImprintDigest(nil, crypto.SHA384), tsp.ReasonImprint)
	wantReason(t, token.CheckImprintDigest(nil, 0), tsp.ReasonImprint)
}

func TestTSTInfoForms(t *testing.T) {
	tests := map[string]struct {
		change func(*info)
		bad    bool
	}{
		"control":               {func(*info) {}, false},
		"version 2":             {func(i *info) { i.version = 2 }, true},
		"fraction of nine":      {func(i *info) { i.time = "20260512083512.123456789Z" }, false},
		"trailing zero":         {func(i *info) { i.time = "20260512083512.500Z" }, false},
		"no zone":               {func(i *info) { i.time = "20260512083512" }, true},
		"other zone":            {func(i *info) { i.time = "20260512153512+0700" }, true},
		"no seconds":            {func(i *info) { i.time = "202605120835Z" }, true},
		"dot alone":             {func(i *info) { i.time = "20260512083512.Z" }, true},
		"long fraction":         {func(i *info) { i.time = "20260512083512.1234567890123456789Z" }, true},
		"comma":                 {func(i *info) { i.time = "20260512083512,5Z" }, true},
		"month 13":              {func(i *info) { i.time = "20261312083512Z" }, true},
		"29 February 2026":      {func(i *info) { i.time = "20260229083512Z" }, true},
		"29 February 2028":      {func(i *info) { i.time = "20280229083512Z" }, false},
		"year 9999":             {func(i *info) { i.time = "99991231235959Z" }, false},
		"letters":               {func(i *info) { i.time = "2026051208351xZ" }, true},
		"signs":                 {func(i *info) { i.time = "+026051208351-Z" }, true},
		"imprint too short":     {func(i *info) { i.imprint = i.imprint[:20] }, true},
		"imprint empty":         {func(i *info) { i.imprint = nil }, true},
		"negative accuracy":     {func(i *info) { i.accuracy = cmstest.TLV(0x30, cmstest.Int(big.NewInt(-1))) }, true},
		"accuracy of ages":      {func(i *info) { i.accuracy = cmstest.TLV(0x30, cmstest.Int(big.NewInt(1<<40))) }, true},
		"1000 milliseconds":     {func(i *info) { i.accuracy = cmstest.TLV(0x30, []byte{0x80, 2, 3, 0xe8}) }, true},
		"empty accuracy":        {func(i *info) { i.accuracy = cmstest.TLV(0x30) }, false},
		"ordering 1":            {func(i *info) { i.ordering = []byte{1, 1, 1} }, true},
		"ordering false":        {func(i *info) { i.ordering = []byte{1, 1, 0} }, false},
		"serial of 20 bytes":    {func(i *info) { i.serial = new(big.Int).Lsh(big.NewInt(1), 158) }, false},
		"unknown tail":          {func(i *info) { i.tail = []byte{5, 0} }, true},
		"critical extension":    {func(i *info) { i.tail = extension([]byte{1, 1, 0xff}) }, true},
		"uncritical extension":  {func(i *info) { i.tail = extension(nil) }, false},
		"extension of nonsense": {func(i *info) { i.tail = cmstest.TLV(0xa1, []byte{5, 0}) }, true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			i := newInfo(crypto.SHA256, cmstest.Sum(crypto.SHA256, data), nil)
			tc.change(&i)
			_, err := tsp.Parse(signed(i.der()).Build())
			want := ""
			if tc.bad {
				want = tsp.ReasonStructure
			}
			wantReason(t, err, want)
		})
	}
}

func extension(critical []byte) []byte {
	return cmstest.TLV(0xa1, cmstest.TLV(0x30, cmstest.OID(oids.MimeType), critical, cmstest.TLV(4, []byte{5, 0})))
}

func TestF04CertificateRules(t *testing.T) {
	signing := cmstest.OID(oids.EKUEmailProtection)
	unknown := cmstest.OID(oids.EKUDocumentSigning)
	plain := func(edit func(*x509.Certificate)) *x509.Certificate {
		return cmstest.Certificate("TSA", tsaKey().Public(), func(c *x509.Certificate) {
			cmstest.TSAExtension(true, timeStamping)(c)
			edit(c)
		})
	}
	tests := map[string]struct {
		cert   *x509.Certificate
		reason string
	}{
		"control":           {goodTSA, ""},
		"not critical":      {tsaCert("TSA", false, timeStamping), tsp.ReasonEKU},
		"several":           {tsaCert("TSA", true, timeStamping, signing), tsp.ReasonEKU},
		"unknown extra":     {tsaCert("TSA", true, timeStamping, unknown), tsp.ReasonEKU},
		"any":               {tsaCert("TSA", true, cmstest.OID(oids.EKUAny)), tsp.ReasonEKU},
		"other":             {tsaCert("TSA", true, signing), tsp.ReasonEKU},
		"unknown alone":     {tsaCert("TSA", true, unknown), tsp.ReasonEKU},
		"twice":             {tsaCert("TSA", true, timeStamping, timeStamping), tsp.ReasonEKU},
		"none":              {cmstest.Certificate("TSA", tsaKey().Public(), nil), tsp.ReasonEKU},
		"ca":                {plain(func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = true, true }), tsp.ReasonCertificate},
		"key usage":         {plain(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }), tsp.ReasonCertificate},
		"no key usage":      {plain(func(c *x509.Certificate) { c.KeyUsage = 0 }), ""},
		"content only":      {plain(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageContentCommitment }), ""},
		"expired":           {plain(func(c *x509.Certificate) { c.NotAfter = now.Add(-time.Second) }), tsp.ReasonTime},
		"not yet":           {plain(func(c *x509.Certificate) { c.NotBefore = now.Add(time.Second) }), tsp.ReasonTime},
		"last second":       {plain(func(c *x509.Certificate) { c.NotAfter = now }), ""},
		"very first second": {plain(func(c *x509.Certificate) { c.NotBefore = now }), ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := signed(newInfo(crypto.SHA256, cmstest.Sum(crypto.SHA256, data), nil).der())
			s.Cert = tc.cert
			wantReason(t, mustParse(t, s.Build()).Check(), tc.reason)
		})
	}
}

func TestF02FlippedTime(t *testing.T) {
	der := goodToken()
	changed := bytes.Replace(der, []byte("20260512083512Z"), []byte("20250512083512Z"), 1)
	if bytes.Equal(der, changed) {
		t.Fatal("time not found")
	}
	wantReason(t, mustParse(t, changed).Check(), tsp.ReasonSignature)
}

func TestF05Imprint(t *testing.T) {
	for name, h := range map[string]crypto.Hash{"sha1": crypto.SHA1, "md5": crypto.MD5} {
		i := newInfo(h, cmstest.Sum(h, data), nil)
		token := mustParse(t, signed(i.der()).Build())
		if token.ImprintHash != h {
			t.Errorf("%s: hash %v", name, token.ImprintHash)
		}
		wantReason(t, token.CheckImprint(data), "") // policy is the caller's
	}
	file := mustParse(t, signed(newInfo(crypto.SHA256, cmstest.Sum(crypto.SHA256, []byte("%PDF")), nil).der()).Build())
	wantReason(t, file.CheckImprint(data), tsp.ReasonImprint)
	i := newInfo(crypto.SHA256, []byte("whatever"), nil)
	cmstest.HashOIDs[crypto.RIPEMD160] = oids.MimeType
	i.hash = crypto.RIPEMD160
	token := mustParse(t, signed(i.der()).Build())
	if token.ImprintHash != 0 || !token.ImprintOID.Equal(oids.MimeType) {
		t.Errorf("unknown hash: %v %v", token.ImprintHash, token.ImprintOID)
	}
	wantReason(t, token.CheckImprint(data), tsp.ReasonImprint)
}

func TestF07Shape(t *testing.T) {
	other := cmstest.Certificate("other", tsaKey().Public(), nil)
	without := func(oid []byte) func([][]byte) [][]byte {
		return func(attrs [][]byte) [][]byte {
			var kept [][]byte
			for _, a := range attrs {
				if !bytes.Contains(a[:20], oid) {
					kept = append(kept, a)
				}
			}
			return kept
		}
	}
	tests := map[string]struct {
		change func(*cmstest.SignedData)
		reason string
	}{
		"control":              {func(*cmstest.SignedData) {}, ""},
		"content type is data": {func(s *cmstest.SignedData) { s.ContentType = oids.Data }, tsp.ReasonStructure},
		"detached":             {func(s *cmstest.SignedData) { s.Embed = false }, tsp.ReasonStructure},
		"two signers":          {func(s *cmstest.SignedData) { s.Signers = 2 }, tsp.ReasonStructure},
		"ess missing":          {func(s *cmstest.SignedData) { s.Attrs = without(cmstest.OID(oids.SigningCertificateV2)) }, tsp.ReasonESS},
		"ess of another":       {func(s *cmstest.SignedData) { s.ESS = other }, tsp.ReasonESS},
		"ess v1": {func(s *cmstest.SignedData) {
			s.Attrs = func(a [][]byte) [][]byte {
				return append(without(cmstest.OID(oids.SigningCertificateV2))(a), cmstest.SigningCertificateV1(goodTSA))
			}
		}, ""},
		"no attributes":     {func(s *cmstest.SignedData) { s.NoSignedAttrs = true }, tsp.ReasonSignature},
		"no message digest": {func(s *cmstest.SignedData) { s.Attrs = without(cmstest.OID(oids.MessageDigest)) }, tsp.ReasonSignature},
		"no content type":   {func(s *cmstest.SignedData) { s.Attrs = without(cmstest.OID(oids.ContentType)) }, tsp.ReasonSignature},
		"other content":     {func(s *cmstest.SignedData) { s.EContent = newInfo(crypto.SHA256, make([]byte, 32), nil).der() }, tsp.ReasonSignature},
		"other key":         {func(s *cmstest.SignedData) { s.Key = cmstest.Key(cmstest.P256, "mallory") }, tsp.ReasonSignature},
		"no certificate":    {func(s *cmstest.SignedData) { s.Certificates = [][]byte{} }, tsp.ReasonCertificate},
		"other certificate": {func(s *cmstest.SignedData) { s.Certificates = [][]byte{other.Raw} }, tsp.ReasonCertificate},
		"unknown digest":    {func(s *cmstest.SignedData) { s.DigestAlg = cmstest.Alg(oids.MimeType) }, tsp.ReasonSignature},
		"rsa-pss": {func(s *cmstest.SignedData) {
			s.Key = cmstest.Key(cmstest.RSA, "tsa")
			s.Cert = cmstest.Certificate("RSA TSA", s.Key.Public(), cmstest.TSAExtension(true, timeStamping))
			s.PSS = true
		}, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := signed(newInfo(crypto.SHA256, cmstest.Sum(crypto.SHA256, data), nil).der())
			tc.change(&s)
			token, err := tsp.Parse(s.Build())
			if err == nil {
				err = token.Check()
			}
			wantReason(t, err, tc.reason)
		})
	}
	if _, err := tsp.Parse([]byte("<html>")); err == nil {
		t.Error("html")
	}
}
