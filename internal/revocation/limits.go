package revocation

import "time"

// Bounds of what is read and asked.
const (
	maxOCSP        = 256 << 10 // bytes of a fetched response
	maxGivenOCSP   = 4 << 20   // bytes of a response that is given
	maxCertificate = 64 << 10  // bytes of fetched certificates
	maxCRL         = 64 << 20  // bytes of a fetched CRL, and of a cached one
	maxSingles     = 1000      // single responses in one OCSP response
	maxEmbedded    = 32        // certificates in one OCSP response
	maxCandidates  = 64        // OCSP responses, or CRLs, that are verified for one question
	maxSigners     = 8         // certificates tried for one signature
	maxPoints      = 64        // distribution points of one certificate or CRL
	maxNames       = 64        // names in one distribution point
	maxExtensions  = 64        // extensions of a CRL, an entry or a response
	maxDepth       = 4         // signers whose own status needs another signer
	maxAddresses   = 3         // OCSP, CRL or certificate addresses tried for one question
	maxIssuers     = 4         // missing certificates of CAs, one above the other, that are fetched for one path
	maxProblems    = 16        // in one status

	defaultMaxAge    = 7 * 24 * time.Hour
	defaultTolerance = 5 * time.Minute
)
