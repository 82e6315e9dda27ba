//go:build cgo

package token

import (
	"bytes"
	"crypto"
	"time"

	"github.com/ThalesGroup/crypto11"
	"github.com/miekg/pkcs11"
)

// findKey finds the private key of the certificate after the login.
func (k *tokenSigner) findKey() error {
	private, err := k.m.keys(k.session, pkcs11.CKO_PRIVATE_KEY)
	if err != nil {
		return typed(err)
	}
	public, _ := k.m.keys(k.session, pkcs11.CKO_PUBLIC_KEY)
	shareIDs(private, public)
	found := k.choose(private)
	if len(found) == 0 {
		return ErrNoKey
	}
	key := found[0]
	k.handle, k.others = key.handle, found[1:]
	always, _ := k.m.raw.attribute(k.session, key.handle, pkcs11.CKA_ALWAYS_AUTHENTICATE)
	k.always = len(always) > 0 && always[0] != 0
	if !k.always {
		k.pin.Clear()
	}
	if !k.always && !k.o.NoCrypto11 {
		k.c11 = k.m.crypto11Signer(k.slot, key, private, k.cert.PublicKey)
	}
	return nil
}

// choose: the key whose public half is the certificate's, else those with its
// CKA_ID that show nothing (a renewal under the same one: the first whose
// signature verifies is taken), else (a key without an id that shows nothing)
// the only key. The check of each signature proves it.
func (k *tokenSigner) choose(private []object) []object {
	for _, key := range private {
		if key.pub != nil && samePublic(key.pub, k.cert.PublicKey) {
			return []object{key}
		}
	}
	var found []object
	for _, key := range private {
		if key.pub == nil && len(k.id) > 0 && bytes.Equal(key.id, k.id) {
			found = append(found, key)
		}
	}
	if len(found) == 0 && len(private) == 1 && private[0].pub == nil && (len(private[0].id) == 0 || len(k.id) == 0) {
		return private
	}
	return found
}

// crypto11Fits: crypto11 opens read-write sessions only, two of them here, and
// has no PIN pad.
func crypto11Fits(t Info) bool {
	return !t.Has(FlagWriteProtected) && !t.Has(FlagPINPad) &&
		(t.MaxSessions == 0 || t.MaxSessions >= 4) && (t.MaxRWSessions == 0 || t.MaxRWSessions >= 3)
}

// openCrypto11 lets crypto11 initialise the module: it cannot use one that was
// initialised before. It gets no PIN: the login is made in our own session, and
// holds for all sessions of the process (PKCS #11, 5.6.7), so no copy of the
// PIN stays in a Go string. What fails here goes through miekg/pkcs11 instead.
func (m *module) openCrypto11(slot uint) {
	if m.slots[slot] != nil || m.direct {
		return
	}
	number := int(slot)
	c, err := crypto11.Configure(&crypto11.Config{Path: m.path, SlotNumber: &number,
		MaxSessions: 2, LoginNotSupported: true, PoolWaitTimeout: 10 * time.Second})
	if err != nil {
		m.direct = true
		return
	}
	m.slots[slot] = c
}

// crypto11Signer is nil where crypto11 would take another key than ours: it
// finds keys by CKA_ID, and pairs them with whatever has the same.
func (m *module) crypto11Signer(slot uint, key object, private []object, pub crypto.PublicKey) crypto.Signer {
	c := m.slots[slot]
	if c == nil || len(key.id) == 0 {
		return nil
	}
	same := 0
	for _, p := range private {
		if bytes.Equal(p.id, key.id) {
			same++
		}
	}
	if same != 1 {
		return nil
	}
	pairs, err := c.FindKeyPairs(key.id, nil)
	if err != nil || len(pairs) != 1 || !samePublic(pairs[0].Public(), pub) {
		return nil
	}
	return pairs[0]
}
