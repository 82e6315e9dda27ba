package inspect

// What a look may cost. None of it can be reached by an ordinary document but
// a very large one.
const (
	defaultScanBytes    = 256 << 20
	defaultContentBytes = 64 << 20
	maxStreamBytes      = 16 << 20 // one stream, decoded

	// maxPerCode keeps a report to 100 findings, whatever the file holds.
	maxPerCode = 7

	maxObjects  = 300_000 // objects walked, unless Options says
	maxNesting  = 256     // direct objects within each other
	maxPages    = 5_000   // pages whose content is read, unless Options says
	maxAnnots   = 1_000   // annotations of a page whose appearance is read
	maxFields   = 10_000  // text fields whose value is compared
	maxDetail   = 300     // bytes of a detail
	maxQuote    = 60      // characters quoted from the file
	maxHeadLook = 1024    // white space between an offset and the object there

	// Of the interpreter of content streams.
	maxForms   = 12     // form XObjects within each other
	maxStates  = 256    // q within each other
	maxRuns    = 20_000 // text runs of a page
	maxFonts   = 2_000
	maxWidths  = 1 << 20  // of characters, of all fonts
	maxArgs    = 8_192    // operands of an operator
	maxRects   = 1_000    // rectangles of a path
	maxTests   = 40 << 20 // comparisons of a text run with a cover
	formCost   = 256      // bytes that a form counts at least
	cacheBytes = 16 << 20 // decoded forms kept
)
