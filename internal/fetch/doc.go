// Package fetch is the one bounded HTTP caller of this program: deadline,
// size, address policy, redirects, budget, and an event for every call.
//
// The common call is Client.Do with a Request that names its Policy and its
// MaxBytes. Nothing is retried here; package tsp has its own patience. Nothing
// is cached but idle connections. A Client is safe for concurrent use and must
// not be copied after first use.
package fetch
