package sign_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/dss"
	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/revocation"
	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/internal/tsp"
	"github.com/kyso-vn/kyso/sign"
)

// world is a PKI with all its servers: a root, a CA, its OCSP responder, the
// CRL of the root, a TSA.
type world struct {
	root, ca *testpki.CA
	ocsp     *testpki.OCSP
	crl      *testpki.CRLServer
	tsa      *testpki.TSA
	key      crypto.Signer
	cert     *x509.Certificate
	client   *fetch.Client

	// What the certificates of CA and TSA name no source for. Made once: with
	// ECDSA each would differ, and be new data for a store.
	rootCRL, tsaOCSP []byte
}

func newWorld() *world {
	w := &world{root: testpki.NewRoot("Gốc thử", testpki.P384)}
	w.ca = w.root.Sub("CA thử", testpki.P256)
	w.ocsp, w.crl = w.ca.OCSP(), &testpki.CRLServer{CA: w.root}
	w.tsa = testpki.NewTSA(w.ca, testpki.RSA2048)
	w.key = testpki.Key(testpki.P256, "NGUYỄN VĂN A")
	w.cert = w.ca.Issue(testpki.Leaf{CN: "NGUYỄN VĂN A", Key: w.key.Public(), OCSPURL: "http://ocsp.test/"})
	w.rootCRL, w.tsaOCSP = w.root.CRL(), w.ca.NewOCSP(w.tsa.Certificate).Sign()
	hosts := testpki.Hosts{"ocsp.test": w.ocsp, "crl.test": w.crl, "tsa.test": w.tsa}
	w.client = &fetch.Client{Transport: testpki.Transport(hosts), Now: testpki.Now}
	return w
}

func (w *world) pool() *tsp.Pool {
	return &tsp.Pool{Clients: []*tsp.Client{{URL: "http://tsa.test/", Fetch: w.client, Now: testpki.Now, Tries: 1}}}
}

func (w *world) validation() *sign.Validation {
	return &sign.Validation{
		Anchors:       []certpath.Anchor{{Certificate: w.root.Certificate}},
		Intermediates: []*x509.Certificate{w.ca.Certificate},
		Revocation: func(used *revocation.Evidence) certpath.RevocationChecker {
			return &revocation.Source{
				Fetch: w.client, Now: testpki.Now, Used: used,
				FileCRLs:  [][]byte{w.rootCRL},
				FileOCSPs: [][]byte{w.tsaOCSP},
			}
		},
	}
}

func (w *world) options(l sign.Level) sign.Options {
	o := sign.Options{Certificate: w.cert, Chain: []*x509.Certificate{w.ca.Certificate}, Level: l, Pool: w.pool(), Now: testpki.Now}
	if l >= sign.BLT {
		o.Validation = w.validation()
	}
	return o
}

func (w *world) sign(t *testing.T, data []byte, o sign.Options) ([]byte, *sign.Result, error) {
	t.Helper()
	return trySign(t, data, w.key, o)
}

// extender is sign.Extend or sign.Timestamp.
type extender func(context.Context, io.ReaderAt, int64, sign.Output, sign.ExtendOptions) (*sign.Result, error)

