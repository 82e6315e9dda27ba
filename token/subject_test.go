package token

import (
	"crypto/x509"
	"encoding/asn1"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/testpki"
)

// rdn is one attribute of a test name: an OID, a string tag, the value's bytes.
type rdn struct {
	oid   asn1.ObjectIdentifier
	tag   int
	value string
}

var (
	cn    = asn1.ObjectIdentifier{2, 5, 4, 3}
	org   = asn1.ObjectIdentifier{2, 5, 4, 10}
	unit  = asn1.ObjectIdentifier{2, 5, 4, 11}
	title = asn1.ObjectIdentifier{2, 5, 4, 12}
	land  = asn1.ObjectIdentifier{2, 5, 4, 6}
	mail  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}
	uid   = asn1.ObjectIdentifier{0, 9, 2342, 19200300, 100, 1, 1}
)

func name(t testing.TB, rdns ...[]rdn) []byte {
	t.Helper()
	type pair struct {
		OID   asn1.ObjectIdentifier
		Value asn1.RawValue
	}
	var body []byte
	for _, set := range rdns {
		var inner []byte
		for _, a := range set {
			der, err := asn1.Marshal(pair{a.oid, asn1.RawValue{Tag: a.tag, Bytes: []byte(a.value)}})
			if err != nil {
				t.Fatal(err)
			}
			inner = append(inner, der...)
		}
		der, err := asn1.Marshal(asn1.RawValue{Tag: asn1.TagSet, IsCompound: true, Bytes: inner})
		if err != nil {
			t.Fatal(err)
		}
		body = append(body, der...)
	}
	der, err := asn1.Marshal(asn1.RawValue{Tag: asn1.TagSequence, IsCompound: true, Bytes: body})
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func one1(oid asn1.ObjectIdentifier, tag int, value string) []rdn { return []rdn{{oid, tag, value}} }

func bmp(s string) string {
	var b []byte
	for _, r := range s {
		b = append(b, byte(r>>8), byte(r))
	}
	return string(b)
}

func TestParseName(t *testing.T) {
	utf8, printable := asn1.TagUTF8String, asn1.TagPrintableString
	cases := []struct {
		name string
		der  []byte
		want Subject
	}{
		{"country first", name(t, one1(land, printable, "VN"), one1(cn, utf8, "NGUYỄN VĂN A"), one1(uid, utf8, "MST:0100000000")),
			Subject{CN: "NGUYỄN VĂN A", MST: "0100000000", Raw: "UID=MST:0100000000,CN=NGUYỄN VĂN A,C=VN"}},
		{"UID first, doubled", name(t, one1(uid, utf8, "MST:0100000000-029"), one1(uid, utf8, "CCCD:001000000001"), one1(cn, utf8, "TRẦN THỊ B")),
			Subject{CN: "TRẦN THỊ B", MST: "0100000000-029", CCCD: "001000000001", Raw: "CN=TRẦN THỊ B,UID=CCCD:001000000001,UID=MST:0100000000-029"}},
		{"doubled in one RDN, other order", name(t, []rdn{{uid, utf8, "CCCD:001000000001"}, {uid, utf8, "MST:0100000000"}}),
			Subject{MST: "0100000000", CCCD: "001000000001", Raw: "UID=CCCD:001000000001+UID=MST:0100000000"}},
		{"blanks and small letters", name(t, one1(uid, utf8, "cmnd: 012345678 ")),
			Subject{CMND: "012345678", Raw: `UID=cmnd: 012345678\ `}},
		{"passport, insurance, PPID", name(t, one1(uid, utf8, "HC:B1234567"), one1(uid, utf8, "BHXH:1"), one1(uid, utf8, "PPID:2")),
			Subject{Passport: "B1234567", SocialID: "1", PersonalID: "2", Raw: "UID=PPID:2,UID=BHXH:1,UID=HC:B1234567"}},
		{"a UID without a prefix", name(t, one1(uid, utf8, "0100000000")), Subject{Raw: "UID=0100000000"}},
		{"BMPString", name(t, one1(cn, 30, bmp("CÔNG TY Ấ"))), Subject{CN: "CÔNG TY Ấ", Raw: "CN=CÔNG TY Ấ"}},
		{"BMPString of odd length", name(t, one1(cn, 30, "abc")), Subject{Raw: "CN=#1e03616263"}},
		{"T61String, Latin-1", name(t, one1(org, 20, "Soci\xe9t\xe9")), Subject{O: "Société", Raw: "O=Société"}},
		{"T61String, UTF-8", name(t, one1(org, 20, "Bộ")), Subject{O: "Bộ", Raw: "O=Bộ"}},
		{"UniversalString", name(t, one1(cn, 28, "\x00\x00\x1e\xa4")), Subject{CN: "Ấ", Raw: "CN=Ấ"}},
		{"several units", name(t, one1(org, utf8, "Bộ X"), one1(unit, utf8, "Cục Y"), one1(unit, utf8, "Phòng Z"), one1(title, utf8, "Trưởng phòng")),
			Subject{O: "Bộ X", OU: "Cục Y, Phòng Z", Title: "Trưởng phòng", Raw: "T=Trưởng phòng,OU=Phòng Z,OU=Cục Y,O=Bộ X"}},
		{"e-mail in the name", name(t, one1(mail, asn1.TagIA5String, "a@example.vn")), Subject{Email: "a@example.vn", Raw: "emailAddress=a@example.vn"}},
		{"what wants escapes", name(t, one1(cn, utf8, " #a,b+c\"d\\e<f>;\x00\n")), Subject{CN: " #a,b+c\"d\\e<f>;\x00\n",
			Raw: `CN=\ #a\,b\+c\"d\\e\<f\>\;\00\0a`}},
		{"not UTF-8", name(t, one1(cn, utf8, "a\xffb")), Subject{CN: "a\uFFFDb", Raw: "CN=a\uFFFDb"}},
		{"unknown attribute", name(t, one1(asn1.ObjectIdentifier{1, 2, 3}, utf8, "x")), Subject{Raw: "1.2.3=x"}},
		{"no name", []byte("garbage"), Subject{}},
		{"empty", name(t), Subject{}},
		{"cut off", name(t, one1(cn, utf8, "A"), one1(org, utf8, "B"))[:13], Subject{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := ParseName(c.der); got != c.want {
				t.Errorf("got  %#v\nwant %#v", got, c.want)
			}
		})
	}
}

func TestParseSubjectTakesEmailFromSAN(t *testing.T) {
	ca := testpki.NewRoot("Test Root", testpki.P256)
	c := ca.Issue(testpki.Leaf{CN: "NGUYỄN VĂN A", Title: "Giám đốc", O: "CÔNG TY A", Email: "a@example.vn", UID: []string{"CCCD:001000000001"}})
	s := ParseSubject(c)
	if s.Email != "a@example.vn" || s.CN != "NGUYỄN VĂN A" || s.Title != "Giám đốc" || s.O != "CÔNG TY A" || !s.Person() {
		t.Errorf("got %+v", s)
	}
	if i := ParseIssuer(c); i.CN != "Test Root" || i.Email != "" || i.Person() {
		t.Errorf("issuer %+v", i)
	}
	if s := ParseSubject(&x509.Certificate{}); s != (Subject{}) {
		t.Errorf("empty certificate: %+v", s)
	}
}

// FuzzParseName: no name is too odd, and what comes out is bounded text.
func FuzzParseName(f *testing.F) {
	f.Add(name(f, one1(cn, 12, "NGUYỄN VĂN A"), one1(uid, 12, "MST:1")))
	f.Add(name(f, []rdn{{uid, 30, "ab"}, {cn, 20, "\xff"}}))
	f.Add([]byte{0x30, 0x80})
	f.Fuzz(func(t *testing.T, der []byte) {
		s := ParseName(der)
		if s != ParseName(der) {
			t.Fatal("not the same twice")
		}
		if strings.ContainsAny(s.Raw, "\x00\n\r\x1b") {
			t.Fatalf("control characters in %q", s.Raw)
		}
		if len(s.Raw) > 64*len(der)+64 {
			t.Fatalf("%d bytes out of %d", len(s.Raw), len(der))
		}
	})
}
