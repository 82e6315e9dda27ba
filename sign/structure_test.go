package sign_test

import (
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/sign"
)

// tagged is a small tagged document; the parent tree has one of two forms.
func tagged(tree string) input {
	return input{objects: map[int]string{
		1:  "<</Type/Catalog/Pages 2 0 R/MarkInfo<</Marked true>>/StructTreeRoot 5 0 R/Lang(vi)>>",
		3:  "<</Type/Page/Parent 2 0 R/Contents 4 0 R/StructParents 0>>",
		4:  "<</Length 47>>stream\n/P <</MCID 0>> BDC 0 0 10 10 re f EMC % padding\nendstream",
		5:  "<</Type/StructTreeRoot/K 6 0 R/ParentTree 7 0 R/ParentTreeNextKey 1>>",
		6:  "<</Type/StructElem/S/Document/P 5 0 R/K[8 0 R]>>",
		7:  tree,
		8:  "<</Type/StructElem/S/P/P 6 0 R/Pg 3 0 R/K 0>>",
		9:  "<</Limits[0 0]/Nums[0 10 0 R]>>",
		10: "[8 0 R]",
	}}
}

func TestTaggedStaysTagged(t *testing.T) {
	for name, tree := range map[string]string{"flat": "<</Nums[0 10 0 R]>>", "kids": "<</Kids[9 0 R]>>"} {
		t.Run(name, func(t *testing.T) {
			out, _ := signed(t, tagged(tree).bytes(), cmstest.P256, visible())
			path := save(t, out)
			checkQPDF(t, path)
			checkPDFSig(t, path, 1)
			text, err := command(t, "pdfinfo", "-struct", path)
			if err != nil || !strings.Contains(text, "Form") {
				t.Errorf("no Form element: %v\n%s", err, text)
			}
			root, _ := command(t, "qpdf", "--show-object=5", path)
			if !strings.Contains(root, "/ParentTreeNextKey 2") {
				t.Errorf("root %s", root)
			}
		})
	}
}

func TestInvisibleLeavesTheTreeAlone(t *testing.T) {
	out, _ := signed(t, tagged("<</Nums[0 10 0 R]>>").bytes(), cmstest.P256, sign.Options{})
	root, _ := command(t, "qpdf", "--show-object=5", save(t, out))
	if !strings.Contains(root, "/ParentTreeNextKey 1") {
		t.Errorf("root %s", root)
	}
}
