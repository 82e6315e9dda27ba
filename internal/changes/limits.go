package changes

import "github.com/kyso-vn/kyso/internal/pdf"

// LimitSteps is the name of the limit of values looked at in all walks of one
// comparison.
const LimitSteps = "LIMIT_CHANGES_STEPS"

const (
	maxSteps       = 20_000_000
	maxWork        = 20_000_000 // values compared in all revisions
	maxNodes       = 3_000_000  // objects reached
	maxKeys        = 1 << 15    // names of entries that reports tell
	maxPageScan    = 2_000      // siblings looked at for the number of a page
	maxLoose       = 10_000     // objects of the signed revision that are not whole
	maxDeep        = 200_000    // values of objects that moved, compared at once
	maxRebuilt     = 200        // signed revisions searched for hidden objects
	maxWalks       = 3          // full walks of later revisions
	maxOwners      = 64         // annotations that share one appearance or value
	maxChanges     = 2_000      // listed in a result, besides the first forbidden ones
	maxWarnings    = 1_000
	maxValueText   = 200       // runes of a value in a report
	maxParents     = 64        // fields above a field
	maxXMP         = 16 << 20  // bytes of an XMP packet, decoded
	maxContent     = 8 << 20   // bytes of a content stream, decoded, that are looked into
	maxContentOps  = 400_000   // operators of it
	maxFormDepth   = 6         // form XObjects within each other
	maxBoxes       = 20_000    // places where a page draws
	maxAllContent  = 128 << 20 // bytes of all content, decoded, when names in it are looked for
	maxStored      = 5_000     // fields whose stored appearances are read at once
	maxFonts       = 2_000     // of one page
	maxCIDs        = 1 << 16   // characters of one font
	maxTrailing    = 1 << 20   // bytes after the last revision that may be comments
	maxObjStm      = 256 << 20 // bytes of one object stream, decoded
	maxObjStmIndex = 1 << 20   // objects of one object stream
)

func limitErr(name string, n int64) error { return &pdf.LimitError{Name: name, Limit: n} }
