package i18n_test

import (
	"testing"

	"github.com/kyso-vn/kyso/internal/i18n"
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
