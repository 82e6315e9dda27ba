package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/token"
)

// doctorOptions are the flags of doctor.
type doctorOptions struct {
	modules     []string
	timeout     string
	online      bool
	tsa         tsaOptions
	trust       trustOptions
	network     networkOptions
	pdfPassword pdfPasswordOptions
}

func (o *doctorOptions) addFlags(f flagSet) {
	f.list(&o.modules, "module")
	f.str(&o.timeout, "timeout")
	f.yes(&o.online, "online")
	o.tsa.addFlags(f)
	o.trust.addFlags(f)
	o.network.addFlags(f)
	o.pdfPassword.addFlags(f)
}

// finding is one fact for support, with what its sentence needs.
type finding struct {
	code     string
	kind     string // chooses a closer sentence: CODE.KIND
	severity token.Severity
	values   map[string]string // as scripts see them
	err      error             // the value "reason", in the language of the reader
	reasons  []string          // the value "reasons" likewise: those of a certificate
}

// doctorRun gathers the findings.
type doctorRun struct {
	a        *app
	o        *doctorOptions
	file     string // "": none
	findings []finding
	entries  []token.Entry
}

func newDoctorCommand(a *app) *cobra.Command {
	cmd := a.command("doctor [FILE]", "doctor")
	cmd.Args = func(_ *cobra.Command, args []string) error {
		if len(args) > 1 {
			return usagef(func(e *i18n.Errors) string { return e.Usage }, fmt.Sprintf("%q", args[1]))
		}
		return nil
	}
	o := &doctorOptions{}
	o.addFlags(a.flags(cmd.Flags(), "doctor"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return runDoctor(cmd.Context(), a, o, args) }
	return cmd
}

// runDoctor looks at everything; what is wrong is a finding and no error.
func runDoctor(ctx context.Context, a *app, o *doctorOptions, args []string) error {
	if err := o.tsa.validate(); err != nil {
		return err
	}
	d := &doctorRun{a: a, o: o}
	if len(args) == 1 {
		d.file = args[0]
	}
	for _, look := range []func(context.Context) error{d.machine, d.tokens, d.trust, d.folders, d.online, d.document} {
		if err := look(ctx); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return errInterrupted
		}
	}
	d.settle()
	d.show()
	if exit := d.exit(); exit != exitOK {
		return &reportedError{exit}
	}
	return nil
}

// add takes pairs of a name and a value.
func (d *doctorRun) add(code string, s token.Severity, pairs ...string) *finding {
	f := finding{code: code, severity: s, values: map[string]string{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.values[pairs[i]] = pairs[i+1]
	}
	d.findings = append(d.findings, f)
	return &d.findings[len(d.findings)-1]
}

func (d *doctorRun) has(code string) bool {
	return slices.ContainsFunc(d.findings, func(f finding) bool { return f.code == code })
}

// settle takes back the alarm over what does not matter, as a token with a
// usable certificate was found all the same.
func (d *doctorRun) settle() {
	usable := d.has("certificate_usable") || d.has("certificate_expires_soon")
	for i := range d.findings {
		f := &d.findings[i]
		switch {
		case f.code == "pcscd_missing" && d.has("token"), f.code == "module_refused" && usable && len(d.o.modules) == 0:
			f.severity = token.Note
		}
	}
}

// exit is 10 where there is nothing to sign with, 1 where something else is
// wrong.
func (d *doctorRun) exit() int {
	code := exitOK
	for _, f := range d.findings {
		if f.severity != token.Problem {
			continue
		}
		switch f.code {
		case "no_token_support", "module_none", "token_none":
			return exitNoKey
		case "certificate_none":
			if !d.has("certificate_unusable") {
				return exitNoKey
			}
		}
		code = exitFailed
	}
	return code
}

// machine tells what this is and whether its clock can be right.
func (d *doctorRun) machine(context.Context) error {
	now := d.a.now()
	// This program is younger.
	if now.Year() < 2026 {
		d.add("clock_unset", token.Problem, "time", now.UTC().Format(time.RFC3339))
	}
	return nil
}

// tokens are drivers, readers, tokens and certificates, with no PIN.
func (d *doctorRun) tokens(ctx context.Context) error {
	list := token.ListOptions{Now: d.a.now(), Self: d.a.self}
	if d.o.timeout != "" {
		var err error
		if list.Timeout, err = parseWait(d.o.timeout); err != nil {
			return flagError("timeout", err)
		}
	}
	for _, m := range d.o.modules {
		if abs, err := filepath.Abs(m); err == nil {
			m = abs
		}
		list.Modules = append(list.Modules, m)
	}
	found, entries := token.Diagnose(ctx, token.DiagnoseOptions{List: list})
	d.entries = entries
	for _, f := range found {
		d.findings = append(d.findings, d.translate(f))
		if f.Code == "token" {
			d.guard(f)
		}
	}
	return nil
}

// translate adds what the words need to a finding of package token.
func (d *doctorRun) translate(t token.Finding) finding {
	f := finding{code: t.Code, severity: t.Severity, values: map[string]string{}}
	for k, v := range t.Values {
		f.values[k] = v
	}
	switch t.Code {
	case "system":
		f.values["version"] = version
	case "module_refused", "module_failed":
		f.kind, f.values["system"] = t.Values["kind"], system()
		// One that --module names is not looked at by Find.
		if slices.Contains([]string{"missing", "wrong_arch", "refused_path", "not_pkcs11"}, f.kind) {
			f.code = "module_refused"
		}
		if f.kind == "wrong_arch" && f.values["arch"] == "" {
			lib, _ := token.ReadLibrary(t.Values["module"]) // it was read a moment ago
			f.values["arch"] = lib.OS + "/" + strings.Join(lib.Arch, ", ")
		}
	case "certificate_unusable":
		f.reasons = strings.Fields(strings.Trim(t.Values["reasons"], "[]")) // fmt.Sprint of a slice
	}
	return f
}

// guard tells of a token that scripts may not try.
func (d *doctorRun) guard(t token.Finding) {
	dir := d.a.guardDir()
	if dir == "" {
		return
	}
	info := token.Info{Label: t.Values["label"], Serial: t.Values["serial"], Manufacturer: t.Values["manufacturer"], Model: t.Values["model"]}
	path := token.GuardPath(dir, info)
	if exists(path) {
		d.add("pin_guard", token.Problem, "label", info.Label, "serial", info.Serial, "slot", t.Values["slot"],
			"module", t.Values["module"], "path", path)
	}
}
