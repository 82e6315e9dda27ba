package certpath_test

import (
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/testpki"
)

func newStore(t *testing.T) *certpath.Store {
	return &certpath.Store{Dir: filepath.Join(t.TempDir(), "trust", "anchors")}
}

func TestStoreKeepsWhatWasAdded(t *testing.T) {
	s := newStore(t)
	root := testpki.NewRoot("Root CA\u202e\n# purposes: any", testpki.P256).Certificate
	list, warnings, err := s.List()
	if err != nil || len(list)+len(warnings) != 0 {
		t.Fatalf("a missing folder: %v %v %v", list, warnings, err)
	}
	added, err := s.Add(root, []certpath.Purpose{certpath.Timestamping}, "from\n# purposes: signing")
	if err != nil {
		t.Fatal(err)
	}
	list, warnings, err = s.List()
	if err != nil || len(warnings) > 0 || len(list) != 1 {
		t.Fatalf("%v %v %v", list, warnings, err)
	}
	got := list[0]
	if !got.Certificate.Equal(root) || !slices.Equal(got.Purposes, []certpath.Purpose{certpath.Timestamping}) ||
		got.Source != "from # purposes: signing" || got.Fingerprint != certpath.Fingerprint(root) || got.File != added.File {
		t.Errorf("got %+v", got)
	}
	anchors, _, err := s.Anchors()
	if err != nil || len(anchors) != 1 || !anchors[0].Certificate.Equal(root) {
		t.Errorf("anchors %v %v", anchors, err)
	}
	if _, err := s.Add(root, nil, "again"); !errors.Is(err, certpath.ErrDuplicate) {
		t.Errorf("a duplicate: %v", err)
	}
	if names, _ := os.ReadDir(s.Dir); len(names) != 1 {
		t.Errorf("files %v", names)
	}
}

func TestStoreRemove(t *testing.T) {
	root := testpki.NewRoot("Root", testpki.P256).Certificate
	print := certpath.Fingerprint(root)
	tests := []struct {
		name, prefix string
		want         error
	}{
		{"whole", print, nil},
		{"prefix", print[:8], nil},
		{"as people copy it", strings.ToUpper(print[:2] + ":" + print[2:4] + " " + print[4:8]), nil},
		{"short", print[:3], certpath.ErrNotFound},
		{"empty", "", certpath.ErrNotFound},
		{"other", "zzzz", certpath.ErrNotFound},
		{"longer", print + "00", certpath.ErrNotFound},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStore(t)
			if _, err := s.Add(root, nil, ""); err != nil {
				t.Fatal(err)
			}
			e, err := s.Remove(tt.prefix)
			if !errors.Is(err, tt.want) || tt.want == nil && !e.Certificate.Equal(root) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			left, _, _ := s.List()
			if (len(left) == 0) != (tt.want == nil) {
				t.Errorf("left %v", left)
			}
		})
	}
}

