package main

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"unicode/utf16"

	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/internal/testpki/fakep11"
	"github.com/kyso-vn/kyso/testdata/form"
)

// secrets are the random words of one test, by the variable that brings them.
type secrets struct {
	t     *testing.T
	dir   string // of the files that hold them, which are not searched
	words map[string]string
	said  map[string]string // what was said, traced and written, by where
}

func newSecrets(t *testing.T) *secrets {
	s := &secrets{t: t, dir: t.TempDir(), words: map[string]string{}, said: map[string]string{}}
	for _, name := range append(slices.Clone(secretVariables[:]), "WRONG") {
		b := make([]byte, 10)
		_, err := rand.Read(b)
		must(t, err)
		s.words[name] = "Zq" + hex.EncodeToString(b)
		must(t, os.WriteFile(filepath.Join(s.dir, name), []byte(s.words[name]+"\n"), 0o600))
	}
	return s
}

func (s *secrets) file(name string) string { return filepath.Join(s.dir, name) }

func (s *secrets) env(names ...string) (list []string) {
	for _, n := range names {
		list = append(list, n+"="+s.words[n])
	}
	return list
}

// forms are the ways in which a secret may be written down.
func forms(secret string) map[string]string {
	wide := utf16.Encode([]rune(secret))
	var le, be []byte
	for _, u := range wide {
		le, be = append(le, byte(u), byte(u>>8)), append(be, byte(u>>8), byte(u))
	}
	reversed := []byte(secret)
	slices.Reverse(reversed)
	all := map[string]string{"plain": secret, "hex": hex.EncodeToString([]byte(secret)), "HEX": strings.ToUpper(hex.EncodeToString([]byte(secret))),
		"UTF-16LE": string(le), "UTF-16BE": string(be), "UTF-16 as strace shows it": strings.Join(strings.Split(secret, ""), `\0`),
		"backwards": string(reversed), "numbers": strings.Trim(fmt.Sprintf("%d", []byte(secret)), "[]"), "Go": strings.TrimSuffix(strings.TrimPrefix(fmt.Sprintf("%#v", []byte(secret)), "[]byte{"), "}")}
	for shift := range 3 { // at each place of a longer text
		text := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + secret))
		from := (shift*8 + 5) / 6
		all[fmt.Sprint("base64 ", shift)] = strings.TrimRight(text[from:], "=")[:len(secret)*4/3-1]
	}
	return all
}

// run runs a command under strace, which shows arguments and environment of
// every child, and what goes to files.
func (s *secrets) run(r *rig, code int, env []string, args ...string) {
	s.t.Helper()
	c := r.kyso(args...)
	c.Env = append(c.Env, env...)
	got, log := r.traced(c, "-v", "-y", "-s", "100000", "-e", "trace=execve,write,pwrite64,writev")
	got.want(s.t, code)
	s.keep(strings.Join(args, " "), got.out+got.err, log)
}

// keep remembers what was said. Left out of a trace: the environment that the
// test itself gave to the first program, and what goes through a pipe or a
// connection: to the child that works on a document, to the TSA.
func (s *secrets) keep(name, said, log string) {
	s.said["said by "+name] = said
	first := true
	for line := range strings.Lines(log) {
		switch {
		case first && strings.Contains(line, "execve("):
			first = false
			line = regexp.MustCompile(`, \["[A-Z_a-z]+=.*`).ReplaceAllString(line, "") // keeps the arguments
		case regexp.MustCompile(`write(64|v)?\([0-9]+<(pipe|TCP|socket):`).MatchString(line):
			continue
		}
		s.said["traced of "+name] += line
	}
}

// search looks for every form of every secret in all that was said, and in
// every file below a folder.
func (s *secrets) search(dir string, but ...string) {
	s.t.Helper()
	must(s.t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && !slices.Contains(but, d.Name()) {
			s.said["file "+path] = string(readFile(s.t, path))
		}
		return err
	}))
	for name, word := range s.words {
		for kind, form := range forms(word) {
			for where, text := range s.said {
				if at := strings.Index(text, form); at >= 0 {
					s.t.Errorf("%s (%s) is in %s: …%.200q", name, kind, where, text[max(0, at-80):])
				}
			}
		}
	}
}

