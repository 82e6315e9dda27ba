package sign_test

import (
	"errors"
	"testing"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/sign"
)

// encrypt makes an encrypted file with qpdf.
func encrypt(t *testing.T, user, owner, bits string, extra ...string) []byte {
	t.Helper()
	in := save(t, input{}.bytes())
	out := in + ".enc"
	args := append([]string{"--allow-weak-crypto", "--static-id", "--encrypt", user, owner, bits}, extra...)
	if text, err := command(t, "qpdf", append(args, "--", in, out)...); err != nil {
		t.Fatalf("qpdf: %v\n%s", err, text)
	}
	return mustRead(t, out)
}

func TestEncrypted(t *testing.T) {
	for _, c := range []struct {
		name, bits string
		extra      []string
	}{
		{"RC4-40", "40", nil},
		{"RC4-128", "128", []string{"--use-aes=n"}},
		{"AES-128", "128", []string{"--use-aes=y"}},
		{"AES-256", "256", nil},
		{"AES-256 R5", "256", []string{"--force-R5"}},
		{"clear metadata", "256", []string{"--cleartext-metadata"}},
	} {
		for _, password := range []string{"", "mật khẩu"} {
			if password != "" && c.bits != "256" {
				password = "secret" // older handlers know no Unicode
			}
			t.Run(c.name+"/"+password, func(t *testing.T) {
				data := encrypt(t, password, "owner", c.bits, c.extra...)
				o := visible()
				o.Password, o.Reason = []byte(password), "Lý do"
				out, _ := signed(t, data, cmstest.RSA, o)
				path := save(t, out)
				checkPrefix(t, data, out)
				checkOpenSSL(t, out, false)
				if text, err := command(t, "qpdf", "--check", "--password="+password, path); err != nil {
					t.Errorf("qpdf: %v\n%s", err, text)
				}
				text, err := command(t, "pdftotext", "-upw", password, path, "-")
				if err != nil {
					t.Errorf("pdftotext: %v\n%s", err, text)
				}
				second, result := signed(t, out, cmstest.P256, sign.Options{Password: []byte(password)})
				checkPrefix(t, out, second)
				if result.Signatures != 2 {
					t.Errorf("%d signatures", result.Signatures)
				}
			})
		}
	}
}

func TestEncryptedRefused(t *testing.T) {
	restricted := encrypt(t, "", "owner", "256", "--modify=none", "--annotate=n", "--form=n")
	for _, c := range []struct {
		name   string
		data   []byte
		o      sign.Options
		reason string
	}{
		{"no password", encrypt(t, "user", "owner", "256"), sign.Options{}, sign.ReasonEncrypted},
		{"wrong password", encrypt(t, "user", "owner", "256"), sign.Options{Password: []byte("x")}, sign.ReasonEncrypted},
		{"permissions", restricted, sign.Options{}, sign.ReasonPermissions},
		{"owner may", restricted, sign.Options{Password: []byte("owner")}, ""},
		{"anyway", restricted, sign.Options{ModifyAnyway: true}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			key, cert := signer(cmstest.P256)
			c.o.Certificate, c.o.Now = cert, now
			_, _, err := trySign(t, c.data, key, c.o)
			var refused *sign.RefusedError
			switch {
			case c.reason == "" && err != nil:
				t.Errorf("got %v", err)
			case c.reason != "" && (!errors.As(err, &refused) || refused.Reason != c.reason):
				t.Errorf("got %v, want %s", err, c.reason)
			}
		})
	}
}
