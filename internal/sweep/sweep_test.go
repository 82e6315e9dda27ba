//go:build linux

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestJudge(t *testing.T) {
	for name, tc := range map[string]struct {
		exit      int
		out, errs string
		said      string
		crash     bool
	}{
		"verdict":        {0, `{"verdict":"valid"}`, "", "valid", false},
		"refused":        {15, `{"error":{"code":"document_damaged","exit":15}}`, "", "document_damaged", false},
		"planned":        {0, `{"file":"a"}`, "", "ok", false},
		"no code":        {1, `{"error":{"code":"failed","message":"x"}}`, "", "failed", true},
		"nothing":        {1, "", "", "", true},
		"half a line":    {0, `{"verdict":"val`, "", "", true},
		"panic":          {2, `{"verdict":"valid"}`, "panic: x\n\ngoroutine 1 [running]:", "", true},
		"silent failure": {1, `{"file":"a"}`, "", "", true},
	} {
		if o := judge(tc.exit, []byte(tc.out), tc.errs); o.said != tc.said || (o.crash != "") != tc.crash {
			t.Errorf("%s: %+v", name, o)
		}
	}
}

func TestBar(t *testing.T) {
	good := result{file: "a", bytes: 1, verify: outcome{said: "valid", cpu: time.Second}, sign: outcome{said: "ok"}}
	slowSmall, slowBig, crashed := good, good, good
	slowSmall.sign.cpu, slowBig.sign.cpu, slowBig.bytes = 4*time.Second, 4*time.Second, 11<<20
	crashed.verify.crash = "killed"
	for name, tc := range map[string]struct {
		list []result
		ok   bool
	}{"good": {[]result{good}, true}, "none": {nil, false}, "slow": {[]result{good, slowSmall}, false}, "slow but big": {[]result{slowBig}, true}, "crash": {[]result{crashed}, false}} {
		if err := bar(tc.list); (err == nil) != tc.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	var b strings.Builder
	report(&b, []result{good, slowSmall})
	if !strings.Contains(b.String(), "| verify | 2 | 1000 ms |") || !strings.Contains(b.String(), "| sign: ok | 2 |") {
		t.Error(b.String())
	}
	if n := strings.Count(lines([]result{good, crashed}), "\n"); n != 3 {
		t.Errorf("%d lines", n)
	}
}

// Processes that hang, crash or answer are told apart.
func TestChild(t *testing.T) {
	dir := t.TempDir()
	s := &sweep{dir: dir}
	for script, want := range map[string]outcome{
		`echo '{"verdict":"unsigned"}'; exit 6`: {said: "unsigned"},
		`kill -SEGV $$`:                         {crash: "segmentation fault"},
		`echo 'goroutine 1' >&2; exit 2`:        {crash: "panic"},
	} {
		s.kyso = filepath.Join(dir, "program")
		if err := os.WriteFile(s.kyso, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		r := s.file("a.pdf")
		for _, o := range []outcome{r.verify, r.sign} {
			if o.said != want.said || o.crash != want.crash || o.peak == 0 {
				t.Errorf("%s: %+v", script, o)
			}
		}
	}
	s.kyso = filepath.Join(dir, "absent")
	if r := s.file("a.pdf"); r.verify.crash == "" {
		t.Error("a program that is not there is no crash")
	}
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"a.PDF": "", "b.txt": "text", "c": "%PDF-1.4", "sub/d.pdf": "x"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := find([]string{dir, dir})
	if err != nil || len(got) != 3 {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := find([]string{""}); err == nil {
		t.Error("no folder is no error")
	}
	if _, err := find([]string{filepath.Join(dir, "absent")}); err == nil {
		t.Error("an absent folder is no error")
	}
}
