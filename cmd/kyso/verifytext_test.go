package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/kyso-vn/kyso/internal/i18n"
)

// serials differ from run to run: they hang on the port of the test's server.
var serials = regexp.MustCompile(`\b[0-9a-f]{30,40}\b`)

// TestVerifyTexts: what people read of each kind of document, in both
// languages. The texts are files; -update writes them anew, for a person to
// read.
func TestVerifyTexts(t *testing.T) {
	golden, err := filepath.Abs(filepath.Join("testdata", "verify"))
	if err != nil {
		t.Fatal(err)
	}
	home(t)
	for _, c := range verifyCases(t) {
		for _, l := range i18n.Langs() {
			t.Run(c.name+"."+l.String(), func(t *testing.T) {
				t.Setenv("XDG_CACHE_HOME", t.TempDir()) // what was good is not remembered
				writeFile(t, c.name+".pdf", c.data)
				if c.before != nil {
					c.before()
				}
				got := callAt(t, c.now, append([]string{"verify", c.name + ".pdf", "--lang", l.String()}, c.args...)...).want(t, c.exit)
				text := serials.ReplaceAllString(got.out+got.err, "0123456789abcdef")
				name := filepath.Join(golden, c.name+"."+l.String()+".txt")
				if *update {
					if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				if want := string(readFile(t, name)); text != want {
					t.Errorf("got\n%s\nwant\n%s", text, want)
				}
			})
		}
	}
}
