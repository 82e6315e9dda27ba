package revocation

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"testing"
)

// TestSerialBytes holds the octets of serial numbers against encoding/asn1:
// where the first bit is set, where there are none, and below zero.
func TestSerialBytes(t *testing.T) {
	for n := int64(-70_000); n < 70_000; n++ {
		for _, shift := range []uint{0, 140} {
			serial := new(big.Int).Lsh(big.NewInt(n), shift)
			der, err := asn1.Marshal(serial)
			if err != nil {
				t.Fatal(err)
			}
			if got := serialBytes(&x509.Certificate{SerialNumber: serial}); !bytes.Equal(got, der[2:]) {
				t.Fatalf("%v: %x, want %x", serial, got, der[2:])
			}
		}
	}
}
