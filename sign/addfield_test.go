package sign_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/sign"
)

func rectPlace(page string, r appearance.Rect) appearance.Place {
	return appearance.Place{Page: page, Rect: &r}
}

// tryField adds a field and returns the output.
func tryField(t *testing.T, data []byte, o sign.FieldOptions) ([]byte, *sign.Result, error) {
	t.Helper()
	w, err := os.Create(filepath.Join(t.TempDir(), "out.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Close() }()
	result, err := sign.AddField(context.Background(), readerAt(data), int64(len(data)), w, o)
	if err != nil {
		return nil, nil, err
	}
	out, err := os.ReadFile(w.Name())
	if err != nil {
		t.Fatal(err)
	}
	return out, result, nil
}

func added(t *testing.T, data []byte, o sign.FieldOptions) []byte {
	t.Helper()
	out, result, err := tryField(t, data, o)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(out, data) {
		t.Error("the old bytes are no prefix of the output")
	}
	if result.Bytes != int64(len(out)) || result.Added != 1 {
		t.Errorf("result says %d bytes, %d revisions; the output has %d bytes", result.Bytes, result.Added, len(out))
	}
	return out
}

func listed(t *testing.T, data []byte) []sign.FieldInfo {
	t.Helper()
	fields, err := sign.ListFields(context.Background(), readerAt(data), int64(len(data)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return fields
}

func TestAddField(t *testing.T) {
	want := appearance.Rect{100, 50, 300, 130}
	for name, in := range shapes() {
		for _, form := range []string{"table", "stream", "hybrid"} {
			t.Run(name+", "+form, func(t *testing.T) {
				in.form = form
				out := added(t, in.bytes(), sign.FieldOptions{Name: "Người ký", Place: rectPlace("1", want)})
				checkQPDF(t, save(t, out))
				fields := listed(t, out)
				if len(fields) != 1 || fields[0].Name != "Người ký" || fields[0].Page != 1 || fields[0].Filled {
					t.Fatalf("got %+v", fields)
				}
				for i, v := range fields[0].Rect {
					if d := v - want[i]; d > 0.01 || d < -0.01 {
						t.Fatalf("rect %v, want %v", fields[0].Rect, want)
					}
				}
				signedOut, _ := signed(t, out, cmstest.P256, sign.Options{Field: "Người ký", Visible: true})
				checkQPDF(t, save(t, signedOut))
				checkPDFSig(t, save(t, signedOut), 1)
			})
		}
	}
}

func TestAddFieldKeepsSignatures(t *testing.T) {
	first, _ := signed(t, input{}.bytes(), cmstest.RSA, sign.Options{})
	second := added(t, first, sign.FieldOptions{Name: "B", Place: rectPlace("1", appearance.Rect{10, 10, 110, 60})})
	third, _ := signed(t, second, cmstest.P256, sign.Options{Field: "B", Visible: true})
	checkQPDF(t, save(t, third))
	checkPDFSig(t, save(t, third), 2)
}

func TestAddFieldInvisible(t *testing.T) {
	out := added(t, input{}.bytes(), sign.FieldOptions{Name: "An", Invisible: true})
	fields := listed(t, out)
	if len(fields) != 1 || fields[0].Rect != (appearance.Rect{}) || fields[0].Page != 1 {
		t.Errorf("got %+v", fields)
	}
	signedOut, _ := signed(t, out, cmstest.P256, sign.Options{Field: "An"})
	checkPDFSig(t, save(t, signedOut), 1)
}

func TestAddFieldRefused(t *testing.T) {
	plain := input{}.bytes()
	by := func(data []byte, o sign.Options) []byte {
		out, _ := signed(t, data, cmstest.P256, o)
		return out
	}
	box := rectPlace("1", appearance.Rect{10, 10, 110, 60})
	xfa := input{objects: map[int]string{1: "<</Type/Catalog/Pages 2 0 R/NeedsRendering true/AcroForm<</Fields[]/XFA(x)>>>>"}}.bytes()
	broken := by(plain, sign.Options{})
	broken[20] ^= 1
	for _, c := range []struct {
		name   string
		data   []byte
		o      sign.FieldOptions
		reason string
	}{
		{"certified", by(plain, sign.Options{Certify: 1}), sign.FieldOptions{Name: "A", Place: box}, sign.ReasonCertified},
		{"all locked", by(plain, sign.Options{Lock: []string{"all"}}), sign.FieldOptions{Name: "A", Place: box}, sign.ReasonLocked},
		{"this one locked", by(plain, sign.Options{Lock: []string{"A"}}), sign.FieldOptions{Name: "A", Place: box}, sign.ReasonLocked},
		{"earlier signature broken", broken, sign.FieldOptions{Name: "A", Place: box}, sign.ReasonBrokenSignature},
		{"no name", plain, sign.FieldOptions{Name: " ", Place: box}, sign.ReasonFieldMissing},
		{"period", plain, sign.FieldOptions{Name: "A.B", Place: box}, sign.ReasonFieldMissing},
		{"taken", emptyField("").bytes(), sign.FieldOptions{Name: "Nguoi", Place: box}, sign.ReasonFieldExists},
		{"dynamic XFA", xfa, sign.FieldOptions{Name: "A", Place: box}, sign.ReasonXFA},
		{"no PDF", []byte("hello"), sign.FieldOptions{Name: "A", Place: box}, sign.ReasonDamaged},
		{"too large", plain, sign.FieldOptions{Name: "A", Place: box, MaxSize: int64(len(plain)) + 10}, sign.ReasonMaxSize},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := tryField(t, c.data, c.o)
			var refused *sign.RefusedError
			if !errors.As(err, &refused) || refused.Reason != c.reason {
				t.Errorf("got %v, want %s", err, c.reason)
			}
		})
	}
}

func TestAddFieldPlaces(t *testing.T) {
	for _, c := range []struct {
		name, page string
		rect       appearance.Rect
		reason     string
	}{
		{"no such page", "2", appearance.Rect{10, 10, 110, 60}, "page"},
		{"all pages", "all", appearance.Rect{10, 10, 110, 60}, "page"},
		{"off the page", "1", appearance.Rect{10, 10, 1100, 60}, "off_page"},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := manyPages(3).bytes()
			if c.page == "2" {
				data = input{}.bytes()
			}
			_, _, err := tryField(t, data, sign.FieldOptions{Name: "A", Place: rectPlace(c.page, c.rect)})
			var place *appearance.PlaceError
			if !errors.As(err, &place) || place.Reason != c.reason {
				t.Errorf("got %v, want %s", err, c.reason)
			}
		})
	}
}

