package certpath_test

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// All 405 certificates of PKITS, of which crypto/x509 refuses seven, keep their
// bytes; what both parse is parsed alike.
func TestParseCertificatePKITS(t *testing.T) {
	files, err := filepath.Glob("testdata/pkits/certs/*.crt")
	if err != nil || len(files) != 405 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	refused := 0
	for _, f := range files {
		der, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		got, err := certpath.ParseCertificate(der)
		if err != nil {
			t.Errorf("%s: %v", f, err)
			continue
		}
		if !bytes.Equal(got.Raw, der) {
			t.Errorf("%s: other bytes", f)
		}
		if s, err := certpath.ParseSigned(der); err == nil && !bytes.Equal(got.RawTBSCertificate, s.Message) {
			t.Errorf("%s: other signed bytes", f)
		}
		if want, err := x509.ParseCertificate(der); err != nil {
			refused++
		} else if !got.Equal(want) || len(got.Extensions) != len(want.Extensions) {
			t.Errorf("%s: parsed differently", f)
		}
	}
	if refused != 7 {
		t.Errorf("crypto/x509 refuses %d", refused)
	}
}

func TestParseCertificateLiftsRefusals(t *testing.T) {
	root := newCA(nil, "Root")
	relative := []byte{0x30, 0x19, 0x30, 0x17, 0xa0, 0x15, 0xa1, 0x13, 0x30, 0x11, 0x06, 0x03, 0x55, 0x04, 0x03, 0x13, 0x0a,
		'c', 'r', 'l', ' ', 'o', 'f', ' ', 'C', 'A', '1'}
	badSAN := altNames(uri("http://[bad"))
	tests := []struct {
		name  string
		alter func(*spec)
		check func(c *x509.Certificate) bool
	}{
		{"negative serial number", func(s *spec) { s.serial = big.NewInt(-300) },
			func(c *x509.Certificate) bool { return c.SerialNumber.Int64() == -300 && c.PublicKey != nil }},
		{"distribution point relative to the issuer", with(extension(oids.CRLDistributionPoints, false, relative)),
			func(c *x509.Certificate) bool {
				i := slices.IndexFunc(c.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(oids.CRLDistributionPoints) })
				return i >= 0 && bytes.Equal(c.Extensions[i].Value, relative) && c.PublicKey != nil && c.KeyUsage != 0
			}},
		{"alternative name", with(badSAN), func(c *x509.Certificate) bool { return len(c.Extensions) == 2 }},
		{"both", func(s *spec) {
			with(badSAN, extension(oids.CRLDistributionPoints, false, relative))(s)
			s.serial = big.NewInt(-1)
		},
			func(c *x509.Certificate) bool { return len(c.Extensions) == 3 && c.SerialNumber.Sign() < 0 }},
		{"curve", func(s *spec) { s.spki = unknownCurve() },
			func(c *x509.Certificate) bool {
				return c.PublicKey == nil && bytes.Equal(c.RawSubjectPublicKeyInfo, unknownCurve())
			}},
		{"all of it", func(s *spec) {
			s.spki, s.serial = unknownCurve(), big.NewInt(-1)
			with(badSAN, extension(oids.CRLDistributionPoints, true, relative))(s)
		}, func(c *x509.Certificate) bool { return len(c.Extensions) == 3 && c.Extensions[2].Critical }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			leaf := newLeaf(root, "TRẦN THỊ B", tt.alter)
			if _, err := x509.ParseCertificate(leaf.Raw); err == nil {
				t.Fatal("crypto/x509 parses this now: the test is void")
			}
			if !tt.check(leaf) || leaf.Subject.CommonName != "TRẦN THỊ B" {
				t.Errorf("got %+v", leaf)
			}
			expect(t, leaf, certpath.Options{Anchors: anchorsOf(root)}, 0)
		})
	}
}

