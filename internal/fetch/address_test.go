package fetch

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// network is a network of the test: names, and what was dialled.
type network struct {
	mu      sync.Mutex
	names   map[string][]string // each look-up takes the first answer off, the last stays
	lookups int
	dialled []string
	answer  func(net.Conn) // nil: 200 "ok"
}

func (n *network) LookupNetIP(ctx context.Context, _, host string) ([]netip.Addr, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lookups++
	answers := n.names[host]
	if len(answers) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	if len(answers) > 1 {
		n.names[host] = answers[1:]
	}
	var list []netip.Addr
	for _, a := range strings.Fields(answers[0]) {
		list = append(list, netip.MustParseAddr(a))
	}
	return list, nil
}

func (n *network) dial(_ context.Context, _, address string) (net.Conn, error) {
	n.mu.Lock()
	n.dialled = append(n.dialled, address)
	n.mu.Unlock()
	ours, theirs := net.Pipe()
	go func() {
		defer theirs.Close()
		if n.answer != nil {
			n.answer(theirs)
			return
		}
		if _, err := http.ReadRequest(bufio.NewReader(theirs)); err == nil {
			fmt.Fprint(theirs, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
		}
	}()
	return ours, nil
}

func (n *network) client() *Client {
	return &Client{Resolver: n, dialer: n.dial, Proxy: noProxy}
}

func kindOf(err error) string {
	var e *Error
	if err == nil {
		return ""
	}
	if !errors.As(err, &e) {
		return "not an *Error: " + err.Error()
	}
	return e.Kind
}

func get(c *Client, url string, p Policy) (*Response, error) {
	return c.Do(context.Background(), Request{URL: url, Policy: p, MaxBytes: 1000, Timeout: 5 * time.Second})
}

// N02: nothing of this machine and its network is reached.
func TestN02RefusedAddresses(t *testing.T) {
	hosts := []string{
		"127.0.0.1", "127.255.255.254", "[::1]", "0.0.0.0", "0.1.2.3", "[::]",
		"2130706433", "0x7f.1", "0x7f000001", "127.1", "0177.0.0.1", "017700000001", "127.0.0.1.", "99999999999999999999",
		"[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
		"[64:ff9b::7f00:1]", "[64:ff9b:1::a00:1]", "[2002:7f00:1::]", "[2001:0:1::1]",
		"169.254.169.254", "[fe80::1]", "[fe80::1%25eth0]", "[fec0::1]",
		"10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1", "100.127.255.255",
		"192.0.0.1", "192.0.2.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "192.88.99.1",
		"[fd00::1]", "[fc00::1]", "224.0.0.1", "239.255.255.255", "[ff02::1]", "240.0.0.1", "255.255.255.255",
		"[2001:db8::1]", "[100::1]", "[3fff::1]",
		"localhost", "LOCALHOST", "localhost.", "x.localhost", "printer.local",
		"loop.test", "meta.test", "mapped.test", "zone.test",
		"ocsp.test:22", "ocsp.test:25", "ocsp.test:6379", "ocsp.test:0", "user:secret@ocsp.test",
	}
	for _, host := range hosts {
		t.Run(host, func(t *testing.T) {
			n := &network{names: map[string][]string{
				"loop.test": {"127.0.0.1"}, "meta.test": {"169.254.169.254 fd00:ec2::254"}, "mapped.test": {"::ffff:192.168.1.1"},
				"zone.test": {"fe80::1%eth0"}, "ocsp.test": {"8.8.8.8"},
			}}
			_, err := get(n.client(), "http://"+host+"/crl", FromData)
			if kindOf(err) != "refused_address" || len(n.dialled) != 0 {
				t.Errorf("error %v, dialled %v", err, n.dialled)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("password shown: %v", err)
			}
		})
	}
}

func TestPublicAddressesAreReached(t *testing.T) {
	for _, host := range []string{"8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.255.255", "100.128.0.1", "[2606:4700::1]", "ocsp.test", "ocsp.test:80", "ocsp.test:8080", "ocsp.test:2560", "3com.test", "ocsp.test."} {
		n := &network{names: map[string][]string{"ocsp.test": {"8.8.8.8"}, "3com.test": {"9.9.9.9"}, "ocsp.test.": {"8.8.8.8"}}}
		resp, err := get(n.client(), "http://"+host+"/crl", FromData)
		if err != nil || string(resp.Body) != "ok" || len(n.dialled) != 1 {
			t.Errorf("%s: %v, dialled %v", host, err, n.dialled)
		}
	}
}

func TestAllowPrivate(t *testing.T) {
	n := &network{}
	c := n.client()
	c.AllowPrivate = true
	way := route{foreign: true}
	if _, err := c.transport(way); err != nil {
		t.Fatal(err)
	}
	if err := c.admit(context.Background(), mustURL(t, "http://10.0.0.1:6379/x"), true); err != nil {
		t.Error(err)
	}
}

// N05: a name server that changes its mind.
func TestN05Rebinding(t *testing.T) {
	n := &network{names: map[string][]string{"evil.test": {"8.8.8.8", "127.0.0.1"}}}
	c := n.client()
	if _, err := get(c, "http://evil.test/", FromData); err != nil {
		t.Fatal(err)
	}
	if len(n.dialled) != 1 || n.dialled[0] != "8.8.8.8:80" || n.lookups != 1 {
		t.Errorf("dialled %v after %d look-ups", n.dialled, n.lookups)
	}
	if _, err := get(c, "http://evil.test/", FromData); kindOf(err) != "refused_address" || len(n.dialled) != 1 {
		t.Errorf("second time: %v, dialled %v", err, n.dialled)
	}
}

// A mixed answer: only the public part is dialled.
func TestMixedAnswer(t *testing.T) {
	n := &network{names: map[string][]string{"mixed.test": {"127.0.0.1 10.0.0.1 8.8.4.4"}}}
	if _, err := get(n.client(), "http://mixed.test/", FromData); err != nil || len(n.dialled) != 1 || n.dialled[0] != "8.8.4.4:80" {
		t.Errorf("%v, dialled %v", err, n.dialled)
	}
}

func TestSecondAddressIsTried(t *testing.T) {
	n := &network{names: map[string][]string{"two.test": {"2606:4700::1 8.8.4.4"}}}
	c := n.client()
	c.dialer = func(ctx context.Context, network, address string) (net.Conn, error) {
		if strings.HasPrefix(address, "[") {
			<-ctx.Done() // a silent address must leave time for the next
			return nil, ctx.Err()
		}
		return n.dial(ctx, network, address)
	}
	if _, err := get(c, "http://two.test/", FromData); err != nil {
		t.Error(err)
	}
}

// N14: no name server, and one that hangs.
func TestN14NameServer(t *testing.T) {
	n := &network{}
	if _, err := get(n.client(), "http://gone.test/", FromData); kindOf(err) != "network" {
		t.Errorf("%v", err)
	}
	c := &Client{Resolver: hanging{t}, Proxy: noProxy}
	start := time.Now()
	_, err := c.Do(context.Background(), Request{URL: "http://slow.test/", Policy: FromData, MaxBytes: 10, Timeout: 200 * time.Millisecond})
	if kindOf(err) != "timeout" || time.Since(start) > time.Minute {
		t.Errorf("%v after %v", err, time.Since(start))
	}
}

// hanging waits as long as it is let, which must be 5 s at most.
type hanging struct{ t *testing.T }

func (h hanging) LookupNetIP(ctx context.Context, _, _ string) ([]netip.Addr, error) {
	if deadline, ok := ctx.Deadline(); !ok || time.Until(deadline) > 5*time.Second {
		h.t.Error("a look-up may take longer than 5 s")
	}
	<-ctx.Done()
	return nil, ctx.Err()
}

// With a transport of the caller only literal hosts are judged.
func TestOwnTransport(t *testing.T) {
	var calls atomic.Int64
	c := &Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		calls.Add(1)
		return nil, errors.New("called")
	})}
	for url, reached := range map[string]bool{"http://127.0.0.1/": false, "http://127.1/": false, "http://localhost/": false, "http://ca.test/": true} {
		calls.Store(0)
		_, err := get(c, url, FromData)
		if (calls.Load() == 1) != reached || err == nil {
			t.Errorf("%s: %v", url, err)
		}
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
