package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// manPages are the pages of the app's language: kyso.1, kyso-sign.1 ..., and
// kyso-placement.7 ... for the topics. They carry no date, so that a build is
// the same every day.
func (a *app) manPages() []page {
	root := newRootCommand(a)
	root.InitDefaultHelpCmd()
	commands := documented(root)
	var pages []page
	for _, cmd := range commands {
		name := manName(cmd)
		pages = append(pages, page{"man1/" + name + ".1", a.manCommand(cmd, name)})
	}
	for _, name := range slices.Sorted(maps.Keys(a.m.Topics)) {
		pages = append(pages, page{"man7/kyso-" + name + ".7", a.manTopic(name)})
	}
	return pages
}

func manName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// manHead opens a page: title and name. groff, man(7).
func (a *app) manHead(w *strings.Builder, name, section, short string) {
	d := &a.m.Docs
	fmt.Fprintf(w, ".\\\" Written by kyso docs man.\n.TH \"%s\" \"%s\" \"\" \"kyso %s\" \"%s\"\n", strings.ToUpper(name), section, version, d.Manual)
	fmt.Fprintf(w, ".SH %s\n%s \\- %s\n", d.Name, roff(name), roff(short))
}

func (a *app) manCommand(cmd *cobra.Command, name string) string {
	var w strings.Builder
	d := &a.m.Docs
	a.manHead(&w, name, "1", cmd.Short)
	fmt.Fprintf(&w, ".SH %s\n.B %s\n", d.Synopsis, roff(cmd.UseLine()))
	fmt.Fprintf(&w, ".SH %s\n", d.Description)
	manBlocks(&w, cmd.Long)
	manExamples(&w, d.Examples, cmd.Example)
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&w, ".SH %s\n", d.Commands)
		for _, sub := range cmd.Commands() {
			if !sub.Hidden {
				fmt.Fprintf(&w, ".TP\n.BR %s (1)\n%s\n", roff(manName(sub)), roff(sub.Short))
			}
		}
	}
	manFlags(&w, d.Options, cmd.LocalNonPersistentFlags())
	manFlags(&w, d.GlobalOptions, cmd.Root().PersistentFlags())
	a.manExitCodes(&w)
	manSeeAlso(&w, d.SeeAlso, cmd)
	return w.String()
}

func (a *app) manTopic(name string) string {
	var w strings.Builder
	topic := a.m.Topics[name]
	a.manHead(&w, "kyso-"+name, "7", topic.Short)
	fmt.Fprintf(&w, ".SH %s\n", a.m.Docs.Description)
	manBlocks(&w, topic.Long)
	manExamples(&w, a.m.Docs.Examples, topic.Example)
	if name == "exit-codes" {
		a.manExitCodes(&w)
	}
	fmt.Fprintf(&w, ".SH %s\n.BR kyso (1)\n", a.m.Docs.SeeAlso)
	return w.String()
}

func (a *app) manExitCodes(w *strings.Builder) {
	fmt.Fprintf(w, ".SH %s\n", a.m.Docs.ExitStatus)
	for _, code := range exitCodes() {
		fmt.Fprintf(w, ".TP\n.B %d\n%s\n", code, roff(a.m.Common.Exit[strconv.Itoa(code)]))
	}
}

func manExamples(w *strings.Builder, title, example string) {
	fmt.Fprintf(w, ".SH %s\n.nf\n", title)
	for _, line := range strings.Split(example, "\n") {
		fmt.Fprintf(w, "%s\n", roff(strings.TrimSpace(line)))
	}
	w.WriteString(".fi\n")
}

func manFlags(w *strings.Builder, title string, set *pflag.FlagSet) {
	flags := visibleFlags(set)
	if len(flags) == 0 {
		return
	}
	fmt.Fprintf(w, ".SH %s\n", title)
	for _, f := range flags {
		name, value, usage := flagText(f)
		fmt.Fprintf(w, ".TP\n\\fB%s\\fR", roff(name))
		if value != "" {
			fmt.Fprintf(w, " \\fI%s\\fR", roff(value))
		}
		fmt.Fprintf(w, "\n%s\n", roff(usage))
	}
}

func manSeeAlso(w *strings.Builder, title string, cmd *cobra.Command) {
	pages := []string{}
	for _, other := range documented(cmd.Root()) {
		if other != cmd && (other.Parent() == nil || other.Parent() == cmd.Root()) {
			pages = append(pages, fmt.Sprintf(".BR %s (1)", roff(manName(other))))
		}
	}
	fmt.Fprintf(w, ".SH %s\n%s\n", title, strings.Join(pages, ",\n"))
}

func manBlocks(w *strings.Builder, text string) {
	for i, b := range blocksOf(text) {
		if i > 0 {
			w.WriteString(".PP\n")
		}
		if b.verbatim {
			w.WriteString(".nf\n")
		}
		for _, line := range b.lines {
			fmt.Fprintf(w, "%s\n", roff(line))
		}
		if b.verbatim {
			w.WriteString(".fi\n")
		}
	}
}

// roff escapes a line of text: what groff would take for a command, an escape
// or a typographic sign.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`, "\n", " ", "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`).Replace(s)
	if strings.HasPrefix(s, ".") {
		s = `\&` + s
	}
	return s
}
