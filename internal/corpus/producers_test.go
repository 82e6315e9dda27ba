package corpus

import (
	"encoding/pem"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/testgen"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// kind is a way in which another program signs. testdata/signed/README.md says
// how each file was made.
type kind struct {
	name    string
	subs    string // the /SubFilter of each signature
	verdict string // of the file as it is, on the day of the fixtures, or one of these
	make    func(w *workshop) string
	// pdfsig and mutool count the signatures that those call valid: those of
	// Debian 12 have no verdict on adbe.x509.rsa_sha1 and on timestamps of the
	// document.
	pdfsig, mutool int
	noForm         bool // it is not the contract, with its fields
}

const (
	pkcs7 = "adbe.pkcs7.detached"
	cades = "ETSI.CAdES.detached"
)

var kinds = []kind{
	{name: "acrobat-approval", subs: pkcs7, verdict: "valid", pdfsig: 1, mutool: 1},
	{name: "acrobat-certified", subs: pkcs7 + " " + pkcs7, verdict: "valid_changed", pdfsig: 2, mutool: 2},
	{name: "acrobat-saved", subs: pkcs7, verdict: "valid", pdfsig: 1, mutool: 1},
	{name: "foxit-approval", subs: pkcs7, verdict: "valid", pdfsig: 1, mutool: 1},
	{name: "foxit-cades", subs: cades, verdict: "valid", pdfsig: 1, mutool: 1},
	{name: "itext2-x509", subs: "adbe.x509.rsa_sha1", verdict: "indeterminate"}, // SHA-1
	{name: "itext5-approval", subs: pkcs7, verdict: "valid", pdfsig: 1, mutool: 1},
	{name: "itext5-archive", subs: cades + " ETSI.RFC3161", verdict: "valid_changed", pdfsig: 1, mutool: 1},
	{name: "itext7-cades", subs: cades, verdict: "valid", pdfsig: 1, mutool: 1},
	{name: "itext7-certified", subs: cades, verdict: "valid", pdfsig: 1, mutool: 1},
	{name: "libreoffice-cades", subs: cades, verdict: "valid", pdfsig: 1, mutool: 1},
	{name: "pdfbox1-approval", subs: pkcs7, verdict: "valid", pdfsig: 1, mutool: 1},
	{name: "pdfbox2-approval", subs: pkcs7, verdict: "valid", pdfsig: 1, mutool: 1},
	{name: "pdfbox2-certified", subs: pkcs7, verdict: "valid", pdfsig: 1, mutool: 1},
	{name: "libreoffice-export", subs: pkcs7, verdict: "valid", make: (*workshop).libreOffice, pdfsig: 1, mutool: 1, noForm: true},
	{name: "mupdf", subs: pkcs7, verdict: "valid indeterminate", // SHA-1 in Debian 12
		make: (*workshop).mupdf, pdfsig: 1, mutool: 1},
	{name: "poppler", subs: pkcs7, verdict: "valid", make: (*workshop).poppler, pdfsig: 1, mutool: 1},
	{name: "poppler-new-field", subs: pkcs7, verdict: "valid", make: (*workshop).popplerNewField, pdfsig: 1, mutool: 1},
}

// TestProducers gives files that other programs signed to kyso: it finds their
// signatures intact and what was done since permitted, adds its own, invisible,
// visible and in the empty field, and everybody still calls all of them valid.
func TestProducers(t *testing.T) {
	r := newRig(t)
	w := newWorkshop(t)
	r.trust("fixtures.pem", testgen.Root().Certificate.Raw)
	clock := testpki.NewTSA(testgen.Root(), testpki.P256)
	clock.Now = time.Now // the program's
	tsa := httptest.NewServer(clock)
	defer tsa.Close()
	list := testgen.Root().NewCRL()
	list.ThisUpdate, list.NextUpdate = time.Now().Add(-time.Hour), time.Now().AddDate(0, 0, 7)
	crl := w.write("root.crl", list.Sign())
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			r.t, w.t = t, t
			f := &file{name: k.name, at: filepath.Join("..", "..", "testdata", "signed", k.name+".pdf")}
			var day []string
			if k.make != nil {
				f.at = k.make(w)
			} else {
				day = []string{"--at", "2026-05-12T16:00:00+07:00"}
			}
			f.before = r.look(f.at, day...)
			k.checkInput(t, f)
			k.checkLater(t, r, f)
			k.checkListed(t, r, f)
			k.checkAdded(t, r, f, "timestamp", "--tsa", tsa.URL)
			k.checkAdded(t, r, f, "extend", "--level", "B-LTA", "--tsa", tsa.URL, "--trust", r.roots, "--crl", crl)
			k.checkSigned(t, r, f, "Signature", "--invisible")
			k.checkSigned(t, r, f, "Signature", "--at", "bottom-right")
			if k.noForm || slices.ContainsFunc(f.before.Signatures, func(s signature) bool { return s.Field == "PlaceB" }) {
				return
			}
			k.checkSigned(t, r, f, "PlaceB", "--field", "PlaceB")
		})
	}
}

