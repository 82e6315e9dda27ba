package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/i18n"
)

// newTrustCommand is `kyso trust list|add|remove`.
func newTrustCommand(a *app) *cobra.Command {
	cmd := a.command("trust list|add|remove", "trust")
	cmd.Args = noArgs
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		a.printHelp(cmd)
		return nil
	}
	list := a.command("list", "trust list")
	list.Args = noArgs
	list.RunE = func(*cobra.Command, []string) error { return runTrustList(a) }
	cmd.AddCommand(list, newTrustAddCommand(a), newTrustRemoveCommand(a))
	return cmd
}

// trustStore is the folder of anchors; an error where the user has none.
func (a *app) trustStore() (*certpath.Store, error) {
	dir := a.trustDir()
	if dir == "" {
		return nil, trustFailure("trust_no_folder", nil, func(m *i18n.Messages) string { return m.Trust.NoFolder })
	}
	return &certpath.Store{Dir: dir}, nil
}

// trustFailure is an error with exit 1 that only trust has.
func trustFailure(code string, hint func(*i18n.Trust) string, text func(*i18n.Messages) string) error {
	e := &codedError{status: status{exitFailed, code}, text: text}
	if hint != nil {
		e.hints = func(m *i18n.Messages) []string { return []string{hint(&m.Trust)} }
	}
	return e
}

func runTrustList(a *app) error {
	store, err := a.trustStore()
	if err != nil {
		return err
	}
	entries, warnings, err := store.List()
	if err != nil {
		return trustError(store.Dir, err)
	}
	for _, w := range warnings {
		a.warnf("%v", w)
	}
	if len(entries) == 0 && !a.global.json {
		a.notef(a.m.Trust.Empty, fmt.Sprintf(a.m.Trust.Folder, store.Dir))
		a.say(a.m.Common.HintPrefix, a.m.Trust.HintAdd)
		return nil
	}
	for i := range entries {
		a.showAnchor(&entries[i], "listed")
	}
	return nil
}

func newTrustRemoveCommand(a *app) *cobra.Command {
	cmd := a.command("remove FINGERPRINT", "trust remove")
	cmd.Args = func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usagef(func(e *i18n.Errors) string { return e.Usage }, "trust remove FINGERPRINT")
		}
		return nil
	}
	cmd.RunE = func(_ *cobra.Command, args []string) error { return runTrustRemove(a, args[0]) }
	cmd.ValidArgsFunction = a.completeAnchors
	return cmd
}

func runTrustRemove(a *app, prefix string) error {
	store, err := a.trustStore()
	if err != nil {
		return err
	}
	entry, err := store.Remove(prefix)
	if err != nil {
		return removeError(prefix, err)
	}
	a.showAnchor(&entry, "removed")
	return nil
}

func removeError(prefix string, err error) error {
	list := func(t *i18n.Trust) string { return t.HintList }
	say := func(pick func(*i18n.Trust) string, detail any) func(*i18n.Messages) string {
		return func(m *i18n.Messages) string { return fmt.Sprintf(pick(&m.Trust), detail) }
	}
	switch {
	case !hexPrefix(prefix):
		return &codedError{status: status{exitUsage, "usage"}, text: say(func(t *i18n.Trust) string { return t.BadPrefix }, prefix),
			hints: func(m *i18n.Messages) []string { return []string{m.Trust.HintList} }}
	case errors.Is(err, certpath.ErrNotFound):
		return trustFailure("trust_not_found", list, say(func(t *i18n.Trust) string { return t.NotFound }, prefix))
	case errors.Is(err, certpath.ErrAmbiguous):
		return trustFailure("trust_ambiguous", list, say(func(t *i18n.Trust) string { return t.Ambiguous }, prefix))
	}
	return trustFailure("trust_not_removed", nil, say(func(t *i18n.Trust) string { return t.Shared }, err))
}

// completeAnchors offers fingerprints to the shell.
func (a *app) completeAnchors(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	const noFiles = cobra.ShellCompDirectiveNoFileComp
	store, err := a.trustStore()
	if err != nil || len(args) > 0 {
		return nil, noFiles
	}
	entries, _, _ := store.List()
	var out []cobra.Completion
	for _, e := range entries {
		out = append(out, cobra.CompletionWithDesc(e.Fingerprint[:16], anchorName(e.Certificate)))
	}
	return out, noFiles
}
