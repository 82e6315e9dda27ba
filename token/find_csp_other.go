//go:build !windows

package token

// cspModules: cryptographic providers are Windows'.
func cspModules() []string { return nil }
