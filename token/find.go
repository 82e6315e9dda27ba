package token

import (
	_ "embed"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

//go:embed modules.tsv
var moduleData string

// FindOptions for Find. The zero value looks at this machine.
type FindOptions struct {
	// Root is put before each path of the search (tests); "": none.
	Root string
	// GOOS of the search; "": this system.
	GOOS string
	// Getenv; nil: os.Getenv.
	Getenv func(string) string
}

// Found is a module of this machine.
type Found struct {
	Path    string
	Vendor  string // "" when it was found by its name's pattern only
	Source  string // list, p11-kit, csp, scan
	Library Library
	// Err tells why it is not loaded (wrong_arch, refused_path, not_pkcs11);
	// nil: it is.
	Err *ModuleError
}

// known is a line of modules.tsv.
type known struct{ vendor, goos, file, strength string }

func knownModules() []known {
	var out []known
	for line := range strings.Lines(moduleData) {
		f := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(f) == 4 && !strings.HasPrefix(line, "#") {
			out = append(out, known{f[0], f[1], f[2], f[3]})
		}
	}
	return out
}

// Find looks for modules: those of the list by vendor, those that p11-kit
// names, those that Windows' cryptographic providers lead to, and files in the
// usual folders whose name and header say PKCS#11. Nothing is loaded. Modules
// that are there but cannot be used carry the reason. The order is that of the
// list, and each file comes once.
func Find(o FindOptions) []Found {
	f := newFinder(o)
	for _, k := range f.data {
		if k.vendor != "-" && k.goos == f.goos {
			f.known(k)
		}
	}
	f.p11kit()
	for _, path := range cspModules() {
		f.add(path, "", "csp")
	}
	f.scan()
	return f.found
}

// FoundPaths are those that can be loaded.
func FoundPaths(found []Found) []string {
	out := []string{}
	for _, f := range found {
		if f.Err == nil {
			out = append(out, f.Path)
		}
	}
	return out
}

type finder struct {
	root, goos string
	getenv     func(string) string
	data       []known
	excluded   []string // lower-case patterns of base names
	seen       []os.FileInfo
	found      []Found
}

func newFinder(o FindOptions) *finder {
	f := &finder{root: o.Root, goos: o.GOOS, getenv: o.Getenv, data: knownModules()}
	if f.goos == "" {
		f.goos = runtime.GOOS
	}
	if f.getenv == nil {
		f.getenv = os.Getenv
	}
	for _, k := range f.data {
		if k.vendor == "-" {
			f.excluded = append(f.excluded, strings.ToLower(k.file))
		}
	}
	return f
}

// known looks for one line of the list: a path, a pattern or a bare name.
func (f *finder) known(k known) {
	path, ok := f.expand(k.file)
	if !ok {
		return
	}
	if !strings.ContainsAny(path, `/\`) {
		for _, dir := range f.folders() {
			f.add(filepath.Join(dir, path), k.vendor, "list")
		}
		return
	}
	if !strings.Contains(path, "*") {
		f.add(f.root+path, k.vendor, "list")
		return
	}
	matches, err := filepath.Glob(f.root + path)
	if err != nil {
		return // a bad pattern matches nothing; modules.tsv is tested
	}
	for _, m := range matches[:min(len(matches), maxCandidates)] {
		f.add(m, k.vendor, "list")
	}
}

// expand puts the environment in; a variable that is not set ends it.
func (f *finder) expand(path string) (string, bool) {
	for strings.Contains(path, "%") {
		before, rest, _ := strings.Cut(path, "%")
		name, after, ok := strings.Cut(rest, "%")
		value := f.getenv(name)
		if !ok || value == "" {
			return "", false
		}
		path = before + strings.ReplaceAll(value, "%", "") + after
	}
	return path, true
}

// add takes a file once, whatever names lead to it.
func (f *finder) add(path, vendor, source string) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || f.isExcluded(path) ||
		slices.ContainsFunc(f.seen, func(s os.FileInfo) bool { return os.SameFile(s, info) }) {
		return
	}
	f.seen = append(f.seen, info)
	m := Found{Path: filepath.Clean(path), Vendor: vendor, Source: source}
	m.Library, err = ReadLibrary(path)
	if (source == "scan" || source == "csp") && (err != nil || !m.Library.PKCS11) {
		return // a name that looks like it, and no more
	}
	if err := CheckModule(m.Path); err != nil && !errors.As(err, &m.Err) {
		m.Err = &ModuleError{Module: m.Path, Kind: "failed", Err: err}
	}
	f.found = append(f.found, m)
}

func (f *finder) isExcluded(path string) bool {
	base := strings.ToLower(filepath.Base(path))
	return slices.ContainsFunc(f.excluded, func(pattern string) bool {
		ok, err := filepath.Match(pattern, base)
		return ok && err == nil
	})
}
