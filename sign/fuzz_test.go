package sign_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/pdf"
	"github.com/kyso-vn/kyso/sign"
)

// memory is an Output that needs no disk.
type memory struct{ b []byte }

func (m *memory) Write(p []byte) (int, error) {
	m.b = append(m.b, p...)
	return len(p), nil
}

func (m *memory) WriteAt(p []byte, off int64) (int, error) { return copy(m.b[off:], p), nil }

func (m *memory) ReadAt(p []byte, off int64) (int, error) { return bytes.NewReader(m.b).ReadAt(p, off) }

// recipe makes a valid file and options from bytes: each byte decides one
// thing, and any bytes give something that may be signed or refused.
type recipe []byte

func (r *recipe) next(n int) int {
	if len(*r) == 0 {
		return 0
	}
	v := int((*r)[0]) % n
	*r = (*r)[1:]
	return v
}

func (r *recipe) file() []byte {
	all := shapes()
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	inputs := []input{
		emptyField(""), emptyField("/Lock<</Action/All>>"), emptyField("/MK<</R 90>>"), tagged("<</Nums[0 10 0 R]>>"), tagged("<</Kids[9 0 R]>>"),
		archival(partOne, 0), archival(partTwo, 3), manyPages(1 + r.next(4)),
	}
	for _, name := range names {
		inputs = append(inputs, all[name])
	}
	in := inputs[r.next(len(inputs))]
	in.form = forms[r.next(len(forms))]
	in.header = []string{"", "%PDF-1.0", "%PDF-1.4", "%PDF-2.0"}[r.next(4)]
	data := in.bytes()
	switch r.next(4) { // how the file ends
	case 1:
		data = bytes.TrimRight(data, "\n")
	case 2:
		data = append(data, '\r')
	case 3:
		data = append(data, "\n% behind the end\n"...)
	}
	if r.next(4) == 3 { // offsets that count from the header
		data = append([]byte("junk\n"), data...)
	}
	return data
}

func (r *recipe) options() sign.Options {
	o := sign.Options{}
	if r.next(2) == 1 {
		o = visible()
		o.Place.At = []string{"bottom-right", "top-left"}[r.next(2)]
	}
	o.Reason = []string{"", "Tôi là tác giả", "(\\", "\r\n"}[r.next(4)]
	o.Location = []string{"", "Hà Nội"}[r.next(2)]
	o.Certify = []int{0, 0, 0, 1, 2, 3}[r.next(6)]
	o.Lock = [][]string{nil, nil, {"all"}, {"Ten", "Nguoi.A"}}[r.next(4)]
	o.Field = []string{"", "", "Moi", "Nguoi.A"}[r.next(4)]
	o.Hash = []crypto.Hash{0, crypto.SHA256, crypto.SHA384, crypto.SHA512}[r.next(4)]
	return o
}

// FuzzSign (F11): what is signed has the old bytes as its prefix, opens, holds
// the signature over all of it and one revision more; what is not is refused
// before the key is asked.
func FuzzSign(f *testing.F) {
	for i := range byte(16) {
		f.Add([]byte{i, i, i, i % 4, i, i, i, i, i, i, i, i, i, i, i, i, 2 * i, 3 * i, i})
	}
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		r := recipe(b)
		data := r.file()
		for range 1 + r.next(3) { // signatures, one behind the other
			out, ok := fuzzOne(t, data, r.options())
			if !ok {
				return
			}
			data = out
		}
	})
}

func fuzzOne(t *testing.T, data []byte, o sign.Options) ([]byte, bool) {
	t.Helper()
	key, cert := signer(cmstest.P256)
	o.Certificate, o.Now = cert, now
	before := openFile(t, data)
	p, err := sign.Prepare(context.Background(), bytes.NewReader(data), int64(len(data)), o)
	var refused *sign.RefusedError
	if errors.As(err, &refused) {
		if refused.Reason == sign.ReasonDamaged || refused.Reason == sign.ReasonBrokenSignature {
			t.Fatalf("a sound file is refused: %v", err)
		}
		return nil, false
	}
	var place *appearance.PlaceError // over an earlier mark, off the page
	if errors.As(err, &place) {
		return nil, false
	}
	if err != nil {
		t.Fatalf("prepare: %v", err)
	}
	var m memory
	result, err := p.Finish(context.Background(), key, &m)
	if err != nil || key.asked.Load() != 1 {
		t.Fatalf("finish: %v, the key was asked %d times", err, key.asked.Load())
	}
	if !bytes.HasPrefix(m.b, data) || result.Bytes != int64(len(m.b)) || p.Size != result.Bytes {
		t.Fatalf("%d bytes of %d, %d announced", result.Bytes, len(m.b), p.Size)
	}
	after := openFile(t, m.b)
	old, err1 := before.Revisions()
	revs, err2 := after.Revisions()
	if err1 != nil || err2 != nil || len(revs) != len(old)+1 || revs[len(revs)-1].End != int64(len(m.b)) {
		t.Fatalf("%d revisions became %d: %v, %v", len(old), len(revs), err1, err2)
	}
	n1, err1 := before.NumPages()
	n2, err2 := after.NumPages()
	if err1 != nil || err2 != nil || n1 != n2 {
		t.Fatalf("%d pages became %d: %v, %v", n1, n2, err1, err2)
	}
	content, container := cut(t, m.b)
	sd, err := cms.Parse(container)
	if err != nil {
		t.Fatal(err)
	}
	h := sd.SignerInfos[0].DigestHash().New()
	h.Write(content)
	digest, err := sd.SignerInfos[0].MessageDigest()
	if err != nil || !bytes.Equal(digest, h.Sum(nil)) || result.OutputSHA256 != sha256.Sum256(m.b) {
		t.Fatalf("the digest is not that of the range: %v", err)
	}
	return m.b, true
}

func openFile(t *testing.T, data []byte) *pdf.File {
	t.Helper()
	f, err := pdf.Open(context.Background(), io.NewSectionReader(bytes.NewReader(data), 0, int64(len(data))), int64(len(data)), pdf.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}
