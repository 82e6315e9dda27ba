package main

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/testpki"
)

// loopback raises the network of a namespace, which has nothing else.
func loopback(t *testing.T) {
	t.Helper()
	if out, err := exec.Command(lookPath(t, "ip"), "link", "set", "lo", "up").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// inet are the calls in a trace that use or ask for a network; sockets of this
// machine alone (AF_UNIX, AF_NETLINK) are none.
func inet(log string) []string {
	return regexp.MustCompile(`(?m)^.*AF_INET6?\b.*$`).FindAllString(log, -1)
}

// N01: without being asked for, no packet: a signer's certificate that names
// OCSP, CRL and issuer, every command, in a network of its own, counted.
func TestN01NoPacket(t *testing.T) {
	if inNamespace(t, "--net") {
		return
	}
	loopback(t)
	r := newDesk(t, 1)
	url := "http://ocsp.example.vn/"
	cert := r.named(url)
	token := testpki.NewSoftHSM(t)
	key := testpki.Key(testpki.RSA2048, "person")
	token.Signer("thẻ", key, scriptRoot().Person(key.Public()))
	got, log := r.traced(r.kyso("sign", inputName(0), "-o", "a.pdf", "--invisible", "--key", "key.pem", "--cert-file", cert), "-e", "trace=%network")
	got.want(t, 0)
	count := len(inet(log))
	for _, args := range [][]string{
		{"verify", "a.pdf", "--trust", "root.pem"}, {"verify", "a.pdf"},
		{"list-certs", "--module", token.Module}, {"fields", "a.pdf"}, {"trust", "list"}, {"version"}, {"doctor", "--module", token.Module},
		{"sign", inputName(0), "-o", "b.pdf", "--at", "bottom-right", "--key", "key.pem", "--cert-file", cert}, {"extend", "a.pdf"}, {"demo", "-o", "demo"},
	} {
		got, log := r.traced(r.kyso(args...), "-e", "trace=%network")
		if calls := inet(log); len(calls) > 0 {
			t.Errorf("%v: %s", args, strings.Join(calls, "\n"))
		}
		if args[0] == "demo" || args[0] == "fields" || args[0] == "list-certs" {
			got.want(t, 0)
		}
		if args[0] == "verify" && len(args) > 2 {
			got.want(t, exitIndeterminate, "--online")
		}
	}
	if count > 0 {
		t.Errorf("sign: %d calls", count)
	}
}

// named writes a certificate of the signer's key that names one address for
// everything.
func (r *rig) named(url string) string {
	r.t.Helper()
	key := testpki.Key(testpki.P256, "signer")
	root := testpki.NewRoot("Kyso Test Root", testpki.P256)
	cert := root.Issue(testpki.Leaf{CN: "NGUYỄN VĂN A", Key: key.Public(), OCSPURL: url, CRLURL: url, CAIssuersURL: url})
	name := fmt.Sprintf("named-%x.pem", cert.SerialNumber.Bytes()[:4])
	name = strings.TrimSuffix(name, ".pem") + fmt.Sprint(len(url)) + ".pem"
	writePEM(r.t, name, "CERTIFICATE", cert.Raw)
	return name
}

// privateAddresses are spellings of addresses that data may not name.
var privateAddresses = []string{
	"127.0.0.1", "127.0.0.1:8080", "127.1", "127.0.1", "2130706433", "0x7f.1", "0x7f000001", "0177.0.0.1", "017700000001", "127.0.0.1.",
	"0.0.0.0", "0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
	"169.254.169.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255",
	"[fe80::1]", "[fe80::1%25lo]", "[fd00::1]", "[ff02::1]", "localhost", "LOCALHOST", "localhost.", "x.localhost", "named.test", "NAMED.test.",
	"user:pw@named.test", "named.test:22", "named.test:25", "named.test:6379", "127。0。0。1",
}

// N02: `verify --online` connects to none of them, whatever a trusted CA wrote
// into the certificate; a name that the hosts file gives 127.0.0.1 is none the
// better.
func TestN02ForbiddenAddresses(t *testing.T) {
	if inNamespace(t, "--net", "--mount") {
		return
	}
	loopback(t)
	r := newDesk(t, 1)
	writeFile(t, "hosts", []byte("127.0.0.1 localhost named.test\n::1 named.test\n"))
	must(t, os.Chmod("hosts", 0o644))
	must(t, syscall.Mount("hosts", "/etc/hosts", "", syscall.MS_BIND, ""))
	var accepted atomic.Int64
	for _, port := range []int{80, 22, 25, 6379, 8080} {
		l, err := net.Listen("tcp", fmt.Sprintf(":%d", port))
		must(t, err)
		t.Cleanup(func() { l.Close() })
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				accepted.Add(1)
				c.Close()
			}
		}()
	}
	var files []string
	for i, host := range privateAddresses {
		name := fmt.Sprintf("%02d.pdf", i)
		r.run(r.kyso("sign", inputName(0), "-o", name, "--invisible", "--key", "key.pem", "--cert-file", r.named("http://"+host+"/x"))).want(t, 0)
		files = append(files, name)
	}
	got, log := r.traced(r.kyso(append([]string{"verify", "--online", "--trust", "root.pem", "--json"}, files...)...), "-e", "trace=connect,sendto,sendmsg,sendmmsg")
	got.want(t, exitIndeterminate)
	if n := len(got.lines(t)); n != len(privateAddresses) {
		t.Errorf("%d verdicts", n)
	}
	if accepted.Load() != 0 {
		t.Errorf("%d connections", accepted.Load())
	}
	for _, call := range inet(log) {
		if !strings.Contains(call, "SOCK_DGRAM") && !strings.Contains(call, "htons(53)") && !strings.Contains(call, "htons(9)") {
			t.Error(call)
		}
	}
	// The control: with --allow-private-network the same file is asked about.
	r.run(r.kyso("verify", "--online", "--allow-private-network", "--trust", "root.pem", files[0]))
	if accepted.Load() == 0 {
		t.Error("nothing is asked at all: the test shows nothing")
	}
}

