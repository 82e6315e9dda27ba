package certpath_test

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"testing"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/oids"
)

// general is a GeneralName: tag and content.
func general(tag int, content string) []byte {
	return must(asn1.Marshal(asn1.RawValue{Class: 2, Tag: tag, IsCompound: tag == 4 || tag == 0, Bytes: []byte(content)}))
}

func mail(s string) []byte   { return general(1, s) }
func dns(s string) []byte    { return general(2, s) }
func dir(name []byte) []byte { return general(4, string(name)) }
func uri(s string) []byte    { return general(6, s) }
func ip(s string) []byte     { return general(7, s) }
func other(s string) []byte  { return general(0, "\x06\x03\x2a\x03\x04\xa0\x03\x0c\x01"+s) }
func sequence(b []byte) []byte {
	return must(asn1.Marshal(asn1.RawValue{Tag: 16, IsCompound: true, Bytes: b}))
}

func trees(tag int, bases [][]byte) []byte {
	var content []byte
	for _, b := range bases {
		content = append(content, sequence(b)...)
	}
	if content == nil {
		return nil
	}
	return must(asn1.Marshal(asn1.RawValue{Class: 2, Tag: tag, IsCompound: true, Bytes: content}))
}

// constrain is the extension; bases are the contents of subtrees.
func constrain(permitted, excluded [][]byte) pkix.Extension {
	return extension(oids.NameConstraints, true, sequence(append(trees(0, permitted), trees(1, excluded)...)))
}

func altNames(names ...[]byte) pkix.Extension {
	var content []byte
	for _, n := range names {
		content = append(content, n...)
	}
	return extension(oids.SubjectAltName, false, sequence(content))
}

type list = [][]byte

func subject(pairs ...string) []byte {
	var sets [][]attribute
	for i, v := range pairs {
		typ := []asn1.ObjectIdentifier{oids.Country, oids.Organization, oids.CommonName, oids.SerialNumber}[i]
		sets = append(sets, []attribute{{typ, asn1.RawValue{Tag: tagUTF8, Bytes: []byte(v)}}})
	}
	return rdns(sets...)
}

