// Package apilist writes down what a package exports, so that a test sees every
// change of it. It is for tests only.
package apilist

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/build"
	"go/doc"
	"go/parser"
	"go/printer"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Package is the exported part of one package, as it is built for linux/amd64
// with cgo, whatever this machine is.
type Package struct {
	Text string // declarations without comments, in the order of names
	// Hidden are internal types that the exported part names and does not
	// give a name of its own to: nobody outside of the module can make one.
	Hidden []string
}

// List reads the package in a folder.
func List(dir string) (*Package, error) {
	ctx := build.Default
	ctx.GOOS, ctx.GOARCH, ctx.CgoEnabled = "linux", "amd64", true
	info, err := ctx.ImportDir(dir, 0)
	if err != nil {
		return nil, err
	}
	files := append(append([]string{}, info.GoFiles...), info.CgoFiles...)
	slices.Sort(files)
	fset := token.NewFileSet()
	var parsed []*ast.File
	for _, name := range files {
		f, err := parser.ParseFile(fset, filepath.Join(dir, name), nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		parsed = append(parsed, f)
	}
	aliases, used := internals(parsed)
	p, err := doc.NewFromFiles(fset, parsed, info.Name)
	if err != nil {
		return nil, err
	}
	l := &lister{fset: fset}
	l.all(p)
	if l.err != nil {
		return nil, l.err
	}
	out := &Package{Text: fmt.Sprintf("package %s\n\n%s", p.Name, l.text.String())}
	for name, where := range used {
		if !aliases[name] && strings.Contains(out.Text, name) {
			out.Hidden = append(out.Hidden, where)
		}
	}
	slices.Sort(out.Hidden)
	return out, nil
}

// internals finds which internal types the files name as tsp.Pool, and of
// which they make an exported alias.
func internals(files []*ast.File) (aliases map[string]bool, used map[string]string) {
	aliases, used = map[string]bool{}, map[string]string{}
	for _, f := range files {
		imported := map[string]string{}
		for _, i := range f.Imports {
			from, err := strconv.Unquote(i.Path.Value)
			if err == nil && strings.Contains(from, "/internal/") {
				imported[path.Base(from)] = from
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeSpec:
				if s, ok := n.Type.(*ast.SelectorExpr); ok && n.Assign.IsValid() && n.Name.IsExported() {
					aliases[fmt.Sprintf("%s.%s", s.X, s.Sel)] = true
				}
			case *ast.ValueSpec: // a value may come from anywhere
				return false
			case *ast.BlockStmt:
				return false
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && imported[x.Name] != "" {
					used[x.Name+"."+n.Sel.Name] = imported[x.Name] + "." + n.Sel.Name
				}
			}
			return true
		})
	}
	return aliases, used
}

type lister struct {
	fset *token.FileSet
	text strings.Builder
	err  error
}

func (l *lister) all(p *doc.Package) {
	l.values(p.Consts)
	l.values(p.Vars)
	l.funcs(p.Funcs)
	slices.SortFunc(p.Types, func(a, b *doc.Type) int { return cmp.Compare(a.Name, b.Name) })
	for _, t := range p.Types {
		l.decl(t.Decl)
		l.values(t.Consts)
		l.values(t.Vars)
		l.funcs(t.Funcs)
		l.funcs(t.Methods)
	}
}

func (l *lister) values(all []*doc.Value) {
	for _, v := range all {
		l.decl(v.Decl)
	}
}

func (l *lister) funcs(all []*doc.Func) {
	slices.SortFunc(all, func(a, b *doc.Func) int { return cmp.Compare(a.Name, b.Name) })
	for _, f := range all {
		l.decl(f.Decl)
	}
}

// decl prints a declaration; comments go, for they are no promise of names.
func (l *lister) decl(d ast.Decl) {
	ast.Inspect(d, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GenDecl:
			n.Doc = nil
		case *ast.FuncDecl:
			n.Doc, n.Body = nil, nil
		case *ast.Field:
			n.Doc, n.Comment = nil, nil
		case *ast.ValueSpec:
			n.Doc, n.Comment = nil, nil
		case *ast.TypeSpec:
			n.Doc, n.Comment = nil, nil
		}
		return true
	})
	var b bytes.Buffer
	config := printer.Config{Mode: printer.UseSpaces | printer.TabIndent, Tabwidth: 8}
	if err := config.Fprint(&b, l.fset, d); err != nil && l.err == nil {
		l.err = err
	}
	for line := range strings.Lines(b.String()) {
		if strings.TrimSpace(line) != "" {
			l.text.WriteString(line)
		}
	}
	l.text.WriteString("\n\n")
}
