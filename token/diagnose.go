package token

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"
)

// Severity of a finding.
type Severity int

// The severities.
const (
	Good    Severity = iota + 1 // as it should be
	Note                        // worth knowing
	Problem                     // stands in the way, or soon will
)

func (s Severity) String() string {
	switch s {
	case Good:
		return "good"
	case Note:
		return "note"
	case Problem:
		return "problem"
	}
	return fmt.Sprintf("Severity(%d)", int(s))
}

// Finding is one fact about tokens on this machine, without words: a caller
// has a sentence for each Code. Codes and the names of Values are stable.
type Finding struct {
	Code     string
	Severity Severity
	Values   map[string]string
}

// DiagnoseOptions for Diagnose.
type DiagnoseOptions struct {
	List ListOptions // Modules nil: found by Find
	Find FindOptions
	// Soon is how long before its end a certificate is worth a note; 0: 30 days.
	Soon time.Duration
}

// Diagnose looks at readers, drivers, slots, tokens and certificates, with no
// PIN and no network. The entries are those that List finds.
//
// Codes: system (os, arch), no_token_support; pcscd_running, pcscd_missing,
// reader_usb (product, vendor_id, product_id), reader_none; module_found
// (module, vendor, source), module_refused (module, kind, reason, arch),
// module_none; module_failed (module, kind, reason, code), module_timeout,
// module_crashed (module, reason); token (module, slot, label, serial,
// manufacturer, model, flags), token_none; pin_count_low, pin_last_try,
// pin_locked, pin_to_be_changed, pin_not_set, pin_pad, pin_guard (label,
// serial, slot, module); certificate_usable, certificate_unusable (reasons),
// certificate_expires_soon (cn, serial, not_after, module, slot),
// certificate_none.
func Diagnose(ctx context.Context, o DiagnoseOptions) ([]Finding, []Entry) {
	d := diagnosis{soon: o.Soon}
	if d.soon <= 0 {
		d.soon = 30 * 24 * time.Hour
	}
	if o.List.Now.IsZero() {
		o.List.Now = time.Now()
	}
	d.add("system", Good, "os", runtime.GOOS, "arch", runtime.GOARCH)
	if !TokenSupport {
		d.add("no_token_support", Problem)
	}
	d.findings = append(d.findings, readers()...)
	if o.List.Modules == nil {
		o.List.Modules = d.modules(Find(o.Find))
	}
	slots, failures := surveyAll(ctx, o.List)
	for _, e := range failures {
		d.failure(e)
	}
	d.tokens(slots)
	entries := collect(o.List.Now, slots)
	d.certificates(entries, o.List.Now)
	return d.findings, entries
}

type diagnosis struct {
	findings []Finding
	soon     time.Duration
}

// add takes pairs of a name and a value; empty values are left out.
func (d *diagnosis) add(code string, s Severity, pairs ...string) {
	f := Finding{Code: code, Severity: s, Values: map[string]string{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			f.Values[pairs[i]] = pairs[i+1]
		}
	}
	d.findings = append(d.findings, f)
}

func (d *diagnosis) modules(found []Found) []string {
	for _, f := range found {
		if f.Err == nil {
			d.add("module_found", Good, "module", f.Path, "vendor", f.Vendor, "source", f.Source)
			continue
		}
		arch := ""
		if f.Err.Kind == "wrong_arch" {
			arch = archWords(f.Library.OS, f.Library.Arch)
		}
		severity := Problem
		if f.Err.Kind == "not_pkcs11" {
			severity = Note
		}
		d.add("module_refused", severity, "module", f.Path, "vendor", f.Vendor, "kind", f.Err.Kind,
			"reason", f.Err.Err.Error(), "arch", arch)
	}
	paths := FoundPaths(found)
	if len(paths) == 0 {
		d.add("module_none", Problem)
	}
	return paths
}

func (d *diagnosis) failure(e *ModuleError) {
	code := "module_failed"
	if e.Kind == "timeout" || e.Kind == "crashed" {
		code = "module_" + e.Kind
	}
	ckr := ""
	if dev := deviceOf(e); dev != nil {
		ckr = CKRName(dev.Code)
	}
	d.add(code, Problem, "module", e.Module, "kind", e.Kind, "reason", e.Err.Error(), "code", ckr)
}

func (d *diagnosis) tokens(slots []moduleSlots) {
	n := 0
	for _, m := range slots {
		for _, s := range m.result.Slots {
			if !s.Token.Has(FlagTokenInitialized) && s.Token.Label == "" {
				continue
			}
			n++
			d.token(m.module, s)
		}
	}
	if n == 0 {
		d.add("token_none", Problem)
	}
}

var pinFlags = []struct {
	flag, code string
	severity   Severity
}{
	{FlagLocked, "pin_locked", Problem}, {FlagFinalTry, "pin_last_try", Problem},
	{FlagCountLow, "pin_count_low", Note}, {FlagToBeChanged, "pin_to_be_changed", Problem},
	{FlagPINPad, "pin_pad", Note},
}

func (d *diagnosis) token(module string, s probeSlot) {
	names := []string{"module", module, "slot", fmt.Sprint(s.Slot), "label", s.Token.Label, "serial", s.Token.Serial}
	d.add("token", Good, append(slices.Clone(names), "manufacturer", s.Token.Manufacturer, "model", s.Token.Model,
		"flags", fmt.Sprint(s.Token.Flags))...)
	for _, f := range pinFlags {
		if s.Token.Has(f.flag) {
			d.add(f.code, f.severity, names...)
			if f.flag == FlagLocked || f.flag == FlagFinalTry {
				break
			}
		}
	}
	if !s.Token.Has(FlagUserPINInitialized) {
		d.add("pin_not_set", Problem, names...)
	}
}

func (d *diagnosis) certificates(entries []Entry, now time.Time) {
	usable := 0
	for _, e := range entries {
		names := []string{"module", e.Module, "slot", fmt.Sprint(e.Slot), "label", e.Label}
		if c := e.Certificate; c != nil {
			names = append(names, "cn", ParseSubject(c).CN, "serial", c.SerialNumber.Text(16),
				"not_after", c.NotAfter.UTC().Format(time.RFC3339))
		}
		switch {
		case !e.Usable && slices.Contains(e.Reasons, ReasonCA):
		case !e.Usable:
			d.add("certificate_unusable", Note, append(names, "reasons", fmt.Sprint(e.Reasons))...)
		case e.Certificate.NotAfter.Sub(now) < d.soon:
			usable++
			d.add("certificate_expires_soon", Note, names...)
		default:
			usable++
			d.add("certificate_usable", Good, names...)
		}
	}
	if usable == 0 {
		d.add("certificate_none", Problem)
	}
}
