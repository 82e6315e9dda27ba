package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/kyso-vn/kyso/internal/batch"
	"github.com/kyso-vn/kyso/internal/i18n"
)

// columnSet are the flags that a row may set, bound to o.
func (a *app) columnSet(o *signOptions) *pflag.FlagSet {
	saved := *o
	set := pflag.NewFlagSet("manifest", pflag.ContinueOnError)
	f := a.flags(set, "sign")
	f.str(&o.reason, "reason")
	f.str(&o.location, "location")
	f.str(&o.contact, "contact")
	f.str(&o.field, "field")
	f.num(&o.certify, "certify")
	f.str(&o.lock, "lock")
	f.str(&o.level, "level")
	f.str(&o.maxSize, "max-size")
	f.yes(&o.repair, "repair")
	f.str(&o.out.output, "output")
	o.mark.addFlags(f)
	o.place.addFlags(f)
	o.texts.addFlags(f)
	*o = saved // adding a repeatable flag empties it
	return set
}

// manifestJobs reads --manifest. Every mistake is told with its line before
// anything is signed.
func (a *app) manifestJobs(o *signOptions) ([]signJob, error) {
	known := a.columnSet(&signOptions{})
	rows, err := a.readManifest(o.batch.manifest, func(c string) bool { return known.Lookup(c) != nil })
	if err != nil {
		return nil, err
	}
	jobs := make([]signJob, len(rows))
	var wrong []error
	for i := range rows {
		jobs[i] = signJob{input: rows[i].File, o: o}
		if err := a.rowJob(&jobs[i], &rows[i]); err != nil {
			wrong = append(wrong, err)
		}
	}
	named, err := a.nameRows(&o.batch, &o.out, "signed", rows)
	if err != nil {
		wrong = append(wrong, err)
	}
	if len(wrong) > 0 {
		return nil, a.manifestError(o.batch.manifest, errors.Join(wrong...))
	}
	for i := range jobs {
		jobs[i].output = named.outputs[i]
	}
	return part(&o.batch, jobs), nil
}

// rowJob gives a job its own flags where its row says something.
func (a *app) rowJob(job *signJob, row *batch.Row) error {
	if len(row.Values) == 0 || len(row.Values) == 1 && row.Values["output"] != "" {
		return nil
	}
	own := *job.o
	set := a.columnSet(&own)
	for _, column := range sortedKeys(row.Values) {
		if err := setColumn(set, column, row.Values[column]); err != nil {
			return &batch.RowError{Line: row.Line, Column: column, Err: err}
		}
	}
	own.out.output = ""
	check := own
	check.batch = batchOptions{}
	err := check.validate(false)
	if err == nil {
		_, err = own.buildLooks()
	}
	if err != nil {
		return &batch.RowError{Line: row.Line, Err: err}
	}
	job.o = &own
	return nil
}

// setColumn sets one flag; a flag that repeats takes a value a line.
func setColumn(set *pflag.FlagSet, column, value string) error {
	values := []string{value}
	if set.Lookup(column).Value.Type() == "stringArray" {
		values = strings.FieldsFunc(value, func(r rune) bool { return r == '\n' || r == '\r' })
	}
	for _, v := range values {
		if err := set.Set(column, v); err != nil {
			return fmt.Errorf("%q is no value for it", v)
		}
	}
	return nil
}

// manifestFiles reads a manifest that says files and outputs only.
func (a *app) manifestFiles(o *batchOptions, out *outputOptions, suffix string) (*namedFiles, error) {
	rows, err := a.readManifest(o.manifest, func(c string) bool { return c == "output" && out != nil })
	if err != nil {
		return nil, err
	}
	named, err := a.nameRows(o, out, suffix, rows)
	if err != nil {
		return nil, a.manifestError(o.manifest, err)
	}
	named.items, named.outputs = part(o, named.items), part(o, named.outputs)
	return named, nil
}

// nameRows names inputs and outputs of all rows. Mistakes are *batch.RowError,
// joined.
func (a *app) nameRows(o *batchOptions, out *outputOptions, suffix string, rows []batch.Row) (*namedFiles, error) {
	n := &namedFiles{items: make([]batch.Item, len(rows)), outputs: make([]string, len(rows))}
	var wrong []error
	root := commonRoot(rows)
	for i := range rows {
		row := &rows[i]
		n.items[i] = batch.Item{Path: row.File, Under: below(root, row.File)}
		if err := rowInput(row.File, o.resume); err != nil {
			wrong = append(wrong, &batch.RowError{Line: row.Line, Column: "file", Err: err})
		}
		if out == nil {
			continue
		}
		output, err := rowOutput(out, n.items[i], suffix, row.Values["output"])
		if err != nil {
			wrong = append(wrong, &batch.RowError{Line: row.Line, Column: "output", Err: err})
		}
		n.outputs[i] = output
	}
	if len(wrong) > 0 || out == nil {
		return n, errors.Join(wrong...)
	}
	if c := batch.Collision(n.inputs(), n.outputs); c != nil {
		return nil, c
	}
	return n, rowsOverInputs(n, rows)
}

