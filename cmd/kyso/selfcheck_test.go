package main

import (
	"testing"

	"github.com/kyso-vn/kyso/sign"
	"github.com/kyso-vn/kyso/verify"
)

// TestHasNew: the self-check wants the very signature that was made, not just
// that all are intact which were found.
func TestHasNew(t *testing.T) {
	at := func(end int64, integrity string) verify.Signature {
		return verify.Signature{ByteRange: []int64{0, 10, 20, end - 20}, Integrity: integrity}
	}
	for name, c := range map[string]struct {
		found []verify.Signature
		added int
		want  bool
	}{
		"none":               {nil, 1, false},
		"the new one":        {[]verify.Signature{at(50, verify.Intact), at(100, verify.Intact)}, 1, true},
		"only an older one":  {[]verify.Signature{at(50, verify.Intact)}, 1, false},
		"the new one broken": {[]verify.Signature{at(100, verify.Broken)}, 1, false},
		"without a range":    {[]verify.Signature{{Integrity: verify.Intact}}, 1, false},
		"more behind it":     {[]verify.Signature{at(50, verify.Intact)}, 2, true},
	} {
		if got := hasNew(&verify.Report{Signatures: c.found}, &sign.Result{Bytes: 100, Added: c.added}); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
