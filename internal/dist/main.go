// Command dist makes the files of a release: kyso for each system, archives,
// .deb and .rpm packages, an SBOM for each binary, and SHA256SUMS. Everything
// is built twice, the second time from a copy of the sources in another folder
// with an empty build cache, and the bytes are compared. It is a tool of the
// Makefile and no part of kyso; docs/release.md says how a release is made.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

func main() {
	d := &dist{}
	flag.StringVar(&d.version, "version", "", "version of the release; default: git describe")
	flag.StringVar(&d.out, "out", "dist", "folder for the files; emptied first")
	flag.StringVar(&d.nfpm, "nfpm", "nfpm", "the nfpm program")
	flag.BoolVar(&d.once, "once", false, "build once, and compare nothing")
	only := flag.String("only", "", "comma-separated systems, as linux/amd64; default: all")
	flag.Parse()
	if err := d.run(*only); err != nil {
		fmt.Fprintln(os.Stderr, "dist:", err)
		os.Exit(1) //nolint:forbidigo // a program of the Makefile
	}
}

// dist is one run.
type dist struct {
	version, out, nfpm string
	once               bool
	epoch              time.Time // of every file in a package: the commit's time
}

func (d *dist) run(only string) error {
	if err := d.prepare(); err != nil {
		return err
	}
	chosen, err := choose(only)
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "kyso-dist-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	first := filepath.Join(tmp, "first")
	if err := d.make(chosen, ".", first, os.Environ()); err != nil {
		return err
	}
	if !d.once {
		if err := d.again(chosen, tmp, first); err != nil {
			return err
		}
	}
	if err := writeSums(first); err != nil {
		return err
	}
	if err := os.RemoveAll(d.out); err != nil {
		return err
	}
	return copyTree(first, d.out)
}

// prepare finds version and time of the release.
func (d *dist) prepare() error {
	if d.version == "" {
		v, err := output("git", "describe", "--tags", "--always", "--dirty")
		if err != nil {
			return err
		}
		d.version = v
	}
	stamp := os.Getenv("SOURCE_DATE_EPOCH")
	if stamp == "" {
		var err error
		if stamp, err = output("git", "log", "-1", "--format=%ct"); err != nil {
			return err
		}
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return fmt.Errorf("SOURCE_DATE_EPOCH: %w", err)
	}
	d.epoch = time.Unix(seconds, 0).UTC()
	return nil
}

// again makes everything once more, elsewhere and from nothing, and compares.
func (d *dist) again(chosen []target, tmp, first string) error {
	sources := filepath.Join(tmp, "another", "place")
	if err := copySources(sources); err != nil {
		return err
	}
	second := filepath.Join(tmp, "second")
	env := append(os.Environ(), "GOCACHE="+filepath.Join(tmp, "cache"))
	if err := d.make(chosen, sources, second, env); err != nil {
		return err
	}
	return sameFiles(first, second)
}

// make builds the sources in a folder and writes everything but the sums.
func (d *dist) make(chosen []target, sources, out string, env []string) error {
	extras, err := d.extras(sources, filepath.Join(out+".extras"), env)
	if err != nil {
		return err
	}
	for _, t := range chosen {
		fmt.Fprintf(os.Stdout, "%s in %s\n", t, sources)
		binary := filepath.Join(out, "bin", t.folder(), t.program())
		if err := d.build(t, sources, binary, env); err != nil {
			return err
		}
		if err := d.sbom(binary, filepath.Join(out, d.name(t)+".cdx.json")); err != nil {
			return err
		}
		if err := d.archive(t, binary, extras, out); err != nil {
			return err
		}
		if t.os == "linux" {
			if err := d.packages(t, binary, extras, out); err != nil {
				return err
			}
		}
	}
	return nil
}

// name is the start of the names of a system's files.
func (d *dist) name(t target) string { return "kyso_" + d.version + "_" + t.folder() }

func output(name string, args ...string) (string, error) {
	data, err := exec.Command(name, args...).Output()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		return "", fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, exit.Stderr)
	}
	return strings.TrimSpace(string(data)), err
}