// K12, K13, K14: after runs with random PIN and passwords, from the environment
// and from files, right and wrong: nothing of them is in arguments, the
// environment of children, messages, --verbose, JSON, reports, journals,
// outputs, temporary or cached files.
func TestSecretsAreNowhere(t *testing.T) {
	r := newDesk(t, 2)
	r.env = append(r.env, "TMPDIR="+r.dir)
	s := newSecrets(t)
	r.secretKeys(s)
	_, tsa := newStamps(t, -1)
	always := []string{"--verbose", "--invisible", "--force", "--report", "run.csv"}
	token := append([]string{"sign", inputName(0), inputName(1), "--out-dir", "out", "--module", r.driver.Path, "--journal", "run.journal", "--resume"}, always...)
	s.run(r, 0, s.env(envPIN, envTSAPassword), append(token, "--json", "--tsa", tsa, "--tsa-user", "me")...)
	s.run(r, 0, nil, append(token, "--pin-file", s.file(envPIN), "--journal", "b.journal")...)
	s.run(r, exitWrongPIN, nil, append(token, "--pin-file", s.file("WRONG"), "--journal", "c.journal")...)
	must(t, os.RemoveAll(filepath.Join(filepath.Dir(r.dir), "cache", "kyso"))) // the guard of the wrong PIN
	p12 := append([]string{"sign", inputName(0), "--p12", "key.p12"}, always...)
	s.run(r, 0, s.env(envP12Password, envEncryptPassword), append(p12, "-o", "locked.pdf", "--encrypt")...)
	s.run(r, 0, nil, append(p12, "-o", "b.pdf", "--json", "--p12-password-file", s.file(envP12Password))...)
	s.run(r, exitWrongPIN, nil, append(p12, "-o", "c.pdf", "--p12-password-file", s.file("WRONG"))...)
	s.words[envPDFPassword] = s.words[envEncryptPassword]
	must(t, os.WriteFile(s.file(envPDFPassword), []byte(s.words[envPDFPassword]), 0o600))
	for _, args := range [][]string{
		{"verify", "locked.pdf", "--trust", "root.pem", "--ignore-revocation", "--json", "--verbose", "--extract", "parts"},
		{"fields", "locked.pdf", "--json", "--verbose"}, {"doctor", "locked.pdf", "--verbose", "--module", r.driver.Path},
		{"timestamp", "locked.pdf", "-o", "stamped.pdf", "--tsa", tsa, "--verbose"},
		append([]string{"sign", "locked.pdf", "-o", "twice.pdf", "--key", "key.pem", "--cert-file", "cert.pem", "--preview", "look.png", "--at", "auto"}, "--verbose"),
	} {
		code := 0
		if args[0] == "doctor" {
			code = -1
		}
		s.runAny(r, code, s.env(envPDFPassword), args...)
		s.runAny(r, -1, nil, append(args, "--pdf-password-file", s.file("WRONG"))...)
	}
	s.runAny(r, 0, s.env(envKeyPassword), "sign", inputName(0), "-o", "d.pdf", "--invisible", "--key", "locked.pem", "--cert-file", "cert.pem", "--verbose")
	s.runAny(r, -1, s.env(secretVariables[:]...), "list-certs", "--module", r.driver.Path, "--json", "--verbose", "--all")
	s.search(filepath.Dir(r.dir))
	if len(s.said) < 40 {
		t.Errorf("only %d texts searched", len(s.said))
	}
	s.finds(t)
}

// runAny is run where the exit code may be any (-1).
func (s *secrets) runAny(r *rig, code int, env []string, args ...string) {
	s.t.Helper()
	if code >= 0 {
		s.run(r, code, env, args...)
		return
	}
	c := r.kyso(args...)
	c.Env = append(c.Env, env...)
	got, log := r.traced(c, "-v", "-y", "-s", "100000", "-e", "trace=execve,write,pwrite64,writev")
	s.keep(strings.Join(args, " "), got.out+got.err, log)
}

