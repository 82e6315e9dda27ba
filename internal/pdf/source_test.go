package pdf

import (
	"bytes"
	"context"
	"errors"
	"io"
	"reflect"
	"testing"

	"github.com/kyso-vn/kyso/testdata/form"
)

// lying is a file in memory whose reader must not be asked.
type lying struct{ b []byte }

func (m lying) WholeFile() []byte { return m.b }

func (m lying) ReadAt([]byte, int64) (int, error) {
	return 0, errors.New("read though it lies in memory")
}

// TestInMemory: a file in memory is read there, of any size, and reads alike.
func TestInMemory(t *testing.T) {
	large := newDoc("%PDF-1.7\n")
	for i := range uint32(4000) {
		large.obj(i+1, "<</Type/Filler/Text(some text)>>")
	}
	large.obj(4001, "<</Type/Catalog/Pages 4002 0 R>>").obj(4002, "<</Type/Pages/Kids[]/Count 0>>").table("/Root 4001 0 R")
	for name, data := range map[string][]byte{"small": form.PDF, "many blocks": large.b.Bytes()} {
		size := int64(len(data))
		before := bytes.Clone(data)
		fromMemory, err := Open(context.Background(), lying{data}, size, OpenOptions{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		fromFile, err := Open(context.Background(), bytes.NewReader(data), size, OpenOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for n := uint32(1); n < 5000; n += 7 {
			a, err1 := fromMemory.Get(Ref{Num: n})
			b, err2 := fromFile.Get(Ref{Num: n})
			if sa, ok := a.(*Stream); ok {
				a, b = decoded(t, sa), decoded(t, b.(*Stream))
			}
			if (err1 == nil) != (err2 == nil) || !reflect.DeepEqual(a, b) {
				t.Fatalf("%s: object %d: %v, %v; %v, %v", name, n, a, err1, b, err2)
			}
		}
		if v, err := fromMemory.View(0); err != nil || &v[0] != &data[0] || len(v) != len(data) {
			t.Errorf("%s: the view is a copy or cut: %d bytes, %v", name, len(v), err)
		}
		if _, err := fromMemory.View(size); !errors.Is(err, io.EOF) {
			t.Errorf("%s: behind the end: %v", name, err)
		}
		if !bytes.Equal(before, data) {
			t.Errorf("%s: the bytes were written to", name)
		}
	}
}

func decoded(t *testing.T, s *Stream) Object {
	t.Helper()
	b, err := s.Decode(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	return Name(b)
}

// TestNotAllInMemory: bytes of another size than the file's are not the file.
func TestNotAllInMemory(t *testing.T) {
	short := lying{form.PDF[:100]}
	if _, err := Open(context.Background(), short, int64(len(form.PDF)), OpenOptions{}); err == nil {
		t.Error("the reader was not asked")
	}
}

// TestBytesMayBeOthers: a reader of somebody's own that has a method Bytes, as
// many have, is read all the same: what is parsed has to be what is digested.
func TestBytesMayBeOthers(t *testing.T) {
	own := struct {
		*bytes.Buffer
		io.ReaderAt
	}{bytes.NewBuffer(make([]byte, len(form.PDF))), bytes.NewReader(form.PDF)}
	if _, err := Open(context.Background(), own, int64(len(form.PDF)), OpenOptions{}); err != nil {
		t.Error(err)
	}
}
