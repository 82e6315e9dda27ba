package pdf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestCryptCorpus: the encrypted files of the corpus open and their streams
// decode; those with a password unknown to us say so.
func TestCryptCorpus(t *testing.T) {
	dir, files := corpusFiles(t)
	seen := 0
	for name, about := range files {
		if group := about[0]; group != "encrypted-open" && group != "encrypted" && group != "password" {
			continue
		}
		seen++
		t.Run(name, func(t *testing.T) {
			b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
			if err != nil {
				t.Fatal(err)
			}
			f, err := cryptOpen(b, about[1])
			var pe *PasswordError
			if about[0] == "password" && name != opensHere {
				if !errors.As(err, &pe) || pe.Tried {
					t.Errorf("got %v, want a PasswordError", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if f.Encryption() == nil {
				t.Fatal("the file is not encrypted")
			}
			n, err := flateStreams(f)
			if err != nil || n == 0 && name == opensHere {
				t.Errorf("%d Flate streams, %v", n, err)
			}
			t.Logf("%+v, %d Flate streams", *f.Encryption(), n)
		})
	}
	if seen < 20 {
		t.Errorf("only %d encrypted files", seen)
	}
}

// flateStreams looks at the zlib header of every Flate stream, which a wrong
// key destroys.
func flateStreams(f *File) (n int, err error) {
	var errs []error
	err = f.hist.effective(f.sh, f.top, func(num uint32, e xrefEntry) {
		if e.kind != kindInFile {
			return
		}
		ref := Ref{Num: num, Gen: uint16(e.gen)}
		o, _ := f.Get(ref)
		st, ok := o.(*Stream)
		if !ok || isXref(st.Dict) {
			return
		}
		filter := st.Dict.Get("Filter")
		if a, ok := filter.(Array); ok && len(a) > 0 {
			filter = a[0]
		}
		if filter != Name("FlateDecode") {
			return
		}
		raw, err := st.Raw()
		if err == nil && len(raw) >= 2 && (raw[0]&15 != 8 || binary.BigEndian.Uint16(raw)%31 != 0) {
			err = fmt.Errorf("%v: no zlib header: %x", ref, raw[:2])
		}
		n++
		errs = append(errs, err)
	})
	return n, errors.Join(append(errs, err)...)
}
