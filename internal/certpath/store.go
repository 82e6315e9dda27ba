package certpath

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// Limits of a store.
const (
	maxStoreFile  = 4 << 20 // bytes of one file
	maxStoreFiles = 10_000
	maxSource     = 200 // runes of a source that are kept
	minPrefix     = 4   // hex digits of a fingerprint that name an entry
)

// Errors a caller tells apart.
var (
	ErrDuplicate = errors.New("certificate is already in the trust store")
	ErrNotFound  = errors.New("no certificate in the trust store has this fingerprint")
	ErrAmbiguous = errors.New("several certificates in the trust store have this fingerprint")
)

// Store keeps trust anchors in a folder, one PEM file each, named by
// fingerprint, with lines before the PEM that say what it is for:
//
//	# kyso trust anchor
//	# subject: CN=...
//	# purposes: signing, timestamping
//	# source: ...
//
// Files that people put there (.pem, .crt, .cer, .der, .p7b, .p7c) are anchors
// too: for all purposes, without such lines. Other files are passed over.
//
// Files are written whole or not at all. Two programs may use a folder at once.
type Store struct{ Dir string }

// Entry is one anchor of a store.
type Entry struct {
	Anchor
	Fingerprint string // SHA-256 of the certificate, lower-case hex
	File        string // path
}

// Warning names a file, or a part of one, that was passed over.
type Warning struct {
	File string
	Err  error
}

// String returns "file: what is wrong".
func (w Warning) String() string { return w.File + ": " + w.Err.Error() }

// Fingerprint returns the SHA-256 of a certificate as lower-case hex.
func Fingerprint(cert *x509.Certificate) string {
	sum := sha256.Sum256(cert.Raw)
	return hex.EncodeToString(sum[:])
}

// Add writes an anchor; no purposes: all. The folder is made when it is
// missing. With ErrDuplicate the entry that is there is returned.
func (s *Store) Add(cert *x509.Certificate, purposes []Purpose, source string) (Entry, error) {
	entry := Entry{Anchor: Anchor{cert, purposes, cleanLine(source)}, Fingerprint: Fingerprint(cert)}
	entry.File = filepath.Join(s.Dir, entry.Fingerprint+".pem")
	have, _, err := s.List()
	if err != nil {
		return Entry{}, err
	}
	for _, e := range have {
		if e.Fingerprint == entry.Fingerprint {
			return e, fmt.Errorf("%w: %s", ErrDuplicate, e.File)
		}
	}
	text, err := entry.encode()
	if err != nil {
		return Entry{}, err
	}
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return Entry{}, fmt.Errorf("trust store: %w", err)
	}
	if err := writeWhole(entry.File, text); err != nil {
		return Entry{}, fmt.Errorf("trust store: %w", err)
	}
	return entry, nil
}

func (e Entry) encode() ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# kyso trust anchor\n# subject: %s\n", cleanLine(e.Certificate.Subject.String()))
	if len(e.Purposes) > 0 {
		words := make([]string, len(e.Purposes))
		for i, p := range e.Purposes {
			if _, ok := parsePurpose(p.String()); !ok {
				return nil, fmt.Errorf("trust store: %v", p)
			}
			words[i] = p.String()
		}
		fmt.Fprintf(&b, "# purposes: %s\n", strings.Join(words, ", "))
	}
	if e.Source != "" {
		fmt.Fprintf(&b, "# source: %s\n", e.Source)
	}
	b.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: e.Certificate.Raw}))
	return b.Bytes(), nil
}

// cleanLine keeps a text on its line, and off the terminal's controls.
func cleanLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	r := []rune(strings.TrimSpace(s))
	return strings.TrimSpace(string(r[:min(len(r), maxSource)]))
}

func parsePurpose(word string) (Purpose, bool) {
	for _, p := range []Purpose{Signing, Timestamping, Any} {
		if p.String() == strings.ToLower(strings.TrimSpace(word)) {
			return p, true
		}
	}
	return 0, false
}

// writeWhole writes a file under a temporary name, which reading passes over,
// then renames it. The name holds the fingerprint, so what it replaces, if
// another program was faster, is the same certificate.
func writeWhole(path string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".kyso-*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close() // the first error counts
			_ = os.Remove(f.Name())
		}
	}()
	if _, err = f.Write(data); err != nil {
		return err
	}
	if err = f.Chmod(0o644); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

var storeSuffixes = []string{".pem", ".crt", ".cer", ".der", ".p7b", ".p7c"}

// List returns the entries by fingerprint, each certificate once, and a warning
// for each file that can't be read or holds a certificate again (the first file
// by name counts). A missing folder is an empty store.
func (s *Store) List() ([]Entry, []Warning, error) {
	all, warnings, err := s.all()
	var list []Entry
	first := map[string]string{}
	for _, e := range all {
		if file, ok := first[e.Fingerprint]; ok {
			warnings = append(warnings, Warning{e.File, fmt.Errorf("%w: %s", ErrDuplicate, file)})
			continue
		}
		first[e.Fingerprint] = e.File
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b Entry) int { return strings.Compare(a.Fingerprint, b.Fingerprint) })
	return list, warnings, err
}

