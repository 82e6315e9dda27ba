//go:build cgo

package token

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/miekg/pkcs11"
)

const (
	callTimeout = 30 * time.Second
	padTimeout  = 2 * time.Minute
	closeLimit  = 2 * time.Second
)

// Open logs in to the entry's token once and returns its key. It asks for a PIN
// only when the token needs a login, gives it to this slot alone, and never
// twice. Errors: *ModuleError, *AuthError, *DeviceError, ErrNoKey, ErrNoPIN,
// what o.PIN returned, or that of ctx.
func Open(ctx context.Context, e Entry, o OpenOptions) (*Key, error) {
	if e.Certificate == nil {
		return nil, fmt.Errorf("token: the certificate cannot be read: %w", ErrNoCertificate)
	}
	if err := CheckModule(e.Module); err != nil {
		return nil, err
	}
	m, err := loadModule(e.Module)
	if err != nil {
		return nil, err
	}
	k := &tokenSigner{m: m, slot: e.Slot, cert: e.Certificate, id: e.ID, o: o, limit: o.SignTimeout}
	if err := m.call(ctx, callTimeout, k.traced("connect", func() error { return k.connect(e) })); err != nil {
		return nil, err
	}
	if err := k.login(ctx); err != nil {
		_ = k.close() // the first error tells more
		return nil, err
	}
	if err := m.call(ctx, callTimeout, k.traced("find key", k.findKey)); err != nil {
		_ = k.close() // the first error tells more
		return nil, err
	}
	e.Slot, e.Token, e.Mechanisms, e.HasPrivateKey, e.KeyAssumed = k.slot, k.info, k.mechs, true, false
	way := "pkcs11"
	if k.c11 != nil {
		way = "crypto11"
	}
	return &Key{Signer: k, Entry: e, Way: way, close: k.close}, nil
}

// ListHidden logs in to a token that shows its certificates to its owner only,
// and lists them: unjudged, see [Entry.Judge]. The login is made with the PIN of
// o, once, and holds until done is called: an Open in between asks for no
// second PIN. Errors are those of Open.
func ListHidden(ctx context.Context, s Slot, o OpenOptions) (entries []Entry, done func() error, err error) {
	if err := CheckModule(s.Module); err != nil {
		return nil, nil, err
	}
	m, err := loadModule(s.Module)
	if err != nil {
		return nil, nil, err
	}
	k := &tokenSigner{m: m, slot: s.Slot, o: o}
	e := Entry{Module: s.Module, Slot: s.Slot, Token: s.Token}
	if err := m.call(ctx, callTimeout, k.traced("connect", func() error { return k.connect(e) })); err != nil {
		return nil, nil, err
	}
	if err := k.login(ctx); err != nil {
		_ = k.close() // the first error tells more
		return nil, nil, err
	}
	ps := probeSlot{Slot: k.slot, Token: k.info, Mechanisms: k.mechs}
	err = m.call(ctx, callTimeout, k.traced("list", func() (err error) {
		k.pin.Clear()
		ps.Certs, err = m.listSession(k.session, k.info)
		return err
	}))
	if err != nil {
		_ = k.close()
		return nil, nil, err
	}
	return probeResult{Slots: []probeSlot{ps}}.entries(s.Module), k.close, nil
}

func (k *tokenSigner) traced(name string, fn func() error) func() error {
	if k.o.Trace == nil {
		return fn
	}
	return func() error {
		start := time.Now()
		err := fn()
		k.o.Trace(name, time.Since(start), err)
		return err
	}
}

// connect initialises the module (through crypto11 where its way serves), finds
// the token again and opens a read-only session.
func (k *tokenSigner) connect(e Entry) error {
	m := k.m
	m.used = true
	if !k.o.NoCrypto11 && initArgsOf(m.path) == "" && crypto11Fits(e.Token) {
		m.openCrypto11(e.Slot)
	}
	if err := m.initialize(); err != nil {
		return err
	}
	slot, info, err := m.sameToken(e)
	if err != nil {
		return err
	}
	k.slot, k.info = slot, info
	k.mechs = m.mechanisms(slot)
	return k.openSession()
}

func (k *tokenSigner) openSession() error {
	// PKCS #11, 5.6: read-only, so that write-protected tokens and those with
	// one session serve too.
	sh, err := k.m.ctx.OpenSession(k.slot, pkcs11.CKF_SERIAL_SESSION)
	if err != nil {
		return typed(fromMiekg(err))
	}
	k.session = sh
	k.m.open[k.slot]++
	return nil
}

