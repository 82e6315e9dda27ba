package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// member is a file of an archive.
type member struct {
	name string
	mode fs.FileMode
	data []byte
}

// archive writes the program with its extras: .zip for Windows, else .tar.gz.
func (d *dist) archive(t target, binary string, x *extras, out string) error {
	program, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	top := d.name(t) + "/"
	members := []member{{top + t.program(), 0o755, program}}
	for _, e := range x.files {
		data, err := os.ReadFile(x.path(e))
		if err != nil {
			return err
		}
		members = append(members, member{top + e.archive, 0o644, data})
	}
	slices.SortFunc(members, func(a, b member) int { return cmp.Compare(a.name, b.name) })
	var file bytes.Buffer
	suffix, write := ".tar.gz", d.tarball
	if t.os == "windows" {
		suffix, write = ".zip", d.zipped
	}
	if err := write(&file, members); err != nil {
		return err
	}
	return writeFile(filepath.Join(out, d.name(t)+suffix), file.Bytes(), 0o644)
}

func (d *dist) tarball(w io.Writer, members []member) error {
	gz, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	tw := tar.NewWriter(gz)
	for _, m := range members {
		h := &tar.Header{Name: m.name, Mode: int64(m.mode), Size: int64(len(m.data)), ModTime: d.epoch, Typeflag: tar.TypeReg, Format: tar.FormatPAX}
		if err := tw.WriteHeader(h); err != nil {
			return err
		}
		if _, err := tw.Write(m.data); err != nil {
			return err
		}
	}
	if err := tw.Close(); err != nil {
		return err
	}
	return gz.Close()
}

func (d *dist) zipped(w io.Writer, members []member) error {
	zw := zip.NewWriter(w)
	for _, m := range members {
		h := &zip.FileHeader{Name: m.name, Method: zip.Deflate, Modified: d.epoch}
		h.SetMode(m.mode)
		f, err := zw.CreateHeader(h)
		if err != nil {
			return err
		}
		if _, err := f.Write(m.data); err != nil {
			return err
		}
	}
	return zw.Close()
}

// filesOf lists the files below a folder, sorted, with slashes.
func filesOf(dir string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		names = append(names, filepath.ToSlash(rel))
		return err
	})
	slices.Sort(names)
	return names, err
}

// writeSums writes SHA256SUMS, as `sha256sum -c` reads it.
func writeSums(dir string) error {
	names, err := filesOf(dir)
	if err != nil {
		return err
	}
	var sums strings.Builder
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(data), name)
	}
	return writeFile(filepath.Join(dir, "SHA256SUMS"), []byte(sums.String()), 0o644)
}

// sameFiles compares two folders, file by file and byte by byte.
func sameFiles(a, b string) error {
	inA, err := filesOf(a)
	if err != nil {
		return err
	}
	inB, err := filesOf(b)
	if err != nil {
		return err
	}
	if !slices.Equal(inA, inB) {
		return fmt.Errorf("built twice: the first time %v, the second %v", inA, inB)
	}
	for _, name := range inA {
		x, err := os.ReadFile(filepath.Join(a, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		y, err := os.ReadFile(filepath.Join(b, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		if !bytes.Equal(x, y) {
			return fmt.Errorf("built twice: %s differs", name)
		}
	}
	fmt.Fprintf(os.Stdout, "built twice: %d files are the same\n", len(inA))
	return nil
}
