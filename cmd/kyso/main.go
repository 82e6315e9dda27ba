// Command kyso signs PDF documents with a USB token and verifies signatures.
package main

import (
	"context"
	"os"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], standardStreams()))
}
