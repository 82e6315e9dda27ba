package oids

import (
	"encoding/asn1"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
)

// Every identifier is written once, is encodable, and says where it is defined.
func TestEachIdentifierOnceWithItsDocument(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{} // literal text -> name
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		checkFile(t, e.Name(), names)
	}
	if len(names) < 100 {
		t.Fatalf("only %d identifiers found: the test does not see them", len(names))
	}
}

func checkFile(t *testing.T, name string, seen map[string]string) {
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			continue
		}
		for _, s := range g.Specs {
			v := s.(*ast.ValueSpec)
			lit, ok := v.Values[0].(*ast.CompositeLit)
			if !ok {
				continue
			}
			var arcs []string
			for _, e := range lit.Elts {
				if b, ok := e.(*ast.BasicLit); ok {
					arcs = append(arcs, b.Value)
				}
			}
			key := strings.Join(arcs, ".")
			if other, dup := seen[key]; dup {
				t.Errorf("%s: %s and %s are both %s", name, v.Names[0].Name, other, key)
			}
			seen[key] = v.Names[0].Name
			if v.Comment == nil && v.Doc == nil && !strings.Contains(g.Doc.Text(), "RFC") && !strings.Contains(g.Doc.Text(), "ETSI") {
				t.Errorf("%s: %s names no document", name, v.Names[0].Name)
			}
		}
	}
}

// The arcs are what the documents give: known encodings, byte for byte.
func TestKnownEncodings(t *testing.T) {
	tests := map[string]struct {
		oid OID
		der string
	}{
		"sha256":      {SHA256, "\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01"},
		"signedData":  {SignedData, "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"},
		"uid":         {UID, "\x06\x0a\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01"},
		"ocspNoCheck": {OCSPNoCheck, "\x06\x09\x2b\x06\x01\x05\x05\x07\x30\x01\x05"},
	}
	for name, tc := range tests {
		got, err := asn1.Marshal(tc.oid)
		if err != nil || string(got) != tc.der {
			t.Errorf("%s: %x, want %x (%v)", name, got, tc.der, err)
		}
	}
}
