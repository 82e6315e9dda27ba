package corpus

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/testpki"
)

// report is what is read of `kyso verify --json`.
type report struct {
	Verdict    string
	Signatures []signature
	Exit       int
	Error      *failure
}

type signature struct {
	Field, Kind, Integrity, Coverage string
	SubFilter, Level                 string
	ChangesAfter                     string `json:"changes_after"`
}

// signed is what is read of `kyso sign --json`.
type signed struct {
	Output   string
	Repaired bool
	Exit     int
	Error    *failure
}

type failure struct {
	Code, Message string
	Exit          int
}

// outcome is what the verifiers say of an output.
type outcome struct {
	own              *report
	qpdfBefore, qpdf int  // exit codes of --check: 0 sound, 3 warnings, 2 errors
	pdfsig, mutool   bool // the new signature is valid and covers the file
	mupdfRepairs     bool // mutool reads another file than this, input and output
	earlier, kept    int  // signatures that were intact, and those of them that still are
	prefix           bool // the old bytes stand unchanged in front
}

// rig is the program under test with a key of its own.
type rig struct {
	t     *testing.T
	kyso  string
	dir   string
	key   []string
	root  string
	roots string // of the fixtures
	cache string // of the user: compiling PDFium takes seconds
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, dir: t.TempDir()}
	r.kyso = filepath.Join(r.dir, "kyso")
	if out, err := exec.Command("go", "build", "-o", r.kyso, "../../cmd/kyso").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	ca := testpki.NewRoot("Corpus Root", testpki.P256)
	key := testpki.Key(testpki.P256, "corpus signer")
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, kind string, b []byte) string {
		path := filepath.Join(r.dir, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if r.cache, err = os.UserCacheDir(); err != nil {
		r.cache = r.home()
	}
	r.root = write("root.pem", "CERTIFICATE", ca.Certificate.Raw)
	r.key = []string{"--key", write("key.pem", "PRIVATE KEY", der), "--cert-file", write("cert.pem", "CERTIFICATE", ca.Person(key.Public()).Raw)}
	return r
}

// home is empty: the user's own configuration has no say.
func (r *rig) home() string { return filepath.Join(r.dir, "home") }

// path is where a file lies.
func path(f *file) string {
	if f.at != "" {
		return f.at
	}
	return filepath.Join(corpusDir, filepath.FromSlash(f.name))
}

// lines runs the program and reads its JSON lines. What the exit code says is
// in them too.
func lines[T any](r *rig, password string, args ...string) []T {
	r.t.Helper()
	cmd := exec.Command(r.kyso, append(args, "--json", "--quiet", "--no-progress")...)
	cmd.Env = append(os.Environ(), "HOME="+r.home(), "XDG_CONFIG_HOME="+r.home(), "XDG_CACHE_HOME="+r.cache)
	if password != "" {
		cmd.Env = append(cmd.Env, "KYSO_PDF_PASSWORD="+password)
	}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); cmd.ProcessState == nil {
		r.t.Fatal(err)
	}
	var all []T
	for dec := json.NewDecoder(&out); dec.More(); {
		var v T
		if err := dec.Decode(&v); err != nil {
			r.t.Fatalf("%v\n%s", err, errs.Bytes())
		}
		all = append(all, v)
	}
	return all
}

// verifyAll judges the inputs.
func (r *rig) verifyAll(files []*file) {
	r.verify(files, path, func(f *file, rep *report) { f.before = rep })
}

// verify judges one file for each f, those without a password in one run.
func (r *rig) verify(files []*file, of func(*file) string, set func(*file, *report)) {
	r.t.Helper()
	var many []*file
	args := []string{"verify", "--trust", r.root}
	for _, f := range files {
		switch {
		case of(f) == "":
		case f.password != "":
			set(f, one(r, lines[report](r, f.password, append(args[:3:3], of(f))...)))
		default:
			many = append(many, f)
		}
	}
	for _, f := range many {
		args = append(args, of(f))
	}
	all := lines[report](r, "", args...)
	if len(all) != len(many) {
		r.t.Fatalf("%d reports on %d files", len(all), len(many))
	}
	for i, f := range many {
		set(f, &all[i])
	}
}

func one[T any](r *rig, all []T) *T {
	r.t.Helper()
	if len(all) != 1 {
		r.t.Fatalf("%d lines for one file", len(all))
	}
	return &all[0]
}

// signAll signs every file without a password, each folder of the corpus in
// one run: the two have a file of the same name.
func (r *rig) signAll(files []*file) {
	r.t.Helper()
	for _, folder := range []string{"signed/", "to-sign/"} {
		args := r.signArgs(folder)
		var here []*file
		for _, f := range files {
			if strings.HasPrefix(f.name, folder) {
				here, args = append(here, f), append(args, path(f))
			}
		}
		all := lines[signed](r, "", args...)
		if len(all) != len(here) {
			r.t.Fatalf("%d results for %d files", len(all), len(here))
		}
		for i, f := range here {
			f.first = all[i]
		}
	}
}

