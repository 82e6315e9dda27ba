package i18n

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// walk calls visit with every text by its path.
func walk(t *testing.T, v reflect.Value, path string, visit func(path, text string)) {
	t.Helper()
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Name != "Lang" {
				walk(t, v.Field(i), path+"."+f.Name, visit)
			}
		}
	case reflect.Map:
		if v.Len() == 0 {
			t.Errorf("%s: no texts", path)
		}
		for _, k := range v.MapKeys() {
			walk(t, v.MapIndex(k), path+"["+k.String()+"]", visit)
		}
	case reflect.String:
		visit(path, v.String())
	default:
		t.Fatalf("%s: a %v is no text", path, v.Kind())
	}
}

func texts(t *testing.T, l Lang) map[string]string {
	t.Helper()
	all := map[string]string{}
	walk(t, reflect.ValueOf(*For(l)), "", func(path, text string) { all[path] = text })
	return all
}

var verb = regexp.MustCompile(`%(\[\d+\])?[-+# 0]*[\d.]*[a-zA-Z%]`)

// verbs are those of a format, by the argument that they take.
func verbs(s string) []string {
	var out []string
	arg := 0
	for _, v := range verb.FindAllString(s, -1) {
		if v == "%%" {
			continue
		}
		arg++
		if i := strings.Index(v, "["); i >= 0 {
			_, _ = fmt.Sscanf(v[i:], "[%d]", &arg)
			v = "%" + v[strings.Index(v, "]")+1:]
		}
		out = append(out, fmt.Sprint(arg, v))
	}
	slices.Sort(out)
	return out
}

func TestLanguagesAreComplete(t *testing.T) {
	vi, en := texts(t, Vietnamese), texts(t, English)
	for path, text := range vi {
		other, ok := en[path]
		if !ok {
			t.Errorf("%s: in Vietnamese only", path)
			continue
		}
		if text == "" || other == "" {
			t.Errorf("%s: empty: %q, %q", path, text, other)
		}
		if got, want := verbs(text), verbs(other); !slices.Equal(got, want) {
			t.Errorf("%s: takes %v in Vietnamese and %v in English", path, got, want)
		}
		if strings.Count(text, "`") != strings.Count(other, "`") {
			t.Errorf("%s: back quotes differ", path)
		}
	}
	for path := range en {
		if _, ok := vi[path]; !ok {
			t.Errorf("%s: in English only", path)
		}
	}
}

func TestTextsAreNFC(t *testing.T) {
	for _, l := range Langs() {
		for path, text := range texts(t, l) {
			if !norm.NFC.IsNormalString(text) {
				t.Errorf("%v %s: not NFC: %q", l, path, text)
			}
			if strings.TrimRight(text, " \n\t") != text && !strings.Contains(path, "Prompts") {
				t.Errorf("%v %s: blanks at the end: %q", l, path, text)
			}
		}
	}
}

// A Vietnamese text of some length without any diacritic is likely English, or
// was typed without them.
func TestVietnameseHasDiacritics(t *testing.T) {
	for path, text := range texts(t, Vietnamese) {
		if strings.Contains(path, ".Example") {
			continue
		}
		words := strings.Fields(text)
		plain := 0
		for _, w := range words {
			if norm.NFD.String(w) == w && !strings.ContainsAny(w, "đĐ") && !strings.ContainsAny(w, "-/%_.\"#`:{}+=<(") {
				plain++
			}
		}
		if len(words) >= 5 && plain == len(words) {
			t.Errorf("%s: no diacritics: %q", path, text)
		}
	}
}

func TestPhrases(t *testing.T) {
	for _, tc := range []struct{ name, in, vi string }{
		{"exact", "the rectangle asked for", "theo khung đã cho"},
		{"one gap", "a free place at the lower right of page 3", "chỗ trống ở góc dưới bên phải trang 3"},
		{"two gaps", `below the signing phrase "Ký tên" on page 2`, `dưới dòng ký "Ký tên" ở trang 2`},
		{"a gap that holds braces", `below the text "{}" on page 1`, `dưới dòng chữ "{}" ở trang 1`},
		{"known line", `line "email" left out: there is no value for it`, "bỏ dòng Email vì chứng thư số không có"},
		{"unknown", "something new", "something new"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := For(Vietnamese).Phrase(tc.in); got != tc.vi {
				t.Errorf("got %q, want %q", got, tc.vi)
			}
			if got := For(English).Phrase(tc.in); got != tc.in {
				t.Errorf("English: got %q", got)
			}
		})
	}
	for _, p := range allPhrases() {
		if strings.Count(p[0], "{}") != strings.Count(p[1], "{}") {
			t.Errorf("%q: gaps differ", p[0])
		}
		if !norm.NFC.IsNormalString(p[1]) {
			t.Errorf("%q: not NFC", p[1])
		}
	}
}

func TestDetect(t *testing.T) {
	for _, tc := range []struct {
		name string
		env  map[string]string
		want Lang
	}{
		{"nothing", nil, Vietnamese},
		{"C", map[string]string{"LC_ALL": "C"}, Vietnamese},
		{"C.UTF-8", map[string]string{"LANG": "C.UTF-8"}, Vietnamese},
		{"POSIX", map[string]string{"LANG": "POSIX"}, Vietnamese},
		{"Vietnamese", map[string]string{"LANG": "vi_VN.UTF-8"}, Vietnamese},
		{"English", map[string]string{"LANG": "en_US.UTF-8"}, English},
		{"neither", map[string]string{"LANG": "fr_FR@euro"}, English},
		{"LC_ALL first", map[string]string{"LC_ALL": "en_US", "LANG": "vi_VN"}, English},
		{"LC_MESSAGES before LANG", map[string]string{"LC_MESSAGES": "vi", "LANG": "en"}, Vietnamese},
		{"empty counts as unset", map[string]string{"LC_ALL": "", "LANG": "en_GB"}, English},
		{"C in LC_ALL overrules", map[string]string{"LC_ALL": "C", "LANG": "en_GB"}, Vietnamese},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := Detect(func(k string) string { return tc.env[k] }); got != tc.want {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}

func TestLang(t *testing.T) {
	for _, l := range Langs() {
		got, err := ParseLang(l.String())
		if err != nil || got != l {
			t.Errorf("%v: %v, %v", l, got, err)
		}
		if For(l).Lang != l {
			t.Errorf("For(%v) is %v", l, For(l).Lang)
		}
	}
	if _, err := ParseLang("fr"); err == nil {
		t.Error("fr was taken")
	}
	if s := Lang(9).String(); s != "Lang(9)" {
		t.Error(s)
	}
}

func TestMergeRefusesTwoTexts(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	merge(map[string]string{"a": "1"}, map[string]string{"a": "2"})
}
