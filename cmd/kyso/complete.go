package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/sign"
	"github.com/kyso-vn/kyso/token"
)

// choices are the values that a shell offers for a flag.
func choices() map[string][]string {
	var presets []string
	for _, p := range appearance.Presets() {
		presets = append(presets, p.Name)
	}
	levels := []string{"B-B", "B-T", "B-LT", "B-LTA"}
	corners := append(appearance.Corners(), "auto")
	return map[string][]string{
		"lang": {"vi", "en"}, "level": levels, "require-level": levels, "preset": presets, "at": corners,
		"scheme": {"pkcs1", "pss"}, "digest": {"sha256", "sha384", "sha512"}, "certify": {"1", "2", "3"},
		"style": {"text", "image-text", "image"}, "anchor": {"below", "above", "left", "right", "over"},
		"font": {"sans", "serif"}, "purpose": {"signing", "timestamping"}, "page": {"last", "all"},
	}
}

// addCompletions gives the flags of all commands what a shell can offer.
func (a *app) addCompletions(root *cobra.Command) {
	fixed := choices()
	for _, cmd := range documented(root) {
		for name, values := range fixed {
			if cmd.LocalFlags().Lookup(name) != nil {
				_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
			}
		}
	}
	_ = root.RegisterFlagCompletionFunc("profile", func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return a.config.profiles, cobra.ShellCompDirectiveNoFileComp
	})
}

// completing tells whether a shell asks.
func completing(cmd *cobra.Command) bool {
	return slices.Contains([]string{cobra.ShellCompRequestCmd, cobra.ShellCompNoDescRequestCmd}, cmd.Name())
}

// completeCerts offers the certificates of the tokens by number and by serial
// number.
func (a *app) completeCerts(o *keyOptions) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		_ = a.applyConfig(cmd) // the profile's drivers
		found := a.survey(cmd.Context(), o.tokenOptions)
		var numbers, serials []cobra.Completion
		for i := range found.entries {
			if e := &found.entries[i]; e.Usable {
				name := printable(token.ParseSubject(e.Certificate).CN)
				numbers = append(numbers, cobra.CompletionWithDesc(strconv.Itoa(i+1), name))
				serials = append(serials, cobra.CompletionWithDesc(e.Certificate.SerialNumber.Text(16), fmt.Sprintf("%d. %s", i+1, name)))
			}
		}
		return append(numbers, serials...), cobra.ShellCompDirectiveNoFileComp
	}
}

// completeFields offers the empty signature fields of the files that are
// named already.
func completeFields(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var names []cobra.Completion
	for _, file := range args {
		for _, f := range fieldsIn(cmd.Context(), file) {
			if !f.Filled {
				names = append(names, cobra.CompletionWithDesc(printable(f.Name), base(file)))
			}
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// fieldsIn reads the fields of a file; none where it can't.
func fieldsIn(ctx context.Context, file string) []sign.FieldInfo {
	f, err := os.Open(file)
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	fields, err := sign.ListFields(ctx, f, info.Size(), nil)
	if err != nil {
		return nil
	}
	return fields
}
