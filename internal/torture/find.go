package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// test is one test: a function, or a script of TestScripts.
type test struct{ pkg, name string } // "./cmd/kyso", "TestScripts/output"

func (t test) String() string { return strings.TrimPrefix(t.pkg, "./") + "." + t.name }

var (
	rowID = `[WNKZM][0-9]{2}`
	// inName: TestN08N09HostileServers holds N08 and N09.
	inName = regexp.MustCompile(`^Test((?:` + rowID + `)+)`)
	// inText: "W04, W13: runs that are killed" at the start of a comment.
	inText = regexp.MustCompile(`^(?:#|//)? ?(` + rowID + `(?:(?:, | and |/)` + rowID + `)*):`)
	oneID  = regexp.MustCompile(rowID)
)

// findTests lists, for each row, the tests below root that say they hold it:
// by their name or by the start of their comment.
func findTests(root string) (map[string][]test, error) {
	found := map[string][]test{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.HasPrefix(d.Name(), ".") && path != root:
			return filepath.SkipDir
		case strings.HasSuffix(path, "_test.go"):
			return testsOf(found, root, path)
		case strings.HasSuffix(path, ".txtar") && filepath.Base(filepath.Dir(path)) == "script":
			return scriptOf(found, root, path)
		}
		return nil
	})
	for id := range found {
		slices.SortFunc(found[id], func(a, b test) int { return strings.Compare(a.String(), b.String()) })
		found[id] = slices.Compact(found[id])
	}
	return found, err
}

func packageOf(root, dir string) string {
	rel, err := filepath.Rel(root, dir)
	if err != nil {
		return dir
	}
	return "./" + filepath.ToSlash(rel)
}

func testsOf(found map[string][]test, root, path string) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv != nil || !strings.HasPrefix(f.Name.Name, "Test") || f.Name.Name == "TestMain" {
			continue
		}
		ids := oneID.FindAllString(inName.FindString(f.Name.Name), -1)
		if f.Doc != nil {
			ids = append(ids, oneID.FindAllString(inText.FindString(f.Doc.List[0].Text), -1)...)
		}
		for _, id := range ids {
			found[id] = append(found[id], test{packageOf(root, filepath.Dir(path)), f.Name.Name})
		}
	}
	return nil
}

// scriptOf reads a script: any comment line of it may name rows.
func scriptOf(found map[string][]test, root, path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	pkg := packageOf(root, filepath.Dir(filepath.Dir(filepath.Dir(path))))
	name := "TestScripts/" + strings.TrimSuffix(filepath.Base(path), ".txtar")
	for line := range strings.Lines(string(data)) {
		if !strings.HasPrefix(line, "#") {
			continue
		}
		for _, id := range oneID.FindAllString(inText.FindString(line), -1) {
			found[id] = append(found[id], test{pkg, name})
		}
	}
	return nil
}

// missing are the rows without a test, but those that say so.
func missing(found map[string][]test) error {
	var ids []string
	for _, r := range rows {
		if len(found[r.id]) == 0 && r.lacks != noTest {
			ids = append(ids, r.id)
		}
	}
	if len(ids) > 0 {
		return fmt.Errorf("no test holds %s", strings.Join(ids, ", "))
	}
	return nil
}
