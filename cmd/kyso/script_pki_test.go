package main

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/testdata/form"
)

const scriptPassword = "mat-khau-p12"

// scriptRoot is the CA of every script.
func scriptRoot() *testpki.CA { return testpki.NewRoot("Test Root", testpki.P256) }

// cmdForm writes the application form of testdata.
func cmdForm(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		ts.Check(os.WriteFile(ts.MkAbs(name), form.PDF, 0o600))
	}
}

// cmdPKI writes root.pem, and for each kind KIND.p12, KIND.key, KIND.crt:
// person (RSA), ec, p384, expired, early, wronguse, ca-only.
func cmdPKI(ts *testscript.TestScript, _ bool, kinds []string) {
	root := scriptRoot()
	ts.Check(os.WriteFile(ts.MkAbs("root.pem"), certPEM(root.Certificate), 0o600))
	for _, kind := range kinds {
		key, cert := scriptSigner(ts, root, kind)
		p12, err := testpki.PKCS12(key, cert, nil, scriptPassword)
		ts.Check(err)
		der, err := x509.MarshalPKCS8PrivateKey(key)
		ts.Check(err)
		for ext, data := range map[string][]byte{
			".p12": p12, ".crt": certPEM(cert), ".key": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}),
		} {
			ts.Check(os.WriteFile(ts.MkAbs(kind+ext), data, 0o600))
		}
	}
}

func certPEM(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

// scriptSigner is the key and certificate of a kind.
func scriptSigner(ts *testscript.TestScript, root *testpki.CA, kind string) (crypto.Signer, *x509.Certificate) {
	key := testpki.Key(testpki.RSA2048, "person")
	leaf := testpki.Leaf{CN: "NGUYỄN VĂN A", Email: "a@example.vn", UID: []string{"CCCD:001000000001"}, Key: key.Public()}
	servicesOf(ts).addTo(&leaf)
	switch kind {
	case "person":
	case "ec":
		key = testpki.Key(testpki.P256, "ec")
		leaf.CN, leaf.Email, leaf.O, leaf.UID = "TRẦN THỊ B", "b@example.vn", "CÔNG TY TNHH MỘT THÀNH VIÊN ABC", []string{"MST:0100000000"}
	case "p384":
		key = testpki.Key(testpki.P384, "p384")
	case "expired":
		leaf.NotAfter = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	case "early":
		leaf.NotBefore = time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC)
	case "wronguse":
		leaf.KeyUsage = x509.KeyUsageKeyEncipherment
	case "letters":
		leaf.CN = scriptLetters
	default:
		ts.Fatalf("no kind %q", kind)
	}
	leaf.Key = key.Public()
	return key, root.Issue(leaf)
}

// scriptT gives the helpers of testpki what they need of a test.
type scriptT struct{ ts *testscript.TestScript }

func (t scriptT) Helper()                           {}
func (t scriptT) Fatalf(format string, args ...any) { t.ts.Fatalf(format, args...) }
func (t scriptT) Setenv(name, value string)         { t.ts.Setenv(name, value) }
func (t scriptT) TempDir() string {
	dir, err := os.MkdirTemp(t.ts.MkAbs("."), "softhsm-")
	t.ts.Check(err)
	return dir
}

// cmdSoftHSM makes tokens: softhsm LABEL=KIND ...; $MODULE is the driver.
func cmdSoftHSM(ts *testscript.TestScript, _ bool, args []string) {
	s := testpki.NewSoftHSM(scriptT{ts})
	ts.Setenv("MODULE", s.Module)
	ts.Setenv("PIN", testpki.UserPIN)
	root := scriptRoot()
	for _, arg := range args {
		label, kind, _ := strings.Cut(arg, "=")
		key, cert := scriptSigner(ts, root, kind)
		s.Signer(label, key, cert)
	}
}

// cmdTSA starts a timestamp server under the root; $TSA is its address. An
// argument is a mode of misbehaviour.
func cmdTSA(ts *testscript.TestScript, _ bool, args []string) {
	tsa := testpki.NewTSA(scriptRoot(), testpki.P256)
	tsa.Now = time.Now
	if s := servicesOf(ts); s.ocspURL != "" { // B-LT wants its status too
		tsa.Certificate = scriptRoot().Issue(testpki.Leaf{CN: "Test TSA", Key: tsa.Key.Public(), TSA: true,
			KeyUsage: x509.KeyUsageDigitalSignature, OCSPURL: s.ocspURL})
	}
	if len(args) > 0 {
		tsa.Mode = args[0]
	}
	var handler http.Handler = tsa
	if h := hostileTSAs[tsa.Mode]; h != nil {
		handler = h
	}
	server := httptest.NewServer(handler)
	ts.Defer(func() {
		server.CloseClientConnections()
		server.Close()
	})
	ts.Setenv("TSA", server.URL)
	servicesOf(ts).tsa = tsa
}

// hostileTSAs are modes of the command tsa that need no clock and no key: a
// server that says nothing, that never ends, that sends a byte now and then.
var hostileTSAs = map[string]http.HandlerFunc{
	"silent": func(_ http.ResponseWriter, r *http.Request) { drip(r, time.Hour) },
	"gigabyte": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/timestamp-reply")
		block := make([]byte, 1<<20)
		for range 1 << 10 {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	},
	"drip": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/timestamp-reply")
		for drip(r, 100*time.Millisecond) {
			_, _ = w.Write([]byte{0x30})
			w.(http.Flusher).Flush()
		}
	},
}

