package pdf

import (
	"bytes"
	"compress/lzw"
	"encoding/ascii85"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// parsedDict reads a dictionary from its text.
func parsedDict(t testing.TB, text string) *Dict {
	t.Helper()
	o, err := parseText(text)
	if err != nil {
		t.Fatal(err)
	}
	return o.(*Dict)
}

func TestFilters(t *testing.T) {
	a85 := func(s string) string {
		b := make([]byte, ascii85.MaxEncodedLen(len(s)))
		return string(b[:ascii85.Encode(b, []byte(s))])
	}
	z := func(s string) string { return string(deflate([]byte(s))) }
	for _, c := range []struct{ name, dict, in, want string }{
		{"none", "<<>>", "as it is", "as it is"},
		{"null", "<</Filter null>>", "as it is", "as it is"},
		{"empty list", "<</Filter[]>>", "as it is", "as it is"},
		{"flate", "<</Filter/FlateDecode>>", z("hello"), "hello"},
		{"flate, parms null", "<</Filter[/FlateDecode]/DecodeParms[null]>>", z("hello"), "hello"},
		{"flate, short name", "<</Filter/Fl>>", z("hello"), "hello"},
		{"flate of nothing", "<</Filter/FlateDecode>>", "", ""},
		{"flate after a line end", "<</Filter/FlateDecode>>", "\r\n" + z("hello"), "hello"},
		{"flate without checksum", "<</Filter/FlateDecode>>", z("hello")[:len(z("hello"))-4], "hello"},
		{"flate with a wrong checksum", "<</Filter/FlateDecode>>", z("hello")[:len(z("hello"))-1] + "x", "hello"},
		{"flate and more", "<</Filter/FlateDecode>>", z("hello") + "\r\nmore", "hello"},
		{"hex", "<</Filter/ASCIIHexDecode>>", "48 65\n6C6c 6F>xx", "hello"[:0] + "Hello"},
		{"hex, odd", "<</Filter/AHx>>", "487>", "Hp"},
		{"hex, odd, no end", "<</Filter/AHx>>", "487", "Hp"},
		{"ascii85", "<</Filter/ASCII85Decode>>", a85("Man is distinguished") + "~>", "Man is distinguished"},
		{"ascii85, spaces, no end", "<</Filter/A85>>", "\n" + a85("Man is dist"), "Man is dist"},
		{"ascii85, mark", "<</Filter/A85>>", "<~" + a85("Man is d") + "~>", "Man is d"},
		{"ascii85, zeros", "<</Filter/A85>>", "z" + a85("ab") + "~>", "\x00\x00\x00\x00ab"},
		{"run length", "<</Filter/RunLengthDecode>>", "\x02abc\xfex\x80rest", "abcxxx"},
		{"run length, no end", "<</Filter/RL>>", "\x00a", "a"},
		{"two", "<</Filter[/ASCIIHexDecode/FlateDecode]>>", fmt.Sprintf("%x>", z("hello")), "hello"},
		{"crypt and flate", "<</Filter[/Crypt/FlateDecode]>>", z("hello"), "hello"},
		{"png none", "<</Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 3>>>>", z("\x00abc\x00def"), "abcdef"},
		{"png sub", "<</Filter/FlateDecode/DecodeParms<</Predictor 10/Columns 3>>>>", z("\x01a\x01\x01"), "abc"},
		{"png up", "<</Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 3>>>>", z("\x02abc\x02\x01\x01\x01"), "abcbcd"},
		{"png average", "<</Filter/FlateDecode/DecodeParms<</Predictor 13/Columns 2>>>>", z("\x00\x0a\x14\x03\x05\x05"), "\x0a\x14\x0a\x14"},
		{"png paeth", "<</Filter/FlateDecode/DecodeParms<</Predictor 14/Columns 2>>>>", z("\x00\x0a\x14\x04\x01\x01"), "\x0a\x14\x0b\x15"},
		{"png, three colours", "<</Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 2/Colors 3>>>>", z("\x01abc\x01\x01\x01"), "abcbcd"},
		{"png, cut row", "<</Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 4>>>>", z("\x00abcd\x02\x01"), "abcdb"},
		{"png, no row", "<</Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 4>>>>", z("\x00"), ""},
		{"tiff", "<</Filter/FlateDecode/DecodeParms<</Predictor 2/Columns 3>>>>", z("a\x01\x01d\x01\x01"), "abcdef"},
		{"tiff, 16 bits", "<</Filter/FlateDecode/DecodeParms<</Predictor 2/Columns 2/BitsPerComponent 16>>>>", z("\x00\xff\x00\x01"), "\x00\xff\x01\x00"},
		{"tiff, 4 bits", "<</Filter/FlateDecode/DecodeParms<</Predictor 2/Columns 4/BitsPerComponent 4>>>>", z("\x11\x1f"), "\x12\x32"},
		{"tiff, 1 bit", "<</Filter/FlateDecode/DecodeParms<</Predictor 2/Columns 8/BitsPerComponent 1>>>>", z("\x81"), "\xfe"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := []byte(c.in)
			got, err := decodeFilters(nil, parsedDict(t, c.dict), in, 1000)
			if err != nil || string(got) != c.want {
				t.Errorf("got %q, %v, want %q", got, err, c.want)
			}
			if string(in) != c.in {
				t.Error("the input was changed")
			}
		})
	}
}

