package main

import (
	"reflect"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/internal/i18n"
)

// Each preset is in the help, in each language, with the rule that it follows.
func TestPresetsAreInTheHelp(t *testing.T) {
	for _, lang := range i18n.Langs() {
		topic, ok := i18n.For(lang).Topics["presets"]
		if !ok {
			t.Fatalf("%v: no topic", lang)
		}
		text := strings.Join(strings.Fields(topic.Long), " ")
		for _, p := range appearance.Presets() {
			_, about, found := strings.Cut(text, p.Name+" ")
			if !found || !strings.Contains(about, p.Article) {
				t.Errorf("%v: %s is not there with %q", lang, p.Name, p.Article)
			}
		}
	}
}

// What a flag says goes before what the preset says.
func TestFlagsChangePresets(t *testing.T) {
	for name, tc := range map[string]struct {
		o    markOptions
		want string // lines of the mark
	}{
		"as it is":    {markOptions{preset: "nd30-copy"}, "SAO Y; Ủy ban nhân dân xã Ea Kao;|2023-05-12T15:35:12+07:00"},
		"text":        {markOptions{preset: "nd30-copy", text: "TRÍCH SAO"}, "TRÍCH SAO"},
		"lines":       {markOptions{preset: "nd30-copy", show: "org"}, "Cơ quan: Ủy ban nhân dân xã Ea Kao"},
		"no labels":   {markOptions{preset: "igate", show: "signer", noLabels: true}, "NGUYỄN VĂN A"},
		"label":       {markOptions{preset: "igate", show: "signer", labels: []string{"signer=Người ký"}}, "Người ký: NGUYỄN VĂN A"},
		"time format": {markOptions{preset: "nd30-copy", text: "{{.Time}}", timeFormat: "dd/MM/yyyy", timezone: "+00:00"}, "12/05/2023"},
	} {
		l, err := tc.o.build()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		when, _ := parseTime("2023-05-12T15:35:12+07:00")
		m, err := appearance.Compose(l.style, appearance.Info{Signer: "NGUYỄN VĂN A", Org: "Ủy ban nhân dân xã Ea Kao", Time: when}, 220, 36)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := strings.Join(m.Lines, "|"); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}

// A place that a flag names is the one, nothing of the preset's is added.
func TestFlagsChangePresetPlaces(t *testing.T) {
	p, err := appearance.FindPreset("nd30-copy")
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		o    placeOptions
		want appearance.Place
	}{
		"as it is":  {placeOptions{}, p.Place},
		"rectangle": {placeOptions{rect: "10,20,110,60"}, appearance.Place{Page: "1", Rect: &appearance.Rect{10, 20, 110, 60}, Width: 220, Height: 36}},
		"corner":    {placeOptions{at: "bottom-left", page: "last"}, appearance.Place{Page: "last", At: "bottom-left", Width: 220, Height: 36}},
		"offset":    {placeOptions{offset: "-5,6"}, appearance.Place{Page: "1", At: "top-right", OffsetX: -5, OffsetY: 6, Width: 220, Height: 36}},
		"text":      {placeOptions{atText: "Ký", anchor: "right"}, appearance.Place{Page: "1", AtText: "Ký", Anchor: appearance.RightOf, Width: 220, Height: 36}},
	} {
		got, err := tc.o.build(p.Place)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%s: %+v, want %+v", name, got, tc.want)
		}
	}
}
