package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kyso-vn/kyso/internal/i18n"
)

const generatedNote = "<!-- Written by `make gen` out of the program's own help. Change internal/i18n instead. -->\n\n"

// jsonSchemas are the commands with a schema in docs/schema.
var jsonSchemas = []string{"config show", "demo", "doctor", "extend", "fields", "list-certs", "sign", "timestamp",
	"trust add", "trust list", "trust remove", "verify", "version"}

// markdownPages are docs/commands and docs/exit-codes.md, in English whatever
// the language is: they are kept under version control.
func (a *app) markdownPages() []page {
	b := a.inLanguage(i18n.English)
	root := newRootCommand(b)
	root.InitDefaultHelpCmd()
	pages := []page{{"commands/README.md", b.markdownIndex(root)}, {"exit-codes.md", b.markdownExitCodes()}}
	for _, cmd := range documented(root)[1:] {
		pages = append(pages, page{"commands/" + pageName(cmd) + ".md", b.markdownCommand(cmd)})
	}
	for _, name := range slices.Sorted(maps.Keys(b.m.Topics)) {
		if name != "exit-codes" {
			pages = append(pages, page{"commands/topic-" + name + ".md", b.markdownTopic(name)})
		}
	}
	return pages
}

func (a *app) markdownIndex(root *cobra.Command) string {
	var w strings.Builder
	w.WriteString(generatedNote + "# Commands\n\n" + markdownBlocks(root.Long))
	w.WriteString("| command | does |\n|---|---|\n")
	for _, cmd := range documented(root)[1:] {
		fmt.Fprintf(&w, "| [`%s`](%s.md) | %s |\n", cmd.CommandPath(), pageName(cmd), cell(cmd.Short))
	}
	w.WriteString("\n## Topics\n\n| topic | tells |\n|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(a.m.Topics)) {
		file := "topic-" + name + ".md"
		if name == "exit-codes" {
			file = "../exit-codes.md"
		}
		fmt.Fprintf(&w, "| [`kyso help %s`](%s) | %s |\n", name, file, cell(a.m.Topics[name].Short))
	}
	w.WriteString("\n")
	markdownFlags(&w, "Flags of every command", root.PersistentFlags())
	return w.String()
}

func (a *app) markdownExitCodes() string {
	topic := a.m.Topics["exit-codes"]
	var w strings.Builder
	w.WriteString(generatedNote + "# Exit codes\n\n" + markdownBlocks(topic.Long))
	w.WriteString("| code | meaning |\n|---|---|\n")
	for _, code := range exitCodes() {
		fmt.Fprintf(&w, "| %d | %s |\n", code, cell(a.m.Common.Exit[strconv.Itoa(code)]))
	}
	w.WriteString("\n" + markdownCode(topic.Example) + "\nThe messages behind them are in [troubleshooting.md](troubleshooting.md).\n")
	return w.String()
}

func (a *app) markdownCommand(cmd *cobra.Command) string {
	var w strings.Builder
	fmt.Fprintf(&w, "%s# %s\n\n%s.\n\n    %s\n\n", generatedNote, cmd.CommandPath(), cmd.Short, cmd.UseLine())
	w.WriteString("## Examples\n\n" + markdownCode(cmd.Example) + "\n## Description\n\n" + markdownBlocks(cmd.Long))
	if cmd.HasAvailableSubCommands() {
		w.WriteString("## Commands\n\n")
		for _, sub := range documented(cmd)[1:] {
			fmt.Fprintf(&w, "- [`%s`](%s.md): %s\n", sub.CommandPath(), pageName(sub), sub.Short)
		}
		w.WriteString("\n")
	}
	markdownFlags(&w, "Flags", cmd.LocalNonPersistentFlags())
	w.WriteString("\nThe flags of every command are in [README.md](README.md#flags-of-every-command)," +
		" what it exits with in [exit-codes.md](../exit-codes.md).\n")
	if _, path, _ := strings.Cut(cmd.CommandPath(), " "); slices.Contains(jsonSchemas, path) {
		name, _, _ := strings.Cut(path, " ")
		fmt.Fprintf(&w, "With `--json` it writes [kyso.%s/1](../schema/kyso.%[1]s.1.json).\n", name)
	}
	return w.String()
}

func (a *app) markdownTopic(name string) string {
	topic := a.m.Topics[name]
	return fmt.Sprintf("%s# %s\n\n%s\n%s", generatedNote, topic.Short, markdownCode(topic.Example), strings.TrimRight(markdownBlocks(topic.Long), "\n")+"\n")
}

func markdownFlags(w *strings.Builder, title string, set *pflag.FlagSet) {
	flags := visibleFlags(set)
	if len(flags) == 0 {
		return
	}
	fmt.Fprintf(w, "## %s\n\n| flag | meaning |\n|---|---|\n", title)
	for _, f := range flags {
		name, value, usage := flagText(f)
		fmt.Fprintf(w, "| `%s` | %s |\n", cell(strings.TrimSpace(name+" "+value)), cell(usage))
	}
}

// cell is a text in a table.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

// markdownCode is a block of commands: four spaces before each.
func markdownCode(example string) string {
	var w strings.Builder
	for _, line := range strings.Split(example, "\n") {
		w.WriteString("    " + strings.TrimSpace(line) + "\n")
	}
	return w.String()
}

func markdownBlocks(text string) string {
	var w strings.Builder
	for _, b := range blocksOf(text) {
		for _, line := range b.lines {
			if b.verbatim {
				line = "    " + line
			}
			w.WriteString(line + "\n")
		}
		w.WriteString("\n")
	}
	return w.String()
}
