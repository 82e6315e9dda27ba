package corpus

import (
	"context"
	"crypto/x509"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/testgen"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// workshop has the key of the fixtures in the forms that other programs take.
type workshop struct {
	t                  *testing.T
	dir                string
	contract, p12, nss string
}

const p12Password = "kyso"

func newWorkshop(t *testing.T) *workshop {
	t.Helper()
	w := &workshop{t: t, dir: t.TempDir()}
	contract, err := testgen.Contract()
	if err != nil {
		t.Fatal(err)
	}
	key, cert := testgen.Signer()
	p12, err := testpki.PKCS12(key, cert, []*x509.Certificate{testgen.Root().Certificate}, p12Password)
	if err != nil {
		t.Fatal(err)
	}
	w.contract, w.p12 = w.write("contract.pdf", contract), w.write("key.p12", p12)
	w.nss = "sql:" + w.dir
	w.run(nil, "certutil", "-N", "-d", w.nss, "--empty-password")
	w.run(nil, "pk12util", "-i", w.p12, "-d", w.nss, "-W", p12Password, "-K", "")
	root := w.write("root.der", testgen.Root().Certificate.Raw)
	w.run(nil, "certutil", "-A", "-d", w.nss, "-n", "root", "-t", "C,C,C", "-i", root)
	return w
}

func (w *workshop) write(name string, data []byte) string {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		w.t.Fatal(err)
	}
	return path
}

// run runs a program of Debian; a missing one fails the test.
func (w *workshop) run(env []string, name string, args ...string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.WaitDelay = time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		w.t.Fatalf("%s: %v (make tools)\n%s", name, err, out)
	}
}

// mupdf signs the empty field "PlaceA", by the number of its object.
func (w *workshop) mupdf() string {
	out := filepath.Join(w.dir, "mupdf.pdf")
	w.run(nil, "mutool", "sign", "-s", w.p12, "-P", p12Password, "-o", out, w.contract, testgen.PlaceA)
	return out
}

// poppler signs the field "PlaceA".
func (w *workshop) poppler() string {
	out := filepath.Join(w.dir, "poppler.pdf")
	w.run(nil, "pdfsig", w.contract, out, "-sign", "PlaceA", "-nssdir", w.nss, "-nick", "NGUYỄN VĂN A")
	return out
}

// popplerNewField signs in a field of its own.
func (w *workshop) popplerNewField() string {
	out := filepath.Join(w.dir, "poppler-new-field.pdf")
	w.run(nil, "pdfsig", w.contract, out, "-add-signature", "-nssdir", w.nss, "-nick", "NGUYỄN VĂN A")
	return out
}

// libreOffice signs a document while it exports it, with the certificate that
// NSS knows by this name.
func (w *workshop) libreOffice() string {
	const subject = "UID=MST:0100000000,UID=CCCD:001000000001,CN=NGUYỄN VĂN A,C=VN"
	doc := w.write("export.fodt", []byte(`<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text>
<text:p>Agreement on the delivery of goods</text:p></office:text></office:body></office:document>`))
	w.run([]string{"MOZILLA_CERTIFICATE_FOLDER=" + w.nss, "HOME=" + filepath.Join(w.dir, "home"), "SAL_USE_VCLPLUGIN=svp"},
		"soffice", "-env:UserInstallation=file://"+filepath.Join(w.dir, "profile"), "--headless", "--norestore", "--nolockcheck",
		"--convert-to", `pdf:writer_pdf_Export:{"SignPDF":{"type":"boolean","value":"true"},"SignCertificateSubjectName":{"type":"string","value":"`+subject+`"}}`,
		"--outdir", w.dir, doc)
	return filepath.Join(w.dir, "export.pdf")
}
