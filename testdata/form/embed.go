// Package form holds the application form that the demo signs.
package form

import _ "embed"

// PDF is don-de-nghi.pdf; see README.md.
//
//go:embed don-de-nghi.pdf
var PDF []byte
