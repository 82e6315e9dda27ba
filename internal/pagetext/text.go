package pagetext

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/klippa-app/go-pdfium/requests"
	"golang.org/x/text/unicode/norm"
)

// Match is a found phrase: one rectangle a run, in unrotated page space,
// points, origin at the lower left of the MediaBox coordinate system.
type Match struct {
	Page  int // 0-based
	Text  string
	Rects [][4]float64
}

// Box is the smallest rectangle around all rectangles of the match.
func (m Match) Box() [4]float64 {
	var box [4]float64
	for i, r := range m.Rects {
		if i == 0 {
			box = r
			continue
		}
		box = union(box, r)
	}
	return box
}

// char is one character of a page, as PDFium reads it.
type char struct {
	text string
	box  [4]float64
}

func (c char) isSpace() bool { return strings.TrimSpace(c.text) == "" }

func union(a, b [4]float64) [4]float64 {
	return [4]float64{min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])}
}

// chars reads a page.
func (d *Document) chars(ctx context.Context, page int) ([]char, error) {
	var out []char
	err := d.guard(ctx, fmt.Sprintf("read text of page %d", page+1), func() error {
		if d.instance == nil {
			return ErrClosed
		}
		res, err := d.instance.GetPageTextStructured(&requests.GetPageTextStructured{
			Page: d.page(page), Mode: requests.GetPageTextStructuredModeChars,
		})
		if err != nil {
			return err
		}
		if len(res.Chars) > limitChars {
			return fmt.Errorf("%d characters, more than %d", len(res.Chars), limitChars)
		}
		for _, c := range res.Chars {
			p := c.PointPosition
			out = append(out, char{text: strings.Trim(c.Text, "\x00"), box: [4]float64{
				min(p.Left, p.Right), min(p.Top, p.Bottom), max(p.Left, p.Right), max(p.Top, p.Bottom),
			}})
		}
		return nil
	})
	return out, err
}

// Text returns all text of a page in NFC.
func (d *Document) Text(ctx context.Context, page int) (string, error) {
	cs, err := d.chars(ctx, page)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, c := range cs {
		b.WriteString(c.text)
	}
	return norm.NFC.String(strings.ReplaceAll(b.String(), "\r\n", "\n")), nil
}

// lineGap is how many character heights apart two words of one line are in
// separate columns.
const lineGap = 2.5

// Lines returns each text line with its rectangle. Words that stand far apart
// on one line, as the two columns of signatures, are separate lines.
func (d *Document) Lines(ctx context.Context, page int) ([]Match, error) {
	cs, err := d.chars(ctx, page)
	if err != nil {
		return nil, err
	}
	var out []Match
	var line []char
	flush := func() {
		if m, ok := newMatch(page, line); ok {
			out = append(out, m)
		}
		line = nil
	}
	var last *char
	for i := range cs {
		c := &cs[i]
		if strings.ContainsAny(c.text, "\r\n") || last != nil && !c.isSpace() && apart(*last, *c) {
			flush()
			last = nil
		}
		line = append(line, *c)
		if !c.isSpace() {
			last = c
		}
	}
	flush()
	return out, nil
}

// apart reports that b, the next visible character, begins another column.
func apart(a, b char) bool {
	high := max(a.box[3]-a.box[1], a.box[2]-a.box[0], b.box[3]-b.box[1])
	dx := max(b.box[0]-a.box[2], a.box[0]-b.box[2])
	dy := max(b.box[1]-a.box[3], a.box[1]-b.box[3])
	return max(dx, dy) > lineGap*high
}

// newMatch joins characters; ok is false when none is visible.
func newMatch(page int, cs []char) (m Match, ok bool) {
	var b strings.Builder
	var prev *char
	for i := range cs {
		c := &cs[i]
		b.WriteString(c.text)
		if c.isSpace() {
			continue
		}
		n := len(m.Rects)
		if prev != nil && sameRun(prev.box, c.box) {
			m.Rects[n-1] = union(m.Rects[n-1], c.box)
		} else {
			m.Rects = append(m.Rects, c.box)
		}
		prev = c
	}
	m.Page = page
	m.Text = norm.NFC.String(strings.Join(strings.Fields(b.String()), " "))
	return m, len(m.Rects) > 0
}

// sameRun reports that two characters share a line, level or upright: half of
// the smaller one's height (or width) is common.
func sameRun(a, b [4]float64) bool {
	common := func(lo, hi int) bool {
		over := min(a[hi], b[hi]) - max(a[lo], b[lo])
		return over >= 0.5*min(a[hi]-a[lo], b[hi]-b[lo])
	}
	return common(1, 3) || common(0, 2)
}

// Find finds a phrase on every page, in reading order (NFC/NFD folded; white
// space folded: a phrase is found across line ends and missing spaces).
func (d *Document) Find(ctx context.Context, phrase string, ignoreCase bool) ([]Match, error) {
	needle := fold([]char{{text: phrase}}, ignoreCase)
	if len(needle) == 0 {
		return nil, fmt.Errorf("find: the phrase is empty")
	}
	n, err := d.NumPages()
	if err != nil {
		return nil, err
	}
	var out []Match
	for page := range n {
		cs, err := d.chars(ctx, page)
		if err != nil {
			return nil, err
		}
		out = append(out, findIn(page, cs, needle, ignoreCase)...)
	}
	return out, nil
}

func findIn(page int, cs []char, needle []folded, ignoreCase bool) (out []Match) {
	hay := fold(cs, ignoreCase)
	for at := 0; at+len(needle) <= len(hay); at++ {
		if !startsWith(hay[at:], needle) {
			continue
		}
		// A mark that follows belongs to the last letter: "Ky" is not in "Kỳ".
		end := at + len(needle)
		if end < len(hay) && hay[end].class != 0 {
			continue
		}
		from, to := hay[at].from, hay[at].from
		for _, f := range hay[at:end] { // canonical order may have moved a mark
			from, to = min(from, f.from), max(to, f.from)
		}
		if m, ok := newMatch(page, cs[from:to+1]); ok {
			out = append(out, m)
		}
		at = end - 1
	}
	return out
}

func startsWith(hay, needle []folded) bool {
	for i := range needle {
		if hay[i].r != needle[i].r {
			return false
		}
	}
	return true
}

// folded is a character for comparing: decomposed, and where it came from.
type folded struct {
	r     rune
	class uint8 // canonical combining class
	from  int   // index of its char
}

// fold decomposes to NFD across characters (a page may hold a letter and its
// marks apart) and drops white space. Unicode 15, 3.11: canonical ordering.
func fold(cs []char, ignoreCase bool) []folded {
	var out []folded
	for i, c := range cs {
		for _, r := range norm.NFD.String(c.text) {
			if unicode.IsSpace(r) || r == 0 || r == '\u00AD' || r == '\uFFFE' {
				continue
			}
			if ignoreCase {
				r = unicode.ToLower(r)
			}
			out = append(out, folded{r, norm.NFD.PropertiesString(string(r)).CCC(), i})
		}
	}
	for i := 0; i < len(out); {
		j := i + 1
		for j < len(out) && out[j].class != 0 {
			j++
		}
		if j-i > 2 {
			slices.SortStableFunc(out[i+1:j], func(a, b folded) int { return int(a.class) - int(b.class) })
		}
		i = j
	}
	return out
}
