package token

import (
	"context"
	"errors"
	"fmt"
)

// ErrNoPIN: a login is needed and nobody gives a PIN.
var ErrNoPIN = errors.New("token: a PIN is needed")

// mayLogin looks at the flags before a login: it costs no try.
func mayLogin(o OpenOptions, t Info) error {
	switch {
	case t.Has(FlagLocked):
		return &AuthError{Kind: "locked", Retries: 0}
	case t.Has(FlagToBeChanged):
		return &AuthError{Kind: "to_be_changed", Retries: -1}
	case !t.Has(FlagUserPINInitialized):
		return &AuthError{Kind: "not_initialized", Retries: -1}
	}
	if err := guarded(o, t); err != nil {
		return err
	}
	switch {
	case t.Has(FlagFinalTry):
		if !o.AllowLastTry {
			return &AuthError{Kind: "last_try", Retries: 1}
		}
		o.warn(WarnLastTry, t)
	case t.Has(FlagCountLow):
		if !o.Interactive && !o.AllowLastTry {
			return &AuthError{Kind: "count_low", Retries: -1}
		}
		o.warn(WarnCountLow, t)
	}
	return nil
}

func (o OpenOptions) warn(w Warning, t Info) {
	if o.Warn != nil {
		o.Warn(w, t)
	}
}

// askPIN gives nil at a PIN pad. The length is looked at here, since a PIN of
// a wrong length may cost a try.
func askPIN(ctx context.Context, o OpenOptions, t Info) (*PIN, error) {
	if t.Has(FlagPINPad) {
		o.warn(WarnPINPad, t)
		return nil, nil
	}
	if o.PIN == nil {
		return nil, ErrNoPIN
	}
	p, err := o.PIN(ctx, t)
	if err != nil {
		p.Clear()
		return nil, err
	}
	n := uint(len(p.bytes()))
	if n == 0 || t.MaxPIN > 0 && n > t.MaxPIN || n < t.MinPIN {
		p.Clear()
		return nil, &AuthError{Kind: "length", Retries: -1,
			Err: fmt.Errorf("%d bytes; the token takes %d to %d", n, t.MinPIN, t.MaxPIN)}
	}
	return p, nil
}

// loginFailed makes the error of a login, with the tries that the flags tell.
func loginFailed(err error, o OpenOptions, t Info, now func() (Info, error)) error {
	err = typed(err)
	var auth *AuthError
	if !errors.As(err, &auth) || auth.Kind != "incorrect" {
		return err
	}
	if after, infoErr := now(); infoErr == nil {
		switch {
		case after.Has(FlagLocked):
			auth.Retries = 0
		case after.Has(FlagFinalTry):
			auth.Retries = 1
		}
	}
	if gErr := remember(o, t); gErr != nil {
		auth.Err = fmt.Errorf("%w (and the guard file cannot be written: %w)", auth.Err, gErr)
	}
	return err
}
