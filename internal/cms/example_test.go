package cms_test

import (
	"context"
	"crypto/sha256"
	"fmt"

	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/oids"
)

// A detached signature is made with one answer of the key.
func ExampleSign() {
	key := cmstest.Key(cmstest.P256, "example") // a crypto.Signer; a token's key in real life
	cert := cmstest.Certificate("NGUYỄN VĂN A", key.Public(), nil)
	digest := sha256.Sum256([]byte("the bytes of the document"))

	signed, err := cms.Sign(context.Background(), cms.Request{Signer: key, Certificate: cert, Digest: digest[:]})
	if err != nil {
		fmt.Println(err)
		return
	}
	der, err := signed.Marshal()
	fmt.Println(len(der) > 0, err)
	// Output: true <nil>
}

// A verifier asks for each fact by itself.
func ExampleParse() {
	key := cmstest.Key(cmstest.P256, "example")
	cert := cmstest.Certificate("NGUYỄN VĂN A", key.Public(), nil)
	document := []byte("the bytes of the document")
	der := cmstest.SignedData{Cert: cert, Key: key, Content: document}.Build()

	sd, err := cms.Parse(der)
	if err != nil || len(sd.SignerInfos) != 1 || sd.HasEContent {
		fmt.Println("not one detached signature", err)
		return
	}
	si := sd.SignerInfos[0]
	digest := sha256.Sum256(document) // by si.DigestHash()
	signer := sd.SigningCertificate(si)
	fmt.Println("attributes:", si.CheckAttributes(oids.Data, digest[:]))
	fmt.Println("certificate:", si.CheckESS(signer))
	fmt.Println("signature:", si.VerifySignature(signer, digest[:]))
	fmt.Println("signer:", signer.Subject.CommonName)
	// Output:
	// attributes: <nil>
	// certificate: <nil>
	// signature: <nil>
	// signer: NGUYỄN VĂN A
}
