package token

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// docs/reliability-tokens.md has every row, and each names tests that exist.
func TestRowsOfTokensAreHeld(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "docs", "reliability-tokens.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for line := range strings.Lines(string(data)) {
		if cells := strings.Split(line, "|"); len(cells) == 6 {
			rows[strings.TrimSpace(cells[1])] = cells[4]
		}
	}
	sources := map[string]string{"token": "*_test.go", "cmd": "../cmd/kyso/*_test.go"}
	text := map[string]string{}
	for name, pattern := range sources {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			text[name] += string(b)
		}
	}
	test := regexp.MustCompile(`(token|cmd|script)\.(\w+)`)
	for i := 1; i <= 20; i++ {
		row := fmt.Sprintf("K%02d", i)
		tests := test.FindAllStringSubmatch(rows[row], -1)
		if len(tests) == 0 {
			t.Errorf("%s has no test", row)
		}
		for _, m := range tests {
			if m[1] == "script" {
				if _, err := os.Stat(filepath.Join("..", "cmd", "kyso", "testdata", "script", m[2]+".txtar")); err != nil {
					t.Errorf("%s: %v", row, err)
				}
				continue
			}
			if !strings.Contains(text[m[1]], "func "+m[2]+"(t *testing.T)") {
				t.Errorf("%s: there is no %s", row, m[0])
			}
		}
	}
}
