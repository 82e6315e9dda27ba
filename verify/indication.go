package verify

import "slices"

// inProcess is the order in which EN 319 102-1, 5.3 to 5.6 come upon failures:
// of several the first decides.
var inProcess = map[Severity][]string{
	Failure: {subFormat, subHash, subCrypto, subConstraints, subNotYetValid, subExpired, subRevoked},
	Doubt: {
		subNoData, subFormat, subNoCertificate, subPolicyMissing, subPolicyError,
		subNoChain, subChainGeneral, subChainConstraints, subNoChainNoPOE,
		subRevokedCANoPOE, subRevokedNoPOE, subOutNotRevoked, subOutNoPOE, subRevocationOut, subTryLater,
		subConstraints, subWeak, subWeakNoPOE, subTimestampOrder, subNoPOE,
	},
}

// indicate computes the indication from the findings: a failure goes before a
// doubt, and of each the earliest in the process. Nothing else decides it.
func indicate(findings []finding) (indication, sub string) {
	worst := rule{severity: Note}
	for _, f := range findings {
		r, ok := rules[f.code]
		if !ok {
			panic("verify: internal error: no rule for " + string(f.code))
		}
		if worse(r, worst) {
			worst = r
		}
	}
	switch worst.severity {
	case Failure:
		return TotalFailed, worst.sub
	case Doubt:
		return IndeterminateResult, worst.sub
	default:
		return TotalPassed, ""
	}
}

func worse(a, b rule) bool {
	if a.severity != b.severity {
		return rank(a.severity) > rank(b.severity)
	}
	order := inProcess[a.severity]
	return slices.Index(order, a.sub) < slices.Index(order, b.sub)
}

func rank(s Severity) int {
	switch s {
	case Failure:
		return 3
	case Doubt:
		return 2
	case Attention:
		return 1
	default:
		return 0
	}
}

// integrity tells from the facts whether the signed bytes are as they were.
func (r *record) integrity() string {
	switch {
	case r.digestOK == no || r.signatureOK == no:
		return Broken
	case !r.rangeSane || !r.gapExact && !r.gapWhite:
		return Unprocessable
	case r.digestOK == yes && r.signatureOK == yes:
		return Intact
	default:
		return Unprocessable
	}
}

// verdict is that of the worst signature. A usage-rights signature says
// nothing of a signer and does not count beside others.
func verdict(sigs []Signature) Verdict {
	if len(sigs) == 0 {
		return Unsigned
	}
	onlyRights := !slices.ContainsFunc(sigs, func(s Signature) bool { return s.Kind != KindUsageRights })
	out := Valid
	for i := range sigs {
		s := &sigs[i]
		if s.Kind == KindUsageRights && !onlyRights {
			continue
		}
		if v := s.verdict(); verdictRank(v) > verdictRank(out) {
			out = v
		}
	}
	if onlyRights && verdictRank(out) < verdictRank(Indeterminate) {
		return Indeterminate // nobody signed the document
	}
	return out
}

func (s *Signature) verdict() Verdict {
	switch s.Indication {
	case TotalPassed:
		if s.ChangesAfter == ChangesPermitted {
			return ValidChanged
		}
		return Valid
	case TotalFailed:
		return Invalid
	default:
		return Indeterminate
	}
}

func verdictRank(v Verdict) int {
	return slices.Index([]Verdict{Valid, ValidChanged, Indeterminate, Invalid}, v)
}
