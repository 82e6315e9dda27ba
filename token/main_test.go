package token

import (
	"context"
	"os"
	"testing"
)

// TestMain makes the test binary its own child for probing, as kyso is.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == ProbeArg {
		out, _ := Probe(context.Background(), os.Args[2])
		os.Stdout.Write(out)
		os.Exit(0)
	}
	if name := os.Getenv("TOKEN_TEST_CHILD"); name != "" {
		os.Exit(children[name]())
	}
	os.Exit(m.Run())
}

// children are what tests run in a process of its own.
var children = map[string]func() int{}