// N06: of a signer whose chain ends at no anchor nothing is asked, also where
// private addresses are allowed.
func TestN06StrangersChain(t *testing.T) {
	r := newDesk(t, 1)
	var hits atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	defer s.Close()
	r.run(r.kyso("sign", inputName(0), "-o", "a.pdf", "--invisible", "--key", "key.pem", "--cert-file", r.named(s.URL+"/x"))).want(t, 0)
	r.run(r.kyso("verify", "a.pdf", "--online", "--allow-private-network")).want(t, exitIndeterminate)
	if hits.Load() != 0 {
		t.Errorf("%d requests for a stranger", hits.Load())
	}
	r.run(r.kyso("verify", "a.pdf", "--online", "--allow-private-network", "--trust", "root.pem"))
	if hits.Load() == 0 {
		t.Error("nothing is asked of a trusted one either: the test shows nothing")
	}
}

// stampServer is a TSA that can be taken down.
type stampServer struct {
	mu       sync.Mutex
	tsa      http.Handler
	answers  int // how many more it gives; -1: all
	requests int
	seen     []string // of each request: host, authorization
}

func (s *stampServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	s.seen = append(s.seen, r.Host+" "+r.URL.String()+" "+r.Header.Get("Authorization")+" "+r.Header.Get("Proxy-Authorization"))
	if s.answers == 0 {
		http.Error(w, "down", http.StatusInternalServerError)
		return
	}
	s.answers--
	s.tsa.ServeHTTP(w, r)
}

