package verify_test

import (
	"bytes"
	"context"
	"crypto"
	"encoding/json"
	"io"
	"testing"

	"github.com/kyso-vn/kyso/internal/byterange"
	"github.com/kyso-vn/kyso/verify"
)

// spied counts the bytes read in large blocks, as the digests are.
type spied struct {
	io.ReaderAt
	from, most int64 // where reading began, and the largest block
}

func (s *spied) ReadAt(b []byte, off int64) (int, error) {
	if n := int64(len(b)); n > s.most {
		s.from, s.most = off, n
	}
	return s.ReaderAt.ReadAt(b, off)
}

// TestBegun: a pass that the caller began is gone on with, wherever it stands,
// and the report is the same; one that lacks what a signature needs, or is of
// another size, is left aside.
func TestBegun(t *testing.T) {
	d := signedDoc(sigSpec{})
	one := int64(len(d.data))
	d.append(map[int]string{objText: textField("1", "8 0 R"), objTextAP: textAP("1")})
	filled := int64(len(d.data))
	d.sign(sigSpec{})
	data := bytes.Clone(d.data)
	size := int64(len(data))
	judge := func(r io.ReaderAt, p *byterange.Pass) string {
		o := verify.Options{Anchors: anchors(thePKI().root), Now: now, Begun: p}
		report, err := verify.Verify(context.Background(), r, size, o)
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(report)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	want := judge(bytes.NewReader(data), nil)
	for _, c := range []struct {
		name string
		upto int64
		jobs []byterange.Job
		used bool
	}{
		{"nothing yet", 0, nil, true},
		{"before the first gap", 100, nil, true},
		{"the first signature unknown", one, nil, false},
		{"the first signature", one, firstJob(t, data), true},
		{"behind the filled form", filled, firstJob(t, data), true},
		{"all of it, the second unknown", size, firstJob(t, data), false},
	} {
		p := byterange.NewPass(c.upto, c.jobs, crypto.SHA256)
		if err := p.Feed(data[:c.upto]); err != nil {
			t.Fatal(err)
		}
		r := &spied{ReaderAt: bytes.NewReader(data)}
		if got := judge(r, p); got != want {
			t.Errorf("%s: the report differs\n%s\n%s", c.name, got, want)
		}
		if used := r.most != size || c.upto == 0; used != c.used {
			t.Errorf("%s: gone on with %v, want %v (%d bytes read from %d)", c.name, used, c.used, r.most, r.from)
		}
	}
	longer := byterange.NewPass(size+9, nil, crypto.SHA256)
	if err := longer.Feed(append(bytes.Clone(data), "more text"...)); err != nil {
		t.Fatal(err)
	}
	if got := judge(bytes.NewReader(data), longer); got != want {
		t.Error("a pass over more bytes than the file has changes the report")
	}
}

// firstJob is what the first signature of a file asks for.
func firstJob(t *testing.T, data []byte) []byterange.Job {
	t.Helper()
	s := check(t, data).Signatures[0]
	return []byterange.Job{{Range: byterange.Range(s.ByteRange[:4]), Hash: crypto.SHA256}}
}

// TestBegunIsBelieved shows why only who wrote a file may begin its pass: what
// was digested is not read again.
func TestBegunIsBelieved(t *testing.T) {
	data := signedDoc(sigSpec{}).data
	bad := bytes.Clone(data)
	at := bytes.Index(bad, []byte("stream")) + 20
	bad[at] ^= 1
	p := byterange.NewPass(int64(len(data)), nil, crypto.SHA256)
	if err := p.Feed(data[:at+1]); err != nil {
		t.Fatal(err)
	}
	for _, begun := range []*byterange.Pass{nil, p} {
		report := check(t, bad, func(o *verify.Options) { o.Begun = begun })
		if intact := report.Signatures[0].Integrity == verify.Intact; intact != (begun != nil) {
			t.Errorf("begun %v: integrity %v", begun != nil, report.Signatures[0].Integrity)
		}
	}
}
