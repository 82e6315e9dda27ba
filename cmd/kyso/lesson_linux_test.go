package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/testdata/form"
)

// A lesson is a place where the commands of the documentation work as they
// stand: a token that is plugged in (SoftHSM), files with the names that the
// examples use, a small internet behind a proxy, and a person at a terminal.
type lesson struct {
	t        *testing.T
	dir, env string // work folder; home
	vars     []string
	root     *x509.Certificate
	typed    string // what the person types where a command asks
}

// newLesson makes the token, the network and an empty work folder.
func newLesson(t *testing.T, lang i18n.Lang) *lesson {
	t.Helper()
	pdfium := sharedPDFium(t)
	l := &lesson{t: t, dir: t.TempDir(), env: t.TempDir(), typed: i18n.For(lang).Prompts.YesWord + "\n"}
	hsm := testpki.NewSoftHSM(t)
	root := testpki.NewRoot("Tổ chức chứng thực thử", testpki.P256)
	l.root = root.Certificate
	key := testpki.Key(testpki.RSA2048, "person")
	cert := root.Issue(testpki.Leaf{CN: "NGUYỄN VĂN A", Email: "a@example.vn", Key: key.Public(), OCSPURL: "http://ocsp.example.vn/",
		UID: []string{"CCCD:001000000001"}})
	hsm.Signer("Token của A", key, cert)
	proxy := lessonInternet(root)
	t.Cleanup(proxy.Close)
	l.vars = append(os.Environ(), "HOME="+l.env, "XDG_CONFIG_HOME="+filepath.Join(l.env, "config"), "XDG_CACHE_HOME="+filepath.Join(l.env, "cache"),
		"TMPDIR="+l.env, "LC_ALL=C.UTF-8", "LANG=", "KYSO_TRUST_DIR=", "KYSO_CONFIG=", "SOFTHSM2_CONF="+hsm.Conf, "KYSO_MODULE="+hsm.Module, "KYSO_LANG="+lang.String(),
		"KYSO_PIN="+hsm.PIN, "KYSO_P12_PASSWORD="+demoPassword, "http_proxy="+proxy.URL, "HTTP_PROXY="+proxy.URL, "no_proxy=", "NO_PROXY=", "TERM=dumb")
	cache := filepath.Join(l.env, "cache", "kyso")
	l.check(os.MkdirAll(cache, 0o700))
	l.check(os.Symlink(pdfium, filepath.Join(cache, "pdfium")))
	l.keys(key, cert)
	for _, name := range []string{"form.pdf", "don.pdf", "a.pdf", "copy.pdf", "ban-sao.pdf", "in/b.pdf", "in/c.pdf", "vao/b.pdf", "vao/c.pdf"} {
		l.write(name, form.PDF)
	}
	for _, name := range []string{"signature.png", "chu-ky.png", "seal.png", "dau.png"} {
		l.write(name, lessonPicture(t))
	}
	l.write("list.csv", []byte("file,reason\nin/b.pdf,Approved\nin/c.pdf,Seen\n"))
	l.write("bang-ke.csv", []byte("file,reason\nvao/b.pdf,Phê duyệt\nvao/c.pdf,Đã xem\n"))
	return l
}

// lessonPicture is a round seal, so to say.
func lessonPicture(t *testing.T) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, 60, 60))
	for y := range 60 {
		for x := range 60 {
			if r := (x-30)*(x-30) + (y-30)*(y-30); r < 900 && r > 600 {
				m.Set(x, y, color.NRGBA{200, 0, 0, 255})
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// lessonInternet answers for the hosts of the examples.
func lessonInternet(root *testpki.CA) *httptest.Server {
	stamps := testpki.Key(testpki.P256, "stamps")
	tsa := &testpki.TSA{Key: stamps, Now: time.Now,
		Certificate: root.Issue(testpki.Leaf{CN: "TSA thử", Key: stamps.Public(), TSA: true, OCSPURL: "http://ocsp.example.vn/"})}
	ocsp := root.OCSP()
	ocsp.Now = time.Now
	return httptest.NewServer(testpki.Hosts{"tsa.example.vn": tsa, "ocsp.example.vn": ocsp})
}

func (l *lesson) check(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *lesson) write(name string, data []byte) {
	l.t.Helper()
	path := filepath.Join(l.dir, name)
	l.check(os.MkdirAll(filepath.Dir(path), 0o700))
	l.check(os.WriteFile(path, data, 0o600))
}

// keys writes the key files and roots under the names of the examples.
func (l *lesson) keys(key crypto.Signer, cert *x509.Certificate) {
	l.t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	l.check(err)
	l.write("key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	l.write("cert.pem", certPEM(cert))
	p12, err := testpki.PKCS12(key, cert, []*x509.Certificate{l.root}, demoPassword)
	l.check(err)
	for _, name := range []string{"key.p12", "khoa.p12"} {
		l.write(name, p12)
	}
	l.write("pw", []byte(demoPassword+"\n"))
	for _, name := range []string{"root.pem", "goc.pem", "root.crt", "vnrca256.crt"} {
		l.write(name, certPEM(l.root))
	}
	l.write("tsa-root.crt", certPEM(testpki.NewRoot("Gốc TSA thử", testpki.P256).Certificate))
	p7b := exec.Command("openssl", "crl2pkcs7", "-nocrl", "-certfile", "root.pem", "-outform", "DER", "-out", "vnrca256.p7b")
	p7b.Dir = l.dir
	if out, err := p7b.CombinedOutput(); err != nil {
		l.t.Fatalf("openssl: %v %s", err, out)
	}
}

// run types one line into a shell on a terminal; standard output and error are
// pipes.
func (l *lesson) run(line string) (code int, output string) {
	l.t.Helper()
	person, tty, err := pty.Open()
	l.check(err)
	defer func() { _ = person.Close(); _ = tty.Close() }()
	go func() { _, _ = io.Copy(io.Discard, person) }()
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	shell := []string{"bash", "-c", "set -o pipefail; " + line}
	if strings.Contains(line, "fpath") {
		shell = []string{"zsh", "-fc", "fpath=($PWD); " + line}
	}
	cmd := exec.CommandContext(ctx, shell[0], shell[1:]...)
	cmd.Dir, cmd.Env, cmd.Stdin = l.dir, l.vars, tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	_, err = io.WriteString(person, l.typed)
	l.check(err)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		l.t.Fatalf("%s: %v", line, err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// want runs a line and wants its exit code.
func (l *lesson) want(code int, line string) string {
	l.t.Helper()
	got, out := l.run(line)
	if got != code {
		l.t.Errorf("%s\nexit %d, want %d\n%s", line, got, code, out)
	}
	return out
}
