//go:build unix && !cgo

package main

// tokenBatch needs cgo, as tokens do.
func (b *bench) tokenBatch() error { return nil }
