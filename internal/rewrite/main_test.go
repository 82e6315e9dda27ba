package rewrite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// Words that make the test program misbehave as a child.
const (
	argSilent = "__silent" // reads and never answers
	argGone   = "__gone"   // ends at once
	argSpawn  = "__spawn"  // starts a program that sleeps, and waits for it
	argNoise  = "__noise"  // writes what is no answer
)

// TestMain makes the test program its own child.
func TestMain(m *testing.M) {
	if len(os.Args) < 2 {
		os.Exit(m.Run())
	}
	switch os.Args[1] {
	case ChildArg:
		if err := Child(context.Background(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	case argSilent:
		_, _ = io.Copy(io.Discard, os.Stdin)
		time.Sleep(time.Hour)
	case argSpawn:
		cmd := exec.Command("/bin/sleep", "3600")
		cmd.Stdout = os.Stdout // keeps the pipe open
		_ = cmd.Run()
	case argNoise:
		fmt.Print("no answer at all")
	case argGone:
	default:
		os.Exit(m.Run())
	}
}

// object is one of a file that build writes; its number is its place, from 1.
type object string

// build writes a sound file with an xref table; the first object is the
// catalog, trailer is added to the trailer.
func build(trailer string, objects ...object) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, off := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", off)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, trailer, xref)
	return b.Bytes()
}

func stream(dict, data string) object {
	return object(fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(data), data))
}

// sample is a file of two pages with an attached file in /AF, an outline, a
// form and what else a rewrite must keep.
func sample() []byte {
	return build("/Info 9 0 R/ID[<30313233343536373839616263646566><30313233343536373839616263646566>]",
		"<</Type/Catalog/Pages 2 0 R/AF[6 0 R]/Names<</EmbeddedFiles<</Names[(a.xml)6 0 R]>>>>/AcroForm<</Fields[8 0 R]>>/Outlines 10 0 R/Version/1.7>>",
		"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2/MediaBox[0 0 300 300]/Resources<</Font<</F1 12 0 R>>>>>>",
		"<</Type/Page/Parent 2 0 R/Contents 5 0 R/Annots[8 0 R]/AF[6 0 R]/DPart 13 0 R>>",
		"<</Type/Page/Parent 2 0 R/Contents 5 0 R/Rotate 90>>",
		stream("", "BT /F1 12 Tf 20 200 Td (Xin chao) Tj ET"),
		"<</Type/Filespec/F(a.xml)/UF(a.xml)/AFRelationship/Data/EF<</F 7 0 R>>>>",
		stream("/Type/EmbeddedFile/Subtype/text#2Fxml", "<hoadon>001</hoadon>"),
		"<</FT/Sig/T(ky)/Type/Annot/Subtype/Widget/Rect[10 10 90 40]/P 3 0 R/Contents(mo ta)/F 4>>",
		"<</Title(H\\303\\263a \\304\\221\\306\\241n)/CreationDate(D:20240102030405+07'00')/Producer(mau)/So#20hieu(x)>>",
		"<</Type/Outlines/First 11 0 R/Last 11 0 R/Count 1>>",
		"<</Title(Trang 2)/Parent 10 0 R/Dest[4 0 R/Fit]>>",
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
		"<</Type/DPart/Note(giu lai)/Gone 99 0 R>>",
	)
}

// repair runs Repair and reads the result.
func repair(t *testing.T, data []byte, o Options) ([]byte, error) {
	t.Helper()
	o.TempDir = t.TempDir()
	d, err := Repair(context.Background(), bytes.NewReader(data), int64(len(data)), o)
	return whole(t, d, err), err
}

func encrypt(t *testing.T, data []byte, e Encryption, o Options) ([]byte, error) {
	t.Helper()
	o.TempDir = t.TempDir()
	d, err := Encrypt(context.Background(), bytes.NewReader(data), int64(len(data)), e, o)
	return whole(t, d, err), err
}

func whole(t *testing.T, d *Document, err error) []byte {
	t.Helper()
	if err != nil {
		if d != nil {
			t.Error("a document beside an error")
		}
		return nil
	}
	b, err := io.ReadAll(io.NewSectionReader(d, 0, d.Size()))
	if err := errors.Join(err, d.Close()); err != nil {
		t.Fatal(err)
	}
	return b
}

// kindOf is the kind of a typed error, 0 for none.
func kindOf(err error) Kind {
	var e *Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Kind
}

// qpdfCheck fails the test when qpdf has anything to say.
func qpdfCheck(t *testing.T, data []byte, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("qpdf", append([]string{"--check"}, append(args, path)...)...).CombinedOutput()
	if err != nil || strings.Contains(string(out), "WARNING") {
		t.Errorf("qpdf --check: %v\n%s", err, out)
	}
	return string(out)
}

func open(t *testing.T, data []byte, password string) *pdf.File {
	t.Helper()
	f, err := pdf.Open(context.Background(), bytes.NewReader(data), int64(len(data)), pdf.OpenOptions{Password: []byte(password)})
	if err != nil {
		t.Fatal(err)
	}
	return f
}