func TestFiltersThatFail(t *testing.T) {
	many := "<</Filter[" + strings.Repeat("/ASCIIHexDecode ", maxFilters+1) + "]>>"
	z := string(deflate([]byte("\x09abc")))
	for _, c := range []struct{ name, dict, in, want string }{
		{"number", "<</Filter 7>>", "", "a number"},
		{"parms", "<</Filter/FlateDecode/DecodeParms 7>>", z, "a number"},
		{"unknown", "<</Filter/Foo>>", "", "filter Foo is not decoded here"},
		{"jpeg", "<</Filter[/ASCIIHexDecode/DCTDecode]>>", "00", "filter DCTDecode"},
		{"many", many, "", LimitFilters},
		{"zlib header", "<</Filter/FlateDecode>>", "hello", "header"},
		{"zlib data", "<</Filter/FlateDecode>>", "\x78\x9c\xff\xff\xff", "zlib"},
		{"cut at once", "<</Filter/FlateDecode>>", z[:3], "zlib"},
		{"hex", "<</Filter/AHx>>", "4g", "0x67"},
		{"ascii85", "<</Filter/A85>>", "a\x80", "0x80"},
		{"ascii85, range", "<</Filter/A85>>", "uuuuu", "range"},
		{"ascii85, range at the end", "<</Filter/A85>>", "uuuu~>", "range"},
		{"ascii85, one digit", "<</Filter/A85>>", "!!!!!a~>", "middle"},
		{"run", "<</Filter/RL>>", "\x05ab", "run"},
		{"run of nothing", "<</Filter/RL>>", "\xff", "run"},
		{"png filter", "<</Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 3>>>>", z, "PNG filter 9"},
		{"predictor", "<</Filter/FlateDecode/DecodeParms<</Predictor 3>>>>", z, "/Predictor is 3"},
		{"predictor 99", "<</Filter/FlateDecode/DecodeParms<</Predictor 99>>>>", z, "/Predictor"},
		{"columns 0", "<</Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 0>>>>", z, "/Columns"},
		{"columns", "<</Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 2147483648>>>>", z, "/Columns"},
		{"colors", "<</Filter/FlateDecode/DecodeParms<</Predictor 12/Colors 33>>>>", z, "/Colors"},
		{"bits", "<</Filter/FlateDecode/DecodeParms<</Predictor 12/BitsPerComponent 7>>>>", z, "/BitsPerComponent"},
		{"early", "<</Filter/LZWDecode/DecodeParms<</EarlyChange 2>>>>", "", "/EarlyChange"},
		{"lzw first code", "<</Filter/LZWDecode>>", "\xff\xff", "LZW"},
		{"reference", "<</Filter 7 0 R>>", "", "reference"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := decodeFilters(nil, parsedDict(t, c.dict), []byte(c.in), 1000)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %q, %v, want %q", got, err, c.want)
			}
		})
	}
	var picture *FilterError
	if _, err := decodeFilters(nil, parsedDict(t, "<</Filter/JPXDecode>>"), nil, 10); !errors.As(err, &picture) || picture.Filter != "JPXDecode" {
		t.Errorf("got %v", err)
	}
}

