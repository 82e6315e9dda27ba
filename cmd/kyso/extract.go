package main

import (
	"context"
	"io"
	"os"
	"path/filepath"

	"github.com/kyso-vn/kyso/internal/atomicfile"
	"github.com/kyso-vn/kyso/verify"
)

// extractSink writes signed revisions, CMS containers and certificates into a
// folder for each file, which has the name of the file.
type extractSink struct {
	a     *app
	dir   string
	force bool
}

func (s *extractSink) file(ctx context.Context, res *verifyResult) error {
	if res.err != nil || len(res.report.Signatures) == 0 {
		return nil
	}
	dir := filepath.Join(s.dir, res.folder)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return atFile(dir, err)
	}
	err := verify.Extract(ctx, res.in.r, res.report, func(name string) (io.WriteCloser, error) {
		f, err := atomicfile.Create(filepath.Join(dir, name), atomicfile.Options{Force: s.force})
		if err != nil {
			return nil, err
		}
		return &committed{f}, nil
	})
	return atFile(dir, err)
}

func (s *extractSink) close() error { return nil }

// committed gets its name when it is closed; Abort leaves nothing.
type committed struct{ *atomicfile.File }

func (c *committed) Close() error { return c.Commit() }
