package main

import (
	"context"

	"github.com/kyso-vn/kyso/token"
)

// encryptArg is the hidden first argument of the child that encrypts.
const encryptArg = "__encrypt"

// runChild does the work of a child process of this program, which has a
// hidden first argument; done is false for everybody else. Drivers and pdfcpu
// may crash or hang: then only the child does.
func runChild(ctx context.Context, args []string, s streams) (code int, done bool) {
	if len(args) == 0 {
		return 0, false
	}
	switch args[0] {
	case token.ProbeArg:
		if len(args) != 2 {
			return exitUsage, true
		}
		out, err := token.Probe(ctx, args[1])
		if _, werr := s.out.Write(out); werr != nil || err != nil {
			return exitFailed, true
		}
		return exitOK, true
	case encryptArg:
		return encryptChild(s), true
	}
	return 0, false
}
