package token

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"
)

// ListOptions for List.
type ListOptions struct {
	Modules []string // absolute paths; nil: found by Find
	Now     time.Time
	Timeout time.Duration // per module; 0: 10 s
	// Self is this program's path for probing in a child process (with the
	// hidden argument ProbeArg); empty: probe in this process, which a driver
	// may crash.
	Self string
}

// DefaultTimeout is what a driver gets to list its certificates.
const DefaultTimeout = 10 * time.Second

// maxProbes run at once; more modules than that wait for a place.
const maxProbes = 64

// maxAnswer bounds what a child may print.
const maxAnswer = 16 << 20

// List lists certificates without a PIN, usable first. All modules are asked
// at once; those that failed are in errs, and the others still list. The
// order is that of the modules and of their slots, so the numbers that people
// see are stable while nothing changes.
func List(ctx context.Context, o ListOptions) (entries []Entry, errs []*ModuleError) {
	_, entries, errs = Survey(ctx, o)
	return entries, errs
}

// moduleSlots is what one module answered.
type moduleSlots struct {
	module string
	result probeResult
}

// surveyAll asks all modules at once.
func surveyAll(ctx context.Context, o ListOptions) (all []moduleSlots, errs []*ModuleError) {
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	results, failures := probeAll(ctx, o)
	for i, module := range o.Modules {
		if failures[i] != nil {
			errs = append(errs, failures[i])
		}
		all = append(all, moduleSlots{module, results[i]})
	}
	return all, errs
}

func collect(now time.Time, all []moduleSlots) (entries []Entry) {
	for _, m := range all {
		entries = append(entries, m.result.entries(m.module)...)
	}
	entries = dropDoubles(entries)
	for i := range entries {
		entries[i].judge(now)
	}
	sortEntries(entries)
	return entries
}

// unusable are drivers that a person would want to know of; files of a known
// name that are no driver are left to Find's caller.
func unusable(found []Found) (errs []*ModuleError) {
	for _, f := range found {
		if f.Err != nil && f.Err.Kind != "not_pkcs11" {
			errs = append(errs, f.Err)
		}
	}
	return errs
}

func probeAll(ctx context.Context, o ListOptions) ([]probeResult, []*ModuleError) {
	results := make([]probeResult, len(o.Modules))
	failures := make([]*ModuleError, len(o.Modules))
	room := make(chan struct{}, maxProbes)
	var wg sync.WaitGroup
	for i, module := range o.Modules {
		wg.Go(func() {
			room <- struct{}{}
			defer func() { <-room }()
			c, cancel := context.WithTimeout(ctx, o.Timeout)
			defer cancel()
			results[i], failures[i] = probeOne(c, o, module)
		})
	}
	wg.Wait()
	return results, failures
}

func probeOne(ctx context.Context, o ListOptions, module string) (probeResult, *ModuleError) {
	if err := CheckModule(module); err != nil {
		var m *ModuleError
		if !errors.As(err, &m) {
			m = &ModuleError{Module: module, Kind: "failed", Err: err}
		}
		return probeResult{}, m
	}
	var res probeResult
	var err *ModuleError
	if o.Self == "" {
		res, err = probeHere(ctx, module)
	} else {
		res, err = probeChild(ctx, o.Self, module)
	}
	if err == nil && res.Error != nil {
		err = &ModuleError{Module: module, Kind: res.Error.Kind, Err: errors.New(res.Error.Text)}
		if res.Error.Code != 0 {
			err.Err = &DeviceError{Code: res.Error.Code, Err: ckrError(res.Error.Code)}
		}
	}
	if err == nil && len(res.Failed) > 0 {
		var text []string
		for _, f := range res.Failed {
			text = append(text, fmt.Sprintf("slot %d: %s", f.Slot, f.Text))
		}
		err = &ModuleError{Module: module, Kind: "failed", Err: errors.New(strings.Join(text, "; "))}
	}
	return res, err
}

// probeHere runs in this process: a driver that hangs keeps its goroutine.
func probeHere(ctx context.Context, module string) (probeResult, *ModuleError) {
	done := make(chan probeResult, 1)
	go func() {
		res, _ := probe(module) // the error is in res
		release(module)
		done <- res
	}()
	select {
	case res := <-done:
		return res, nil
	case <-ctx.Done():
		return probeResult{}, &ModuleError{Module: module, Kind: "timeout", Err: ErrTimeout}
	}
}

func probeChild(ctx context.Context, self, module string) (probeResult, *ModuleError) {
	var stdout, stderr limitedBuffer
	stdout.max, stderr.max = maxAnswer, 4096
	cmd := exec.CommandContext(ctx, self, ProbeArg, module)
	cmd.Env = append(childEnv(os.Environ()), initArgsEnv+"="+initArgsOf(module))
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	// A driver's own helper process may hold the pipes open.
	cmd.WaitDelay = 200 * time.Millisecond
	own(cmd)
	err := cmd.Run()
	if res, ok := readProbe(stdout.Bytes()); ok {
		return res, nil // whatever happened later, on unload for instance
	}
	if ctx.Err() != nil {
		return probeResult{}, &ModuleError{Module: module, Kind: "timeout", Err: ErrTimeout}
	}
	text := "the probe gave no answer"
	if err != nil {
		text = err.Error()
	}
	if said := firstLine(stderr.String()); said != "" {
		text += ": " + said
	}
	return probeResult{}, &ModuleError{Module: module, Kind: "crashed", Err: errors.New(text)}
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	return cleanText(s)
}

// childEnv leaves the secrets out: a driver needs none of them.
func childEnv(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(kv string) bool {
		name, _, _ := strings.Cut(strings.ToUpper(kv), "=")
		return strings.HasPrefix(name, "KYSO_") && (strings.HasSuffix(name, "PIN") || strings.Contains(name, "PASSWORD"))
	})
}

// limitedBuffer keeps the last bytes of what was written, up to twice max.
type limitedBuffer struct {
	bytes.Buffer
	max int
}

func (b *limitedBuffer) Write(p []byte) (int, error) {
	if b.Len()+len(p) > 2*b.max {
		keep := bytes.Clone(b.Bytes()[max(0, b.Len()-b.max):])
		b.Reset()
		b.Buffer.Write(keep)
	}
	if len(p) > b.max {
		b.Buffer.Write(p[len(p)-b.max:])
		return len(p), nil
	}
	return b.Buffer.Write(p)
}

// dropDoubles: the same certificate of the same token, seen through two
// drivers, stands once: with the driver that sees its key, else the first.
func dropDoubles(entries []Entry) []Entry {
	var out []Entry
	for _, e := range entries {
		i := slices.IndexFunc(out, func(o Entry) bool {
			return o.Module != e.Module && o.sameCertificate(e) && o.sameToken(e)
		})
		switch {
		case i < 0:
			out = append(out, e)
		case out[i].KeyAssumed && e.HasPrivateKey && !e.KeyAssumed, !out[i].HasPrivateKey && e.HasPrivateKey:
			out[i] = e
		}
	}
	return out
}
