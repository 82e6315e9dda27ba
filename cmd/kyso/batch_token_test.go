package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// K01: a wrong PIN, 1,000 files, 8 jobs: one login, and the run stops.
func TestWrongPINIsTriedOnce(t *testing.T) {
	r := newRig(t, 1000)
	writeFile(t, "wrong", []byte("00000000"))
	got := r.run(r.command("--jobs", "8", "--pin-file", "wrong", "--json"))
	got.want(t, exitWrongPIN)
	if n := r.driver.Count("login:user"); n != 1 {
		t.Errorf("%d logins, want 1", n)
	}
	met := 0
	for _, l := range got.lines(t) {
		if code := l["error"].(map[string]any)["code"]; code == "pin_incorrect" {
			met++
		} else if code != "not_done" {
			t.Errorf("%v", l)
		}
	}
	if met != 1 {
		t.Errorf("%d files met it, want one", met)
	}
	if n := len(r.outputs()); n != 0 {
		t.Errorf("%d outputs", n)
	}
	if n := r.driver.Count("C_Sign"); n != 0 {
		t.Errorf("%d signatures", n)
	}
}

// K09: the token is pulled out after some files: these are complete, nothing
// is half written, and a second run does the rest.
func TestTokenRemoved(t *testing.T) {
	const files, after = 1000, 500
	r := newRig(t, files)
	r.driver.Set(fmt.Sprintf("removed=%d", after))
	got := r.run(r.command("--jobs", "8", "--journal", "run.journal", "--report", "run.csv"))
	got.want(t, exitToken, "--resume", fmt.Sprintf("stopped: %d files are done and safe, %d are not done", after, files-after))
	done := r.outputs()
	if len(done) != after {
		t.Errorf("%d outputs, want %d", len(done), after)
	}
	r.verifyAll(done)
	if n := strings.Count(string(readFile(t, "run.csv")), "out/"); n != after {
		t.Errorf("the report has %d outputs, want %d", n, after)
	}
	r.driver.Unset("removed")
	r.driver.ResetCounts()
	again := r.run(r.command("--jobs", "8", "--journal", "run.journal", "--resume", "--json"))
	again.want(t, 0)
	if n := r.driver.Count("sign:real"); n != files-after {
		t.Errorf("%d signatures in the second run, want %d", n, files-after)
	}
	lines := again.lines(t)
	for i, l := range lines {
		if l["file"] != inputName(i) {
			t.Fatalf("line %d is of %v", i, l["file"])
		}
	}
	r.verifyAll(r.outputs())
	r.inputsAsBefore()
}

// TestMarksBesideToken: files whose marks need a look at the pages, more than
// there are readers of pages and cores: none waits for what another holds that
// waits for it.
func TestMarksBesideToken(t *testing.T) {
	const files = 10
	r := newRig(t, files)
	r.driver.Set("delay=C_Sign:20")
	c := r.kyso("sign", "--recursive", "in", "--out-dir", "out", "--jobs", "8",
		"--module", r.driver.Path, "--pin-file", "pin", "--at-text", "(Ký, ghi rõ họ và tên)")
	hung := time.AfterFunc(time.Minute, func() { _ = c.Process.Kill() })
	defer hung.Stop()
	r.run(c).want(t, 0)
	done := r.outputs()
	if len(done) != files {
		t.Errorf("%d outputs, want %d", len(done), files)
	}
	r.verifyAll(done)
}

// W12: a second run on the same journal ends with a clear error, and does
// nothing.
func TestJournalIsLocked(t *testing.T) {
	r := newRig(t, 20)
	r.driver.Set("delay=C_Sign:100")
	first := r.command("--jobs", "2", "--journal", "run.journal")
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return r.driver.Count("C_Sign") > 0 })
	second := r.run(r.command("--journal", "run.journal", "--resume", "--json"))
	second.want(t, exitFailed, "journal_locked")
	if err := first.Wait(); err != nil {
		t.Fatal(err)
	}
	if n := r.driver.Count("sign:real"); n != 20 {
		t.Errorf("%d signatures, want 20", n)
	}
	r.verifyAll(r.outputs())
}

