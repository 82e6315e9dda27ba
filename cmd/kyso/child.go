package main

import (
	"context"

	"github.com/kyso-vn/kyso/internal/rewrite"
	"github.com/kyso-vn/kyso/token"
)

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
	case rewrite.ChildArg:
		_ = token.Harden() // the password of the document comes through here
		if err := rewrite.Child(ctx, s.in, s.out); err != nil {
			return exitFailed, true
		}
		return exitOK, true
	}
	return 0, false
}
