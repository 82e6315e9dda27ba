package certpath_test

import (
	"encoding/asn1"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/oids"
)

type attribute struct {
	Type  asn1.ObjectIdentifier
	Value asn1.RawValue
}

const (
	tagUTF8      = 12
	tagPrintable = 19
	tagT61       = 20
	tagIA5       = 22
	tagUniversal = 28
	tagBMP       = 30
)

func cn(tag int, value string) attribute {
	return attribute{oids.CommonName, asn1.RawValue{Tag: tag, Bytes: []byte(value)}}
}

func org(tag int, value string) attribute {
	return attribute{oids.Organization, asn1.RawValue{Tag: tag, Bytes: []byte(value)}}
}

// rdns marshals RDNs as they are given, without sorting.
func rdns(list ...[]attribute) []byte {
	var content []byte
	for _, set := range list {
		var values []byte
		for _, a := range set {
			values = append(values, must(asn1.Marshal(a))...)
		}
		content = append(content, must(asn1.Marshal(asn1.RawValue{Tag: 17, IsCompound: true, Bytes: values}))...)
	}
	return must(asn1.Marshal(asn1.RawValue{Tag: 16, IsCompound: true, Bytes: content}))
}

func one(a attribute) []byte { return rdns([]attribute{a}) }

func bmp(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		b.Write([]byte{byte(u >> 8), byte(u)})
	}
	return b.String()
}

func ucs4(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.Write([]byte{byte(r >> 24), byte(r >> 16), byte(r >> 8), byte(r)})
	}
	return b.String()
}

