//go:build !unix

// Command bench measures what docs/architecture.md promises on cost. It calls
// programs that only unix systems have.
package main

import (
	"fmt"
	"os"
)

func main() { fmt.Fprintln(os.Stderr, "bench: for unix systems only") }
