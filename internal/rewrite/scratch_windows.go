package rewrite

import (
	"errors"
	"os"
)

// scratch makes a temporary file.
func scratch(dir string) (*os.File, error) { return os.CreateTemp(dir, "kyso-rewrite-") }

// discard closes and removes it: Windows removes no open file.
func discard(f *os.File) error { return errors.Join(f.Close(), os.Remove(f.Name())) }
