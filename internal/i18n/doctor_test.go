package i18n

import (
	"regexp"
	"slices"
	"testing"
)

func TestFill(t *testing.T) {
	values := map[string]string{"a": "1", "b": "{a}"}
	for _, c := range []struct{ name, in, want string }{
		{"none", "text", "text"}, {"one", "x{a}y", "x1y"}, {"two", "{a}{a}", "11"},
		{"not there", "{c}", "?"}, {"a value is not filled again", "{b}", "{a}"}, {"open", "x{a", "x{a"}, {"empty", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Fill(c.in, values, "?"); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// Both languages have the same gaps, and advice has no gap that its finding
// can't fill.
func TestDoctorGaps(t *testing.T) {
	gap := regexp.MustCompile(`\{[a-z_]*\}`)
	gaps := func(s string) []string {
		all := gap.FindAllString(s, -1)
		slices.Sort(all)
		return all
	}
	vi, en := For(Vietnamese).Doctor, For(English).Doctor
	for code, text := range vi.Findings {
		if got, want := gaps(text), gaps(en.Findings[code]); !slices.Equal(got, want) {
			t.Errorf("%s: %v in Vietnamese, %v in English", code, got, want)
		}
	}
	for code, text := range vi.Next {
		if got, want := gaps(text), gaps(en.Next[code]); !slices.Equal(got, want) {
			t.Errorf("next of %s: %v in Vietnamese, %v in English", code, got, want)
		}
		if _, ok := vi.Findings[code]; !ok {
			t.Errorf("advice for %s, which is no finding", code)
		}
	}
}
