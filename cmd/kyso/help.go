package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kyso-vn/kyso/internal/i18n"
)

// printHelp writes the help of a command: examples first, exit codes last.
func (a *app) printHelp(cmd *cobra.Command) {
	c := &a.m.Common
	w := a.out
	fmt.Fprintf(w, "%s\n\n%s:\n%s\n\n%s\n\n", cmd.Short, c.Examples, cmd.Example, fill(w, cmd.Long))
	fmt.Fprintf(w, "%s:\n  %s\n", c.Usage, cmd.UseLine())
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(w, "\n%s:\n", c.Commands)
		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() || sub.Name() == "help" {
				fmt.Fprintf(w, "  %-11s %s\n", sub.Name(), sub.Short)
			}
		}
	}
	printFlags(w, c.Flags, cmd.LocalNonPersistentFlags())
	printFlags(w, c.GlobalFlags, cmd.Root().PersistentFlags())
	a.printExitCodes(w)
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(w, "\n"+c.MoreHelp+"\n", cmd.CommandPath())
	}
}

// printFlags aligns by characters, where pflag counts bytes. Defaults stand in
// the usage texts.
func printFlags(w io.Writer, title string, set *pflag.FlagSet) {
	flags := visibleFlags(set)
	if len(flags) == 0 {
		return
	}
	leads, widest := make([]string, len(flags)), 0
	for i, f := range flags {
		name, value, _ := flagText(f)
		if f.Shorthand == "" {
			name = "    " + name
		}
		leads[i] = strings.TrimRight("  "+name+" "+value, " ")
		widest = max(widest, utf8.RuneCountInString(leads[i]))
	}
	fmt.Fprintf(w, "\n%s:\n", title)
	for i, f := range flags {
		_, _, usage := flagText(f)
		pad := strings.Repeat(" ", widest-utf8.RuneCountInString(leads[i]))
		hangAt(w, helpWidth(w), leads[i]+pad+"  ", usage)
	}
}

// printExitCodes writes the table of the contract.
func (a *app) printExitCodes(w io.Writer) {
	fmt.Fprintf(w, "\n%s:\n", a.m.Common.ExitCodes)
	for _, code := range exitCodes() {
		fmt.Fprintf(w, "  %3d  %s\n", code, a.m.Common.Exit[strconv.Itoa(code)])
	}
}

// newHelpCommand is `kyso help COMMAND|TOPIC`.
func newHelpCommand(a *app) *cobra.Command {
	cmd := a.command("help [COMMAND|TOPIC]", "help")
	cmd.ValidArgsFunction = func(c *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		names := slices.Sorted(maps.Keys(a.m.Topics))
		for _, sub := range c.Root().Commands() {
			names = append(names, sub.Name())
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 1 {
			if topic, ok := a.m.Topics[args[0]]; ok {
				a.printTopic(args[0], topic)
				return nil
			}
		}
		found, rest, err := cmd.Root().Find(args)
		if err != nil || len(rest) > 0 {
			return usagef(func(e *i18n.Errors) string { return e.UnknownCommand }, strings.Join(args, " "))
		}
		a.printHelp(found)
		return nil
	}
	return cmd
}

func (a *app) printTopic(name string, topic i18n.Help) {
	fmt.Fprintf(a.out, "%s\n\n%s:\n%s\n\n%s\n", topic.Short, a.m.Common.Examples, topic.Example, fill(a.out, topic.Long))
	if name == "exit-codes" {
		a.printExitCodes(a.out)
	}
}
