package rewrite

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
)

// Limits of a search.
const (
	maxSalvaged    = 8_388_607 // object numbers; ISO 32000-1, annex C.2
	maxSalvageData = 256 << 20 // decoded bytes of all object streams
	maxHeaderJunk  = 64 << 10  // before %PDF-
	maxBackward    = 64        // white space before obj and between its numbers
	maxDictText    = 64 << 10  // of a stream's dictionary
)

// found is where an object stands.
type found struct {
	offset int // of "n g obj", or of nothing when in a stream
	gen    int
	stream int // number of the object stream, 0: none
	index  int
}

// salvager finds objects by their "n g obj", since pdfcpu, which does so too,
// finds none in object streams and no catalog without the word trailer.
type salvager struct {
	data    []byte
	objects map[int]found
	root    [2]int // number and generation of the last catalog
	budget  int64
	current int // the object whose text is looked at
	start   int // of that text
}

// salvage returns data with an xref stream at the end that leads to all
// objects; nil when none is found. The last of several with a number counts.
func salvage(data []byte) []byte {
	at := bytes.Index(data[:min(len(data), maxHeaderJunk)], []byte("%PDF-"))
	if at < 0 {
		data = append([]byte("%PDF-1.7\n"), data...)
	} else {
		data = data[at:]
	}
	s := &salvager{data: data, objects: map[int]found{}, budget: maxSalvageData}
	s.scan()
	s.findRoot()
	if len(s.objects) == 0 || s.root[0] == 0 {
		return nil
	}
	return s.xref()
}

// scan goes once over the file, from keyword to keyword.
func (s *salvager) scan() {
	obj, stream := -1, -1
	for pos := 0; ; {
		obj, stream = s.next(obj, pos, "obj"), s.next(stream, pos, "stream")
		at := min(obj, stream)
		if at >= len(s.data) {
			s.leave(len(s.data))
			return
		}
		if at == stream {
			pos = s.stream(at)
			continue
		}
		if num, gen, from, ok := s.header(at); ok {
			s.leave(from)
			s.objects[num] = found{offset: from, gen: gen}
			s.current, s.start = num, at+3
		}
		pos = at + 3
	}
}

// next is the place of word at or after pos; was is the last that was found.
func (s *salvager) next(was, pos int, word string) int {
	if was >= pos {
		return was
	}
	if i := bytes.Index(s.data[pos:], []byte(word)); i >= 0 {
		return pos + i
	}
	return len(s.data)
}

// header reads backwards the numbers before an obj.
func (s *salvager) header(at int) (num, gen, from int, ok bool) {
	gen, from, ok = s.numberBefore(at, 5)
	if !ok || from == 0 || !space(s.data[from-1]) {
		return 0, 0, 0, false
	}
	num, from, ok = s.numberBefore(from, 10)
	if !ok || num < 1 || num > maxSalvaged || gen > 65535 {
		return 0, 0, 0, false
	}
	before := s.data[max(0, from-len("endobj")):from]
	if from > 0 && !space(s.data[from-1]) && s.data[from-1] != '>' && string(before) != "endobj" {
		return 0, 0, 0, false
	}
	return num, gen, from, true
}

// numberBefore reads a number of few digits before at and some white space.
func (s *salvager) numberBefore(at, digits int) (n, from int, ok bool) {
	end := at
	for end > max(0, at-maxBackward) && space(s.data[end-1]) {
		end--
	}
	from = end
	for from > 0 && s.data[from-1] >= '0' && s.data[from-1] <= '9' && end-from <= digits {
		from--
	}
	if from == end || end-from > digits {
		return 0, 0, false
	}
	n, err := strconv.Atoi(string(s.data[from:end]))
	return n, from, err == nil
}

// space tells white space (ISO 32000-2, table 1).
func space(b byte) bool {
	return b == 0 || b == '\t' || b == '\n' || b == '\f' || b == '\r' || b == ' '
}

var (
	catalog    = lazy(`/Type\s*/Catalog\b`)
	lengthKey  = lazy(`/Length\s+(\d{1,12})(\s+\d+\s+R)?`)
	objStm     = lazy(`/Type\s*/ObjStm\b`)
	countKey   = lazy(`/N\s+(\d{1,7})`)
	firstKey   = lazy(`/First\s+(\d{1,9})`)
	rootKey    = lazy(`^/Root\s+(\d{1,7})\s+(\d{1,5})\s+R`)
	otherCodec = lazy(`/(DecodeParms|DP|ASCII85Decode|ASCIIHexDecode|LZWDecode|RunLengthDecode|Crypt)\b`)
)

// leave looks at the text of the object that ends at end.
func (s *salvager) leave(end int) {
	if s.current == 0 {
		return
	}
	text := s.data[s.start:max(s.start, min(end, s.start+maxDictText))]
	if catalog().Match(text) {
		s.root = [2]int{s.current, s.objects[s.current].gen}
	}
	s.current = 0
}

