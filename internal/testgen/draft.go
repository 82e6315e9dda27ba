package testgen

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// draft is a file in the making, revision by revision. It knows how files are
// put together, and leaves to each maker how its program writes them. It shares
// no code with package pdf, whose reader is tried on the result.
type draft struct {
	data []byte
	next int // the first free object number
	xref int // where the newest cross-reference section is
}

func newDraft(header string, next int) *draft { return &draft{data: []byte(header), next: next} }

// alloc gives free object numbers.
func (d *draft) alloc() int { d.next++; return d.next - 1 }

// numbered is the text of an object with its number.
type numbered struct {
	num  int
	text string
}

// position is where an object stands: at an offset, or in an object stream.
type position struct{ offset, stream, index int }

type positions map[int]position

func (p positions) add(more positions) { maps.Copy(p, more) }

// body appends objects in a frame like "%d 0 obj\n%s\nendobj\n".
func (d *draft) body(frame string, list []numbered) positions {
	at := positions{}
	for _, o := range list {
		at[o.num] = position{offset: len(d.data)}
		d.data = fmt.Appendf(d.data, frame, o.num, o.text)
	}
	return at
}

// end appends the text of a section that begins here, and what points to it.
func (d *draft) end(section, eol string) {
	d.xref = len(d.data)
	d.data = append(d.data, section...)
	d.data = fmt.Appendf(d.data, "startxref%s%d%s%%%%EOF%s", eol, d.xref, eol, eol)
}

// runs are the first numbers of rows of objects, with their lengths.
func (p positions) runs() (list [][2]int) {
	for _, n := range slices.Sorted(maps.Keys(p)) {
		if k := len(list) - 1; k >= 0 && list[k][0]+list[k][1] == n {
			list[k][1]++
			continue
		}
		list = append(list, [2]int{n, 1})
	}
	return list
}

// table is a cross-reference table whose rows end in two bytes. With zero it
// has the row of object 0, together with object 1 where that is there.
func (p positions) table(rowEnd string, zero bool) string {
	eol := strings.TrimLeft(rowEnd, " ")
	var b strings.Builder
	b.WriteString("xref" + eol)
	all := p
	if zero {
		all = maps.Clone(p)
		all[0] = position{}
	}
	for _, run := range all.runs() {
		fmt.Fprintf(&b, "%d %d%s", run[0], run[1], eol)
		for n := run[0]; n < run[0]+run[1]; n++ {
			if n == 0 {
				b.WriteString("0000000000 65535 f" + rowEnd)
				continue
			}
			fmt.Fprintf(&b, "%010d 00000 n%s", p[n].offset, rowEnd)
		}
	}
	return b.String()
}

// rows are the rows of a cross-reference stream of widths 1, 4 and 1.
func (p positions) rows() (rows [][]byte) {
	for _, n := range slices.Sorted(maps.Keys(p)) {
		at, kind := p[n], byte(1)
		second := at.offset
		switch {
		case n == 0:
			kind, second = 0, 0
		case at.stream != 0:
			kind, second = 2, at.stream
		}
		rows = append(rows, []byte{kind, byte(second >> 24), byte(second >> 16), byte(second >> 8), byte(second), byte(at.index)})
	}
	return rows
}

// index is the /Index of a cross-reference stream.
func (p positions) index() string {
	var list []string
	for _, run := range p.runs() {
		list = append(list, fmt.Sprintf("%d %d", run[0], run[1]))
	}
	return "[" + strings.Join(list, " ") + "]"
}

// deflated is a stream object with /FlateDecode. Entries of dict come first.
func deflated(dict string, data []byte, eol string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write(data) // to memory
	_ = w.Close()
	return fmt.Sprintf("<<%s/Filter/FlateDecode/Length %d>>stream\r\n%s%sendstream", dict, b.Len(), b.Bytes(), eol)
}

// predicted are rows as predictor 12 (up) writes them. ISO 32000-2, 7.4.4.4.
func predicted(rows [][]byte) []byte {
	var out []byte
	var above []byte
	for _, row := range rows {
		out = append(out, 2)
		for i, c := range row {
			if above != nil {
				c -= above[i]
			}
			out = append(out, c)
		}
		above = row
	}
	return out
}

// packed is an object stream of num with these objects.
func packed(num int, list []numbered, eol string) (numbered, positions) {
	var head, body strings.Builder
	at := positions{}
	for i, o := range list {
		fmt.Fprintf(&head, "%d %d ", o.num, body.Len())
		body.WriteString(o.text + "\n")
		at[o.num] = position{stream: num, index: i}
	}
	text := deflated(fmt.Sprintf("/First %d/N %d/Type/ObjStm", head.Len(), len(list)), []byte(head.String()+body.String()), eol)
	return numbered{num, text}, at
}

// streamText is a stream object without a filter.
func streamText(dict, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>stream\r\n%s\r\nendstream", dict, len(data), data)
}

func refs(numbers ...int) string {
	var list []string
	for _, n := range numbers {
		list = append(list, fmt.Sprintf("%d 0 R", n))
	}
	return "[" + strings.Join(list, " ") + "]"
}

// idOf makes a file identifier from a name.
func idOf(name string) string {
	sum := sha256.Sum256([]byte("kyso testgen " + name))
	return strings.ToUpper(hex.EncodeToString(sum[:16]))
}

// hole is the room for a signature in the text of its dictionary.
type hole struct {
	format string // of the range, as "[0 %d %d %d]"
	width  int    // of the range with the spaces behind it
	room   int    // bytes of the container
	digits string // "%x" or "%X"
}

func (h hole) byteRange() string { return "@" + strings.Repeat("r", h.width-1) }

func (h hole) contents() string { return "<" + strings.Repeat("c", 2*h.room) + ">" }

// fill signs what is there and puts range and container into the hole.
func (d *draft) fill(h hole, build func(content []byte) []byte) error {
	mark := []byte(h.contents())
	from := bytes.LastIndex(d.data, mark)
	to := from + len(mark)
	text := fmt.Sprintf(h.format, from, to, len(d.data)-to)
	at := bytes.LastIndex(d.data, []byte(h.byteRange()))
	if from < 0 || at < 0 || len(text) > h.width {
		return fmt.Errorf("testgen: no room for the range %s", text)
	}
	copy(d.data[at:], text+strings.Repeat(" ", h.width-len(text)))
	digits := fmt.Sprintf(h.digits, build(slices.Concat(d.data[:from], d.data[to:])))
	if len(digits) > 2*h.room {
		return fmt.Errorf("testgen: %d digits for a room of %d bytes", len(digits), h.room)
	}
	copy(d.data[from+1:], digits+strings.Repeat("0", 2*h.room-len(digits)))
	return nil
}
