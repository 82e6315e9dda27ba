package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"unicode/utf8"

	"golang.org/x/sys/unix"

	"github.com/kyso-vn/kyso/testdata/form"
)

// nobody is a user who owns nothing but what it is given: to root no mode is a
// hindrance.
const nobody = 65534

// asNobody gives the folder of the rig to a user without rights, where the test
// is root, and makes commands run as it.
func (r *rig) asNobody(c *exec.Cmd) *exec.Cmd {
	r.t.Helper()
	if os.Getuid() != 0 {
		return c
	}
	// All folders of the test, which are beside one another.
	must(r.t, filepath.WalkDir(filepath.Dir(filepath.Dir(r.dir)), func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := os.Lchown(path, nobody, nobody); !errors.Is(err, syscall.EROFS) {
			return err
		}
		return nil
	}))
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	return c
}

// W07: an output folder that can't be written to is told before the key is
// asked for anything.
func TestW07OutputFolder(t *testing.T) {
	if inNamespace(t, "--mount") {
		return
	}
	for name, tc := range map[string]struct {
		make func(*testing.T) // makes out
		code string
	}{
		"read-only folder":     {func(t *testing.T) { must(t, os.Mkdir("out", 0o500)) }, "permission"},
		"no x bit":             {func(t *testing.T) { must(t, os.Mkdir("out", 0o600)) }, "permission"},
		"a file":               {func(t *testing.T) { writeFile(t, "out", []byte("x")) }, "not_a_folder"},
		"below a file":         {func(t *testing.T) { writeFile(t, "file", []byte("x")); must(t, os.Symlink("file/sub", "out")) }, "not_a_folder"},
		"dangling link":        {func(t *testing.T) { must(t, os.Symlink("nowhere", "out")) }, "not_found"},
		"link to itself":       {func(t *testing.T) { must(t, os.Symlink("out", "out")) }, "link_loop"},
		"read-only disk":       {func(t *testing.T) { must(t, os.Mkdir("out", 0o700)); readOnly(t, "out") }, "read_only_disk"},
		"no room for one file": {func(t *testing.T) { must(t, os.Mkdir("out", 0o700)); noInode(t, "out") }, "disk_full"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, 1)
			tc.make(t)
			got := r.run(r.asNobody(r.command("--json")))
			if got.code == 0 || got.code == exitToken {
				t.Errorf("exit %d", got.code)
			}
			if line := got.lines(t)[0]; line["error"].(map[string]any)["code"] != tc.code {
				t.Errorf("code %v, want %s: %s", line["error"], tc.code, got.out)
			}
			if n := r.driver.Count("login:user") + r.driver.Count("C_Sign"); n != 0 {
				t.Errorf("%d logins and signatures", n)
			}
		})
	}
}

