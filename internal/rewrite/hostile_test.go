package rewrite

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// chain is a file with n objects that each refer to the next.
func chain(n int) []byte {
	objects := []object{"<</Type/Catalog/Pages 2 0 R/Next 4 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"}
	for i := range n {
		objects = append(objects, object(fmt.Sprintf("<</N %d 0 R>>", i+5)))
	}
	return build("", append(objects, "null")...)
}

// streamChain is a file with n streams that each refer to the next: pdfcpu
// writes them one within the other.
func streamChain(n int) []byte {
	objects := []object{"<</Type/Catalog/Pages 2 0 R/Next 4 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"}
	for i := range n {
		objects = append(objects, stream(fmt.Sprintf("/N %d 0 R", i+5), ""))
	}
	return build("", append(objects, "null")...)
}

// zeros deflates n zeros.
func zeros(n int) string {
	var data bytes.Buffer
	w := zlib.NewWriter(&data)
	zero := make([]byte, 1<<20)
	for i := 0; i < n; i += len(zero) {
		_, _ = w.Write(zero)
	}
	_ = w.Close()
	return data.String()
}

// xrefBomb is a file whose xref stream inflates to n bytes.
func xrefBomb(n int) []byte {
	b := build("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>")
	b = b[:bytes.Index(b, []byte("xref\n"))]
	at := len(b)
	return fmt.Appendf(b, "4 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n",
		stream(fmt.Sprintf("/Type/XRef/W[1 2 1]/Size %d/Root 1 0 R/Filter/FlateDecode", n/4), zeros(n)), at)
}

// objectBomb is a file whose object stream inflates to n bytes.
func objectBomb(n int) []byte {
	return build("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
		stream("/Type/ObjStm/N 1/First 10/Filter/FlateDecode", zeros(n)))
}

// goToE is a loop of embedded GoToE actions, on which pdfcpu's validation dies.
func goToE() []byte {
	return build("", "<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
		"<</Type/Action/S/GoToE/D[0/Fit]/T 5 0 R/Next 4 0 R>>", "<</R/C/N(a)/T 5 0 R>>")
}

func TestHostile(t *testing.T) {
	deep := func(open, end string) []byte {
		return build("", "<</Type/Catalog/Pages 2 0 R/A 4 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
			"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>", object(strings.Repeat(open, 500_000)+strings.Repeat(end, 500_000)))
	}
	for _, tt := range []struct {
		name  string
		file  []byte
		kinds []Kind // 0: a document; what pdfcpu makes of nonsense is its affair
	}{
		{"loop of GoToE", goToE(), []Kind{0}},
		{"chain", chain(20_000), []Kind{0}},
		{"chain of streams", streamChain(20_000), []Kind{KindCrashed}},
		{"nested arrays", deep("[", "]"), []Kind{0, KindFailed}},
		{"nested dictionaries", deep("<</A", ">>"), []Kind{0, KindFailed}},
		{"bomb in the xref", xrefBomb(500 << 20), []Kind{0}},
		{"bomb of objects", objectBomb(500 << 20), []Kind{KindMemory}},
		{"large /Size", bytes.Replace(chain(3), []byte("/Size 8"), []byte("/Size 8388607000"), 1), []Kind{0, KindFailed}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			out, err := repair(t, tt.file, Options{MemoryBytes: 192 << 20, Timeout: 2 * time.Minute})
			t.Logf("%v after %v", err, time.Since(start))
			if !slices.Contains(tt.kinds, kindOf(err)) || err != nil && kindOf(err) == 0 {
				t.Fatalf("got %v, want one of %v", err, tt.kinds)
			}
			if err == nil {
				qpdfCheck(t, out)
			}
		})
	}
}

func TestDeadline(t *testing.T) {
	for _, arg := range []string{argSilent, argSpawn} {
		start := time.Now()
		_, err := repair(t, sample(), Options{Args: []string{arg}, Timeout: 300 * time.Millisecond})
		if kindOf(err) != KindTimeout {
			t.Errorf("%s: got %v, want timeout", arg, err)
		}
		if d := time.Since(start); d > 4*time.Second {
			t.Errorf("%s: took %v: what the child started lives on", arg, d)
		}
	}
}

// The work itself takes longer than the deadline.
func TestDeadlineWork(t *testing.T) {
	if _, err := repair(t, chain(100_000), Options{Timeout: 150 * time.Millisecond}); kindOf(err) != KindTimeout {
		t.Errorf("got %v, want timeout", err)
	}
}

