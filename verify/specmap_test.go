package verify_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestSpecMap: docs/spec-map.md names tests and files that are there, and every
// row of the matrices.
func TestSpecMap(t *testing.T) {
	const root = ".."
	b, err := os.ReadFile(filepath.Join(root, "docs", "spec-map.md"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for _, m := range regexp.MustCompile("`([a-z/0-9]+) (Test[A-Za-z0-9]+)`").FindAllStringSubmatch(text, -1) {
		if !hasTest(t, filepath.Join(root, m[1]), m[2]) {
			t.Errorf("%s has no %s", m[1], m[2])
		}
	}
	for _, line := range strings.Split(text, "\n") {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || strings.HasPrefix(cells[1], "---") || cells[1] == " row " {
			continue
		}
		for _, name := range strings.Split(cells[2], ",") {
			if _, err := os.Stat(filepath.Join(root, strings.TrimSpace(name))); err != nil {
				t.Error(err)
			}
		}
	}
	for prefix, n := range map[string]int{"A%02d": 20, "B%d": 32, "C%d": 3, "D%02d": 24, "E%02d": 26, "F%02d": 11, "G%d": 11,
		"H%d": 6, "L%d": 14, "O%d": 12, "T%d": 11, "X%d": 2, "P%02d": 27, "I%02d": 12} {
		for i := 1; i <= n; i++ {
			if id := fmt.Sprintf(prefix, i); id != "D17" && !mapped(text, prefix, i) {
				t.Errorf("row %s is not in the map", id)
			}
		}
	}
}

// mapped tells whether a row stands in the first column, alone or within a span.
func mapped(text, prefix string, i int) bool {
	span := regexp.MustCompile(prefix[:1] + `(\d+)(?: to ` + prefix[:1] + `(\d+))?`)
	for _, line := range strings.Split(text, "\n") {
		cells := strings.Split(line, "|")
		if len(cells) != 5 {
			continue
		}
		for _, m := range span.FindAllStringSubmatch(cells[1], -1) {
			from, _ := strconv.Atoi(m[1])
			to := from
			if m[2] != "" {
				to, _ = strconv.Atoi(m[2])
			}
			if i >= from && i <= to {
				return true
			}
		}
	}
	return false
}

func hasTest(t *testing.T, dir, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil || len(files) == 0 {
		t.Errorf("no tests in %s", dir)
		return false
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), "func "+name+"(t ") {
			return true
		}
	}
	return false
}
