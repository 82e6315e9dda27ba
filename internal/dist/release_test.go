//go:build dist

package main

import (
	"crypto/x509"
	"debug/buildinfo"
	"debug/pe"
	"encoding/json"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/testdata/form"
)

// These tests look at what `make dist` made: `make dist-test`, which takes
// minutes, and needs wine, qemu-user, rpm and the compilers.

// made is the folder of the release.
const made = "../../dist"

// one is the only file that fits a pattern.
func one(t *testing.T, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(made, pattern))
	if err != nil || len(found) != 1 {
		t.Fatalf("%s: %v, %v (make dist)", pattern, found, err)
	}
	abs, err := filepath.Abs(found[0])
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

// program runs a command and gives all that it prints.
func program(t *testing.T, dir string, env []string, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func TestReleaseSums(t *testing.T) {
	out := program(t, made, nil, "sha256sum", "-c", "--strict", "SHA256SUMS")
	files, err := filesOf(made)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out, ": OK\n"); n != len(files)-1 || n < 4+4+4+4 {
		t.Errorf("%d sums for %d files", n, len(files))
	}
}

// TestReleaseBills: each SBOM names the modules of its binary.
func TestReleaseBills(t *testing.T) {
	for _, x := range targets {
		info, err := buildinfo.ReadFile(one(t, "bin/"+x.folder()+"/"+x.program()))
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(one(t, "kyso_*_"+x.folder()+".cdx.json"))
		if err != nil {
			t.Fatal(err)
		}
		var b bom
		if err := json.Unmarshal(data, &b); err != nil {
			t.Fatal(err)
		}
		if len(info.Deps) == 0 || len(b.Components) != len(info.Deps)+1+len(embedded) {
			t.Errorf("%s: %d components, %d modules", x, len(b.Components), len(info.Deps))
		}
		for _, s := range info.Settings {
			if s.Key == "CGO_ENABLED" && s.Value != "1" || s.Key == "-trimpath" && s.Value != "true" {
				t.Errorf("%s: %s=%s", x, s.Key, s.Value)
			}
		}
	}
}

// signing is a folder with a form, a key and its root.
func signing(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	root := testpki.NewRoot("Release Test Root", testpki.P256)
	key := testpki.Key(testpki.RSA2048, "person")
	cert := root.Issue(testpki.Leaf{CN: "NGUYỄN VĂN A", Email: "a@example.vn", Key: key.Public()})
	p12, err := testpki.PKCS12(key, cert, []*x509.Certificate{root.Certificate}, "mat-khau")
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"don.pdf": form.PDF, "key.p12": p12, "pw": []byte("mat-khau\n"),
		"root.pem": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate.Raw}),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// signs has a binary sign with a .p12 and a visible mark, and verify; openssl's
// view of the container is pdfsig's.
func signs(t *testing.T, dir string, env []string, command ...string) {
	t.Helper()
	run := func(args ...string) string {
		return program(t, dir, env, command[0], append(command[1:len(command):len(command)], args...)...)
	}
	if out := run("version"); !strings.HasPrefix(out, "kyso ") {
		t.Errorf("version: %s", out)
	}
	run("--lang", "en", "sign", "don.pdf", "--p12", "key.p12", "--p12-password-file", "pw", "-o", "signed.pdf")
	out := run("--json", "verify", "--trust", "root.pem", "signed.pdf")
	var line struct{ Verdict string }
	if err := json.Unmarshal([]byte(out), &line); err != nil || line.Verdict != "valid" {
		t.Errorf("verdict %q, %v: %s", line.Verdict, err, out)
	}
	if out := program(t, dir, nil, "pdfsig", "-nocert", "signed.pdf"); !strings.Contains(out, "Signature is Valid") || !strings.Contains(out, "NGUYỄN VĂN A") {
		t.Errorf("pdfsig: %s", out)
	}
}

func TestReleaseLinux(t *testing.T) {
	signs(t, signing(t), []string{"HOME=" + t.TempDir()}, one(t, "bin/linux_amd64/kyso"))
}

// The libraries are those that come with the cross compiler.
func TestReleaseLinuxArm64(t *testing.T) {
	signs(t, signing(t), []string{"HOME=" + t.TempDir()}, "qemu-aarch64", "-L", "/usr/aarch64-linux-gnu", one(t, "bin/linux_arm64/kyso"))
}

// stub is what Go 1.26 asks of Windows and Debian's wine 8 does not have.
const stub = `#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) { return SystemFunction036(data, (ULONG)size); }
`

// TestReleaseWindows starts the program under wine. The 32-bit program needs
// the 32-bit wine (wine32 of the i386 architecture); where there is none its
// header is all that is looked at.
func TestReleaseWindows(t *testing.T) {
	for _, x := range targets {
		if x.os != "windows" {
			continue
		}
		t.Run(x.arch, func(t *testing.T) {
			exe := one(t, "bin/"+x.folder()+"/kyso.exe")
			isConsole(t, exe)
			if _, err := os.Stat("/usr/lib/wine/wine"); x.arch == "386" && err != nil {
				t.Log("no wine32 on this machine: not started")
				return
			}
			dir := signing(t)
			data, err := os.ReadFile(exe)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "kyso.exe"), data, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "stub.c"), []byte(stub), 0o600); err != nil {
				t.Fatal(err)
			}
			prefix := t.TempDir()
			env := []string{"WINEPREFIX=" + prefix, "WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree,mshtml=", "DISPLAY="}
			if x.arch == "386" {
				env = append(env, "WINEARCH=win32")
			}
			program(t, dir, env, "wineboot", "--init")
			defer program(t, dir, env, "wineserver", "-w")
			// Go looks in the system's folder only.
			library := filepath.Join(prefix, "drive_c", "windows", "system32", "bcryptprimitives.dll")
			program(t, dir, nil, x.cc, "-shared", "-o", library, "stub.c", "-ladvapi32")
			signs(t, dir, env, "wine", "kyso.exe")
		})
	}
}