func TestMemory(t *testing.T) {
	big := build("", "<</Type/Catalog/Pages 2 0 R/A 4 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>", stream("", strings.Repeat("x", 60<<20)))
	for _, limit := range []int64{1, 100 << 20} { // the first: the least there is, which the file alone fills
		if _, err := repair(t, big, Options{MemoryBytes: limit}); kindOf(err) != KindMemory {
			t.Errorf("limit %d: got %v, want memory", limit, err)
		}
	}
	out, err := repair(t, big, Options{})
	if err != nil {
		t.Fatal(err)
	}
	qpdfCheck(t, out)
	if _, err := repair(t, sample(), Options{MemoryBytes: 1}); err != nil {
		t.Errorf("a small file with the least limit: %v", err)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(100*time.Millisecond, cancel)
	b := sample()
	_, err := Repair(ctx, bytes.NewReader(b), int64(len(b)), Options{Args: []string{argSilent}, TempDir: t.TempDir()})
	if !errors.Is(err, context.Canceled) || kindOf(err) != 0 {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

func TestChildren(t *testing.T) {
	for _, tt := range []struct {
		name string
		o    Options
		kind Kind // 0: an error of another type
	}{
		{"ends at once", Options{Args: []string{argGone}}, KindCrashed},
		{"speaks another language", Options{Args: []string{argNoise}}, KindCrashed},
		{"is not there", Options{Self: "no-such-program"}, 0},
		{"no place for the result", Options{TempDir: "no-such-folder"}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := bytes.Repeat(sample(), 100) // more than a pipe holds
			_, err := Repair(context.Background(), bytes.NewReader(b), int64(len(b)), tt.o)
			if err == nil || kindOf(err) != tt.kind {
				t.Errorf("got %v (%v), want %v", err, kindOf(err), tt.kind)
			}
		})
	}
}

func TestSourceFails(t *testing.T) {
	b := sample()
	for _, size := range []int64{int64(len(b)), int64(len(b)) + 10} {
		r := io.NewSectionReader(readerAt{iotest.ErrReader(os.ErrPermission)}, 0, size)
		if _, err := Repair(context.Background(), r, size, Options{TempDir: t.TempDir()}); !errors.Is(err, os.ErrPermission) {
			t.Errorf("got %v, want %v", err, os.ErrPermission)
		}
	}
	if _, err := Repair(context.Background(), bytes.NewReader(b), int64(len(b))+10, Options{TempDir: t.TempDir()}); err == nil {
		t.Error("a file shorter than its size is repaired")
	}
}

// readerAt fails wherever it is read.
type readerAt struct{ r io.Reader }

func (r readerAt) ReadAt(p []byte, _ int64) (int, error) { return r.r.Read(p) }

// The password is in nobody's view: not in the arguments, not in the
// environment, of which the child gets nothing.
func TestChildSees(t *testing.T) {
	dir := t.TempDir()
	script := filepath.Join(dir, "child")
	if err := os.WriteFile(script, []byte("#!/bin/sh\n/usr/bin/env > "+dir+"/env\necho \"$@\" > "+dir+"/args\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("KYSO_PIN", "123456")
	_, err := encrypt(t, sample(), Encryption{User: []byte("mat-khau")}, Options{Self: script})
	if kindOf(err) != KindCrashed {
		t.Errorf("got %v", err)
	}
	for _, name := range []string{"env", "args"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"123456", "mat-khau"} {
			if bytes.Contains(b, []byte(secret)) {
				t.Errorf("%s of the child:\n%s", name, b)
			}
		}
	}
}

// No temporary file is left, whatever happens.
func TestNothingLeft(t *testing.T) {
	dir := t.TempDir()
	b := sample()
	for _, arg := range []string{ChildArg, argGone} {
		d, err := Repair(context.Background(), bytes.NewReader(b), int64(len(b)), Options{TempDir: dir, Args: []string{arg}})
		if err == nil {
			err = d.Close()
		}
		if arg == ChildArg && err != nil {
			t.Error(err)
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

// A process that nobody ends ends itself.
func TestGuard(t *testing.T) {
	cmd := exec.Command(os.Args[0], ChildArg)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	said := &head{limit: limitStderr}
	cmd.Stderr = said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := writeHeader(in, request{Op: opRepair, Size: 100, Memory: minMemory, Timeout: 1}); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil || !strings.Contains(said.String(), deadlinePanic) {
		t.Errorf("%v, %s", err, said)
	}
}

func TestBadRequests(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   string
	}{
		{"nothing", ""},
		{"cut", "\x00\x00\x00\x09{}"},
		{"too long", "\xff\xff\xff\xff{}"},
		{"no JSON", "\x00\x00\x00\x02hi"},
		{"no size", "\x00\x00\x00\x02{}"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := Child(context.Background(), strings.NewReader(tt.in), io.Discard); err == nil {
				t.Error("no error")
			}
		})
	}
}

func TestErrorText(t *testing.T) {
	for _, tt := range []struct {
		err  *Error
		want string
	}{
		{failed(KindTimeout, ""), "rewrite: timeout"},
		{failed(KindFailed, " a\x1b[31m\nb\u009b\xff "), "rewrite: failed: a [31m b"},
		{failed(KindSigned, strings.Repeat("ồ", 400)), "rewrite: signed: " + strings.Repeat("ồ", limitMessage/3)},
		{&Error{Kind: 99}, "rewrite: Kind(99)"},
	} {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
