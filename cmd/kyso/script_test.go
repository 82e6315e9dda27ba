package main

import (
	"bytes"
	"errors"
	"flag"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/image/tiff"
)

// update writes golden parts of scripts anew.
var update = flag.Bool("update", false, "update the scripts")

// tools are the programs that scripts call. A missing one fails the suite.
var tools = []string{"openssl", "pdfsig", "pdftotext", "pdfinfo", "qpdf", "soffice", "softhsm2-util", "pkcs11-tool"}

// TestScripts runs testdata/script: the command line as users see it.
func TestScripts(t *testing.T) {
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%s is needed: %v (make tools)", tool, err)
		}
	}
	pdfium := sharedPDFium(t)
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join("testdata", "script"),
		UpdateScripts: *update,
		Setup:         func(env *testscript.Env) error { return setupScript(env, pdfium) },
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exit":    cmdExit,
			"pki":     cmdPKI,
			"softhsm": cmdSoftHSM,
			"tsa":     cmdTSA,
			"flip":    cmdFlip,
			"damage":  cmdDamage,
			"cutsig":  cmdCutSig,
			"json":    cmdJSON,
			"copy":    cmdCopy,
			"absent":  cmdAbsent,
			"form":    cmdForm,
			"picture": cmdPicture,
			"fakep11": cmdFake,
			"calls":   cmdCalls,

			"services": cmdServices,
			"revoke":   cmdRevoke,
			"mode":     cmdMode,
			"asked":    cmdAsked,
			"crlfile":  cmdCRLFile,
		},
	})
}

// sharedPDFium is the folder of the compiled PDFium: compiling it for each
// script would take seconds. It is the user's own cache, where there is one.
func sharedPDFium(t *testing.T) string {
	base, err := os.UserCacheDir()
	if err != nil {
		return t.TempDir()
	}
	dir := filepath.Join(base, "kyso-test", "pdfium")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return t.TempDir()
	}
	return dir
}

// setupScript gives each script its own home, in Vietnamese, with no terminal.
func setupScript(env *testscript.Env, pdfium string) error {
	env.Values[fakeKey{}] = &fakeHolder{}
	env.Values[servicesKey{}] = &services{}
	home := filepath.Join(env.WorkDir, ".home")
	cache := filepath.Join(home, "cache", "kyso")
	if err := os.MkdirAll(cache, 0o700); err != nil {
		return err
	}
	if err := os.Symlink(pdfium, filepath.Join(cache, "pdfium")); err != nil {
		return err
	}
	env.Setenv("HOME", home)
	env.Setenv("XDG_CACHE_HOME", filepath.Join(home, "cache"))
	env.Setenv("XDG_CONFIG_HOME", filepath.Join(home, "config"))
	env.Setenv("TMPDIR", env.WorkDir)
	env.Setenv("LC_ALL", "C.UTF-8")
	env.Setenv("SOFTHSM2_CONF", filepath.Join(home, "no-token.conf"))
	return nil
}

// cmdExit runs a command and wants its exit code: exit 11 kyso sign a.pdf.
func cmdExit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exit CODE PROGRAM ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var failed *exec.ExitError
	switch {
	case errors.As(err, &failed):
		got = failed.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// cmdFlip turns over one bit of a byte: flip FILE OUT OFFSET; a negative offset
// counts from the end.
func cmdFlip(ts *testscript.TestScript, _ bool, args []string) {
	data := []byte(ts.ReadFile(args[0]))
	at, err := strconv.Atoi(args[2])
	ts.Check(err)
	if at < 0 {
		at += len(data)
	}
	data[at] ^= 1
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), data, 0o600))
}

// cmdCopy copies one file: copy FROM TO.
func cmdCopy(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(ts.ReadFile(args[0])), 0o600))
}

// cmdAbsent wants that no file fits the patterns.
func cmdAbsent(ts *testscript.TestScript, _ bool, args []string) {
	for _, pattern := range args {
		found, err := filepath.Glob(ts.MkAbs(pattern))
		ts.Check(err)
		if len(found) > 0 {
			ts.Fatalf("there is %s", strings.Join(found, ", "))
		}
	}
}

// cmdPicture writes small pictures: .png, .jpg or .tif.
func cmdPicture(ts *testscript.TestScript, _ bool, names []string) {
	img := image.NewNRGBA(image.Rect(0, 0, 300, 200))
	for i := range img.Pix {
		img.Pix[i] = byte(0x80 + i%4*0x20) // grey, not quite opaque
	}
	for _, name := range names {
		var b bytes.Buffer
		switch filepath.Ext(name) {
		case ".png":
			ts.Check(png.Encode(&b, img))
		case ".jpg":
			ts.Check(jpeg.Encode(&b, img, nil))
		case ".tif":
			ts.Check(tiff.Encode(&b, img, nil))
		default:
			ts.Fatalf("no kind of picture: %s", name)
		}
		ts.Check(os.WriteFile(ts.MkAbs(name), b.Bytes(), 0o600))
	}
}
