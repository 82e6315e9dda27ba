//go:build cgo

package token

import (
	"errors"
	"fmt"
	"sync"

	"github.com/ThalesGroup/crypto11"
	"github.com/miekg/pkcs11"
)

// TokenSupport tells whether this build has PKCS#11.
const TokenSupport = true

// module is a loaded driver. A driver is loaded and initialised once a process
// and stays: repeated C_Finalize and C_Initialize, and unloading, hang real
// drivers (domain.md 5.3).
type module struct {
	path string
	raw  *raw
	ctx  *pkcs11.Ctx

	// mu serialises all calls: drivers are not as thread-safe as they say.
	mu    sync.Mutex
	slots map[uint]*crypto11.Context // by slot; kept open, see openCrypto11
	open  map[uint]int               // sessions of keys, by slot
	used  bool                       // Open has it: never finalised
	// direct: initialised by us, so crypto11 cannot be.
	direct bool

	calls calls
}

var modules = struct {
	sync.Mutex
	m map[string]*module
}{m: map[string]*module{}}

// loadModule loads, but does not initialise.
func loadModule(path string) (*module, error) {
	modules.Lock()
	defer modules.Unlock()
	if m := modules.m[path]; m != nil {
		return m, nil
	}
	r, err := loadRaw(path)
	if err != nil {
		return nil, &ModuleError{Module: path, Kind: loadKind(path), Err: err}
	}
	ctx := pkcs11.New(path)
	if ctx == nil {
		return nil, &ModuleError{Module: path, Kind: "failed", Err: errors.New("cannot be loaded")}
	}
	m := &module{path: path, raw: r, ctx: ctx, slots: map[uint]*crypto11.Context{}, open: map[uint]int{}}
	modules.m[path] = m
	return m, nil
}

// initialize is harmless when it was done before, also by crypto11.
func (m *module) initialize() error {
	var options []pkcs11.InitializeOption
	if args := initArgsOf(m.path); args != "" {
		// A C string that is never freed: the module may keep it.
		options = append(options, pkcs11.InitializeWithReserved(cString(args)))
	}
	err := m.ctx.Initialize(options...)
	if err == nil {
		m.direct = true
		return nil
	}
	if errors.Is(err, pkcs11.Error(pkcs11.CKR_CRYPTOKI_ALREADY_INITIALIZED)) {
		return nil
	}
	return &ModuleError{Module: m.path, Kind: "failed", Err: fromMiekg(err)}
}

func trimInfo(i pkcs11.TokenInfo) Info {
	limit := func(n uint) uint {
		// PKCS #11, 3.2: CK_UNAVAILABLE_INFORMATION is ~0, CK_EFFECTIVELY_INFINITE 0.
		if n == ^uint(0) || n == 0xFFFFFFFF {
			return 0
		}
		return n
	}
	return Info{Label: cleanText(i.Label), Serial: cleanText(i.SerialNumber), Manufacturer: cleanText(i.ManufacturerID),
		Model: cleanText(i.Model), Flags: flagNames(i.Flags), MaxSessions: limit(i.MaxSessionCount),
		MaxRWSessions: limit(i.MaxRwSessionCount), MinPIN: limit(i.MinPinLen), MaxPIN: limit(i.MaxPinLen)}
}

// tokenInfo asks anew each time: the flags of the PIN change.
func (m *module) tokenInfo(slot uint) (Info, error) {
	i, err := m.ctx.GetTokenInfo(slot)
	if err != nil {
		return Info{}, fmt.Errorf("token information of slot %d: %w", slot, typed(fromMiekg(err)))
	}
	return trimInfo(i), nil
}

// mechanisms that sign, by name, in the token's order.
func (m *module) mechanisms(slot uint) []string {
	list, err := m.ctx.GetMechanismList(slot)
	if err != nil {
		return nil
	}
	var names []string
	for _, mech := range list {
		name := signMechanisms[mech.Mechanism]
		if name == "" {
			continue
		}
		// A driver that cannot say what a mechanism does is believed.
		info, err := m.ctx.GetMechanismInfo(slot, []*pkcs11.Mechanism{mech})
		if err != nil || info.Flags&pkcs11.CKF_SIGN != 0 {
			names = append(names, name)
		}
	}
	return names
}
