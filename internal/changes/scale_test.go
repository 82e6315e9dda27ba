package changes

import (
	"fmt"
	"strings"
	"testing"
	"time"
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

// turns is a document whose revisions take turns with two long lists of the
// signed bytes, so that each costs its author nothing.
func turns(n int) *doc {
	const long = 20_000
	kids := strings.Repeat("7 0 R ", long)
	d := start()
	var at [2]int64
	for i := range at {
		at[i] = d.at()
		d.raw("50 0 obj\n[%s9 0 R 17 0 R 20 0 R 21 0 R 22 0 R]\nendobj\n", kids)
	}
	d.objects[nPage1] = strings.Replace(d.objects[nPage1], "["+annots1+"]", " 50 0 R", 1)
	d.put(d.objects).row(50, docRow{off: at[0]})
	d.table().sign()
	for i := range n {
		d.row(50, docRow{off: at[(i+1)%2]})
		d.table()
	}
	return d
}

func TestTurns(t *testing.T) {
	if res := turns(3).compare(t, Options{}); res.Level != Permitted {
		t.Errorf("few: %v\n%s", res.Level, show(res))
	}
	start := time.Now()
	res := turns(8_000).compare(t, Options{})
	if res.Level != Unknown || len(res.Warnings) != 1 || res.Warnings[0].Code != WarnLimit {
		t.Errorf("many: %v", res.Level)
	}
	if d := time.Since(start); d > time.Minute { // what is read, 2 GB, is bounded
		t.Errorf("it took %v", d)
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

// TestRebuiltIsBounded: revisions of the signed part are searched one by one, so
// that many of them are not.
func TestRebuiltIsBounded(t *testing.T) {
	for n, want := range map[int]Level{10: Permitted, maxRebuilt + 10: Unknown} {
		d := many(n).sign()
		if res := ownSize(d).compare(t, Options{}); res.Level != want {
			t.Errorf("%d revisions: %v, want %v\n%s", n, res.Level, want, show(res))
		}
	}
}