// sameToken finds the entry's token: in its slot, or, where a driver numbers
// slots anew in each process, in the one other slot that has it.
func (m *module) sameToken(e Entry) (uint, Info, error) {
	info, err := m.tokenInfo(e.Slot)
	same := func(i Info) bool { return i.Serial == e.Token.Serial && i.Label == e.Token.Label }
	if err == nil && same(info) {
		return e.Slot, info, nil
	}
	slots, slotErr := m.ctx.GetSlotList(true)
	if slotErr != nil {
		return 0, Info{}, typed(fromMiekg(slotErr))
	}
	var found []uint
	for _, s := range slots[:min(len(slots), maxSlots)] {
		if i, err := m.tokenInfo(s); err == nil && same(i) {
			found, info = append(found, s), i
		}
	}
	if len(found) == 1 {
		return found[0], info, nil
	}
	return 0, Info{}, &DeviceError{Code: pkcs11.CKR_TOKEN_NOT_PRESENT,
		Err: errors.New("the token that was listed is not there any more")}
}

// login: one C_Login for one PIN.
func (k *tokenSigner) login(ctx context.Context) error {
	if !k.info.Has(FlagLoginRequired) {
		return nil
	}
	if in, err := k.loggedIn(ctx); in || err != nil {
		return err // another key of this token is open: no second PIN
	}
	if err := mayLogin(k.o, k.info); err != nil {
		return err
	}
	p, err := askPIN(ctx, k.o, k.info)
	if err != nil {
		return err
	}
	limit := k.o.LoginTimeout
	if limit <= 0 {
		limit = k.patience()
	}
	// After a timeout the driver may still read the PIN, so only what called it
	// clears it then: a PIN cleared under a driver is a wrong one.
	err = k.m.call(ctx, limit, k.traced("C_Login", func() error {
		defer p.Clear()
		return k.loginNow(p)
	}))
	var idle *notBegun
	if errors.As(err, &idle) {
		p.Clear()
	}
	return err
}

func (k *tokenSigner) patience() time.Duration {
	if k.info.Has(FlagPINPad) {
		return padTimeout
	}
	return callTimeout
}

func (k *tokenSigner) loggedIn(ctx context.Context) (bool, error) {
	in := false
	err := k.m.call(ctx, callTimeout, func() error { in = k.inNow(); return nil })
	return in, err
}

// inNow: a driver that cannot tell is asked to log in.
func (k *tokenSigner) inNow() bool {
	i, err := k.m.ctx.GetSessionInfo(k.session)
	return err == nil && (i.State == pkcs11.CKS_RO_USER_FUNCTIONS || i.State == pkcs11.CKS_RW_USER_FUNCTIONS)
}

// sameStill: while a person typed, the token may have been changed for another,
// which must not get this PIN, or have lost tries.
func (k *tokenSigner) sameStill() error {
	now, err := k.m.tokenInfo(k.slot)
	if err != nil {
		return err
	}
	if now.Serial != k.info.Serial || now.Label != k.info.Label {
		return &DeviceError{Code: pkcs11.CKR_TOKEN_NOT_PRESENT, Err: errors.New("another token is in its place")}
	}
	o := k.o
	o.Warn = nil // it was told
	k.info = now
	return mayLogin(o, now)
}

func (k *tokenSigner) loginNow(p *PIN) error {
	// While this one waited, another worker may have logged in, or failed.
	if k.inNow() {
		return nil
	}
	if err := k.sameStill(); err != nil {
		return err
	}
	err := k.m.raw.login(k.session, pkcs11.CKU_USER, p.bytes())
	switch {
	case err == nil:
		k.loggedInHere = true
		if k.o.Interactive {
			_ = ClearGuard(k.o.GuardDir, k.info) // a leftover only asks a person again
		}
	case errors.Is(err, ckrError(ckrUserAlreadyLoggedIn)):
		err = nil // another part of this process did; PKCS #11, 5.6.7
	default:
		return loginFailed(err, k.o, k.info, func() (Info, error) { return k.m.tokenInfo(k.slot) })
	}
	// Kept for tokens that ask for the PIN at each signature; cleared by findKey
	// when the key is no such one, and by close.
	k.pin = NewPIN(append([]byte(nil), p.bytes()...))
	return err
}

// close logs out when this is the last key of the token. It never waits long:
// behind calls that take their time it is made when nobody waits for it.
func (k *tokenSigner) close() error {
	if k.closed.Swap(true) {
		return nil
	}
	done := make(chan error, 1)
	go func() { done <- k.m.call(context.Background(), closeLimit, k.logout) }()
	timer := time.NewTimer(closeLimit)
	defer timer.Stop()
	var err error
	select {
	case err = <-done:
	case <-timer.C:
		err = &DeviceError{Err: ErrTimeout}
	}
	if err != nil {
		return fmt.Errorf("token: closing: %w", err)
	}
	return nil
}

func (k *tokenSigner) logout() error {
	k.pin.Clear()
	if k.session == 0 {
		return nil
	}
	if k.m.open[k.slot]--; k.m.open[k.slot] == 0 {
		_ = k.m.ctx.Logout(k.session)
	}
	return fromMiekg(k.m.ctx.CloseSession(k.session))
}
