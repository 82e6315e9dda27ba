package verify_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/kyso-vn/kyso/verify"
)

// gapOf is the /Contents string of the last signature.
func gapOf(data []byte) (from, to int) {
	from = bytes.LastIndex(data, []byte("/Contents <")) + len("/Contents ")
	return from, from + bytes.IndexByte(data[from:], '>') + 1
}

// mutants are files with signatures of each kind that are mutated.
func mutants(t testing.TB) map[string][]byte {
	multi := newDoc()
	multi.sign(sigSpec{room: 1200})
	multi.sign(sigSpec{room: 1200, extra: "/Reason(yes)"})
	stampedDoc := signedDoc(sigSpec{room: 2400, build: stamped(tokenSpec{})})
	archived := signedDoc(sigSpec{room: 1200})
	archived.docStamp(tokenSpec{})
	return map[string][]byte{
		"one": signedDoc(sigSpec{room: 1200}).data, "two": multi.data, "stamped": stampedDoc.data, "archived": archived.data,
		"certified": certified(1).data,
	}
}

// TestFlips changes every byte of signed files in turn: outside of the gap the
// file is never valid; within it only a change that says the same (the case of
// a digit) or that nobody relies on (an unsigned attribute) may pass.
func TestFlips(t *testing.T) {
	step := 1
	if testing.Short() {
		step = 7
	}
	for name, data := range mutants(t) {
		t.Run(name, func(t *testing.T) {
			if rep := check(t, data); rep.Verdict != verify.Valid && rep.Verdict != verify.ValidChanged {
				t.Fatalf("the control is %s: %+v", rep.Verdict, rep.Signatures)
			}
			from, to := gapOf(data)
			for i := 0; i < len(data); i += step {
				if i > from+200 && i < to-40 && i%31 != 0 {
					continue // digits are much alike
				}
				for _, bit := range []byte{1, 0x20} {
					mutant := bytes.Clone(data)
					mutant[i] ^= bit
					checkMutant(t, mutant, i, i >= from && i < to)
				}
			}
		})
	}
}

func checkMutant(t testing.TB, mutant []byte, i int, inGap bool) {
	t.Helper()
	rep := check(t, mutant)
	if rep.Verdict == verify.Unsigned {
		t.Errorf("byte %d: the signature disappeared", i)
	}
	if rep.Verdict == verify.Valid || rep.Verdict == verify.ValidChanged {
		if !inGap {
			t.Errorf("byte %d (%q): %s", i, mutant[max(0, i-20):min(len(mutant), i+20)], rep.Verdict)
		}
	}
}

// TestCuts ends the file at every byte.
func TestCuts(t *testing.T) {
	data := mutants(t)["two"]
	for i := 0; i < len(data); i += 13 {
		rep := check(t, data[:i])
		if rep.Verdict == verify.Valid && !bytes.HasSuffix(bytes.TrimSpace(data[:i]), []byte("%%EOF")) {
			t.Errorf("cut at %d: valid", i)
		}
	}
}

// FuzzVerify: no mutated file is valid unless every signed byte is as it was,
// no input panics, and what bears a mark is never unsigned.
func FuzzVerify(f *testing.F) {
	for _, data := range mutants(f) {
		f.Add(data, uint32(0), byte(0))
		f.Add(data, uint32(len(data)/2), byte(1))
		f.Add(data, uint32(len(data)-3), byte(0x80))
	}
	for _, tail := range []string{"\n", "% x\n", "4 0 obj<<>>endobj", "<html>"} {
		f.Add(append(signedDoc(sigSpec{room: 1200}).data, tail...), uint32(0), byte(0))
	}
	originals := make(map[string]bool)
	for _, data := range mutants(f) {
		originals[signedPart(data)] = true
	}
	f.Fuzz(func(t *testing.T, data []byte, at uint32, flip byte) {
		if len(data) > 1<<16 {
			return
		}
		mutant := bytes.Clone(data)
		if len(mutant) > 0 {
			mutant[int(at)%len(mutant)] ^= flip
		}
		rep, err := verify.Verify(context.Background(), bytes.NewReader(mutant), int64(len(mutant)),
			verify.Options{Anchors: anchors(thePKI().root), Now: now})
		if err != nil {
			t.Fatal(err)
		}
		checkSane(t, rep)
		if rep.Verdict == verify.Valid {
			checkKnown(t, rep, mutant, originals)
		}
	})
}

// signedPart is what the last signature of a file covers.
func signedPart(data []byte) string {
	from, to := gapOf(data)
	return string(data[:from]) + "\x00" + string(data[to:])
}

// checkKnown: nobody but the fuzzer's own fixtures was signed by the anchors,
// so what is valid must be the signed part of one of them.
func checkKnown(t *testing.T, rep *verify.Report, data []byte, originals map[string]bool) {
	t.Helper()
	last := rep.Signatures[len(rep.Signatures)-1]
	r := last.ByteRange
	if len(r) != 4 || r[0] != 0 || r[2]+r[3] > int64(len(data)) {
		t.Fatalf("valid with range %v", r)
	}
	part := string(data[:r[1]]) + "\x00" + string(data[r[2]:r[2]+r[3]])
	if originals[part] {
		return
	}
	for known := range originals {
		// A prefix of a fixture, cut behind an earlier signature.
		if len(known) > len(part) && known[:int(r[1])] == part[:int(r[1])] {
			return
		}
	}
	t.Fatalf("valid, and nobody signed these %d bytes", len(part))
}
