package pdf

import (
	"fmt"
	"strings"
	"testing"
)

// formFile has the form of object 3, whose fields are objects 4 and up.
func formFile(form string, objects ...string) *docGen {
	g := newDoc("%PDF-1.7\n").obj(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R>>").
		obj(2, "<</Type/Pages/Kids[]/Count 0>>").obj(3, form)
	for i, o := range objects {
		g.obj(uint32(4+i), o)
	}
	return g.table("")
}

func describe(fields []Field) string {
	var out []string
	for _, f := range fields {
		out = append(out, fmt.Sprintf("%s=%d %s %d %v %v %v", f.Name, f.Ref.Num, f.FT, f.Ff, f.V, f.Widgets, f.Parents))
	}
	return strings.Join(out, "; ")
}

func TestFields(t *testing.T) {
	for _, c := range []struct {
		name, form string
		objects    []string
		want       string
	}{
		{"none", "<</Fields[]>>", nil, ""},
		{"no /Fields", "<<>>", nil, ""},
		{"/Fields no array", "<</Fields/A>>", nil, ""},
		{"merged", "<</Fields[4 0 R]>>", []string{"<</T(a)/FT/Tx/V(x)/Ff 3/Subtype/Widget>>"}, "a=4 Tx 3 {x false} [{4 0}] []"},
		{"without widget", "<</Fields[4 0 R]>>", []string{"<</T(a)/FT/Sig>>"}, "a=4 Sig 0 <nil> [] []"},
		{"widgets", "<</Fields[4 0 R]>>", []string{"<</T(a)/FT/Btn/Kids[5 0 R 6 0 R]>>", "<</Subtype/Widget>>", "<</Subtype/Widget>>"},
			"a=4 Btn 0 <nil> [{5 0} {6 0}] []"},
		{"tree", "<</Fields[4 0 R]>>", []string{"<</T(a)/FT/Tx/V 9 0 R/Kids[5 0 R 6 0 R]>>", "<</T(b)/Ff 2>>", "<</T(c)/FT/Ch/V(y)/Kids[7 0 R]>>", "<</Subtype/Widget>>"},
			"a.b=5 Tx 2 {9 0} [] [{4 0}]; a.c=6 Ch 0 {y false} [{7 0}] [{4 0}]"},
		{"three levels, one without name", "<</Fields[4 0 R]>>", []string{"<</T(a)/Kids[5 0 R]>>", "<</Kids[6 0 R]>>", "<</T(c)/FT/Tx>>"},
			"a.c=6 Tx 0 <nil> [] [{4 0} {5 0}]"},
		{"widgets and child", "<</Fields[4 0 R]>>", []string{"<</T(a)/FT/Tx/Kids[5 0 R 6 0 R]>>", "<</Subtype/Widget>>", "<</T(b)>>"},
			"a.b=6 Tx 0 <nil> [] [{4 0}]; a=4 Tx 0 <nil> [{5 0}] []"},
		{"value in a kid without name", "<</Fields[4 0 R]>>", []string{"<</T(a)/FT/Sig/Kids[5 0 R]>>", "<</Subtype/Widget/V 9 0 R>>"},
			"a=5 Sig 0 {9 0} [{5 0}] [{4 0}]"},
		{"null and other things", "<</Fields[null 99 0 R (x) 4 0 R 1]>>", []string{"<</T(a)/FT/Tx/Kids[null 7]>>"}, "a=4 Tx 0 <nil> [] []"},
		{"listed twice", "<</Fields[4 0 R 4 0 R]>>", []string{"<</T(a)/FT/Tx>>"}, "a=4 Tx 0 <nil> [] []"},
		{"direct", "<</Fields[<</T(a)/FT/Tx>>]>>", nil, "a=0 Tx 0 <nil> [] []"},
		{"entries elsewhere", "<</Fields 5 0 R>>", []string{"<</T 6 0 R/FT 7 0 R/Ff 8 0 R>>", "[4 0 R]", "(a)", "/Tx", "12"}, "a=4 Tx 12 <nil> [] []"},
	} {
		t.Run(c.name, func(t *testing.T) {
			fields, err := formFile(c.form, c.objects...).open(t).Fields()
			if err != nil {
				t.Fatal(err)
			}
			if got := describe(fields); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestFieldsErrors(t *testing.T) {
	for _, c := range []struct {
		name, want string
		objects    []string
	}{
		{"own kid", "loop", []string{"<</T(a)/Kids[4 0 R]>>"}},
		{"loop of two", "loop", []string{"<</T(a)/Kids[5 0 R]>>", "<</T(b)/Kids[4 0 R]>>"}},
		{"damaged field", "unknown word", []string{"<</T abc>>"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			fields, err := formFile("<</Fields[4 0 R]>>", c.objects...).open(t).Fields()
			if !Damaged(err) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, %v", fields, err)
			}
		})
	}
}

func TestAcroForm(t *testing.T) {
	for _, c := range []struct {
		name, entry string
		ref         Ref
		found, err  bool
	}{
		{"none", "", Ref{}, false, false},
		{"null", "/AcroForm 99 0 R", Ref{}, false, false},
		{"direct", "/AcroForm<</Fields[]>>", Ref{}, true, false},
		{"elsewhere", "/AcroForm 4 0 R", Ref{4, 0}, true, false},
		{"string", "/AcroForm(x)", Ref{}, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := newDoc("%PDF-1.7\n").basic().obj(1, "<</Type/Catalog"+c.entry+">>").obj(4, "<</Fields[]>>")
			d, ref, err := g.table("").open(t).AcroForm()
			if (d != nil) != c.found || ref != c.ref || (err != nil) != c.err {
				t.Errorf("got %v, %v, %v", d, ref, err)
			}
		})
	}
}
