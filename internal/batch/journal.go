package batch

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"sync"
)

// Errors of OpenJournal.
var (
	// ErrJournalLocked: another run uses the journal.
	ErrJournalLocked = errors.New("batch: the journal is in use by another run")
	// ErrJournalExists: there is a journal with records and resume was not asked for.
	ErrJournalExists = errors.New("batch: the journal holds an earlier run")
	// ErrJournalBad: a line that is no record, or of another version.
	ErrJournalBad = errors.New("batch: the journal is damaged")
)

const (
	journalSchema   = "kyso.journal/1"
	maxJournalBytes = 1 << 30
)

// Record is one file that is done. Paths are as the user named them.
type Record struct {
	Input        string `json:"input"`
	InputSHA256  string `json:"input_sha256"`
	Output       string `json:"output"`
	OutputSHA256 string `json:"output_sha256"`
	Bytes        int64  `json:"output_bytes"`
}

// line is a line of the file: the header, an intention or a record.
type line struct {
	Schema string  `json:"schema,omitempty"`
	Intend *Record `json:"intend,omitempty"`
	Done   *Record `json:"done,omitempty"`
}

// Journal remembers what a run finished, one line of JSON each. An intention
// is written before an output gets its name and a record after: a run that is
// killed between the two finds on resuming, by the hash of the output, that the
// file is done. Safe for concurrent use.
type Journal struct {
	f      *os.File
	unlock func()

	mu       sync.Mutex
	cond     *sync.Cond
	done     records // of earlier runs: what this one adds is not kept, memory stays flat
	intended records
	written  int64 // lines that must be synced
	synced   int64
	syncing  bool
	err      error // a journal that failed once is not trusted again
}

// OpenJournal opens or creates the journal at path and locks it for this
// process. With resume false an earlier run's records are an error. A last line
// that was torn by a crash is dropped. Errors wrap ErrJournalLocked,
// ErrJournalExists, ErrJournalBad, or are those of package os.
func OpenJournal(path string, resume bool) (*Journal, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	j := &Journal{f: f, done: records{}, intended: records{}}
	j.cond = sync.NewCond(&j.mu)
	if j.unlock, err = lock(f); err != nil {
		_ = f.Close()
		return nil, err
	}
	if err := j.start(resume); err != nil {
		_ = j.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return j, nil
}

func (j *Journal) start(resume bool) error {
	info, err := j.f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%w: not a regular file", fs.ErrInvalid)
	}
	if info.Size() > maxJournalBytes {
		return fmt.Errorf("%w: larger than %d bytes", ErrJournalBad, int64(maxJournalBytes))
	}
	whole, err := j.read(j.f)
	if err != nil {
		return err
	}
	if len(j.done)+len(j.intended) > 0 && !resume {
		return ErrJournalExists
	}
	if err := j.f.Truncate(whole); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if _, err := j.f.Seek(whole, io.SeekStart); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if whole > 0 {
		return nil
	}
	return j.add(line{Schema: journalSchema}, true)
}

// journalHeader is the first line of a journal.
const journalHeader = `{"schema":"` + journalSchema + `"}`

// afterTorn returns what follows a line that a crash tore, where cat joined
// another journal to it: its header. No record ends like one, since its quotes
// would be escaped.
func afterTorn(raw []byte) []byte {
	if i := len(raw) - len(journalHeader); i > 0 && string(raw[i:]) == journalHeader {
		return raw[i:]
	}
	return raw
}

// decode reads one line: one value, no field that is not known.
func (l *line) decode(raw []byte) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(l); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value")
	}
	return nil
}

// read takes the lines in and returns how many bytes of them are whole: what
// follows was torn. A header may stand anywhere, so that journals of several
// machines can be joined with cat.
func (j *Journal) read(r io.Reader) (whole int64, err error) {
	lines := bufio.NewReader(r)
	for n := 1; ; n++ {
		raw, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return whole, nil
		}
		if err != nil {
			return whole, fmt.Errorf("read journal: %w", err)
		}
		whole += int64(len(raw))
		if err := j.take(n, raw[:len(raw)-1]); err != nil {
			return whole, err
		}
	}
}

