package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kyso-vn/kyso/internal/i18n"
)

// newRootCommand lists the commands: one line each.
func newRootCommand(a *app) *cobra.Command {
	root := a.command("kyso", "")
	root.Args = cobra.ArbitraryArgs
	root.Version = version
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usagef(func(e *i18n.Errors) string { return e.UnknownCommand }, args[0])
		}
		a.printHelp(cmd)
		return nil
	}
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return a.applyConfig(cmd) }
	a.global.addFlags(a.flags(root.PersistentFlags(), ""))
	root.PersistentFlags().BoolP("help", "h", false, a.m.Flags["help"])
	root.Flags().Bool("version", false, a.m.Flags["version"])
	root.SetVersionTemplate(a.versionText() + "\n")
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { a.printHelp(cmd) })
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return a.flagParseError(cmd, err) })
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.CompletionOptions.DisableDefaultCmd = true
	root.AddCommand(
		newListCertsCommand(a),
		newSignCommand(a),
		newVerifyCommand(a),
		newExtendCommand(a),
		newTimestampCommand(a),
		newFieldsCommand(a),
		newTrustCommand(a),
		newDoctorCommand(a),
		newDemoCommand(a),
		newConfigCommand(a),
		newCompletionCommand(a),
		newVersionCommand(a),
		newDocsCommand(a),
	)
	root.SetHelpCommand(newHelpCommand(a))
	a.addCompletions(root)
	return root
}

// command makes a command with its texts; path is the key of its help.
func (a *app) command(use, path string) *cobra.Command {
	help := a.m.Commands[path]
	return &cobra.Command{
		Use: use, Short: help.Short, Long: help.Long, Example: help.Example,
		SilenceErrors: true, SilenceUsage: true, DisableFlagsInUseLine: true,
		ValidArgsFunction: cobra.FixedCompletions(nil, cobra.ShellCompDirectiveDefault),
	}
}

// flags wraps a set so that flags get their texts.
func (a *app) flags(set *pflag.FlagSet, command string) flagSet {
	set.SortFlags = false
	return flagSet{FlagSet: set, m: a.m, command: command}
}

// flagParseError turns pflag's errors into usage errors of the language.
func (a *app) flagParseError(cmd *cobra.Command, err error) error {
	if errors.Is(err, pflag.ErrHelp) {
		return err
	}
	var missing *pflag.NotExistError
	var value *pflag.InvalidValueError
	var required *pflag.ValueRequiredError
	e := &usageError{cmd: cmd.CommandPath(), text: func(m *i18n.Messages) string { return fmt.Sprintf(m.Errors.Usage, err) }}
	switch {
	case errors.As(err, &missing):
		name := missing.GetSpecifiedName()
		if missing.GetSpecifiedShortnames() != "" {
			name = "-" + name
		} else {
			name = "--" + name
		}
		e.text = func(m *i18n.Messages) string { return fmt.Sprintf(m.Errors.UnknownFlag, name) }
	case errors.As(err, &value):
		e.text = func(m *i18n.Messages) string {
			return fmt.Sprintf(m.Errors.FlagValue, value.GetFlag().Name, fmt.Sprintf("%q", value.GetValue()))
		}
	case errors.As(err, &required):
		e.text = func(m *i18n.Messages) string { return fmt.Sprintf(m.Errors.FlagNoValue, required.GetFlag().Name) }
	}
	return e
}

// needFiles is the Args of commands that take at least one file.
func needFiles(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usagef(func(e *i18n.Errors) string { return e.NoFiles })
	}
	return nil
}

// noArgs is the Args of commands that take none.
func noArgs(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef(func(e *i18n.Errors) string { return e.Usage }, fmt.Sprintf("%q", args[0]))
	}
	return nil
}

// setLanguage reads --lang before the commands exist: their texts need it.
func (a *app) setLanguage(args []string) error {
	scanned := scanFlags(args, "lang", "config", "profile")
	lang := first(scanned["lang"], a.getenv("KYSO_LANG"))
	// What is wrong with the configuration is said in that language too.
	if err := a.speak(lang); err != nil {
		return err
	}
	if err := a.loadConfig(scanned["config"], scanned["profile"]); err != nil {
		return err
	}
	return a.speak(first(lang, a.config.value("lang")))
}

// speak sets the language; "" leaves it.
func (a *app) speak(lang string) error {
	if lang == "" {
		return nil
	}
	l, err := i18n.ParseLang(lang)
	if err != nil {
		return flagError("lang", err)
	}
	a.m = i18n.For(l)
	return nil
}

// topCommand is the command below the program that ran; "" for the program.
func topCommand(cmd *cobra.Command) string {
	words := strings.Fields(cmd.CommandPath())
	if len(words) < 2 {
		return ""
	}
	return words[1]
}

// asksJSON finds --json in arguments that could not all be read.
func asksJSON(args []string) bool {
	end := slices.Index(args, "--")
	if end < 0 {
		end = len(args)
	}
	return slices.Contains(args[:end], "--json") || slices.Contains(args[:end], "--json=true")
}

// scanFlags finds the values of a few long flags without knowing the others.
func scanFlags(args []string, names ...string) map[string]string {
	found := map[string]string{}
	for i, arg := range args {
		if arg == "--" {
			break
		}
		for _, n := range names {
			if v, ok := strings.CutPrefix(arg, "--"+n+"="); ok {
				found[n] = v
			}
			if arg == "--"+n && i+1 < len(args) {
				found[n] = args[i+1]
			}
		}
	}
	return found
}
