//go:build linux

// Command sweep runs `kyso verify` and `kyso sign --dry-run` on every PDF below
// the folders it is given, each in a process with limits, and prints what became
// of them: verdicts, times, memory, crashes. It fails when a process crashed or
// needed over 3 s for a file of 10 MB or less. It is a tool of the Makefile and
// no part of kyso.
package main

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kyso-vn/kyso/internal/testpki"
)

func main() {
	kyso := flag.String("kyso", "bin/kyso", "the program to run")
	list := flag.String("list", "", "file for a line of tab separated values for each document")
	flag.Parse()
	if err := run(*kyso, *list, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "sweep:", err)
		os.Exit(1) //nolint:forbidigo // a program of the Makefile
	}
}

func run(kyso, list string, dirs []string) error {
	kyso, err := filepath.Abs(kyso)
	if err != nil {
		return err
	}
	files, err := find(dirs)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "kyso-sweep-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	s := &sweep{kyso: kyso, dir: dir}
	if err := s.setUp(); err != nil {
		return err
	}
	var results []result
	for i, f := range files {
		results = append(results, s.file(f))
		if (i+1)%500 == 0 {
			fmt.Fprintf(os.Stderr, "%d of %d\n", i+1, len(files))
		}
	}
	if list != "" {
		if err := os.WriteFile(list, []byte(lines(results)), 0o600); err != nil {
			return err
		}
	}
	report(os.Stdout, results)
	return bar(results)
}

// find lists the PDFs below folders, by their name or their first bytes.
func find(dirs []string) ([]string, error) {
	var files []string
	for _, dir := range dirs {
		if dir == "" {
			return nil, errors.New("which folder? make sweep DIR=folder")
		}
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil && path != dir {
				return nil //nolint:nilerr // a folder that may not be read is passed over
			}
			if err == nil && d.Type().IsRegular() && isPDF(path) {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

func isPDF(path string) bool {
	if strings.EqualFold(filepath.Ext(path), ".pdf") {
		return true
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	head := make([]byte, 5)
	n, _ := f.Read(head)
	return string(head[:n]) == "%PDF-"
}

// sweep is the program and a key to plan signatures with.
type sweep struct {
	kyso, dir string
}

func (s *sweep) path(name string) string { return filepath.Join(s.dir, name) }

func (s *sweep) setUp() error {
	ca := testpki.NewRoot("kyso sweep root", testpki.P256)
	key := testpki.Key(testpki.P256, "signer")
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	for name, block := range map[string]*pem.Block{
		"key.pem":  {Type: "PRIVATE KEY", Bytes: der},
		"cert.pem": {Type: "CERTIFICATE", Bytes: ca.Person(key.Public()).Raw},
		"root.pem": {Type: "CERTIFICATE", Bytes: ca.Certificate.Raw},
	} {
		if err := os.WriteFile(s.path(name), pem.EncodeToMemory(block), 0o600); err != nil {
			return err
		}
	}
	return os.Mkdir(s.path("home"), 0o700)
}
