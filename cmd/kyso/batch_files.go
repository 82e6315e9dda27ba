package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/kyso-vn/kyso/internal/batch"
	"github.com/kyso-vn/kyso/internal/i18n"
)

// namedFiles are the inputs of a run with their outputs.
type namedFiles struct {
	items   []batch.Item
	outputs []string
}

// nameFiles expands the arguments and names the outputs. A file found in a
// folder that is the output of another one is passed over: a second run over a
// folder signs nothing twice. Named by the user, it is refused.
//
// passed is told of the files of folders that are no PDF; nil: nobody is.
func (a *app) nameFiles(o *batchOptions, out *outputOptions, suffix string, args []string, passed func(string)) (*namedFiles, error) {
	items, err := batch.Walk(args, batch.WalkOptions{Recursive: o.recursive, Passed: passed})
	if err != nil {
		return nil, err
	}
	if err := out.validate(len(items)); err != nil {
		return nil, err
	}
	n := &namedFiles{items: items, outputs: make([]string, len(items))}
	for i, item := range items {
		n.outputs[i] = out.outputName(item.Path, item.Under, suffix)
	}
	if err := a.dropOutputs(n, suffix, args); err != nil {
		return nil, err
	}
	if c := batch.Collision(n.inputs(), n.outputs); c != nil {
		return nil, c
	}
	n.items, n.outputs = part(o, n.items), part(o, n.outputs)
	return n, nil
}

func (n *namedFiles) inputs() []string {
	names := make([]string, len(n.items))
	for i := range n.items {
		names[i] = n.items[i].Path
	}
	return names
}

// repeated are the inputs that stand in the list more than once, as rows of a
// manifest may.
func (n *namedFiles) repeated() map[string]bool {
	seen, twice := make(map[string]bool, len(n.items)), map[string]bool{}
	for i := range n.items {
		name := n.items[i].Path
		if seen[name] {
			twice[name] = true
		}
		seen[name] = true
	}
	return twice
}

// stdins counts standard input among the inputs.
func (n *namedFiles) stdins() int {
	count := 0
	for i := range n.items {
		if n.items[i].Path == stdinName {
			count++
		}
	}
	return count
}

// pathKey is a name as the most forgiving file system compares it.
func pathKey(path string) string { return strings.ToLower(norm.NFC.String(filepath.Clean(path))) }

// dropOutputs takes inputs out that are outputs of others: of this run, and of
// one without --out-dir before it.
func (a *app) dropOutputs(n *namedFiles, suffix string, args []string) error {
	var beside outputOptions
	now, before := make(map[string]string, len(n.items)), make(map[string]string, len(n.items)) // output → input
	for i, item := range n.items {
		if n.outputs[i] != stdinName {
			now[pathKey(n.outputs[i])] = item.Path
		}
		before[pathKey(beside.outputName(item.Path, item.Under, suffix))] = item.Path
	}
	named := make(map[string]bool, len(args))
	for _, arg := range args {
		named[arg] = true
	}
	kept := 0
	for i, item := range n.items {
		key := pathKey(item.Path)
		source := first(now[key], before[key])
		switch {
		case source == "" || source == item.Path || item.Path == stdinName:
		case !named[item.Path]:
			a.notef(a.m.Batch.PassedOver, item.Path, source)
			continue
		case now[key] != "":
			return usagef(func(*i18n.Errors) string { return a.m.Batch.OutputIsInput }, item.Path, source)
		}
		n.items[kept], n.outputs[kept] = item, n.outputs[i]
		kept++
	}
	n.items, n.outputs = n.items[:kept], n.outputs[:kept]
	return nil
}

// totalBytes is the size of all inputs; what can't be read counts nothing.
func totalBytes(inputs []string) int64 {
	var total int64
	for _, name := range inputs {
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			total += info.Size()
		}
	}
	return total
}

// sum is the SHA-256 of the whole input, in hex.
func (i *input) sum() (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(i.r, 0, i.size)); err != nil {
		return "", atFile(i.name, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// unchanged refuses an input that somebody wrote to since it was opened.
func (i *input) unchanged() error {
	if i.file == nil || i.info == nil {
		return nil
	}
	now, err := i.file.Stat()
	if err != nil {
		return atFile(i.name, err)
	}
	if now.Size() != i.info.Size() || !now.ModTime().Equal(i.info.ModTime()) {
		return atFile(i.name, errInputChanged)
	}
	return nil
}

var errInputChanged = fmt.Errorf("the file was changed while it was read: %w", fs.ErrInvalid)

// fileSum is the SHA-256 of a file, in hex.
func fileSum(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// sprintfRaw is Sprintf for formats out of the texts.
func sprintfRaw(format string, args ...any) string { return fmt.Sprintf(format, args...) }

func joinWords(words []string) string { return strings.Join(words, " ") }
