package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// said are the string literals of the packages whose English is translated,
// with {} for what is filled in.
func said(t *testing.T) [][]string {
	t.Helper()
	verb := regexp.MustCompile(`%[-+# 0-9.]*[a-zA-Z]`)
	var all [][]string
	for _, dir := range []string{"appearance", "sign", filepath.Join("cmd", "kyso"), filepath.Join("internal", "batch")} {
		err := filepath.WalkDir(filepath.Join("..", "..", dir), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					if s, err := strconv.Unquote(lit.Value); err == nil {
						all = append(all, strings.Split(verb.ReplaceAllString(s, "{}"), "{}"))
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// What is translated is what the packages say: a sentence that changed there
// would otherwise show in English.
func TestPhrasesAreSaid(t *testing.T) {
	literals := said(t)
	for _, p := range allPhrases() {
		found := false
		for _, l := range literals {
			if longest(l) < 8 {
				continue // "%s: %s" fits everything
			}
			if _, ok := match(l, p[0]); ok {
				found = true
				break
			}
		}
		if !found {
			t.Errorf("nobody says %q", p[0])
		}
	}
}

func longest(parts []string) int {
	n := 0
	for _, p := range parts {
		n = max(n, len(p))
	}
	return n
}

// The details of errors that people see have a Vietnamese sentence.
func TestPhrasesOfErrors(t *testing.T) {
	for in, want := range map[string]string{
		`the text "Ký" occurs 1 times, not 9`:                                  `dòng chữ "Ký" chỉ có 1 lần, không có lần thứ 9`,
		`the mark (1,2,3,4) leaves page 1, which is 595 x 842 pt`:              `khung (1,2,3,4) vượt ra ngoài trang 1 (khổ 595 x 842 pt)`,
		`the mark covers text on page 1: a: b; c; d; and 2 more`:               `khung chữ ký che chữ ở trang 1: a: b; c; d; và 2 dòng nữa`,
		`the mark (1) covers the signature "S 1" on page 1 (2)`:                `khung (1) đè lên chữ ký "S 1" ở trang 1 (2)`,
		`the signed file would have 9 bytes, 5 are allowed`:                    `tệp sau khi ký sẽ có 9 byte, giới hạn là 5 byte`,
		`there is no field "x"; the empty signature fields are A, B`:           `không có trường "x"; các trường chữ ký còn trống là A, B`,
		`the field "A" is signed already`:                                      `trường "A" đã được ký`,
		`the field "A"`:                                                        `trường "A"`,
		`page 9 does not exist: the document has 1`:                            `không có trang 9, tài liệu chỉ có 1 trang`,
		`the name leaves the output folder: "../a" goes above it or elsewhere`: `tên vượt ra ngoài thư mục kết quả: "../a"`,
		`bad file name: "con.pdf" is a device on Windows`:                      `"con.pdf" là tên thiết bị của Windows`,
		`3 fields, and the header has 2`:                                       `có 3 ô, còn dòng tiêu đề có 2`,
		`in/a.pdf is not there`:                                                `không có tệp in/a.pdf`,
	} {
		if got := For(Vietnamese).Phrase(in); got != want {
			t.Errorf("%q\n got %q\nwant %q", in, got, want)
		}
	}
}
