package cms_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"testing"

	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/oids"
)

// seeds are one of each shape this package knows.
func seeds() [][]byte {
	var list [][]byte
	for _, kind := range []cmstest.Kind{cmstest.RSA, cmstest.P256, cmstest.P384} {
		s := alice(kind)
		list = append(list, s.Build())
		s.SKI, s.Embed = true, true
		list = append(list, s.Build())
		s.NoSignedAttrs = true
		list = append(list, s.Build())
	}
	s := alice(cmstest.RSA)
	s.PSS = true
	s.Unsigned = [][]byte{cmstest.Attr(oids.SignatureTimestamp, list[0])}
	s.CRLs = cmstest.TLV(0xa1, cmstest.OID(oids.RIOCSPResponse), []byte{0x30, 0})
	list = append(list, s.Build(), indefiniteOuter(list[0]))
	return list
}

func indefiniteOuter(der []byte) []byte {
	return append(append([]byte{0x30, 0x80}, der[4:]...), 0, 0)
}

// FuzzParse (F6): whatever is accepted must also stand a second look with the
// standard library's primitives over the raw bytes, and must survive editing.
func FuzzParse(f *testing.F) {
	list := seeds()
	if len(list) < 10 {
		f.Fatal("no seeds")
	}
	for _, s := range list {
		f.Add(s)
	}
	token := list[1]
	f.Fuzz(func(t *testing.T, data []byte) {
		sd, err := cms.Parse(data)
		if err != nil {
			return
		}
		if len(sd.Raw)+sd.Trailing != len(data) {
			t.Fatal("Raw and Trailing do not add up")
		}
		for _, si := range sd.SignerInfos {
			secondLook(t, sd, si)
		}
		if len(sd.SignerInfos) != 1 {
			return
		}
		out, err := cms.AddTimestamp(sd, token)
		if err != nil {
			return
		}
		again, err := cms.Parse(out)
		if err != nil {
			t.Fatalf("own output does not parse: %v", err)
		}
		a, b := sd.SignerInfos[0], again.SignerInfos[0]
		if !bytes.Equal(a.RawSignedAttrs, b.RawSignedAttrs) || !bytes.Equal(a.Signature, b.Signature) ||
			len(b.UnsignedAttrs) != len(a.UnsignedAttrs)+1 {
			t.Fatal("AddTimestamp changed something else")
		}
	})
}

// secondLook repeats an accepted check with the plainest means.
func secondLook(t *testing.T, sd *cms.SignedData, si *cms.SignerInfo) {
	cert := sd.SigningCertificate(si)
	_, _, _ = si.SigningTime()
	_, _ = si.ESS()
	h := si.DigestHash()
	if cert == nil || h == 0 || !h.Available() {
		return
	}
	digest := cmstest.Sum(h, content)
	if si.CheckAttributes(oids.Data, digest) == nil && !bytes.Contains(si.RawSignedAttrs, digest) {
		t.Fatal("message digest accepted that is not in the attributes")
	}
	if si.VerifySignature(cert, digest) != nil {
		return
	}
	message := content
	if si.RawSignedAttrs != nil {
		message = append([]byte{0x31}, si.RawSignedAttrs[1:]...)
	}
	if sd.NotDER {
		return // the signature may be over the DER of it
	}
	digest = cmstest.Sum(h, message)
	ok := false
	switch key := cert.PublicKey.(type) {
	case *rsa.PublicKey:
		ok = rsa.VerifyPKCS1v15(key, h, digest, si.Signature) == nil ||
			rsa.VerifyPSS(key, h, digest, si.Signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthAuto, Hash: h}) == nil
	case *ecdsa.PublicKey:
		ok = ecdsa.VerifyASN1(key, digest, si.Signature)
	case ed25519.PublicKey:
		ok = h == crypto.SHA512 && ed25519.Verify(key, message, si.Signature)
	}
	if !ok {
		t.Fatal("accepted, but the second look refuses")
	}
}
