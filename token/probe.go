package token

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
)

// ProbeArg is the hidden first argument of a child of List; the second is the
// module's path. The program then writes what [Probe] returns to its standard
// output in one piece and ends at once, without more ado.
const ProbeArg = "__probe-module"

// What a driver prints stands around the answer: the marks tell them apart.
const (
	probeBegin = "\n<<<kyso-probe:"
	probeEnd   = ":kyso-probe>>>\n"
)

const (
	keySeen    = "seen"
	keyAssumed = "assumed"
	keyNone    = ""
)

// probeResult is what a child says of one module.
type probeResult struct {
	Error  *probeError  `json:"error,omitempty"`
	Slots  []probeSlot  `json:"slots,omitempty"`
	Failed []failedSlot `json:"failed,omitempty"`
}

type probeError struct {
	Kind, Text string
	Code       uint
}

type probeSlot struct {
	Slot       uint
	Token      Info
	Mechanisms []string
	Certs      []probeCert
}

type probeCert struct {
	ID    []byte
	Label string
	Raw   []byte
	Key   string
}

type failedSlot struct {
	Slot uint
	Text string
}

// Probe is the child side of List: it lists one module and returns the bytes
// for the parent, which cmd writes to standard output for its hidden argument
// [ProbeArg]. The error is always in the bytes too.
func Probe(_ context.Context, module string) ([]byte, error) {
	if args := os.Getenv(initArgsEnv); args != "" {
		SetInitArgs(module, args)
	}
	res, err := probe(module)
	data, jsonErr := json.Marshal(res)
	if jsonErr != nil {
		return nil, fmt.Errorf("token: %w", jsonErr)
	}
	out := []byte(probeBegin)
	out = base64.StdEncoding.AppendEncode(out, data)
	return append(out, probeEnd...), err
}

func probe(module string) (probeResult, error) {
	if err := CheckModule(module); err != nil {
		return probeResult{Error: wireError(err)}, err
	}
	res, err := listModule(module)
	if err != nil {
		res.Error = wireError(err)
	}
	return res, err
}

func wireError(err error) *probeError {
	e := &probeError{Kind: "failed", Text: err.Error()}
	var m *ModuleError
	if errors.As(err, &m) {
		e.Kind, e.Text = m.Kind, m.Err.Error()
	}
	var c ckrError
	if errors.As(err, &c) {
		e.Code = uint(c)
	}
	return e
}

// readProbe finds the last whole answer among what the driver printed.
func readProbe(out []byte) (probeResult, bool) {
	var res probeResult
	begin := bytes.LastIndex(out, []byte(probeBegin))
	if begin < 0 {
		return res, false
	}
	body, _, ok := bytes.Cut(out[begin+len(probeBegin):], []byte(probeEnd))
	if !ok {
		return res, false
	}
	data := make([]byte, base64.StdEncoding.DecodedLen(len(body)))
	n, err := base64.StdEncoding.Decode(data, body)
	if err != nil || json.Unmarshal(data[:n], &res) != nil {
		return probeResult{}, false
	}
	return res, true
}

// entries makes what List returns; judged later.
func (r probeResult) entries(module string) []Entry {
	var out []Entry
	for _, s := range r.Slots {
		for _, c := range s.Certs {
			e := Entry{Module: module, Slot: s.Slot, Token: s.Token, ID: c.ID, Label: c.Label, Raw: c.Raw,
				Mechanisms: s.Mechanisms, HasPrivateKey: c.Key != keyNone, KeyAssumed: c.Key == keyAssumed}
			if cert, err := x509.ParseCertificate(c.Raw); err == nil {
				e.Certificate = cert
			}
			out = append(out, e)
		}
	}
	return out
}
