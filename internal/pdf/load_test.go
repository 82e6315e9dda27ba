package pdf

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// withObject is a file whose object 4 stands as given, from "4 0 obj" on.
func withObject(text string) *docGen {
	g := newDoc("%PDF-1.7\n").basic()
	g.row(4, genRow{off: g.at()}).put("%s", text)
	return g
}

func TestGet(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     Object
		err      string
	}{
		{"plain", "4 0 obj 12 endobj\n", Integer(12), ""},
		{"no space", "4 0 obj(a)endobj\n", String{Value: "a"}, ""},
		{"comment in the middle", "4 0 obj % c\n12 % d\nendobj\n", Integer(12), ""},
		{"empty", "4 0 obj endobj\n", nil, ""},
		{"no endobj before an object", "4 0 obj 12\n5 0 obj 1 endobj\n", Integer(12), ""},
		{"no endobj before xref", "4 0 obj (x)\n", String{Value: "x"}, ""},
		{"reference as value", "4 0 obj 3 0 R endobj\n", Ref{3, 0}, ""},
		{"another number", "5 0 obj 12 endobj\n", nil, "stands where"},
		{"another generation", "4 1 obj 12 endobj\n", nil, "stands where"},
		{"no obj", "4 0 obi 12 endobj\n", nil, "no object"},
		{"garbage", "hello\n", nil, "no object"},
		{"object number 10^20", "100000000000000000000 0 obj 12 endobj\n", nil, "no object"},
		{"garbage behind", "4 0 obj 12 (x) endobj\n", nil, "no endobj"},
		{"two values", "4 0 obj <</A 1>> <</B 2>> endobj\n", nil, "no endobj"},
		{"unfinished", "4 0 obj << /A endobj\n", nil, "unknown word"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := withObject(c.in).table("").open(t)
			got, err := f.Get(Ref{4, 0})
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) || !Damaged(err) {
					t.Errorf("got %v, %v, want an error with %q", got, err, c.err)
				}
				return
			}
			if err != nil || !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %v, %v, want %v", got, err, c.want)
			}
		})
	}
}

func TestGetAbsent(t *testing.T) {
	g := newDoc("%PDF-1.7\n").basic().obj(4, "(gone)").obj(5, "(kept)").table("")
	g.row(4, genRow{free: true, gen: 1})
	g.row(6, genRow{off: g.at(), gen: 3}).put("6 3 obj (six) endobj\n")
	g.row(7, genRow{off: 0}).row(8, genRow{off: 1 << 30})
	f := g.table("").open(t)
	for _, c := range []struct {
		name string
		ref  Ref
		want Object
		err  bool
	}{
		{"free", Ref{4, 0}, nil, false},
		{"free, new generation", Ref{4, 1}, nil, false},
		{"never defined", Ref{99, 0}, nil, false},
		{"object 0", Ref{0, 0}, nil, false},
		{"highest number", Ref{1<<32 - 1, 0}, nil, false},
		{"generation 3", Ref{6, 3}, String{Value: "six"}, false},
		{"another generation", Ref{6, 0}, nil, false},
		{"another generation, cached", Ref{6, 1}, nil, false},
		{"offset 0", Ref{7, 0}, nil, false},
		{"offset out of the file", Ref{8, 0}, nil, true},
		{"old revision", Ref{5, 0}, String{Value: "kept"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := f.Get(c.ref)
			if (err != nil) != c.err || got != c.want {
				t.Errorf("got %v, %v, want %v", got, err, c.want)
			}
		})
	}
}

