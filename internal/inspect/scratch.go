package inspect

import "sync"

// scratch is the room that drawing pages takes. It is used again for the next
// page, and by the next look.
type scratch struct {
	canvas   canvas
	machines []*machine // not in use
	args     []token    // for operands
}

var scratches = sync.Pool{New: func() any { return &scratch{} }}

// release gives the room back without what belongs to this look, and without
// what only a large page needs.
func (in *inspector) release() {
	const usual = 1_000
	s := in.scratch
	in.scratch = nil
	s.canvas = canvas{runs: s.canvas.runs}
	if cap(s.canvas.runs) > usual {
		s.canvas.runs = nil
	}
	for _, m := range s.machines {
		m.clear(usual)
	}
	s.args = emptied(s.args, usual)
	scratches.Put(s)
}

// clear leaves nothing of a machine but room.
func (m *machine) clear(usual int) {
	*m = machine{
		saved: emptied(m.saved, usual), args: emptied(m.args, usual),
		lex:  lexer{room: emptied(m.lex.room, 32*usual)},
		path: path{quads: emptied(m.path.quads, usual), sub: m.path.sub},
	}
}

// emptied is s without elements, nil when it has room for more than usual.
func emptied[T any](s []T, usual int) []T {
	if cap(s) > usual {
		return nil
	}
	clear(s[:cap(s)])
	return s[:0]
}
