package token

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Bounds of the search.
const (
	maxCandidates = 256     // headers read in one folder
	maxFolder     = 100_000 // names looked at in one folder
	maxDepth      = 4       // below /opt and its like
	maxFolders    = 2000    // below one of them
)

// folders that hold libraries by themselves, not in folders below.
func (f *finder) folders() []string {
	var dirs []string
	switch f.goos {
	case "windows":
		if sys := f.getenv("SystemRoot"); sys != "" {
			dirs = []string{sys + `\System32`, sys + `\SysWOW64`}
		}
	case "darwin": // /usr/lib is the system's alone
		dirs = []string{"/usr/local/lib", "/opt/homebrew/lib", "/Library/OpenSC/lib"}
	default:
		dirs = []string{"/usr/lib", "/usr/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu",
			"/usr/lib/pkcs11", "/usr/lib64/pkcs11", "/usr/lib/x86_64-linux-gnu/pkcs11",
			"/usr/lib/aarch64-linux-gnu/pkcs11", "/usr/local/lib", "/usr/local/lib64"}
	}
	for i := range dirs {
		dirs[i] = f.root + dirs[i]
	}
	return dirs
}

// trees are folders of installed programs, looked into to maxDepth.
func (f *finder) trees() []string {
	switch f.goos {
	case "windows":
		var dirs []string
		for _, name := range []string{"ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"} {
			if dir := f.getenv(name); dir != "" {
				dirs = append(dirs, f.root+dir)
			}
		}
		return dirs
	case "darwin":
		return []string{f.root + "/Library/Frameworks", f.root + "/Applications"}
	}
	return []string{f.root + "/opt", f.root + "/usr/lib/WatchData", f.root + "/usr/lib/bit4id"}
}

// scan looks for files whose name has the look of a PKCS#11 driver.
func (f *finder) scan() {
	for _, dir := range f.folders() {
		f.scanFolder(dir)
	}
	for _, dir := range f.trees() {
		folders := maxFolders
		f.scanTree(dir, 0, &folders)
	}
}

func (f *finder) scanFolder(dir string) (below []string) {
	d, err := os.Open(dir)
	if err != nil {
		return nil // most of these folders are not there
	}
	defer func() { _ = d.Close() }() // it was only read
	names, err := d.ReadDir(maxFolder)
	if err != nil {
		return nil
	}
	slices.SortFunc(names, func(a, b os.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	candidates := 0
	for _, n := range names {
		path := filepath.Join(dir, n.Name())
		if n.IsDir() {
			below = append(below, path)
			continue
		}
		if looksLikeDriver(n.Name()) && candidates < maxCandidates {
			candidates++
			f.add(path, "", "scan")
		}
	}
	return below
}

// scanTree follows no links to folders: ReadDir does not call them folders.
func (f *finder) scanTree(dir string, depth int, left *int) {
	if *left--; *left < 0 {
		return
	}
	below := f.scanFolder(dir)
	if depth == maxDepth {
		return
	}
	for _, b := range below {
		f.scanTree(b, depth+1, left)
	}
}

// looksLikeDriver: *csp11*, *p11*, *pkcs11*, *_v[0-9].dll (domain.md 5.2).
func looksLikeDriver(name string) bool {
	name = strings.ToLower(name)
	base, rest, ok := cutLibrary(name)
	if !ok {
		return false
	}
	if strings.Contains(base, "p11") || strings.Contains(base, "pkcs11") || strings.Contains(base, "cryptoki") {
		return true
	}
	n := len(base)
	return rest == "" && n > 3 && base[n-3:n-1] == "_v" && base[n-1] >= '0' && base[n-1] <= '9'
}

// cutLibrary splits libx.so.1.2 in libx and .1.2.
func cutLibrary(name string) (base, version string, ok bool) {
	for _, ext := range []string{".dll", ".dylib"} {
		if base, ok := strings.CutSuffix(name, ext); ok {
			return base, "", true
		}
	}
	if base, ok := strings.CutSuffix(name, ".so"); ok {
		return base, "", true
	}
	base, version, ok = strings.Cut(name, ".so.")
	if strings.Trim(version, "0123456789.") != "" {
		return "", "", false
	}
	return base, version, ok
}
