package appearance

// Text is another text on the page: a document number, a date, a note. It is
// drawn as page content before signing and is no part of the signature.
type Text struct {
	Place  Place // a rectangle, or a phrase with AtText (then Width and Height say its room)
	Value  string
	Size   float64    // points; 0: 13, the size of Nghị định 30/2020; smaller where that does not fit
	Italic bool       // as the date is printed
	Font   string     // "": serif
	Color  [3]float64 // zero: black
}

// defaultTextSize is that of number and date in Nghị định 30/2020, Phụ lục I.
const defaultTextSize = 13

// Compose lays the text out in a box of width x height points; the result is
// added to pages as a mark is. Errors are those of Compose.
func (t Text) Compose(width, height float64) (*Mark, error) {
	s := Style{Font: t.Font, FontSize: t.Size, Italic: t.Italic, Color: t.Color, NoLabels: true, Show: []Line{LineReason}}
	if s.Font == "" {
		s.Font = "serif"
	}
	if s.FontSize == 0 {
		s.FontSize = defaultTextSize
	}
	return Compose(s, Info{Reason: t.Value}, width, height)
}
