package batch

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrFolder: an argument is a folder and Recursive is not set.
var ErrFolder = errors.New("batch: is a folder")

// WalkOptions for Walk.
type WalkOptions struct {
	Recursive bool
	// Take tells whether a file found in a folder belongs to the run; nil: all
	// with the extension .pdf. Files named by the user always do.
	Take func(name string) bool
	// Passed is told of each file found in a folder that Take does not; nil:
	// nobody is.
	Passed func(path string)
}

// Item is one file of the run.
type Item struct {
	Path string // as the user would name it
	// Under is the path below the folder that the user named, with slashes;
	// only the name of the file when the file itself was named.
	Under string
}

// Walk returns the files that the arguments mean, in order, each folder in the
// order of its names. Hidden files and folders, symbolic links found inside a
// folder, and what is no regular file are passed over there. "-" stays as it
// is. Errors wrap ErrFolder or are those of reading; a file that does not exist
// is not looked at here, so that it gets a result of its own.
func Walk(args []string, o WalkOptions) ([]Item, error) {
	take := o.Take
	if take == nil {
		take = IsPDF
	}
	var items []Item
	for _, arg := range args {
		info, err := os.Stat(arg)
		if arg == "-" || err != nil || !info.IsDir() {
			items = append(items, Item{Path: arg, Under: filepath.Base(arg)})
			continue
		}
		if !o.Recursive {
			return nil, fmt.Errorf("%s: %w", arg, ErrFolder)
		}
		found, err := folder(arg, take, o.Passed)
		if err != nil {
			return nil, err
		}
		items = append(items, found...)
	}
	return items, nil
}

// IsPDF tells whether a name ends in .pdf, in any case.
func IsPDF(name string) bool { return strings.EqualFold(filepath.Ext(name), ".pdf") }

func folder(root string, take func(string) bool, passed func(string)) ([]Item, error) {
	var items []Item
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("read folder: %w", err)
		}
		if path != root && strings.HasPrefix(d.Name(), ".") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() {
			return nil
		}
		if !take(d.Name()) {
			if passed != nil {
				passed(path)
			}
			return nil
		}
		under, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		items = append(items, Item{Path: path, Under: filepath.ToSlash(under)})
		return nil
	})
	return items, err
}