// extended runs Extend or Timestamp on data.
func extended(t *testing.T, data []byte, o sign.ExtendOptions, f extender) ([]byte, *sign.Result, error) {
	t.Helper()
	out, err := os.Create(filepath.Join(t.TempDir(), "out.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	result, err := f(context.Background(), bytes.NewReader(data), int64(len(data)), out, o)
	if err != nil {
		return nil, nil, err
	}
	b, err := os.ReadFile(out.Name())
	if err != nil {
		t.Fatal(err)
	}
	checkPrefix(t, data, b)
	return b, result, nil
}

// checkSignatures holds every signature of a file against the judgement of
// others: pdfsig knows no document timestamps, openssl verifies those.
func (w *world) checkSignatures(t *testing.T, data []byte, n int) {
	t.Helper()
	ca := writeFile(t, "ca.pem", append(pemOf(w.root.Certificate), pemOf(w.ca.Certificate)...))
	stamps := 0
	for _, s := range cutAll(t, data) {
		parsed, err := tsp.Parse(s.container)
		if err != nil {
			continue
		}
		stamps++
		token := writeFile(t, "token", parsed.CMS.Raw)
		if text, err := command(t, "openssl", "ts", "-verify", "-token_in", "-in", token,
			"-data", writeFile(t, "data", s.content), "-CAfile", ca, "-no_check_time"); err != nil {
			t.Errorf("openssl ts: %v\n%s", err, text)
		}
	}
	out, _ := command(t, "pdfsig", "-nocert", save(t, data)) // its exit code tells of trust too
	if got := strings.Count(out, "Signature is Valid."); got != n-stamps {
		t.Errorf("pdfsig: %d valid signatures, openssl %d timestamps, want %d\n%s", got, stamps, n, out)
	}
}

// store reads the validation data of a file.
func store(t *testing.T, data []byte) *dss.Store {
	t.Helper()
	s, err := dss.Read(openFile(t, data))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestLevelsReached: each level is there, with exactly the requests that it
// needs.
func TestLevelsReached(t *testing.T) {
	for _, c := range []struct {
		level      sign.Level
		added      int // revisions
		signatures int
		tsa, ocsp  int64
	}{
		{sign.BB, 1, 1, 0, 0},
		{sign.BT, 1, 1, 1, 0},
		{sign.BLT, 2, 1, 1, 1},
		{sign.BLTA, 3, 2, 2, 1},
	} {
		for _, form := range forms {
			t.Run(fmt.Sprint(c.level, "/", form), func(t *testing.T) {
				w := newWorld()
				data := input{form: form}.bytes()
				out, result, err := w.sign(t, data, w.options(c.level))
				if err != nil {
					t.Fatal(err)
				}
				if result.Level != c.level || result.Added != c.added || result.Signatures != c.signatures || len(result.Warnings) != 0 {
					t.Errorf("result %+v", result)
				}
				if tsa, ocsp := atomic.LoadInt64(&w.tsa.Requests), atomic.LoadInt64(&w.ocsp.Requests); tsa != c.tsa || ocsp != c.ocsp {
					t.Errorf("%d requests to the TSA, %d to the responder", tsa, ocsp)
				}
				path := save(t, out)
				checkPrefix(t, data, out)
				checkQPDF(t, path)
				w.checkSignatures(t, out, c.signatures)
				if c.level < sign.BLT {
					return
				}
				s := store(t, out)
				if len(s.Certs) < 3 || len(s.OCSPs) != 2 || len(s.CRLs) != 1 || len(s.Warnings) != 0 {
					t.Errorf("%d certificates, %d OCSP responses, %d CRLs, %q", len(s.Certs), len(s.OCSPs), len(s.CRLs), s.Warnings)
				}
				if text := show(t, path, "1"); !strings.Contains(text, "/ESIC << /BaseVersion /1.7 /ExtensionLevel 5 >>") {
					t.Errorf("catalog %s", text)
				}
			})
		}
	}
}

// TestVRI: the dictionary is there when it is asked for, under the name of the
// signature.
func TestVRI(t *testing.T) {
	w := newWorld()
	o := w.options(sign.BLT)
	o.Validation.VRI = true
	out, _, err := w.sign(t, input{}.bytes(), o)
	if err != nil {
		t.Fatal(err)
	}
	s := store(t, out)
	if len(s.VRI) != 1 {
		t.Fatalf("%d entries", len(s.VRI))
	}
	gap := regexp.MustCompile(`/Contents <([0-9a-fA-F]+)>`).FindSubmatch(out)
	contents, err := hex.DecodeString(string(gap[1]))
	if err != nil {
		t.Fatal(err)
	}
	if v, ok := s.VRI[dss.Key(contents)]; !ok || len(v.Certs) < 3 || len(v.OCSPs) == 0 {
		t.Errorf("the entry is %d certificates, %d OCSP responses", len(v.Certs), len(v.OCSPs))
	}
}

// TestLevelNotReached: what a level needs and is not to be had fails the run,
// or gives the lower one when that is allowed.
func TestLevelNotReached(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(w *world)
		want  sign.Level // asked for
		have  sign.Level
	}{
		{"TSA garbage", func(w *world) { w.tsa.Mode = "garbage" }, sign.BLTA, sign.BB},
		{"TSA nonce", func(w *world) { w.tsa.Mode = "wrong_nonce" }, sign.BT, sign.BB},
		{"OCSP down", func(w *world) { w.ocsp.Mode = "http500" }, sign.BLTA, sign.BT},
		{"OCSP unsigned", func(w *world) { w.ocsp.Mode = "unsigned" }, sign.BLT, sign.BT},
		{"OCSP unknown", func(w *world) { w.ocsp.Mode = "unknown" }, sign.BLT, sign.BT},
		{"revoked", func(w *world) { w.ca.Revoke(w.cert, testpki.Revocation{}) }, sign.BLT, sign.BT},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			c.spoil(w)
			_, _, err := w.sign(t, input{}.bytes(), w.options(c.want))
			var level *sign.LevelError
			if !errors.As(err, &level) || level.Want != c.want || level.Have != c.have {
				t.Errorf("got %v", err)
			}
			o := w.options(c.want)
			o.AllowLower = true
			out, result, err := w.sign(t, input{}.bytes(), o)
			if err != nil {
				t.Fatal(err)
			}
			if result.Level != c.have || len(result.Warnings) != 1 {
				t.Errorf("result %+v", result)
			}
			checkPDFSig(t, save(t, out), 1)
		})
	}
}

