package sign

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/sha512"
	"errors"
	"testing"

	"github.com/kyso-vn/kyso/internal/byterange"
)

func TestEarlierDigestsInOnePass(t *testing.T) {
	data := sample(2*chunkSize + 500)
	ranges := []byterange.Range{
		{0, 100, 150, 50}, {0, 300, 400, 100}, {0, chunkSize, chunkSize + 10, 90},
		{0, 200, 250, int64(len(data)) - 250}, {0, 2 * chunkSize, 2*chunkSize + 2, 498},
	}
	want := func(r byterange.Range, h crypto.Hash) []byte {
		b := append(bytes.Clone(data[:r[1]]), data[r[2]:r[2]+r[3]]...)
		if h == crypto.SHA256 {
			s := sha256.Sum256(b)
			return s[:]
		}
		s := sha512.Sum512(b)
		return s[:]
	}
	var e earlier
	for i, r := range ranges {
		h := []crypto.Hash{crypto.SHA256, crypto.SHA512}[i%2]
		e = append(e, watch{"Signature1", byterange.Job{Range: r, Hash: h}, want(r, h)})
	}
	pass := func(data []byte, step int) *byterange.Pass {
		p := byterange.NewPass(int64(len(data)), e.jobs(), crypto.SHA256)
		for from := 0; from < len(data); from += step {
			if err := p.Feed(data[from:min(from+step, len(data))]); err != nil {
				t.Fatal(err)
			}
		}
		return p
	}
	if err := e.check(pass(data, 333)); err != nil {
		t.Error(err)
	}
	for i, r := range ranges {
		bad := bytes.Clone(data)
		bad[r[2]+1] ^= 1
		var refused *RefusedError
		if err := e.check(pass(bad, len(bad))); !errors.As(err, &refused) || refused.Reason != ReasonBrokenSignature {
			t.Errorf("range %d changed: %v", i, err)
		}
	}
	if err := e.check(pass(data[:len(data)-1], len(data))); err == nil {
		t.Error("a range that is not through: no error")
	}
}

func TestCopyWithoutSignatures(t *testing.T) {
	if err := newOutput(tempFile(t), crypto.SHA256).copyFrom(context.Background(), bytes.NewReader(nil), 0, nil); err != nil {
		t.Error(err)
	}
}
