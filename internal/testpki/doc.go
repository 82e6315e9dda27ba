// Package testpki makes certificates and servers with a fixed clock for tests
// and for the demo: CA, signer, TSA, OCSP responder, CRL server. Nothing in it
// expires. A server is an http.Handler: Transport serves it in this process,
// httptest.NewServer on a loopback address, Hosts puts several behind names.
package testpki

import "time"

// Now is the fixed clock of all test data: 2026-05-12 08:35:12 UTC.
func Now() time.Time { return time.Date(2026, 5, 12, 8, 35, 12, 0, time.UTC) }
