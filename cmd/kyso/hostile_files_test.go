package main

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"slices"
	"strings"
)

// hostile is a file of section 4.2 of reliability.md: signed says whether it
// has the remains of a signature too, so that verify looks at everything.
type hostile struct {
	row, name string
	make      func(signed bool) []byte
}

// hostileDoc is a small document. Object 4 is what a row is about: the
// resources and the annotations of the page and the defaults of the form.
type hostileDoc struct {
	objects map[int]string // replace or add
	trailer string
	size    string // of the trailer; "": the right one
	after   string // behind the table, before the trailer
}

func (d hostileDoc) bytes(signed bool) []byte {
	objects := map[int]string{
		1: "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Names 4 0 R>>", 2: "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		3: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Resources 4 0 R/Annots 4 0 R/Contents 4 0 R>>", 4: "null",
		5: "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange[0 10 20 30]/Contents<30820001>>>",
		6: "<</Fields[]/DR 4 0 R>>", 7: "<</FT/Sig/T(S)/V 5 0 R>>",
	}
	if signed {
		objects[6] = "<</Fields[7 0 R]/DR 4 0 R>>"
	} else {
		delete(objects, 5)
		delete(objects, 7)
	}
	for n, body := range d.objects {
		objects[n] = body
	}
	var numbers []int
	for n := range objects {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	var rows strings.Builder
	for i, n := range numbers {
		if i == 0 || numbers[i-1] != n-1 { // a subsection
			run := i
			for run+1 < len(numbers) && numbers[run+1] == numbers[run]+1 {
				run++
			}
			fmt.Fprintf(&rows, "%d %d\n", n, run-i+1)
		}
		fmt.Fprintf(&rows, "%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", n, objects[n])
	}
	size := d.size
	if size == "" {
		size = fmt.Sprint(numbers[len(numbers)-1] + 1)
	}
	at := b.Len()
	fmt.Fprintf(&b, "xref\n0 1\n0000000000 65535 f \n%s%strailer\n<</Size %s/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n",
		rows.String(), d.after, size, strings.ReplaceAll(d.trailer, "SELF", fmt.Sprint(at)), at)
	return b.Bytes()
}

// body is a document about one object.
func body(s string) func(bool) []byte {
	return func(signed bool) []byte { return hostileDoc{objects: map[int]string{4: s}}.bytes(signed) }
}

// zeros is n zero bytes, deflated.
func zeros(n int64) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = io.CopyN(w, zeroReader{}, n) // memory does not fail
	_ = w.Close()
	return b.String()
}

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// stream is a stream object with a right /Length.
func stream(dict, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", dict, len(data), data)
}

// xrefOnly is a file that is a cross-reference stream.
func xrefOnly(dict, data string) func(bool) []byte {
	return func(bool) []byte {
		head := "%PDF-1.7\n"
		return fmt.Appendf(nil, "%s1 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n", head, stream("/Type/XRef/Root 2 0 R"+dict, data), len(head))
	}
}

// packed is a document whose object 4 is said to be in the object stream 9.
func packed(dict, data string) func(bool) []byte {
	return func(signed bool) []byte {
		b := hostileDoc{objects: map[int]string{9: stream("/Type/ObjStm"+dict, data)}}.bytes(signed)
		at := len(b)
		row := "\x02\x00\x09\x00"
		section := stream(fmt.Sprintf("/Type/XRef/Root 1 0 R/Size 12/W[1 2 1]/Index[4 1]/Prev %s", lastNumber(b)), row)
		return fmt.Appendf(b, "11 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n", section, at)
	}
}

// lastNumber is that of the last startxref.
func lastNumber(b []byte) string {
	fields := bytes.Fields(b[bytes.LastIndex(b, []byte("startxref")):])
	return string(fields[1])
}

// many joins n texts.
func many(n int, f func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(f(i))
	}
	return b.String()
}

