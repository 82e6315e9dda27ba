package pdf

import (
	"errors"
	"slices"
	"sync"
)

// indexBytes is the memory that the index takes for an object.
const indexBytes = 12

// maxInObjectStream is the number of objects of one object stream.
const maxInObjectStream = 1_000_000

// objectStream is a decoded object stream (ISO 32000-2, 7.5.7).
type objectStream struct {
	data    []byte
	nums    []uint32
	offs    []int32 // into data
	ends    []int32
	extends Ref

	byNumOnce sync.Once
	byNum     map[uint32]int // -1: more than once
}

// structural decodes a cross-reference or object stream, within what the file
// may still cost.
func (f *File) structural(in indirect) ([]byte, error) {
	n := in.stream.End - in.stream.Start
	f.sh.mu.Lock()
	room := f.limits.StructuralBytes - f.sh.decoded
	f.sh.mu.Unlock()
	if n > room {
		return nil, &LimitError{LimitStructuralBytes, f.limits.StructuralBytes}
	}
	raw, err := f.sh.src.read(in.stream.Start, int(n))
	if err != nil {
		return nil, err
	}
	if f.sec != nil && !isXref(in.dict) {
		if raw, err = f.sec.decryptStream(in.ref, in.dict, raw); err != nil {
			return nil, inObject(err, in.ref)
		}
	}
	factor := max(freeInflate, n*maxStructuralFactor)
	data, err := decodeFilters(f, in.dict, raw, min(room, factor))
	var limit *LimitError
	if errors.As(err, &limit) {
		if factor < room {
			return nil, &LimitError{LimitStructuralFactor, maxStructuralFactor}
		}
		return nil, &LimitError{LimitStructuralBytes, f.limits.StructuralBytes}
	}
	// What a picture may have makes the file unreadable here.
	var filter *FilterError
	if errors.As(err, &filter) {
		return nil, syntaxIn(in.ref, in.stream.Start, "the stream of objects has the filter %q", string(filter.Filter))
	}
	if err != nil {
		return nil, inObject(err, in.ref)
	}
	return data, f.admit(int64(len(data)))
}

// admit charges n bytes that stay in memory.
func (f *File) admit(n int64) error {
	f.sh.mu.Lock()
	defer f.sh.mu.Unlock()
	if f.sh.decoded += n; f.sh.decoded > f.limits.StructuralBytes {
		return &LimitError{LimitStructuralBytes, f.limits.StructuralBytes}
	}
	return nil
}

// getInStream returns the object that e places in an object stream.
func (f *File) getInStream(ref Ref, e xrefEntry, depth int) (Object, error) {
	visited := make(map[int64]bool)
	for num, index := e.where, int(e.gen); ; index = -1 {
		if visited[num] {
			return nil, syntaxIn(ref, -1, "object streams extend each other in a loop")
		}
		visited[num] = true
		if len(visited) > maxTreeDepth {
			return nil, &LimitError{LimitTreeDepth, maxTreeDepth}
		}
		s, err := f.objectStream(num, depth)
		if err != nil {
			return nil, err
		}
		i, err := s.find(ref, index)
		if err != nil {
			return nil, err
		}
		if i >= 0 {
			return f.parseInStream(ref, s, i)
		}
		if s.extends == (Ref{}) {
			return nil, syntaxIn(ref, -1, "the object is not in object stream %d", e.where)
		}
		num = int64(s.extends.Num)
	}
}

// find gives the place of an object, -1 when it is not there. The index of the
// cross-reference entry is a hint that some writers get wrong; a number that
// then occurs twice is an error.
func (s *objectStream) find(ref Ref, index int) (int, error) {
	if index >= 0 && index < len(s.nums) && s.nums[index] == ref.Num {
		return index, nil
	}
	s.byNumOnce.Do(func() {
		s.byNum = make(map[uint32]int, len(s.nums))
		for i, n := range s.nums {
			if _, twice := s.byNum[n]; twice {
				i = -1
			}
			s.byNum[n] = i
		}
	})
	i, ok := s.byNum[ref.Num]
	if !ok {
		return -1, nil
	}
	if i < 0 {
		return 0, syntaxIn(ref, -1, "the object occurs twice in its object stream")
	}
	return i, nil
}

