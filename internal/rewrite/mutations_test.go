package rewrite

import (
	"bytes"
	"context"
	"math/rand/v2"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// mutate damages a file in a few places.
func mutate(r *rand.Rand, data []byte) []byte {
	b := bytes.Clone(data)
	for range 1 + r.IntN(4) {
		at := r.IntN(len(b))
		n := min(r.IntN(30), len(b)-at)
		switch r.IntN(5) {
		case 0:
			b[at] = byte(r.IntN(256))
		case 1:
			b = append(b[:at], b[at+n:]...)
		case 2:
			from := r.IntN(len(b) - n)
			b = append(b[:at:at], append(bytes.Clone(b[from:from+n]), b[at:]...)...)
		case 3:
			b = b[:max(at, 20)]
		case 4:
			b[at] = "0123456789<>[]()/ \n"[r.IntN(19)]
		}
		if len(b) < 20 {
			break
		}
	}
	return b
}

// What is made of damaged files opens, whatever the damage.
func TestMutations(t *testing.T) {
	api.DisableConfigDir()
	r := rand.New(rand.NewPCG(1, 2))
	seeds := [][]byte{sample(), build("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page>>",
		objectStream("", 5, "<</A 1>>", "7"))}
	const mutations = 1000
	repaired := 0
	for i := range mutations {
		data := mutate(r, seeds[i%len(seeds)])
		mended := salvage(data)
		if mended == nil {
			continue
		}
		c, err := readQuietly(mended)
		if err != nil || tidy(c, data, false) != nil {
			continue
		}
		var out bytes.Buffer
		if err := write(c, "1.7", &out); err != nil {
			t.Errorf("%v\n%q", err, data)
			continue
		}
		repaired++
		f, err := pdf.Open(context.Background(), bytes.NewReader(out.Bytes()), int64(out.Len()), pdf.OpenOptions{})
		if err != nil {
			t.Errorf("%v\n%q\n%q", err, data, out.Bytes())
			continue
		}
		if n, err := f.NumPages(); err != nil || n < 1 {
			t.Errorf("%d pages, %v\n%q\n%q", n, err, data, out.Bytes())
		}
	}
	if repaired < mutations/2 {
		t.Errorf("only %d of %d repaired", repaired, mutations)
	}
}
