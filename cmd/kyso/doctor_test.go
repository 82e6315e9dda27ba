package main

import (
	"bytes"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/internal/revocation"
	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/internal/tsp"
	"github.com/kyso-vn/kyso/token"
)

// codesIn are the codes that a source file gives to findings.
func codesIn(t *testing.T, pattern string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %v, %d files", pattern, err, len(files))
	}
	added := regexp.MustCompile(`(?:add|folder)\("([a-z0-9_]+)"|Flag[A-Z][A-Za-z]*, "(pin_[a-z_]+)"`)
	codes := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, m := range added.FindAllStringSubmatch(string(readFile(t, file)), -1) {
			codes[first(m[1], m[2])] = true
		}
	}
	return codes
}

// Whatever is found has a sentence, and what may be a problem says what to do.
func TestDoctorHasWordsForEveryCode(t *testing.T) {
	codes := codesIn(t, "doctor*.go")
	for code := range codesIn(t, filepath.Join("..", "..", "token", "*.go")) {
		codes[code] = true
	}
	for _, code := range []string{"module_failed", "module_timeout", "module_crashed", "config_folder_unwritten", "cache_folder_unwritten"} {
		codes[code] = true // put together from parts
	}
	if len(codes) < 40 {
		t.Fatalf("found %d codes only", len(codes))
	}
	for _, lang := range i18n.Langs() {
		m := i18n.For(lang).Doctor
		d := &doctorRun{}
		for code := range codes {
			if m.Findings[code] == "" {
				t.Errorf("%v: no sentence for %s", lang, code)
			}
			message, next := d.say(i18n.For(lang), &finding{code: code, severity: token.Problem, values: map[string]string{}})
			if strings.ContainsAny(message+next, "{}") {
				t.Errorf("%v: %s: a gap is left: %q %q", lang, code, message, next)
			}
			if m.Sections[sectionOf(code)] == "" {
				t.Errorf("%v: no heading for %s", lang, code)
			}
		}
	}
	for _, f := range []string{"pcscd_missing", "module_none", "module_refused", "module_failed", "module_timeout", "module_crashed", "token_none",
		"pin_last_try", "pin_locked", "pin_to_be_changed", "pin_not_set", "pin_guard", "certificate_none", "clock_unset", "clock_wrong",
		"trust_none", "tsa_failed", "revocation_revoked", "revocation_unknown", "document_unreadable", "document_encrypted", "document_unknown",
		"document_refused", "document_signature_broken", "no_token_support"} {
		if i18n.For(i18n.Vietnamese).Doctor.Next[f] == "" {
			t.Errorf("no advice for %s", f)
		}
	}
}

func TestDoctorExit(t *testing.T) {
	for _, c := range []struct {
		name  string
		codes []string // problems
		notes []string
		want  int
	}{
		{"nothing", nil, []string{"trust_none"}, exitOK},
		{"PIN locked", []string{"pin_locked"}, nil, exitFailed},
		{"no token", []string{"token_none", "certificate_none"}, nil, exitNoKey},
		{"no driver", []string{"pcscd_missing", "module_none", "token_none"}, nil, exitNoKey},
		{"no certificate", []string{"certificate_none"}, nil, exitNoKey},
		{"expired certificate", []string{"certificate_none"}, []string{"certificate_unusable"}, exitFailed},
		{"document and no token", []string{"document_refused", "token_none"}, nil, exitNoKey},
		{"document", []string{"document_refused"}, []string{"certificate_usable"}, exitFailed},
		{"no service, but a token", []string{"pcscd_missing"}, []string{"token"}, exitOK},
		{"a driver nobody needs", []string{"module_refused"}, []string{"certificate_usable"}, exitOK},
		{"a driver and no certificate", []string{"module_refused"}, nil, exitFailed},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := &doctorRun{o: &doctorOptions{}}
			for _, code := range c.codes {
				d.add(code, token.Problem)
			}
			for _, code := range c.notes {
				d.add(code, token.Note)
			}
			d.settle()
			if got := d.exit(); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
	named := &doctorRun{o: &doctorOptions{modules: []string{"x.so"}}}
	named.add("module_refused", token.Problem)
	named.add("certificate_usable", token.Good)
	named.settle()
	if named.exit() != exitFailed {
		t.Error("a driver that was asked for by name is passed over")
	}
}

func TestDoctorTranslates(t *testing.T) {
	d := &doctorRun{}
	f := d.translate(token.Finding{Code: "certificate_unusable", Severity: token.Note,
		Values: map[string]string{"reasons": "[expired no_key]", "cn": "NGUYỄN VĂN A", "serial": "1f"}})
	message, next := d.say(i18n.For(i18n.English), &f)
	if want := "certificate of NGUYỄN VĂN A can't sign: it has expired; there is no private key for it (serial 1f)"; message != want || next != "" {
		t.Errorf("got %q, %q", message, next)
	}
	f = d.translate(token.Finding{Code: "module_refused", Severity: token.Problem,
		Values: map[string]string{"module": "/opt/x.so", "kind": "wrong_arch", "arch": "32-bit Linux (386)"}})
	message, next = d.say(i18n.For(i18n.Vietnamese), &f)
	if !strings.Contains(message, "/opt/x.so là bản 32-bit Linux (386)") || !strings.Contains(next, "32-bit Linux (386)") {
		t.Errorf("got %q, %q", message, next)
	}
	f = d.translate(token.Finding{Code: "module_failed", Severity: token.Problem,
		Values: map[string]string{"module": "/opt/x.so", "kind": "refused_path", "reason": "the folder can be written by others"}})
	if f.code != "module_refused" {
		t.Errorf("code %s", f.code)
	}
	f = finding{code: "certificate_expires_soon", severity: token.Note, values: map[string]string{"cn": "A", "not_after": "2026-06-01T18:00:00Z"}}
	if message, _ = d.say(i18n.For(i18n.Vietnamese), &f); !strings.Contains(message, "ngày 02/06/2026") {
		t.Errorf("got %q", message)
	}
}

func TestDoctorClock(t *testing.T) {
	for _, c := range []struct {
		skew      time.Duration
		code, way string
	}{
		{0, "clock_good", "equal"}, {90 * time.Second, "clock_good", "slow"},
		{3 * time.Minute, "clock_wrong", "slow"}, {-26 * time.Hour, "clock_wrong", "fast"},
	} {
		d := &doctorRun{}
		d.clock(&tsp.Token{Skew: c.skew})
		if f := d.findings[0]; f.code != c.code || f.values["direction"] != c.way {
			t.Errorf("%v: got %v", c.skew, f)
		}
	}
	a, _, _ := testApp(t, "")
	a.now = func() time.Time { return time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC) }
	d := &doctorRun{a: a}
	if err := d.machine(t.Context()); err != nil || !d.has("clock_unset") {
		t.Errorf("%v, %v", err, d.findings)
	}
}