// newStamps is a TSA of a desk's root.
func newStamps(t *testing.T, answers int) (*stampServer, string) {
	t.Helper()
	root := testpki.NewRoot("Kyso Test Root", testpki.P256)
	key := testpki.Key(testpki.P256, "stamps")
	s := &stampServer{answers: answers, tsa: &testpki.TSA{Key: key, Now: time.Now,
		Certificate: root.Issue(testpki.Leaf{CN: "Kyso Test TSA", Key: key.Public(), TSA: true})}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return s, server.URL
}

// N11: the TSA goes down in the middle of a run: it is asked again a few times,
// then the run stops; every output has its timestamp, and the run goes on when
// the TSA is back.
func TestN11TSADown(t *testing.T) {
	const files, good = 30, 12
	r := newDesk(t, files)
	tsa, url := newStamps(t, good)
	run := []string{"--tsa", url, "--jobs", "2", "--journal", "run.journal"}
	got := r.run(r.desk(run...))
	got.want(t, exitService, "are done and safe", "--resume")
	if n := len(r.outputs()); n != good {
		t.Errorf("%d outputs, want %d", n, good)
	}
	r.allStamped()
	// Three files in a row, each asked four times at most, and what was under way.
	if tsa.requests > good+4*(tsaPatience+1) {
		t.Errorf("%d requests", tsa.requests)
	}
	tsa.mu.Lock()
	tsa.answers = -1
	tsa.mu.Unlock()
	r.run(r.desk(append(run, "--resume")...)).want(t, 0)
	if n := len(r.outputs()); n != files {
		t.Errorf("%d outputs, want %d", n, files)
	}
	r.allStamped()
	r.inputsAsBefore()
}

// allStamped wants each output valid at level B-T.
func (r *rig) allStamped() {
	r.t.Helper()
	done := r.outputs()
	got := r.run(r.kyso(append([]string{"verify", "--trust", "root.pem", "--ignore-revocation", "--require-level", "B-T", "--json"}, done...)...))
	got.want(r.t, 0)
	for _, l := range got.lines(r.t) {
		if level := l["signatures"].([]any)[0].(map[string]any)["level"]; level != "B-T" {
			r.t.Errorf("%v is %v", l["file"], level)
		}
	}
}

// N13: a proxy of the environment is used only when the network is asked for,
// and its password is shown nowhere.
func TestN13Proxy(t *testing.T) {
	r := newDesk(t, 1)
	tsa, url := newStamps(t, -1)
	const secret = "hidden-word"
	proxy := strings.Replace(url, "http://", "http://me:"+secret+"@", 1)
	dead := "http://me:" + secret + "@127.0.0.1:1"
	r.run(r.kyso("sign", inputName(0), "-o", "a.pdf", "--invisible", "--key", "key.pem", "--cert-file", r.named("http://ocsp.example.vn/"))).want(t, 0)
	var said strings.Builder
	run := func(code int, proxy string, args ...string) {
		_ = os.Remove("run.journal")
		c := r.kyso(append(args, "--verbose")...)
		c.Env = append(c.Env, "HTTP_PROXY="+proxy, "HTTPS_PROXY="+proxy, "http_proxy="+proxy, "ALL_PROXY="+proxy)
		got := r.run(c)
		got.want(t, code)
		said.WriteString(got.out + got.err)
	}
	run(exitIndeterminate, proxy, "verify", "a.pdf", "--trust", "root.pem")
	if tsa.requests != 0 {
		t.Errorf("%d requests without --online", tsa.requests)
	}
	stamped := []string{"sign", inputName(0), "--invisible", "--key", "key.pem", "--cert-file", "cert.pem", "--force", "--json", "--journal", "run.journal", "--resume", "--report", "run.csv"}
	run(0, proxy, append(stamped, "-o", "b.pdf", "--tsa", "http://tsa.example.vn/")...)
	if len(tsa.seen) != 1 || !strings.Contains(tsa.seen[0], "http://tsa.example.vn/") || !strings.Contains(tsa.seen[0], "Basic ") {
		t.Errorf("the proxy saw %q", tsa.seen)
	}
	run(exitService, dead, append(stamped, "-o", "c.pdf", "--tsa", "http://tsa.example.vn/")...)
	run(exitService, "http://me:"+secret+"@[", append(stamped, "-o", "d.pdf", "--tsa", "http://tsa.example.vn/")...)
	run(exitIndeterminate, dead, "verify", "a.pdf", "--trust", "root.pem", "--online")
	// What the proxy stands for is judged as without it.
	run(exitIndeterminate, proxy, "verify", "a.pdf", "--trust", "root.pem", "--online")
	r.hides(said.String(), secret)
}

// hides wants that neither text nor any file below the folder of the rig holds
// a secret, as it is or as HTTP sends it.
func (r *rig) hides(text string, secrets ...string) {
	r.t.Helper()
	for _, s := range secrets {
		for _, form := range []string{s, base64.StdEncoding.EncodeToString([]byte("me:" + s))} {
			if strings.Contains(text, form) {
				r.t.Errorf("%s is shown: %s", form, text)
			}
			must(r.t, filepath.WalkDir(filepath.Dir(r.dir), func(path string, d os.DirEntry, err error) error {
				if err == nil && d.Type().IsRegular() && bytes.Contains(readFile(r.t, path), []byte(form)) {
					r.t.Errorf("%s is in %s", form, path)
				}
				return err
			}))
		}
	}
}

// N14: no name server, and one that is silent, end in a clear error.
func TestN14NameServer(t *testing.T) {
	if inNamespace(t, "--net", "--mount") {
		return
	}
	loopback(t)
	r := newDesk(t, 1)
	for name, conf := range map[string]string{"none": "# none", "silent": "nameserver 127.0.0.1\noptions timeout:30 attempts:5\n"} {
		t.Run(name, func(t *testing.T) {
			writeFile(t, "resolv.conf", []byte(conf))
			must(t, os.Chmod("resolv.conf", 0o644))
			must(t, syscall.Mount("resolv.conf", "/etc/resolv.conf", "", syscall.MS_BIND, ""))
			defer func() { _ = syscall.Unmount("/etc/resolv.conf", syscall.MNT_DETACH) }()
			if name == "silent" {
				silent, err := net.ListenPacket("udp", "127.0.0.1:53")
				must(t, err)
				defer silent.Close()
			}
			start := time.Now()
			got := r.run(r.kyso("sign", inputName(0), "-o", "a.pdf", "--invisible", "--key", "key.pem", "--cert-file", "cert.pem", "--tsa", "http://tsa.example.vn/"))
			got.want(t, exitService, "tsa.example.vn", "kyso: hint: ")
			t.Logf("ended after %v", time.Since(start))
		})
	}
}

// N15: edges of time: a certificate counts from its first second to its last,
// in whatever form the times are written (UTCTime to 2049, GeneralizedTime from
// 2050), on a leap day, and in the year 9999.
func TestN15Edges(t *testing.T) {
	r := newDesk(t, 1)
	root := testpki.NewRoot("Kyso Test Root", testpki.P256)
	key := testpki.Key(testpki.P256, "signer")
	for name, tc := range map[string]struct{ from, to string }{
		"leap day":         {"2024-02-28T00:00:00Z", "2024-02-29T23:59:59Z"},
		"end of UTCTime":   {"2048-01-01T00:00:00Z", "2049-12-31T23:59:59Z"},
		"from 2050":        {"2050-01-01T00:00:00Z", "2051-01-01T00:00:00Z"},
		"over the century": {"2049-12-31T23:59:59Z", "2050-01-01T00:00:00Z"},
		"no leap year":     {"2099-02-28T23:59:59Z", "2099-03-01T00:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			from, to := rfc3339(t, tc.from), rfc3339(t, tc.to)
			cert := root.Issue(testpki.Leaf{CN: "NGUYỄN VĂN A", Key: key.Public(), NotBefore: from, NotAfter: to})
			writePEM(t, "edge.pem", "CERTIFICATE", cert.Raw)
			w := newEdge(t, from.Add(to.Sub(from)/2), cert)
			writeFile(t, "edge.pdf", w)
			for at, code := range map[time.Time]int{from: exitOK, to: exitOK, from.Add(-time.Second): exitIndeterminate, to.Add(time.Second): exitIndeterminate} {
				got := r.run(r.kyso("verify", "edge.pdf", "--trust", "root.pem", "--at", at.Format(time.RFC3339)))
				if got.code != code {
					t.Errorf("at %v: exit %d, want %d\n%s", at, got.code, code, got.out)
				}
			}
		})
	}
	future := root.Issue(testpki.Leaf{CN: "NGUYỄN VĂN A", Key: key.Public(), NotBefore: time.Now().Add(time.Hour)})
	writePEM(t, "future.pem", "CERTIFICATE", future.Raw)
	r.run(r.kyso("sign", inputName(0), "-o", "f.pdf", "--invisible", "--key", "key.pem", "--cert-file", "future.pem")).want(t, exitCertificate)
	forever := root.Issue(testpki.Leaf{CN: "NGUYỄN VĂN A", Key: key.Public(), NotAfter: rfc3339(t, "9999-12-31T23:59:59Z")})
	writePEM(t, "forever.pem", "CERTIFICATE", forever.Raw)
	r.run(r.kyso("sign", inputName(0), "-o", "f.pdf", "--invisible", "--key", "key.pem", "--cert-file", "forever.pem")).want(t, 0)
	r.validAll([]string{"f.pdf"})
}

