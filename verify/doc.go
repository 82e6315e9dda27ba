// Package verify judges the signatures of a PDF file.
//
// The common call is
//
//	report, err := verify.Verify(ctx, file, size, verify.Options{Anchors: anchors})
//
// Verify finds every signature and every trace of one, runs the checks in a
// fixed order (one file a check), collects facts in a record, and computes
// indication and verdict from the facts in one place (indication.go, after
// ETSI EN 319 102-1). Nothing that could not be checked is called valid: it
// is named in the reasons.
//
// The package changes nothing, fetches no issuer, and does not tell whether
// the signer had the right to sign.
//
// A verification outcome is data; an error means that we could not look. The
// zero Options trust nobody and use no network. Verify is safe for concurrent
// use as far as the Options' members are.
package verify
