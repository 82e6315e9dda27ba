package appearance

import (
	"fmt"
	"strings"
)

// Preset is a named look and place, each a few values that flags may change.
type Preset struct {
	Name    string
	Article string // the rule that asks for it, "" for none
	About   string // what it is, English
	Style   Style
	Place   Place
	// NeedsImage: the style draws a picture that the user must give.
	NeedsImage bool
	// RealSize: the picture is drawn at its real size (see function RealSize).
	RealSize bool
}

// iso8601 is the time format that Nghị định 30/2020 asks for, with the zone.
const iso8601 = "2006-01-02T15:04:05-07:00"

// nd30Text is the look of the texts of Nghị định 30/2020, Phụ lục I: Times New
// Roman (its metric twin), upright, 10 pt, black.
func nd30Text(template string) Style {
	return Style{Font: "serif", FontSize: 10, TimeFormat: iso8601, Text: template}
}

// topOfPage1 is the top right corner of the first page, above what the margin of
// 20 mm that Nghị định 30/2020 asks for leaves to the text.
func topOfPage1() Place {
	return Place{Page: "1", At: "top-right", Width: 220, Height: 36, OffsetY: 20}
}

// Presets lists the presets. The slice is the caller's.
func Presets() []Preset {
	return []Preset{
		{
			Name:  "igate",
			About: "the three lines of the portal's plugin: signer, e-mail, time",
			Place: Place{At: "auto"},
		},
		{
			Name: "nd30-person", Article: "Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 7 (ô 7c)",
			About:      "the image of a person's handwritten signature: blue, PNG with a clear background, between title and name",
			Style:      Style{Layout: ImageOnly, Center: true},
			Place:      Place{At: "auto", Width: 150, Height: 60},
			NeedsImage: true,
		},
		{
			Name: "nd30-agency", Article: "Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 8 (ô 8)",
			About:      "the image of the agency's seal: red, PNG with a clear background, real size, over the left third of the person's signature",
			Style:      Style{Layout: ImageOnly, Center: true},
			Place:      Place{At: atSeal},
			NeedsImage: true, RealSize: true,
		},
		{
			Name: "nd30-copy", Article: "Nghị định 30/2020/NĐ-CP, Phụ lục I, thể thức bản sao sang định dạng điện tử",
			About: "the mark of an electronic copy: form of copy, copying body, time; top right of page 1, no seal",
			Style: nd30Text("SAO Y; {{with .Org}}{{.}}{{else}}{{.Signer}}{{end}}; {{.Time}}"),
			Place: topOfPage1(),
		},
		{
			Name: "nd30-attachment", Article: "Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 8 (phụ lục kèm theo)",
			About: "the mark of an attachment in a file of its own: number of the main document, time; top right of page 1, no seal",
			Style: nd30Text("{{with .Number}}{{.}}; {{end}}{{.Time}}"),
			Place: topOfPage1(),
		},
	}
}

// FindPreset returns a preset by name.
func FindPreset(name string) (Preset, error) {
	var names []string
	for _, p := range Presets() {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return Preset{}, fmt.Errorf("unknown preset %q: want one of %s", name, strings.Join(names, ", "))
}