// isConsole: a program for the console, with no time in its header.
func isConsole(t *testing.T, exe string) {
	t.Helper()
	f, err := pe.Open(exe)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var subsystem uint16
	switch h := f.OptionalHeader.(type) {
	case *pe.OptionalHeader32:
		subsystem = h.Subsystem
	case *pe.OptionalHeader64:
		subsystem = h.Subsystem
	}
	if subsystem != pe.IMAGE_SUBSYSTEM_WINDOWS_CUI || f.TimeDateStamp != 0 {
		t.Errorf("subsystem %d, time %d", subsystem, f.TimeDateStamp)
	}
}

// installed are files that both packages bring.
var installed = []string{
	"/usr/bin/kyso", "/usr/share/man/man1/kyso-sign.1.gz", "/usr/share/man/vi/man1/kyso-sign.1.gz", "/usr/share/man/man7/kyso-levels.7.gz",
	"/usr/share/bash-completion/completions/kyso", "/usr/share/fish/vendor_completions.d/kyso.fish",
	"/usr/share/doc/kyso/README.vi.md", "/usr/share/doc/kyso/copyright", "/usr/share/doc/kyso/NOTICE",
}

func TestReleaseDebs(t *testing.T) {
	for _, arch := range []string{"amd64", "arm64"} {
		deb := one(t, "kyso_*_linux_"+arch+".deb")
		dir := t.TempDir()
		program(t, dir, nil, "dpkg-deb", "-x", deb, dir)
		for _, name := range append(installed, "/usr/share/zsh/vendor-completions/_kyso") {
			if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
				t.Errorf("%s: %v", arch, err)
			}
		}
		info := program(t, dir, nil, "dpkg-deb", "-I", deb)
		for _, want := range []string{"Package: kyso", "Architecture: " + arch, "Depends: libc6 (>= 2.", "Recommends: pcscd"} {
			if !strings.Contains(info, want) {
				t.Errorf("%s: no %q in %s", arch, want, info)
			}
		}
		if arch != "amd64" {
			continue
		}
		if out := program(t, dir, nil, filepath.Join(dir, "usr/bin/kyso"), "version"); !strings.Contains(out, "kyso ") {
			t.Errorf("version: %s", out)
		}
		page := program(t, dir, []string{"LC_ALL=C.UTF-8", "MANPAGER=cat"}, "man", "-l", filepath.Join(dir, "usr/share/man/vi/man1/kyso-sign.1.gz"))
		if !strings.Contains(page, "TÙY CHỌN") {
			t.Errorf("man page: %s", page)
		}
	}
}

func TestReleaseRPMs(t *testing.T) {
	for arch, name := range map[string]string{"amd64": "x86_64", "arm64": "aarch64"} {
		rpm := one(t, "kyso_*_linux_"+arch+".rpm")
		list := program(t, ".", nil, "rpm", "-qpl", rpm) + "\n"
		for _, want := range append(installed, "/usr/share/zsh/site-functions/_kyso") {
			if !strings.Contains(list, want+"\n") {
				t.Errorf("%s: no %s", arch, want)
			}
		}
		if got := program(t, ".", nil, "rpm", "-qp", "--qf", "%{NAME} %{ARCH} %{LICENSE} %{BUILDHOST}", rpm); got != "kyso "+name+" Apache-2.0 localhost" {
			t.Errorf("got %q", got)
		}
		if got := program(t, ".", nil, "rpm", "-qp", "--requires", rpm); !strings.Contains(got, "libc.so.6(GLIBC_2.") {
			t.Errorf("requires %q", got)
		}
	}
}

// TestReleaseArchives: what is in an archive is what was built.
func TestReleaseArchives(t *testing.T) {
	for _, x := range targets {
		dir := t.TempDir()
		if x.os == "windows" {
			program(t, dir, nil, "unzip", "-q", one(t, "kyso_*_"+x.folder()+".zip"))
		} else {
			program(t, dir, nil, "tar", "-xzf", one(t, "kyso_*_"+x.folder()+".tar.gz"))
		}
		found, err := filepath.Glob(filepath.Join(dir, "*", x.program()))
		if err != nil || len(found) != 1 {
			t.Fatalf("%s: %v, %v", x, found, err)
		}
		program(t, dir, nil, "cmp", found[0], one(t, "bin/"+x.folder()+"/"+x.program()))
		for _, name := range []string{"man/man1/kyso.1.gz", "man/vi/man1/kyso.1.gz", "completion/kyso.ps1", "completion/_kyso", "LICENSE", "NOTICE"} {
			if _, err := os.Stat(filepath.Join(filepath.Dir(found[0]), name)); err != nil {
				t.Errorf("%s: %v", x, err)
			}
		}
	}
}