func pemOf(der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// A folder that people have been in: what can be read is read, the rest named.
func TestStoreReadsTolerantly(t *testing.T) {
	a := testpki.NewRoot("A", testpki.P256).Certificate
	b := testpki.NewRoot("B", testpki.P384).Certificate
	c := testpki.NewRoot("C", testpki.P521).Certificate
	files := map[string]string{
		"0-both.crt":    pemOf(a.Raw) + "text\n" + pemOf(b.Raw),
		"1-der.CER":     string(c.Raw),
		"2-again.pem":   pemOf(a.Raw),
		"3-garbage.pem": "garbage",
		"4-broken.pem":  "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
		"5-purpose.pem": "# purposes: signing, everything\n" + pemOf(testpki.NewRoot("D", testpki.P256).Certificate.Raw),
		"6-empty.pem":   "",
		"README.txt":    "not looked at",
		".kyso-1.tmp":   "left behind",
		".hidden.pem":   pemOf(testpki.NewRoot("E", testpki.P256).Certificate.Raw),
	}
	s := &certpath.Store{Dir: t.TempDir()}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(s.Dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(s.Dir, "7-folder.pem"), 0o700); err != nil {
		t.Fatal(err)
	}
	list, warnings, err := s.List()
	if err != nil || len(list) != 3 {
		t.Fatalf("%d entries, %v", len(list), err)
	}
	var named []string
	for _, w := range warnings {
		named = append(named, filepath.Base(w.File)[:1])
		if !strings.Contains(w.String(), w.File) || w.Err == nil {
			t.Errorf("warning %v", w)
		}
	}
	slices.Sort(named)
	if got := strings.Join(named, ""); got != "234567" {
		t.Errorf("warnings for %s: %v", got, warnings)
	}
	for _, tt := range []struct{ name, print string }{
		{"in a bundle with another", certpath.Fingerprint(b)},
		{"in a bundle and alone", certpath.Fingerprint(a)},
	} {
		if _, err := s.Remove(tt.print); err == nil || !strings.Contains(err.Error(), "0-both.crt") {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if left, _, _ := s.List(); len(left) != 3 {
		t.Errorf("%d entries left", len(left))
	}
}

func TestStoreRemovesFromAllFiles(t *testing.T) {
	s := newStore(t)
	a := testpki.NewRoot("A", testpki.P256).Certificate
	if _, err := s.Add(a, nil, ""); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.Dir, "mine.pem"), []byte(pemOf(a.Raw)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Remove(certpath.Fingerprint(a)); err != nil {
		t.Fatal(err)
	}
	if left, _, _ := s.List(); len(left) != 0 {
		t.Errorf("left %v", left)
	}
}

func TestStoreAmbiguous(t *testing.T) {
	s := &certpath.Store{Dir: t.TempDir()}
	seen := map[string]bool{}
	// Four digits: by the birthday bound a pair is there long before 2000.
	for i := range 2000 {
		c := testpki.NewRoot("CA "+strings.Repeat("x", i%50)+string(rune('a'+i/50)), testpki.P256).Certificate
		if err := os.WriteFile(filepath.Join(s.Dir, certpath.Fingerprint(c)+".der"), c.Raw, 0o600); err != nil {
			t.Fatal(err)
		}
		prefix := certpath.Fingerprint(c)[:4]
		if seen[prefix] {
			if _, err := s.Remove(prefix); !errors.Is(err, certpath.ErrAmbiguous) {
				t.Errorf("got %v", err)
			}
			return
		}
		seen[prefix] = true
	}
	t.Fatal("no two fingerprints start alike")
}

func TestStoreFailsWhereItCannotLook(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := &certpath.Store{Dir: file}
	if _, _, err := s.List(); err == nil {
		t.Error("a file as folder was listed")
	}
	if _, err := s.Add(testpki.NewRoot("A", testpki.P256).Certificate, nil, ""); err == nil {
		t.Error("a file as folder was written")
	}
	if _, err := newStore(t).Add(testpki.NewRoot("A", testpki.P256).Certificate, []certpath.Purpose{77}, ""); err == nil {
		t.Error("an unknown purpose was written")
	}
}

func TestReadAnchors(t *testing.T) {
	dir := t.TempDir()
	a := testpki.NewRoot("A", testpki.P256).Certificate
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	tests := []struct {
		name, path string
		anchors    int
		warnings   int
		fails      bool
	}{
		{"file", write("a.pem", "# purposes: timestamping\n"+pemOf(a.Raw)), 1, 0, false},
		{"file of any name", write("roots", pemOf(a.Raw)), 1, 0, false},
		{"bad file", write("bad.pem", pemOf(a.Raw)+pemOf([]byte{0x30, 0})), 0, 0, true},
		{"missing", filepath.Join(dir, "missing"), 0, 0, true},
		{"folder", dir, 1, 2, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, warnings, err := certpath.ReadAnchors(tt.path)
			if len(got) != tt.anchors || len(warnings) != tt.warnings || (err != nil) != tt.fails {
				t.Errorf("got %d anchors, %v, %v", len(got), warnings, err)
			}
		})
	}
}

func TestSystemAnchors(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only the place on Linux is known to be there")
	}
	anchors, _, err := certpath.SystemAnchors()
	if errors.Is(err, certpath.ErrNoSystemStore) {
		return // a machine without ca-certificates
	}
	if err != nil || len(anchors) < 10 {
		t.Errorf("%d anchors, %v", len(anchors), err)
	}
}