func TestFilterLimits(t *testing.T) {
	zeros := make([]byte, 1000)
	row := "<</Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 1>>>>"
	for _, c := range []struct {
		name, dict string
		in         []byte
	}{
		{"none", "<<>>", zeros},
		{"flate", "<</Filter/FlateDecode>>", deflate(zeros)},
		{"run length", "<</Filter/RL>>", bytes.Repeat([]byte("\x81a"), 8)},
		{"run length, literal", "<</Filter/RL>>", append([]byte{127}, make([]byte, 128)...)},
		{"hex", "<</Filter/AHx>>", bytes.Repeat([]byte("20"), 1000)},
		{"ascii85", "<</Filter/A85>>", bytes.Repeat([]byte("z"), 250)},
		{"ascii85 digits", "<</Filter/A85>>", bytes.Repeat([]byte("!!!!!"), 250)},
		{"lzw", "<</Filter/LZWDecode>>", lzwLate(zeros)},
		{"png", row, deflate(make([]byte, 2000))},
		{"twice", "<</Filter[/FlateDecode/FlateDecode]>>", deflate(deflate(zeros))},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, limit := range []int64{0, 1, 99, 100} {
				got, err := decodeFilters(nil, parsedDict(t, c.dict), c.in, limit)
				wantLimit(t, err, LimitStreamBytes)
				if got != nil {
					t.Errorf("limit %d: %d bytes", limit, len(got))
				}
			}
			if got, err := decodeFilters(nil, parsedDict(t, c.dict), c.in, 5000); err != nil {
				t.Errorf("got %d bytes, %v", len(got), err)
			}
		})
	}
}

func TestFilterFactor(t *testing.T) {
	b := bomb(8 << 20)
	_, err := decodeFilters(nil, parsedDict(t, "<</Filter/FlateDecode>>"), b, 1<<30)
	wantLimit(t, err, LimitStreamFactor)
	// A megabyte is free, however small the data.
	if got, err := decodeFilters(nil, parsedDict(t, "<</Filter/FlateDecode>>"), bomb(1<<20), 1<<30); err != nil || len(got) != 1<<20 {
		t.Errorf("got %d bytes, %v", len(got), err)
	}
}

