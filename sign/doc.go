// Package sign makes PAdES signatures and document timestamps.
//
// The common call is
//
//	p, err := sign.Prepare(ctx, in, size, sign.Options{Certificate: cert})
//	result, err := p.Finish(ctx, key, out)
//
// Prepare reads the document, refuses what may not be signed, and builds the
// whole update but the signature: nothing is written and no key is needed.
// Finish copies and hashes the document in one pass, asks the key exactly
// once, timestamps, and reads back what it wrote. Extend and Timestamp add
// document timestamps and validation data to a signed file.
//
// The old bytes are always the exact prefix of the output. The package does
// not judge earlier signatures (package verify does) and does not name or sync
// files (internal/atomicfile does). A Prepared is for one goroutine; different
// ones are independent.
package sign
