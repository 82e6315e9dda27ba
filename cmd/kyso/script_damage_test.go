package main

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// cmdDamage breaks a file in one way: damage KIND FROM TO, with a kind of
// offsets (all xref offsets are wrong), endobj (none is left), tail (cut before
// the last startxref), half (only the first half is left).
func cmdDamage(ts *testscript.TestScript, _ bool, args []string) {
	data := []byte(ts.ReadFile(args[1]))
	for _, kind := range strings.Split(args[0], "+") {
		switch kind {
		case "offsets":
			line := bytes.IndexByte(data, '\n') + 1
			data = slices.Insert(data, line, []byte("%"+strings.Repeat("moved ", 20)+"\n")...)
		case "endobj":
			data = bytes.ReplaceAll(data, []byte("endobj\n"), []byte("      \n"))
		case "tail":
			data = data[:bytes.LastIndex(data, []byte("startxref"))-150]
		case "half":
			data = data[:len(data)/2]
		default:
			ts.Fatalf("no way to damage: %s", kind)
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), data, 0o600))
}

// TestMentionsSignature finds the remains of a signature wherever the pieces
// that are read at a time end.
func TestMentionsSignature(t *testing.T) {
	const piece = 256 << 10
	for _, at := range []int{0, 1, piece - 20, piece - 10, piece - 9, piece - 1, piece, 2*piece - 15, 3*piece + 5} {
		data := bytes.Repeat([]byte("/ByteRang "), (3*piece+100)/10)
		in := &input{r: bytes.NewReader(data), size: int64(len(data))}
		if found, err := mentionsSignature(in); found || err != nil {
			t.Fatalf("found in a file without: %v", err)
		}
		copy(data[at:], byteRange)
		if found, err := mentionsSignature(in); !found || err != nil {
			t.Errorf("at %d: %v, %v", at, found, err)
		}
	}
}
