package main

import (
	"errors"
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
		if got := hasNew(&verify.Report{Signatures: c.found}, &sign.Result{Bytes: 100, Added: c.added, Signatures: 1}); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	for _, added := range []int{1, 2} {
		if hasNew(&verify.Report{Signatures: []verify.Signature{at(100, verify.Intact)}}, &sign.Result{Bytes: 100, Added: added, Signatures: 2}) {
			t.Errorf("an earlier one is gone, %d revisions: taken for good", added)
		}
	}
}

// TestRoomForOneMore: what the self-check could not see is not signed, and the
// key is not asked.
func TestRoomForOneMore(t *testing.T) {
	if err := roomForOneMore(verify.MaxSignatures - 1); err != nil {
		t.Error(err)
	}
	var refused *sign.RefusedError
	if err := roomForOneMore(verify.MaxSignatures); !errors.As(err, &refused) || refused.Reason != sign.ReasonLimit {
		t.Errorf("got %v", err)
	}
}
