package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/kyso-vn/kyso/appearance"
)

// pageList is what --page takes; whether the pages exist shows later.
var pageList = regexp.MustCompile(`^\s*(all|(\d+|last)(-(\d+|last))?(\s*,\s*(\d+|last)(-(\d+|last))?)*)\s*$`)

// placeOptions say where the mark stands.
type placeOptions struct {
	page       string
	rect       string
	at         string
	atText     string
	nth        string
	anchor     string
	ignoreCase bool
	offset     string
	size       string
	marks      []string
	force      bool
}

func (o *placeOptions) addFlags(f flagSet) {
	f.str(&o.page, "page")
	f.str(&o.rect, "rect")
	f.str(&o.at, "at")
	f.str(&o.atText, "at-text")
	f.str(&o.nth, "nth")
	f.str(&o.anchor, "anchor")
	f.yes(&o.ignoreCase, "ignore-case")
	f.str(&o.offset, "offset")
	f.str(&o.size, "size")
	f.list(&o.marks, "mark")
	f.yes(&o.force, "force-place")
}

// validate refuses flags that say two things.
func (o *placeOptions) validate() error {
	lead := [][2]string{{"rect", o.rect}, {"at", o.at}, {"at-text", o.atText}, {"mark", strings.Join(o.marks, "")}}
	var given []string
	for _, l := range lead {
		if l[1] != "" {
			given = append(given, l[0])
		}
	}
	switch {
	case len(given) > 1:
		return together(given[0], given[1])
	case o.atText == "" && (o.nth != "" || o.anchor != "" || o.ignoreCase):
		return needs("nth, --anchor, --ignore-case", "at-text")
	case o.rect != "" && o.size != "":
		return together("rect", "size")
	case len(o.marks) > 0 && o.page != "":
		return together("mark", "page")
	case o.page != "" && !pageList.MatchString(o.page):
		return flagError("page", fmt.Sprintf("%q (N, last, all, 1,3-5)", o.page))
	}
	return nil
}

// build puts the flags over the place of a preset.
func (o *placeOptions) build(p appearance.Place) (appearance.Place, error) {
	if o.rect != "" || o.at != "" || o.atText != "" || len(o.marks) > 0 {
		p.At, p.Rect, p.AtText, p.OffsetX, p.OffsetY = "", nil, "", 0, 0
	}
	if o.page != "" {
		p.Page = o.page
	}
	p.Force = p.Force || o.force
	for _, step := range []func(*appearance.Place) error{o.setLead, o.setText, o.setSize} {
		if err := step(&p); err != nil {
			return p, err
		}
	}
	return p, nil
}

func (o *placeOptions) setLead(p *appearance.Place) error {
	if o.rect != "" {
		r, err := parseRect(o.rect)
		if err != nil {
			return flagError("rect", err)
		}
		p.Rect = &r
	}
	if o.at != "" {
		names := append(appearance.Corners(), "top", "bottom", "left", "right")
		if err := oneOf("at", o.at, names...); err != nil {
			return err
		}
		p.At = o.at
	}
	if len(o.marks) > 0 {
		page, r, err := parsePageRect(o.marks[0])
		if err != nil {
			return flagError("mark", err)
		}
		p.Page, p.Rect = strconv.Itoa(page), &r
	}
	return nil
}

func (o *placeOptions) setText(p *appearance.Place) error {
	if o.atText == "" {
		return nil
	}
	p.AtText, p.IgnoreCase = o.atText, o.ignoreCase
	nth, err := parseNth(o.nth)
	if err != nil {
		return flagError("nth", err)
	}
	p.Nth = nth
	if o.anchor != "" {
		if p.Anchor, err = appearance.ParseAnchor(o.anchor); err != nil {
			return flagError("anchor", err)
		}
	}
	return nil
}

func (o *placeOptions) setSize(p *appearance.Place) error {
	if o.size != "" {
		w, h, err := parseSize(o.size)
		if err != nil {
			return flagError("size", err)
		}
		p.Width, p.Height = w, h
	}
	if o.offset != "" {
		v, err := parseNumbers(o.offset, ",", 2)
		if err != nil {
			return flagError("offset", err)
		}
		p.OffsetX, p.OffsetY = v[0], v[1]
	}
	return nil
}

// textOptions are other texts on the pages.
type textOptions struct {
	number       string
	numberAt     string
	numberItalic bool
	date         string
	dateAt       string
	dateItalic   bool
	notes        []string
	size         float64
}

func (o *textOptions) addFlags(f flagSet) {
	f.str(&o.number, "doc-number")
	f.str(&o.numberAt, "doc-number-at")
	f.yes(&o.numberItalic, "doc-number-italic")
	f.str(&o.date, "doc-date")
	f.str(&o.dateAt, "doc-date-at")
	f.yes(&o.dateItalic, "doc-date-italic")
	f.list(&o.notes, "note")
	f.float(&o.size, "text-size")
}

// build makes the texts; a number or date without a place is for templates
// only.
func (o *textOptions) build() ([]appearance.Text, error) {
	var out []appearance.Text
	add := func(flag, at, value string, italic bool) error {
		if at == "" {
			return nil
		}
		if value == "" {
			return needs(flag+"-at", flag)
		}
		place, err := parseTextPlace(at)
		if err != nil {
			return flagError(flag+"-at", err)
		}
		out = append(out, appearance.Text{Place: place, Value: value, Size: o.size, Italic: italic})
		return nil
	}
	if err := add("doc-number", o.numberAt, o.number, o.numberItalic); err != nil {
		return nil, err
	}
	if err := add("doc-date", o.dateAt, o.date, o.dateItalic); err != nil {
		return nil, err
	}
	if o.date != "" && o.dateAt == "" {
		return nil, needs("doc-date", "doc-date-at")
	}
	for _, n := range o.notes {
		parts := strings.SplitN(n, ":", 3)
		if len(parts) != 3 || parts[2] == "" {
			return nil, flagError("note", fmt.Sprintf("%q (PAGE:x1,y1,x2,y2:TEXT)", n))
		}
		page, r, err := parsePageRect(parts[0] + ":" + parts[1])
		if err != nil {
			return nil, flagError("note", err)
		}
		out = append(out, appearance.Text{Place: appearance.Place{Page: strconv.Itoa(page), Rect: &r}, Value: parts[2], Size: o.size})
	}
	return out, nil
}

// The room of a text at a phrase, in points.
const textWidth, textHeight = 160, 20

// parseTextPlace parses PAGE:RECT or text:"…"; the text then stands to the
// right of the phrase, where a form leaves room for it.
func parseTextPlace(s string) (appearance.Place, error) {
	if phrase, ok := strings.CutPrefix(s, "text:"); ok {
		phrase = strings.Trim(phrase, `"`)
		if phrase == "" {
			return appearance.Place{}, fmt.Errorf("%q names no text", s)
		}
		return appearance.Place{AtText: phrase, Anchor: appearance.RightOf, Width: textWidth, Height: textHeight}, nil
	}
	page, r, err := parsePageRect(s)
	return appearance.Place{Page: strconv.Itoa(page), Rect: &r}, err
}
