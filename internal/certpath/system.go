package certpath

import (
	"errors"
	"fmt"
)

// ErrNoSystemStore: the system keeps no roots where this program looks.
var ErrNoSystemStore = errors.New("no trust store of the system was found")

// SystemAnchors returns the roots of the operating system, for all purposes:
//
//   - Linux and other Unix systems: the first bundle of the usual ones that is
//     there (Debian, Fedora, SUSE, Alpine, the BSDs);
//   - macOS: the bundle /etc/ssl/cert.pem that comes with the system. What was
//     added to, or distrusted in, the keychain is not seen;
//   - Windows: the store ROOT of the user, which includes the machine's. Roots
//     that Windows would fetch when they are needed are not in it.
//
// These roots are those for web servers: of certificates for signing they say
// little, and usage limits that the system notes beside them are not read.
func SystemAnchors() ([]Anchor, []Warning, error) { return systemAnchors() }

// anchorsFromBundle reads the first file that is there.
func anchorsFromBundle(files []string) ([]Anchor, []Warning, error) {
	for _, path := range files {
		data, err := readBounded(path)
		if err != nil {
			continue
		}
		certs, errs := parseBundle(data)
		var warnings []Warning
		for _, err := range errs {
			warnings = append(warnings, Warning{path, err})
		}
		var anchors []Anchor
		for _, c := range certs {
			anchors = append(anchors, Anchor{Certificate: c, Source: path})
		}
		if len(anchors) > 0 {
			return anchors, warnings, nil
		}
	}
	return nil, nil, fmt.Errorf("%w (looked for %d files)", ErrNoSystemStore, len(files))
}
