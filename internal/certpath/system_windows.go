package certpath

import (
	"bytes"
	"errors"
	"fmt"
	"syscall"
	"unsafe"
)

const systemSource = "Windows ROOT"

// cryptNotFound ends an enumeration: CRYPT_E_NOT_FOUND.
const cryptNotFound = syscall.Errno(0x80092004)

func systemAnchors() ([]Anchor, []Warning, error) {
	name, err := syscall.UTF16PtrFromString("ROOT")
	if err != nil {
		return nil, nil, err
	}
	store, err := syscall.CertOpenSystemStore(0, name)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrNoSystemStore, err)
	}
	defer syscall.CertCloseStore(store, 0) //nolint:errcheck // only read
	var anchors []Anchor
	var warnings []Warning
	var cur *syscall.CertContext
	for {
		// Frees the one before.
		cur, err = syscall.CertEnumCertificatesInStore(store, cur)
		if err != nil && !errors.Is(err, cryptNotFound) {
			return nil, nil, fmt.Errorf("%w: %w", ErrNoSystemStore, err)
		}
		if cur == nil {
			return anchors, warnings, nil
		}
		der := bytes.Clone(unsafe.Slice(cur.EncodedCert, cur.Length))
		cert, err := ParseCertificate(der)
		if err != nil {
			warnings = append(warnings, Warning{systemSource, err})
			continue
		}
		anchors = append(anchors, Anchor{Certificate: cert, Source: systemSource})
	}
}