func TestWritable(t *testing.T) {
	dir := t.TempDir()
	if err := writable(filepath.Join(dir, "not", "there")); err != nil {
		t.Error(err)
	}
	file := filepath.Join(dir, "file")
	writeFile(t, file, nil)
	if err := writable(filepath.Join(file, "x")); err == nil {
		t.Error("a file as a folder")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("%v: something is left: %v", err, entries)
	}
}

// The status of a certificate is told in each state, over in-process servers.
func TestDoctorRevocation(t *testing.T) {
	root := testpki.NewRoot("Gốc", testpki.P256)
	issue := func(cn string) *x509.Certificate {
		return root.Issue(testpki.Leaf{CN: cn, OCSPURL: "http://ocsp.test/"})
	}
	revoked := issue("Thu hồi")
	root.Revoke(revoked, testpki.Revocation{})
	garbage := root.OCSP()
	garbage.Mode = "garbage"
	lost := root.Issue(testpki.Leaf{CN: "Lạc", OCSPURL: "http://lost.test/"})
	hosts := testpki.Hosts{"ocsp.test": root.OCSP(), "lost.test": garbage}
	for _, c := range []struct {
		name   string
		cert   *x509.Certificate
		others []*x509.Certificate
		want   string
	}{
		{"good", issue("Tốt"), []*x509.Certificate{root.Certificate}, "revocation_good"},
		{"revoked", revoked, []*x509.Certificate{root.Certificate}, "revocation_revoked"},
		{"garbage", lost, []*x509.Certificate{root.Certificate}, "revocation_unknown"},
		{"no issuer", issue("Mồ côi"), nil, "revocation_no_issuer"},
		{"not published", root.Issue(testpki.Leaf{CN: "Im"}), []*x509.Certificate{root.Certificate}, "revocation_not_published"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, _, _ := testApp(t, "")
			a.transport = testpki.Transport(hosts)
			d := &doctorRun{a: a, o: &doctorOptions{}}
			d.status(t.Context(), c.cert, nil, c.others)
			if len(d.findings) != 1 || d.findings[0].code != c.want {
				t.Fatalf("got %v", d.findings)
			}
			message, _ := d.say(a.m, &d.findings[0])
			if !strings.Contains(message, c.cert.Subject.CommonName) {
				t.Errorf("got %q", message)
			}
		})
	}
	if _, err := issuedBy(t.Context(), &revocation.Source{}, lost, nil); err == nil {
		t.Error("an issuer out of nothing")
	}
}

func TestDoctorJSONIsEnglish(t *testing.T) {
	var out bytes.Buffer
	a, _, _ := testApp(t, "")
	a.out, a.m, a.global.json = &out, i18n.For(i18n.Vietnamese), true
	d := &doctorRun{a: a, o: &doctorOptions{}}
	d.add("tsa_failed", token.Problem, "url", "http://tsa.test").err = errors.New("some detail")
	d.show()
	for _, part := range []string{`"schema":"kyso.doctor/1"`, `"message":"timestamp server http://tsa.test does not serve: some detail"`,
		`"next":"check address`, `"values":{"reason":"some detail","url":"http://tsa.test"}`, `"problems":1`, `"exit":1`} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("no %s in %s", part, out.String())
		}
	}
}
