package token

import "sync"

// initArgs are strings that some modules want at their start.
var initArgs = struct {
	sync.Mutex
	m map[string]string
}{m: map[string]string{}}

// SetInitArgs gives a module the string that it wants as pReserved of
// C_Initialize: NSS's softokn ("configDir='sql:DIR' ..."). It holds for List
// and Open from now on; crypto11, which cannot give it, is not used then.
func SetInitArgs(module, args string) {
	initArgs.Lock()
	defer initArgs.Unlock()
	initArgs.m[module] = args
}

func initArgsOf(module string) string {
	initArgs.Lock()
	defer initArgs.Unlock()
	return initArgs.m[module]
}

// initArgsEnv carries the string to the child that probes.
const initArgsEnv = "KYSO_PROBE_INIT_ARGS"
