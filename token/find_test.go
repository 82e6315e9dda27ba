//go:build unix

package token

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/testpki"
)

func TestModuleDataIsWhole(t *testing.T) {
	data := knownModules()
	if len(data) < 150 {
		t.Fatalf("%d lines", len(data))
	}
	seen := map[string]bool{}
	for _, k := range data {
		if k.vendor != "-" && !slices.Contains([]string{"windows", "linux", "darwin"}, k.goos) {
			t.Errorf("system %q of %s", k.goos, k.file)
		}
		if k.vendor != "-" && !slices.Contains([]string{"P", "I", "M", "P*"}, k.strength) {
			t.Errorf("strength %q of %s", k.strength, k.file)
		}
		if _, err := filepath.Match(k.file, "x"); err != nil && k.goos != "windows" {
			t.Errorf("pattern %s: %v", k.file, err)
		}
		if key := k.goos + k.file; seen[key] {
			t.Errorf("twice: %s", k.file)
		} else {
			seen[key] = true
		}
	}
	// Names that look invented do not ship (domain.md 5.1).
	for _, bad := range []string{"vnpt_ca_pkcs11.dll", "FPT_Token.dll", "BkavCAPKCS11.dll", "ViettelPKCS11.dll", `C:\vnpt-ca\cryptoki.dll`, `C:\Viettel-CA\pkcs11.dll`, "libvnpt-pkcs11.so"} {
		if strings.Contains(strings.ToLower(moduleData), strings.ToLower(bad)) {
			t.Errorf("%s is in the list", bad)
		}
	}
	for _, good := range []string{"vnptca_p11_v8.dll", "viettel-ca_v6.dll", "/usr/lib/viettel-ca_v6.so", "/usr/lib/fptca_v4.so", "eTPKCS11.dll"} {
		if !strings.Contains(moduleData, good) {
			t.Errorf("%s is not in the list", good)
		}
	}
}

func TestFindOnThisMachine(t *testing.T) {
	soft := testpki.SoftHSMModule(t)
	found := Find(FindOptions{})
	i := slices.IndexFunc(found, func(f Found) bool { return f.Path == soft })
	if i < 0 || found[i].Err != nil || found[i].Vendor != "SoftHSM2" || !found[i].Library.PKCS11 {
		t.Fatalf("SoftHSM2 not found: %+v", found)
	}
	for _, f := range found {
		for _, bad := range []string{"pkcs11-spy", "p11-kit-trust", "p11-kit-proxy", "softokn3", "onepin"} {
			if strings.Contains(f.Path, bad) {
				t.Errorf("%s must never be used", f.Path)
			}
		}
	}
	if !slices.Contains(FoundPaths(found), soft) {
		t.Error("not among the paths")
	}
}

