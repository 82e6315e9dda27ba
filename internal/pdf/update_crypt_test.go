package pdf

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// qpdfObject is an object as qpdf shows it, streams decoded.
func qpdfObject(t *testing.T, data []byte, object string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"--password=" + cryptUser, "--show-object=" + object}
	if strings.HasSuffix(object, " data") {
		args = []string{"--password=" + cryptUser, "--filtered-stream-data", "--show-object=" + strings.TrimSuffix(object, " data")}
	}
	out, err := exec.Command("qpdf", append(args, path)...).CombinedOutput()
	if err != nil {
		t.Fatalf("qpdf: %v\n%s", err, out)
	}
	return string(out)
}

// TestUpdateEncrypted: what is new is encrypted, what is written again is
// encrypted again, with the key of the file; qpdf reads all of it.
func TestUpdateEncrypted(t *testing.T) {
	for _, k := range qpdfKinds {
		t.Run(k.name, func(t *testing.T) {
			data := qpdfEncrypt(t, append([]string{cryptUser, cryptOwner}, k.args...)...)
			f, err := cryptOpen(data, cryptUser)
			if err != nil {
				t.Fatal(err)
			}
			u := change(t, f)
			u.Rand = bytes.NewReader(bytes.Repeat([]byte{7}, 1<<10))
			catalog, _, err := f.Catalog()
			if err != nil {
				t.Fatal(err)
			}
			infoRef := f.Trailer().Get("Info").(Ref)
			meta := catalog.Get("Metadata").(Ref)
			page, err := f.Page(0)
			if err != nil {
				t.Fatal(err)
			}
			content := page.Dict.Get("Contents").(Ref)
			for _, ref := range []Ref{infoRef, meta, content} {
				o, err := f.Get(ref)
				if err != nil {
					t.Fatal(err)
				}
				u.Set(ref, o)
			}
			contents := Raw{Mark: "c", Bytes: []byte("<DEADBEEF>")}
			sig := u.Add(NewDict(Name("Type"), Name("Sig"), Name("ByteRange"), Array{}, Name("Contents"), contents, Name("Reason"), String{Value: "a reason"}))
			out, g := apply(t, data, u)
			wantChange(t, g)
			cryptCheck(t, g)
			d, err := g.Dict(sig)
			if err != nil || d.Get("Contents") != (String{Value: "\xde\xad\xbe\xef", Hex: true}) || d.Get("Reason") != (String{Value: "a reason"}) {
				t.Errorf("got %v, %v", d, err)
			}
			tail := out[len(data):]
			for _, clear := range []string{"new (text)", "in a stream", "a reason", cryptText, cryptPage} {
				if bytes.Contains(tail, []byte(clear)) {
					t.Errorf("%q is not encrypted", clear)
				}
			}
			if got := bytes.Contains(tail, []byte(cryptMeta)); got != k.clearMeta {
				t.Errorf("metadata in clear: %v", got)
			}
			if !bytes.Contains(tail, []byte("<DEADBEEF>")) {
				t.Error("/Contents was encrypted")
			}
			qpdfCheck(t, out, "--password="+cryptUser)
			x := qpdfObject(t, out, "trailer")
			if !strings.Contains(x, "/Encrypt") || !strings.Contains(x, "30313233343536373839616263646566") && !strings.Contains(x, "(0123456789abcdef)") {
				t.Errorf("trailer: %s", x)
			}
			n := func(r Ref) string { return strings.Fields(refText(r))[0] }
			if got := qpdfObject(t, out, n(infoRef)); !strings.Contains(got, cryptText) {
				t.Errorf("qpdf shows the information as %s", got)
			}
			if got := qpdfObject(t, out, n(sig)); !strings.Contains(got, "(a reason)") {
				t.Errorf("qpdf shows the signature as %s", got)
			}
			for ref, want := range map[Ref]string{content: cryptPage, meta: cryptMeta} {
				if got := qpdfObject(t, out, n(ref)+" data"); strings.TrimSpace(got) != want {
					t.Errorf("qpdf shows the stream as %q", got)
				}
			}
		})
	}
}

func refText(r Ref) string {
	s, _ := serialized(r)
	return s
}

// TestUpdateDirectSignature: a signature dictionary that is written again with
// the object around it keeps its /Contents.
func TestUpdateDirectSignature(t *testing.T) {
	data := qpdfEncrypt(t, "", "", "256")
	f, err := cryptOpen(data, "")
	if err != nil {
		t.Fatal(err)
	}
	u := f.NewUpdate()
	v := NewDict(Name("ByteRange"), Array{Integer(0)}, Name("Contents"), String{Value: "\x01\x02", Hex: true}, Name("M"), String{Value: "D:2026"})
	ref := u.Add(NewDict(Name("FT"), Name("Sig"), Name("V"), v))
	out, g := apply(t, data, u)
	again := g.NewUpdate()
	o, err := g.Get(ref)
	if err != nil {
		t.Fatal(err)
	}
	again.Set(ref, o)
	_, h := apply(t, out, again)
	for _, f := range []*File{g, h} {
		d, err := f.Dict(ref)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := d.Get("V").(*Dict)
		if got.Get("Contents") != (String{Value: "\x01\x02", Hex: true}) || got.Get("M") != (String{Value: "D:2026"}) {
			t.Errorf("got %v, %v", got.Get("Contents"), got.Get("M"))
		}
	}
}

// TestUpdateKeepsEncryption: the encryption dictionary is never encrypted, also
// when it is written again, and a file without /ID gets none.
func TestUpdateKeepsEncryption(t *testing.T) {
	data := qpdfEncrypt(t, "", cryptOwner, "128", "--use-aes=y")
	f, err := cryptOpen(data, "")
	if err != nil {
		t.Fatal(err)
	}
	u := f.NewUpdate()
	o, err := f.Get(f.encRef)
	if err != nil {
		t.Fatal(err)
	}
	u.Set(f.encRef, o)
	out, g := apply(t, data, u)
	cryptCheck(t, g)
	qpdfCheck(t, out)
	id, err := g.Array(g.Trailer().Get("ID"))
	old, err2 := f.Array(f.Trailer().Get("ID"))
	if err != nil || err2 != nil || id[0].(String).Value != old[0].(String).Value {
		t.Errorf("/ID became %v of %v", id, old)
	}
	f.sec.id0 = nil
	if r, err := u.Render(testID); err != nil || bytes.Contains(r.Bytes, []byte("/ID")) {
		t.Errorf("an /ID was added: %v", err)
	}
}

// TestUpdateRandom: a source of randomness that fails is an error, and two
// updates differ where nothing else is said.
func TestUpdateRandom(t *testing.T) {
	data := qpdfEncrypt(t, "", "", "256")
	f, err := Open(context.Background(), bytes.NewReader(data), int64(len(data)), OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	u := change(t, f)
	a, err1 := u.Render(testID)
	b, err2 := u.Render(testID)
	if err1 != nil || err2 != nil || bytes.Equal(a.Bytes, b.Bytes) {
		t.Error("the same initialization vectors twice")
	}
	u.Rand = bytes.NewReader(make([]byte, 20))
	if _, err := u.Render(testID); err == nil {
		t.Error("no error of the random source")
	}
}
