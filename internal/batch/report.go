package batch

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Entry is one file in a report. Empty fields stay empty.
type Entry struct {
	File         string  `json:"file"`
	Output       string  `json:"output"`
	InputSHA256  string  `json:"input_sha256"`
	OutputSHA256 string  `json:"output_sha256"`
	Signer       string  `json:"signer"`
	Time         string  `json:"time"` // RFC 3339
	Verdict      string  `json:"verdict"`
	Exit         int     `json:"exit"`
	Seconds      float64 `json:"seconds"`
	Error        string  `json:"error"`
}

var columns = []string{"file", "output", "input_sha256", "output_sha256", "signer", "time", "verdict", "exit", "seconds", "error"}

// Reporter writes entries as they come, so that memory stays flat.
type Reporter struct {
	w     *bufio.Writer
	csv   *csv.Writer // nil: JSON
	count int
}

// ErrReportKind: the name of a report ends in neither .csv nor .json.
var ErrReportKind = errors.New("batch: a report is a .csv or a .json file")

// ReportKind returns "csv" or "json" by the name of the file, or ErrReportKind.
func ReportKind(name string) (string, error) {
	switch ext := strings.ToLower(filepath.Ext(name)); ext {
	case ".csv", ".json":
		return ext[1:], nil
	}
	return "", ErrReportKind
}

// NewReporter starts a report of the kind "csv" or "json" (one array).
func NewReporter(w io.Writer, kind string) (*Reporter, error) {
	r := &Reporter{w: bufio.NewWriter(w)}
	switch kind {
	case "csv":
		// The mark makes spreadsheets read UTF-8.
		_, _ = r.w.WriteString("\ufeff")
		r.csv = csv.NewWriter(r.w)
		return r, r.csv.Write(columns)
	case "json":
		_, err := r.w.WriteString("[")
		return r, err
	}
	return nil, ErrReportKind
}

// Add writes one entry.
func (r *Reporter) Add(e Entry) error {
	r.count++
	if r.csv != nil {
		record := []string{e.File, e.Output, e.InputSHA256, e.OutputSHA256, e.Signer, e.Time, e.Verdict,
			strconv.Itoa(e.Exit), strconv.FormatFloat(e.Seconds, 'f', 3, 64), e.Error}
		for i := range record {
			record[i] = harmless(record[i])
		}
		return r.csv.Write(record)
	}
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	sep := ",\n"
	if r.count == 1 {
		sep = "\n"
	}
	_, err = r.w.WriteString(sep + string(data))
	return err
}

// Close ends the report; the underlying writer stays open.
func (r *Reporter) Close() error {
	if r.csv != nil {
		r.csv.Flush()
		if err := r.csv.Error(); err != nil {
			return err
		}
	} else if _, err := r.w.WriteString("\n]\n"); err != nil {
		return err
	}
	return r.w.Flush()
}

// harmless keeps a spreadsheet from taking a field for a formula (a file may
// be called "=cmd|..."), lines whole, and a terminal from obeying a name:
// what does not print is escaped, so that names stay apart.
func harmless(s string) string {
	var b strings.Builder
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unicode.IsPrint(r) || unicode.Is(unicode.Mn, r): // the marks of letters
			b.WriteRune(r)
		case r <= 0xFFFF:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	if out := b.String(); out == "" || !strings.ContainsRune("=+-@", rune(out[0])) {
		return out
	}
	return "'" + b.String()
}
