package cms

import (
	"bytes"
	"encoding/asn1"
	"math/big"
	"math/rand"
	"testing"
)

// TestAppendAsASN1 holds the writers of elements against encoding/asn1.
func TestAppendAsASN1(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	same := func(got []byte, value any) {
		t.Helper()
		want, err := asn1.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, append([]byte{0xaa}, want...)) {
			t.Fatalf("%v: %x, want %x", value, got[1:], want)
		}
	}
	before := []byte{0xaa}
	for i := range 2000 {
		n := big.NewInt(int64(i - 1000))
		same(appendInteger(bytes.Clone(before), n), n)
		n.Lsh(n, uint(random.Intn(200)))
		same(appendInteger(bytes.Clone(before), n), n)

		oid := asn1.ObjectIdentifier{random.Intn(3), random.Intn(40)}
		for range random.Intn(8) {
			oid = append(oid, random.Int()>>random.Intn(63))
		}
		same(appendOID(bytes.Clone(before), oid), oid)
	}
	for _, n := range []int{0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000, 0xffffff, 0x1000000} {
		content := make([]byte, n)
		random.Read(content)
		same(appendElement(bytes.Clone(before), tagOctets, content), content)
		same(nest(bytes.Clone(before), tagOctets, func(b []byte) []byte { return append(b, content...) }), content)
		if got := elementSize(n); got != len(wrap(tagOctets, content)) {
			t.Errorf("%d bytes: size %d, made %d", n, got, len(wrap(tagOctets, content)))
		}
	}
}
