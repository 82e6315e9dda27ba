package sign_test

import (
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/sign"
)

// show is an object as qpdf prints it.
func show(t *testing.T, path, object string) string {
	t.Helper()
	text, err := command(t, "qpdf", "--show-object="+object, path)
	if err != nil {
		t.Fatalf("qpdf: %v\n%s", err, text)
	}
	return text
}

func TestExtensions(t *testing.T) {
	catalog := func(entry string) map[int]string {
		return map[int]string{1: "<</Type/Catalog/Pages 2 0 R" + entry + ">>"}
	}
	const ours = "/ESIC << /BaseVersion /1.7 /ExtensionLevel 2 >>"
	for _, c := range []struct {
		name string
		in   input
		want []string // within the catalog, or object 5 when it is indirect
		not  string
	}{
		{"1.4", input{header: "%PDF-1.4"}, []string{ours}, ""},
		{"1.7", input{}, []string{ours}, ""},
		{"2.0", input{header: "%PDF-2.0"}, nil, "/Extensions"},
		{"2.0 by the catalog", input{objects: catalog("/Version/2.0")}, nil, "/Extensions"},
		{"others stay", input{objects: catalog("/Extensions<</ADBE<</BaseVersion/1.7/ExtensionLevel 8>>>>")},
			[]string{"/ADBE << /BaseVersion /1.7 /ExtensionLevel 8 >>", ours}, ""},
		{"lower is raised", input{objects: catalog("/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 1>>>>")}, []string{ours}, "/ExtensionLevel 1"},
		{"higher stays", input{objects: catalog("/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 5>>>>")}, []string{"/ExtensionLevel 5"}, "/ExtensionLevel 2"},
		{"array", input{objects: catalog("/Extensions<</ESIC[<</BaseVersion/1.7/ExtensionLevel 1>>]>>")},
			[]string{"/ESIC [ << /BaseVersion /1.7 /ExtensionLevel 1 >> << /BaseVersion /1.7 /ExtensionLevel 2 >> ]"}, ""},
		{"array that has it", input{objects: catalog("/Extensions<</ESIC[<</BaseVersion/1.7/ExtensionLevel 5>>]>>")}, []string{"/ESIC [ << /BaseVersion /1.7 /ExtensionLevel 5 >> ]"}, ""},
		{"no dictionary", input{objects: catalog("/Extensions 7")}, []string{"/Extensions 7"}, "ESIC"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, _ := signed(t, c.in.bytes(), cmstest.P256, sign.Options{})
			path := save(t, out)
			checkQPDF(t, path)
			text := show(t, path, "1")
			for _, want := range c.want {
				if !strings.Contains(text, want) {
					t.Errorf("no %s in %s", want, text)
				}
			}
			if c.not != "" && strings.Contains(text, c.not) {
				t.Errorf("%s in %s", c.not, text)
			}
			again, _ := signed(t, out, cmstest.P256, sign.Options{})
			if got := show(t, save(t, again), "1"); strings.Count(got, "/ExtensionLevel 2") > 1 {
				t.Errorf("declared twice: %s", got)
			}
		})
	}
	t.Run("indirect", func(t *testing.T) {
		objects := catalog("/Extensions 5 0 R")
		objects[5] = "<</ADBE<</BaseVersion/1.7/ExtensionLevel 3>>>>"
		out, _ := signed(t, input{objects: objects}.bytes(), cmstest.P256, sign.Options{})
		if text := show(t, save(t, out), "5"); !strings.Contains(text, ours) || !strings.Contains(text, "/ADBE") {
			t.Errorf("got %s", text)
		}
	})
}
