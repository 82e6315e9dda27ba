package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// extras are what goes with the program: man pages, completion and texts.
type extras struct {
	dir   string
	files []extra
}

// extra is one of them: where it is in an archive, where a package puts it
// (the rpm elsewhere, where that is not empty), and its bytes below dir.
type extra struct{ archive, deb, rpm string }

// texts are the files of the repository that go with a program.
var texts = []string{"README.md", "README.vi.md", "CHANGELOG.md", "LICENSE", "NOTICE"}

var shells = []struct{ name, file, deb, rpm string }{
	{"bash", "kyso.bash", "/usr/share/bash-completion/completions/kyso", ""},
	{"zsh", "_kyso", "/usr/share/zsh/vendor-completions/_kyso", "/usr/share/zsh/site-functions/_kyso"},
	{"fish", "kyso.fish", "/usr/share/fish/vendor_completions.d/kyso.fish", ""},
	{"powershell", "kyso.ps1", "", ""},
}

// extras asks the program itself, built for this machine, for its manual.
func (d *dist) extras(sources, dir string, env []string) (*extras, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	host := filepath.Join(dir, "host", "kyso")
	build := exec.Command("go", d.buildArgs(host)...)
	build.Dir, build.Env = sources, env
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, out)
	}
	x := &extras{dir: dir}
	if err := x.manual(host); err != nil {
		return nil, err
	}
	for _, s := range shells {
		code, err := exec.Command(host, "completion", s.name).Output()
		if err != nil {
			return nil, fmt.Errorf("kyso completion %s: %w", s.name, err)
		}
		if err := x.add(extra{"completion/" + s.file, s.deb, s.rpm}, code); err != nil {
			return nil, err
		}
	}
	for _, name := range texts {
		data, err := os.ReadFile(filepath.Join(sources, name))
		if err != nil {
			return nil, err
		}
		installed := name
		if name == "LICENSE" {
			installed = "copyright" // Debian policy, 12.5
		}
		if err := x.add(extra{archive: name, deb: "/usr/share/doc/kyso/" + installed}, data); err != nil {
			return nil, err
		}
	}
	return x, nil
}

// manual adds the man pages: English, and Vietnamese where man looks for them.
func (x *extras) manual(host string) error {
	for lang, below := range map[string]string{"en": "man", "vi": "man/vi"} {
		pages := filepath.Join(x.dir, "pages", lang)
		if out, err := exec.Command(host, "--lang", lang, "docs", "man", pages).CombinedOutput(); err != nil {
			return fmt.Errorf("kyso docs man: %w\n%s", err, out)
		}
		err := filepath.WalkDir(pages, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			rel, err := filepath.Rel(pages, path)
			if err != nil {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			name := below + "/" + filepath.ToSlash(rel) + ".gz"
			return x.add(extra{archive: name, deb: "/usr/share/" + name}, gzipped(data))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (x *extras) add(e extra, data []byte) error {
	x.files = append(x.files, e)
	return writeFile(x.path(e), data, 0o644)
}

// path is where the bytes of a file are.
func (x *extras) path(e extra) string {
	return filepath.Join(x.dir, "files", filepath.FromSlash(e.archive))
}

// gzipped carries neither name nor time: gzip -9n.
func gzipped(data []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	_, _ = w.Write(data)
	_ = w.Close() // to memory
	return out.Bytes()
}

func writeFile(path string, data []byte, mode fs.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // what everybody downloads
		return err
	}
	return os.WriteFile(path, data, mode)
}

// copySources copies what git knows, as it is on disk.
func copySources(to string) error {
	list, err := output("git", "ls-files", "-z")
	if err != nil {
		return err
	}
	for _, name := range strings.Split(strings.TrimRight(list, "\x00"), "\x00") {
		if err := copyFile(name, filepath.Join(to, name)); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return writeFile(to, data, info.Mode().Perm())
}

func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		return copyFile(path, filepath.Join(to, rel))
	})
}
