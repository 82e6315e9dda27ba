package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/appearance"
)

// What the flags of the mark refuse, each with its own word and before any
// file is read; the language is English.
func TestMarkRefused(t *testing.T) {
	home(t)
	newWorld(t)
	writeFile(t, "text.png", []byte("no picture"))
	noError(t, os.Mkdir("folder.png", 0o700))
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"unknown line":            {[]string{"--show", "signer,age"}, "unknown line"},
		"line twice":              {[]string{"--show", "signer,signer"}, "named twice"},
		"label of nothing":        {[]string{"--label", "age=Tuổi"}, "LINE=TEXT"},
		"label without text":      {[]string{"--label", "signer"}, "LINE=TEXT"},
		"unknown style":           {[]string{"--style", "video"}, "want text, image-text or image"},
		"style without picture":   {[]string{"--style", "image"}, "--image"},
		"unknown colour":          {[]string{"--color", "mauve"}, "no colour"},
		"size too small":          {[]string{"--font-size", "3"}, "4 … 200"},
		"size too large":          {[]string{"--font-size", "201"}, "4 … 200"},
		"size that is no number":  {[]string{"--font-size", "NaN"}, "4 … 200"},
		"text of no number":       {[]string{"--text-size", "NaN", "--note", "1:10,20,110,60:a"}, "font size"},
		"unknown preset":          {[]string{"--preset", "nd99"}, "nd30-copy"},
		"preset without picture":  {[]string{"--preset", "nd30-agency"}, "--image"},
		"no such picture":         {[]string{"--image", "none.png"}, "none.png"},
		"picture is a folder":     {[]string{"--image", "folder.png"}, "folder.png"},
		"not a picture":           {[]string{"--image", "text.png", "--at", "center"}, "PNG"},
		"no such font":            {[]string{"--font", "none.ttf"}, "none.ttf"},
		"not a font":              {[]string{"--font", "text.png", "--at", "center"}, "font file can't be used"},
		"template":                {[]string{"--text", "Ký {{.Nobody}}"}, "column 6"},
		"time format":             {[]string{"--time-format", "hôm nay"}, "shows no time"},
		"time zone":               {[]string{"--timezone", "Mars"}, "no time zone"},
		"rectangle":               {[]string{"--rect", "1,2,3"}, "4 numbers"},
		"place":                   {[]string{"--at", "middle"}, "middle-left"},
		"two places":              {[]string{"--at", "center", "--rect", "1,2,30,40"}, "--rect"},
		"match without text":      {[]string{"--nth", "2"}, "--at-text"},
		"anchor":                  {[]string{"--at-text", "Ký", "--anchor", "beside"}, "above"},
		"match":                   {[]string{"--at-text", "Ký", "--nth", "0"}, "last"},
		"offset":                  {[]string{"--at", "center", "--offset", "3"}, "2 numbers"},
		"box":                     {[]string{"--at", "center", "--size", "220"}, "2 numbers"},
		"pages":                   {[]string{"--page", "one"}, "1,3-5"},
		"no such page":            {[]string{"--page", "2", "--at", "center"}, "page 2"},
		"mark":                    {[]string{"--mark", "10,20,110,60"}, "PAGE:"},
		"mark and page":           {[]string{"--mark", "1:10,20,110,60", "--page", "2"}, "--page"},
		"note":                    {[]string{"--note", "1:10,20,110,60"}, "TEXT"},
		"note on no page":         {[]string{"--note", "x:10,20,110,60:a"}, "page number"},
		"place without number":    {[]string{"--doc-number-at", "1:10,20,110,60"}, "--doc-number"},
		"date without place":      {[]string{"--doc-date", "ngày 1"}, "--doc-date-at"},
		"place of number":         {[]string{"--doc-number", "1", "--doc-number-at", "somewhere"}, "somewhere"},
		"off the page":            {[]string{"--rect", "500,10,700,90"}, "leaves the page"},
		"too small to read":       {[]string{"--rect", "10,10,40,14"}, "30 x 4 pt"},
		"size of the file":        {[]string{"--max-size", "NaNMB"}, "no size"},
		"larger than the maximum": {[]string{"--max-size", "20KB"}, "20000"},
	} {
		t.Run(name, func(t *testing.T) {
			got := call(t, append([]string{"sign", "form.pdf", "--key", "key.pem", "--cert-file", "cert.pem", "--lang", "en"}, tc.args...)...)
			if got.code == 0 || got.code == exitService || !strings.Contains(got.err, tc.want) {
				t.Errorf("exit %d, %q; want %q", got.code, got.err, tc.want)
			}
			if !strings.Contains(got.err, "kyso: error: ") || strings.Contains(got.err, "goroutine") {
				t.Error(got.err)
			}
			if _, err := os.Stat("form.signed.pdf"); err == nil {
				t.Error("an output was written")
				noError(t, os.Remove("form.signed.pdf"))
			}
		})
	}
}

