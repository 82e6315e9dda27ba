package token

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxConfig bounds a .module file.
const maxConfig = 64 << 10

// p11kit adds the modules of p11-kit's list, pkcs11.conf(5): the system's
// folder, then the administrator's, whose file of the same name wins.
func (f *finder) p11kit() {
	if f.goos == "windows" {
		return
	}
	files := map[string]string{}
	for _, dir := range []string{"/usr/share/p11-kit/modules", "/usr/local/share/p11-kit/modules", "/etc/pkcs11/modules"} {
		names, err := filepath.Glob(f.root + dir + "/*.module")
		if err != nil {
			continue
		}
		for _, n := range names {
			files[filepath.Base(n)] = n
		}
	}
	var order []string
	for base := range files {
		order = append(order, base)
	}
	slices.Sort(order)
	for _, base := range order {
		for _, path := range p11kitModule(files[base]) {
			if filepath.IsAbs(path) {
				f.add(f.root+path, "", "p11-kit")
				continue
			}
			for _, dir := range f.folders() {
				f.add(filepath.Join(dir, path), "", "p11-kit")
			}
		}
	}
}

// p11kitModule reads a .module file; none for modules of trust anchors and
// those that are not meant for this program.
func p11kitModule(file string) []string {
	info, err := os.Stat(file)
	if err != nil || info.Size() > maxConfig {
		return nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	var path string
	for line := range strings.Lines(string(data)) {
		key, value, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		value = strings.TrimSpace(value)
		programs := strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
		switch strings.TrimSpace(key) {
		case "module":
			path = value
		case "trust-policy":
			if value == "yes" {
				return nil
			}
		case "enable-in":
			if !slices.Contains(programs, "kyso") {
				return nil
			}
		case "disable-in":
			if slices.Contains(programs, "kyso") {
				return nil
			}
		}
	}
	if path == "" || strings.Contains(path, "..") {
		return nil
	}
	return []string{path}
}
