package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kyso-vn/kyso/internal/i18n"
)

// newDocsCommand is `kyso docs markdown|man FOLDER`: for `make gen` and
// `make dist`, so it is hidden.
func newDocsCommand(a *app) *cobra.Command {
	cmd := a.command("docs markdown|man FOLDER", "docs")
	cmd.Hidden = true
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) != 2 {
			return noArgs(cmd, append(args, cmd.Use))
		}
		return nil
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		switch args[0] {
		case "markdown":
			return writePages(args[1], a.markdownPages())
		case "man":
			return writePages(args[1], a.manPages())
		}
		return noArgs(cmd, args)
	}
	return cmd
}

// page is a file of the manual below the folder of the command.
type page struct{ name, text string }

func writePages(dir string, pages []page) error {
	for _, p := range pages {
		path := filepath.Join(dir, filepath.FromSlash(p.name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil { //nolint:gosec // as the umask says: documentation
			return atFile(filepath.Dir(path), err)
		}
		if err := os.WriteFile(path, []byte(p.text), 0o666); err != nil { //nolint:gosec // as the umask says: documentation
			return atFile(path, err)
		}
	}
	return nil
}

// inLanguage is this program with other texts.
func (a *app) inLanguage(l i18n.Lang) *app {
	b := *a
	b.m = i18n.For(l)
	return &b
}

// documented are the commands that people see, each before those below it.
func documented(root *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{root}
	for _, sub := range root.Commands() {
		if !sub.Hidden {
			all = append(all, documented(sub)...)
		}
	}
	return all
}

// pageName is the command path as a file name: trust-add.
func pageName(cmd *cobra.Command) string {
	_, path, _ := strings.Cut(cmd.CommandPath(), " ")
	return strings.ReplaceAll(path, " ", "-")
}

// flagText is a flag as people type it, what its value is, and its usage.
func flagText(f *pflag.Flag) (name, value, usage string) {
	value, usage = pflag.UnquoteUsage(f)
	name = "--" + f.Name
	if f.Shorthand != "" {
		name = "-" + f.Shorthand + ", " + name
	}
	return name, value, usage
}

func visibleFlags(set *pflag.FlagSet) []*pflag.Flag {
	var all []*pflag.Flag
	set.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			all = append(all, f)
		}
	})
	return all
}

// block is a paragraph of a help text; verbatim where its lines are laid out.
type block struct {
	lines    []string
	verbatim bool
}

// blocksOf splits a help text at its empty lines. Lines that are indented or
// set in columns keep their ends.
func blocksOf(text string) []block {
	var all []block
	for _, part := range strings.Split(strings.Trim(text, "\n"), "\n\n") {
		lines := strings.Split(part, "\n")
		columns := func(l string) bool { return strings.Contains(strings.TrimSpace(l), "  ") || strings.HasPrefix(l, "  ") }
		all = append(all, block{lines, slices.ContainsFunc(lines, columns)})
	}
	return all
}
