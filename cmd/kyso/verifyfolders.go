package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/kyso-vn/kyso/internal/atomicfile"
)

// folderNames gives each file of a run a folder of its own below --extract and
// --changes: the name of the file, with a number where several have the same.
type folderNames map[string]bool

func (n folderNames) of(file string) string {
	name := strings.TrimSuffix(base(file), filepath.Ext(file))
	switch {
	case file == stdinName:
		name = "stdin"
	case strings.Trim(name, ". ") == "": // would be this folder or the one above
		name = "file"
	}
	unique := name
	for i := 2; n[strings.ToLower(unique)]; i++ { // some disks know no capitals
		unique = name + "-" + strconv.Itoa(i)
	}
	n[strings.ToLower(unique)] = true
	return unique
}

// writeInto writes a small file whole or not at all into a folder that is made
// where it is missing.
func (a *app) writeInto(dir, name string, force bool, data []byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return atFile(dir, err)
	}
	f, err := atomicfile.Create(name, atomicfile.Options{Force: force})
	if err != nil {
		return atFile(name, err)
	}
	defer f.Abort()
	if _, err := f.Write(data); err != nil {
		return diskError(name, atFile(name, err))
	}
	return diskError(name, atFile(name, f.Commit()))
}