// signArgs sign as a user does who says nothing: a visible mark where the
// program finds room, or in the one empty field.
func (r *rig) signArgs(out string) []string {
	return append([]string{"sign", "--out-dir", filepath.Join(r.dir, out)}, r.key...)
}

// help signs a refused file with what a user would try next.
func (r *rig) help(f *file) {
	r.t.Helper()
	if f.first.Error == nil {
		return
	}
	switch {
	case f.password != "":
		f.how = "password"
		f.helped = *one(r, lines[signed](r, f.password, append(r.signArgs("password"), path(f))...))
	case f.first.Error.Code == "document_damaged":
		f.how = "--repair"
		f.helped = *one(r, lines[signed](r, "", append(r.signArgs("repaired"), "--repair", path(f))...))
	}
	if refused := f.last(); refused != nil && slices.Contains(noRoom, refused.Code) { // the page is too small for a mark
		args := append(r.signArgs("invisible"), "--invisible", path(f))
		if f.how == "--repair" {
			args = append(args, f.how)
		}
		f.how = strings.TrimSpace(f.how + " --invisible")
		f.helped = *one(r, lines[signed](r, f.password, args...))
	}
}

// noRoom are the codes of a mark that the pages have no room for.
var noRoom = []string{"mark_too_small", "place_covers_signature"}

// last is the error of the last try; nil when it worked.
func (f *file) last() *failure {
	if f.how != "" {
		return f.helped.Error
	}
	return f.first.Error
}

// judgeAll asks everybody about the outputs.
func (r *rig) judgeAll(files []*file) {
	r.t.Helper()
	r.verify(files, (*file).output, func(f *file, rep *report) { f.verdict.own = rep })
	for _, f := range files {
		if f.output() != "" {
			r.judge(f)
		}
	}
}

// judge asks the verifiers about an output.
func (r *rig) judge(f *file) {
	r.t.Helper()
	v := &f.verdict
	v.qpdfBefore, _ = command("qpdf", "--password="+f.password, "--check", path(f))
	v.qpdf, _ = command("qpdf", "--password="+f.password, "--check", f.output())
	before, after := pdfsig(f, path(f)), pdfsig(f, f.output())
	for _, s := range after {
		v.pdfsig = v.pdfsig || s.valid && s.whole
	}
	_, said := command("mutool", "sign", "-v", "-p", f.password, f.output())
	v.mutool = strings.Contains(said, "The document is unchanged since signing.")
	_, input := command("mutool", "info", path(f))
	v.mupdfRepairs = strings.Contains(said, repairs) && strings.Contains(input, repairs)
	v.prefix = r.startsWith(f.output(), path(f))
	for _, s := range f.before.Signatures {
		if s.Integrity != "intact" || s.Kind == "usage_rights" { // Adobe's permit to its own Reader
			continue
		}
		v.earlier++
		if v.own.keeps(s) && (!before[s.Field].valid || after[s.Field].valid) {
			v.kept++
		}
	}
}

// repairs is what mutool says of a file that it reads by its objects alone.
const repairs = "repairing PDF document"

// keeps tells whether an earlier signature is as good as it was.
func (rep *report) keeps(was signature) bool {
	for _, s := range rep.Signatures {
		if s.Field == was.Field && s.Integrity == was.Integrity {
			return s.ChangesAfter != "forbidden" || was.ChangesAfter == "forbidden"
		}
	}
	return false
}

// poppler is what pdfsig says of one signature.
type poppler struct{ valid, whole bool }

var fieldName = regexp.MustCompile(`Signature Field Name: (.*)`)

// pdfsig returns poppler's verdicts by the names of the fields.
func pdfsig(f *file, name string) map[string]poppler {
	args := []string{"-nocert", name}
	if f.password != "" {
		args = append([]string{"-opw", f.password, "-upw", f.password}, args...)
	}
	_, out := command("pdfsig", args...)
	all := map[string]poppler{}
	for _, part := range strings.Split(out, "\nSignature #")[1:] {
		field := ""
		if m := fieldName.FindStringSubmatch(part); m != nil {
			field = m[1]
		}
		all[field] = poppler{strings.Contains(part, "Signature is Valid."), strings.Contains(part, "- Total document signed")}
	}
	return all
}

// startsWith tells whether the old bytes stand unchanged in front.
func (r *rig) startsWith(name, start string) bool {
	r.t.Helper()
	var b [2][]byte
	for i, n := range []string{name, start} {
		var err error
		if b[i], err = os.ReadFile(n); err != nil {
			r.t.Fatal(err)
		}
	}
	return bytes.HasPrefix(b[0], b[1])
}

// command runs a program and returns its exit code and all that it said.
func command(name string, args ...string) (int, string) {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return -1, err.Error()
	}
	return cmd.ProcessState.ExitCode(), string(out)
}
