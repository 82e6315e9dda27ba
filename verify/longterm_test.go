package verify_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/revocation"
	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/internal/tsp"
	"github.com/kyso-vn/kyso/sign"
	"github.com/kyso-vn/kyso/verify"
)

// decades is a PKI whose clock can be set: one CA with an OCSP responder, a
// signer whose certificate ends in 2028, and authorities of timestamps that
// follow each other.
type decades struct {
	clock  time.Time
	root   *testpki.CA
	ocsp   *testpki.OCSP
	tsa    *testpki.TSA
	key    crypto.Signer
	cert   *x509.Certificate
	client *fetch.Client
}

func newDecades() *decades {
	w := &decades{clock: year(2026), root: testpki.NewRoot("Decades Root", testpki.P384), key: testpki.Key(testpki.P256, "NGUYỄN VĂN A")}
	now := func() time.Time { return w.clock }
	w.cert = w.root.Issue(testpki.Leaf{CN: "NGUYỄN VĂN A", Key: w.key.Public(), NotBefore: year(2025), NotAfter: year(2028), OCSPURL: "http://ocsp.test/"})
	w.ocsp = w.root.OCSP()
	w.ocsp.Now = now
	w.tsa = &testpki.TSA{Now: now}
	w.stamper("TSA 1", 2025, 2031)
	w.client = &fetch.Client{Transport: testpki.Transport(testpki.Hosts{"ocsp.test": w.ocsp, "tsa.test": w.tsa}), Now: now}
	return w
}

// stamper changes the authority of timestamps.
func (w *decades) stamper(cn string, from, to int) {
	key := testpki.Key(testpki.P256, cn)
	w.tsa.Key = key
	w.tsa.Certificate = w.root.Issue(testpki.Leaf{CN: cn, TSA: true, Key: key.Public(), KeyUsage: x509.KeyUsageDigitalSignature,
		NotBefore: year(from), NotAfter: year(to), OCSPURL: "http://ocsp.test/"})
}

func (w *decades) now() time.Time { return w.clock }

func (w *decades) pool() *tsp.Pool {
	return &tsp.Pool{Clients: []*tsp.Client{{URL: "http://tsa.test/", Fetch: w.client, Now: w.now, Tries: 1}}}
}

func (w *decades) validation() *sign.Validation {
	return &sign.Validation{Anchors: anchors(w.root), Revocation: func(used *revocation.Evidence) certpath.RevocationChecker {
		return &revocation.Source{Fetch: w.client, Now: w.now, Used: used}
	}}
}

func (w *decades) sign(t *testing.T, l sign.Level) []byte {
	t.Helper()
	data := newDoc().data
	o := sign.Options{Certificate: w.cert, Level: l, Pool: w.pool(), Now: w.now}
	if l >= sign.BLT {
		o.Validation = w.validation()
	}
	p, err := sign.Prepare(context.Background(), bytes.NewReader(data), int64(len(data)), o)
	if err != nil {
		t.Fatal(err)
	}
	return written(t, func(f *os.File) error {
		_, err := p.Finish(context.Background(), w.key, f)
		return err
	})
}

func (w *decades) extend(t *testing.T, data []byte, l sign.Level) []byte {
	t.Helper()
	return written(t, func(f *os.File) error {
		_, err := sign.Extend(context.Background(), bytes.NewReader(data), int64(len(data)), f,
			sign.ExtendOptions{Level: l, Pool: w.pool(), Validation: w.validation(), Now: w.now})
		return err
	})
}

