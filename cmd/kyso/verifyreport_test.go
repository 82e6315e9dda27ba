package main

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/testdata/form"
)

// policy is the content security policy of a report, and its style.
var (
	policyOf = regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]*)"`)
	styleOf  = regexp.MustCompile(`(?s)<style>(.*?)</style>`)
	leadsOut = regexp.MustCompile(`(?i)<(script|link|iframe|object|embed|base|form)\b|\b(href|action|srcset|on[a-z]+|style)\s*=|src="[^d]|https?:|@import|url\(`)
)

// selfContained fails where a page needs or runs anything but itself.
func selfContained(t *testing.T, page string) {
	t.Helper()
	if m := leadsOut.FindString(page); m != "" {
		t.Errorf("the page has %q", m)
	}
	policy, style := policyOf.FindStringSubmatch(page), styleOf.FindStringSubmatch(page)
	if policy == nil || style == nil {
		t.Fatal("no policy, or no style")
	}
	sum := sha256.Sum256([]byte(style[1]))
	want := "style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	if !strings.HasPrefix(policy[1], "default-src 'none'; ") || !strings.Contains(strings.ReplaceAll(policy[1], "&#43;", "+"), want) {
		t.Errorf("the policy %q does not fit the style: want %s", policy[1], want)
	}
	if !strings.Contains(style[1], "@media print") || !strings.Contains(style[1], "@page") {
		t.Error("nothing for printing")
	}
}

// TestVerifyReportHTML: one page with verdict, what to do, signers, times,
// changes and pictures, in the user's language.
func TestVerifyReportHTML(t *testing.T) {
	withPDFium(t)
	all := verifyCases(t)
	for _, name := range []string{"forbidden", "permitted", "valid", "unsigned", "unreadable"} {
		writeFile(t, name+".pdf", caseOf(t, all, name).data)
	}
	day := all[0].now
	for _, l := range i18n.Langs() {
		m := i18n.For(l)
		callAt(t, day, "verify", "forbidden.pdf", "permitted.pdf", "valid.pdf", "unsigned.pdf", "unreadable.pdf", "nowhere.pdf",
			"--trust", "root.pem", "--ignore-revocation", "--report", "r.html", "--force", "--lang", l.String()).want(t, 4)
		page := string(readFile(t, "r.html"))
		selfContained(t, page)
		for _, want := range []string{`<html lang="` + l.String() + `">`, m.Verify.Report.Title, "forbidden.pdf", m.Verify.Advice["invalid"],
			"NGUYỄN VĂN A", "TRẦN THỊ B", m.Verify.Integrity, m.Verify.ValidAtTime, "999999", m.Verify.Report.Pictures,
			fmt.Sprintf(m.Verify.Report.Signed, 1, 1), fmt.Sprintf(m.Verify.Report.FirstPage, 1), fmt.Sprintf(m.Verify.Adobe, "Kyso Test Root"), "nowhere.pdf"} {
			if !strings.Contains(page, want) {
				t.Errorf("%v: no %q", l, want)
			}
		}
		// Two pictures for each of two files that changed, one for the valid
		// one; none of what is unsigned.
		if n := strings.Count(page, `src="data:image/png;base64,`); n != 5 {
			t.Errorf("%v: %d pictures", l, n)
		}
		if strings.Index(page, `class="summary"`) > strings.Index(page, "<article>") {
			t.Error("the sum stands behind the files")
		}
	}
}

// TestVerifyReportEscapes: names of files and people are text, whatever they
// look like.
func TestVerifyReportEscapes(t *testing.T) {
	withPDFium(t)
	w := newWorld(t)
	key := testpki.Key(testpki.P256, "evil")
	cert := w.root.Issue(testpki.Leaf{CN: `<script>alert("x")</script>`, Email: `"onload=x@example.vn`, Key: key.Public()})
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	writePEM(t, "evil.key", "PRIVATE KEY", der)
	writePEM(t, "evil.crt", "CERTIFICATE", cert.Raw)
	name := `<img src=x onerror=alert(1)>"'&.pdf`
	writeFile(t, "in.pdf", form.PDF)
	callAt(t, signingDay(), "sign", "in.pdf", "-o", name, "--key", "evil.key", "--cert-file", "evil.crt", "--invisible", "--reason", "</table><script>").want(t, 0)
	callAt(t, signingDay(), "verify", name, "--trust", "root.pem", "--report", "r.html").want(t, 0)
	page := string(readFile(t, "r.html"))
	for _, bad := range []string{"<script", "<img src=x", `"onload`} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	for _, want := range []string{"&lt;script&gt;alert(&#34;x&#34;)", "&lt;img src=x onerror=alert(1)&gt;"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q", want)
		}
	}
}

// TestVerifyReportTables: the same as rows and as a list.
func TestVerifyReportTables(t *testing.T) {
	home(t)
	c := caseOf(t, verifyCases(t), "permitted")
	writeFile(t, "a.pdf", c.data)
	args := append([]string{"verify", "a.pdf", "nowhere.pdf"}, c.args...)
	callAt(t, c.now, append(args, "--report", "r.csv")...).want(t, 1)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(readFile(t, "r.csv")), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%v %v", rows, err)
	}
	if got := strings.Join(rows[1], "|"); !strings.HasPrefix(got, "a.pdf|") || !strings.Contains(got, "|NGUYỄN VĂN A, TRẦN THỊ B|2026-05-12T08:35:12Z|valid_changed|0|") {
		t.Errorf("%s", got)
	}
	if rows[2][0] != "nowhere.pdf" || rows[2][7] != "1" || !strings.HasPrefix(rows[2][9], "not_found: ") {
		t.Errorf("%q", rows[2])
	}
	callAt(t, c.now, append(args, "--report", "r.json")...).want(t, 1)
	var list []map[string]any
	if err := json.Unmarshal(readFile(t, "r.json"), &list); err != nil || len(list) != 2 {
		t.Fatalf("%v %v", list, err)
	}
	for _, o := range list {
		if err := fitsSchema(o); err != nil {
			t.Error(err)
		}
	}
	if list[0]["verdict"] != "valid_changed" || list[1]["exit"] != 1.0 {
		t.Errorf("%v", list)
	}
}

// TestVerifyReportIsWholeOrNot: a name of no known kind is refused, nothing is
// overwritten, and a run that ends early leaves no report.
func TestVerifyReportIsWholeOrNot(t *testing.T) {
	withPDFium(t)
	c := caseOf(t, verifyCases(t), "forbidden")
	writeFile(t, "a.pdf", c.data)
	callAt(t, c.now, "verify", "a.pdf", "--report", "r.txt").want(t, 2)
	for _, name := range []string{"r.html", "r.json", "r.csv"} {
		writeFile(t, name, []byte("mine"))
		callAt(t, c.now, "verify", "a.pdf", "--trust", "root.pem", "--report", name).want(t, 1)
		if string(readFile(t, name)) != "mine" {
			t.Errorf("%s was overwritten", name)
		}
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
		// The folder of --extract is a file: the run ends at the first file.
		writeFile(t, "parts", nil)
		callAt(t, c.now, "verify", "a.pdf", "--trust", "root.pem", "--report", name, "--extract", "parts").want(t, 1)
		if got := names(t); strings.Contains(got, "r.") || strings.Contains(got, ".kyso-") {
			t.Errorf("%s: left %s", name, got)
		}
	}
}
