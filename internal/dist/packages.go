package main

import (
	"debug/elf"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// nfpmConfig is the part of nfpm's configuration that is used here.
type nfpmConfig struct {
	Name          string                  `yaml:"name"`
	Arch          string                  `yaml:"arch"`
	Version       string                  `yaml:"version"`
	VersionSchema string                  `yaml:"version_schema"`
	Section       string                  `yaml:"section"`
	Priority      string                  `yaml:"priority"`
	Maintainer    string                  `yaml:"maintainer"`
	Description   string                  `yaml:"description"`
	Homepage      string                  `yaml:"homepage"`
	License       string                  `yaml:"license"`
	MTime         string                  `yaml:"mtime"`
	Contents      []nfpmFile              `yaml:"contents"`
	Overrides     map[string]nfpmRelation `yaml:"overrides"`
	RPM           nfpmRPM                 `yaml:"rpm"`
}

type nfpmRelation struct {
	Depends    []string `yaml:"depends"`
	Recommends []string `yaml:"recommends"`
	Suggests   []string `yaml:"suggests"`
}

type nfpmRPM struct {
	Summary   string `yaml:"summary"`
	BuildHost string `yaml:"buildhost"`
}

type nfpmFile struct {
	Src      string       `yaml:"src"`
	Dst      string       `yaml:"dst"`
	Packager string       `yaml:"packager,omitempty"`
	FileInfo nfpmFileInfo `yaml:"file_info"`
}

type nfpmFileInfo struct {
	Mode  uint32 `yaml:"mode"`
	MTime string `yaml:"mtime"`
}

const packageText = `Signs PDF documents with a USB token, and verifies signatures
Ký số tài liệu PDF bằng USB token của mọi nhà cung cấp chứng thư số Việt Nam, và
kiểm tra chữ ký số, trên dòng lệnh.`

// packages writes the .deb and the .rpm.
func (d *dist) packages(t target, binary string, x *extras, out string) error {
	glibc, err := neededGlibc(binary)
	if err != nil {
		return err
	}
	when := d.epoch.Format("2006-01-02T15:04:05Z")
	c := nfpmConfig{
		Name: "kyso", Arch: t.arch, Version: packageVersion(d.version), VersionSchema: "none",
		Section: "utils", Priority: "optional", Maintainer: "the kyso authors <kyso@localhost>",
		Description: packageText, Homepage: "https://github.com/kyso-vn/kyso", License: "Apache-2.0", MTime: when,
		// A token needs pcscd and its vendor's driver, an office document LibreOffice.
		Overrides: map[string]nfpmRelation{
			"deb": {[]string{"libc6 (>= " + glibc + ")"}, []string{"pcscd", "ca-certificates"}, []string{"libreoffice-writer", "opensc"}},
			"rpm": {[]string{"libc.so.6(GLIBC_" + glibc + ")(64bit)"}, []string{"pcsc-lite", "ca-certificates"}, []string{"libreoffice-writer", "opensc"}},
		},
		RPM: nfpmRPM{Summary: strings.SplitN(packageText, "\n", 2)[0], BuildHost: "localhost"},
	}
	c.Contents = packageFiles(binary, x, when)
	data, err := yaml.Marshal(c)
	if err != nil {
		return err
	}
	config := filepath.Join(x.dir, "nfpm-"+t.folder()+".yaml")
	if err := writeFile(config, data, 0o644); err != nil {
		return err
	}
	for _, kind := range []string{"deb", "rpm"} {
		cmd := exec.Command(d.nfpm, "package", "--config", config, "--packager", kind, "--target", filepath.Join(out, d.name(t)+"."+kind))
		cmd.Env = append(os.Environ(), "SOURCE_DATE_EPOCH="+strconv.FormatInt(d.epoch.Unix(), 10))
		if text, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("nfpm for %s.%s: %w\n%s", t, kind, err, text)
		}
	}
	return nil
}

func packageFiles(binary string, x *extras, when string) []nfpmFile {
	files := []nfpmFile{{Src: binary, Dst: "/usr/bin/kyso", FileInfo: nfpmFileInfo{0o755, when}}}
	for _, e := range x.files {
		f := nfpmFile{Src: x.path(e), Dst: e.deb, FileInfo: nfpmFileInfo{0o644, when}}
		switch {
		case e.deb == "":
			continue
		case e.rpm != "":
			f.Packager = "deb"
			files = append(files, nfpmFile{f.Src, e.rpm, "rpm", f.FileInfo})
		}
		files = append(files, f)
	}
	return files
}

var release = regexp.MustCompile(`^v?(\d+\.\d+\.\d+)(.*)$`)

// packageVersion is a version that both package managers order as we mean it:
// "~" sorts before the end, and a hyphen would part the packager's revision.
func packageVersion(version string) string {
	clean := func(s string) string { return regexp.MustCompile(`[^0-9A-Za-z.~+]`).ReplaceAllString(s, ".") }
	m := release.FindStringSubmatch(version)
	switch {
	case m == nil:
		return "0.0.0~" + clean(version)
	case m[2] == "":
		return m[1]
	case afterTag.MatchString(m[2]): // git describe: commits after the tag
		return m[1] + "+" + clean(m[2][1:])
	}
	return m[1] + "~" + clean(strings.TrimLeft(m[2], "-"))
}

var afterTag = regexp.MustCompile(`^-\d+-g[0-9a-f]+|^-dirty$`)

// neededGlibc is the newest version of the C library whose symbols a program
// imports.
func neededGlibc(binary string) (string, error) {
	f, err := elf.Open(binary)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	symbols, err := f.ImportedSymbols()
	if err != nil {
		return "", err
	}
	newest, major, minor := "", 0, 0
	for _, s := range symbols {
		var a, b int
		if n, _ := fmt.Sscanf(s.Version, "GLIBC_%d.%d", &a, &b); n == 2 && (a > major || a == major && b > minor) {
			newest, major, minor = fmt.Sprintf("%d.%d", a, b), a, b
		}
	}
	if newest == "" {
		return "", fmt.Errorf("%s imports nothing from the C library: was it built with cgo?", binary)
	}
	return newest, nil
}