// TestStreamData checks where a stream's data is found to be.
func TestStreamData(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"LF", "4 0 obj<</Length 4>>stream\nDATA\nendstream endobj\n", "DATA"},
		{"CR LF", "4 0 obj<</Length 4>>stream\r\nDATA\r\nendstream\r\nendobj\n", "DATA"},
		{"CR", "4 0 obj<</Length 4>>stream\rDATA\rendstream\rendobj\n", "DATA"},
		{"space before the line end", "4 0 obj<</Length 4>>stream \nDATA\nendstream endobj\n", "DATA"},
		{"no line end before endstream", "4 0 obj<</Length 4>>stream\nDATAendstream endobj\n", "DATA"},
		{"data ends in a line end", "4 0 obj<</Length 5>>stream\nDATA\n\nendstream endobj\n", "DATA\n"},
		{"empty", "4 0 obj<</Length 0>>stream\nendstream endobj\n", ""},
		{"length too small", "4 0 obj<</Length 2>>stream\nDATA\nendstream endobj\n", "DATA"},
		{"length too large", "4 0 obj<</Length 900>>stream\nDATA\r\nendstream endobj\n", "DATA"},
		{"length huge", "4 0 obj<</Length 9223372036854775807>>stream\nDATA\rendstream endobj\n", "DATA"},
		{"length negative", "4 0 obj<</Length -1>>stream\nDATA\nendstream endobj\n", "DATA"},
		{"no length", "4 0 obj<<>>stream\nDATA\nendstream endobj\n", "DATA"},
		{"length is a string", "4 0 obj<</Length (4)>>stream\nDATA\nendstream endobj\n", "DATA"},
		{"length elsewhere", "4 0 obj<</Length 5 0 R>>stream\nDATA\nendstream endobj\n", "DATA"},
		{"length is the stream", "4 0 obj<</Length 4 0 R>>stream\nDATA\nendstream endobj\n", "DATA"},
		{"length is absent", "4 0 obj<</Length 77 0 R>>stream\nDATA\nendstream endobj\n", "DATA"},
		{"endstream in the data", "4 0 obj<</Length 16>>stream\nDATA endstream  \nendstream endobj\n", "DATA endstream  "},
		{"no endobj", "4 0 obj<</Length 4>>stream\nDATA\nendstream\n", "DATA"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := withObject(c.in).obj(5, "4").table("")
			f := g.open(t)
			e, _, _, err := f.hist.lookup(f.sh, f.top, 4)
			if err != nil {
				t.Fatal(err)
			}
			in, err := f.parseAt(e.where, Ref{4, 0}, 0)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(g.bytes()[in.stream.Start:in.stream.End]); got != c.want {
				t.Errorf("data %q, want %q", got, c.want)
			}
			if _, err := f.Stream(Ref{4, 0}); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("endstream of the next object is not taken", func(t *testing.T) {
		f := withObject("4 0 obj<<>>stream\nDATA\nendobj\n").stream(5, "", "data").table("").open(t)
		if o, err := f.Get(Ref{4, 0}); !Damaged(err) {
			t.Errorf("got %v, %v", o, err)
		}
	})
	t.Run("endstream across blocks", func(t *testing.T) {
		for shift := range 30 {
			data := strings.Repeat("x", blockSize-shift)
			g := withObject(fmt.Sprintf("4 0 obj<<>>stream\n%s\nendstream endobj\n", data)).table("")
			f := g.open(t)
			e, _, _, _ := f.hist.lookup(f.sh, f.top, 4)
			in, err := f.parseAt(e.where, Ref{4, 0}, 0)
			if err != nil || in.stream.End-in.stream.Start != int64(len(data)) {
				t.Fatalf("shift %d: %+v, %v", shift, in.stream, err)
			}
		}
	})
}

