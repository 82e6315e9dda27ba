// Command producers makes, by the programs themselves, the signed files of
// testdata/signed that Debian has the makers of: PDFBox and iText, in Java. It
// is run by `make producers`, not by the tests, which read what it made. What
// the files hold differs a little from run to run (identifiers, some dates).
//
// The test in internal/corpus gives them, and those by hand of testgen, to kyso.
package main

import (
	"bytes"
	"crypto/x509"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/kyso-vn/kyso/internal/testgen"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// made is a file and the program that makes it.
type made struct {
	file    string
	source  string // below java/
	jars    string // beside those of Bouncy Castle
	streams bool   // the contract with cross-reference streams
	args    []string
}

// The arguments "TSA" and "CRL" are replaced.
var all = []made{
	{file: "pdfbox2-approval.pdf", source: "PDFBox2", jars: "pdfbox2 fontbox2 commons-logging", args: []string{"approval"}},
	{file: "pdfbox2-certified.pdf", source: "PDFBox2", jars: "pdfbox2 fontbox2 commons-logging", args: []string{"certified"}},
	{file: "pdfbox1-approval.pdf", source: "PDFBox1", jars: "pdfbox fontbox commons-logging"},
	{file: "itext5-approval.pdf", source: "IText5", jars: "itext5", args: []string{"approval"}},
	{file: "itext5-archive.pdf", source: "IText5", jars: "itext5", streams: true, args: []string{"archive", "TSA", "CRL"}},
}

func main() {
	out := flag.String("o", filepath.Join("testdata", "signed"), "folder of the files")
	java := flag.String("java", filepath.Join("internal", "producers", "java"), "folder of the programs")
	flag.Parse()
	if err := run(*java, *out); err != nil {
		fmt.Fprintln(os.Stderr, "producers:", err)
		os.Exit(1) //nolint:forbidigo // a program of the Makefile
	}
}

func run(java, out string) error {
	dir, err := os.MkdirTemp("", "kyso-producers-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // nothing depends on it
	if err := inputs(dir); err != nil {
		return err
	}
	tsa := httptest.NewServer(testpki.NewTSA(testgen.Root(), testpki.RSA2048))
	defer tsa.Close()
	for _, m := range all {
		in := "contract.pdf"
		if m.streams {
			in = "streams.pdf"
		}
		path := classPath(m.jars)
		if err := tool("javac", "-d", dir, "-cp", path, filepath.Join(java, "Signer.java"), filepath.Join(java, m.source+".java")); err != nil {
			return err
		}
		args := []string{"-cp", dir + ":" + path, m.source, filepath.Join(dir, in), filepath.Join(dir, "key.p12"), filepath.Join(out, m.file)}
		for _, a := range m.args {
			switch a {
			case "TSA":
				a = tsa.URL
			case "CRL":
				a = filepath.Join(dir, "ca.crl")
			}
			args = append(args, a)
		}
		if err := tool("java", args...); err != nil {
			return fmt.Errorf("%s: %w", m.file, err)
		}
	}
	return nil
}

// tool runs a program of Debian.
func tool(name string, args ...string) error {
	if text, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, bytes.TrimSpace(text))
	}
	return nil
}

// classPath names jars where Debian puts them.
func classPath(jars string) string {
	var list []string
	for _, jar := range strings.Fields(jars + " bcprov bcpkix bcutil") {
		list = append(list, filepath.Join("/usr/share/java", jar+".jar"))
	}
	return strings.Join(list, ":")
}

// inputs writes what the programs are given.
func inputs(dir string) error {
	contract, err := testgen.Contract()
	if err != nil {
		return err
	}
	key, cert := testgen.Signer()
	p12, err := testpki.PKCS12(key, cert, []*x509.Certificate{testgen.Root().Certificate}, "kyso")
	if err != nil {
		return err
	}
	for name, data := range map[string][]byte{"contract.pdf": contract, "key.p12": p12, "ca.crl": testgen.Root().CRL()} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			return err
		}
	}
	return tool("qpdf", "--object-streams=generate", "--deterministic-id", filepath.Join(dir, "contract.pdf"), filepath.Join(dir, "streams.pdf"))
}