func rfc3339(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	must(t, err)
	return at
}

// newEdge signs the form at a time of the test.
func newEdge(t *testing.T, at time.Time, cert *x509.Certificate) []byte {
	t.Helper()
	a := newApp(streams{strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{}})
	a.now = func() time.Time { return at }
	writePEM(t, "edge.pem", "CERTIFICATE", cert.Raw)
	args := []string{"sign", inputName(0), "-o", "edge.tmp", "--force", "--invisible", "--key", "key.pem", "--cert-file", "edge.pem"}
	if err := a.execute(t.Context(), args); err != nil {
		t.Fatalf("%v: %s", err, a.err)
	}
	return readFile(t, "edge.tmp")
}

// N15: a TSA whose clock is a day off is a warning or a refusal, and what is
// written shows its time.
func TestN15TSAClock(t *testing.T) {
	r := newDesk(t, 1)
	for off, code := range map[time.Duration]int{-23 * time.Hour: 0, 23 * time.Hour: 0, 25 * time.Hour: exitService, -25 * time.Hour: exitService} {
		tsa, url := newStamps(t, -1)
		tsa.tsa.(*testpki.TSA).Now = func() time.Time { return time.Now().Add(off) }
		got := r.run(r.kyso(r.one("a.pdf", "--force", "--tsa", url)...))
		got.want(t, code)
		if !strings.Contains(got.err, "differs from this") || !strings.Contains(got.err, "clock") {
			t.Errorf("%v: nothing said: %s", off, got.err)
		}
	}
}