// take takes line n in.
func (j *Journal) take(n int, raw []byte) error {
	var l line
	if err := l.decode(afterTorn(raw)); err != nil {
		return fmt.Errorf("%w: line %d: %v", ErrJournalBad, n, err) //nolint:errorlint // one cause is enough to match
	}
	switch {
	case l.Schema != "" && l.Schema != journalSchema, n == 1 && l.Schema == "":
		return fmt.Errorf("%w: line %d is not of %s", ErrJournalBad, n, journalSchema)
	case l.Done != nil:
		j.done.add(*l.Done)
		j.intended.remove(*l.Done)
	case l.Intend != nil:
		j.intended.add(*l.Intend)
	case l.Schema == "":
		return fmt.Errorf("%w: line %d says nothing", ErrJournalBad, n)
	}
	return nil
}

// records are those of each input: several where it has several outputs.
type records map[string][]Record

// add takes the place of an earlier record of the same input and output.
func (m records) add(r Record) {
	m.remove(r)
	m[r.Input] = append(m[r.Input], r)
}

func (m records) remove(r Record) {
	m[r.Input] = slices.DeleteFunc(m[r.Input], func(x Record) bool { return x.Output == r.Output })
	if len(m[r.Input]) == 0 {
		delete(m, r.Input)
	}
}

// find returns the newest that fits.
func (m records) find(input, sha256, output string) (Record, bool) {
	for _, r := range slices.Backward(m[input]) {
		if r.InputSHA256 == sha256 && (output == "" || r.Output == output) {
			return r, true
		}
	}
	return Record{}, false
}

// Done returns what an earlier run recorded of an input with this hash, and
// with this output where output is not empty: a run that has an input twice
// must tell its outputs apart, and one that has it once may go on with another
// folder.
func (j *Journal) Done(input, sha256, output string) (Record, bool) {
	return j.done.find(input, sha256, output)
}

// Intended returns what a run that was killed was about to finish: where the
// file Output exists with the hash OutputSHA256, the input is done and the
// caller adds the record. The arguments are those of Done.
func (j *Journal) Intended(input, sha256, output string) (Record, bool) {
	return j.intended.find(input, sha256, output)
}

// Len is the number of inputs that earlier runs finished.
func (j *Journal) Len() int { return len(j.done) }

// Intend notes that r is about to get its name. It outlives the process, not
// the machine: should the machine stop, the output stands there unrecorded, is
// refused as existing, and is not signed again.
func (j *Journal) Intend(r Record) error { return j.add(line{Intend: &r}, false) }

// Add records a file that is done, and returns when the record is on the disk.
// Several callers share one sync.
func (j *Journal) Add(r Record) error { return j.add(line{Done: &r}, true) }

func (j *Journal) add(l line, sync bool) error {
	data, err := json.Marshal(l)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err != nil {
		return j.err
	}
	if _, err := j.f.Write(append(data, '\n')); err != nil {
		j.err = fmt.Errorf("write journal: %w", err)
		return j.err
	}
	if !sync {
		return nil
	}
	j.written++
	return j.sync(j.written)
}

// sync waits until line n is on the disk; the first that finds no sync under
// way makes one for all that are written by then. mu is held.
func (j *Journal) sync(n int64) error {
	for j.synced < n && j.err == nil {
		if j.syncing {
			j.cond.Wait()
			continue
		}
		j.syncing = true
		upto := j.written
		j.mu.Unlock()
		err := j.f.Sync()
		j.mu.Lock()
		j.syncing = false
		if err != nil {
			j.err = fmt.Errorf("sync journal: %w", err)
		} else {
			j.synced = upto
		}
		j.cond.Broadcast()
	}
	return j.err
}

// Close unlocks and closes.
func (j *Journal) Close() error {
	if j.unlock != nil {
		j.unlock()
	}
	return j.f.Close()
}
