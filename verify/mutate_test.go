package verify_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/verify"
)

// nightly asks for all mutants; without it a fixed part of them is tried.
var nightly = os.Getenv("KYSO_NIGHTLY") != ""

// gapOf is the /Contents string of the last signature.
func gapOf(data []byte) (from, to int) {
	from = bytes.LastIndex(data, []byte("/Contents <")) + len("/Contents ")
	return from, from + bytes.IndexByte(data[from:], '>') + 1
}

// mutants are files with signatures of each kind that are mutated.
func mutants() map[string][]byte {
	multi := newDoc()
	multi.sign(sigSpec{room: 1000})
	multi.sign(sigSpec{room: 1000, extra: "/Reason(yes)"})
	archived := signedDoc(sigSpec{room: 1000})
	archived.sign(sigSpec{sub: "ETSI.RFC3161", typ: "/Type/DocTimeStamp", now: "-", room: 1000, build: tokenSpec{}.token})
	certified := newDoc()
	certified.sign(sigSpec{extra: docMDP(1), objects: listed, room: 1000})
	return map[string][]byte{
		"one": signedDoc(sigSpec{room: 1000}).data, "two": multi.data, "archived": archived.data, "certified": certified.data,
		"stamped": signedDoc(sigSpec{room: 2000, build: stamped(tokenSpec{})}).data,
	}
}

// M01: TestFlips changes every byte of signed files in turn: outside of the gap the
// file is never valid, within it only when all that the signature stands on is
// as it was.
func TestFlips(t *testing.T) {
	outside, inside := 11, 37 // primes: no structure is skipped always
	if nightly {
		outside, inside = 1, 1
	}
	for name, data := range mutants() {
		t.Run(name, func(t *testing.T) {
			control := check(t, data)
			if control.Verdict != verify.Valid && control.Verdict != verify.ValidChanged {
				t.Fatalf("the control is %s: %+v", control.Verdict, control.Signatures)
			}
			from, to := gapOf(data)
			for i := 0; i < len(data); i++ {
				step := outside
				if i > from && i < to-1 {
					step = inside
				}
				if i%step != 0 {
					continue
				}
				for _, bit := range []byte{1, 0x20} {
					mutant := bytes.Clone(data)
					mutant[i] ^= bit
					checkMutant(t, control, data, mutant)
				}
			}
		})
	}
}

// M01: TestContainerFlips changes the container of a signature, byte by byte.
func TestContainerFlips(t *testing.T) {
	step := 5
	if nightly {
		step = 1
	}
	for _, name := range []string{"one", "stamped", "archived"} {
		data := mutants()[name]
		control := check(t, data)
		from, to := gapOf(data)
		der, _ := hex.DecodeString(string(data[from+1 : to-1]))
		for i := 0; i < len(bytes.TrimRight(der, "\x00"))+2; i += step {
			mutant, changed := bytes.Clone(data), bytes.Clone(der)
			changed[i] ^= 1 << (i % 8)
			copy(mutant[from+1:], hex.EncodeToString(changed))
			checkMutant(t, control, data, mutant)
		}
	}
}

// checkMutant compares the report on a mutant with that on the original.
func checkMutant(t testing.TB, control *verify.Report, data, mutant []byte) {
	t.Helper()
	rep := check(t, mutant)
	if rep.Verdict == verify.Unsigned {
		t.Errorf("%s: the signature disappeared", difference(data, mutant))
	}
	if rep.Verdict != verify.Valid && rep.Verdict != verify.ValidChanged {
		return
	}
	from, to := gapOf(data)
	if !bytes.Equal(data[:from], mutant[:from]) || !bytes.Equal(data[to:], mutant[to:]) {
		t.Errorf("%s: %s", difference(data, mutant), rep.Verdict)
		return
	}
	if len(rep.Signatures) != len(control.Signatures) {
		t.Errorf("%s: %d signatures", difference(data, mutant), len(rep.Signatures))
		return
	}
	a, b := control.Signatures[len(control.Signatures)-1], rep.Signatures[len(rep.Signatures)-1]
	if got, want := standsOn(t, mutant), standsOn(t, data); got != want {
		t.Errorf("%s: %s, and what the signature stands on changed", difference(data, mutant), rep.Verdict)
	}
	if a.Signer.SHA256 != b.Signer.SHA256 {
		t.Errorf("%s: another signer", difference(data, mutant))
	}
	if p := b.Time.Proven; p != nil && (a.Time.Proven == nil || !p.Equal(*a.Time.Proven)) {
		t.Errorf("%s: another time is proven", difference(data, mutant))
	}
}

// difference tells where two files differ.
func difference(a, b []byte) string {
	for i := range a {
		if a[i] != b[i] {
			return fmt.Sprintf("byte %d (%q)", i, b[max(0, i-20):min(len(b), i+20)])
		}
	}
	return "nowhere"
}

// standsOn is what a signature is made of: its signed attributes, value,
// algorithm, content. The rest of a container is not signed: versions, the list
// of digests, the further certificates, unsigned attributes.
func standsOn(t testing.TB, data []byte) string {
	t.Helper()
	from, to := gapOf(data)
	der, err := hex.DecodeString(string(data[from+1 : to-1]))
	if err != nil {
		t.Errorf("valid, with the contents %v", err)
		return ""
	}
	sd, err := cms.Parse(der)
	if err != nil || len(sd.SignerInfos) != 1 {
		t.Errorf("valid, with the container %v", err)
		return ""
	}
	si := sd.SignerInfos[0]
	return fmt.Sprintf("%v %x %x %v %v %x", sd.EContentType, sd.EContent, si.RawSignedAttrs, si.Digest, si.SignatureAlgorithm, si.Signature)
}

