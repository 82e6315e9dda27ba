//go:build unix

package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// folder fills a folder with n small files, once.
func (b *bench) folder(name string, n int) (string, error) {
	dir := filepath.Join(b.small, name)
	if err := os.Mkdir(dir, 0o700); errors.Is(err, fs.ErrExist) {
		return dir, nil
	} else if err != nil {
		return "", err
	}
	small, err := os.ReadFile(b.path("small.pdf"))
	if err != nil {
		return "", err
	}
	for i := range n {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%05d.pdf", i)), small, 0o600); err != nil {
			return "", err
		}
	}
	return dir, nil
}

// batchArgs sign all files of a folder in one run.
func (b *bench) batchArgs(key []string, in, out string, more ...string) []string {
	args := []string{"sign", "--quiet", "--no-progress", "--invisible", "--recursive", "--out-dir", out}
	return append(append(append(args, key...), more...), in)
}

// batch signs many small files in one run.
func (b *bench) batch() error {
	in, err := b.folder("batch", b.files)
	if err != nil {
		return err
	}
	out := filepath.Join(b.small, "done")
	c, err := process(b.kyso, b.batchArgs(b.key, in, out)...)
	if err != nil {
		return err
	}
	b.report.add(fmt.Sprintf("sign %d small files in one run, software key", b.files), c, "",
		fmt.Sprintf("%.0f files a second", float64(b.files)/c.wall.Seconds()))
	return os.RemoveAll(out)
}

// usage is what a process holds at one moment.
type usage struct {
	memory int64 // resident, bytes
	files  int   // open
}

// memory signs very many files in one run and looks at the process from the
// 1,000th result to the last.
func (b *bench) memory() error {
	in, err := b.folder("many", b.many)
	if err != nil {
		return err
	}
	out := filepath.Join(b.small, "many-done")
	defer func() { _ = os.RemoveAll(out) }()
	cmd := exec.Command(b.kyso, b.batchArgs(b.key, in, out, "--json", "--journal", b.path("many.journal"))...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	lines, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	var seen []usage // a hundred times in the run
	n := 0
	scan := bufio.NewScanner(lines)
	for scan.Buffer(nil, 1<<20); scan.Scan(); {
		if n++; n%(b.many/100) != 0 {
			continue
		}
		if u, err := look(cmd.Process.Pid); err == nil { // else it has ended
			seen = append(seen, u)
		}
	}
	if err := cmd.Wait(); err != nil || n != b.many {
		return fmt.Errorf("%d of %d results: %w\n%.2000s", n, b.many, err, errs.Bytes())
	}
	if len(seen) < 90 {
		return fmt.Errorf("looked %d times only", len(seen))
	}
	c := costOf(cmd.ProcessState, time.Since(start))
	// A collector comes and goes, and so do files under way: means of a tenth of
	// the run.
	first, last := mean(seen[9:20]), mean(seen[len(seen)-10:])
	b.report.add(fmt.Sprintf("sign %d small files in one run with a journal", b.many), c, "memory and open files flat, ≤ +10 MB",
		fmt.Sprintf("%d MB and %d files in the second tenth of the run, %d MB and %d files in the last: %s",
			first.memory>>20, first.files, last.memory>>20, last.files, met(last.memory-first.memory <= 10<<20 && last.files <= first.files+2)))
	return nil
}

func mean(all []usage) (m usage) {
	for _, u := range all {
		m.memory += u.memory / int64(len(all))
		m.files += u.files
	}
	m.files /= len(all)
	return m
}

// look reads /proc.
func look(pid int) (usage, error) {
	proc := filepath.Join("/proc", strconv.Itoa(pid))
	fds, err := os.ReadDir(filepath.Join(proc, "fd"))
	if err != nil {
		return usage{}, err
	}
	statm, err := os.ReadFile(filepath.Join(proc, "statm"))
	if err != nil {
		return usage{}, err
	}
	fields := strings.Fields(string(statm))
	if len(fields) < 2 {
		return usage{}, fmt.Errorf("statm: %q", statm)
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	return usage{pages * int64(os.Getpagesize()), len(fds)}, err
}