// N16: credentials of a TSA are shown nowhere: not in messages, not in
// --verbose, not in JSON, journal or report; and a redirect to another host
// does not get them.
func TestN16Credentials(t *testing.T) {
	r := newDesk(t, 1)
	tsa, url := newStamps(t, -1)
	other, otherURL := newStamps(t, -1)
	away := httptest.NewServer(http.RedirectHandler(otherURL, http.StatusTemporaryRedirect))
	defer away.Close()
	const secret = "hidden-word"
	with := func(u string) string {
		return strings.Replace(u, "http://", "http://me:"+secret+"@", 1) + "/?key=" + secret
	}
	var said strings.Builder
	password := t.TempDir() + "/tsa-password" // not below the folder that is searched
	must(t, os.WriteFile(password, []byte(secret), 0o600))
	for _, tc := range []struct {
		code int
		args []string
	}{
		{0, []string{"--tsa", with(url)}},
		{0, []string{"--tsa", url, "--tsa-user", "me", "--tsa-password-file", password}},
		{exitService, []string{"--tsa", with(away.URL)}},
		{exitService, []string{"--tsa", "ftp://me:" + secret + "@tsa.example.vn/"}},
		{exitService, []string{"--tsa", "me:" + secret + "@tsa.example.vn"}},
		{0, []string{"--tsa", with("http://127.0.0.1:1"), "--tsa", with(url)}},
	} {
		for _, more := range [][]string{{"--verbose"}, {"--json", "--verbose", "--journal", "run.journal", "--resume", "--report", "run.json"}} {
			got := r.run(r.kyso(append(r.one("a.pdf", "--force"), append(tc.args, more...)...)...))
			if got.code != tc.code && got.code != exitUsage {
				t.Errorf("%v: exit %d\n%s", tc.args, got.code, got.err)
			}
			said.WriteString(got.out + got.err)
			_ = os.Remove("run.journal")
		}
	}
	r.hides(said.String(), secret)
	if len(tsa.seen) == 0 || !strings.Contains(strings.Join(tsa.seen, "\n"), "Basic ") {
		t.Errorf("the TSA saw %q", tsa.seen)
	}
	for _, s := range other.seen {
		if strings.Contains(s, "Basic ") || strings.Contains(s, secret) {
			t.Errorf("the other host saw %q", s)
		}
	}
}
