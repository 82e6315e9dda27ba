//go:build cgo

package token

import (
	"crypto"
	"crypto/x509"
	"slices"

	"github.com/miekg/pkcs11"
)

// maxSlots bounds what one driver may show.
const maxSlots = 64

// listModule lists the certificates of every slot of a module, with no PIN and
// read-only sessions. A slot that fails is in the errors; the others list.
func listModule(path string) (probeResult, error) {
	m, err := loadModule(path)
	if err != nil {
		return probeResult{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.initialize(); err != nil {
		return probeResult{}, err
	}
	slots, err := m.ctx.GetSlotList(true)
	if err != nil {
		return probeResult{}, &ModuleError{Module: path, Kind: "failed", Err: fromMiekg(err)}
	}
	var res probeResult
	for _, slot := range slots[:min(len(slots), maxSlots)] {
		entries, err := m.listSlot(slot)
		if err != nil {
			res.Failed = append(res.Failed, failedSlot{Slot: slot, Text: err.Error()})
			continue
		}
		res.Slots = append(res.Slots, entries)
	}
	return res, nil
}

// release finalises a module that only a listing in this process used, so
// that crypto11 can initialise it later.
func release(path string) {
	modules.Lock()
	m := modules.m[path]
	modules.Unlock()
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.used {
		_ = m.ctx.Finalize()
		m.direct = false
	}
}

func (m *module) listSlot(slot uint) (probeSlot, error) {
	info, err := m.tokenInfo(slot)
	if err != nil {
		return probeSlot{}, err
	}
	s := probeSlot{Slot: slot, Token: info}
	if !info.Has(FlagTokenInitialized) && info.Label == "" {
		return s, nil // an empty slot of SoftHSM and its like
	}
	s.Mechanisms = m.mechanisms(slot)
	sh, err := m.ctx.OpenSession(slot, pkcs11.CKF_SERIAL_SESSION)
	if err != nil {
		return s, typed(fromMiekg(err))
	}
	defer func() { _ = m.ctx.CloseSession(sh) }()
	s.Certs, err = m.listSession(sh, info)
	return s, err
}

// listSession lists what a session sees.
func (m *module) listSession(sh pkcs11.SessionHandle, info Info) ([]probeCert, error) {
	certs, err := m.certificates(sh)
	if err != nil {
		return nil, typed(fromMiekg(err))
	}
	private, _ := m.keys(sh, pkcs11.CKO_PRIVATE_KEY)
	public, _ := m.keys(sh, pkcs11.CKO_PUBLIC_KEY)
	shareIDs(private, public)
	var out []probeCert
	for _, c := range certs {
		out = append(out, probeCert{ID: c.id, Label: c.label, Raw: c.value,
			Key: keyState(c, info, private, public)})
	}
	return out, nil
}

// shareIDs gives private keys the public half of the one public object with
// the same CKA_ID: EC private keys show no point of their own.
func shareIDs(private, public []object) {
	for i := range private {
		if private[i].pub != nil || len(private[i].id) == 0 {
			continue
		}
		var found []object
		for _, p := range public {
			if slices.Equal(p.id, private[i].id) {
				found = append(found, p)
			}
		}
		if len(found) == 1 {
			private[i].pub = found[0].pub
		}
	}
}

// keyState tells whether the token has the private key of a certificate. Before
// a login most tokens hide private keys: then a public key of the pair speaks
// for it, and where no key shows at all but a login is required, a key is
// assumed for each certificate that has a CKA_ID.
func keyState(c object, info Info, private, public []object) string {
	var pub crypto.PublicKey
	cert, err := x509.ParseCertificate(c.value)
	if err == nil {
		pub = cert.PublicKey
	}
	match := func(k object) bool { return pair(k, c.id, pub) }
	switch {
	case slices.ContainsFunc(private, match), slices.ContainsFunc(public, match) && info.Has(FlagLoginRequired):
		return keySeen
	case len(private) == 0 && len(public) == 0 && info.Has(FlagLoginRequired) &&
		len(c.id) > 0 && (cert == nil || !cert.IsCA):
		return keyAssumed
	}
	return keyNone
}
