package token

import (
	"context"
	"crypto"
	"sync"
	"time"
)

// OpenOptions for Open.
type OpenOptions struct {
	// PIN is called once, and only when a login is needed. Open clears what it
	// returns. nil: a login that needs a PIN fails with ErrNoPIN.
	PIN          func(ctx context.Context, t Info) (*PIN, error)
	AllowLastTry bool   // log in although the token shows its last try, or (not interactive) few tries
	GuardDir     string // remembers a wrong PIN; "": no guard

	// Interactive: a person types the PIN now. Few tries left then warn
	// instead of refusing, and the guard does not stand in the way.
	Interactive bool
	// Warn is told what a person should know before or during the login:
	// WarnCountLow, WarnLastTry, WarnPINPad. nil: nobody is told.
	Warn func(Warning, Info)
	// SignTimeout bounds one signature; 0: 30 s (2 minutes at a PIN pad).
	SignTimeout time.Duration
	// LoginTimeout bounds the login; 0: 30 s (2 minutes at a PIN pad).
	LoginTimeout time.Duration
	// Now is the clock of the guard; nil: time.Now.
	Now func() time.Time
	// NoCrypto11 signs through miekg/pkcs11 in any case (diagnosis).
	NoCrypto11 bool
	// Trace is told each slow call of the driver and its time, never data.
	// Called from several goroutines. nil: nobody is told.
	Trace func(call string, took time.Duration, err error)
}

// Warning is stable: count_low, last_try, pin_pad.
type Warning string

// What OpenOptions.Warn is told.
const (
	WarnCountLow Warning = "count_low"
	WarnLastTry  Warning = "last_try"
	WarnPINPad   Warning = "pin_pad" // type the PIN at the reader now
)

// Key is an opened signing key. Sign is safe for concurrent use; calls wait
// for each other.
type Key struct {
	crypto.Signer // asks the token once a call; serialised
	Entry         Entry

	// Way is how signatures are made: crypto11, pkcs11 or file.
	Way string

	close func() error
	once  sync.Once
	err   error
}

// Checked returns the public key, that of the certificate, with which every
// signature is verified before Sign returns it: nobody has to do so again.
func (k *Key) Checked() crypto.PublicKey { return k.Entry.Certificate.PublicKey }

// Close logs out; never blocks more than a moment, whatever the driver does.
// Later calls return what the first did.
func (k *Key) Close() error {
	k.once.Do(func() {
		if k.close != nil {
			k.err = k.close()
		}
	})
	return k.err
}
