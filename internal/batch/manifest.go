package batch

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Limits of a manifest.
const (
	maxManifestRows  = 1_000_000
	maxManifestField = 64 << 10 // bytes
)

// Row is one line of a manifest.
type Row struct {
	Line   int // 1-based, in the file
	File   string
	Values map[string]string // by column, those that are not empty
}

// RowError is a mistake in a manifest.
type RowError struct {
	Line   int
	Column string // "" for the whole line
	Err    error
}

func (e *RowError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("line %d: %v", e.Line, e.Err)
	}
	return fmt.Sprintf("line %d, column %s: %v", e.Line, e.Column, e.Err)
}

// Unwrap returns the cause.
func (e *RowError) Unwrap() error { return e.Err }

// ReadManifest reads a CSV file with a header line: the column "file" is
// required, the others must be accepted by known. A byte order mark, which
// spreadsheets write, is skipped; a semicolon separates where the header has no
// comma, as spreadsheets write it in Vietnamese. All mistakes of the header and
// the first of each row are returned, joined, as *RowError.
func ReadManifest(r io.Reader, known func(column string) bool) ([]Row, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxManifestRows*256+1))
	if err != nil {
		return nil, fmt.Errorf("read manifest: %w", err)
	}
	if int64(len(data)) > maxManifestRows*256 {
		return nil, fmt.Errorf("manifest is larger than %d bytes", maxManifestRows*256)
	}
	text := strings.TrimPrefix(string(data), "\ufeff")
	if !utf8.ValidString(text) {
		return nil, errors.New("manifest is not UTF-8: save it as \"CSV UTF-8\"")
	}
	c := csv.NewReader(strings.NewReader(text))
	c.FieldsPerRecord = -1
	head, _, _ := strings.Cut(text, "\n")
	if !strings.Contains(head, ",") && strings.Contains(head, ";") {
		c.Comma = ';'
	}
	columns, err := header(c, known)
	if err != nil {
		return nil, err
	}
	return rows(c, columns)
}

func header(c *csv.Reader, known func(string) bool) ([]string, error) {
	columns, err := c.Read()
	if errors.Is(err, io.EOF) {
		return nil, &RowError{Line: 1, Err: errors.New("the manifest is empty")}
	}
	if err != nil {
		return nil, csvError(err)
	}
	var errs []error
	seen := map[string]bool{}
	for i, name := range columns {
		name = strings.TrimPrefix(strings.ToLower(strings.TrimSpace(name)), "--")
		columns[i] = name
		if seen[name] {
			errs = append(errs, &RowError{1, name, errors.New("stands twice")})
		} else if name != "file" && !known(name) {
			errs = append(errs, &RowError{1, name, errors.New("is not a column of a manifest")})
		}
		seen[name] = true
	}
	if !seen["file"] {
		errs = append(errs, &RowError{1, "file", errors.New("is missing")})
	}
	return columns, errors.Join(errs...)
}

func rows(c *csv.Reader, columns []string) ([]Row, error) {
	var out []Row
	var errs []error
	for {
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil { // a broken quote hides where the next line starts
			return nil, errors.Join(append(errs, csvError(err))...)
		}
		line, _ := c.FieldPos(0)
		if len(record) == 1 && strings.TrimSpace(record[0]) == "" {
			continue
		}
		if len(out) >= maxManifestRows {
			return nil, &RowError{Line: line, Err: fmt.Errorf("more than %d rows", maxManifestRows)}
		}
		row, err := makeRow(line, columns, record)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		out = append(out, row)
	}
	return out, errors.Join(errs...)
}

func makeRow(line int, columns, record []string) (Row, error) {
	if len(record) != len(columns) {
		return Row{}, &RowError{Line: line, Err: fmt.Errorf("%d fields, and the header has %d", len(record), len(columns))}
	}
	row := Row{Line: line, Values: map[string]string{}}
	for i, v := range record {
		switch {
		case len(v) > maxManifestField:
			return Row{}, &RowError{line, columns[i], fmt.Errorf("longer than %d bytes", maxManifestField)}
		case strings.ContainsRune(v, 0):
			return Row{}, &RowError{line, columns[i], errors.New("has a NUL character")}
		case v == "":
		case columns[i] == "file":
			row.File = v
		default:
			row.Values[columns[i]] = v
		}
	}
	if row.File == "" {
		return Row{}, &RowError{line, "file", errors.New("is empty")}
	}
	return row, nil
}

func csvError(err error) error {
	var p *csv.ParseError
	switch {
	case errors.As(err, &p) && (errors.Is(err, csv.ErrQuote) || errors.Is(err, csv.ErrBareQuote)):
		return &RowError{Line: p.Line, Err: errors.New("a quote is missing or stray")}
	case errors.As(err, &p):
		return &RowError{Line: p.Line, Err: p.Err}
	}
	return fmt.Errorf("read manifest: %w", err)
}