func TestResolve(t *testing.T) {
	g := newDoc("%PDF-1.7\n").basic()
	for i := range uint32(100) {
		g.obj(4+i, fmt.Sprintf("%d 0 R", 5+i))
	}
	g.obj(104, "(end)").obj(105, "105 0 R").stream(106, "", "data").obj(107, "[1]").obj(108, "/N").obj(109, "109")
	f := g.table("").open(t)
	if o, err := f.Resolve(Ref{90, 0}); err != nil || o != (String{Value: "end"}) {
		t.Errorf("a short chain gives %v, %v", o, err)
	}
	for _, ref := range []Ref{{4, 0}, {105, 0}} {
		if o, err := f.Resolve(ref); err == nil || !strings.Contains(err.Error(), LimitRefChain) {
			t.Errorf("%v gives %v, %v", ref, o, err)
		}
	}
	check := func(name string, want string, v any, err error) {
		t.Helper()
		got := fmt.Sprint(v)
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	d, err := f.Dict(Ref{104, 0})
	check("dict of string", "object 104 0: a dictionary expected, a string found", d, err)
	d, err = f.Dict(Ref{999, 0})
	check("dict of nothing", "<nil>", d, err)
	d, err = f.Dict(nil)
	check("dict of null", "<nil>", d, err)
	a, err := f.Array(Ref{107, 0})
	check("array", "[1]", a, err)
	a, err = f.Array(Name("x"))
	check("array of name", "an array expected, a name found", a, err)
	n, err := f.Name(Ref{108, 0})
	check("name", "N", n, err)
	i, err := f.Int(Ref{109, 0})
	check("integer", "109", i, err)
	i, err = f.Int(Real(1.5))
	check("integer of real", "a number found", i, err)
	_, err = f.Stream(Ref{106, 0})
	check("stream", "", "", err)
	_, err = f.Stream(Ref{107, 0})
	check("stream of array", "a stream expected, an array found", "", err)
}

func TestLocate(t *testing.T) {
	g := newDoc("%PDF-1.5\n").basic().obj(4, "(one)").table("")
	g.objStream(5, "", []uint32{6, 7}, "(six)", "(seven)").xrefStream(8, "")
	g.obj(4, "(two)").row(6, genRow{free: true, gen: 1}).table("")
	data := g.bytes()
	f := mustOpen(t, data)
	loc, ok, err := f.Locate(Ref{4, 0})
	if err != nil || !ok || loc.Revision != 2 || string(data[loc.Offset:loc.End]) != "4 0 obj\n(two)\nendobj" {
		t.Errorf("object 4: %+v, %v, %v", loc, ok, err)
	}
	loc, ok, err = f.Locate(Ref{7, 0})
	if err != nil || !ok || loc.InStream != (Ref{5, 0}) || loc.Index != 1 || loc.Revision != 1 || loc.End != 0 ||
		!bytes.HasPrefix(data[loc.Offset:], []byte("5 0 obj")) {
		t.Errorf("object 7: %+v, %v, %v", loc, ok, err)
	}
	loc, ok, err = f.Locate(Ref{6, 1})
	if err != nil || !ok || !loc.Free || loc.Revision != 2 {
		t.Errorf("object 6: %+v, %v, %v", loc, ok, err)
	}
	loc, ok, err = f.Locate(Ref{1, 0})
	if err != nil || !ok || loc.Revision != 0 {
		t.Errorf("object 1: %+v, %v, %v", loc, ok, err)
	}
	for _, ref := range []Ref{{99, 0}, {4, 1}, {7, 1}} {
		if loc, ok, err := f.Locate(ref); ok || err != nil {
			t.Errorf("%v: %+v, %v", ref, loc, err)
		}
	}
}

func TestObjectStreams(t *testing.T) {
	base := func() *docGen { return newDoc("%PDF-1.5\n").basic() }
	for _, c := range []struct {
		name string
		data []byte
		want Object
		err  string
	}{
		{"plain", base().objStream(5, "", []uint32{4}, "(four)").xrefStream(6, "").bytes(), String{Value: "four"}, ""},
		{"reference in the stream", base().objStream(5, "", []uint32{4}, "3 0 R").xrefStream(6, "").bytes(), Ref{3, 0}, ""},
		{"nothing in its place", base().objStream(5, "", []uint32{7, 4}, "7", "").xrefStream(6, "").bytes(), nil, ""},
		{"wrong index", base().objStream(5, "", []uint32{8, 9, 4}, "8", "9", "(four)").
			row(4, genRow{stream: 5, gen: 0}).xrefStream(6, "").bytes(), String{Value: "four"}, ""},
		{"index out of range", base().objStream(5, "", []uint32{8, 9, 4}, "8", "9", "(four)").
			row(4, genRow{stream: 5, gen: 900}).xrefStream(6, "").bytes(), String{Value: "four"}, ""},
		{"wrong index, twice there", base().objStream(5, "", []uint32{8, 4, 4}, "8", "(a)", "(b)").
			row(4, genRow{stream: 5, gen: 0}).xrefStream(6, "").bytes(), nil, "twice"},
		{"not in the stream", base().objStream(5, "", []uint32{8}, "8").
			row(4, genRow{stream: 5}).xrefStream(6, "").bytes(), nil, "not in object stream"},
		{"extends", base().objStream(7, "", []uint32{4}, "(four)").objStream(5, "/Extends 7 0 R", []uint32{8}, "8").
			row(4, genRow{stream: 5}).xrefStream(6, "").bytes(), String{Value: "four"}, ""},
		{"stream is missing", base().row(4, genRow{stream: 5}).xrefStream(6, "").bytes(), nil, "missing"},
		{"stream is a dictionary", base().obj(5, "<</Type/ObjStm>>").row(4, genRow{stream: 5}).xrefStream(6, "").bytes(), nil, "no object stream"},
		{"stream is of another type", base().stream(5, "/N 1/First 4", "4 0 (x)").row(4, genRow{stream: 5}).xrefStream(6, "").bytes(), nil, "no object stream"},
		{"stream in itself", base().row(5, genRow{stream: 5}).row(4, genRow{stream: 5}).xrefStream(6, "").bytes(), nil, "missing"},
		{"first too large", base().stream(5, "/Type/ObjStm/N 1/First 400", "4 0 (x)").row(4, genRow{stream: 5}).xrefStream(6, "").bytes(), nil, "fit"},
		{"negative N", base().stream(5, "/Type/ObjStm/N -1/First 4", "4 0 (x)").row(4, genRow{stream: 5}).xrefStream(6, "").bytes(), nil, "fit"},
		{"offset out of the stream", base().stream(5, "/Type/ObjStm/N 1/First 6", "4 90  (x)").row(4, genRow{stream: 5}).xrefStream(6, "").bytes(), nil, "malformed"},
		{"index is no number", base().stream(5, "/Type/ObjStm/N 1/First 4", "4 x (x)").row(4, genRow{stream: 5}).xrefStream(6, "").bytes(), nil, "malformed"},
		{"two at one place", base().stream(5, "/Type/ObjStm/N 2/First 8", "4 0 8 0 (x)").row(4, genRow{stream: 5}).xrefStream(6, "").bytes(), nil, "one place"},
		{"object reaches into the next", base().stream(5, "/Type/ObjStm/N 2/First 8", "4 0 8 2 (ab)").row(4, genRow{stream: 5}).xrefStream(6, "").bytes(), nil, "without end"},
		{"out of order", base().stream(5, "/Type/ObjStm/N 2/First 8", "4 3 8 0 1  (four)").row(4, genRow{stream: 5}).xrefStream(6, "").bytes(), String{Value: "four"}, ""},
		{"damaged data", base().stream(5, "/Type/ObjStm/N 1/First 4/Filter/FlateDecode", "4 0 (x)").row(4, genRow{stream: 5}).xrefStream(6, "").bytes(), nil, "pdf:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := mustOpen(t, c.data)
			for range 2 { // parsed, then cached
				got, err := f.Get(Ref{4, 0})
				if c.err != "" {
					if err == nil || !strings.Contains(err.Error(), c.err) {
						t.Errorf("got %v, %v, want an error with %q", got, err, c.err)
					}
					continue
				}
				if err != nil || !reflect.DeepEqual(got, c.want) {
					t.Errorf("got %v, %v, want %v", got, err, c.want)
				}
			}
			if o, err := f.Get(Ref{4, 1}); o != nil || err != nil {
				t.Errorf("generation 1 is %v, %v", o, err)
			}
		})
	}
}