func TestParseCertificateRefuses(t *testing.T) {
	good := newLeaf(newCA(nil, "Root"), "l").Raw
	tests := map[string][]byte{
		"empty":                nil,
		"garbage":              []byte("garbage"),
		"truncated":            good[:len(good)-1],
		"bytes after":          append(slices.Clone(good), 0),
		"an empty sequence":    {0x30, 0},
		"more than a megabyte": must(asn1.Marshal(asn1.RawValue{Tag: 16, IsCompound: true, Bytes: make([]byte, 1<<20)})),
	}
	for name, der := range tests {
		if c, err := certpath.ParseCertificate(der); err == nil {
			t.Errorf("%s: %v", name, c.Subject)
		}
	}
	for name, s := range map[string]spec{
		"an extension twice":                 {exts: exts{certSign(), certSign()}, serial: big.NewInt(-1)},
		"a malformed extension that matters": {exts: exts{extension(oids.BasicConstraints, true, []byte{1})}, serial: big.NewInt(-1)},
	} {
		s.subject, s.issuer, s.spki, s.from, s.to = nameOf("l"), nameOf("l"), spkiOf(testpki.Key(testpki.P256, "l").Public()), year(2000), year(2100)
		func() {
			defer func() { // make panics on what does not parse
				if recover() == nil {
					t.Errorf("%s was parsed", name)
				}
			}()
			s.make(testpki.Key(testpki.P256, "l"))
		}()
	}
}

// bundleOf is a PKCS#7 without signers, as .p7b files are.
func bundleOf(certs ...*x509.Certificate) []byte {
	var set []byte
	for _, c := range certs {
		set = append(set, c.Raw...)
	}
	set = append(set, 0xa2, 2, 5, 0) // an attribute certificate, of a kind
	type signedData struct {
		Version int
		Digests asn1.RawValue
		Content struct{ Type asn1.ObjectIdentifier }
		Certs   asn1.RawValue
		Signers asn1.RawValue
	}
	sd := signedData{Version: 1, Digests: asn1.RawValue{Tag: 17, IsCompound: true},
		Certs:   asn1.RawValue{Class: 2, Tag: 0, IsCompound: true, Bytes: set},
		Signers: asn1.RawValue{Tag: 17, IsCompound: true}}
	sd.Content.Type = oids.Data
	return must(asn1.Marshal(struct {
		Type    asn1.ObjectIdentifier
		Content signedData `asn1:"explicit,tag:0"`
	}{oids.SignedData, sd}))
}

func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func TestParseCertificates(t *testing.T) {
	a, b, c := newCA(nil, "A").cert, newCA(nil, "B").cert, newCA(nil, "C").cert
	cert := func(x *x509.Certificate) string { return block("CERTIFICATE", x.Raw) }
	trusted := append(slices.Clone(a.Raw), 0x30, 2, 5, 0)
	tests := []struct {
		name, data, want string // want "": an error
	}{
		{"DER", string(a.Raw), "A"},
		{"DER in a row", string(a.Raw) + string(b.Raw), "A B"},
		{"PEM", cert(a), "A"},
		{"PEM, many with text", "subject=A\n" + cert(a) + "\nsubject=B\r\n" + strings.ReplaceAll(cert(b), "\n", "\r\n"), "A B"},
		{"PEM with a key between", cert(a) + block("PRIVATE KEY", []byte{1}) + cert(b), "A B"},
		{"PEM of OpenSSL with settings", block("TRUSTED CERTIFICATE", trusted), "A"},
		{"PEM, old name", block("X509 CERTIFICATE", a.Raw), "A"},
		{"byte order mark", "\xef\xbb\xbf" + cert(a), "A"},
		{"p7b", string(bundleOf(a, b)), "A B"},
		{"p7b as PEM", cert(c) + block("PKCS7", bundleOf(b, a)), "C B A"},
		{"p7b without certificates", string(bundleOf()), ""},
		{"empty", "", ""},
		{"text", "hello", ""},
		{"key only", block("PRIVATE KEY", []byte{1}), ""},
		{"one is broken", cert(a) + block("CERTIFICATE", b.Raw[:50]), ""},
		{"DER and garbage", string(a.Raw) + "garbage", ""},
		{"not closed", "-----BEGIN CERTIFICATE-----\nMIIB", ""},
		{"a bomb", strings.Repeat("\x30\x00", 6000), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			certs, err := certpath.ParseCertificates([]byte(tt.data))
			var names []string
			for _, c := range certs {
				names = append(names, c.Subject.CommonName)
			}
			if got := strings.Join(names, " "); got != tt.want || (err == nil) != (tt.want != "") {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}