// What the flags make of the style.
func TestMarkOptions(t *testing.T) {
	home(t)
	writeFile(t, "picture.png", []byte("bytes of a picture"))
	writeFile(t, "font.ttf", []byte("bytes of a font"))
	for name, tc := range map[string]struct {
		o    markOptions
		look func(*appearance.Style) any
		want string
	}{
		"three lines":            {markOptions{}, func(s *appearance.Style) any { return s.Show }, "[signer email time]"},
		"and what was given":     {markOptions{org: "Sở", title: "Giám đốc"}, func(s *appearance.Style) any { return s.Show }, "[signer org title email time]"},
		"lines asked for":        {markOptions{org: "Sở", show: "time,signer"}, func(s *appearance.Style) any { return s.Show }, "[time signer]"},
		"a picture beside":       {markOptions{image: "picture.png"}, func(s *appearance.Style) any { return s.Layout }, "image-text"},
		"a picture alone":        {markOptions{image: "picture.png", style: "image"}, func(s *appearance.Style) any { return s.Layout }, "image"},
		"a picture behind":       {markOptions{image: "picture.png", style: "text", imageBehind: true}, func(s *appearance.Style) any { return fmt.Sprint(s.Layout, s.ImageBehind, len(s.Image)) }, "text true 18"},
		"the preset's layout":    {markOptions{preset: "nd30-person", image: "picture.png"}, func(s *appearance.Style) any { return s.Layout }, "image"},
		"a layout over a preset": {markOptions{preset: "nd30-person", image: "picture.png", style: "image-text"}, func(s *appearance.Style) any { return s.Layout }, "image-text"},
		"a family":               {markOptions{font: "serif"}, func(s *appearance.Style) any { return fmt.Sprint(s.Font, len(s.FontData)) }, "serif0"},
		"a font of one's own":    {markOptions{font: "font.ttf"}, func(s *appearance.Style) any { return fmt.Sprint(s.Font, len(s.FontData)) }, "15"},
		"looks": {markOptions{bold: true, italic: true, upper: true, border: true, noLabels: true, fontSize: 12},
			func(s *appearance.Style) any {
				return fmt.Sprint(s.Bold, s.Italic, s.Upper, s.Border, s.NoLabels, s.FontSize)
			}, "true true true true true 12"},
		"colour": {markOptions{color: "#0000ff"}, func(s *appearance.Style) any { return s.Color }, "[0 0 1]"},
		"labels": {markOptions{labels: []string{"signer=Người ký", "time="}}, func(s *appearance.Style) any {
			return fmt.Sprintf("%q %q", s.Labels[appearance.LineSigner], s.Labels[appearance.LineTime])
		}, `"Người ký" ""`},
		"time": {markOptions{timeFormat: "d/M/yyyy", timezone: "+00:00"}, func(s *appearance.Style) any { return fmt.Sprint(s.TimeFormat, " ", s.Timezone) }, "2/1/2006 UTC+00:00"},
	} {
		l, err := tc.o.build()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := fmt.Sprint(tc.look(&l.style)); got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}
