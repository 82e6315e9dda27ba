package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/token"
)

// maxImage bounds a picture or font file, in bytes.
const maxImage = 32 << 20

// markOptions say how the mark looks.
type markOptions struct {
	invisible   bool
	preset      string
	show        string
	noLabels    bool
	labels      []string
	signerText  string
	title       string
	org         string
	text        string
	style       string
	image       string
	imageBehind bool
	font        string
	fontSize    float64
	color       string
	bold        bool
	italic      bool
	upper       bool
	border      bool
	timeFormat  string
	timezone    string
}

func (o *markOptions) addFlags(f flagSet) {
	f.yes(&o.invisible, "invisible")
	f.str(&o.preset, "preset")
	f.str(&o.show, "show")
	f.yes(&o.noLabels, "no-labels")
	f.list(&o.labels, "label")
	f.str(&o.signerText, "signer-text")
	f.str(&o.title, "title")
	f.str(&o.org, "org")
	f.str(&o.text, "text")
	f.str(&o.style, "style")
	f.str(&o.image, "image")
	f.yes(&o.imageBehind, "image-behind")
	f.str(&o.font, "font")
	f.float(&o.fontSize, "font-size")
	f.str(&o.color, "color")
	f.yes(&o.bold, "bold")
	f.yes(&o.italic, "italic")
	f.yes(&o.upper, "upper")
	f.yes(&o.border, "border")
	f.str(&o.timeFormat, "time-format")
	f.str(&o.timezone, "timezone")
}

// look is a style with the place that its preset brings.
type look struct {
	style    appearance.Style
	place    appearance.Place
	realSize bool
}

// build makes the style: the preset first, then what the flags change.
func (o *markOptions) build() (*look, error) {
	l := &look{}
	if o.preset != "" {
		p, err := appearance.FindPreset(o.preset)
		if err != nil {
			return nil, flagError("preset", err)
		}
		if p.NeedsImage && o.image == "" {
			return nil, needs("preset "+o.preset, "image")
		}
		l.style, l.place, l.realSize = p.Style, p.Place, p.RealSize
	}
	for _, step := range []func(*appearance.Style) error{o.lines, o.look, o.files, o.times} {
		if err := step(&l.style); err != nil {
			return nil, err
		}
	}
	if l.realSize && len(l.style.Image) > 0 {
		w, h, ok, err := appearance.RealSize(l.style.Image)
		if err != nil {
			return nil, err
		}
		if ok {
			l.place.Width, l.place.Height = w, h
		}
	}
	return l, nil
}

// lines sets what stands in the mark.
func (o *markOptions) lines(s *appearance.Style) error {
	if o.show != "" {
		lines, err := appearance.ParseLines(o.show)
		if err != nil {
			return flagError("show", err)
		}
		s.Show, s.Text = lines, "" // in place of the text of a preset
	} else if s.Show == nil && s.Text == "" {
		s.Show = o.defaultLines()
	}
	for _, l := range o.labels {
		name, label, ok := strings.Cut(l, "=")
		lines, err := appearance.ParseLines(name)
		if err != nil || !ok || len(lines) != 1 {
			return flagError("label", fmt.Sprintf("%q (LINE=TEXT)", l))
		}
		if s.Labels == nil {
			s.Labels = map[appearance.Line]string{}
		}
		s.Labels[lines[0]] = label
	}
	s.NoLabels = s.NoLabels || o.noLabels
	if o.text != "" {
		if err := appearance.CheckTemplate(o.text); err != nil {
			return err
		}
		s.Text = o.text
	}
	return nil
}

// defaultLines are the portal's three, and those that the user gave a text for.
func (o *markOptions) defaultLines() []appearance.Line {
	lines := []appearance.Line{appearance.LineSigner}
	if o.org != "" {
		lines = append(lines, appearance.LineOrg)
	}
	if o.title != "" {
		lines = append(lines, appearance.LineTitle)
	}
	return append(lines, appearance.LineEmail, appearance.LineTime)
}

func (o *markOptions) look(s *appearance.Style) error {
	if o.style != "" {
		layout, err := appearance.ParseLayout(o.style)
		if err != nil {
			return flagError("style", err)
		}
		if layout != appearance.TextOnly && o.image == "" {
			return needs("style "+o.style, "image")
		}
		s.Layout = layout
	} else if o.image != "" && s.Layout == 0 {
		s.Layout = appearance.ImageText
	}
	if o.color != "" {
		c, err := parseColor(o.color)
		if err != nil {
			return flagError("color", err)
		}
		s.Color = c
	}
	if o.fontSize != 0 {
		if !(o.fontSize >= 4 && o.fontSize <= 200) { // also NaN
			return flagError("font-size", "4 … 200")
		}
		s.FontSize = o.fontSize
	}
	s.ImageBehind = s.ImageBehind || o.imageBehind
	s.Bold, s.Italic = s.Bold || o.bold, s.Italic || o.italic
	s.Upper, s.Border = s.Upper || o.upper, s.Border || o.border
	return nil
}

// files reads the picture and the font.
func (o *markOptions) files(s *appearance.Style) error {
	if o.image != "" {
		data, err := readBounded(o.image, maxImage)
		if err != nil {
			return err
		}
		s.Image = data
	}
	switch o.font {
	case "":
	case "sans", "serif":
		s.Font = o.font
	default:
		data, err := readBounded(o.font, maxImage)
		if err != nil {
			return err
		}
		s.FontData = data
	}
	return nil
}

func (o *markOptions) times(s *appearance.Style) error {
	if o.timeFormat != "" {
		layout, err := parseTimeFormat(o.timeFormat)
		if err != nil {
			return flagError("time-format", err)
		}
		s.TimeFormat = layout
	}
	if o.timezone != "" {
		zone, err := parseTimezone(o.timezone)
		if err != nil {
			return flagError("timezone", err)
		}
		s.Timezone = zone
	}
	return nil
}

// info is what the certificate says, after the user's own texts.
func (o *markOptions) info(k *keySource, number string) appearance.Info {
	c := k.certificate()
	s, issuer := token.ParseSubject(c), token.ParseIssuer(c)
	return appearance.Info{
		Signer: first(o.signerText, s.CN), Org: first(o.org, s.O), Title: first(o.title, s.Title), Email: s.Email,
		Serial: c.SerialNumber.Text(16), Issuer: issuer.CN, Number: number,
	}
}

// first is the first text that is not empty.
func first(texts ...string) string {
	if i := slices.IndexFunc(texts, func(s string) bool { return s != "" }); i >= 0 {
		return texts[i]
	}
	return ""
}

// readBounded reads a small file of the user.
func readBounded(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, atFile(path, err)
	}
	if !info.Mode().IsRegular() {
		return nil, notRegular(path, info)
	}
	if info.Size() > limit {
		return nil, atFile(path, fmt.Errorf("larger than %d bytes", limit))
	}
	data, err := os.ReadFile(path)
	return data, atFile(path, err)
}