// TestExtend raises files level by level; what is there already is not added
// again, and every earlier signature stays.
func TestExtend(t *testing.T) {
	for _, c := range []struct {
		name       string
		from, to   sign.Level
		added      int
		signatures int
	}{
		{"B to T", sign.BB, sign.BT, 1, 2},
		{"T to T", sign.BT, sign.BT, 0, 1},
		{"B to LT", sign.BB, sign.BLT, 2, 2},
		{"T to LT", sign.BT, sign.BLT, 1, 1},
		{"LT to LT", sign.BLT, sign.BLT, 0, 1},
		{"B to LTA", sign.BB, sign.BLTA, 3, 3},
		{"LT to LTA", sign.BLT, sign.BLTA, 1, 2},
		{"LTA to LTA", sign.BLTA, sign.BLTA, 1, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			first, _, err := w.sign(t, input{form: "stream"}.bytes(), w.options(c.from))
			if err != nil {
				t.Fatal(err)
			}
			out, result, err := extended(t, first, sign.ExtendOptions{Level: c.to, Pool: w.pool(), Validation: w.validation(), Now: testpki.Now}, sign.Extend)
			if err != nil {
				t.Fatal(err)
			}
			if result.Level != c.to || result.Added != c.added || result.Signatures != c.signatures {
				t.Errorf("result %+v", result)
			}
			checkQPDF(t, save(t, out))
			w.checkSignatures(t, out, c.signatures)
		})
	}
}

func TestExtendOthers(t *testing.T) {
	w := newWorld()
	plain := input{}.bytes()
	o := sign.ExtendOptions{Pool: w.pool(), Validation: w.validation(), Now: testpki.Now}
	if _, _, err := extended(t, plain, o, sign.Extend); !errors.Is(err, sign.ErrUnsigned) {
		t.Errorf("unsigned: %v", err)
	}
	out, result, err := extended(t, plain, o, sign.Timestamp)
	if err != nil || result.Signatures != 1 || result.Timestamp == nil {
		t.Fatalf("timestamp alone: %+v, %v", result, err)
	}
	w.checkSignatures(t, out, 1)
	// By another hand, without the chain in it.
	foreign, _ := signed(t, plain, cmstest.RSA, sign.Options{})
	if _, _, err := extended(t, foreign, o, sign.Extend); err == nil {
		t.Error("a signer below another root reached B-LTA")
	}
	o.AllowLower = true
	if _, result, err := extended(t, foreign, o, sign.Extend); err != nil || result.Level != sign.BT {
		t.Errorf("got %+v, %v", result, err)
	}
}

func pemOf(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

// TestLongTermOfEncrypted: the streams of the store are encrypted, the
// signatures are not, and all of it reads back.
func TestLongTermOfEncrypted(t *testing.T) {
	for _, bits := range []string{"128", "256"} {
		w := newWorld()
		data := encrypt(t, "", "owner", bits)
		out, result, err := w.sign(t, data, w.options(sign.BLTA))
		if err != nil || result.Level != sign.BLTA || result.Signatures != 2 {
			t.Fatalf("%s: %+v, %v", bits, result, err)
		}
		checkQPDF(t, save(t, out))
		w.checkSignatures(t, out, 2)
		if s := store(t, out); len(s.Certs) < 3 || len(s.OCSPs) != 2 {
			t.Errorf("%s: %d certificates, %d OCSP responses, %q", bits, len(s.Certs), len(s.OCSPs), s.Warnings)
		}
		if bytes.Contains(out, w.ca.Certificate.Raw[:64]) {
			t.Errorf("%s: a certificate in clear", bits)
		}
	}
}

// TestLongTermOfArchive: also a document timestamp's field has an appearance in
// PDF/A-1.
func TestLongTermOfArchive(t *testing.T) {
	w := newWorld()
	out, _, err := w.sign(t, archival(partOne, 3).bytes(), w.options(sign.BLTA))
	if err != nil {
		t.Fatal(err)
	}
	path := save(t, out)
	checkQPDF(t, path)
	if n := strings.Count(dump(t, path), "/AP <<"); n != 2 {
		t.Errorf("%d appearances of 2 fields", n)
	}
}
