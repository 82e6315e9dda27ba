package main

import (
	"slices"

	"github.com/spf13/pflag"
)

// rivals are choices of which a command takes one. A choice that is made
// nearer to the user keeps the others out: --p12 on the command line means
// that key though a profile names a module.
var rivals = [][][]string{
	{{"module", "token", "token-serial", "slot"}, {"p12"}, {"key", "cert-file"}},
	{{"pin-file"}, {"pin-fd"}},
	{{"output"}, {"out-dir"}},
	{{"invisible"}, {"rect"}, {"at"}, {"at-text"}, {"mark"}},
	{{"invisible"}, {"preset"}},
	{{"rect"}, {"size"}},
	{{"mark"}, {"page"}},
	{{"require-revocation"}, {"ignore-revocation"}},
}

// Where a value comes from, nearest first.
const (
	rankFlag = iota
	rankEnv
	rankProfile
	rankNone
)

func (a *app) rank(f *pflag.Flag) int {
	_, inProfile := a.config.settings[f.Name]
	switch {
	case f.Changed:
		return rankFlag
	case notFromConfig(f.Name):
		return rankNone
	case a.getenv(envName(f.Name)) != "":
		return rankEnv
	case inProfile:
		return rankProfile
	}
	return rankNone
}

// outranked tells whether a rival of the flag was chosen nearer to the user.
func (a *app) outranked(set *pflag.FlagSet, f *pflag.Flag) bool {
	own := a.rank(f)
	for _, choices := range rivals {
		mine := slices.IndexFunc(choices, func(c []string) bool { return slices.Contains(c, f.Name) })
		if mine < 0 {
			continue
		}
		for i, choice := range choices {
			for _, name := range choice {
				if other := set.Lookup(name); i != mine && other != nil && a.rank(other) < own {
					return true
				}
			}
		}
	}
	return false
}
