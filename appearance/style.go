package appearance

import (
	"fmt"
	"strings"
	"time"
)

// Info is what a mark may show. Empty strings are dropped lines.
type Info struct {
	Signer, Org, Title, Email string
	Time                      time.Time // zero: no time line
	Reason, Location          string
	Serial, Issuer            string
	Number                    string // number of the document, for templates only
}

// Line is one line of the mark.
type Line int

// The lines of a mark, in the order of the portal's dialog.
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

// lineTable holds the flag name and the Vietnamese label of each line.
var lineTable = map[Line]struct{ name, label string }{
	LineSigner:   {"signer", "Ký bởi"},
	LineOrg:      {"org", "Cơ quan"},
	LineTitle:    {"title", "Chức vụ"},
	LineEmail:    {"email", "Email"},
	LineTime:     {"time", "Thời gian ký"},
	LineReason:   {"reason", "Lý do"},
	LineLocation: {"location", "Nơi ký"},
	LineSerial:   {"serial", "Số chứng thư"},
	LineIssuer:   {"issuer", "Nơi cấp"},
}

// String is the name of the line as the flag --show takes it.
func (l Line) String() string {
	if e, ok := lineTable[l]; ok {
		return e.name
	}
	return fmt.Sprintf("Line(%d)", int(l))
}

// Lines lists every line, in the order of the portal's dialog.
func Lines() []Line {
	return []Line{
		LineSigner, LineOrg, LineTitle, LineEmail, LineTime,
		LineReason, LineLocation, LineSerial, LineIssuer,
	}
}

// ParseLines parses a list as "signer,email,time". Unknown and repeated names
// are errors.
func ParseLines(s string) ([]Line, error) {
	var out []Line
	seen := map[Line]bool{}
	for part := range strings.SplitSeq(s, ",") {
		l, err := parseLine(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		if seen[l] {
			return nil, fmt.Errorf("line %q is named twice", l)
		}
		seen[l] = true
		out = append(out, l)
	}
	return out, nil
}

func parseLine(name string) (Line, error) {
	var names []string
	for _, l := range Lines() {
		if l.String() == name {
			return l, nil
		}
		names = append(names, l.String())
	}
	return 0, fmt.Errorf("unknown line %q: want a list of %s", name, strings.Join(names, ", "))
}

// Layout of text and picture.
type Layout int

// Layouts, the three "Kiểu chữ ký" of the portal.
const (
	TextOnly Layout = iota + 1
	ImageText
	ImageOnly
)

var layoutNames = map[Layout]string{TextOnly: "text", ImageText: "image-text", ImageOnly: "image"}

// String is the name of the layout as the flag --style takes it.
func (l Layout) String() string {
	if n, ok := layoutNames[l]; ok {
		return n
	}
	return fmt.Sprintf("Layout(%d)", int(l))
}

// ParseLayout parses text, image-text or image.
func ParseLayout(s string) (Layout, error) {
	for l, n := range layoutNames {
		if n == s {
			return l, nil
		}
	}
	return 0, fmt.Errorf("unknown style %q: want text, image-text or image", s)
}

// Style says how the mark looks. The zero value is the portal's mark: three
// lines, labels, sans, black, fitted to the box at 9 pt or the largest that fits.
type Style struct {
	Show                                []Line          // nil: signer, email, time
	Labels                              map[Line]string // absent: Vietnamese defaults; "": this line has none
	NoLabels                            bool
	Layout                              Layout     // 0: TextOnly
	Image                               []byte     // PNG or JPEG; nil: none
	ImageBehind                         bool       // the picture fills the box behind the text
	Font                                string     // "", "sans", "serif"; or use FontData
	FontData                            []byte     // user's TTF; nil: Font
	FontSize                            float64    // points; 0: 9
	Color                               [3]float64 // red, green, blue, 0..1; zero: black
	Bold, Italic, Upper, Border, Center bool
	TimeFormat                          string         // Go layout; "": 02-01-2006 15:04:05
	Timezone                            *time.Location // nil: Asia/Ho_Chi_Minh (UTC+7)
	Text                                string         // Go template, replaces the lines; see TemplateData
}

// Sizes in points.
const (
	defaultFontSize = 9
	minFontSize     = 4 // smaller is not readable on paper
	maxFontSize     = 200
	maxBoxSide      = 14400 // the largest page side, ISO 32000-2, Annex C
)

func (s *Style) validate() error {
	if s.FontSize != 0 && !(s.FontSize >= minFontSize && s.FontSize <= maxFontSize) { // also NaN
		return fmt.Errorf("font size %g pt: want %d to %d", s.FontSize, minFontSize, maxFontSize)
	}
	for _, c := range s.Color {
		if !(c >= 0 && c <= 1) {
			return fmt.Errorf("colour %v: each part is 0 to 1", s.Color)
		}
	}
	if _, ok := layoutNames[s.layout()]; !ok {
		return fmt.Errorf("unknown %v", s.Layout)
	}
	if s.layout() != TextOnly && len(s.Image) == 0 {
		return fmt.Errorf("style %v needs a picture", s.layout())
	}
	if s.layout() == TextOnly && len(s.Image) > 0 && !s.ImageBehind {
		return fmt.Errorf("style text draws no picture: ask for image-text, image, or the picture behind")
	}
	return nil
}

func (s *Style) layout() Layout {
	if s.Layout == 0 {
		return TextOnly
	}
	return s.Layout
}

// vietnam is Asia/Ho_Chi_Minh: UTC+7 without summer time since 1975, so it
// needs no time zone data base on the machine.
var vietnam = time.FixedZone("+07", 7*60*60)

func (s *Style) formatTime(t time.Time) string {
	zone, layout := s.Timezone, s.TimeFormat
	if zone == nil {
		zone = vietnam
	}
	if layout == "" {
		layout = "02-01-2006 15:04:05"
	}
	return t.In(zone).Format(layout)
}

// value is what a line shows, "" when there is nothing to show.
func (s *Style) value(l Line, i *Info) string {
	switch l {
	case LineSigner:
		return i.Signer
	case LineOrg:
		return i.Org
	case LineTitle:
		return i.Title
	case LineEmail:
		return i.Email
	case LineTime:
		if i.Time.IsZero() {
			return ""
		}
		return s.formatTime(i.Time)
	case LineReason:
		return i.Reason
	case LineLocation:
		return i.Location
	case LineSerial:
		return i.Serial
	case LineIssuer:
		return i.Issuer
	}
	return ""
}

// label is the label with its colon, "" for none.
func (s *Style) label(l Line) string {
	label, ok := s.Labels[l]
	if !ok {
		label = lineTable[l].label
	}
	if s.NoLabels || label == "" {
		return ""
	}
	return strings.TrimSuffix(label, ":") + ": "
}
