package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// changeCodes are the codes that package changes gives: the values of every
// field and variable Code there. One that ends in _ is completed at run time.
func changeCodes(t *testing.T) map[string]bool {
	t.Helper()
	codes := map[string]bool{}
	note := func(e ast.Expr) {
		if b, ok := e.(*ast.BinaryExpr); ok {
			e = b.X
		}
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil {
				codes[s] = true
			}
		}
	}
	isCode := func(e ast.Expr) bool {
		switch x := e.(type) {
		case *ast.SelectorExpr:
			return x.Sel.Name == "Code"
		case *ast.Ident:
			return x.Name == "Code"
		}
		return false
	}
	dir := filepath.Join("..", "changes")
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch x := n.(type) {
			case *ast.KeyValueExpr:
				if isCode(x.Key) {
					note(x.Value)
				}
			case *ast.AssignStmt:
				for i, left := range x.Lhs {
					if isCode(left) && i < len(x.Rhs) && x.Tok == token.ASSIGN {
						note(x.Rhs[i])
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return codes
}

// TestChangesAreSaid: every change that is found has a Vietnamese sentence, and
// no sentence is left without its change.
func TestChangesAreSaid(t *testing.T) {
	codes, texts := changeCodes(t), viChanges()
	if len(codes) < 50 {
		t.Fatalf("only %d codes found", len(codes))
	}
	for code := range codes {
		found := texts[code] != ""
		for known := range texts {
			found = found || strings.HasSuffix(code, "_") && strings.HasPrefix(known, code)
		}
		if !found {
			t.Errorf("no sentence for %q", code)
		}
	}
	for known := range texts {
		found := codes[known]
		for code := range codes {
			found = found || strings.HasSuffix(code, "_") && strings.HasPrefix(known, code)
		}
		if !found {
			t.Errorf("nothing gives %q", known)
		}
	}
}

func TestChangeSentences(t *testing.T) {
	vi, en := For(Vietnamese), For(English)
	for _, c := range []struct {
		in   ChangeFacts
		want string
	}{
		{ChangeFacts{Code: "value_changed", Field: "amount", Old: "100", New: "999999", Page: 1}, "trang 1: ô “amount”: “100” → “999999”"},
		{ChangeFacts{Code: "value_changed", Field: "a", New: "{old}"}, "ô “a”: (trống) → “{old}”"},
		{ChangeFacts{Code: "page_content", Page: 2}, "trang 2: nội dung trang bị thay"},
		{ChangeFacts{Code: "dss_added", Count: 3}, "thêm dữ liệu kiểm tra lâu dài (3 mục)"},
		{ChangeFacts{Code: "unheard of", Detail: "as it is"}, "as it is"},
	} {
		if got := vi.Change(c.in); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
		if got := en.Change(c.in); got != c.in.Detail {
			t.Errorf("English: %q", got)
		}
	}
}