// all returns the entries of all files, in the order of their names.
func (s *Store) all() ([]Entry, []Warning, error) {
	files, err := os.ReadDir(s.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("trust store: %w", err)
	}
	if len(files) > maxStoreFiles {
		return nil, nil, fmt.Errorf("trust store: more than %d files in %s", maxStoreFiles, s.Dir)
	}
	var list []Entry
	var warnings []Warning
	for _, f := range files {
		name := f.Name()
		if strings.HasPrefix(name, ".") || !slices.Contains(storeSuffixes, strings.ToLower(filepath.Ext(name))) {
			continue
		}
		entries, wrong := readEntries(filepath.Join(s.Dir, name))
		warnings = append(warnings, wrong...)
		list = append(list, entries...)
	}
	return list, warnings, nil
}

// readEntries reads one file of a store. Its purposes are for all certificates
// in it; where they can't be understood the file is passed over, for guessing
// would trust it for everything.
func readEntries(path string) ([]Entry, []Warning) {
	data, err := readBounded(path)
	if err != nil {
		return nil, []Warning{{path, err}}
	}
	base := Anchor{Source: path}
	if err := base.readHeader(data); err != nil {
		return nil, []Warning{{path, err}}
	}
	certs, errs := parseBundle(data)
	var list []Entry
	for _, c := range certs {
		a := base
		a.Certificate = c
		list = append(list, Entry{Anchor: a, Fingerprint: Fingerprint(c), File: path})
	}
	var warnings []Warning
	for _, err := range errs {
		warnings = append(warnings, Warning{path, err})
	}
	return list, warnings
}

func readBounded(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // a pipe would wait for ever
		return nil, errors.New("not a regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	data, err := io.ReadAll(io.LimitReader(f, maxStoreFile+1))
	if err == nil && len(data) > maxStoreFile {
		err = fmt.Errorf("more than %d bytes", maxStoreFile)
	}
	return data, err
}

// readHeader reads the comment lines before the PEM.
func (a *Anchor) readHeader(data []byte) error {
	for line := range bytes.Lines(data) {
		text, ok := strings.CutPrefix(strings.TrimSpace(string(line)), "#")
		if !ok {
			return nil
		}
		key, value, _ := strings.Cut(text, ":")
		switch strings.TrimSpace(key) {
		case "source":
			a.Source = cleanLine(value)
		case "purposes":
			for word := range strings.SplitSeq(value, ",") {
				p, ok := parsePurpose(word)
				if !ok {
					return fmt.Errorf("purpose %q is not known", cleanLine(word))
				}
				a.Purposes = append(a.Purposes, p)
			}
		}
	}
	return nil
}

// Remove deletes the entry whose fingerprint starts with prefix (at least four
// hex digits; colons, spaces and case do not matter), from every file. Errors
// wrap ErrNotFound or ErrAmbiguous. A file with other certificates too is left
// to its owner: then nothing is removed.
func (s *Store) Remove(prefix string) (Entry, error) {
	want := strings.ToLower(strings.NewReplacer(":", "", " ", "").Replace(prefix))
	if len(want) < minPrefix {
		return Entry{}, fmt.Errorf("%w: give at least %d hex digits", ErrNotFound, minPrefix)
	}
	all, _, err := s.all()
	if err != nil {
		return Entry{}, err
	}
	var found []Entry
	inFile := map[string]map[string]bool{}
	for _, e := range all {
		if inFile[e.File] == nil {
			inFile[e.File] = map[string]bool{}
		}
		inFile[e.File][e.Fingerprint] = true
		if strings.HasPrefix(e.Fingerprint, want) {
			found = append(found, e)
		}
	}
	if len(found) == 0 {
		return Entry{}, fmt.Errorf("%w: %s", ErrNotFound, want)
	}
	files := map[string]bool{}
	for _, e := range found {
		if e.Fingerprint != found[0].Fingerprint {
			return Entry{}, fmt.Errorf("%w: %s and %s", ErrAmbiguous, found[0].Fingerprint, e.Fingerprint)
		}
		if n := len(inFile[e.File]); n > 1 {
			return Entry{}, fmt.Errorf("trust store: %s holds %d certificates: edit it by hand", e.File, n)
		}
		files[e.File] = true
	}
	for file := range files {
		if err := os.Remove(file); err != nil {
			return Entry{}, fmt.Errorf("trust store: %w", err)
		}
	}
	return found[0], nil
}

// Anchors returns what List does, for Options.
func (s *Store) Anchors() ([]Anchor, []Warning, error) {
	list, warnings, err := s.List()
	return anchorsOf(list), warnings, err
}

func anchorsOf(list []Entry) []Anchor {
	anchors := make([]Anchor, len(list))
	for i, e := range list {
		anchors[i] = e.Anchor
	}
	return anchors
}

// ReadAnchors reads anchors from a file, all of whose certificates must be
// readable, or from a folder laid out as a Store. Lines before the PEM count
// as in a Store.
func ReadAnchors(path string) ([]Anchor, []Warning, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, err
	}
	if info.IsDir() {
		return (&Store{Dir: path}).Anchors()
	}
	list, warnings := readEntries(path)
	if len(warnings) > 0 {
		return nil, nil, fmt.Errorf("%s: %w", path, warnings[0].Err)
	}
	return anchorsOf(list), nil, nil
}