func (f *File) parseInStream(ref Ref, s *objectStream, i int) (Object, error) {
	p := newParser(memoryLexer(s.data[s.offs[i]:s.ends[i]]), false)
	defer p.free()
	p.space()
	if p.peek() < 0 {
		f.keep(ref.Num, cached{}, 0, 0)
		return nil, nil
	}
	o, err := p.object()
	if err != nil {
		return nil, inObject(err, ref)
	}
	f.keep(ref.Num, cached{0, o}, int64(s.ends[i]-s.offs[i]), p.values)
	return o, nil
}

// objectStream decodes object stream num, or takes it from those kept.
func (f *File) objectStream(num int64, depth int) (*objectStream, error) {
	if num < 1 || num > maxObjectNumber {
		return nil, syntaxAt(-1, "object stream number %d", num)
	}
	e, _, ok, err := f.hist.lookup(f.sh, f.top, uint32(num))
	ref := Ref{Num: uint32(num)}
	if err != nil {
		return nil, inObject(err, ref)
	}
	if !ok || e.kind != kindInFile || e.gen != 0 {
		return nil, syntaxIn(ref, -1, "the object stream is missing")
	}
	f.sh.mu.Lock()
	s := f.sh.streams[e.where]
	f.sh.mu.Unlock()
	if s != nil {
		return s, nil
	}
	in, err := f.parseAt(e.where, ref, depth)
	if err != nil {
		return nil, err
	}
	if !in.isStream() || in.dict.Get("Type") != Name("ObjStm") {
		return nil, syntaxIn(ref, in.start, "no object stream")
	}
	data, err := f.structural(in)
	if err != nil {
		return nil, err
	}
	if s, err = f.parseObjectStream(in, data); err != nil {
		return nil, err
	}
	f.sh.mu.Lock()
	f.sh.streams[e.where] = s
	f.sh.mu.Unlock()
	return s, nil
}

// parseObjectStream reads the pairs of number and offset.
func (f *File) parseObjectStream(in indirect, data []byte) (*objectStream, error) {
	n, err1 := f.Int(in.dict.Get("N"))
	first, err2 := f.Int(in.dict.Get("First"))
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	if n > maxInObjectStream {
		return nil, &LimitError{LimitObjects, maxInObjectStream}
	}
	if n < 0 || first < 0 || len(data) > 1<<31-1 || int(first) > len(data) || int(n) > len(data)/2 {
		return nil, syntaxIn(in.ref, in.start, "/N %d and /First %d do not fit the object stream", n, first)
	}
	if err := f.admit(int64(n) * indexBytes); err != nil {
		return nil, err
	}
	s := &objectStream{data: data, nums: make([]uint32, n), offs: make([]int32, n)}
	s.extends, _ = in.dict.Get("Extends").(Ref)
	l := memoryLexer(data[:first])
	for i := range s.nums {
		l.space()
		num, ok1 := l.digits()
		l.space()
		off, ok2 := l.digits()
		if !ok1 || !ok2 || num > maxObjectNumber || off > int64(len(data))-int64(first) {
			return nil, syntaxIn(in.ref, in.start, "the index of the object stream is malformed")
		}
		s.nums[i], s.offs[i] = uint32(num), int32(int64(first)+off)
	}
	return s, s.bound(in)
}

// bound sets where each object ends: where the next one starts. Otherwise each
// of a million could reach to the end of the stream.
func (s *objectStream) bound(in indirect) error {
	sorted := slices.Clone(s.offs)
	slices.Sort(sorted)
	s.ends = make([]int32, len(s.offs))
	for i, off := range s.offs {
		k, _ := slices.BinarySearch(sorted, off)
		s.ends[i] = int32(len(s.data))
		if k+1 < len(sorted) {
			s.ends[i] = sorted[k+1]
			if sorted[k+1] == off && int(off) < len(s.data) {
				return syntaxIn(in.ref, in.start, "two objects of the object stream start at one place")
			}
		}
	}
	return nil
}