func readOnly(t *testing.T, dir string) {
	t.Helper()
	mountOver(t, dir, "")
	must(t, syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
}

func noInode(t *testing.T, dir string) {
	t.Helper()
	mountOver(t, dir, "nr_inodes=1,mode=0777") // the folder itself
}

// mountOver mounts a small disk until the test ends.
func mountOver(t *testing.T, dir, options string) {
	t.Helper()
	must(t, syscall.Mount("tmpfs", dir, "tmpfs", 0, options))
	abs, err := filepath.Abs(dir)
	must(t, err)
	t.Cleanup(func() { _ = syscall.Unmount(abs, syscall.MNT_DETACH) })
}

// W08: a symbolic link that has the output's name is refused or replaced, and
// what it points to stays as it was.
func TestW08Links(t *testing.T) {
	r := newDesk(t, 1)
	precious := filepath.Join(r.dir, "precious")
	before := []byte("not yours")
	writeFile(t, precious, before)
	must(t, os.Mkdir("out", 0o700))
	for name, target := range map[string]string{"file": precious, "dangling": filepath.Join(r.dir, "nowhere"), "folder": r.dir, "device": "/dev/null", "itself": "a.pdf"} {
		t.Run(name, func(t *testing.T) {
			r.t = t
			_ = os.Remove("out/a.pdf")
			must(t, os.Symlink(target, "out/a.pdf"))
			r.run(r.kyso(r.one("out/a.pdf", "--json")...)).want(t, exitFailed, "output_exists")
			r.run(r.kyso(r.one("out/a.pdf", "--force")...)).want(t, 0)
			if info, err := os.Lstat("out/a.pdf"); err != nil || !info.Mode().IsRegular() {
				t.Errorf("the output is %v, %v", info.Mode(), err)
			}
			r.validAll([]string{"out/a.pdf"})
			if string(readFile(t, precious)) != string(before) {
				t.Error("written through the link")
			}
			if _, err := os.Stat("nowhere"); err == nil {
				t.Error("made through the link")
			}
		})
	}
}

// hostileName is a name of an output in a manifest.
type hostileName struct {
	name string
	ok   bool // it may be used: it stays inside
}

// hostileNames are those of row W09.
var hostileNames = []hostileName{
	{"../../x.pdf", false}, {"/x.pdf", false}, {"a/../../x.pdf", false}, {"..", false}, {".", false}, {"a\x00b.pdf", false},
	{"a\nb.pdf", false}, {"a\rb.pdf", false}, {"a\x1b[2Jb.pdf", false}, {"a.pdf.", false}, {"a.pdf ", false}, {"con.pdf", false},
	{"sub/NUL", false}, {"COM1.x.pdf", false}, {"lpt9", false}, {strings.Repeat("a", 252) + ".pdf", false}, {"link/x.pdf", false},
	{"link", false}, {"-rf.pdf", true}, {"--", true}, {"--force", true}, {"~root.pdf", true}, {"$HOME.pdf", true}, {"*.pdf", true},
	{"a;b.pdf", true}, {"\u202efdp.exe", true}, {"a\u2028b.pdf", true}, {strings.Repeat("a", 251) + ".pdf", true}, {"cong van số 1.pdf", true},
	{".hidden.pdf", true}, {"a/../b.pdf", true}, {"new/folder/x.pdf", true},
}

// W09: names out of a manifest stay inside --out-dir, whatever they are, and
// are printed so that a terminal is safe.
func TestW09ManifestNames(t *testing.T) {
	r := newDesk(t, 1)
	must(t, os.Mkdir("elsewhere", 0o700))
	for _, h := range hostileNames {
		t.Run(fmt.Sprintf("%.40q", h.name), func(t *testing.T) {
			r.t = t
			must(t, os.RemoveAll("out"))
			must(t, os.Mkdir("out", 0o700))
			must(t, os.Symlink("../elsewhere", "out/link"))
			var text strings.Builder
			w := csv.NewWriter(&text)
			must(t, w.WriteAll([][]string{{"file", "output"}, {inputName(0), h.name}}))
			writeFile(t, "list.csv", []byte(text.String()))
			before := tree(t, r.dir)
			got := r.run(r.kyso("sign", "--manifest", "list.csv", "--out-dir", "out", "--invisible", "--key", "key.pem", "--cert-file", "cert.pem"))
			if (got.code == 0) != h.ok {
				t.Errorf("exit %d: %s", got.code, got.err)
			}
			after := tree(t, r.dir)
			if after != before && !h.ok {
				t.Errorf("made something:\n%s\nbefore:\n%s", after, before)
			}
			for _, out := range []string{got.out, got.err} {
				if !utf8.ValidString(out) || strings.ContainsAny(out, "\x00\x1b\r\u202e\u2028") {
					t.Errorf("not escaped: %q", out)
				}
			}
		})
	}
}

// W09: somebody who may write into --out-dir swaps a folder there for a link to
// the outside and back all through the run: nothing comes to be outside, and
// each file is signed in its place or told.
func TestW09SwappedFolder(t *testing.T) {
	r := newDesk(t, 0)
	files := 200
	if full {
		files = 2000
	}
	must(t, os.Mkdir("in/sub", 0o700))
	for i := range files {
		writeFile(t, fmt.Sprintf("in/sub/%04d.pdf", i), form.PDF)
	}
	must(t, os.MkdirAll("out/sub", 0o700))
	must(t, os.Mkdir("elsewhere", 0o700))
	must(t, os.Symlink("../elsewhere", "out/link"))
	stop, swaps := make(chan struct{}), 0
	var racer sync.WaitGroup
	racer.Go(func() { swaps = swapFolder(stop, "out/sub", "out/link") })
	got := r.run(r.desk("--json", "--force", "--jobs", "4"))
	close(stop)
	racer.Wait()
	if entries, err := os.ReadDir("elsewhere"); err != nil || len(entries) > 0 {
		t.Errorf("outside of --out-dir: %v, %v", entries, err)
	}
	var signed []string
	codes := map[any]int{}
	for _, line := range got.lines(t) {
		if failed, ok := line["error"].(map[string]any); ok {
			codes[failed["code"]]++
			continue
		}
		signed = append(signed, line["output"].(string))
	}
	for code := range codes {
		if code != "bad_name" && code != "not_a_folder" {
			t.Errorf("code %v", code)
		}
	}
	r.validAll(signed)
	if len(signed)+total(codes) != files || got.code != exitSome || swaps < files {
		t.Errorf("exit %d: %d signed, refused %v, of %d; %d swaps", got.code, len(signed), codes, files, swaps)
	}
	if left, _ := filepath.Glob("out/sub/.kyso-*"); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
	t.Logf("%d signed, refused %v, %d swaps", len(signed), codes, swaps)
}

// swapFolder swaps the names of a folder and a link until stop, with no moment
// in which there is neither, and leaves them as they were.
func swapFolder(stop chan struct{}, folder, link string) (swaps int) {
	for {
		for range 2 {
			if unix.Renameat2(unix.AT_FDCWD, folder, unix.AT_FDCWD, link, unix.RENAME_EXCHANGE) == nil {
				swaps++
			}
		}
		select {
		case <-stop:
			return swaps
		default:
		}
	}
}

func total(counts map[any]int) (sum int) {
	for _, n := range counts {
		sum += n
	}
	return sum
}

// tree lists what is outside of out, and the links in it.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	must(t, filepath.WalkDir(filepath.Dir(dir), func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && filepath.Base(path) == "cache" { // the program's own
			return filepath.SkipDir
		}
		if d.IsDir() && path == filepath.Join(dir, "out") {
			return filepath.SkipDir
		}
		fmt.Fprintln(&b, path)
		return nil
	}))
	return b.String()
}

