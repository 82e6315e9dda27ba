package pdf

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// cryptDict is the encryption dictionary of a file made by qpdf.
func cryptDict(t *testing.T, args ...string) (enc *Dict, id0 []byte) {
	t.Helper()
	f, err := cryptOpen(qpdfEncrypt(t, append([]string{"", cryptOwner}, args...)...), "")
	if err != nil {
		t.Fatal(err)
	}
	room := maxFlat
	o, err := f.flat(f.Trailer().Get("Encrypt"), &room)
	if err != nil {
		t.Fatal(err)
	}
	return o.(*Dict), []byte(f.Trailer().Get("ID").(Array)[0].(String).Value)
}

func TestCryptMalformed(t *testing.T) {
	rc4Dict, id := cryptDict(t, "128")
	aesDict, _ := cryptDict(t, "128", "--use-aes=y")
	newDict, newID := cryptDict(t, "256")
	short := String{Value: "short"}
	p, _ := newDict.Get("P").(Integer)
	for _, c := range []struct {
		name  string
		dict  *Dict
		key   Name
		value Object
	}{
		{"no filter", rc4Dict, "Filter", nil},
		{"another handler", rc4Dict, "Filter", Name("Adobe.PubSec")},
		{"filter of a wrong type", rc4Dict, "Filter", Array{}},
		{"no V", rc4Dict, "V", nil},
		{"V3", rc4Dict, "V", Integer(3)},
		{"V6", newDict, "V", Integer(6)},
		{"no R", rc4Dict, "R", nil},
		{"R7", newDict, "R", Integer(7)},
		{"V2 with R6", rc4Dict, "R", Integer(6)},
		{"V5 with R4", newDict, "R", Integer(4)},
		{"no P", rc4Dict, "P", nil},
		{"short O", rc4Dict, "O", short},
		{"no U", rc4Dict, "U", nil},
		{"short U", rc4Dict, "U", short},
		{"short U of R6", newDict, "U", String{Value: strings.Repeat("x", 32)}},
		{"no OE", newDict, "OE", nil},
		{"short UE", newDict, "UE", short},
		{"no Perms", newDict, "Perms", nil},
		{"false Perms", newDict, "Perms", String{Value: strings.Repeat("x", 16)}},
		{"changed P", newDict, "P", p &^ 4},
		{"changed EncryptMetadata", newDict, "EncryptMetadata", false},
		{"no CF", aesDict, "CF", nil},
		{"CF of a wrong type", aesDict, "CF", Integer(1)},
		{"unknown StmF", aesDict, "StmF", Name("Nothing")},
		{"StrF of a wrong type", aesDict, "StrF", Integer(1)},
		{"unknown EFF", aesDict, "EFF", Name("Nothing")},
		{"unknown CFM", aesDict, "CF", NewDict(Name("StdCF"), NewDict(Name("CFM"), Name("AESV9")))},
		{"AESV3 in V4", aesDict, "CF", NewDict(Name("StdCF"), NewDict(Name("CFM"), Name("AESV3")))},
		{"AESV2 in V5", newDict, "CF", NewDict(Name("StdCF"), NewDict(Name("CFM"), Name("AESV2")))},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := c.dict.Clone()
			d.Set(c.key, c.value)
			use := id
			if c.dict == newDict {
				use = newID
			}
			if s, err := newSecurity(d, use, nil); !Damaged(err) {
				t.Errorf("got %v, %v, want a SyntaxError", s, err)
			}
		})
	}
}

func TestCryptTolerated(t *testing.T) {
	dict, id := cryptDict(t, "128")
	p, _ := dict.Get("P").(Integer)
	u, _ := dict.Get("U").(String)
	for _, c := range []struct {
		name  string
		key   Name
		value Object
	}{
		{"P unsigned", "P", Integer(uint32(p))},
		{"Length in bytes", "Length", Integer(16)},
		{"U of 16 bytes", "U", String{Value: u.Value[:16]}},
		{"U of more bytes", "U", String{Value: u.Value + "0000"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := dict.Clone()
			d.Set(c.key, c.value)
			s, err := newSecurity(d, id, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := s.info(); int64(got.Permissions) != int64(p) || got.Method != "RC4-128" {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestCryptIdentity(t *testing.T) {
	dict, id := cryptDict(t, "128", "--use-aes=y")
	for name, filter := range map[string]Object{
		"by name": Name("Identity"), "absent": nil, "CFM None": Name("Open"),
	} {
		t.Run(name, func(t *testing.T) {
			d := dict.Clone()
			d.Set("CF", NewDict(Name("Open"), NewDict(Name("CFM"), Name("None")), Name("Identity"), NewDict(Name("CFM"), Name("AESV2"))))
			d.Set("StmF", filter)
			d.Set("StrF", filter)
			d.Delete("EFF")
			s, err := newSecurity(d, id, nil)
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.decryptString(Ref{Num: 1}, []byte("plain"))
			if err != nil || string(got) != "plain" || s.info().Method != "Identity" {
				t.Errorf("got %q, %v, %+v", got, err, s.info())
			}
		})
	}
}

// FuzzNewSecurity: no dictionary makes it panic, and what opens can round-trip.
func FuzzNewSecurity(f *testing.F) {
	u, o := bytes.Repeat([]byte("u"), 48), bytes.Repeat([]byte("o"), 48)
	f.Add(int64(1), int64(2), int64(-4), int64(40), u[:32], o[:32], "V2", []byte("pw"))
	f.Add(int64(4), int64(4), int64(-4), int64(128), u[:32], o[:32], "AESV2", []byte(""))
	f.Add(int64(5), int64(6), int64(-4), int64(256), u, o, "AESV3", []byte("m\xc3\xa9"))
	f.Fuzz(func(t *testing.T, v, r, p, length int64, u, o []byte, cfm string, password []byte) {
		d := NewDict(Name("Filter"), Name("Standard"), Name("V"), Integer(v), Name("R"), Integer(r), Name("P"), Integer(p),
			Name("Length"), Integer(length), Name("U"), String{Value: string(u)}, Name("O"), String{Value: string(o)},
			Name("UE"), String{Value: string(u)}, Name("OE"), String{Value: string(o)}, Name("Perms"), String{Value: string(o)},
			Name("StmF"), Name("StdCF"), Name("StrF"), Name("StdCF"),
			Name("CF"), NewDict(Name("StdCF"), NewDict(Name("CFM"), Name(cfm), Name("Length"), Integer(length))))
		s, err := newSecurity(d, u, password)
		var pe *PasswordError
		if err != nil {
			if !Damaged(err) && !errors.As(err, &pe) {
				t.Fatalf("got %v", err)
			}
			return
		}
		enc, err := s.encryptString(Ref{Num: 1}, password)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.decryptString(Ref{Num: 1}, enc); err != nil || !bytes.Equal(got, password) {
			t.Fatalf("got %q, %v", got, err)
		}
	})
}
