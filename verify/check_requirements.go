package verify

import (
	"crypto/x509"
	"slices"
	"strings"

	"github.com/kyso-vn/kyso/internal/certpath"
)

// levelOrder ranks the levels.
var levelOrder = []string{LevelNone, LevelBB, LevelBT, LevelBLT, LevelBLTA}

// checkRequirements holds a signature against what the caller asked for, and
// against its own statements about time.
func (v *verifier) checkRequirements(r *record) {
	if r.kind != KindSignature || r.dict == nil {
		return
	}
	if v.o.RequireTimestamp && r.proven.IsZero() {
		r.find(CodeTimestampRequired, "a timestamp is required, and none proves the time of the signature")
	}
	if v.o.RequireLevel != "" && slices.Index(levelOrder, r.level) < slices.Index(levelOrder, v.o.RequireLevel) {
		r.find(CodeLevelRequired, "level %s is required, %s is reached", v.o.RequireLevel, r.level)
	}
	if r.claimed.IsZero() {
		return
	}
	if r.claimed.After(v.now.Add(maxAhead)) {
		r.find(CodeClaimedTimeFuture, "the signature says it was made on %s, in the future", stampText(r.claimed))
	}
	if r.cert != nil && (r.claimed.Before(r.cert.NotBefore) || r.claimed.After(r.cert.NotAfter)) && !r.has(CodeExpired) {
		r.find(CodeClaimedTimeOdd, "the signature says it was made on %s, outside the validity of its certificate", stampText(r.claimed))
	}
}

// checkExpected tells whether the expected signer is among the signers. A
// number that a certificate states is worth what its path is: an untrusted one
// is in doubt for that.
func (v *verifier) checkExpected() {
	if v.o.ExpectSigner == "" {
		return
	}
	want := normalNumber(v.o.ExpectSigner)
	for _, r := range v.recs {
		if r.kind == KindSignature && r.cert != nil && isSigner(r.cert, want) {
			return
		}
	}
	for _, r := range v.recs {
		if r.kind == KindSignature {
			r.find(CodeSignerOther, "%s is expected as signer, and is not", clean(v.o.ExpectSigner))
		}
	}
}

// isSigner compares a number with those of a certificate. Serial numbers are
// compared without leading zeros.
func isSigner(c *x509.Certificate, want string) bool {
	s := signerOf(c)
	for _, n := range []*string{s.MST, s.CCCD} {
		if n != nil && want != "" && normalNumber(*n) == want {
			return true
		}
	}
	serial := strings.TrimLeft(want, "0")
	return want == certpath.Fingerprint(c) || serial != "" && serial == s.Serial
}

// betweenDigits is what people put there.
var betweenDigits = strings.NewReplacer(" ", "", ":", "", "-", "")

// normalNumber leaves out what people put between digits.
func normalNumber(s string) string { return strings.ToLower(betweenDigits.Replace(s)) }