// lzwLate encodes with the standard library's encoder, which is PDF's with
// EarlyChange 0.
func lzwLate(b []byte) []byte {
	var out bytes.Buffer
	w := lzw.NewWriter(&out, lzw.MSB, 8)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

// lzwEncode is a plain encoder of either kind, clearing when the table is full.
func lzwEncode(b []byte, early bool) []byte {
	var out []byte
	var bits uint64
	have := 0
	put := func(code, width int) {
		bits = bits<<width | uint64(code)
		for have += width; have >= 8; have -= 8 {
			out = append(out, byte(bits>>(have-8)))
		}
	}
	table := map[string]int{}
	next, width := lzwFirst, 9
	code := func(s string) int {
		if len(s) == 1 {
			return int(s[0])
		}
		return table[s]
	}
	put(lzwClear, 9)
	cur := ""
	for _, c := range b {
		longer := cur + string([]byte{c})
		if _, ok := table[longer]; ok || cur == "" {
			cur = longer
			continue
		}
		put(code(cur), width)
		table[longer] = next
		next++
		n := next - 1 // the decoder is one entry behind
		if early {
			n++
		}
		switch {
		case n >= 2048:
			width = 12
		case n >= 1024:
			width = 11
		case n >= 512:
			width = 10
		}
		if next == lzwMax-1 {
			put(lzwClear, width)
			clear(table)
			next, width = lzwFirst, 9
		}
		cur = string([]byte{c})
	}
	if cur != "" {
		put(code(cur), width)
		if n := next; early && (n+1 == 512 || n+1 == 1024 || n+1 == 2048) || !early && (n == 512 || n == 1024 || n == 2048) {
			width++
		}
	}
	put(lzwEnd, width)
	put(0, 7)
	return out
}

func TestLZW(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 2, 3, 255, 256, 511, 767, 4000, 100_000} {
		for _, letters := range []int{1, 2, 256} {
			b := make([]byte, n)
			for i := range b {
				b[i] = byte(r.IntN(letters))
			}
			late := parsedDict(t, "<</Filter/LZWDecode/DecodeParms<</EarlyChange 0>>>>")
			if got, err := decodeFilters(nil, late, lzwLate(b), 1<<20); err != nil || !bytes.Equal(got, b) {
				t.Errorf("late, %d bytes of %d letters: %d bytes, %v", n, letters, len(got), err)
			}
			early := parsedDict(t, "<</Filter/LZWDecode>>")
			if got, err := decodeFilters(nil, early, lzwEncode(b, true), 1<<20); err != nil || !bytes.Equal(got, b) {
				t.Errorf("early, %d bytes of %d letters: %d bytes, %v", n, letters, len(got), err)
			}
		}
	}
	// The example of ISO 32000-2, 7.4.4.2.
	got, err := decodeFilters(nil, parsedDict(t, "<</Filter/LZWDecode>>"), []byte("\x80\x0B\x60\x50\x22\x0C\x0C\x85\x01"), 100)
	if want := "\x2d\x2d\x2d\x2d\x2d\x41\x2d\x2d\x2d\x42"; err != nil || string(got) != want {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestFilterReferences: names and parameters may be indirect.
func TestFilterReferences(t *testing.T) {
	g := newDoc("%PDF-1.5\n").basic()
	g.obj(5, "[6 0 R]").obj(6, "/FlateDecode").obj(7, "<</Predictor 8 0 R/Columns 9 0 R>>").obj(8, "12").obj(9, "3")
	g.stream(4, "/Filter 5 0 R/DecodeParms[7 0 R]", string(deflate([]byte("\x02abc\x02\x01\x01\x01"))))
	f := g.table("").open(t)
	s, err := f.Stream(Ref{4, 0})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.Decode(0); err != nil || string(got) != "abcbcd" {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestFilterOfObjectStreamInside: an object stream whose filter lies in an
// object stream, itself or through a /Length, ends with an error.
func TestFilterOfObjectStreamInside(t *testing.T) {
	itself := newDoc("%PDF-1.5\n").basic()
	itself.row(5, genRow{off: itself.at()}).row(4, genRow{stream: 5}).row(6, genRow{stream: 5, gen: 1})
	itself.put("5 0 obj<</Type/ObjStm/N 2/First 8/Filter 6 0 R/Length 17>>stream\n4 0 6 2 1 null   \nendstream endobj\n")
	wantDamaged(t, getErr(itself.xrefStream(7, "").bytes()), "object stream")

	length := newDoc("%PDF-1.5\n").basic()
	length.row(5, genRow{off: length.at()}).row(4, genRow{stream: 5}).row(6, genRow{stream: 5, gen: 1})
	length.put("5 0 obj<</Type/ObjStm/N 2/First 8/Filter 8 0 R/Length 17>>stream\n4 0 6 2 1 null   \nendstream endobj\n")
	length.obj(8, "<</Length 6 0 R>>stream\n12345\nendstream")
	wantDamaged(t, getErr(length.xrefStream(7, "").bytes()), "a stream")
}

func getErr(data []byte) error {
	_, err := getFour(data)
	return err
}

// FuzzFilters (F3): the output is never longer than the limit, and what comes
// without an error does not depend on it.
func FuzzFilters(f *testing.F) {
	for i, dict := range []string{
		"<</Filter/FlateDecode>>", "<</Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 3/Colors 2>>>>",
		"<</Filter/LZWDecode>>", "<</Filter/LZWDecode/DecodeParms<</EarlyChange 0/Predictor 2/BitsPerComponent 2>>>>",
		"<</Filter/ASCII85Decode>>", "<</Filter/ASCIIHexDecode>>", "<</Filter/RunLengthDecode>>",
		"<</Filter[/ASCIIHexDecode/RL/FlateDecode]>>", "<</Filter[/Crypt/Fl]>>",
	} {
		f.Add(dict, deflate([]byte("\x02hello")), uint16(10*i))
		f.Add(dict, lzwEncode([]byte("abababababab"), true), uint16(1000))
		f.Add(dict, []byte("87cURD]i,\"Ebo80~>"), uint16(100))
		f.Add(dict, []byte("0261626380>"), uint16(100))
	}
	f.Fuzz(func(t *testing.T, dict string, raw []byte, limit uint16) {
		o, err := parseText(dict)
		d, ok := o.(*Dict)
		if err != nil || !ok {
			return
		}
		before := bytes.Clone(raw)
		small, err := decodeFilters(nil, d, raw, int64(limit))
		if len(small) > int(limit) {
			t.Fatalf("%d bytes, the limit is %d", len(small), limit)
		}
		large, err2 := decodeFilters(nil, d, raw, 1<<22)
		if err == nil && (err2 != nil || !bytes.Equal(small, large)) {
			t.Fatalf("limit %d gives %d bytes, a larger one %d, %v", limit, len(small), len(large), err2)
		}
		if len(large) > max(1<<20, 1000*len(raw)) {
			t.Fatalf("%d bytes of %d", len(large), len(raw))
		}
		if !bytes.Equal(before, raw) {
			t.Fatal("the input was changed")
		}
	})
}

// TestInflateLong: what is longer than inflateBlind comes out the same, whole,
// cut off and over the limit.
func TestInflateLong(t *testing.T) {
	data := make([]byte, inflateBlind+12345)
	for i := range data {
		data[i] = byte(i * i >> 7)
	}
	packed := deflate(data)
	for _, c := range []struct {
		name  string
		in    []byte
		limit int64
		want  int // bytes; -1: too many
	}{
		{"whole", packed, 1 << 30, len(data)},
		{"just fits", packed, int64(len(data)), len(data)},
		{"one too many", packed, int64(len(data)) - 1, -1},
		{"over early", packed, 1000, -1},
		{"exactly blind", deflate(data[:inflateBlind]), 1 << 30, inflateBlind},
		{"one more than blind", deflate(data[:inflateBlind+1]), 1 << 30, inflateBlind + 1},
		{"no checksum", packed[:len(packed)-4], 1 << 30, len(data)},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := &capped{limit: c.limit}
			if err := inflate(out, c.in); err != nil {
				t.Fatal(err)
			}
			if out.full != (c.want < 0) || c.want >= 0 && !bytes.Equal(out.b, data[:c.want]) {
				t.Errorf("%d bytes, full: %v", len(out.b), out.full)
			}
		})
	}
	cut := &capped{limit: 1 << 30}
	if err := inflate(cut, packed[:len(packed)-2000]); err != nil || len(cut.b) <= inflateBlind-1<<20 || !bytes.HasPrefix(data, cut.b) {
		t.Errorf("%d bytes of a stream that is cut, %v", len(cut.b), err)
	}
}