// finds shows that a secret would be found in each of its forms.
func (s *secrets) finds(t *testing.T) {
	t.Helper()
	word := s.words[envPIN]
	for kind, form := range forms(word) {
		if len(form) < 8 {
			t.Errorf("%s is only %q", kind, form)
		}
	}
	for shift := range 5 {
		text := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("y", shift) + word + "zz"))
		hit := false
		for _, form := range forms(word) {
			hit = hit || strings.Contains(text, form)
		}
		if !hit {
			t.Errorf("not found in base64 behind %d bytes", shift)
		}
	}
}

// secretKeys makes a token, a .p12 and an encrypted PEM key with the secrets.
func (r *rig) secretKeys(s *secrets) {
	r.t.Helper()
	hsm := testpki.NewSoftHSM(r.t)
	hsm.PIN = s.words[envPIN]
	key := testpki.Key(testpki.RSA2048, "person")
	root := testpki.NewRoot("Kyso Test Root", testpki.P256)
	cert := root.Issue(testpki.Leaf{CN: "NGUYỄN VĂN A", Key: key.Public()})
	hsm.Signer("thẻ", key, cert)
	r.driver = fakep11.New(r.t, hsm.Module)
	p12, err := testpki.PKCS12(key, cert, nil, s.words[envP12Password])
	must(r.t, err)
	writeFile(r.t, "key.p12", p12)
	der, err := x509.MarshalPKCS8PrivateKey(testpki.Key(testpki.P256, "signer"))
	must(r.t, err)
	c := exec.Command(lookPath(r.t, "openssl"), "pkcs8", "-topk8", "-v2", "aes256", "-out", "locked.pem", "-passout", "file:"+s.file(envKeyPassword))
	c.Stdin = bytes.NewReader(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	if out, err := c.CombinedOutput(); err != nil {
		r.t.Fatalf("%v: %s", err, out)
	}
}

// K14, K16: a process that is stopped in the middle (SIGQUIT, SIGABRT, SIGSEGV)
// leaves a trace without the secret, and no core.
func TestSecretsAreNotInTraces(t *testing.T) {
	r := newDesk(t, 1)
	s := newSecrets(t)
	r.secretKeys(s)
	r.driver.Set("hang=C_Sign")
	writeFile(t, inputName(0), form.PDF)
	for _, sig := range []syscall.Signal{syscall.SIGQUIT, syscall.SIGABRT, syscall.SIGSEGV} {
		r.driver.ResetCounts()
		c := r.kyso("sign", inputName(0), "-o", "a.pdf", "--invisible", "--module", r.driver.Path, "--verbose")
		c.Env = append(c.Env, append(s.env(envPIN, envP12Password, envPDFPassword), "GOTRACEBACK=crash")...)
		var said bytes.Buffer
		c.Stdout, c.Stderr = &said, &said
		must(t, c.Start())
		waitFor(t, func() bool { return r.driver.Count("C_Sign") > 0 })
		// A child of the same user sees the environment of the start: what the
		// user gave in a variable. Of arguments it sees nothing.
		s.said[fmt.Sprint("arguments ", sig)] = string(readFile(t, fmt.Sprintf("/proc/%d/cmdline", c.Process.Pid)))
		must(t, c.Process.Signal(sig))
		_ = c.Wait()
		if sig != syscall.SIGSEGV && !strings.Contains(said.String(), "goroutine ") {
			t.Errorf("%v: no trace: %s", sig, said.String())
		}
		if c.ProcessState.Sys().(syscall.WaitStatus).CoreDump() {
			t.Errorf("%v left a core", sig)
		}
		s.said[fmt.Sprint("trace ", sig)] = said.String()
		_ = os.Remove("a.pdf")
	}
	s.search(filepath.Dir(r.dir))
}
