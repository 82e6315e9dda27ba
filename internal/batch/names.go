package batch

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Errors of Below and CheckName.
var (
	// ErrOutside: an output would leave the output folder.
	ErrOutside = errors.New("batch: the name leaves the output folder")
	// ErrName: a name that no file can have on some system.
	ErrName = errors.New("batch: bad file name")
)

// CollisionError: two inputs have one output.
type CollisionError struct {
	Output        string
	First, Second string // the inputs
}

func (e *CollisionError) Error() string {
	return fmt.Sprintf("batch: %q and %q would both become %q", e.First, e.Second, e.Output)
}

// Below joins a folder and a name that must stay below it: relative, with no
// "..", and a name that every system can hold. Errors wrap ErrOutside or
// ErrName.
func Below(dir, name string) (string, error) {
	if err := CheckName(name); err != nil {
		return "", err
	}
	local := filepath.FromSlash(name)
	if !filepath.IsLocal(local) || filepath.Clean(local) == "." {
		return "", fmt.Errorf("%w: %q goes above it or elsewhere", ErrOutside, name)
	}
	return filepath.Join(dir, local), nil
}

// reserved names of Windows, whatever their extension.
var reserved = map[string]bool{"con": true, "prn": true, "aux": true, "nul": true,
	"com1": true, "com2": true, "com3": true, "com4": true, "com5": true, "com6": true, "com7": true, "com8": true, "com9": true,
	"lpt1": true, "lpt2": true, "lpt3": true, "lpt4": true, "lpt5": true, "lpt6": true, "lpt7": true, "lpt8": true, "lpt9": true}

// CheckName refuses a name with control characters, an empty one, and one with
// a part that Windows changes silently or takes for a device (files travel
// between systems). The error wraps ErrName.
func CheckName(name string) error {
	if name == "" {
		return fmt.Errorf("%w: nothing stands there", ErrName)
	}
	for _, r := range name {
		if r < 0x20 || r == 0x7f {
			return fmt.Errorf("%w: %q has a control character", ErrName, name)
		}
	}
	for _, part := range strings.FieldsFunc(name, func(r rune) bool { return r == '/' || r == '\\' }) {
		stem, _, _ := strings.Cut(strings.ToLower(part), ".")
		switch {
		case part == "." || part == "..":
		case strings.HasSuffix(part, ".") || strings.HasSuffix(part, " "):
			return fmt.Errorf("%w: %q ends in a dot or space", ErrName, name)
		case reserved[stem]:
			return fmt.Errorf("%w: %q is a device on Windows", ErrName, name)
		}
	}
	return nil
}

// Collision returns the first two inputs with one output, or nil. Outputs are
// compared as the most forgiving file system does: without case, in NFC.
func Collision(inputs, outputs []string) *CollisionError {
	fold := cases.Fold()
	seen := make(map[string]int, len(outputs))
	for i, out := range outputs {
		key := fold.String(norm.NFC.String(filepath.Clean(out)))
		if j, ok := seen[key]; ok {
			return &CollisionError{Output: out, First: inputs[j], Second: inputs[i]}
		}
		seen[key] = i
	}
	return nil
}
