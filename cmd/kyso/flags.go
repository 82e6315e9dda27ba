package main

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/kyso-vn/kyso/internal/i18n"
)

// flagSet adds flags with their usage texts in the user's language.
type flagSet struct {
	*pflag.FlagSet
	m       *i18n.Messages
	command string
}

// usage is the text of a flag; a command may have its own.
func (f flagSet) usage(name string) string {
	if text, ok := f.m.Flags[f.command+" "+name]; ok {
		return text
	}
	return f.m.Flags[name]
}

func (f flagSet) str(p *string, name string) { f.StringVar(p, name, *p, f.usage(name)) }

func (f flagSet) strP(p *string, name, short string) { f.StringVarP(p, name, short, *p, f.usage(name)) }

func (f flagSet) list(p *[]string, name string) { f.StringArrayVar(p, name, nil, f.usage(name)) }

func (f flagSet) yes(p *bool, name string) { f.BoolVar(p, name, *p, f.usage(name)) }

func (f flagSet) num(p *int, name string) { f.IntVar(p, name, *p, f.usage(name)) }

func (f flagSet) float(p *float64, name string) { f.Float64Var(p, name, *p, f.usage(name)) }

// globalOptions are the flags of every command.
type globalOptions struct {
	lang       string
	json       bool
	quiet      bool
	verbose    bool
	noProgress bool
	config     string
	profile    string
}

func (o *globalOptions) addFlags(f flagSet) {
	f.str(&o.lang, "lang")
	f.yes(&o.json, "json")
	f.BoolVarP(&o.quiet, "quiet", "q", false, f.usage("quiet"))
	f.BoolVarP(&o.verbose, "verbose", "v", false, f.usage("verbose"))
	f.yes(&o.noProgress, "no-progress")
	f.str(&o.config, "config")
	f.str(&o.profile, "profile")
}

// tokenOptions say which token.
type tokenOptions struct {
	modules []string
	label   string
	serial  string
	slot    int    // -1: any
	timeout string // of a driver that lists; "": token.DefaultTimeout
}

func (o *tokenOptions) addFlags(f flagSet) {
	o.slot = -1
	f.list(&o.modules, "module")
	f.str(&o.label, "token")
	f.str(&o.serial, "token-serial")
	f.num(&o.slot, "slot")
	f.str(&o.timeout, "timeout")
}

func (o *tokenOptions) validate() error {
	if o.timeout == "" {
		return nil
	}
	if _, err := parseWait(o.timeout); err != nil {
		return flagError("timeout", err)
	}
	return nil
}

// p12Options name a key file.
type p12Options struct {
	file         string
	passwordFile string
}

func (o *p12Options) addFlags(f flagSet) {
	f.str(&o.file, "p12")
	f.str(&o.passwordFile, "p12-password-file")
}

func (o *p12Options) source() secretSource {
	return secretSource{file: o.passwordFile, fd: -1, env: envP12Password, flag: "p12-password-file"}
}

// pdfPasswordOptions open an encrypted document.
type pdfPasswordOptions struct{ file string }

func (o *pdfPasswordOptions) addFlags(f flagSet) { f.str(&o.file, "pdf-password-file") }

func (o *pdfPasswordOptions) source() secretSource {
	return secretSource{file: o.file, fd: -1, env: envPDFPassword, flag: "pdf-password-file"}
}

// outputOptions say where results go.
type outputOptions struct {
	output string // -o; "": beside the input
	outDir string
	force  bool
	folder *outFolder // outDir
}

func (o *outputOptions) addFlags(f flagSet) {
	f.strP(&o.output, "output", "o")
	f.str(&o.outDir, "out-dir")
	f.yes(&o.force, "force")
	o.folder = &outFolder{}
}

func (o *outputOptions) validate(files int) error {
	if o.output != "" && o.outDir != "" {
		return together("output", "out-dir")
	}
	if o.output != "" && files > 1 {
		return usagef(func(e *i18n.Errors) string { return e.OneOutput })
	}
	return nil
}

// together says that two flags exclude each other.
func together(a, b string) error {
	return usagef(func(e *i18n.Errors) string { return e.FlagsTogether }, a, b)
}

// needs says that a flag means nothing without another.
func needs(a, b string) error {
	return usagef(func(e *i18n.Errors) string { return e.FlagNeeds }, a, b)
}

// oneOf checks a value against a list; "" is always fine.
func oneOf(flag, value string, allowed ...string) error {
	if value == "" {
		return nil
	}
	for _, a := range allowed {
		if value == a {
			return nil
		}
	}
	return flagError(flag, fmt.Sprintf("%q (%s)", value, strings.Join(allowed, ", ")))
}