// trust adds a root to those of the rig.
func (r *rig) trust(name string, der []byte) {
	r.t.Helper()
	r.roots = filepath.Join(r.dir, name)
	if err := os.WriteFile(r.roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

// look verifies one file.
func (r *rig) look(path string, more ...string) *report {
	r.t.Helper()
	args := append([]string{"verify", "--trust", r.root, "--trust", r.roots}, more...)
	return one(r, lines[report](r, "", append(args, path)...))
}

// checkInput judges the file as its maker left it.
func (k kind) checkInput(t *testing.T, f *file) {
	t.Helper()
	var subs []string
	for i, s := range f.before.Signatures {
		subs = append(subs, s.SubFilter)
		changes := "permitted"
		if i == len(f.before.Signatures)-1 {
			changes = "none"
		}
		if s.Integrity != "intact" || s.ChangesAfter != changes {
			t.Errorf("%s is %s, with changes: %s", s.Field, s.Integrity, s.ChangesAfter)
		}
	}
	if got := strings.Join(subs, " "); got != k.subs || !slices.Contains(strings.Fields(k.verdict), f.before.Verdict) {
		t.Errorf("%s: %s", f.before.Verdict, got)
	}
	k.checkOthers(t, f, f.at, 0)
}

// checkOthers wants that pdfsig and mutool call all signatures valid that they
// did before, and more of ours.
func (k kind) checkOthers(t *testing.T, f *file, name string, ours int) {
	t.Helper()
	poppler, mupdf := others(f, f.at)
	if poppler < k.pdfsig || mupdf < k.mutool {
		t.Errorf("%s: pdfsig calls %d signatures valid, mutool %d", f.at, poppler, mupdf)
	}
	if p, m := others(f, name); p < poppler+ours || m < mupdf+ours {
		t.Errorf("%s: pdfsig calls %d signatures valid, mutool %d; before %d and %d", name, p, m, poppler, mupdf)
	}
}

// others counts the signatures that pdfsig and mutool call valid.
func others(f *file, name string) (poppler, mupdf int) {
	for _, s := range pdfsig(f, name) {
		if s.valid {
			poppler++
		}
	}
	_, said := command("mutool", "sign", "-v", name)
	return poppler, strings.Count(said, "unchanged since signing") + strings.Count(said, "The signature is valid but")
}

// checkLater fills in a field, which every kind permits, and paints over the
// page, which none does. mutool writes both.
func (k kind) checkLater(t *testing.T, r *rig, f *file) {
	t.Helper()
	if !k.noForm {
		// The last of the text fields is "Note".
		filled := r.mutool(f, `var texts = page.getWidgets().filter(function (w) { return w.getFieldType() == 'text'; });
var note = texts[texts.length - 1]; note.setTextValue('Da nhan'); note.update();`)
		if all := k.earlier(t, f, r.look(filled)); all != "permitted" {
			t.Errorf("filled in: %s", all)
		}
	}
	painted := r.mutool(f, `doc.findPage(0).get('Contents').writeStream('1 0 0 rg 0 0 595 842 re f');`)
	if all := k.earlier(t, f, r.look(painted)); all != "forbidden" {
		t.Errorf("painted over: %s", all)
	}
}

// checkListed wants that the signed fields are listed with their signer.
func (k kind) checkListed(t *testing.T, r *rig, f *file) {
	t.Helper()
	type listed struct {
		Fields []struct {
			Name, State string
			SignedBy    struct{ CN string } `json:"signed_by"`
		}
	}
	n := 0
	for _, field := range one(r, lines[listed](r, "", "fields", f.at)).Fields {
		switch {
		case slices.Contains([]string{"signed", "timestamp"}, field.State) && field.SignedBy.CN != "":
			n++
		case field.State != "empty":
			t.Errorf("%s is %s, by %q", field.Name, field.State, field.SignedBy.CN)
		}
	}
	if n != len(f.before.Signatures) {
		t.Errorf("%d fields are listed as signed, of %d", n, len(f.before.Signatures))
	}
}

// checkAdded has the program add what proves a signature for longer, which
// every kind permits.
func (k kind) checkAdded(t *testing.T, r *rig, f *file, how ...string) {
	t.Helper()
	out := one(r, lines[signed](r, "", append(how, "--out-dir", t.TempDir(), f.at)...))
	if out.Error != nil {
		t.Errorf("%s: %+v", how[0], out.Error)
		return
	}
	now := r.look(out.Output)
	if all := k.earlier(t, f, now); all != "permitted" || len(now.Signatures) == len(f.before.Signatures) {
		t.Errorf("%s: %s, %d signatures", how[0], all, len(now.Signatures))
	}
	k.checkOthers(t, f, out.Output, 0)
	before, _ := command("qpdf", "--check", f.at)
	if code, said := command("qpdf", "--check", out.Output); code > before {
		t.Errorf("%s: qpdf --check exits with %d, with %d before\n%s", how[0], code, before, said)
	}
}

// earlier is what a report says of the changes after the signatures of the
// input, which must be intact.
func (k kind) earlier(t *testing.T, f *file, now *report) string {
	t.Helper()
	var all []string
	for _, was := range f.before.Signatures {
		i := slices.IndexFunc(now.Signatures, func(s signature) bool { return s.Field == was.Field })
		if i < 0 || now.Signatures[i].Integrity != "intact" || now.Signatures[i].Coverage != "entire_revision" {
			t.Errorf("signature %s is lost: %+v", was.Field, now.Signatures)
			continue
		}
		all = append(all, now.Signatures[i].ChangesAfter)
	}
	return strings.Join(slices.Compact(all), ", ")
}

// mutool changes a copy of a file by an update and returns its name.
func (r *rig) mutool(f *file, script string) string {
	r.t.Helper()
	name, js := filepath.Join(r.t.TempDir(), "changed.pdf"), filepath.Join(r.t.TempDir(), "run.js")
	script = "var doc = new PDFDocument(scriptArgs[0]); var page = doc.loadPage(0);\n" + script + "\ndoc.save(scriptArgs[0], 'incremental');"
	copyFile(r.t, name, f.at)
	if err := os.WriteFile(js, []byte(script), 0o600); err != nil {
		r.t.Fatal(err)
	}
	code, said := command("mutool", "run", js, name)
	if code != 0 || !r.startsWith(name, f.at) || r.startsWith(f.at, name) {
		r.t.Fatalf("mutool changed nothing, or all: exit %d\n%s", code, said)
	}
	return name
}

func copyFile(t *testing.T, to, from string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// checkSigned adds a signature, in a field whose name begins so.
func (k kind) checkSigned(t *testing.T, r *rig, f *file, field string, how ...string) {
	t.Helper()
	next := &file{name: f.name + " " + strings.Join(how, " "), at: f.at, before: f.before}
	next.first = *one(r, lines[signed](r, "", append(append(r.signArgs(next.name), how...), f.at)...))
	if next.first.Error != nil {
		t.Errorf("%s: %+v", next.name, next.first.Error)
		return
	}
	next.verdict.own = r.look(next.output())
	r.judge(next)
	check(t, next)
	if all := next.verdict.own.Signatures; len(all) != len(f.before.Signatures)+1 || !strings.HasPrefix(all[len(all)-1].Field, field) {
		t.Errorf("%s: %+v", next.name, all)
	}
	if all := k.earlier(t, f, next.verdict.own); all != "permitted" {
		t.Errorf("%s: what came after the earlier signatures: %s", next.name, all)
	}
	k.checkOthers(t, next, next.output(), 1)
	_, text := command("pdftotext", next.output(), "-")
	if seen := strings.Contains(text, "Ký bởi"); seen == slices.Contains(how, "--invisible") {
		t.Errorf("%s: the mark is on the page: %v\n%s", next.name, seen, text)
	}
}