// written is what a function put in a file.
func written(t *testing.T, f func(*os.File) error) []byte {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "out.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	if err := f(file); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// verify judges at the clock; online asks the responder of that time.
func (w *decades) verify(t *testing.T, data []byte, online bool) *verify.Report {
	t.Helper()
	return check(t, data, func(o *verify.Options) {
		o.Anchors, o.Now = anchors(w.root), w.now
		if online {
			o.Online = w.client
		}
	})
}

// TestLongTerm is what levels are for: how a signature of 2026 stands when the
// certificates of its signer and of its timestamps have ended.
func TestLongTerm(t *testing.T) {
	at2046 := func(w *decades) { w.clock = year(2046) }
	rows := []struct {
		name  string
		level sign.Level
		life  func(t *testing.T, w *decades, data []byte) []byte // what happens until it is verified
		want  want
	}{
		{"B-B, then", sign.BB, nil, want{verdict: verify.Valid, level: verify.LevelBB}},
		{"B-B, expired", sign.BB, func(_ *testing.T, w *decades, data []byte) []byte {
			w.clock = year(2030)
			return data
		}, want{verdict: verify.Indeterminate, sub: "OUT_OF_BOUNDS_NO_POE"}},
		{"B-T, signer expired, TSA not", sign.BT, func(_ *testing.T, w *decades, data []byte) []byte {
			w.clock = year(2030)
			return data
		}, want{verdict: verify.Indeterminate, level: verify.LevelBT}}, // no revocation data of then
		{"B-T, 20 years on", sign.BT, func(_ *testing.T, w *decades, data []byte) []byte {
			at2046(w)
			return data
		}, want{verdict: verify.Indeterminate}},
		{"B-LT, signer expired, TSA not", sign.BLT, func(_ *testing.T, w *decades, data []byte) []byte {
			w.clock = year(2030)
			return data
		}, want{verdict: verify.ValidChanged, sub: "-", level: verify.LevelBLT}},
		{"B-LT, 20 years on", sign.BLT, func(_ *testing.T, w *decades, data []byte) []byte {
			at2046(w)
			return data
		}, want{verdict: verify.Indeterminate}},
		{"B-LTA, TSA of 2026 lives on", sign.BLTA, func(_ *testing.T, w *decades, data []byte) []byte {
			w.clock = year(2030)
			return data
		}, want{verdict: verify.ValidChanged, sub: "-", level: verify.LevelBLTA}},
		{"B-LTA, never renewed, 20 years on", sign.BLTA, func(_ *testing.T, w *decades, data []byte) []byte {
			at2046(w)
			return data
		}, want{verdict: verify.Indeterminate}},
		{"B-LTA, renewed twice, 20 years on", sign.BLTA, func(t *testing.T, w *decades, data []byte) []byte {
			w.clock = year(2030)
			w.stamper("TSA 2", 2029, 2045)
			data = w.extend(t, data, sign.BLTA)
			w.clock = year(2044)
			w.stamper("TSA 3", 2043, 2060)
			data = w.extend(t, data, sign.BLTA)
			at2046(w)
			return data
		}, want{verdict: verify.ValidChanged, sub: "-", level: verify.LevelBLTA}},
		{"B-T raised to B-LTA in time, 20 years on", sign.BT, func(t *testing.T, w *decades, data []byte) []byte {
			w.clock = year(2027)
			w.stamper("TSA 2", 2027, 2060)
			data = w.extend(t, data, sign.BLTA)
			at2046(w)
			return data
		}, want{verdict: verify.ValidChanged, sub: "-", level: verify.LevelBLTA}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			w := newDecades()
			data := w.sign(t, row.level)
			if row.life != nil {
				data = row.life(t, w, data)
			}
			rep := w.verify(t, data, true)
			row.want.expect(t, rep, 0)
			s := rep.Signatures[0]
			if s.Valid() && row.level >= sign.BT && (s.Time.Proven == nil || !s.Time.Proven.Equal(year(2026))) {
				t.Errorf("proven %v", s.Time.Proven)
			}
			if t.Failed() {
				for _, s := range rep.Signatures {
					t.Logf("%s %s %s %v", s.Field, s.Indication, s.Level, s.Reasons)
				}
			}
		})
	}
}

// TestLongTermTampered: after 20 years a changed byte is still a changed byte.
func TestLongTermTampered(t *testing.T) {
	w := newDecades()
	data := w.sign(t, sign.BLTA)
	w.clock = year(2030)
	w.stamper("TSA 2", 2029, 2060)
	data = w.extend(t, data, sign.BLTA)
	w.clock = year(2046)
	at := bytes.Index(data, []byte("amount is 100"))
	data[at+len("amount is ")] = '9'
	if rep := w.verify(t, data, true); rep.Verdict != verify.Invalid || rep.Signatures[0].Integrity != verify.Broken {
		t.Errorf("verdict %s, %+v", rep.Verdict, rep.Signatures[0])
	}
}

// TestLongTermOffline needs no network where the file carries all: right after
// it was made, and later for all but the last authority.
func TestLongTermOffline(t *testing.T) {
	w := newDecades()
	data := w.sign(t, sign.BLTA)
	want{verdict: verify.ValidChanged, sub: "-", level: verify.LevelBLTA}.expect(t, w.verify(t, data, false), 0)
	w.clock = year(2030)
	asked := w.ocsp.Requests
	rep := w.verify(t, data, false)
	if w.ocsp.Requests != asked {
		t.Error("the responder was asked")
	}
	if s := rep.Signatures[0]; s.Indication == verify.TotalFailed || s.Integrity != verify.Intact {
		t.Errorf("%s: %v", s.Indication, s.Reasons)
	}
}
