package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kyso-vn/kyso/internal/atomicfile"
)

// newConfigCommand is `kyso config init|show`.
func newConfigCommand(a *app) *cobra.Command {
	cmd := a.command("config init|show", "config")
	cmd.Args = noArgs
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		a.printHelp(cmd)
		return nil
	}
	initCmd := a.command("init", "config init")
	initCmd.Args = noArgs
	var force bool
	a.flags(initCmd.Flags(), "config init").yes(&force, "force")
	// The file to make need not be there, so the one in use is not applied.
	initCmd.PersistentPreRunE = func(*cobra.Command, []string) error { return nil }
	initCmd.RunE = func(cmd *cobra.Command, _ []string) error { return a.initConfig(cmd.Root(), force) }
	show := a.command("show", "config show")
	show.Args = noArgs
	show.RunE = func(cmd *cobra.Command, _ []string) error { return a.showConfig(cmd.Root()) }
	cmd.AddCommand(initCmd, show)
	return cmd
}

// initConfig writes a sample with every flag as a comment.
func (a *app) initConfig(root *cobra.Command, force bool) error {
	path := a.config.path
	if path == "" {
		return errors.New("there is no configuration folder")
	}
	var b strings.Builder
	for _, line := range strings.Split(a.m.Config.Header, "\n") {
		fmt.Fprintf(&b, "# %s\n", line)
	}
	b.WriteString("profiles:\n  default:\n")
	all := allFlags(root)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if notFromConfig(name) {
			continue
		}
		value := all[name].DefValue
		switch all[name].Value.Type() {
		case "stringArray":
			value = "[]"
		case "string":
			value = fmt.Sprintf("%q", value)
		}
		usage := strings.ReplaceAll(all[name].Usage, "`", "")
		fmt.Fprintf(&b, "    # %s\n    #%s: %s\n", usage, name, value)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := atomicfile.Create(path, atomicfile.Options{Force: force, Mode: 0o600})
	if err != nil {
		return atFile(path, err)
	}
	defer f.Abort()
	if _, err := f.WriteString(b.String()); err != nil {
		return err
	}
	if err := f.Commit(); err != nil {
		return err
	}
	fmt.Fprintf(a.out, a.m.Config.Written+"\n", printable(path))
	return nil
}

type settingJSON struct {
	Schema string   `json:"schema"`
	Key    string   `json:"key"`
	Values []string `json:"values"`
	Origin string   `json:"origin"` // environment, profile
	From   string   `json:"from"`   // the variable, or file and line
}

// showConfig prints what is set outside of the command line, and where.
func (a *app) showConfig(root *cobra.Command) error {
	profile := a.config.profile
	if profile == "" {
		profile = defaultProfile
	}
	if !a.global.json {
		if !a.config.exists {
			fmt.Fprintf(a.out, a.m.Config.NoFile+"\n", printable(a.config.path))
		} else {
			fmt.Fprintf(a.out, a.m.Config.ProfileRow+"\n", printable(a.config.path), printable(profile))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(allFlags(root))) {
		values, from := a.settingOf(name)
		if len(values) == 0 || notFromConfig(name) {
			continue
		}
		origin, text := "profile", fmt.Sprintf(a.m.Config.FromFile, profile)
		if from == envName(name) {
			origin, text = "environment", fmt.Sprintf(a.m.Config.FromEnv, from)
		}
		if a.global.json {
			a.jsonLine(settingJSON{"kyso.config/1", name, values, origin, from})
			continue
		}
		fmt.Fprintf(a.out, "%s = %s  (%s)\n", name, printable(strings.Join(values, ", ")), printable(text))
	}
	return nil
}