// drip waits, and tells whether the client is still there: a server notices
// that it has gone once the body is read.
func drip(r *http.Request, d time.Duration) bool {
	_, _ = io.Copy(io.Discard, r.Body)
	select {
	case <-r.Context().Done():
		return false
	case <-time.After(d):
		return true
	}
}

// cmdCutSig cuts the last signature out for openssl, or the one of a number in
// the order of the file: cutsig FILE PREFIX [NUMBER] writes
// PREFIX.content (the signed ranges), PREFIX.cms, and where there is a
// signature timestamp PREFIX.tst and PREFIX.value (what it covers).
func cmdCutSig(ts *testscript.TestScript, _ bool, args []string) {
	data := []byte(ts.ReadFile(args[0]))
	all := regexp.MustCompile(`/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)`).FindAllSubmatch(data, -1)
	if len(all) == 0 {
		ts.Fatalf("%s has no signature", args[0])
	}
	which := len(all)
	if len(args) > 2 {
		var err error
		which, err = strconv.Atoi(args[2])
		ts.Check(err)
	}
	var r [4]int
	for i := range r {
		n, err := strconv.Atoi(string(all[which-1][i+1]))
		ts.Check(err)
		r[i] = n
	}
	content := append(append([]byte{}, data[r[0]:r[0]+r[1]]...), data[r[2]:r[2]+r[3]]...)
	gap := bytes.Trim(data[r[1]:r[2]], "<>")
	der, err := hex.DecodeString(string(gap))
	ts.Check(err)
	var raw asn1.RawValue
	_, err = asn1.Unmarshal(der, &raw)
	ts.Check(err)
	write := func(ext string, b []byte) { ts.Check(os.WriteFile(ts.MkAbs(args[1]+ext), b, 0o600)) }
	write(".content", content)
	write(".cms", raw.FullBytes)
	tst, value, err := signatureTimestamp(raw.FullBytes)
	ts.Check(err)
	if tst != nil {
		write(".tst", tst)
		write(".value", value)
	}
}

// signatureTimestamp finds the token in the unsigned attributes and the
// signature value that it covers, with no code of the product.
func signatureTimestamp(der []byte) (token, value []byte, err error) {
	var outer struct {
		Type    asn1.ObjectIdentifier
		Content struct {
			Version          int
			DigestAlgorithms asn1.RawValue
			Encapsulated     asn1.RawValue
			Certificates     asn1.RawValue `asn1:"optional,tag:0"`
			SignerInfos      []struct {
				Version   int
				SID       asn1.RawValue
				Digest    asn1.RawValue
				Signed    asn1.RawValue `asn1:"optional,tag:0"`
				Algorithm asn1.RawValue
				Signature []byte
				Unsigned  asn1.RawValue `asn1:"optional,tag:1"`
			} `asn1:"set"`
		} `asn1:"explicit,tag:0"`
	}
	if _, err := asn1.Unmarshal(der, &outer); err != nil {
		return nil, nil, err
	}
	s := outer.Content.SignerInfos[0]
	for rest := s.Unsigned.Bytes; len(rest) > 0; {
		var attr struct {
			Type   asn1.ObjectIdentifier
			Values []asn1.RawValue `asn1:"set"`
		}
		if rest, err = asn1.Unmarshal(rest, &attr); err != nil {
			return nil, nil, err
		}
		// RFC 3161, appendix A: id-aa-timeStampToken.
		if attr.Type.String() == "1.2.840.113549.1.9.16.2.14" {
			return attr.Values[0].FullBytes, s.Signature, nil
		}
	}
	return nil, s.Signature, nil
}

// cmdJSON reads the last standard output as JSON lines and compares one value:
// json LINE PATH WANT, with a path as signer.subject.cn or signatures.0.level.
func cmdJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: json LINE PATH WANT")
	}
	line, err := strconv.Atoi(args[0])
	ts.Check(err)
	lines := strings.Split(strings.TrimSpace(ts.ReadFile("stdout")), "\n")
	if line < 1 || line > len(lines) {
		ts.Fatalf("there are %d lines", len(lines))
	}
	var v any
	ts.Check(json.Unmarshal([]byte(lines[line-1]), &v))
	ts.Check(fitsSchema(v))
	for _, step := range strings.Split(args[1], ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(at) {
				ts.Fatalf("no %s in %s", step, args[1])
			}
			v = at[i]
		default:
			ts.Fatalf("%s ends before %s", args[1], step)
		}
	}
	got := fmt.Sprint(v)
	if list, ok := v.([]any); ok && strings.HasPrefix(args[2], "len=") {
		got = "len=" + strconv.Itoa(len(list))
	}
	if (got == args[2]) == neg {
		ts.Fatalf("%s is %q, want %q (negated: %v)", args[1], got, args[2], neg)
	}
}

// scriptLetters are the 134 accented letters of Vietnamese, as a name.
var scriptLetters = func() string {
	const vowels = "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ"
	return vowels + strings.ToLower(vowels)
}()
