package sign_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/sign"
)

// twoFields has the empty signature fields "Nguoi.A", with a lock, and
// "Nguoi.B".
func twoFields(lock string) input {
	in := emptyField(lock)
	in.objects[5] = "<</FT/Sig/T(Nguoi)/Kids[6 0 R 7 0 R]>>"
	in.objects[3] = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[6 0 R 7 0 R]>>"
	in.objects[7] = "<</Type/Annot/Subtype/Widget/Parent 5 0 R/T(B)/Rect[100 400 300 480]/P 3 0 R/F 4>>"
	return in
}

// TestLocks: the lock of a field that gets signed holds for what comes after,
// whether that fills a field or makes a new one. ISO 32000-2, 12.8.2.4.
func TestLocks(t *testing.T) {
	for _, c := range []struct {
		name, lock  string
		fill, fresh bool // may Nguoi.B be filled, may a new field be made
	}{
		{"none", "", true, true},
		{"all", "/Lock<</Type/SigFieldLock/Action/All>>", false, false},
		{"include", "/Lock<</Action/Include/Fields[(Nguoi.B)]>>", false, true},
		{"include the parent", "/Lock<</Action/Include/Fields[(Nguoi)]>>", false, true},
		{"include a like name", "/Lock<</Action/Include/Fields[(Nguoi.Bx)(Nguo)]>>", true, true},
		{"exclude", "/Lock<</Action/Exclude/Fields[(Nguoi.B)]>>", true, false},
		{"exclude others", "/Lock<</Action/Exclude/Fields[(Khac)]>>", false, false},
		{"in UTF-16", "/Lock<</Action/Include/Fields[<FEFF004E00670075006F0069002E0042>]>>", false, true},
		{"no changes", "/Lock<</Action/Include/Fields[]/P 1>>", false, false},
		{"form filling", "/Lock<</Action/Include/Fields[]/P 2>>", true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			first, _ := signed(t, twoFields(c.lock).bytes(), cmstest.P256, sign.Options{Field: "Nguoi.A"})
			for _, next := range []struct {
				field string
				may   bool
			}{{"Nguoi.B", c.fill}, {"", c.fresh}} {
				key, cert := signer(cmstest.P256)
				out, _, err := trySign(t, first, key, sign.Options{Certificate: cert, Now: now, Field: next.field})
				var refused *sign.RefusedError
				switch {
				case next.may && err != nil:
					t.Errorf("field %q: %v", next.field, err)
				case next.may:
					checkPDFSig(t, save(t, out), 2)
				case !errors.As(err, &refused) || refused.Reason != sign.ReasonLocked:
					t.Errorf("field %q: got %v", next.field, err)
				case !strings.Contains(refused.Error(), "Nguoi.A") || key.asked.Load() != 0:
					t.Errorf("%v does not name the field, or the key was asked", refused)
				}
			}
		})
	}
}

// TestLockIsWritten: the lock of the field becomes a FieldMDP transform of its
// signature.
func TestLockIsWritten(t *testing.T) {
	out, _ := signed(t, twoFields("/Lock<</Action/Include/Fields[(Nguoi.B)]>>").bytes(), cmstest.P256, sign.Options{Field: "Nguoi.A"})
	text := dump(t, save(t, out))
	for _, want := range []string{"/TransformMethod /FieldMDP", "/Action /Include", "(Nguoi.B)"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
}

// TestCertification: what DocMDP permits, by whichever signature says it.
func TestCertification(t *testing.T) {
	for p, may := range map[int]bool{1: false, 2: true, 3: true} {
		first, _ := signed(t, twoFields("").bytes(), cmstest.P256, sign.Options{Certify: p})
		if text := show(t, save(t, first), "1"); !strings.Contains(text, "/Perms << /DocMDP") {
			t.Errorf("P=%d: catalog %s", p, text)
		}
		key, cert := signer(cmstest.P256)
		_, _, err := trySign(t, first, key, sign.Options{Certificate: cert, Now: now, Field: "Nguoi.B"})
		var refused *sign.RefusedError
		if may && err != nil || !may && (!errors.As(err, &refused) || refused.Reason != sign.ReasonCertified) {
			t.Errorf("P=%d: got %v", p, err)
		}
		_, _, err = trySign(t, first, key, sign.Options{Certificate: cert, Now: now, Certify: 3})
		if want := map[bool]string{true: sign.ReasonCertifyFirst, false: sign.ReasonCertified}[p > 1]; !errors.As(err, &refused) || refused.Reason != want {
			t.Errorf("P=%d, certified again: got %v", p, err)
		}
	}
}

// TestEncryptionPermissions: bits 4, 6 and 9 of /P decide.
func TestEncryptionPermissions(t *testing.T) {
	encryptFields := func(bits string, args ...string) []byte {
		in := save(t, twoFields("").bytes())
		all := append([]string{"--allow-weak-crypto", "--encrypt", "", "owner", bits}, args...)
		if text, err := command(t, "qpdf", append(all, "--", in, in+".enc")...); err != nil {
			t.Fatalf("qpdf: %v\n%s", err, text)
		}
		return mustRead(t, in+".enc")
	}
	for _, c := range []struct {
		name, bits  string
		args        []string
		fill, fresh bool
	}{
		{"all", "256", nil, true, true},
		{"forms only", "256", []string{"--annotate=n", "--modify-other=n"}, true, false},
		{"annotate, not modify", "256", []string{"--modify-other=n"}, true, false},
		{"modify, not annotate", "256", []string{"--annotate=n", "--form=n"}, false, false},
		{"nothing", "256", []string{"--modify=none"}, false, false},
		{"40 bits, annotate", "40", []string{"--modify=n"}, true, false},
		{"40 bits, nothing", "40", []string{"--modify=n", "--annotate=n"}, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := encryptFields(c.bits, c.args...)
			for field, may := range map[string]bool{"Nguoi.B": c.fill, "": c.fresh} {
				key, cert := signer(cmstest.P256)
				_, _, err := trySign(t, data, key, sign.Options{Certificate: cert, Now: now, Field: field})
				var refused *sign.RefusedError
				if may && err != nil || !may && (!errors.As(err, &refused) || refused.Reason != sign.ReasonPermissions) {
					t.Errorf("field %q: got %v, may %v", field, err, may)
				}
				if _, _, err := trySign(t, data, key, sign.Options{Certificate: cert, Now: now, Field: field, Password: []byte("owner")}); err != nil {
					t.Errorf("field %q, owner: %v", field, err)
				}
			}
		})
	}
}