// tree makes a file system below a root.
func tree(t *testing.T, files map[string][]byte) string {
	t.Helper()
	root := t.TempDir()
	for name, data := range files {
		p := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestFindInATree(t *testing.T) {
	soft := read(t, testpki.SoftHSMModule(t))
	other := slices.Clone(soft)
	binary.LittleEndian.PutUint16(other[18:], 3) // EM_386, in a 64-bit header: told by the machine
	root := tree(t, map[string][]byte{
		"usr/lib/viettel-ca_v6.so":                soft,
		"usr/lib/fptca_v4.so":                     other,
		"usr/lib/libsomething_p11.so":             soft,
		"usr/lib/libtext_p11.so":                  []byte("not a library"),
		"usr/lib/pkcs11-spy.so":                   soft,
		"usr/lib/libz.so":                         soft,
		"opt/vendor/lib/x64/vendor-pkcs11.so.1.2": soft,
		"opt/a/b/c/d/e/deep-pkcs11.so":            soft,
		"usr/share/p11-kit/modules/x.module":      []byte("# x\nmodule: /opt/kit/libkit.so\npriority: 1\n"),
		"usr/share/p11-kit/modules/trust.module":  []byte("module: /opt/kit/libtrust.so\ntrust-policy: yes\n"),
		"usr/share/p11-kit/modules/off.module":    []byte("module: /opt/kit/liboff.so\ndisable-in: firefox, kyso\n"),
		"usr/share/p11-kit/modules/only.module":   []byte("module: /opt/kit/libonly.so\nenable-in: firefox\n"),
		"usr/share/p11-kit/modules/dots.module":   []byte("module: ../../libdots.so\n"),
		"usr/share/p11-kit/modules/over.module":   []byte("module: /opt/kit/libwrong.so\n"),
		"etc/pkcs11/modules/over.module":          []byte("module: /opt/kit/libright.so\n"),
		"opt/kit/libkit.so":                       soft,
		"opt/kit/libtrust.so":                     soft,
		"opt/kit/liboff.so":                       soft,
		"opt/kit/libonly.so":                      soft,
		"opt/kit/libwrong.so":                     soft,
		"opt/kit/libright.so":                     soft,
	})
	if err := os.Symlink("viettel-ca_v6.so", filepath.Join(root, "usr/lib/again_p11.so")); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range Find(FindOptions{Root: root, GOOS: "linux"}) {
		kind := "ok"
		if f.Err != nil {
			kind = f.Err.Kind
		}
		got[strings.TrimPrefix(f.Path, root)] = f.Source + " " + kind + " " + f.Vendor
	}
	want := map[string]string{
		"/usr/lib/viettel-ca_v6.so":                "list ok Viettel-CA",
		"/usr/lib/fptca_v4.so":                     "list wrong_arch FPT-CA",
		"/usr/lib/libsomething_p11.so":             "scan ok ",
		"/opt/vendor/lib/x64/vendor-pkcs11.so.1.2": "scan ok ",
		"/opt/kit/libkit.so":                       "p11-kit ok ",
		"/opt/kit/libright.so":                     "p11-kit ok ",
	}
	for p, w := range want {
		if got[p] != w {
			t.Errorf("%s: %q, want %q", p, got[p], w)
		}
	}
	if len(got) != len(want) {
		t.Errorf("found %v", got)
	}
}

func TestFindOnWindowsNames(t *testing.T) {
	env := map[string]string{"ProgramFiles": "/PF", "SystemRoot": ""}
	root := tree(t, map[string][]byte{"PF/Viettel CA/viettel-ca_v6.dll": []byte("MZ")})
	f := newFinder(FindOptions{Root: root, GOOS: "windows", Getenv: func(n string) string { return env[n] }})
	if p, ok := f.expand(`%ProgramFiles%\x.dll`); !ok || p != `/PF\x.dll` {
		t.Errorf("expand: %s", p)
	}
	if _, ok := f.expand(`%NOTHING%\x.dll`); ok {
		t.Error("a variable that is not set")
	}
	if _, ok := f.expand(`100%`); ok {
		t.Error("one percent sign")
	}
	for image, want := range map[string][]string{
		`C:\W\vnptca_p11_v8_s.dll`:     {`C:\W\vnptca_p11_v8.dll`, `C:\W\vnptca_p11_v8_s.dll`},
		`C:\W\viettel-ca_v2_s.x64.dll`: {`C:\W\viettel-ca_v2.dll`, `C:\W\viettel-ca_v2_s.x64.dll`},
		`C:\W\BkavCA_S.DLL`:            {`C:\W\BkavCA.dll`, `C:\W\BkavCA_S.DLL`},
		`C:\W\rsaenh.dll`:              {`C:\W\rsaenh.dll`}, ``: nil, `x.sys`: nil,
	} {
		if got := besideProvider(image); !slices.Equal(got, want) {
			t.Errorf("%s: %v", image, got)
		}
	}
}

func TestLooksLikeDriver(t *testing.T) {
	cases := map[string]bool{"vnptca_p11_v8.dll": true, "viettel-ca_v6.so": true, "eTPKCS11.dll": true, "libwdpkcs.so": false,
		"st3csp11.dll": true, "opensc-pkcs11.so": true, "libopencryptoki.so.0": true, "libx_v5.so.1": false, "fca_v1.dll": true,
		"p11.txt": false, "libp11.so.3.6.0": true, "readme": false, "libx-p11.so.bak": false, "_v1.dll": false}
	for name, want := range cases {
		if got := looksLikeDriver(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// K18: the eight ways a path is refused; nothing of the file is run.
func TestK18ModulePath(t *testing.T) {
	soft := testpki.SoftHSMModule(t)
	good := filepath.Join(tree(t, map[string][]byte{"good.so": read(t, soft)}), "good.so")
	dir := filepath.Dir(good)
	put := func(name string, mode os.FileMode) string {
		p := filepath.Join(dir, name)
		write(t, p, read(t, soft))
		if err := os.Chmod(p, mode); err != nil {
			t.Fatal(err)
		}
		return p
	}
	open := filepath.Join(dir, "open")
	if err := os.Mkdir(open, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(open, 0o777); err != nil {
		t.Fatal(err)
	}
	inOpen := put("open/x.so", 0o600)
	link := filepath.Join(dir, "link.so")
	if err := os.Symlink(inOpen, link); err != nil {
		t.Fatal(err)
	}
	fifo := filepath.Join(dir, "fifo.so")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	text := filepath.Join(dir, "text.so")
	write(t, text, []byte("C_GetFunctionList"))
	cases := []struct{ name, path, kind string }{
		{"good", good, ""}, {"the system's", soft, ""},
		{"relative", "good.so", "refused_path"}, {"in this folder", "./good.so", "refused_path"},
		{"with dots", dir + "/../" + filepath.Base(dir) + "/good.so", "refused_path"},
		{"bare name", "libsofthsm2.so", "refused_path"}, {"a pkcs11 URI", "pkcs11:module-path=" + good, "refused_path"},
		{"empty", "", "refused_path"}, {"folder", dir, "refused_path"}, {"fifo", fifo, "refused_path"},
		{"writable by all", put("all.so", 0o666), "refused_path"}, {"writable by the group", put("group.so", 0o660), "refused_path"},
		{"in a folder writable by all", inOpen, "refused_path"}, {"a link into such a folder", link, "refused_path"},
		{"missing", filepath.Join(dir, "missing.so"), "missing"}, {"text", text, "not_pkcs11"},
		{"another library", "/usr/lib/x86_64-linux-gnu/libc.so.6", "not_pkcs11"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := CheckModule(c.path)
			var m *ModuleError
			if c.kind == "" && err != nil || c.kind != "" && (!errors.As(err, &m) || m.Kind != c.kind) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// fakeInfo is a file of another user.
type fakeInfo struct {
	mode fs.FileMode
	uid  uint32
	gid  uint32
}

func (f fakeInfo) Name() string       { return "x" }
func (f fakeInfo) Size() int64        { return 1 }
func (f fakeInfo) Mode() fs.FileMode  { return f.mode }
func (f fakeInfo) ModTime() time.Time { return time.Time{} }
func (f fakeInfo) IsDir() bool        { return f.mode.IsDir() }
func (f fakeInfo) Sys() any           { return &syscall.Stat_t{Uid: f.uid, Gid: f.gid} }

func TestK18Owner(t *testing.T) {
	me := uint32(os.Geteuid())
	cases := []struct {
		name string
		info fakeInfo
		good bool
	}{
		{"root's", fakeInfo{0o644, 0, 0}, true}, {"mine", fakeInfo{0o644, me, 7}, true},
		{"another's", fakeInfo{0o644, me + 4711, 0}, false},
		{"group may write", fakeInfo{0o664, 0, 0}, false}, {"all may write", fakeInfo{0o646, 0, 0}, false},
		{"folder of staff", fakeInfo{fs.ModeDir | 0o775, 0, staffGroup}, true},
		{"folder of another group", fakeInfo{fs.ModeDir | 0o775, 0, 1000}, false},
		{"sticky folder", fakeInfo{fs.ModeDir | fs.ModeSticky | 0o777, 0, 0}, true},
		{"sticky file", fakeInfo{fs.ModeSticky | 0o777, 0, 0}, false},
	}
	for _, c := range cases {
		if err := checkOwner("x", c.info, !c.info.IsDir()); (err == nil) != c.good {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestReadLibrary(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.c"), []byte("int C_GetFunctionList(void){return 0;}\n"))
	write(t, filepath.Join(dir, "b.c"), []byte("extern int C_GetFunctionList(void); int f(void){return C_GetFunctionList();}\n"))
	for _, n := range []string{"a", "b"} {
		cmd := exec.Command("cc", "-shared", "-fPIC", "-nostdlib", "-o", n+".so", n+".c")
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	lib, err := ReadLibrary(filepath.Join(dir, "a.so"))
	if err != nil || !lib.PKCS11 || !lib.Runs() || lib.Format != "ELF" {
		t.Errorf("a: %+v (%v)", lib, err)
	}
	lib, err = ReadLibrary(filepath.Join(dir, "b.so"))
	if err != nil || lib.PKCS11 {
		t.Errorf("a library that only uses the name: %+v (%v)", lib, err)
	}
	if _, err := ReadLibrary(os.Args[0]); err != nil && !errors.Is(err, ErrNotLibrary) {
		t.Errorf("this program: %v", err)
	}
	for name, data := range map[string][]byte{"empty": {}, "short": {0x7f}, "ELF": []byte("\x7fELF"), "MZ": []byte("MZ12"), "fat": {0xca, 0xfe, 0xba, 0xbe}, "macho": {0xcf, 0xfa, 0xed, 0xfe}} {
		if _, err := readLibrary(bytes.NewReader(data), int64(len(data))); !errors.Is(err, ErrNotLibrary) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLibrariesOfOtherSystems(t *testing.T) {
	cases := []struct {
		name  string
		data  []byte
		want  Library
		words string
	}{
		{"PE 64", makePE(0x8664, "C_GetFunctionList"), Library{"PE", "windows", []string{"amd64"}, true}, "64-bit Windows (amd64)"},
		{"PE 32", makePE(0x14c, "C_GetFunctionList"), Library{"PE", "windows", []string{"386"}, true}, "32-bit Windows (386)"},
		{"PE of another kind", makePE(0x8664, "C_GetFunctionLists"), Library{"PE", "windows", []string{"amd64"}, false}, "64-bit Windows (amd64)"},
		{"Mach-O", makeMachO("_C_GetFunctionList"), Library{"Mach-O", "darwin", []string{"arm64"}, true}, "64-bit macOS (arm64)"},
		{"Mach-O of another kind", makeMachO("_main"), Library{"Mach-O", "darwin", []string{"arm64"}, false}, "64-bit macOS (arm64)"},
		{"universal", makeFat(makeMachO("_C_GetFunctionList")), Library{"Mach-O", "darwin", []string{"arm64"}, true}, "64-bit macOS (arm64)"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := readLibrary(bytes.NewReader(c.data), int64(len(c.data)))
			if err != nil || got.Format != c.want.Format || got.PKCS11 != c.want.PKCS11 || !slices.Equal(got.Arch, c.want.Arch) || got.OS != c.want.OS {
				t.Fatalf("got %+v (%v)", got, err)
			}
			if runtime.GOOS != got.OS && (got.Runs() || !strings.Contains(got.archError().Error(), c.words)) {
				t.Errorf("words: %v", got.archError())
			}
			p := filepath.Join(t.TempDir(), "x.so")
			write(t, p, c.data)
			var m *ModuleError
			if runtime.GOOS != got.OS && (!errors.As(CheckModule(p), &m) || m.Kind != "wrong_arch") {
				t.Errorf("check: %v", CheckModule(p))
			}
		})
	}
	if !(Library{OS: "windows", Arch: []string{"386"}}).runs("windows", "386") || (Library{OS: "windows", Arch: []string{"386"}}).runs("windows", "amd64") {
		t.Error("a 32-bit driver runs in a 32-bit program only")
	}
}

func FuzzReadLibrary(f *testing.F) {
	f.Add(makePE(0x8664, "C_GetFunctionList"))
	f.Add(makeMachO("_C_GetFunctionList"))
	f.Add(makeFat(makeMachO("_C_GetFunctionList")))
	f.Add([]byte("\x7fELF\x02\x01\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		lib, err := readLibrary(bytes.NewReader(data), int64(len(data)))
		if err != nil && (!errors.Is(err, ErrNotLibrary) || lib.PKCS11) {
			t.Fatalf("%+v %v", lib, err)
		}
	})
}
