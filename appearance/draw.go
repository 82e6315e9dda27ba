package appearance

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/kyso-vn/kyso/internal/pdf"
	"github.com/kyso-vn/kyso/internal/picture"
)

// resources are the objects that a mark needs besides its form.
type resources struct {
	font    pdf.Ref
	picture pdf.Ref
}

// Add writes the form XObject (with fonts and pictures) into u and returns its
// reference; the form's BBox is [0 0 width height], its Matrix is matrix. A
// second Add to the same update, for a page with another /Rotate, writes a
// second form that shares fonts and pictures with the first.
func (m *Mark) Add(u *pdf.Update, matrix [6]float64) (pdf.Ref, error) { return m.AddTo(u, matrix) }

// Adder takes new objects: a *pdf.Update, or a writer of whole files.
type Adder = picture.Adder

// AddTo is Add for any taker of objects.
func (m *Mark) AddTo(u Adder, matrix [6]float64) (pdf.Ref, error) {
	res, ok := m.added[u]
	if !ok {
		if m.font != nil {
			ref, err := m.font.addTo(u)
			if err != nil {
				return pdf.Ref{}, err
			}
			res.font = ref
		}
		if m.picture != nil {
			res.picture = m.picture.Add(u)
		}
		m.added[u] = res
	}
	resDict := pdf.NewDict()
	if m.font != nil {
		resDict.Set("Font", pdf.NewDict(pdf.Name("F1"), res.font))
	}
	if m.picture != nil {
		resDict.Set("XObject", pdf.NewDict(pdf.Name("Im1"), res.picture))
	}
	form := pdf.NewDict(
		pdf.Name("Type"), pdf.Name("XObject"),
		pdf.Name("Subtype"), pdf.Name("Form"),
		pdf.Name("BBox"), numbers(0, 0, m.width, m.height),
		pdf.Name("Matrix"), numbers(matrix[:]...),
		pdf.Name("Resources"), resDict)
	return u.Add(pdf.NewFlateStream(form, m.content())), nil
}

// content is the content stream of the form.
func (m *Mark) content() []byte {
	var b bytes.Buffer
	if m.picture != nil {
		r := m.pictureBox
		fmt.Fprintf(&b, "q %s 0 0 %s %s %s cm ", num(r.Width()), num(r.Height()), num(r[0]), num(r[1]))
		if t := m.picture.Matrix(); m.picture.Orientation > 1 {
			fmt.Fprintf(&b, "%s %s %s %s %s %s cm ", num(t[0]), num(t[1]), num(t[2]), num(t[3]), num(t[4]), num(t[5]))
		}
		b.WriteString("/Im1 Do Q\n")
	}
	if m.border {
		h := borderWidth / 2
		fmt.Fprintf(&b, "q %s w %s %s %s %s %s re S Q\n", num(borderWidth), m.colorOp("RG"),
			num(h), num(h), num(m.width-2*h), num(m.height-2*h))
	}
	if len(m.runs) > 0 {
		fmt.Fprintf(&b, "q BT %s /F1 %s Tf\n", m.colorOp("rg"), num(m.FontSize))
		for _, r := range m.runs {
			fmt.Fprintf(&b, "1 0 0 1 %s %s Tm <%s> Tj\n", num(r.x), num(r.y), m.hex(r.text))
		}
		b.WriteString("ET Q\n")
	}
	return b.Bytes()
}

// hex writes the glyph numbers of a text; measure has put each character into
// the subset.
func (m *Mark) hex(text string) string {
	var b []byte
	for _, r := range text {
		b = fmt.Appendf(b, "%04X", m.font.byRun[r])
	}
	return string(b)
}

func (m *Mark) colorOp(op string) string {
	return fmt.Sprintf("%s %s %s %s", num(m.color[0]), num(m.color[1]), num(m.color[2]), op)
}

// num writes a number for a content stream: at most four decimals, no exponent.
func num(v float64) string {
	s := strconv.FormatFloat(v, 'f', 4, 64)
	for s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	if s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	if s == "-0" {
		return "0"
	}
	return s
}

// numbers makes an array of reals, integers where they are whole.
func numbers(vs ...float64) pdf.Array {
	a := make(pdf.Array, len(vs))
	for i, v := range vs {
		if v == float64(int64(v)) {
			a[i] = pdf.Integer(int64(v))
		} else {
			a[i] = pdf.Real(v)
		}
	}
	return a
}
