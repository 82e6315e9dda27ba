package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"
)

// versionText is one line about this build.
func (a *app) versionText() string {
	tokens := a.m.Common.No
	if hasTokenSupport() {
		tokens = a.m.Common.Yes
	}
	return fmt.Sprintf(a.m.Common.Version, version, runtime.Version(), system(), tokens)
}

type versionJSON struct {
	Schema  string `json:"schema"`
	Version string `json:"version"`
	Go      string `json:"go"`
	System  string `json:"system"`
	Tokens  bool   `json:"tokens"`
}

func newVersionCommand(a *app) *cobra.Command {
	cmd := a.command("version", "version")
	cmd.Args = noArgs
	cmd.RunE = func(*cobra.Command, []string) error {
		if a.global.json {
			a.jsonLine(versionJSON{"kyso.version/1", version, runtime.Version(), system(), hasTokenSupport()})
			return nil
		}
		fmt.Fprintln(a.out, a.versionText())
		return nil
	}
	return cmd
}

// newCompletionCommand prints completion code; cobra writes it.
func newCompletionCommand(a *app) *cobra.Command {
	cmd := a.command("completion bash|zsh|fish|powershell", "completion")
	cmd.ValidArgs = []string{"bash", "zsh", "fish", "powershell"}
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return noArgs(cmd, append(args, cmd.Use))
		}
		return nil
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		root := cmd.Root()
		switch args[0] {
		case "bash":
			return root.GenBashCompletionV2(a.out, true)
		case "zsh":
			return root.GenZshCompletion(a.out)
		case "fish":
			return root.GenFishCompletion(a.out, true)
		case "powershell":
			return root.GenPowerShellCompletionWithDesc(a.out)
		}
		return noArgs(cmd, args)
	}
	return cmd
}
