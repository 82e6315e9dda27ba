package main

import (
	"bytes"
	"os"
	"testing"
)

// M01: a flipped bit anywhere in the signed ranges is exit 4: in the old document,
// in the update, beside the gap, and in the cross-reference table that leads
// to all of it. What is in the gap is the signature itself: never valid.
func TestFlippedByteIsInvalid(t *testing.T) {
	home(t)
	newWorld(t)
	for _, c := range []struct{ name, extra string }{{"visible", "--at=bottom-right"}, {"invisible", "--invisible"}} {
		t.Run(c.name, func(t *testing.T) {
			name := c.name + ".pdf"
			call(t, "sign", "form.pdf", "--key", "key.pem", "--cert-file", "cert.pem", c.extra, "-o", name).want(t, 0)
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			call(t, "verify", name, "--trust", "root.pem", "--ignore-revocation").want(t, 0)
			gap := bytes.Index(data, []byte("/Contents <"))
			if gap < 0 {
				gap = bytes.Index(data, []byte("/Contents<"))
			}
			gap += bytes.IndexByte(data[gap:], '<')
			end := gap + bytes.IndexByte(data[gap:], '>') + 1
			for _, at := range flips(len(data), gap, end) {
				bad := bytes.Clone(data)
				bad[at] ^= 1
				writeFile(t, "bad.pdf", bad)
				got := call(t, "verify", "bad.pdf", "--trust", "root.pem", "--ignore-revocation").code
				if got != exitInvalid {
					t.Errorf("byte %d of %d (gap %d-%d): exit %d", at, len(data), gap, end, got)
				}
			}
		})
	}
}

// flips are the offsets to try: spread over the file, and every one where the
// structure is.
func flips(size, gap, end int) []int {
	var all []int
	for at := 0; at < size; at += 127 {
		if at < gap || at >= end {
			all = append(all, at)
		}
	}
	for _, r := range [][2]int{{0, 20}, {gap - 200, gap}, {end, end + 200}, {size - 300, size}} {
		for at := max(r[0], 0); at < min(r[1], size); at++ {
			all = append(all, at)
		}
	}
	return all
}
