package main

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"time"

	"github.com/kyso-vn/kyso/token"
)

// certJSON is one certificate as list-certs and sign write it: the contract of
// the command line.
type certJSON struct {
	Schema        string      `json:"schema,omitempty"`
	Number        int         `json:"number,omitempty"`
	Module        *string     `json:"module"` // null: no token, as with --p12
	File          string      `json:"file,omitempty"`
	Slot          *uint       `json:"slot"`
	Token         *tokenJSON  `json:"token"`
	ID            *string     `json:"id"`
	Label         *string     `json:"label"`
	Subject       subjectJSON `json:"subject"`
	Issuer        issuerJSON  `json:"issuer"`
	Serial        string      `json:"serial"`
	SHA256        string      `json:"sha256"`
	NotBefore     *time.Time  `json:"not_before"`
	NotAfter      *time.Time  `json:"not_after"`
	Key           keyJSON     `json:"key"`
	KeyUsage      []string    `json:"key_usage"`
	ExtKeyUsage   []string    `json:"ext_key_usage"`
	Mechanisms    []string    `json:"mechanisms"`
	HasPrivateKey bool        `json:"has_private_key"`
	Usable        bool        `json:"usable"`
	Reasons       []string    `json:"reasons"`
}

type tokenJSON struct {
	Label        string   `json:"label"`
	Serial       string   `json:"serial"`
	Manufacturer string   `json:"manufacturer"`
	Model        string   `json:"model"`
	Flags        []string `json:"flags"`
}

type subjectJSON struct {
	CN    *string `json:"cn"`
	O     *string `json:"o"`
	OU    *string `json:"ou"`
	Title *string `json:"title"`
	Email *string `json:"email"`
	MST   *string `json:"mst"`
	CCCD  *string `json:"cccd"`
	Raw   string  `json:"raw"`
}

type issuerJSON struct {
	CN  *string `json:"cn"`
	O   *string `json:"o"`
	Raw string  `json:"raw"`
}

// orNull is null for what a name lacks.
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

type keyJSON struct {
	Type  string `json:"type"`
	Bits  int    `json:"bits,omitempty"`
	Curve string `json:"curve,omitempty"`
}

// newCertJSON describes an entry of a token or a key file.
func newCertJSON(e *token.Entry, file string) *certJSON {
	sum := sha256.Sum256(e.Raw)
	j := &certJSON{
		Module: orNull(e.Module), File: file, ID: orNull(hex.EncodeToString(e.ID)), Label: orNull(e.Label), SHA256: hex.EncodeToString(sum[:]),
		Mechanisms: orEmpty(e.Mechanisms), HasPrivateKey: e.HasPrivateKey, Usable: e.Usable,
		KeyUsage: []string{}, ExtKeyUsage: []string{}, Reasons: []string{},
	}
	if e.Module != "" {
		slot := e.Slot
		j.Slot = &slot
		j.Token = &tokenJSON{e.Token.Label, e.Token.Serial, e.Token.Manufacturer, e.Token.Model, orEmpty(e.Token.Flags)}
	}
	for _, r := range e.Reasons {
		j.Reasons = append(j.Reasons, string(r))
	}
	if c := e.Certificate; c != nil {
		j.describe(c)
	}
	return j
}

func (j *certJSON) describe(c *x509.Certificate) {
	s, i := token.ParseSubject(c), token.ParseIssuer(c)
	cccd := s.CCCD
	if cccd == "" {
		cccd = s.CMND
	}
	from, to := c.NotBefore.UTC(), c.NotAfter.UTC()
	j.Subject = subjectJSON{orNull(s.CN), orNull(s.O), orNull(s.OU), orNull(s.Title), orNull(s.Email), orNull(s.MST), orNull(cccd), s.Raw}
	j.Issuer = issuerJSON{orNull(i.CN), orNull(i.O), i.Raw}
	j.Serial = c.SerialNumber.Text(16)
	j.NotBefore, j.NotAfter = &from, &to
	j.Key = describeKey(c)
	j.KeyUsage, j.ExtKeyUsage = keyUsages(c.KeyUsage), extKeyUsages(c)
}

func orEmpty(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

func describeKey(c *x509.Certificate) keyJSON {
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return keyJSON{Type: "RSA", Bits: k.N.BitLen()}
	case *ecdsa.PublicKey:
		return keyJSON{Type: "EC", Curve: k.Curve.Params().Name}
	case ed25519.PublicKey:
		return keyJSON{Type: "Ed25519"}
	}
	return keyJSON{Type: "unknown"}
}

func (k keyJSON) String() string {
	switch {
	case k.Bits > 0:
		return k.Type + " " + itoa(k.Bits)
	case k.Curve != "":
		return k.Type + " " + k.Curve
	}
	return k.Type
}

// keyUsages names the bits. RFC 5280, 4.2.1.3.
func keyUsages(u x509.KeyUsage) []string {
	names := []string{"digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
		"keyCertSign", "cRLSign", "encipherOnly", "decipherOnly"}
	out := []string{}
	for i, n := range names {
		if u&(1<<i) != 0 {
			out = append(out, n)
		}
	}
	return out
}

// extKeyUsages names what is known and gives the OID of the rest. RFC 5280,
// 4.2.1.12.
func extKeyUsages(c *x509.Certificate) []string {
	names := map[x509.ExtKeyUsage]string{
		x509.ExtKeyUsageAny: "anyExtendedKeyUsage", x509.ExtKeyUsageServerAuth: "serverAuth",
		x509.ExtKeyUsageClientAuth: "clientAuth", x509.ExtKeyUsageCodeSigning: "codeSigning",
		x509.ExtKeyUsageEmailProtection: "emailProtection", x509.ExtKeyUsageTimeStamping: "timeStamping",
		x509.ExtKeyUsageOCSPSigning: "OCSPSigning",
	}
	out := []string{}
	for _, u := range c.ExtKeyUsage {
		if n, ok := names[u]; ok {
			out = append(out, n)
		}
	}
	for _, oid := range c.UnknownExtKeyUsage {
		out = append(out, oid.String())
	}
	return out
}
