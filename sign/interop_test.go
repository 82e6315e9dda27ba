package sign_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/sign"
)

func readerAt(b []byte) io.ReaderAt { return bytes.NewReader(b) }

// command runs a real program; a missing one is a failure.
func command(t *testing.T, name string, args ...string) (string, error) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Fatalf("%s is needed by this test: %v", name, err)
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	return string(out), err
}

// checkQPDF fails on any complaint of qpdf.
func checkQPDF(t *testing.T, path string) {
	t.Helper()
	out, err := command(t, "qpdf", "--check", path)
	if err != nil {
		t.Errorf("qpdf --check: %v\n%s", err, out)
	}
}

// checkPDFSig wants n signatures, each valid, the last over the whole file.
func checkPDFSig(t *testing.T, path string, n int) {
	t.Helper()
	out, _ := command(t, "pdfsig", "-nocert", path) // its exit code tells of trust too
	if got := strings.Count(out, "Signature is Valid."); got != n {
		t.Errorf("pdfsig: %d valid signatures, want %d\n%s", got, n, out)
	}
	if !strings.Contains(out, "Total document signed") {
		t.Errorf("pdfsig: not the total document\n%s", out)
	}
}

var rangePattern = regexp.MustCompile(`/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]`)

// cutSignature is a signature that was taken out of a file by its text alone.
type cutSignature struct{ content, container []byte }

// cutAll takes out all signatures.
func cutAll(t *testing.T, data []byte) (list []cutSignature) {
	t.Helper()
	for _, match := range rangePattern.FindAllSubmatch(data, -1) {
		var n [4]int
		for i := range n {
			n[i], _ = strconv.Atoi(string(match[i+1]))
		}
		if n[0] != 0 || n[2]+n[3] > len(data) {
			t.Fatalf("range %v of %d bytes", n, len(data))
		}
		gap := data[n[1]:n[2]]
		if gap[0] != '<' || gap[len(gap)-1] != '>' {
			t.Fatalf("the gap is %q … %q", gap[:2], gap[len(gap)-2:])
		}
		container, err := hex.DecodeString(string(gap[1 : len(gap)-1]))
		if err != nil {
			t.Fatal(err)
		}
		content := append(append([]byte(nil), data[:n[1]]...), data[n[2]:n[2]+n[3]]...)
		list = append(list, cutSignature{content, container})
	}
	return list
}

// cut takes out the last signature, which covers the whole file.
func cut(t *testing.T, data []byte) (content, container []byte) {
	t.Helper()
	all := cutAll(t, data)
	if all == nil {
		t.Fatal("no /ByteRange in the output")
	}
	last := all[len(all)-1]
	if len(last.content)+2*len(last.container)+2 != len(data) {
		t.Fatalf("the signature covers %d of %d bytes", len(last.content), len(data))
	}
	return last.content, last.container
}

func writeFile(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// checkOpenSSL verifies the last signature and, if asked, its timestamp.
func checkOpenSSL(t *testing.T, data []byte, stamped bool) {
	t.Helper()
	content, container := cut(t, data)
	sd, err := cms.Parse(container)
	if err != nil {
		t.Fatal(err)
	}
	der := writeFile(t, "sig.der", sd.Raw)
	ca := caFile(t)
	out, err := command(t, "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", der,
		"-content", writeFile(t, "content", content), "-CAfile", ca, "-purpose", "any", "-no_check_time", "-out", os.DevNull)
	if err != nil {
		t.Errorf("openssl cms: %v\n%s", err, out)
	}
	tokens := sd.SignerInfos[0].UnsignedAttr(oids.SignatureTimestamp)
	if !stamped {
		if len(tokens) != 0 {
			t.Error("a timestamp nobody asked for")
		}
		return
	}
	if len(tokens) != 1 {
		t.Fatalf("%d timestamps", len(tokens))
	}
	checkToken(t, tokens[0].Values[0], sd.SignerInfos[0].Signature)
}

func checkToken(t *testing.T, token, data []byte) {
	t.Helper()
	out, err := command(t, "openssl", "ts", "-verify", "-token_in", "-in", writeFile(t, "token", token),
		"-data", writeFile(t, "data", data), "-CAfile", caFile(t), "-no_check_time")
	if err != nil {
		t.Errorf("openssl ts: %v\n%s", err, out)
	}
}

func visible() sign.Options {
	return sign.Options{Visible: true, Place: appearance.Place{At: "bottom-right"},
		Info: appearance.Info{Signer: "NGUYỄN VĂN A", Email: "a@example.vn"}}
}

func checkPrefix(t *testing.T, old, output []byte) {
	t.Helper()
	if !bytes.HasPrefix(output, old) {
		t.Error("the old bytes are not the prefix of the output")
	}
}

func TestMatrix(t *testing.T) {
	for _, kind := range kinds {
		for _, form := range forms {
			for _, seen := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/%s/visible=%v", kind.name, form, seen), func(t *testing.T) {
					o := sign.Options{}
					if seen {
						o = visible()
					}
					o.Scheme = kind.scheme
					o.Reason, o.Location = "Tôi là tác giả", "Hà Nội"
					data := input{form: form}.bytes()
					out, result := signed(t, data, kind.key, o)
					path := save(t, out)
					checkPrefix(t, data, out)
					checkQPDF(t, path)
					checkPDFSig(t, path, 1)
					checkOpenSSL(t, out, false)
					if result.OutputSHA256 != sha256.Sum256(out) || result.InputSHA256 != sha256.Sum256(data) {
						t.Error("a SHA-256 of the result is wrong")
					}
					if result.Bytes != int64(len(out)) || result.Signatures != 1 || result.Level != sign.BB || result.Scheme != kind.scheme {
						t.Errorf("result %+v", result)
					}
				})
			}
		}
	}
}

