package sign_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/sign"
)

// T9: a token that does not fit costs a document timestamp, never a second
// signature by the key.
func TestT9TokenTooLargeForItsRoom(t *testing.T) {
	server := newTSA(t)
	server.pad = 8
	data := input{}.bytes()
	// signed fails when the key is asked twice.
	out, result := signed(t, data, cmstest.P256, sign.Options{Pool: server.pool(), TSSize: 1000})
	if result.Level != sign.BT || result.Signatures != 2 || len(result.Warnings) != 1 {
		t.Errorf("result %+v", result)
	}
	if n := server.asked.Load(); n != 2 {
		t.Errorf("%d requests", n)
	}
	path := save(t, out)
	checkPrefix(t, data, out)
	checkQPDF(t, path)
	content, container := cut(t, out)
	checkToken(t, bytes.TrimRight(container, "\x00"), content)
	if result.OutputSHA256 != sha256.Sum256(out) {
		t.Error("wrong SHA-256")
	}
}

func TestTSADown(t *testing.T) {
	server := newTSA(t)
	server.down = true
	data := input{}.bytes()
	key, cert := signer(cmstest.P256)
	_, _, err := trySign(t, data, key, sign.Options{Certificate: cert, Now: now, Pool: server.pool()})
	var level *sign.LevelError
	if !errors.As(err, &level) || level.Want != sign.BT || level.Have != sign.BB {
		t.Errorf("got %v", err)
	}
	out, result := signed(t, data, cmstest.P256, sign.Options{Pool: server.pool(), AllowLower: true})
	if result.Level != sign.BB || len(result.Warnings) != 1 {
		t.Errorf("result %+v", result)
	}
	checkPDFSig(t, save(t, out), 1)
}

func TestLevelsThatCantBe(t *testing.T) {
	_, cert := signer(cmstest.P256)
	data := input{}.bytes()
	for _, l := range []sign.Level{sign.BT, sign.BLT, sign.BLTA} {
		_, err := sign.Prepare(context.Background(), readerAt(data), int64(len(data)), sign.Options{Certificate: cert, Level: l})
		var level *sign.LevelError
		if !errors.As(err, &level) {
			t.Errorf("%v: %v", l, err)
		}
	}
}

func TestTimestampAndExtendToBT(t *testing.T) {
	server := newTSA(t)
	signedOnce, _ := signed(t, input{}.bytes(), cmstest.RSA, sign.Options{})
	o := sign.ExtendOptions{Level: sign.BT, Pool: server.pool(), Now: now}
	for _, c := range []struct {
		name string
		data []byte
		run  func(f *os.File, data []byte) (*sign.Result, error)
		sigs int
	}{
		{"timestamp of an unsigned file", input{}.bytes(), func(f *os.File, data []byte) (*sign.Result, error) {
			return sign.Timestamp(context.Background(), readerAt(data), int64(len(data)), f, o)
		}, 1},
		{"extend to B-T", signedOnce, func(f *os.File, data []byte) (*sign.Result, error) {
			return sign.Extend(context.Background(), readerAt(data), int64(len(data)), f, o)
		}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := os.Create(filepath.Join(t.TempDir(), "out.pdf"))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = f.Close() }()
			result, err := c.run(f, c.data)
			if err != nil {
				t.Fatal(err)
			}
			out, err := os.ReadFile(f.Name())
			if err != nil {
				t.Fatal(err)
			}
			checkPrefix(t, c.data, out)
			checkQPDF(t, f.Name())
			content, container := cut(t, out)
			checkToken(t, bytes.TrimRight(container, "\x00"), content)
			if result.Signatures != c.sigs || result.Added != 1 {
				t.Errorf("result %+v", result)
			}
		})
	}
}

func TestExtendNothing(t *testing.T) {
	data := input{}.bytes()
	f, err := os.Create(filepath.Join(t.TempDir(), "out.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	_, err = sign.Extend(context.Background(), readerAt(data), int64(len(data)), f, sign.ExtendOptions{Level: sign.BT, Now: now})
	if !errors.Is(err, sign.ErrUnsigned) {
		t.Errorf("got %v", err)
	}
}