func TestNameConstraints(t *testing.T) {
	ok, broken := certpath.Reason(0), certpath.NameConstraint
	tests := []struct {
		name                string
		permitted, excluded list
		names               list
		want                certpath.Reason
	}{
		{"dns host", list{dns("example.vn")}, nil, list{dns("example.vn")}, ok},
		{"dns sub-domain", list{dns("example.vn")}, nil, list{dns("A.B.Example.VN")}, ok},
		{"dns other", list{dns("example.vn")}, nil, list{dns("example.com")}, broken},
		{"dns end of a label", list{dns("example.vn")}, nil, list{dns("badexample.vn")}, broken},
		{"dns second name", list{dns("example.vn")}, nil, list{dns("example.vn"), dns("example.com")}, broken},
		{"dns two bases", list{dns("example.vn"), dns("example.com")}, nil, list{dns("a.example.com")}, ok},
		{"dns excluded", nil, list{dns("example.vn")}, list{dns("a.example.vn")}, broken},
		{"dns not excluded", nil, list{dns("example.vn")}, list{dns("example.com")}, ok},
		{"dns excluded within permitted", list{dns("example.vn")}, list{dns("a.example.vn")}, list{dns("b.a.example.vn")}, broken},
		{"dns leading dot", list{dns(".example.vn")}, nil, list{dns("a.example.vn")}, ok},
		{"dns leading dot, itself", list{dns(".example.vn")}, nil, list{dns("example.vn")}, broken},
		{"dns leading dot excluded, itself", nil, list{dns(".example.vn")}, list{dns("example.vn")}, ok},
		{"dns all letters", list{dns("az09-_.vn")}, nil, list{dns("AZ.az09-_.vn")}, ok},
		{"dns final dot", nil, list{dns("example.vn")}, list{dns("example.vn.")}, broken},
		{"dns empty base excludes all", nil, list{dns("")}, list{dns("example.vn")}, broken},
		{"dns wildcard", list{dns("example.vn")}, nil, list{dns("*.example.vn")}, ok},
		{"dns wildcard over an exclusion", nil, list{dns("a.example.vn")}, list{dns("*.example.vn")}, broken},
		{"dns wildcard over a dotted exclusion", nil, list{dns(".a.example.vn")}, list{dns("*.example.vn")}, broken},
		{"dns wildcard beside an exclusion", nil, list{dns("a.example.com")}, list{dns("*.example.vn")}, ok},
		{"dns malformed name", nil, list{dns("example.vn")}, list{dns("a b")}, broken},
		{"dns null byte", nil, list{dns("example.vn")}, list{dns("example.vn\x00")}, broken},
		{"dns malformed base", nil, list{dns("exa mple")}, list{dns("example.vn")}, certpath.Malformed},

		{"mail of a host", list{mail("example.vn")}, nil, list{mail("a@EXAMPLE.vn")}, ok},
		{"mail of a sub-domain", list{mail("example.vn")}, nil, list{mail("a@b.example.vn")}, broken},
		{"mail of a domain", list{mail(".example.vn")}, nil, list{mail("a@b.example.vn")}, ok},
		{"mail of the domain itself", list{mail(".example.vn")}, nil, list{mail("a@example.vn")}, broken},
		{"mail of another domain", list{mail(".example.vn")}, nil, list{mail("a@a.longer.example.com")}, broken},
		{"mail one box", list{mail("a@example.vn")}, nil, list{mail("a@Example.VN")}, ok},
		{"mail one box, case of the local part", list{mail("a@example.vn")}, nil, list{mail("A@example.vn")}, broken},
		{"mail box excluded", nil, list{mail("a@example.vn")}, list{mail("a@example.vn")}, broken},
		{"mail other box", nil, list{mail("a@example.vn")}, list{mail("b@example.vn")}, ok},
		{"mail quoted at", nil, list{mail("example.vn")}, list{mail("\"a@b\"@example.vn")}, broken},
		{"mail without at", nil, list{mail("example.vn")}, list{mail("example.vn")}, broken},
		{"mail malformed base", nil, list{mail("@example.vn")}, list{mail("b@example.vn")}, certpath.Malformed},

		{"uri host", list{uri("example.vn")}, nil, list{uri("https://u@example.VN:8080/x")}, ok},
		{"uri sub-domain of a host", list{uri("example.vn")}, nil, list{uri("https://a.example.vn/")}, broken},
		{"uri of a domain", list{uri(".example.vn")}, nil, list{uri("https://a.example.vn/")}, ok},
		{"uri host excluded", nil, list{uri("example.vn")}, list{uri("ldap://example.vn/")}, broken},
		{"uri without host", nil, list{uri("example.vn")}, list{uri("urn:oid:1.2")}, broken},
		{"uri with an address", nil, list{uri("example.vn")}, list{uri("https://192.0.2.1/")}, broken},
		{"uri host in user part", list{uri("example.vn")}, nil, list{uri("https://example.vn@example.com/")}, broken},

		{"ip in", list{ip("\xc0\x00\x02\x00\xff\xff\xff\x00")}, nil, list{ip("\xc0\x00\x02\x07")}, ok},
		{"ip out", list{ip("\xc0\x00\x02\x00\xff\xff\xff\x00")}, nil, list{ip("\xc0\x00\x03\x07")}, broken},
		{"ip excluded", nil, list{ip("\xc0\x00\x02\x00\xff\xff\xff\x00")}, list{ip("\xc0\x00\x02\x07")}, broken},
		{"ip all", list{ip("\x00\x00\x00\x00\x00\x00\x00\x00")}, nil, list{ip("\xc0\x00\x02\x07")}, ok},
		{"ip other version", list{ip("\x00\x00\x00\x00\x00\x00\x00\x00")}, nil, list{ip("\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01")}, broken},
		{"ip of a wrong length", nil, list{ip("\x00\x00\x00\x00\x00\x00\x00\x00")}, list{ip("\xc0\x00\x02")}, broken},
		{"ip mask with holes", list{ip("\xc0\x00\x02\x00\xff\x00\xff\x00")}, nil, nil, certpath.Malformed},
		{"ip base of a wrong length", list{ip("\xc0\x00\x02\x00")}, nil, nil, certpath.Malformed},

		{"ip base of an odd length", list{ip("\xc0\x00\x02\x00\xff\xff\xff\x00\x00")}, nil, nil, certpath.Malformed},

		{"directory name", list{dir(subject("VN", "Bộ A"))}, nil, nil, ok},
		{"directory name by meaning", list{dir(subject("vn", " BỘ  a "))}, nil, nil, ok},
		{"directory name other", list{dir(subject("VN", "Bộ B"))}, nil, nil, broken},
		{"directory name excluded", nil, list{dir(subject("VN"))}, nil, broken},
		{"directory name longer than the subject", list{dir(subject("VN", "Bộ A", "TRẦN THỊ B", "x"))}, nil, nil, broken},
		{"directory name as an alternative", list{dir(subject("VN"))}, nil, list{dir(subject("US"))}, broken},

		{"other kind, none there", nil, list{other("x")}, list{dns("example.vn")}, ok},
		{"other kind", nil, list{other("x")}, list{other("y")}, broken},
		{"registered ID", list{general(8, "\x2a\x03")}, nil, list{general(8, "\x2a\x03")}, broken},
		{"kinds do not mix", list{dns("example.vn")}, nil, list{mail("a@example.com"), uri("https://example.com/")}, ok},
		{"no names", list{dns("example.vn"), mail("example.vn"), ip("\xc0\x00\x02\x00\xff\xff\xff\x00")}, nil, nil, ok},

		{"minimum", list{append(dns("example.vn"), 0x80, 1, 1)}, nil, nil, certpath.Malformed},
		{"minimum 0, written out", list{append(dns("example.vn"), 0x80, 1, 0)}, nil, nil, ok},
		{"maximum", nil, list{append(dns("example.vn"), 0x81, 1, 1)}, nil, certpath.Malformed},
		{"no subtrees at all", nil, nil, nil, certpath.Malformed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			root := newCA(nil, "Root")
			sub := newCA(root, "Sub", with(constrain(tt.permitted, tt.excluded)))
			mods := []func(*spec){func(s *spec) { s.subject = subject("VN", "Bộ A", "TRẦN THỊ B") }}
			if tt.names != nil {
				mods = append(mods, with(altNames(tt.names...)))
			}
			leaf := newLeaf(sub, "leaf", mods...)
			expect(t, leaf, certpath.Options{Anchors: anchorsOf(root), Intermediates: certsOf(sub)}, tt.want)
		})
	}
}

