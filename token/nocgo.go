//go:build !cgo

package token

import "context"

// TokenSupport tells whether this build has PKCS#11.
const TokenSupport = false

func listModule(path string) (probeResult, error) {
	return probeResult{}, &ModuleError{Module: path, Kind: "no_support", Err: ErrNoTokenSupport}
}

func release(string) {}

// ListHidden lists after a login; this build cannot: ErrNoTokenSupport.
func ListHidden(context.Context, Slot, OpenOptions) ([]Entry, func() error, error) {
	return nil, nil, ErrNoTokenSupport
}

// Open logs in to the entry's token; this build cannot: ErrNoTokenSupport.
func Open(context.Context, Entry, OpenOptions) (*Key, error) { return nil, ErrNoTokenSupport }