// chain is a document with objects from 10 on.
func chain(first string, n int, f func(i int) string) func(bool) []byte {
	return func(signed bool) []byte {
		d := hostileDoc{objects: map[int]string{4: first}}
		for i := range n {
			d.objects[10+i] = f(10 + i)
		}
		return d.bytes(signed)
	}
}

// pages replaces the page tree.
func pages(n int, f func(i int) string) func(bool) []byte {
	return func(signed bool) []byte {
		d := hostileDoc{objects: map[int]string{2: "<</Type/Pages/Kids[10 0 R]/Count 1>>"}}
		for i := range n {
			d.objects[10+i] = f(10 + i)
		}
		return d.bytes(signed)
	}
}

// fields replaces the fields of the form.
func fields(n int, f func(i int) string) func(bool) []byte {
	return func(signed bool) []byte {
		d := hostileDoc{objects: map[int]string{6: "<</Fields[10 0 R]>>"}}
		for i := range n {
			d.objects[10+i] = f(10 + i)
		}
		return d.bytes(signed)
	}
}

// revisions appends n updates of an object that nothing uses.
func revisions(n int) func(bool) []byte {
	return func(signed bool) []byte {
		b := hostileDoc{}.bytes(signed)
		prev := lastNumber(b)
		for i := range n {
			at := len(b)
			b = fmt.Appendf(b, "8 0 obj\n%d\nendobj\n", i)
			table := len(b)
			b = fmt.Appendf(b, "xref\n8 1\n%010d 00000 n \ntrailer\n<</Size 9/Root 1 0 R/Prev %s>>\nstartxref\n%d\n%%%%EOF\n", at, prev, table)
			prev = fmt.Sprint(table)
		}
		return b
	}
}

func repeat(s string, n int) string { return strings.Repeat(s, n) }

// after appends to a sound document.
func after(s string) func(bool) []byte {
	return func(signed bool) []byte { return append(hostileDoc{}.bytes(signed), s...) }
}

func doc(d hostileDoc) func(bool) []byte { return d.bytes }

