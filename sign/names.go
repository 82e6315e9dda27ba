package sign

import (
	"github.com/kyso-vn/kyso/internal/byterange"
	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/revocation"
	"github.com/kyso-vn/kyso/internal/tsp"
)

// Types of the options and results that live inside the module. Their fields
// and methods are as public as these names.
type (
	// Anchor is a certificate that is trusted.
	Anchor = certpath.Anchor
	// Pass takes the digests of a file's ranges in one pass. Package verify goes
	// on with it as its option Begun.
	Pass = byterange.Pass
	// TSA asks one timestamp server: TSA{URL: "http://…"} is enough.
	TSA = tsp.Client
	// TSAPool asks several TSAs in turn, under one rate limit.
	TSAPool = tsp.Pool
	// TimestampToken is a timestamp that was received.
	TimestampToken = tsp.Token
	// HTTPClient is bounded in time and size; zero fields are the defaults.
	HTTPClient = fetch.Client
	// Scheme is a signature scheme; zero: the usual one of the key.
	Scheme = cms.Scheme
	// RevocationSource answers from given data and, with its Fetch set, from
	// OCSP and CRL services.
	RevocationSource = revocation.Source
	// RevocationEvidence is data that decided.
	RevocationEvidence = revocation.Evidence
	// RevocationChecker is what a RevocationSource is.
	RevocationChecker = certpath.RevocationChecker
	// RevocationStatus is one answer.
	RevocationStatus = certpath.RevocationStatus
	// RevocationState is good, revoked or unknown.
	RevocationState = certpath.State
	// Path leads from a certificate to an anchor.
	Path = certpath.Path
)

// Schemes for Options.Scheme.
const (
	PKCS1v15 = cms.PKCS1v15
	PSS      = cms.PSS
	ECDSA    = cms.ECDSA
)