// W09: names on the command line: each is signed beside itself, and one that
// begins with a hyphen comes behind "--".
func TestW09ArgumentNames(t *testing.T) {
	r := newDesk(t, 0)
	for _, name := range []string{"a\nb.pdf", "-rf.pdf", "a\x1b[2J.pdf", "\xff\xfe.pdf", "\u202efdp.pdf", " .pdf", strings.Repeat("a", 240) + ".pdf"} {
		t.Run(fmt.Sprintf("%.20q", name), func(t *testing.T) {
			r.t = t
			writeFile(t, name, form.PDF)
			got := r.run(r.kyso("sign", "--invisible", "--key", "key.pem", "--cert-file", "cert.pem", "--out-dir", "out", "--", name))
			got.want(t, 0)
			for _, out := range []string{got.out, got.err} {
				if !utf8.ValidString(out) || strings.ContainsAny(out, "\x00\x1b\r\u202e") {
					t.Errorf("not escaped: %q", out)
				}
			}
			js := r.run(r.kyso("verify", "--json", "--trust", "root.pem", "--ignore-revocation", "--", "out/"+name))
			js.want(t, 0)
			if len(js.lines(t)) != 1 || !utf8.ValidString(js.out) {
				t.Errorf("%q", js.out)
			}
			must(t, os.RemoveAll("out"))
		})
	}
	r.run(r.kyso("sign", "--invisible", "--key", "key.pem", "--cert-file", "cert.pem", strings.Repeat("a", 300)+".pdf")).want(t, exitFailed)
}

func TestShellWord(t *testing.T) {
	sh := lookPath(t, "bash")
	for _, word := range []string{"a.pdf", "a b.pdf", "it's", "", "a\nb", "\x1b[2J", "\xff\xfe", "\xef\xbf", "\ufffd", "\u202e", `back\slash`, "Nghị định số 30", "$HOME", "a\x1b'b"} {
		quoted := shellWord(word)
		out, err := exec.Command(sh, "-c", "printf %s "+quoted).Output()
		if err != nil || string(out) != word {
			t.Errorf("%q as %q gives %q, %v", word, quoted, out, err)
		}
		if !isPrintable(quoted) {
			t.Errorf("%q as %q", word, quoted)
		}
		if p := printable(word); !isPrintable(p) {
			t.Errorf("%q printed as %q", word, p)
		}
	}
}
