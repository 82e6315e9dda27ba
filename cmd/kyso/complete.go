package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/kyso-vn/kyso/token"
)

// completeCerts offers the certificates of the tokens by serial number.
func (a *app) completeCerts(o *keyOptions) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		found := a.survey(cmd.Context(), o.tokenOptions)
		var out []cobra.Completion
		for i := range found.entries {
			if e := &found.entries[i]; e.Usable {
				s := token.ParseSubject(e.Certificate)
				out = append(out, cobra.CompletionWithDesc(e.Certificate.SerialNumber.Text(16), fmt.Sprintf("%d. %s", i+1, printable(s.CN))))
			}
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	}
}