// rowInput looks whether the file is there. A run that goes on may find that
// what is done was taken away.
func rowInput(name string, resume bool) error {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && resume:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s is not there", name)
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is no regular file", name)
	}
	return nil
}

// rowOutput is the output of a row: below --out-dir where there is one.
func rowOutput(out *outputOptions, item batch.Item, suffix, name string) (string, error) {
	switch {
	case name == "" && out.outDir != "":
		return batch.Below(out.outDir, withPDF(item.Under))
	case name == "":
		return out.outputName(item.Path, item.Under, suffix), nil
	case out.outDir != "":
		return batch.Below(out.outDir, name)
	}
	return name, batch.CheckName(name)
}

// rowsOverInputs refuses an output that is the input of some row.
func rowsOverInputs(n *namedFiles, rows []batch.Row) error {
	inputs := make(map[string]bool, len(n.items))
	for i := range n.items {
		inputs[pathKey(n.items[i].Path)] = true
	}
	var wrong []error
	for i, o := range n.outputs {
		if inputs[pathKey(o)] {
			wrong = append(wrong, &batch.RowError{Line: rows[i].Line, Column: "output", Err: fmt.Errorf("%s is also an input", o)})
		}
	}
	return errors.Join(wrong...)
}

// commonRoot is the folder that all rows' files are in, with folders below.
func commonRoot(rows []batch.Row) string {
	root := ""
	for i := range rows {
		dir := filepath.Dir(rows[i].File)
		for i > 0 && !within(root, dir) && root != filepath.Dir(root) {
			root = filepath.Dir(root)
		}
		if i == 0 {
			root = dir
		}
	}
	return root
}

func within(root, dir string) bool {
	rel, err := filepath.Rel(root, dir)
	return err == nil && filepath.IsLocal(rel)
}

// below is a name under a root, with slashes; only its last part where it is
// not there.
func below(root, name string) string {
	rel, err := filepath.Rel(root, name)
	if err != nil || !filepath.IsLocal(rel) {
		return filepath.Base(name)
	}
	return filepath.ToSlash(rel)
}

func (a *app) readManifest(path string, known func(string) bool) ([]batch.Row, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, atFile(path, err)
	}
	defer func() { _ = f.Close() }()
	rows, err := batch.ReadManifest(f, known)
	if err != nil {
		return nil, a.manifestError(path, err)
	}
	return rows, nil
}

// maxRowErrors bounds what is told of a manifest.
const maxRowErrors = 20

// manifestError tells all mistakes: each on a line of its own for people, all
// in one text for scripts.
func (a *app) manifestError(path string, err error) error {
	list := splitErrors(err)
	text := func(m *i18n.Messages) string {
		parts := make([]string, 0, min(len(list), maxRowErrors))
		for _, e := range list[:min(len(list), maxRowErrors)] {
			parts = append(parts, rowText(m, path, e))
		}
		return strings.Join(parts, "; ")
	}
	coded := &codedError{status: status{exitUsage, "manifest"}, text: text, err: err}
	var collision *batch.CollisionError
	if errors.As(err, &collision) {
		coded.status.code = "output_collision"
	}
	if a.global.json || len(list) == 1 {
		return coded
	}
	for _, e := range list[:min(len(list), maxRowErrors)] {
		a.say(a.m.Common.ErrorPrefix, rowText(a.m, path, e))
	}
	return &reportedError{exitUsage}
}

// rowText says one mistake; what flags and package batch say of their values is
// in the language.
func rowText(m *i18n.Messages, path string, err error) string {
	var row *batch.RowError
	if !errors.As(err, &row) {
		return fmt.Sprintf(m.Batch.Manifest, path, rowDetail(m, err))
	}
	detail := rowDetail(m, row.Err)
	if row.Column == "" {
		return fmt.Sprintf(m.Batch.Row, path, row.Line, detail)
	}
	return fmt.Sprintf(m.Batch.Column, path, row.Line, row.Column, detail)
}

func rowDetail(m *i18n.Messages, err error) string {
	var usage *usageError
	if errors.As(err, &usage) {
		return usage.text(m)
	}
	var collision *batch.CollisionError
	if errors.As(err, &collision) {
		return describe(m, err)
	}
	return m.Phrase(strings.TrimPrefix(err.Error(), "batch: "))
}

// splitErrors takes joined errors apart.
func splitErrors(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, splitErrors(e)...)
	}
	return all
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