// Where constraints come from and on whom they fall.
func TestNameConstraintsAlongThePath(t *testing.T) {
	vn := constrain(list{dir(subject("VN"))}, nil)
	abroad := func(cn string) func(*spec) {
		return func(s *spec) { s.subject = subject("US", "O", cn) }
	}
	root := newCA(nil, "Root")
	sub := newCA(root, "Sub", with(vn))
	tests := []struct {
		name string
		run  func(t *testing.T)
	}{
		{"of the anchor", func(t *testing.T) {
			bound := newCA(nil, "Bound", with(vn))
			expect(t, newLeaf(bound, "l", abroad("l")), certpath.Options{Anchors: anchorsOf(bound)}, certpath.NameConstraint)
		}},
		{"not critical", func(t *testing.T) {
			ext := vn
			ext.Critical = false
			s := newCA(root, "Sub", with(ext))
			expect(t, newLeaf(s, "l", abroad("l")), certpath.Options{Anchors: anchorsOf(root), Intermediates: certsOf(s)}, certpath.NameConstraint)
		}},
		{"on an authority between", func(t *testing.T) {
			low := newCA(sub, "Low", abroad("Low"))
			expect(t, newLeaf(low, "l"), certpath.Options{Anchors: anchorsOf(root), Intermediates: certsOf(sub, low)}, certpath.NameConstraint)
		}},
		{"both must hold", func(t *testing.T) {
			low := newCA(sub, "Low", with(constrain(list{dir(subject("VN", "O"))}, nil)))
			o := certpath.Options{Anchors: anchorsOf(root), Intermediates: certsOf(sub, low)}
			expect(t, newLeaf(low, "l", func(s *spec) { s.subject = subject("VN", "P", "l") }), o, certpath.NameConstraint)
			expect(t, newLeaf(low, "l", func(s *spec) { s.subject = subject("VN", "O", "l") }), o, 0)
		}},
		{"not on itself", func(t *testing.T) {
			s := newCA(root, "Sub2", with(vn), abroad("Sub2"))
			expect(t, newLeaf(s, "l"), certpath.Options{Anchors: anchorsOf(root), Intermediates: certsOf(s)}, 0)
		}},
		{"not on the self-issued between", func(t *testing.T) { // limbo: nc permitted-self-issued
			bound := newCA(nil, "Bound2", with(constrain(list{dir(subject("VN", "O"))}, nil)))
			renewed := newCA(bound, "Bound2 new key", func(s *spec) { s.subject = bound.cert.RawSubject })
			leaf := newLeaf(renewed, "l", func(s *spec) { s.subject = subject("VN", "O", "l") })
			expect(t, leaf, certpath.Options{Anchors: anchorsOf(bound), Intermediates: certsOf(renewed)}, 0)
		}},
		{"on a self-issued leaf", func(t *testing.T) {
			bound := newCA(nil, "Bound3", with(constrain(list{dir(subject("VN", "O"))}, nil)))
			leaf := newLeaf(bound, "l", func(s *spec) { s.subject = bound.cert.RawSubject })
			expect(t, leaf, certpath.Options{Anchors: anchorsOf(bound)}, certpath.NameConstraint)
		}},
		{"an empty subject", func(t *testing.T) {
			leaf := newLeaf(sub, "l", func(s *spec) { s.subject = []byte{0x30, 0} }, with(altNames(dns("example.com"))))
			expect(t, leaf, certpath.Options{Anchors: anchorsOf(root), Intermediates: certsOf(sub)}, 0)
		}},
		{"e-mail in the subject", func(t *testing.T) {
			s := newCA(root, "SubMail", with(constrain(nil, list{mail("example.com")})))
			mailed := func(spec *spec) {
				spec.subject = one(attribute{oids.EmailAddress, asn1.RawValue{Tag: tagIA5, Bytes: []byte("a@example.com")}})
			}
			o := certpath.Options{Anchors: anchorsOf(root), Intermediates: certsOf(s)}
			expect(t, newLeaf(s, "l", mailed), o, certpath.NameConstraint)
			expect(t, newLeaf(s, "l", mailed, with(altNames(mail("a@example.vn")))), o, 0)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, tt.run)
	}
}
