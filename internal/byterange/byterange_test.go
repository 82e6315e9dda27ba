package byterange

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"errors"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// rendered is an update of a file of base bytes that holds both placeholders.
func rendered(base int64, size int) *pdf.Rendered {
	contents, byteRange := Placeholders(size)
	r := &pdf.Rendered{Base: base, Marks: map[string]pdf.Span{}}
	put := func(raw pdf.Raw) {
		start := base + int64(len(r.Bytes))
		r.Bytes = append(r.Bytes, raw.Bytes...)
		r.Marks[raw.Mark] = pdf.Span{Start: start, End: start + int64(len(raw.Bytes))}
	}
	r.Bytes = append(r.Bytes, "<</ByteRange "...)
	put(byteRange)
	r.Bytes = append(r.Bytes, "/Contents "...)
	put(contents)
	r.Bytes = append(r.Bytes, ">>%%EOF"...)
	return r
}

func TestFill(t *testing.T) {
	for _, base := range []int64{0, 100, 1 << 40} {
		r := rendered(base, 10)
		n := len(r.Bytes)
		got, err := Fill(r)
		if err != nil {
			t.Fatal(err)
		}
		gap := r.Marks[ContentsMark]
		want := Range{0, gap.Start, gap.End, base + int64(n) - gap.End}
		if got != want || len(r.Bytes) != n {
			t.Errorf("base %d: %v of %d bytes, want %v of %d", base, got, len(r.Bytes), want, n)
		}
		if b := r.Bytes[gap.Start-base]; b != '<' {
			t.Errorf("the gap starts with %q", b)
		}
		if b := r.Bytes[gap.End-base-1]; b != '>' {
			t.Errorf("the gap ends with %q", b)
		}
		if again, err := Fill(r); err != nil || again != want { // the place is used as a whole
			t.Errorf("a second time: %v, %v", again, err)
		}
	}
}

func TestFillWithoutPlaceholders(t *testing.T) {
	if _, err := Fill(&pdf.Rendered{}); err == nil {
		t.Error("an update without placeholders was filled")
	}
	if err := Splice(&pdf.Rendered{}, nil); err == nil {
		t.Error("an update without placeholders was spliced")
	}
	r := rendered(0, 10)
	at := r.Marks[RangeMark]
	r.Marks[RangeMark] = pdf.Span{Start: at.Start, End: at.Start + 5}
	var size *SizeError
	if _, err := Fill(r); !errors.As(err, &size) {
		t.Errorf("a place of five bytes: %v", err)
	}
}

func TestSplice(t *testing.T) {
	r := rendered(50, 4)
	if err := Splice(r, []byte{0xAB, 0xCD, 0x01, 0x02}); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(r.Bytes, []byte("/Contents <abcd0102>")) {
		t.Errorf("%s", r.Bytes)
	}
	if err := Splice(r, []byte{0xFF}); err != nil { // what stood there before is gone
		t.Fatal(err)
	}
	if !bytes.Contains(r.Bytes, []byte("/Contents <ff000000>>>")) {
		t.Errorf("%s", r.Bytes)
	}
	before := string(r.Bytes)
	var size *SizeError
	if err := Splice(r, make([]byte, 5)); !errors.As(err, &size) || size.Need != 5 || size.Have != 4 {
		t.Errorf("five bytes in room for four: %v", err)
	}
	if string(r.Bytes) != before {
		t.Error("a refused signature changed the update")
	}
}

func TestHash(t *testing.T) {
	data := strings.Repeat("0123456789", 300_000)
	size := int64(len(data))
	want := sha256.Sum256([]byte(data[:1_000_001] + data[2_000_000:2_500_000]))
	hash := func(ctx context.Context, r Range) ([]byte, error) {
		job := Job{Range: r, Hash: crypto.SHA256}
		p := NewPass(size, []Job{job})
		err := p.Read(ctx, strings.NewReader(data), size)
		return p.Sum(job), err
	}
	got, err := hash(t.Context(), Range{0, 1_000_001, 2_000_000, 500_000})
	if err != nil || !bytes.Equal(got, want[:]) {
		t.Errorf("%x, %v", got, err)
	}
	if got, _ := hash(t.Context(), Range{0, 10, 20, size}); got != nil {
		t.Errorf("a range beyond the end: %x", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := hash(ctx, Range{0, 10, 20, 10}); !errors.Is(err, context.Canceled) {
		t.Errorf("with an ended context: %v", err)
	}
}
