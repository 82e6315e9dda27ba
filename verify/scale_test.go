package verify_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/verify"
)

// revised is a signed file with many revisions behind the signature.
func revised(n int) []byte {
	d := signedDoc(sigSpec{})
	for i := range n {
		d.append(map[int]string{objText: textField(fmt.Sprint(i), "8 0 R"), objTextAP: textAP(fmt.Sprint(i))})
	}
	return d.data
}

// signedTimes is a file with many signatures, one a revision.
func signedTimes(n int) []byte {
	d := newDoc()
	for range n {
		d.sign(sigSpec{room: 1000})
	}
	return d.data
}

// TestScale: work grows with the file. That of signatures may grow with their
// square, as the form of each signed revision is read; the limits bound it.
func TestScale(t *testing.T) {
	rows := []struct {
		name string
		make func(n int) []byte
		n    int
		most time.Duration // for n
		grow time.Duration // for 4 n, times that of n
	}{
		{"revisions", revised, 1000, time.Second, 8},
		{"signatures", signedTimes, 51, time.Second, 32},
		{"signatures that lock", lockedTimes, 51, time.Second, 32},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			a, b := fastest(t, row.make(row.n)), fastest(t, row.make(4*row.n))
			t.Logf("%d: %v, %d: %v", row.n, a, 4*row.n, b)
			if a > row.most {
				t.Errorf("%d take %v", row.n, a)
			}
			if b > row.grow*a+100*time.Millisecond {
				t.Errorf("%d take %v, %d take %v", row.n, a, 4*row.n, b)
			}
		})
	}
}

// lockedTimes is a file in which each signature locks a field of its own.
func lockedTimes(n int) []byte {
	d := newDoc()
	for i := range n {
		d.sign(sigSpec{room: 1000, extra: fmt.Sprintf("/Reference[<</TransformMethod/FieldMDP/TransformParams<</V/1.2/Action/Include/Fields[(f%d)]>>>>]", i)})
	}
	return d.data
}

// fastest is the shortest of three runs.
func fastest(t *testing.T, data []byte) time.Duration {
	t.Helper()
	best := time.Hour
	for range 3 {
		runtime.GC()
		start := cpuTime(t)
		rep := check(t, data)
		best = min(best, cpuTime(t)-start)
		if rep.Verdict != verify.Valid && rep.Verdict != verify.ValidChanged {
			t.Fatalf("verdict %s: %v", rep.Verdict, rep.Signatures[0].Reasons)
		}
	}
	return best
}

func BenchmarkRevisions(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		data := revised(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				check(b, data)
			}
		})
	}
}

func BenchmarkSignatures(b *testing.B) {
	data := signedTimes(51)
	for b.Loop() {
		check(b, data)
	}
}