// stream passes over a stream and returns where to go on.
func (s *salvager) stream(at int) int {
	body := at + len("stream")
	if s.current == 0 || at >= 3 && string(s.data[at-3:at]) == "end" {
		return body
	}
	dict := s.data[max(s.start, at-maxDictText):at]
	switch rest := s.data[body:]; {
	case bytes.HasPrefix(rest, []byte("\r\n")):
		body += 2
	case bytes.HasPrefix(rest, []byte("\n")), bytes.HasPrefix(rest, []byte("\r")):
		body++
	default:
		return body // a word in a text
	}
	end := s.bodyEnd(body, dict)
	num := s.current
	s.leave(at)
	if objStm().Match(dict) {
		s.unpack(num, dict, s.data[body:end])
	}
	return end
}

// bodyEnd believes /Length when endstream follows there.
func (s *salvager) bodyEnd(body int, dict []byte) int {
	if m := lengthKey().FindSubmatch(dict); m != nil && m[2] == nil {
		n, err := strconv.Atoi(string(m[1]))
		if err == nil && n <= len(s.data)-body {
			rest := s.data[body+n : min(len(s.data), body+n+16)]
			if bytes.HasPrefix(bytes.TrimLeft(rest, "\r\n \t"), []byte("endstream")) {
				return body + n
			}
		}
	}
	if i := bytes.Index(s.data[body:], []byte("endstream")); i >= 0 {
		return body + i
	}
	return len(s.data)
}

// unpack notes the objects of an object stream, as far as it can be read.
func (s *salvager) unpack(holder int, dict, body []byte) {
	n, first := number(countKey, dict), number(firstKey, dict)
	if n < 1 || first < 1 || otherCodec().Match(dict) {
		return
	}
	if bytes.Contains(dict, []byte("/Fl")) { // FlateDecode or its short form
		z, err := zlib.NewReader(bytes.NewReader(body))
		if err != nil {
			return
		}
		body, _ = io.ReadAll(io.LimitReader(z, s.budget)) // what comes before an error will do
		s.budget -= int64(len(body))
	}
	fields := bytes.Fields(body[:min(len(body), first)])
	for i := 0; i < n && 2*i+1 < len(fields); i++ {
		num, err1 := strconv.Atoi(string(fields[2*i]))
		off, err2 := strconv.Atoi(string(fields[2*i+1]))
		if err1 != nil || err2 != nil || num < 1 || num > maxSalvaged || i > 65535 || off < 0 || off >= len(body)-first {
			continue
		}
		s.objects[num] = found{stream: holder, index: i}
		text := body[first+off:]
		if catalog().Match(text[:s.objectEnd(fields, i, first, len(body))-first-off]) {
			s.root = [2]int{num, 0}
		}
	}
}

// objectEnd is where the object after the one at index i begins in body.
func (s *salvager) objectEnd(fields [][]byte, i, first, size int) int {
	off, _ := strconv.Atoi(string(fields[2*i+1]))
	if 2*i+3 < len(fields) {
		if next, err := strconv.Atoi(string(fields[2*i+3])); err == nil && next > off && next <= size-first {
			return first + next
		}
	}
	return min(size, first+off+maxDictText)
}

func number(key func() *regexp.Regexp, dict []byte) int {
	m := key().FindSubmatch(dict)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(string(m[1]))
	return n
}

// findRoot prefers what the last trailer says to the last catalog.
func (s *salvager) findRoot() {
	for rest := s.data; ; {
		at := bytes.LastIndex(rest, []byte("/Root"))
		if at < 0 {
			return
		}
		m := rootKey().FindSubmatch(s.data[at:min(len(s.data), at+maxBackward)])
		rest = rest[:at]
		if m == nil {
			continue
		}
		num, _ := strconv.Atoi(string(m[1]))
		if to, ok := s.objects[num]; ok {
			s.root = [2]int{num, to.gen}
			return
		}
	}
}

// xref appends the xref stream.
func (s *salvager) xref() []byte {
	numbers := slices.SortedFunc(maps.Keys(s.objects), cmp.Compare[int])
	own := numbers[len(numbers)-1] + 1
	out := append(bytes.Clone(s.data), "\nendstream\nendobj\n"...) // should the last be cut
	s.objects[own] = found{offset: len(out)}
	numbers = append(numbers, own)
	var index, rows []byte
	for i, num := range numbers {
		if i == 0 || num != numbers[i-1]+1 {
			run := 1
			for i+run < len(numbers) && numbers[i+run] == num+run {
				run++
			}
			index = fmt.Appendf(index, "%d %d ", num, run)
		}
		o := s.objects[num]
		kind, second, third := byte(1), o.offset, o.gen
		if o.stream != 0 {
			kind, second, third = 2, o.stream, o.index
		}
		rows = binary.BigEndian.AppendUint64(append(rows, kind), uint64(second))
		rows = binary.BigEndian.AppendUint16(rows, uint16(third))
	}
	at := len(out)
	out = fmt.Appendf(out, "%d 0 obj\n<</Type/XRef/W[1 8 2]/Size %d/Index[%s]/Root %d %d R/Length %d>>\nstream\n",
		own, own+1, index, s.root[0], s.root[1], len(rows))
	return fmt.Appendf(append(out, rows...), "\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n", at)
}