func TestShapes(t *testing.T) {
	for name, in := range shapes() {
		for _, form := range forms {
			t.Run(name+"/"+form, func(t *testing.T) {
				in.form = form
				data := in.bytes()
				checkQPDF(t, save(t, data)) // the generator itself
				first, _ := signed(t, data, cmstest.P256, visible())
				second, result := signed(t, first, cmstest.RSA, sign.Options{})
				path := save(t, second)
				checkPrefix(t, first, second)
				checkQPDF(t, path)
				checkPDFSig(t, path, 2)
				if result.Signatures != 2 {
					t.Errorf("%d signatures counted", result.Signatures)
				}
				out, err := command(t, "qpdf", "--json", "--json-key=acroform", path)
				if err != nil {
					t.Fatal(err)
				}
				want := 2
				if strings.Contains(name, "form") || strings.Contains(name, "fields") {
					want = 3
				}
				if n := strings.Count(out, `"fullname"`); n != want {
					t.Errorf("%d fields, want %d\n%s", n, want, out)
				}
			})
		}
	}
}

func TestFormEntriesStay(t *testing.T) {
	data := shapes()["annots direct, form direct"].bytes()
	out, _ := signed(t, data, cmstest.P256, sign.Options{})
	text, err := command(t, "qpdf", "--show-object=1", save(t, out))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"/DA (/F 0 Tf 0 g)", "/DR << /Font", "/Q 1", "/CO [ 5 0 R ]", "/SigFlags 3"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
}

func TestFlippedByte(t *testing.T) {
	data := input{}.bytes()
	out, _ := signed(t, data, cmstest.RSA, sign.Options{})
	flips := 0
	for _, at := range []int{bytes.Index(out, []byte("0.5 g")), bytes.LastIndex(out, []byte("kyso"))} {
		bad := bytes.Clone(out)
		bad[at] ^= 1
		text, _ := command(t, "pdfsig", "-nocert", save(t, bad))
		if strings.Contains(text, "Signature is Valid.") {
			t.Errorf("byte %d flipped, still valid", at)
		}
		flips++
	}
	if flips != 2 {
		t.Error("nothing was flipped")
	}
}

func TestTimestamps(t *testing.T) {
	server := newTSA(t)
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			before := server.asked.Load()
			out, result := signed(t, input{}.bytes(), kind.key, sign.Options{Scheme: kind.scheme, Pool: server.pool()})
			checkOpenSSL(t, out, true)
			checkPDFSig(t, save(t, out), 1)
			if result.Level != sign.BT || result.Timestamp == nil || server.asked.Load() != before+1 {
				t.Errorf("level %v, %d requests", result.Level, server.asked.Load()-before)
			}
		})
	}
}

func TestExistingField(t *testing.T) {
	for _, o := range []sign.Options{{Field: "Nguoi.A"}, func() sign.Options { o := visible(); o.Field = "Nguoi.A"; return o }()} {
		data := emptyField("").bytes()
		out, result := signed(t, data, cmstest.P256, o)
		path := save(t, out)
		checkQPDF(t, path)
		checkPDFSig(t, path, 1)
		text, _ := command(t, "pdfsig", "-nocert", path)
		if !strings.Contains(text, "Nguoi.A") || result.Signatures != 1 {
			t.Errorf("not in the field:\n%s", text)
		}
	}
}

func TestMarkOnAllPages(t *testing.T) {
	data := manyPages(3).bytes()
	o := visible()
	o.Place = appearance.Place{Page: "all", At: "bottom-left"}
	out, _ := signed(t, data, cmstest.P256, o)
	path := save(t, out)
	checkQPDF(t, path)
	checkPDFSig(t, path, 1)
	for page := 1; page <= 3; page++ {
		text, err := command(t, "pdftotext", "-f", strconv.Itoa(page), "-l", strconv.Itoa(page), path, "-")
		if err != nil || !strings.Contains(text, "NGUYỄN VĂN A") {
			t.Errorf("page %d: %v %q", page, err, text)
		}
	}
}

func TestPrefixOnManyOutputs(t *testing.T) {
	for _, form := range []string{"table", "stream"} {
		t.Run(form, func(t *testing.T) { prefixOnMany(t, form) })
	}
}

func prefixOnMany(t *testing.T, form string) {
	t.Helper()
	data := input{form: form}.bytes()
	for i := range 40 {
		out, result := signed(t, data, cmstest.P256, sign.Options{})
		checkPrefix(t, data, out)
		if result.Signatures != i+1 {
			t.Fatalf("round %d: %d signatures", i, result.Signatures)
		}
		data = out
	}
	path := save(t, data)
	checkQPDF(t, path)
	checkPDFSig(t, path, 40)
}

func mustRead(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
