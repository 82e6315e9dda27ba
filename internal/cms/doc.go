// Package cms builds and parses CMS SignedData with CAdES attributes
// (RFC 5652, ETSI EN 319 122-1). It knows no PDF and no network.
//
// Sign makes one detached signature; Parse reads anybody's. Digests and
// signatures are always taken over the bytes as received, never over a
// re-encoding. The package says what is there: whether an algorithm, a missing
// attribute or BER is acceptable is the caller's decision, for which the facts
// are fields (NotDER, AttrsUnsorted, HasEContent, Trailing) and typed errors.
//
// It does not build certification paths and does not look at revocation.
// Everything is safe for concurrent use once built, but for Signed.
package cms
