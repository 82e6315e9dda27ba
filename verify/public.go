package verify

import (
	"github.com/kyso-vn/kyso/internal/byterange"
	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/fetch"
)

// Types of the options that live inside the module. Their fields and methods
// are as public as these names.
type (
	// Anchor is a certificate that is trusted.
	Anchor = certpath.Anchor
	// Pass takes the digests of a file's ranges in one pass. It is what package
	// sign hands on as Result.Old.
	Pass = byterange.Pass
	// HTTPClient is bounded in time and size; zero fields are the defaults.
	HTTPClient = fetch.Client
)
