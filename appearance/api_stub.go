// Package appearance is what a reader sees of a signature: style, text, image,
// fonts, placement.
package appearance

import (
	"time"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// Info is what a mark may show. Empty strings are dropped lines.
type Info struct {
	Signer, Org, Title, Email string
	Time                      time.Time // zero: no time line
	Reason, Location          string
	Serial, Issuer            string
}

// Line is one line of the mark.
type Line int

const (
	LineSigner Line = iota + 1
	LineOrg
	LineTitle
	LineEmail
	LineTime
	LineReason
	LineLocation
	LineSerial
	LineIssuer
)

// ParseLines parses "signer,email,time".
func ParseLines(s string) ([]Line, error) { panic("stub") }

// Layout of text and picture.
type Layout int

const (
	TextOnly Layout = iota + 1
	ImageText
	ImageOnly
)

// Style says how the mark looks. The zero value is the portal's mark: three
// lines, labels, sans, black, fitted to the box at 9 pt or the largest that fits.
type Style struct {
	Show                                []Line          // nil: signer, email, time
	Labels                              map[Line]string // nil entries: Vietnamese defaults
	NoLabels                            bool
	Layout                              Layout // 0: TextOnly
	Image                               []byte // PNG or JPEG
	ImageBehind                         bool
	Font                                string     // "", "sans", "serif"; or use FontData
	FontData                            []byte     // user's TTF
	FontSize                            float64    // points; 0: 9
	Color                               [3]float64 // 0..1
	Bold, Italic, Upper, Border, Center bool
	TimeFormat                          string         // Go layout; "": 02-01-2006 15:04:05
	Timezone                            *time.Location // nil: Asia/Ho_Chi_Minh (UTC+7)
	Text                                string         // Go template, replaces the lines
}

// Rect is x1,y1,x2,y2 in points, origin at the lower left of the page as seen.
type Rect [4]float64

// Place says where. Exactly one of Rect, At, Field, AtText leads.
type Place struct {
	Page             string // "1", "last", "all", "1,3-5"; "": last for At, 1 for Rect
	Rect             *Rect
	At               string  // "top-left" … "bottom-right", "auto"
	Width, Height    float64 // size for At; 0: 220 x 80 (text: fitted)
	OffsetX, OffsetY float64
	Force            bool
}

// Resolved is a place on concrete pages.
type Resolved struct {
	Pages []int // 0-based; the widget is on Pages[0]
	Rect  Rect  // as seen
	Why   string
}

// Resolve turns a place into pages and rectangle for f.
func (p Place) Resolve(f *pdf.File) (*Resolved, error) { panic("stub") }

// UserRect maps a rectangle on the page as seen (CropBox origin, /Rotate,
// UserUnit) to default user space of the page, and gives the /Matrix that a
// form XObject of BBox [0 0 w h] needs to stand upright.
func UserRect(p *pdf.Page, r Rect) (rect [4]float64, matrix [6]float64) { panic("stub") }

// Mark is a drawn appearance: objects ready to be added to an update.
type Mark struct {
	Lines    []string // text as drawn, NFC, for reports
	FontSize float64
	Notes    []string // dropped lines and the like, English
}

// Compose lays the mark out for a box of width x height points. The result
// depends on nothing of the file.
func Compose(s Style, i Info, width, height float64) (*Mark, error) { panic("stub") }

// Add writes the form XObject (with fonts and pictures) into u and returns its
// reference; the form's BBox is [0 0 width height], its Matrix is matrix.
func (m *Mark) Add(u *pdf.Update, matrix [6]float64) (pdf.Ref, error) { panic("stub") }
