package changes

import (
	"fmt"
	"strings"
	"testing"
)

// many is a signed document with n revisions, each of which fills in a field.
func many(n int) *doc {
	d := base(nil)
	for i := range n {
		s := fmt.Sprint(i)
		d.update(objects{nAmount: amount(s, "8"), nAmountAP: textAP(s)})
	}
	return d
}

// large is a signed document of n objects more, with one signature after it.
func large(n int) *doc {
	more := objects{}
	var kids strings.Builder
	for i := range n / 2 {
		p := uint32(100 + 2*i)
		more[p] = fmt.Sprintf("<</Type/Page/Parent 50 0 R/MediaBox[0 0 9 9]/Contents %d 0 R/Resources<</Font<</F1 5 0 R>>>>>>", p+1)
		more[p+1] = stream("", "BT ET")
		fmt.Fprintf(&kids, "%d 0 R ", p)
	}
	more[50] = fmt.Sprintf("<</Type/Pages/Parent 2 0 R/Count %d/Kids[%s]>>", n/2, kids.String())
	more[nPages] = fmt.Sprintf("<</Type/Pages/Kids[3 0 R 14 0 R 50 0 R]/Count %d>>", n/2+2)
	return base(more).update(newSig("B"))
}

func TestManyRevisions(t *testing.T) {
	for _, n := range []int{1_000, 10_000} {
		res := many(n).compare(t, Options{})
		if res.Level != Permitted || len(res.Changes) > maxChanges {
			t.Fatalf("%d revisions: %v with %d changes", n, res.Level, len(res.Changes))
		}
	}
}

func TestLargeDocument(t *testing.T) {
	res := large(20_000).compare(t, Options{})
	if res.Level != Permitted {
		t.Fatalf("%v\n%s", res.Level, show(res))
	}
}

func BenchmarkRevisions(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			d := many(n)
			for b.Loop() {
				d.compare(b, Options{})
			}
		})
	}
}

func BenchmarkObjects(b *testing.B) {
	for _, n := range []int{20_000, 200_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			d := large(n)
			for b.Loop() {
				d.compare(b, Options{})
			}
		})
	}
}