func TestListFields(t *testing.T) {
	const extra = "/SV<</Type/SV/Ff 66/Filter/Adobe.PPKLite/SubFilter[/ETSI.CAdES.detached]/DigestMethod[(SHA256)(SHA384)]" +
		"/Reasons[(Duyet)]/MDP<</P 2>>/TimeStamp<</URL(http://tsa.example.vn)/Ff 1>>>>" +
		"/Lock<</Type/SigFieldLock/Action/Include/Fields[(Ten)(Ten)(Ngay)]/P 2>>"
	data := emptyField(extra).bytes()
	fields := listed(t, data)
	if len(fields) != 1 {
		t.Fatalf("got %+v", fields)
	}
	f := fields[0]
	if f.Name != "Nguoi.A" || f.Filled || f.Page != 1 || f.Rect != (appearance.Rect{100, 600, 300, 680}) {
		t.Errorf("got %+v", f)
	}
	if f.Lock == nil || f.Lock.Action != "Include" || strings.Join(f.Lock.Fields, " ") != "Ten Ngay" || f.Lock.P != 2 {
		t.Errorf("lock %+v", f.Lock)
	}
	s := f.Seed
	if s == nil || s.Filter != "Adobe.PPKLite" || strings.Join(s.SubFilters, " ") != "ETSI.CAdES.detached" ||
		strings.Join(s.Digests, " ") != "SHA256 SHA384" || strings.Join(s.Reasons, " ") != "Duyet" ||
		s.Certify != 2 || s.TimestampURL != "http://tsa.example.vn" || strings.Join(s.Required, " ") != "SubFilter DigestMethod" {
		t.Errorf("seed %+v", s)
	}
}

func TestListFieldsFilled(t *testing.T) {
	server := newTSA(t)
	first, _ := signed(t, emptyField("").bytes(), cmstest.P256, sign.Options{Field: "Nguoi.A", Visible: true})
	w, err := os.Create(filepath.Join(t.TempDir(), "ts.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Close() }()
	if _, err := sign.Timestamp(context.Background(), readerAt(first), int64(len(first)), w, sign.ExtendOptions{Pool: server.pool(), Now: now}); err != nil {
		t.Fatal(err)
	}
	out, err := os.ReadFile(w.Name())
	if err != nil {
		t.Fatal(err)
	}
	fields := listed(t, out)
	if len(fields) != 2 {
		t.Fatalf("got %+v", fields)
	}
	a, ts := fields[0], fields[1]
	if !a.Filled || a.Timestamp || a.Unread != nil || a.Signer == nil || a.Signer.Subject.CommonName != "NGUYỄN VĂN A" ||
		a.SubFilter != "ETSI.CAdES.detached" || !strings.HasPrefix(a.Time, "D:20260512153512") {
		t.Errorf("signature: %+v", a)
	}
	if !ts.Filled || !ts.Timestamp || ts.Unread != nil || ts.Signer == nil || ts.Signer.Subject.CommonName != "TSA" {
		t.Errorf("timestamp: %+v", ts)
	}
	broken := bytes.Replace(first, []byte("/ByteRange"), []byte("/ByteRanga"), 1)
	if fields := listed(t, broken); len(fields) != 1 || !fields[0].Filled || fields[0].Unread == nil {
		t.Errorf("broken: %+v", fields)
	}
}

func TestListFieldsNone(t *testing.T) {
	if fields := listed(t, input{}.bytes()); len(fields) != 0 {
		t.Errorf("got %+v", fields)
	}
	_, err := sign.ListFields(context.Background(), readerAt([]byte("x")), 1, nil)
	var refused *sign.RefusedError
	if !errors.As(err, &refused) || refused.Reason != sign.ReasonDamaged {
		t.Errorf("got %v", err)
	}
}