// waitFor waits for something that is about to happen.
func waitFor(t *testing.T, happened func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !happened(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it did not happen")
		}
	}
}

// kills is how often TestKill kills: 50, or KYSO_KILLS (the nightly target:
// 1000).
func kills(t *testing.T) int {
	t.Helper()
	v := os.Getenv("KYSO_KILLS")
	if v == "" {
		return 50
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// W04, W13: runs that are killed at any moment. Each output is absent or
// valid, none is signed twice, none is half written, and the last run finishes
// what is left.
func TestKill(t *testing.T) {
	const perRound = 50
	total := kills(t)
	for round := 0; total > 0; round++ {
		n := min(total, perRound)
		total -= n
		t.Run(fmt.Sprint(round), func(t *testing.T) { killLoop(t, n, uint64(round)) })
	}
}

func killLoop(t *testing.T, kills int, seed uint64) {
	const files = 50
	r := newRig(t, files)
	r.driver.Set("delay=C_Sign:15")
	random := rand.New(rand.NewPCG(seed, 4))
	mend := softTokens(t)
	killed := 0
	for i := range kills {
		c := r.command("--jobs", "4", "--journal", "run.journal", "--resume")
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		before := r.driver.Count("C_Sign")
		if i%2 == 0 { // half of them while signing, half at any time
			waitFor(t, func() bool { return r.driver.Count("C_Sign") > before || ended(c.Process.Pid) })
		}
		time.Sleep(time.Duration(random.IntN(60)) * time.Millisecond)
		if c.Process.Kill() == nil {
			killed++
		}
		_ = c.Wait()
		mend()
		removeTemps(t)
		r.verifyAll(r.outputs())
	}
	last := r.run(r.command("--jobs", "4", "--journal", "run.journal", "--resume"))
	last.want(t, 0)
	done := r.outputs()
	if len(done) != files {
		t.Errorf("%d outputs after all, want %d", len(done), files)
	}
	r.verifyAll(done)
	r.inputsAsBefore()
	journal := string(readFile(t, "run.journal"))
	for i := range files {
		if n := strings.Count(journal, fmt.Sprintf(`{"done":{"input":"%s"`, inputName(i))); n != 1 {
			t.Errorf("%s has %d records, want 1", inputName(i), n)
		}
	}
	if killed < kills/2 {
		t.Errorf("only %d of %d runs were killed", killed, kills)
	}
}

// softTokens remembers the files of SoftHSM, which writes them in place: a
// process that is killed while it logs in may leave an empty one, and then
// there is no token. mend puts such files back.
func softTokens(t *testing.T) (mend func()) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(filepath.Dir(os.Getenv("SOFTHSM2_CONF")), "tokens", "*", "*.object"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of SoftHSM: %v", err)
	}
	before := map[string][]byte{}
	for _, f := range files {
		before[f] = readFile(t, f)
	}
	return func() {
		for f, data := range before {
			if len(readFile(t, f)) < len(data) {
				writeFile(t, f, data)
			}
		}
	}
}

// removeTemps wants that what a killed run left has the name of a temporary
// file; the next run sweeps it, which the end of the loop shows.
func removeTemps(t *testing.T) {
	t.Helper()
	entries, err := os.ReadDir("out")
	if err != nil {
		return // nothing made yet
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".kyso-") && strings.HasSuffix(e.Name(), ".tmp") {
			if err := os.Remove("out/" + e.Name()); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// ended tells whether a process is gone or a zombie.
func ended(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(stat), ") Z ")
}

// What a killed run left behind is swept by the next one.
func TestTemporaryFilesAreSwept(t *testing.T) {
	r := newRig(t, 4)
	if err := os.Mkdir("out", 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, "out/.kyso-0123456789abcdef.tmp", []byte("half a file"))
	r.run(r.command()).want(t, 0)
	if n := len(r.outputs()); n != 4 { // which fails on what is left
		t.Errorf("%d outputs, want 4", n)
	}
}
