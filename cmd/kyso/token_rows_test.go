package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/token"
)

// K05: every return value has a sentence and a next step in both languages, and
// no two values read alike.
func TestK05Sentences(t *testing.T) {
	for _, l := range i18n.Langs() {
		m := i18n.For(l)
		seen := map[string]uint{}
		for code := range token.CKRCodes() {
			err := &token.DeviceError{Code: code, Err: errDetail}
			text, hints := describe(m, err), hintsOf(m, err)
			if code == 0 || err.Removed() {
				continue // no failure; pulled out, whatever the driver calls it
			}
			if other, ok := seen[text]; ok || strings.Contains(text, "%!") || !strings.Contains(text, token.CKRName(code)) || len(hints) != 1 || hints[0] == "" {
				t.Errorf("%v %s: %q %q (as %#x)", l, token.CKRName(code), text, hints, other)
			}
			seen[text] = code
			if statusOf(err).exit != exitToken {
				t.Errorf("%s: exit %d", token.CKRName(code), statusOf(err).exit)
			}
		}
		if text := describe(m, &token.DeviceError{Code: 0x80000123, Err: errDetail}); !strings.Contains(text, "CKR_VENDOR_DEFINED+0x123") {
			t.Errorf("%v, a vendor's own: %q", l, text)
		}
	}
}

// K05: the values of the row, as a driver returns them in the middle of work:
// exit 13, a sentence, one login, no output.
func TestK05OfTheProgram(t *testing.T) {
	for _, c := range []struct{ rv, say string }{
		{"0x30", "hardware failure (CKR_DEVICE_ERROR)"},
		{"0x31", "no memory left (CKR_DEVICE_MEMORY)"},
		{"0x32", "the token was removed"},
		{"0x50", "canceled at the PIN pad or by the driver (CKR_FUNCTION_CANCELED)"},
		{"0xE0", "the token was removed"},
		{"0x190", "the driver is not ready (CKR_CRYPTOKI_NOT_INITIALIZED)"},
		{"0x05", "the driver of the token failed (CKR_GENERAL_ERROR)"},
	} {
		t.Run(c.rv, func(t *testing.T) {
			r := newRig(t, 2)
			r.driver.Set("fail=C_Sign:0:" + c.rv)
			r.run(r.command("--jobs", "1")).want(t, exitToken, c.say)
			if n := r.driver.Count("login:user"); n > 1 {
				t.Errorf("%d logins", n)
			}
			if n := len(r.outputs()); n != 0 {
				t.Errorf("%d outputs", n)
			}
		})
	}
	t.Run("no re-login after a wrong PIN", func(t *testing.T) {
		r := newRig(t, 3)
		r.driver.Set("fail=C_Login:0:0xA0")
		r.run(r.command("--jobs", "3")).want(t, exitWrongPIN)
		if n := r.driver.Count("login:user"); n != 1 {
			t.Errorf("%d logins", n)
		}
	})
}

// K19: a driver that never comes back from the end of the work does not keep
// the program: the outputs are there and it ends with 0.
func TestK19HangsAtTheEnd(t *testing.T) {
	for _, call := range []string{"C_Logout", "C_CloseAllSessions", "C_Finalize"} {
		t.Run(call, func(t *testing.T) {
			r := newRig(t, 2)
			r.driver.Set("hang=" + call)
			r.run(r.command("--json")).want(t, 0)
			done := r.outputs()
			if len(done) != 2 {
				t.Errorf("outputs %v", done)
			}
			r.verifyAll(done)
		})
	}
}

// K19: a driver that dies at a signature takes the program with it, and nothing
// else: no output is half written, and the next run does all of them.
func TestK19DriverDies(t *testing.T) {
	r := newRig(t, 3)
	r.driver.Set("crash=C_Sign")
	if got := r.run(r.command("--jobs", "1", "--journal", "run.journal")); got.code == 0 {
		t.Errorf("exit 0: %s%s", got.out, got.err)
	}
	if found, _ := filepath.Glob("out/*.pdf"); len(found) != 0 {
		t.Errorf("outputs %v", found)
	}
	r.driver.Unset("crash")
	r.run(r.command("--jobs", "1", "--journal", "run.journal", "--resume")).want(t, 0)
	done := r.outputs()
	if len(done) != 3 {
		t.Errorf("outputs %v", done)
	}
	r.verifyAll(done)
	r.inputsAsBefore()
}