func TestSameName(t *testing.T) {
	tests := []struct {
		name string
		a, b []byte
		want bool
	}{
		{"identical", one(cn(tagUTF8, "Viettel-CA")), one(cn(tagUTF8, "Viettel-CA")), true},
		{"case", one(cn(tagPrintable, "Viettel-CA")), one(cn(tagPrintable, "VIETTEL-ca")), true},
		{"string type", one(cn(tagPrintable, "Viettel-CA")), one(cn(tagUTF8, "Viettel-CA")), true},
		{"IA5String", one(cn(tagIA5, "a@example.vn")), one(cn(tagUTF8, "A@EXAMPLE.vn")), true},
		{"space around", one(cn(tagPrintable, "  Viettel-CA ")), one(cn(tagPrintable, "Viettel-CA")), true},
		{"space inside", one(cn(tagPrintable, "MISA   CA")), one(cn(tagUTF8, "MISA\tCA")), true},
		{"space missing", one(cn(tagPrintable, "MISACA")), one(cn(tagPrintable, "MISA CA")), false},
		{"Vietnamese case", one(cn(tagUTF8, "NGUYỄN VĂN A")), one(cn(tagUTF8, "nguyễn văn a")), true},
		{"Vietnamese, decomposed", one(cn(tagUTF8, "Nguy\u1ec5n")), one(cn(tagUTF8, "Nguye\u0302\u0303n")), true},
		{"Vietnamese, other accent", one(cn(tagUTF8, "Nguyễn")), one(cn(tagUTF8, "Nguyên")), false},
		{"BMPString", one(cn(tagBMP, bmp("Nguyễn Văn A"))), one(cn(tagUTF8, "Nguyễn Văn A")), true},
		{"UniversalString", one(cn(tagUniversal, ucs4("Nguyễn"))), one(cn(tagUTF8, "Nguyễn")), true},
		{"T61String as Latin-1", one(cn(tagT61, "M\xfcller")), one(cn(tagUTF8, "Müller")), true},
		{"no-break space", one(cn(tagUTF8, "MISA\u00a0CA")), one(cn(tagUTF8, "MISA CA")), true},
		{"soft hyphen", one(cn(tagUTF8, "MI\u00adSA")), one(cn(tagUTF8, "MISA")), true},
		{"sharp s", one(cn(tagUTF8, "Straße")), one(cn(tagUTF8, "STRASSE")), true},
		{"other text", one(cn(tagUTF8, "Viettel-CA")), one(cn(tagUTF8, "Viettel-CB")), false},
		{"other attribute", one(cn(tagUTF8, "A")), one(org(tagUTF8, "A")), false},
		{"prefix", rdns([]attribute{org(tagUTF8, "O")}), rdns([]attribute{org(tagUTF8, "O")}, []attribute{cn(tagUTF8, "A")}), false},
		{"order of RDNs", rdns([]attribute{org(tagUTF8, "O")}, []attribute{cn(tagUTF8, "A")}),
			rdns([]attribute{cn(tagUTF8, "A")}, []attribute{org(tagUTF8, "O")}), false},
		{"order in an RDN", rdns([]attribute{org(tagUTF8, "O"), cn(tagUTF8, "A")}),
			rdns([]attribute{cn(tagUTF8, "a"), org(tagUTF8, "o")}), true},
		{"one RDN or two", rdns([]attribute{org(tagUTF8, "O"), cn(tagUTF8, "A")}),
			rdns([]attribute{org(tagUTF8, "O")}, []attribute{cn(tagUTF8, "A")}), false},
		{"bytes across a border", rdns([]attribute{cn(tagUTF8, "AB")}, []attribute{cn(tagUTF8, "C")}),
			rdns([]attribute{cn(tagUTF8, "A")}, []attribute{cn(tagUTF8, "BC")}), false},
		{"invalid UTF-8", one(cn(tagUTF8, "A\xff")), one(cn(tagUTF8, "a\xff")), false},
		{"invalid UTF-8, same bytes", one(cn(tagUTF8, "A\xff")), one(cn(tagUTF8, "A\xff")), true},
		{"odd BMPString", one(cn(tagBMP, "\x00A\x00")), one(cn(tagUTF8, "A")), false},
		{"not a string", one(cn(2, "\x01")), one(cn(2, "\x02")), false},
		{"malformed", []byte{0x30, 0x05}, []byte{0x30, 0x06}, false},
		{"malformed and empty", []byte{0x31, 0}, []byte{0x30, 0}, false},
		{"malformed, same bytes", []byte{0x30, 0x05}, []byte{0x30, 0x05}, true},
		{"empty", []byte{0x30, 0}, []byte{0x30, 0}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := certpath.SameName(tt.a, tt.b); got != tt.want {
				t.Errorf("got %v", got)
			}
			if got := certpath.SameName(tt.b, tt.a); got != tt.want {
				t.Errorf("turned round: got %v", got)
			}
			if got := certpath.NameKey(tt.a) == certpath.NameKey(tt.b); got != tt.want {
				t.Errorf("keys: got %v", got)
			}
		})
	}
}

// A name as long as a certificate may be takes no time to speak of.
func TestSameNameIsLinear(t *testing.T) {
	long := one(cn(tagUTF8, strings.Repeat("ễ \u0302", 150_000)))
	other := one(cn(tagBMP, bmp(strings.Repeat("ễ \u0302", 150_000))))
	start := time.Now()
	if !certpath.SameName(long, other) {
		t.Error("not the same")
	}
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("took %v", d)
	}
}

// The names chain by meaning in a path too.
func TestPathByName(t *testing.T) {
	root := newCA(nil, "NGUYỄN VĂN A CA")
	for _, tt := range []struct {
		name   string
		issuer []byte
		ok     bool
	}{
		{"other case and type", rdns(
			[]attribute{{oids.Country, asn1.RawValue{Tag: tagUTF8, Bytes: []byte("vn")}}},
			[]attribute{cn(tagBMP, bmp("nguyễn  văn a ca"))}), true},
		{"other name", one(cn(tagUTF8, "nguyễn  văn a ca")), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			leaf := newLeaf(root, "TRẦN THỊ B", func(s *spec) { s.issuer = tt.issuer })
			_, err := build(leaf, certpath.Options{Anchors: anchorsOf(root)})
			if (err == nil) != tt.ok {
				t.Errorf("got %v", err)
			}
		})
	}
}
