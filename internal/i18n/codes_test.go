package i18n_test

import (
	"testing"

	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/internal/inspect"
	"github.com/kyso-vn/kyso/verify"
)

// TestCodesOfVerify: each reason has a sentence in each language, and no
// sentence is left without its reason.
func TestCodesOfVerify(t *testing.T) {
	codes := verify.Codes()
	for _, l := range []i18n.Lang{i18n.Vietnamese, i18n.English} {
		texts := i18n.For(l).Verify.Codes
		for code := range codes {
			if texts[string(code)] == "" {
				t.Errorf("%v: no text for %s", l, code)
			}
		}
		for code := range texts {
			if _, ok := codes[verify.Code(code)]; !ok {
				t.Errorf("%v: nothing gives %s", l, code)
			}
		}
	}
}

// TestCodesOfInspect: each finding of a document to sign has a sentence in each
// language, and no sentence is left without its finding.
func TestCodesOfInspect(t *testing.T) {
	for _, l := range []i18n.Lang{i18n.Vietnamese, i18n.English} {
		texts := i18n.For(l).Inspect.Codes
		for _, code := range inspect.Codes() {
			if texts[string(code)] == "" {
				t.Errorf("%v: no text for %s", l, code)
			}
		}
		if len(texts) != len(inspect.Codes()) {
			t.Errorf("%v: %d sentences for %d codes", l, len(texts), len(inspect.Codes()))
		}
	}
}
