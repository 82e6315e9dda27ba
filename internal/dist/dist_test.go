package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

func TestPackageVersion(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"release", "v0.1.0", "0.1.0"},
		{"no v", "1.22.3", "1.22.3"},
		{"candidate sorts before", "v1.0.0-rc.1", "1.0.0~rc.1"},
		{"commits after the tag sort behind", "v1.0.0-3-g1a2b3c4", "1.0.0+3.g1a2b3c4"},
		{"changed after the tag", "v1.0.0-dirty", "1.0.0+dirty"},
		{"no tag", "e23292b", "0.0.0~e23292b"},
		{"no tag, changed", "e23292b-dirty", "0.0.0~e23292b.dirty"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := packageVersion(c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestChoose(t *testing.T) {
	if got, err := choose("linux/arm64,windows/386"); err != nil || len(got) != 2 || got[1].program() != "kyso.exe" {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := choose(""); err != nil || len(got) != 4 {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := choose("plan9/amd64"); err == nil {
		t.Error("an unknown system is passed over")
	}
}

// phrases tell a licence in the file of a module.
var phrases = map[string]*regexp.Regexp{
	"MIT":          regexp.MustCompile(`Permission is hereby granted, free of charge, to any person obtaining a copy`),
	"Apache-2.0":   regexp.MustCompile(`Apache License,? Version 2\.0`),
	"BSD-2-Clause": regexp.MustCompile(`Redistributions of source code must retain`),
	"BSD-3-Clause": regexp.MustCompile(`(?i)neither the names? of.{1,120} used to endorse`),
	"Unlicense":    regexp.MustCompile(`free and unencumbered software`),
}

// TestLicences reads the licence of each module that any system's binary may
// hold, and compares it with the table.
func TestLicences(t *testing.T) {
	seen := map[string]bool{}
	for _, goos := range []string{"linux", "windows", "darwin"} {
		cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}={{.Dir}}{{end}}{{end}}", "github.com/kyso-vn/kyso/cmd/kyso")
		cmd.Env = append(os.Environ(), "GOOS="+goos, "CGO_ENABLED=1")
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Fields(string(out)) {
			path, dir, _ := strings.Cut(line, "=")
			if !seen[path] {
				seen[path] = true
				checkLicence(t, path, dir)
			}
		}
	}
	for path := range licences {
		if !seen[path] {
			t.Errorf("%s is in the table and in no binary", path)
		}
	}
}

func checkLicence(t *testing.T, path, dir string) {
	t.Helper()
	var text []byte
	for _, pattern := range []string{"LICEN*", "UNLICENSE", "NOTICE"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			text = append(append(text, ' '), bytes.Join(bytes.Fields(data), []byte(" "))...)
		}
	}
	stated := licences[path]
	for _, id := range strings.Split(stated, " AND ") {
		if p := phrases[id]; p == nil || !p.Match(text) {
			t.Errorf("%s: its file does not say %q", path, id)
		}
	}
	if three := phrases["BSD-3-Clause"].Match(text); stated == "BSD-2-Clause" && three {
		t.Errorf("%s has the third clause", path)
	}
}

func testDist() *dist {
	return &dist{version: "v1.2.3", epoch: time.Date(2026, 11, 20, 1, 2, 3, 0, time.UTC)}
}

func TestBill(t *testing.T) {
	const digest = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
	info := &debug.BuildInfo{
		GoVersion: "go1.26.8", Main: debug.Module{Path: "github.com/kyso-vn/kyso"},
		Deps:     []*debug.Module{{Path: "github.com/spf13/cobra", Version: "v1.10.2", Sum: "h1:x"}},
		Settings: []debug.BuildSetting{{Key: "GOOS", Value: "linux"}},
	}
	b, err := testDist().bill(info, digest)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"bomFormat":"CycloneDX"`, `"specVersion":"1.6"`, `"purl":"pkg:golang/github.com/spf13/cobra@v1.10.2"`,
		`"licenses":[{"expression":"Apache-2.0"}]`, `"name":"go:build:GOOS","value":"linux"`, `"name":"Liberation Sans and Serif"`,
		`"purl":"pkg:golang/std@1.26.8"`, `"timestamp":"2026-11-20T01:02:03Z"`, digest,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	uuid := regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	if !uuid.MatchString(b.SerialNumber) {
		t.Errorf("serial number %s", b.SerialNumber)
	}
	refs := map[string]bool{}
	for _, c := range b.Components {
		if refs[c.Ref] {
			t.Errorf("two components are %s", c.Ref)
		}
		refs[c.Ref] = true
	}
	if len(b.Dependencies) != 1 || len(b.Dependencies[0].DependsOn) != len(b.Components) {
		t.Errorf("dependencies %v", b.Dependencies)
	}

	info.Deps = append(info.Deps, &debug.Module{Path: "example.com/unknown", Version: "v1.0.0"})
	if _, err := testDist().bill(info, digest); err == nil || !strings.Contains(err.Error(), "example.com/unknown") {
		t.Errorf("a module with no licence in the table: %v", err)
	}
}

// TestArchives: contents, modes and times, and the same bytes each time.
func TestArchives(t *testing.T) {
	dir := t.TempDir()
	binary := filepath.Join(dir, "kyso")
	if err := writeFile(binary, []byte("program"), 0o600); err != nil {
		t.Fatal(err)
	}
	x := &extras{dir: dir}
	if err := x.add(extra{archive: "README.md"}, []byte("read me")); err != nil {
		t.Fatal(err)
	}
	d := testDist()
	for _, to := range []string{"a", "b"} {
		for _, target := range []target{{os: "linux", arch: "amd64"}, {os: "windows", arch: "386"}} {
			if err := d.archive(target, binary, x, filepath.Join(dir, to)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := sameFiles(filepath.Join(dir, "a"), filepath.Join(dir, "b")); err != nil {
		t.Error(err)
	}
	readTar(t, d, filepath.Join(dir, "a", "kyso_v1.2.3_linux_amd64.tar.gz"))
	zr, err := zip.OpenReader(filepath.Join(dir, "a", "kyso_v1.2.3_windows_386.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer zr.Close()
	if len(zr.File) != 2 || zr.File[1].Name != "kyso_v1.2.3_windows_386/kyso.exe" || !zr.File[1].Modified.Equal(d.epoch) {
		t.Errorf("zip: %+v", zr.File)
	}
}

func readTar(t *testing.T, d *dist, name string) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	gz, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	tr := tar.NewReader(gz)
	for _, want := range []struct {
		name string
		mode int64
	}{{"kyso_v1.2.3_linux_amd64/README.md", 0o644}, {"kyso_v1.2.3_linux_amd64/kyso", 0o755}} {
		h, err := tr.Next()
		if err != nil || h.Name != want.name || h.Mode != want.mode || !h.ModTime.Equal(d.epoch) || h.Uid != 0 {
			t.Errorf("got %+v, %v; want %v", h, err, want)
		}
	}
}

func TestSumsAndSameFiles(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a/bin/x/kyso", "b/bin/x/kyso", "a/z.deb", "b/z.deb"} {
		if err := writeFile(filepath.Join(dir, name), []byte("same"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	if err := sameFiles(a, b); err != nil {
		t.Error(err)
	}
	if err := writeFile(filepath.Join(b, "z.deb"), []byte("Same"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := sameFiles(a, b); err == nil || !strings.Contains(err.Error(), "z.deb") {
		t.Errorf("another byte is not seen: %v", err)
	}
	if err := os.Remove(filepath.Join(b, "z.deb")); err != nil {
		t.Fatal(err)
	}
	if err := sameFiles(a, b); err == nil {
		t.Error("a missing file is not seen")
	}
	if err := writeSums(a); err != nil {
		t.Fatal(err)
	}
	check := exec.Command("sha256sum", "-c", "--strict", "SHA256SUMS")
	check.Dir = a
	if out, err := check.CombinedOutput(); err != nil || strings.Count(string(out), "OK") != 2 {
		t.Errorf("sha256sum: %v\n%s", err, out)
	}
}

// TestPackageFiles: each package manager gets its own folder for zsh, and no
// PowerShell.
func TestPackageFiles(t *testing.T) {
	x := &extras{dir: t.TempDir()}
	for _, s := range shells {
		x.files = append(x.files, extra{"completion/" + s.file, s.deb, s.rpm})
	}
	found := map[string]string{}
	for _, f := range packageFiles("kyso", x, "2026-11-20T01:02:03Z") {
		found[f.Dst] = f.Packager
	}
	for dst, packager := range map[string]string{
		"/usr/bin/kyso": "", "/usr/share/bash-completion/completions/kyso": "", "/usr/share/zsh/vendor-completions/_kyso": "deb",
		"/usr/share/zsh/site-functions/_kyso": "rpm", "/usr/share/fish/vendor_completions.d/kyso.fish": "",
	} {
		if got, ok := found[dst]; !ok || got != packager {
			t.Errorf("%s: %q, %v", dst, got, ok)
		}
	}
	if len(found) != 5 {
		t.Errorf("got %v", found)
	}
}
