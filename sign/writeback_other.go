//go:build !linux

package sign

import "io"

// writeBack: the disk begins when it likes to.
func writeBack(io.Writer, span) {}
