package cms

// Limits on hostile input; each has its own words in LimitError.
const (
	maxSize         = 16 << 20 // bytes of one ContentInfo
	maxDepth        = 64       // nesting of BER elements
	maxCertificates = 1000     // in one SignedData
	maxRevocation   = 1000     // CRLs and OCSP responses in one SignedData
	maxSignerInfos  = 100      // in one SignedData
	maxAttributes   = 1000     // in one set of attributes, and values in one attribute
	maxAlgorithms   = 1000     // digestAlgorithms
	maxRSABits      = 16384    // of a modulus: a check of a megabit key takes seconds
)
