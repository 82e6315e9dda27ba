package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/testpki"
)

// activePDF is a document that asks for everything a reader could do on its
// own: scripts, addresses, other files, external streams, XML with entities.
// canary is a file, url an address.
func activePDF(canary, url string) []byte {
	file := fmt.Sprintf("<</Type/Filespec/F(%s)/UF(%s)>>", canary, canary)
	link := fmt.Sprintf("<</FS/URL/F(%s)>>", url)
	xml := fmt.Sprintf(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file://%s"><!ENTITY b SYSTEM "%s">`+
		`<!ENTITY l "lol"><!ENTITY l2 "&l;&l;&l;&l;&l;&l;&l;&l;&l;&l;">]><x>&a;&b;&l2;</x>`, canary, url)
	stream := func(dict, body string) string {
		return fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", dict, len(body), body)
	}
	actions := []string{
		"<</S/JavaScript/JS(app.launchURL\\('" + url + "'\\))>>", "<</S/URI/URI(" + url + ")>>",
		"<</S/GoToR/F" + file + "/D[0/Fit]>>", "<</S/GoToE/F" + file + "/D[0/Fit]>>", "<</S/Launch/F" + file + ">>",
		"<</S/SubmitForm/F" + link + "/Flags 4>>", "<</S/ImportData/F" + file + ">>", "<</S/Thread/F" + file + "/D 0>>",
	}
	chain := ""
	for i := len(actions) - 1; i >= 0; i-- {
		chain = strings.TrimSuffix(actions[i], ">>") + chain + ">>"
		if i > 0 {
			chain = "/Next " + chain
		}
	}
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R/OpenAction 5 0 R/AA<</WC 5 0 R/WS 5 0 R/DS 5 0 R/WP 5 0 R/DP 5 0 R>>/Names<</JavaScript<</Names[(a) 5 0 R]>>" +
			"/EmbeddedFiles<</Names[(b) " + file + "]>>>>/URI<</Base(" + url + ")>>/Metadata 6 0 R/AcroForm<</Fields[9 0 R]/XFA 7 0 R>>/AF[" + file + "]>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents[4 0 R 8 0 R]/AA<</O 5 0 R/C 5 0 R>>/Annots[9 0 R 10 0 R 11 0 R]" +
			"/Resources<</XObject<</X 8 0 R/R 12 0 R>>>>>>",
		stream("", "/X Do /R Do"),
		chain,
		stream("/Type/Metadata/Subtype/XML", xml),
		stream("", xml),
		stream("/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/F"+file+"/FFilter/FlateDecode", "x"),
		"<</Type/Annot/Subtype/Widget/FT/Tx/T(t)/Rect[0 0 50 50]/A 5 0 R/AA<</F 5 0 R/K 5 0 R/V 5 0 R>>>>",
		"<</Type/Annot/Subtype/Link/Rect[0 0 50 50]/A 5 0 R>>",
		"<</Type/Annot/Subtype/Screen/Rect[0 0 50 50]/A<</S/Rendition/R<</S/MR/C<</S/MCD/CT(video/mp4)/D" + link + ">>>>>>>>",
		"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Ref<</F" + file + "/Page 0>>/Length 0>>stream\n\nendstream",
	}
	var b strings.Builder
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	var offsets []int
	for i, o := range objects {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	at := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, at)
	return []byte(b.String())
}

// N17, Z30: verify runs no script, follows no address and opens no file that a
// document names, whatever it asks; signing, its preview and the other commands
// do not either.
func TestN17NothingIsFollowed(t *testing.T) {
	if inNamespace(t, "--net") {
		return
	}
	loopback(t)
	r := newDesk(t, 1)
	canary := filepath.Join(r.dir, "canary.pdf")
	writeFile(t, canary, activePDF("x", "y"))
	writeFile(t, "active.pdf", activePDF(canary, "http://127.0.0.1:80/canary"))
	key := []string{"--key", "key.pem", "--cert-file", "cert.pem"}
	for _, args := range [][]string{
		append([]string{"sign", "active.pdf", "-o", "signed.pdf", "--rect", "60,60,200,120"}, key...),
		append([]string{"sign", "active.pdf", "-o", "other.pdf", "--at", "auto", "--preview", "look.png"}, key...),
		append([]string{"sign", "active.pdf", "--dry-run", "--rect", "60,60,200,120"}, key...),
		{"verify", "signed.pdf", "--trust", "root.pem", "--ignore-revocation"},
		{"verify", "signed.pdf", "--trust", "root.pem", "--ignore-revocation", "--online", "--extract", "parts"},
		{"fields", "signed.pdf"}, {"doctor", "signed.pdf", "--module", testpki.SoftHSMModule(t)},
	} {
		got, log := r.traced(r.kyso(args...), "-e", "trace=%network,openat,open,execve,stat,newfstatat,readlink,readlinkat")
		if got.code != 0 && args[0] != "doctor" {
			t.Errorf("%v: exit %d\n%s", args, got.code, got.err)
		}
		if calls := inet(log); len(calls) > 0 {
			t.Errorf("%v: %s", args, strings.Join(calls, "\n"))
		}
		if m := regexp.MustCompile(`(?m)^.*"[^"]*canary[^"]*".*$`).FindString(log); m != "" {
			t.Errorf("%v: %s", args, m)
		}
		for _, m := range regexp.MustCompile(`(?m)^[0-9]+ +execve\("([^"]*)"`).FindAllStringSubmatch(log, -1) {
			if filepath.Base(m[1]) != "kyso" && m[1] != "/proc/self/exe" {
				t.Errorf("%v runs %s", args, m[1])
			}
		}
	}
	r.validAll([]string{"signed.pdf"})
	r.onlyInputIsRead()
}

// onlyInputIsRead wants that verify opens, of all that is a user's, its input,
// the anchors, and its own folders.
func (r *rig) onlyInputIsRead() {
	r.t.Helper()
	_, log := r.traced(r.kyso("verify", "signed.pdf", "--trust", "root.pem", "--ignore-revocation"), "-e", "trace=openat,open")
	allowed := regexp.MustCompile(`^(signed\.pdf|root\.pem|/proc/|/sys/|/dev/null|/etc/(ld\.so|localtime|ssl/|nsswitch|mime)|/lib|/usr/(lib|share/(zoneinfo|lib/zoneinfo))|` +
		regexp.QuoteMeta(filepath.Dir(r.dir)) + `/(config|cache)(/|$))`)
	for _, m := range regexp.MustCompile(`(?m)open(?:at)?\((?:AT_FDCWD, )?"([^"]*)"`).FindAllStringSubmatch(log, -1) {
		if !allowed.MatchString(m[1]) {
			r.t.Errorf("verify opens %s", m[1])
		}
	}
}
