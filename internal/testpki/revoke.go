package testpki

import (
	"crypto/x509"
	"math/big"
	"slices"
	"time"
)

// Revocation is what a CA says about a certificate it revoked.
type Revocation struct {
	At         time.Time // zero: a day before Now
	Reason     int       // CRLReason
	Invalidity time.Time // zero: not said
}

// Revoke makes the CA's CRLs and OCSP responses say so from now on. Safe for
// concurrent use, as the other methods of revocation are.
func (ca *CA) Revoke(cert *x509.Certificate, r Revocation) {
	if r.At.IsZero() {
		r.At = Now().AddDate(0, 0, -1)
	}
	ca.mu.Lock()
	defer ca.mu.Unlock()
	if ca.revoked == nil {
		ca.revoked = map[string]Revocation{}
	}
	ca.revoked[cert.SerialNumber.String()] = r
}

// Unrevoke takes it back.
func (ca *CA) Unrevoke(cert *x509.Certificate) {
	ca.mu.Lock()
	defer ca.mu.Unlock()
	delete(ca.revoked, cert.SerialNumber.String())
}

func (ca *CA) revocation(serial *big.Int) (Revocation, bool) {
	ca.mu.Lock()
	defer ca.mu.Unlock()
	r, ok := ca.revoked[serial.String()]
	return r, ok
}

func (ca *CA) entries() []CRLEntry {
	ca.mu.Lock()
	defer ca.mu.Unlock()
	var list []CRLEntry
	for key, r := range ca.revoked {
		serial, _ := new(big.Int).SetString(key, 10)
		list = append(list, CRLEntry{Serial: serial, At: r.At, Reason: r.Reason, Invalidity: r.Invalidity})
	}
	slices.SortFunc(list, func(a, b CRLEntry) int { return a.Serial.Cmp(b.Serial) })
	return list
}
