package cms_test

import (
	"context"
	"crypto"
	"io"
	"testing"

	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/cms/cmstest"
)

// remembered gives the signature value made before, so that the key's work is
// not measured.
type remembered struct {
	crypto.Signer
	value []byte
}

func (r remembered) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) { return r.value, nil }

// benchRequest signs with RSA of 2048 bits and a chain of one.
func benchRequest(b *testing.B) cms.Request {
	b.Helper()
	r := request(cmstest.RSA, 0, 0)
	s, err := cms.Sign(context.Background(), r)
	if err != nil {
		b.Fatal(err)
	}
	r.Signer = remembered{r.Signer, s.SignatureValue()}
	return r
}

// BenchmarkSign makes a container: its size beforehand, the signature, the DER.
func BenchmarkSign(b *testing.B) {
	r := benchRequest(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := cms.Size(r, 0); err != nil {
			b.Fatal(err)
		}
		s, err := cms.Sign(context.Background(), r)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.Marshal(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkParse reads a container and checks it.
func BenchmarkParse(b *testing.B) {
	r := benchRequest(b)
	s, err := cms.Sign(context.Background(), r)
	if err != nil {
		b.Fatal(err)
	}
	der, err := s.Marshal()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		sd, err := cms.Parse(der)
		if err != nil {
			b.Fatal(err)
		}
		si := sd.SignerInfos[0]
		if err := si.VerifySignature(sd.SigningCertificate(si), nil); err != nil {
			b.Fatal(err)
		}
	}
}
