package cmstest

import (
	"bytes"
	"crypto/rsa"
	"testing"
)

// Names decide keys: a fuzzing corpus made by one process serves another.
func TestKeysDependOnNamesAlone(t *testing.T) {
	for _, kind := range []Kind{RSA, P256, P384, P521, Ed25519} {
		first, err := generate(kind, "x")
		if err != nil {
			t.Fatal(err)
		}
		again, err := generate(kind, "x")
		if err != nil {
			t.Fatal(err)
		}
		other, err := generate(kind, "y")
		if err != nil {
			t.Fatal(err)
		}
		a, b, c := Certificate("k", first.Public(), nil), Certificate("k", again.Public(), nil), Certificate("k", other.Public(), nil)
		if !bytes.Equal(a.RawSubjectPublicKeyInfo, b.RawSubjectPublicKeyInfo) || bytes.Equal(a.RawSubjectPublicKeyInfo, c.RawSubjectPublicKeyInfo) {
			t.Errorf("%s: keys do not depend on the name alone", kind)
		}
		if a.SerialNumber.Cmp(b.SerialNumber) == 0 {
			t.Errorf("%s: two certificates with one serial number", kind)
		}
		if err := a.CheckSignatureFrom(CA()); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if k := Key(RSA, "size").Public().(*rsa.PublicKey); k.N.BitLen() != 2048 {
		t.Errorf("RSA key of %d bits", k.N.BitLen())
	}
}