// hostileFiles are the rows that are files.
func hostileFiles() []hostile {
	const gigabytes = 2 << 30
	bomb := zeros(gigabytes)
	kids := func(i int) string { return fmt.Sprintf("<</Type/Pages/Kids[%d 0 R %d 0 R]/Count 9>>", i+1, i+1) }
	xml := `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">` + many(9, func(i int) string {
		return fmt.Sprintf(`<!ENTITY %c "%s">`, 'b'+i, repeat(fmt.Sprintf("&%c;", 'a'+i), 10))
	}) + `<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&j;&f;</x>`
	return []hostile{
		{"Z01", "arrays", body(repeat("[", 1e5) + repeat("]", 1e5))},
		{"Z02", "more arrays", body(repeat("[", 1e6))},
		{"Z03", "dictionaries", body(repeat("<</A", 2e5))},
		{"Z03", "in the trailer", doc(hostileDoc{trailer: "/A" + repeat("[", 1e5)})},
		{"Z04", "parentheses", body(repeat("(", 1e6) + repeat(")", 1e6))},
		{"Z05", "Prev to itself", doc(hostileDoc{trailer: "/Prev SELF"})},
		{"Z06", "page loop", pages(2, func(i int) string { return fmt.Sprintf("<</Type/Pages/Kids[%d 0 R]/Count 1>>", 21-i) })},
		{"Z07", "page fan-out", pages(40, kids)},
		{"Z08", "Size", doc(hostileDoc{size: "2147483648"})},
		{"Z09", "object number", doc(hostileDoc{after: "100000000000000000000 1\n0000000009 00000 n \n"})},
		{"Z09", "reference", body("[100000000000000000000 0 R]")},
		{"Z10", "xref bomb", xrefOnly("/W[1 4 2]/Size 10/Filter/FlateDecode", bomb)},
		{"Z11", "Index", xrefOnly("/W[1 2 1]/Size 2147483647/Index[0 2147483647]", "\x01\x00\x09\x00")},
		{"Z12", "W", xrefOnly("/W[2147483647 2147483647 2147483647]/Size 10", "\x01\x00\x09\x00")},
		{"Z13", "ObjStm N", packed("/N 1000000000/First 4", "4 0 null")},
		{"Z14", "ObjStm bomb", packed("/N 1/First 4/Filter/FlateDecode", bomb)},
		{"Z15", "ObjStm extends itself", packed("/N 1/First 4/Extends 9 0 R", "7 0 null")},
		{"Z16", "Flate twice", packed("/N 1/First 4/Filter[/FlateDecode/FlateDecode]", twice(bomb))},
		{"Z16", "contents", body(stream("/Filter[/FlateDecode/FlateDecode]", twice(bomb)))},
		{"Z17", "filters", body(stream("/Filter["+repeat("/FlateDecode", 1e5)+"]", "x"))},
		{"Z18", "predictor", body(stream("/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 2147483648>>", zeros(1000)))},
		{"Z18", "predictor of an xref", xrefOnly("/W[1 2 1]/Size 9/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 2147483648>>", zeros(1000))},
		{"Z19", "length", body("<</Length 4 0 R>>stream\nx\nendstream")},
		{"Z19", "lengths", chain("<</Length 10 0 R>>stream\nx\nendstream", 1000, func(i int) string { return fmt.Sprintf("<</Length %d 0 R>>stream\nx\nendstream", i+1) })},
		{"Z20", "field loop", fields(2, func(i int) string { return fmt.Sprintf("<</T(a)/Kids[%d 0 R]>>", 21-i) })},
		{"Z20", "field fan-out", fields(40, func(i int) string { return fmt.Sprintf("<</T(a)/Kids[%d 0 R %d 0 R]>>", i+1, i+1) })},
		{"Z21", "field depth", fields(100_000, func(i int) string { return fmt.Sprintf("<</T(a)/Kids[%d 0 R]>>", i+1) })},
		{"Z22", "pages", millionPages},
		{"Z23", "revisions", revisions(1000)},
		{"Z24", "more revisions", revisions(10_000)},
		{"Z25", "EOF", after(repeat("%%EOF\n", 2e6))},
		{"Z26", "startxref", after(repeat("startxref\n", 2e5))},
		{"Z27", "Contents", longContents},
		{"Z28", "pages that are all resources", body("<<" + many(200_000, func(i int) string { return fmt.Sprintf("/K%d 4 0 R", i) }) + ">>")},
		{"Z28", "streams without end", chain("null", 5000, func(int) string { return "<</Length 99999999>>stream\n" })},
		{"Z30", "XML", body(stream("/Type/Metadata/Subtype/XML", xml))},
		{"Z31", "Encrypt as a string", doc(hostileDoc{trailer: "/Encrypt(x)/ID[(a)(b)]"})},
		{"Z31", "unknown handler", doc(hostileDoc{trailer: "/Encrypt<</Filter/Foo.Bar/V 1>>/ID[(a)(b)]"})},
		{"Z31", "damaged handler", doc(hostileDoc{trailer: "/Encrypt<</Filter/Standard/V 5/R 6/O(a)/U(b)/OE(c)/UE(d)/P 1>>/ID[(a)(b)]"})},
	}
}

func twice(deflated string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = io.WriteString(w, deflated) // memory does not fail
	_ = w.Close()
	return b.String()
}

func millionPages(signed bool) []byte {
	const n = 1_000_000
	d := hostileDoc{objects: map[int]string{}}
	d.objects[2] = fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", n, many(n, func(i int) string { return fmt.Sprintf("%d 0 R ", 10+i) }))
	for i := range n {
		d.objects[10+i] = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
	}
	return d.bytes(signed)
}

// longContents has a signature whose container is 200 MB long.
func longContents(signed bool) []byte {
	d := hostileDoc{objects: map[int]string{5: "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange[0 10 20 30]/Contents<" + repeat("0", 200<<20) + ">>>"}}
	if !signed {
		d.objects[4] = "<</A 5 0 R>>"
	}
	return d.bytes(signed)
}
