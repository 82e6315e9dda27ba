package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/batch"
)

// FuzzConfig (F12): a configuration is read whole or refused as wrong usage,
// with nothing on standard output; what is shown of it are printable lines.
func FuzzConfig(f *testing.F) {
	for _, s := range []string{
		"profiles:\n  default:\n    level: B-B\n    tsa: [http://a.example, http://b.example]\n",
		"profiles:\n  kế-toán:\n    pdf-password-file: /x\n    quiet: true\n", "profiles: {default: {out-dir: ../../../etc}}\n",
		"a: &a [*a]\n", "profiles:\n  default:\n    lang: \"\\e[2J\"\n", "profiles:\n- x\n", "\t", "",
		"x: &x [1,1,1,1,1,1,1,1]\ny: &y [*x,*x,*x,*x,*x,*x,*x,*x]\nprofiles: {default: {tsa: *y}}\n",
	} {
		f.Add([]byte(s))
	}
	home := f.TempDir()
	f.Setenv("HOME", home)
	f.Setenv("XDG_CONFIG_HOME", home)
	path := filepath.Join(home, "config.yaml")
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		code := run(context.Background(), []string{"config", "show", "--lang", "en", "--config", path}, streams{strings.NewReader(""), &out, &errs})
		if code != exitOK && code != exitUsage || code == exitUsage && (out.Len() > 0 || !strings.HasPrefix(errs.String(), "kyso: error: ")) {
			t.Fatalf("exit %d\n%q\n%q", code, out.Bytes(), errs.Bytes())
		}
		for _, b := range [][]byte{out.Bytes(), errs.Bytes()} {
			if bytes.ContainsFunc(b, func(r rune) bool { return r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 }) {
				t.Fatalf("control characters: %q", b)
			}
		}
	})
}

// FuzzArguments (F12): any arguments are parsed or refused; nothing is run.
// Arguments are separated by a zero byte.
func FuzzArguments(f *testing.F) {
	for _, s := range []string{
		"sign\x00a.pdf\x00--rect\x001,2,3,4\x00--page\x00all", "verify\x00-\x00--at\x002026-01-01", "sign\x00--\x00-rf.pdf",
		"sign\x00--jobs=-1\x00--mark\x001:1,1,2,2", "fields\x00x\x00--add\x00A\x00--page\x002", "trust\x00add\x00a\x00b", "--json\x00--config", "",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a := newApp(streams{strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{}})
		root := newRootCommand(a)
		cmd, rest, err := root.Find(strings.Split(s, "\x00"))
		if err != nil {
			return
		}
		if err := cmd.ParseFlags(rest); err != nil {
			return
		}
		_ = cmd.ValidateArgs(cmd.Flags().Args())
	})
}

// FuzzOutputName (F12): with --out-dir no input, however it is called, gets an
// output outside of that folder.
func FuzzOutputName(f *testing.F) {
	for _, s := range []string{"a.pdf", "../../etc/passwd", "/etc/x.docx", "..", ".", "a/..", "a\\..\\b", "...pdf", "x/.pdf", "a\x00b", strings.Repeat("a", 300), "-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		o := &outputOptions{outDir: "out"}
		names := []string{o.outputName(name, filepath.Base(name), "signed")}
		if under, err := batch.Below("out", name); err == nil {
			names = append(names, under)
		}
		for _, got := range names {
			rel, err := filepath.Rel("out", got)
			if got != stdinName && (err != nil || !filepath.IsLocal(rel) || rel == ".") {
				t.Fatalf("%q leads to %q", name, got)
			}
		}
	})
}
