//go:build unix

package convert

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// docx makes a small Word document of paragraphs.
func docx(t testing.TB, paragraphs ...string) []byte {
	t.Helper()
	var body strings.Builder
	for _, p := range paragraphs {
		body.WriteString("<w:p><w:r><w:t>" + p + "</w:t></w:r></w:p>")
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"[Content_Types].xml": `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels": `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
			`<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml": `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` +
			body.String() + `</w:body></w:document>`,
	} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestRealLibreOffice converts two documents in one run.
func TestRealLibreOffice(t *testing.T) {
	temp := t.TempDir()
	rtf := []byte(`{\rtf1\ansi Application to sign\par}`)
	got, err := Office(context.Background(), []File{
		{"-đơn đề nghị.docx", docx(t, "ĐƠN ĐỀ NGHỊ", "(Ký, ghi rõ họ và tên)")}, {"b.RTF", rtf},
	}, Options{TempDir: temp})
	if err != nil {
		t.Fatal(err)
	}
	if text := tool(t, got[0], "pdftotext", "IN", "-"); !strings.Contains(text, "ĐƠN ĐỀ NGHỊ\n") || !strings.Contains(text, "(Ký, ghi rõ họ và tên)") {
		t.Errorf("text of the first: %q", text)
	}
	if text := tool(t, got[1], "pdftotext", "IN", "-"); !strings.Contains(text, "Application to sign") {
		t.Errorf("text of the second: %q", text)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// fakeOffice is a program that stands in for soffice.
func fakeOffice(t testing.TB, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "soffice")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o755); err != nil { //nolint:gosec // must run
		t.Fatal(err)
	}
	return path
}

func TestOfficeFailures(t *testing.T) {
	doc := File{"a.docx", []byte("PK\x03\x04")}
	for name, tc := range map[string]struct {
		script string
		want   string
	}{
		"no output":        {"echo source file could not be loaded", "could not be loaded"},
		"exit code":        {"exit 77", "exit status 77"},
		"output is no PDF": {`for a; do case $a in */out) echo hi > $a/0.pdf;; esac; done`, "no PDF"},
		"endless words":    {"yes | head -c 1000000", "y"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Office(context.Background(), []File{doc}, Options{Soffice: fakeOffice(t, tc.script)})
			var fe *FailedError
			if !errors.As(err, &fe) || !strings.Contains(err.Error(), tc.want) || len(err.Error()) > 5000 {
				t.Errorf("got %.200v, want %q", err, tc.want)
			}
		})
	}
	if _, err := Office(context.Background(), []File{{"a.exe", nil}}, Options{Soffice: fakeOffice(t, "")}); err == nil || !strings.Contains(err.Error(), ".exe") {
		t.Errorf("a program was converted: %v", err)
	}
}

// TestDeadlineEndsTheChildrenToo: soffice is a script that starts another
// program; both must end.
func TestDeadlineEndsTheChildrenToo(t *testing.T) {
	mark := filepath.Join(t.TempDir(), "still-alive")
	script := "(sleep 2; touch " + mark + ") &\nwait\n"
	start := time.Now()
	_, err := Office(context.Background(), []File{{"a.docx", nil}}, Options{Soffice: fakeOffice(t, script), Timeout: 200 * time.Millisecond})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("ended after %v with %v", time.Since(start), err)
	}
	time.Sleep(2300*time.Millisecond - time.Since(start))
	if _, err := os.Stat(mark); err == nil {
		t.Error("the child went on")
	}
}

func TestMissingOffice(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := FindSoffice(); err != nil {
		var me *MissingError
		if !errors.As(err, &me) || me.Install == "" || len(me.Tried) == 0 {
			t.Errorf("got %v", err)
		}
	}
	// On the PATH it is found first.
	dir := filepath.Dir(fakeOffice(t, ""))
	t.Setenv("PATH", dir)
	if got, err := FindSoffice(); err != nil || filepath.Dir(got) != dir {
		t.Errorf("found %q, %v", got, err)
	}
}

func TestProfileIsPrivate(t *testing.T) {
	dir := t.TempDir()
	args, err := stage(dir, []File{{"--help.docx", []byte("x")}, {"--help.docx", []byte("y")}})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(args[0], "-env:UserInstallation=file:///") || args[len(args)-1] == args[len(args)-2] {
		t.Errorf("arguments %q", args)
	}
	for _, a := range args[len(args)-2:] {
		if !filepath.IsAbs(a) {
			t.Errorf("%q could be read as an option", a)
		}
	}
	if got := fileURL("/tmp/có dấu"); got != "file:///tmp/c%C3%B3%20d%E1%BA%A5u" {
		t.Errorf("URL %q", got)
	}
}