// M01: TestCuts ends the file at every byte.
func TestCuts(t *testing.T) {
	data := mutants()["two"]
	for i := 0; i < len(data); i += 13 {
		rep := check(t, data[:i])
		if rep.Verdict == verify.Valid && !bytes.HasSuffix(bytes.TrimSpace(data[:i]), []byte("%%EOF")) {
			t.Errorf("cut at %d: valid", i)
		}
	}
}

// M01: TestOneByte changes one byte in each of 1,000 signed files, at places that a
// fixed seed picks: no signature whose range holds the byte stays intact.
func TestOneByte(t *testing.T) {
	each := 1
	if nightly {
		each = 50
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	seeds := generated(rnd, 1000)
	for _, data := range seeds {
		oneByte(t, rnd, data, nil, each)
	}
	dir := shared()
	if dir == "" {
		t.Log("the shared corpus is not there (KYSO_SHARED): generated files only")
		return
	}
	files := readExpected(t, filepath.Join(dir, "corpus", "expected.tsv"))
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(dir, "corpus", name))
		if err != nil {
			t.Fatal(err)
		}
		if len(data) < 2<<20 || nightly {
			oneByte(t, rnd, data, []byte(files[name][0].password), each)
		}
	}
}

// generated makes signed files of many shapes.
func generated(rnd *rand.Rand, n int) (list [][]byte) {
	for range n {
		d := newDoc()
		if rnd.IntN(3) == 0 {
			d.append(map[int]string{objText: textField(fmt.Sprint(rnd.IntN(1000)), "8 0 R")})
		}
		for range 1 + rnd.IntN(3) {
			s := sigSpec{room: 900 + rnd.IntN(100), extra: fmt.Sprintf("/Reason(%x)", rnd.Uint64())}
			switch rnd.IntN(4) {
			case 0:
				s.sub = "adbe.pkcs7.detached"
			case 1:
				s.room, s.build = 2000, stamped(tokenSpec{})
			case 2:
				s.sub, s.typ, s.build = "ETSI.RFC3161", "/Type/DocTimeStamp", tokenSpec{}.token
			}
			d.sign(s)
		}
		list = append(list, d.data)
	}
	return list
}

func oneByte(t *testing.T, rnd *rand.Rand, data, password []byte, times int) {
	t.Helper()
	with := func(o *verify.Options) { o.Password = password }
	before := check(t, data, with)
	if len(before.Signatures) == 0 {
		return
	}
	for range times {
		mutant := bytes.Clone(data)
		at := rnd.IntN(len(data))
		mutant[at] ^= 1 << rnd.IntN(8)
		after := check(t, mutant, with)
		if after.Verdict == verify.Unsigned {
			t.Errorf("byte %d: the signatures disappeared", at)
		}
		for _, s := range after.Signatures {
			covered := len(s.ByteRange) == 4 && (inRange(s.ByteRange[:2], at) || inRange(s.ByteRange[2:], at))
			if covered && s.Integrity == verify.Intact && s.Kind != verify.KindUsageRights {
				t.Errorf("%s is intact, and its byte %d was changed", s.Field, at)
			}
		}
	}
}

func inRange(r []int64, at int) bool { return int64(at) >= r[0] && int64(at) < r[0]+r[1] }

// FuzzVerify: no mutated file is valid unless every signed byte is as it was,
// no input panics, and what bears a mark is never unsigned.
func FuzzVerify(f *testing.F) {
	originals := make(map[string]bool)
	for _, data := range mutants() {
		f.Add(data, uint32(0), byte(0))
		f.Add(data, uint32(len(data)/2), byte(1))
		f.Add(data, uint32(len(data)-3), byte(0x80))
		for _, sig := range check(f, data).Signatures {
			r := sig.ByteRange
			originals[signedPart(data, int(r[1]), int(r[2]), int(r[2]+r[3]))] = true
		}
	}
	for _, tail := range []string{"\n", "% x\n", "4 0 obj<<>>endobj", "<html>"} {
		f.Add(append(signedDoc(sigSpec{room: 1000}).data, tail...), uint32(0), byte(0))
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
		if rep.Verdict == verify.Unsigned && bytes.Contains(mutant, []byte("/ByteRange[")) {
			t.Fatal("unsigned, with the mark of a signature")
		}
		if rep.Verdict == verify.Valid || rep.Verdict == verify.ValidChanged {
			for _, s := range rep.Signatures {
				checkKnown(t, s, mutant, originals)
			}
		}
	})
}

// container is the text of /Contents. ECDSA makes it another in each process,
// and the fuzzer has several.
var container = regexp.MustCompile(`/Contents <[0-9A-Fa-f]*>`)

// signedPart is what a signature with the gap [from, to) and the end covers,
// without the containers of others.
func signedPart(data []byte, from, to, end int) string {
	blank := func(b []byte) string { return string(container.ReplaceAll(b, []byte("/Contents <>"))) }
	return blank(data[:from]) + "\x00" + blank(data[to:end])
}

// checkKnown: nobody but the fuzzer's own fixtures was signed by the anchors,
// so what is valid must be the signed part of one of them.
func checkKnown(t *testing.T, s verify.Signature, data []byte, originals map[string]bool) {
	t.Helper()
	r := s.ByteRange
	if len(r) != 4 || r[0] != 0 || r[2]+r[3] > int64(len(data)) {
		t.Fatalf("valid with range %v", r)
	}
	if !originals[signedPart(data, int(r[1]), int(r[2]), int(r[2]+r[3]))] {
		t.Fatalf("valid, and nobody signed the range %v", r)
	}
}
