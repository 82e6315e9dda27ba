package changes

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// qpdf writes the base document in another form.
func qpdf(t *testing.T, args ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.pdf"), filepath.Join(dir, "out.pdf")
	if err := os.WriteFile(in, base(nil).b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	tool(t, dir, "qpdf", append([]string{"--warning-exit-0"}, append(args, in, out)...)...)
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// updated appends what package pdf writes.
func updated(t *testing.T, data []byte, edit func(f *pdf.File, u *pdf.Update)) []byte {
	t.Helper()
	f, err := pdf.Open(context.Background(), bytes.NewReader(data), int64(len(data)), pdf.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	u := f.NewUpdate()
	edit(f, u)
	r, err := u.Render(bytes.Repeat([]byte{7}, 16))
	if err != nil {
		t.Fatal(err)
	}
	return append(bytes.Clone(data), r.Bytes...)
}

// edits of any file with the pages of base.
var edits = map[string]struct {
	edit func(f *pdf.File, u *pdf.Update)
	want Level
	code string
}{
	"information": {func(f *pdf.File, u *pdf.Update) {
		u.Set(f.Trailer().Get("Info").(pdf.Ref), pdf.NewDict(pdf.Name("Title"), pdf.TextString("B")))
	}, Permitted, "info"},
	"content of page 1": {func(f *pdf.File, u *pdf.Update) {
		p, _ := f.Page(0)
		u.Set(p.Dict.Get("Contents").(pdf.Ref), pdf.NewFlateStream(pdf.NewDict(), []byte(evilText)))
	}, Forbidden, "page_content"},
	"content of page 2": {func(f *pdf.File, u *pdf.Update) {
		p, _ := f.Page(1)
		u.Set(p.Dict.Get("Contents").(pdf.Ref), pdf.NewFlateStream(pdf.NewDict(), []byte(evilText)))
	}, Forbidden, "page_content"},
	"page 2 rotated": {func(f *pdf.File, u *pdf.Update) {
		p, _ := f.Page(1)
		d := p.Dict.Clone()
		d.Set("Rotate", pdf.Integer(90))
		u.Set(p.Ref, d)
	}, Forbidden, "page_entry"},
	"the same objects again": {func(f *pdf.File, u *pdf.Update) {
		for p := range f.Pages() {
			u.Set(p.Ref, p.Dict)
			s, _ := f.Stream(p.Dict.Get("Contents"))
			raw, _ := s.Raw()
			u.Set(p.Dict.Get("Contents").(pdf.Ref), pdf.NewStream(s.Dict, raw))
		}
		fields, _ := f.Fields()
		for _, field := range fields {
			u.Set(field.Ref, field.Dict)
		}
	}, Permitted, "no_effect"},
	"value of a field": {func(f *pdf.File, u *pdf.Update) {
		fields, _ := f.Fields()
		for _, field := range fields {
			if field.Name == "amount" {
				d := field.Dict.Clone()
				d.Set("V", pdf.TextString("7"))
				u.Set(field.Ref, d)
			}
		}
	}, Permitted, "value_changed"},
}

// Linearised and encrypted files, files with object streams.
func TestFormsOfFile(t *testing.T) {
	for name, args := range map[string][]string{
		"linearised":                     {"--linearize"},
		"linearised with object streams": {"--linearize", "--object-streams=generate"},
		"object streams":                 {"--object-streams=generate"},
		"RC4":                            {"--allow-weak-crypto", "--encrypt", "", "owner", "128", "--use-aes=n", "--"},
		"AES-128":                        {"--encrypt", "", "owner", "128", "--use-aes=y", "--"},
		"AES-256":                        {"--encrypt", "", "owner", "256", "--"},
		"AES-256 with object streams":    {"--object-streams=generate", "--linearize", "--encrypt", "", "owner", "256", "--"},
	} {
		t.Run(name, func(t *testing.T) {
			data := qpdf(t, args...)
			for what, e := range edits {
				res := judged(t, updated(t, data, e.edit), len(data), Options{})
				if res.Level != e.want || !strings.Contains(show(res), e.code) {
					t.Errorf("%s: %v, want %v %s\n%s", what, res.Level, e.want, e.code, show(res))
				}
			}
			if strings.Contains(name, "-") || name == "RC4" {
				evil := updated(t, data, edits["information"].edit)
				at := bytes.LastIndex(evil, []byte("/Encrypt "))
				copy(evil[at:], "/Nothing ")
				f, err := pdf.Open(context.Background(), bytes.NewReader(evil), int64(len(evil)), pdf.OpenOptions{})
				if err != nil {
					return // the reader refuses
				}
				res, err := Compare(context.Background(), f, Options{SignedEnd: int64(len(data))})
				if err != nil || res.Level != Forbidden {
					t.Errorf("encryption dropped: %v %v\n%s", res.Level, err, show(res))
				}
			}
		})
	}
}

// B5, B23: what can't be opened is not judged, and says so at once.
func TestRowsBMalformed(t *testing.T) {
	loop := base(nil)
	loop.prev = loop.at() + 100_000 // no section there
	for name, d := range map[string]*doc{
		"B5 startxref points to 7": base(nil).raw("1 0 obj\n<<>>\nendobj\nxref\n0 0\ntrailer\n<</Root 1 0 R>>\nstartxref\n7\n%%%%EOF\n"),
		"B23 Prev points to itself": func() *doc {
			d := base(nil)
			d.prev = d.at()
			return d.table()
		}(),
		"Prev points to nothing": loop.table(),
	} {
		t.Run(name, func(t *testing.T) {
			b := d.b.Bytes()
			if _, err := pdf.Open(context.Background(), bytes.NewReader(b), int64(len(b)), pdf.OpenOptions{}); !pdf.Damaged(err) {
				t.Errorf("opened: %v", err)
			}
		})
	}
}
