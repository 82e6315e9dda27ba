package sign_test

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"github.com/kyso-vn/kyso/sign"
)

// TestBareSignature reads the certificates of adbe.x509.rsa_sha1 in /Cert.
func TestBareSignature(t *testing.T) {
	good := mustRead(t, filepath.Join("..", "testdata", "signed", "itext2-x509.pdf"))
	for _, c := range []struct {
		name     string
		old, new string
		bad      bool
	}{
		{"as it was", "", "", false},
		{"no certificate", "/Cert[<30", "/Cert[<31", true},
		{"no entry", "/Cert[<30", "/Cerx[<30", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := bytes.Replace(good, []byte(c.old), []byte(c.new), 1)
			list, err := sign.ListFields(context.Background(), readerAt(data), int64(len(data)), nil)
			if err != nil {
				t.Fatal(err)
			}
			at := slices.IndexFunc(list, func(f sign.FieldInfo) bool { return f.Name == "PlaceA" })
			if f := list[at]; (f.Unread != nil) != c.bad || (f.Signer == nil) != c.bad {
				t.Errorf("unread: %v; signer %v", f.Unread, f.Signer)
			}
			_, result, err := extended(t, data, sign.ExtendOptions{Level: sign.BT, Pool: newTSA(t).pool(), Now: now}, sign.Extend)
			var refused *sign.RefusedError
			switch {
			case c.bad && (!errors.As(err, &refused) || refused.Reason != sign.ReasonBrokenSignature):
				t.Errorf("got %v", err)
			case !c.bad && (err != nil || result.Level != sign.BT || result.Added == 0):
				t.Errorf("%+v, %v", result, err)
			}
		})
	}
}
