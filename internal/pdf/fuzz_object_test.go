package pdf

import (
	"bytes"
	"fmt"
	"reflect"
	"strconv"
	"testing"
)

// printed writes an object in the plainest form, for the round trip of
// FuzzObject. It shares nothing with the writer of updates.
func printed(b *bytes.Buffer, o Object) {
	switch v := o.(type) {
	case nil:
		b.WriteString("null")
	case bool, Integer:
		fmt.Fprint(b, v)
	case Real:
		s := strconv.FormatFloat(float64(v), 'f', -1, 64)
		if _, err := strconv.ParseInt(s, 10, 64); err == nil {
			s += ".0"
		}
		b.WriteString(s)
	case Name:
		b.WriteByte('/')
		for _, c := range []byte(v) {
			fmt.Fprintf(b, "#%02x", c)
		}
	case String:
		if v.Hex {
			fmt.Fprintf(b, "<%x>", v.Value)
			return
		}
		b.WriteByte('(')
		for _, c := range []byte(v.Value) {
			fmt.Fprintf(b, "\\%03o", c)
		}
		b.WriteByte(')')
	case Array:
		b.WriteByte('[')
		for _, e := range v {
			b.WriteByte(' ')
			printed(b, e)
		}
		b.WriteByte(']')
	case *Dict:
		b.WriteString("<<")
		for k, e := range v.All() {
			printed(b, k)
			b.WriteByte(' ')
			printed(b, e)
		}
		b.WriteString(">>")
	case Ref:
		fmt.Fprintf(b, "%d %d R", v.Num, v.Gen)
	default:
		panic(fmt.Sprintf("%T", o))
	}
}

// FuzzObject (F1): what was parsed is printed and parsed to the same object.
func FuzzObject(f *testing.F) {
	for _, s := range []string{
		"[null true false 0 -1 +2 3.5 -.5 4. 1e3]", "<</A/B#20C/D(e\\)f\\n)/G<0aF>/H[1 0 R 2 3]>>",
		"(\\1\\12\\123\r\n)", "<</A 1/A 2/ 3>>", "123456789012345678901234567890", "1 0 R", "<</V null>>", "--7", "[.]",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		first, err := parseText(string(in))
		if err != nil {
			return
		}
		var b bytes.Buffer
		printed(&b, first)
		second, err := parseText(b.String())
		if err != nil {
			t.Fatalf("%q was read as %q: %v", in, b.String(), err)
		}
		var again bytes.Buffer
		printed(&again, second)
		if !bytes.Equal(b.Bytes(), again.Bytes()) {
			t.Fatalf("%q became %q", b.String(), again.String())
		}
		if d, ok := first.(*Dict); !ok || len(d.Duplicates()) == 0 {
			if _, nested := first.(Array); !nested && !ok && !reflect.DeepEqual(first, second) {
				t.Fatalf("%#v became %#v", first, second)
			}
		}
	})
}
