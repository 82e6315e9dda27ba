//go:build unix

// Command bench measures what docs/architecture.md promises on cost: whole
// processes of bin/kyso beside the programs that Debian has, as the best of
// several runs that take turns, and as ratios to cp and openssl over the same
// file. It judges nothing and never fails for being slow. It is a tool of the
// Makefile and no part of kyso.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/testdata/form"
)

func main() {
	o := options{}
	flag.StringVar(&o.kyso, "kyso", "bin/kyso", "the program to measure")
	flag.Int64Var(&o.big, "big", 1<<30, "size in bytes of the large file")
	flag.IntVar(&o.files, "files", 1000, "files of the batches that are timed")
	flag.IntVar(&o.many, "many", 10_000, "files of the batch whose memory is watched")
	flag.IntVar(&o.rounds, "rounds", 5, "rounds over the large file")
	flag.StringVar(&o.out, "o", "", "file for the table; \"\": only standard output")
	flag.StringVar(&o.small, "small", "", "folder for many small files; \"\": /dev/shm where there is one")
	flag.StringVar(&o.only, "only", "", "rows to measure, with commas: start, small, objects, large, signatures, batch, token, memory; \"\": all")
	flag.Parse()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1) //nolint:forbidigo // a program of the Makefile
	}
}

type options struct {
	kyso, out, small    string
	only                string
	big                 int64
	files, many, rounds int
}

// bench holds what the rows share.
type bench struct {
	options
	dir    string
	key    []string // flags that name the signing key
	trust  string
	report report
}

func run(o options) error {
	b := &bench{options: o}
	var err error
	if b.kyso, err = filepath.Abs(o.kyso); err != nil {
		return err
	}
	if b.dir, err = os.MkdirTemp("", "kyso-bench-"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(b.dir) }()
	if b.small, err = os.MkdirTemp(cmp.Or(o.small, smallRoot()), "kyso-bench-"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(b.small) }()
	if err := b.setUp(); err != nil {
		return err
	}
	b.report.begin(b.kyso)
	rows := []struct {
		name string
		run  func() error
	}{
		{"start", b.start}, {"small", b.smallFile}, {"objects", b.manyObjects}, {"large", b.large},
		{"signatures", b.manySignatures}, {"batch", b.batch}, {"token", b.tokenBatch}, {"memory", b.memory},
	}
	only := strings.FieldsFunc(o.only, func(r rune) bool { return r == ',' })
	for _, row := range rows {
		if len(only) > 0 && !slices.Contains(only, row.name) {
			continue
		}
		if err := row.run(); err != nil {
			return fmt.Errorf("%s: %w", row.name, err)
		}
	}
	if o.out == "" {
		return nil
	}
	return os.WriteFile(o.out, []byte(b.report.markdown()), 0o644)
}

// smallRoot is a file system in memory: making a file takes longer than
// signing one on some others.
func smallRoot() string {
	const memory = "/dev/shm"
	if _, err := os.Stat(memory); err != nil {
		return ""
	}
	return memory
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

func (b *bench) write(name string, data []byte) error { return os.WriteFile(b.path(name), data, 0o600) }

// setUp makes a key for kyso, and the same for pdfsig.
func (b *bench) setUp() error {
	ca := testpki.NewRoot("kyso bench root", testpki.RSA2048)
	key := testpki.Key(testpki.RSA2048, "signer")
	p12, err := testpki.PKCS12(key, ca.Person(key.Public()), nil, "bench")
	if err != nil {
		return err
	}
	for name, data := range map[string][]byte{"key.p12": p12, "pw": []byte("bench"), "root.crt": ca.Certificate.Raw, "small.pdf": form.PDF} {
		if err := b.write(name, data); err != nil {
			return err
		}
	}
	b.key = []string{"--p12", b.path("key.p12"), "--p12-password-file", b.path("pw")}
	b.trust = b.path("root.crt")
	if err := os.Mkdir(b.path("nss"), 0o700); err != nil {
		return err
	}
	pw := "file:" + b.path("pw")
	for _, command := range [][]string{
		{"openssl", "pkcs12", "-in", b.path("key.p12"), "-passin", pw, "-nodes", "-out", b.path("key.pem")},
		{"openssl", "pkcs12", "-export", "-in", b.path("key.pem"), "-name", "bench", "-passout", pw, "-out", b.path("nss.p12")},
		{"certutil", "-N", "-d", b.nss(), "--empty-password"},
		{"pk12util", "-i", b.path("nss.p12"), "-d", b.nss(), "-w", b.path("pw"), "-K", ""},
	} {
		if _, err := process(command[0], command[1:]...); err != nil {
			return err
		}
	}
	return nil
}

// nss is pdfsig's store of keys.
func (b *bench) nss() string { return "sql:" + b.path("nss") }
