package verify

import "time"

// A proof of existence says that bytes existed at a time: a valid timestamp
// over them. ETSI EN 319 102-1, 5.6.2.3. Document timestamps prove all that
// their range covers; the timestamps of a signature prove that signature.

// proofOf returns the earliest time at which a valid document timestamp behind
// the signature proves it; nil: none. Records are judged newest first, so those
// behind it are judged already.
func (v *verifier) proofOf(r *record) *record {
	var best *record
	for _, d := range v.recs {
		if d.provesTime() && d.covers(r) && (best == nil || d.token.Time.Before(best.token.Time)) {
			best = d
		}
	}
	return best
}

// provesTime tells whether a record is a document timestamp that was judged
// and found good.
func (r *record) provesTime() bool {
	return r.kind == KindTimestamp && r.token != nil && len(r.stamps) == 1 && r.stamps[0].valid
}

// covers tells whether the range of r holds all of s, its gap included.
func (r *record) covers(s *record) bool {
	return r != s && s.rangeSane && r.gapExact && r.rng[0] == 0 && s.rng.end() <= r.rng[1]
}

// controlTime is the time at which a record's own evidence (a token within it,
// its certificate) is judged: the earliest proof of existence, else now.
func (v *verifier) controlTime(r *record) (at time.Time, proven bool) {
	if d := v.proofOf(r); d != nil {
		return d.token.Time, true
	}
	return v.now, false
}
