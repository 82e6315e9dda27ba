//go:build unix

package rewrite

import (
	"errors"
	"os"
)

// scratch makes a file without a name, which goes with the process.
func scratch(dir string) (*os.File, error) {
	f, err := os.CreateTemp(dir, "kyso-rewrite-")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func discard(f *os.File) error { return f.Close() }
