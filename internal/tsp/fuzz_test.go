package tsp_test

import (
	"bytes"
	"crypto"
	"errors"
	"math/big"
	"testing"

	"github.com/digitorus/timestamp"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/tsp"
)

// FuzzReply (F7): a reply gives a token or one of the two errors; a token that
// passes its check is the signed one, and an independent parser reads the same
// from it.
func FuzzReply(f *testing.F) {
	good := goodToken()
	i := newInfo(crypto.SHA512, cmstest.Sum(crypto.SHA512, data), big.NewInt(7))
	i.accuracy, i.time = cmstest.TLV(0x30, []byte{2, 1, 1}), "20260512083512.5Z"
	seeds := [][]byte{
		granted(0, good), granted(1, signed(i.der()).Build()),
		refusal(2, "no", 0, 25), refusal(3, "later"), granted(0, nil), nil, []byte("<html>"),
	}
	if len(seeds) < 7 {
		f.Fatal("no seeds")
	}
	for _, s := range seeds {
		f.Add(s)
	}
	content := newInfo(crypto.SHA256, cmstest.Sum(crypto.SHA256, data), nil).der()
	other := i.der()
	f.Fuzz(func(t *testing.T, reply []byte) {
		token, err := tsp.ParseReply(reply)
		if err != nil {
			var status *tsp.StatusError
			var check *tsp.CheckError
			if token != nil || !errors.As(err, &status) && !errors.As(err, &check) {
				t.Fatalf("token %v, error %v", token, err)
			}
			return
		}
		if token.Check() != nil || !token.Certificate.Equal(goodTSA) {
			return
		}
		// The key signed two contents and no others.
		if !bytes.Equal(token.CMS.EContent, content) && !bytes.Equal(token.CMS.EContent, other) {
			t.Fatal("accepted, but the key never signed it")
		}
		if token.CMS.NotDER {
			return // the other parser reads DER
		}
		second, err := timestamp.Parse(token.Raw)
		if err != nil {
			t.Fatalf("the other parser refuses: %v", err)
		}
		if !second.Time.Equal(token.Time) || !bytes.Equal(second.HashedMessage, token.Imprint) || second.HashAlgorithm != token.ImprintHash {
			t.Fatal("the other parser reads something else")
		}
	})
}
