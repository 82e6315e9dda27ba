package sign_test

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/sign"
)

const corpus = "../../shared/corpus"

// mayRefuse lists the reasons for which a group of the corpus may be refused;
// all other files must be signed.
var mayRefuse = map[string][]string{
	"certified-p1":   {sign.ReasonCertified},
	"damaged":        {sign.ReasonDamaged},
	"encrypted-open": {sign.ReasonPermissions},
	"password":       {sign.ReasonEncrypted},
}

// refusedFiles are sound by their group and refused all the same, with why.
var refusedFiles = map[string]string{
	// The file was rewritten after it was signed, or cut.
	"to-sign/pdfminer/4afa79-pr-00530-ml-lines.pdf":                   sign.ReasonBrokenSignature,
	"to-sign/pdf.js/c7a738-signed_verified.pdf":                       sign.ReasonBrokenSignature,
	"to-sign/pdf.js/7de921-poppler-395-0-fuzzed.pdf":                  sign.ReasonBrokenSignature,
	"to-sign/verapdf/5a82c4-veraPDF_test_suite_6-1-12-t02-pass-a.pdf": sign.ReasonBrokenSignature,
	"to-sign/verapdf/702f14-veraPDF_test_suite_6-1-12-t02-fail-b.pdf": sign.ReasonBrokenSignature,
	"to-sign/verapdf/f29289-veraPDF_test_suite_6-1-12-t02-fail-a.pdf": sign.ReasonBrokenSignature,
	// Certified with P=1, and encrypted too.
	"to-sign/qpdf/9f8261-minimal-signed-restricted.pdf": sign.ReasonCertified,
	"to-sign/qpdf/8eb250-form-bad-fields-array.pdf":     sign.ReasonDamaged, // /Fields is a name
	opensHere: sign.ReasonPermissions,
}

// opensHere is in the group of files that need a password since qpdf, which
// sorted them, takes its short key another way than Acrobat.
const opensHere = "to-sign/pdf.js/c82df3-issue19484_1.pdf"

func TestCorpusToSign(t *testing.T) {
	list, err := os.Open(filepath.Join(corpus, "to-sign.tsv"))
	if errors.Is(err, fs.ErrNotExist) {
		return // the corpus is no part of the repository
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = list.Close() }()
	signedFiles, all := 0, 0
	for lines := bufio.NewScanner(list); lines.Scan(); {
		file, group, ok := strings.Cut(lines.Text(), "\t")
		if !ok || file == "file" {
			continue
		}
		all++
		t.Run(file, func(t *testing.T) {
			if signCorpusFile(t, file, group) {
				signedFiles++
			}
		})
	}
	t.Logf("%d of %d files signed", signedFiles, all)
	if all == 0 {
		t.Error("the list of the corpus is empty")
	}
}

func signCorpusFile(t *testing.T, file, group string) bool {
	t.Helper()
	path := filepath.Join(corpus, file)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	key, cert := signer(cmstest.P256)
	out, result, err := trySign(t, data, key, sign.Options{Certificate: cert, Now: now})
	var refused *sign.RefusedError
	switch {
	case errors.As(err, &refused):
		if !strings.Contains(strings.Join(mayRefuse[group], " "), refused.Reason) && refusedFiles[file] != refused.Reason {
			t.Errorf("group %s refused: %v", group, err)
		}
		if key.asked.Load() != 0 {
			t.Error("the key was asked")
		}
		return false
	case err != nil:
		t.Errorf("group %s: %v", group, err)
		return false
	case group == "certified-p1" || group == "password" && file != opensHere:
		t.Errorf("group %s was signed", group)
	}
	checkPrefix(t, data, out)
	signedPath := save(t, out)
	compareQPDF(t, path, signedPath)
	text, _ := command(t, "pdfsig", "-nocert", signedPath)
	if !strings.Contains(text, "Signature is Valid.") || !strings.Contains(text, "Total document signed") {
		t.Errorf("group %s, %d signatures, pdfsig:\n%s", group, result.Signatures, text)
	}
	return true
}

// compareQPDF wants no complaint that the input did not have.
func compareQPDF(t *testing.T, before, after string) {
	t.Helper()
	_, errBefore := command(t, "qpdf", "--check", before)
	out, errAfter := command(t, "qpdf", "--check", after)
	if exitCode(errAfter) > exitCode(errBefore) {
		t.Errorf("qpdf --check: %v, of the input %v\n%s", errAfter, errBefore, out)
	}
}

func exitCode(err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return 0
}
