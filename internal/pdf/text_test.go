package pdf

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"empty", "", ""},
		{"ascii", "Hello", "Hello"},
		{"doc encoding", "caf\xe9 \x80 \xa0 \x9f \x18 \x92", "café • € \ufffd ˘ ™"},
		{"undefined", "\x7f\xad", "\ufffd\ufffd"},
		{"big endian", "\xfe\xff\x1e\xc5\x00n", "Ễn"[:0] + "\u1ec5n"},
		{"little endian", "\xff\xfe\xc5\x1en\x00", "\u1ec5n"},
		{"pair", "\xfe\xff\xd8\x3d\xdc\x00", "\U0001f400"},
		{"half a pair", "\xfe\xff\xd8\x3d", "\ufffd"},
		{"odd", "\xfe\xff\x00a\x00", "a\ufffd"},
		{"only the mark", "\xfe\xff", ""},
		{"utf-8", "\xef\xbb\xbfNguyễn", "Nguyễn"},
		{"utf-8, broken", "\xef\xbb\xbfa\xff", "a\ufffd"},
		{"language", "\xfe\xff\x00\x1bvi\x00\x1b\x00a", "a"},
		{"language and country", "\xfe\xff\x00\x1bviVN\x00\x1b\x00a", "a"},
		{"utf-8 language", "\xef\xbb\xbf\x1bvi\x1bab\x1bvi-VN\x1bc", "abc"},
		{"escape alone", "\xfe\xff\x00\x1b\x00a", "a"},
		{"escapes far apart", "\xfe\xff\x00\x1b" + strings.Repeat("\x00a", 20) + "\x00\x1b", strings.Repeat("a", 20)},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Text(String{Value: c.in}); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestTextString(t *testing.T) {
	for in, want := range map[string]string{
		"":        "",
		"a (b)\n": "a (b)\n",
		"café":    "\xfe\xff\x00c\x00a\x00f\x00\xe9",
		"a\x18":   "\xfe\xff\x00a\x00\x18",
		"Ễ":       "\xfe\xff\x1e\xc4",
		"\x1ba":   "a",
	} {
		if got := TextString(in); got.Value != want {
			t.Errorf("%q: %q, want %q", in, got.Value, want)
		}
	}
}

func TestDocEncodingIsOneToOne(t *testing.T) {
	for c, r := range docEncoding {
		if r == utf8.RuneError {
			continue
		}
		b, ok := encodeDoc(string(r))
		if !ok || len(b) != 1 || b[0] != byte(c) {
			t.Errorf("%#02x is %q, which is % x", c, r, b)
		}
	}
	if _, ok := encodeDoc("Ễ"); ok {
		t.Error("a letter outside of the encoding is encoded")
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"", "abc", "NGUYỄN VĂN A", "a\x1bvi\x1bb", "\xff", "\U0001f400", "\r\n\t"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := Text(String{Value: s}); !utf8.ValidString(got) {
			t.Fatalf("%q becomes %q", s, got)
		}
		if !utf8.ValidString(s) || strings.ContainsRune(s, escape) {
			return
		}
		if got := Text(TextString(s)); got != s {
			t.Fatalf("%q becomes %q", s, got)
		}
	})
}
