package verify

import "slices"

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
