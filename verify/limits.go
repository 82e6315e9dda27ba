package verify

// MaxSignatures of one file are judged: LIMIT_SIGNATURES. One signature more
// could not be checked.
const MaxSignatures = 1000

// Limits on hostile input. Past one, the outcome is never valid; the reason
// is LIMIT_<NAME>. Those of hashing stand in internal/byterange.
const (
	maxRevisions    = 20_000    // of one file
	maxContents     = 16 << 20  // bytes of one decoded /Contents
	maxCertificates = 1000      // of one file, all sources
	maxRevocation   = 2000      // pieces of revocation data of one file
	maxPathChecks   = 1000      // signature checks of one path
	maxUnlisted     = 20_000    // pages and annotations looked at for fields that the form does not list
	maxFieldVisits  = 2_000_000 // fields looked at in signed revisions
	maxTimestamps   = 16        // tokens of one kind in one signature
	maxGapWhite     = 64 << 10  // white space tolerated after a revision's end
	maxChanges      = 1000      // differences listed for one signature
	maxPairs        = 5000      // signatures times revisions that are compared anew under other permissions
)
