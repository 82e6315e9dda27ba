//go:build cgo && linux

package token

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/internal/testpki/fakep11"
)

// codes counts findings, and finds those of one code.
func codes(findings []Finding, code string) (out []Finding) {
	return slices.DeleteFunc(slices.Clone(findings), func(f Finding) bool { return f.Code != code })
}

func TestDiagnose(t *testing.T) {
	h := newHSM(t)
	key := testpki.Key(testpki.P256, "signer")
	ca := testCA()
	h.Signer("one", key, ca.Person(key.Public()))
	soon := ca.Issue(testpki.Leaf{CN: "TRẦN THỊ B", Key: key.Public(), NotAfter: testpki.Now().AddDate(0, 0, 10)})
	past := ca.Issue(testpki.Leaf{CN: "TRẦN THỊ B", Key: key.Public(), NotAfter: testpki.Now().AddDate(0, 0, -10)})
	h.Certificate("one", soon.Raw, []byte{1}, "soon")
	h.Certificate("one", past.Raw, []byte{1}, "past")
	hang, crash, few := fakep11.New(t, h.Module), fakep11.New(t, h.Module), fakep11.New(t, h.Module)
	hang.Set("hang=C_GetSlotList")
	crash.Set("crash=C_GetSlotList")
	few.Set("flags=0xC0000", "fail=C_OpenSession:0:0x30") // locked, to be changed
	findings, entries := Diagnose(context.Background(), DiagnoseOptions{List: ListOptions{Now: testpki.Now(), Self: self(t), Timeout: 2 * time.Second,
		Modules: []string{h.Module, hang.Path, crash.Path, few.Path, "/nowhere/x.so"}}})
	if len(entries) != 3 {
		t.Errorf("%d entries", len(entries))
	}
	for code, want := range map[string]int{"system": 1, "no_token_support": 0, "module_timeout": 1, "module_crashed": 1,
		"module_failed": 2, "token": 1, "token_none": 0, "certificate_usable": 1, "certificate_unusable": 1,
		"certificate_expires_soon": 1, "certificate_none": 0} {
		if got := codes(findings, code); len(got) != want {
			t.Errorf("%s: %v, want %d", code, got, want)
		}
	}
	if f := codes(findings, "module_timeout"); len(f) == 1 && (f[0].Values["module"] != hang.Path || f[0].Severity != Problem) {
		t.Errorf("%+v", f)
	}
	if f := codes(findings, "certificate_usable"); len(f) == 1 && (f[0].Values["cn"] != "NGUYỄN VĂN A" || f[0].Severity.String() != "good") {
		t.Errorf("%+v", f)
	}
	for _, f := range findings {
		for name, v := range f.Values {
			if v == "" {
				t.Errorf("%s: %s is empty", f.Code, name)
			}
		}
	}
}

func TestDiagnosePINFlags(t *testing.T) {
	cases := []struct {
		line string
		want []string
	}{
		{"flags=0x40000", []string{"pin_locked"}}, {"flags=0x30000", []string{"pin_last_try"}},
		{"flags=0x10000", []string{"pin_count_low"}}, {"flags=0x80000", []string{"pin_to_be_changed"}},
		{"clear=0x8", []string{"pin_not_set"}}, {"pinpad=1", []string{"pin_pad"}}, {"flags=0", nil},
	}
	m, _ := faulty(t)
	for _, c := range cases {
		m.Unset("flags")
		m.Unset("clear")
		m.Unset("pinpad")
		m.Set(c.line)
		findings, _ := Diagnose(context.Background(), DiagnoseOptions{List: ListOptions{Now: testpki.Now(), Self: self(t), Modules: []string{m.Path}}})
		var got []string
		for _, f := range findings {
			if strings.HasPrefix(f.Code, "pin_") {
				got = append(got, f.Code)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.line, got, c.want)
		}
	}
}

func TestDiagnoseModules(t *testing.T) {
	soft := read(t, testpki.SoftHSMModule(t))
	root := tree(t, map[string][]byte{"usr/lib/viettel-ca_v6.so": soft, "usr/lib/libx-p11.so": makePE(0x14c, entryPoint), "usr/lib/fptca_v4.so": []byte("text")})
	if err := os.Chmod(filepath.Join(root, "usr/lib/viettel-ca_v6.so"), 0o666); err != nil {
		t.Fatal(err)
	}
	findings, _ := Diagnose(context.Background(), DiagnoseOptions{Find: FindOptions{Root: root, GOOS: "linux"}, List: ListOptions{Now: testpki.Now()}})
	kinds := map[string]string{}
	for _, f := range codes(findings, "module_refused") {
		kinds[strings.TrimPrefix(f.Values["module"], root+"/usr/lib/")] = f.Values["kind"] + " " + f.Values["arch"]
	}
	want := map[string]string{"viettel-ca_v6.so": "refused_path ", "libx-p11.so": "wrong_arch 32-bit Windows (386)", "fptca_v4.so": "not_pkcs11 "}
	for n, w := range want {
		if kinds[n] != w {
			t.Errorf("%s: %q, want %q", n, kinds[n], w)
		}
	}
	for _, code := range []string{"module_none", "token_none", "certificate_none"} {
		if len(codes(findings, code)) != 1 {
			t.Errorf("no %s", code)
		}
	}
}

func TestReaders(t *testing.T) {
	root := tree(t, map[string][]byte{
		"sys/bus/usb/devices/1-2:1.0/bInterfaceClass": []byte("0b\n"), "sys/bus/usb/devices/1-2:1.1/bInterfaceClass": []byte("0b\n"),
		"sys/bus/usb/devices/1-2/product": []byte("ePass2003\n"), "sys/bus/usb/devices/1-2/idVendor": []byte("096e\n"),
		"sys/bus/usb/devices/1-2/idProduct": []byte("0807\n"), "sys/bus/usb/devices/1-3:1.0/bInterfaceClass": []byte("03\n"),
	})
	f := readersIn(root)
	if len(codes(f, "pcscd_missing")) != 1 || len(codes(f, "reader_usb")) != 1 || len(codes(f, "reader_none")) != 0 {
		t.Fatalf("%+v", f)
	}
	if v := codes(f, "reader_usb")[0].Values; v["product"] != "ePass2003" || v["vendor_id"] != "096e" || v["product_id"] != "0807" {
		t.Errorf("%v", v)
	}
	short, err := os.MkdirTemp("", "k") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(short)
	if err := os.MkdirAll(short+"/run/pcscd", 0o755); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", short+pcscSocket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	f = readersIn(short)
	if len(codes(f, "pcscd_running")) != 1 || len(codes(f, "reader_none")) != 1 {
		t.Errorf("%+v", f)
	}
}

func TestListFindsAndReportsRefused(t *testing.T) {
	h := newHSM(t)
	key := testpki.Key(testpki.P256, "signer")
	h.Signer("one", key, testCA().Person(key.Public()))
	entries, _ := List(context.Background(), ListOptions{Now: testpki.Now(), Self: self(t)})
	if i := slices.IndexFunc(entries, func(e Entry) bool { return e.Token.Label == "one" }); i < 0 || entries[i].Module != h.Module {
		t.Errorf("not found without --module: %v", entries)
	}
	errs := unusable([]Found{{}, {Err: &ModuleError{Kind: "wrong_arch"}}, {Err: &ModuleError{Kind: "not_pkcs11"}}})
	if len(errs) != 1 || errs[0].Kind != "wrong_arch" {
		t.Errorf("%v", errs)
	}
}

func TestListInThisProcess(t *testing.T) {
	h := newHSM(t)
	key := testpki.Key(testpki.RSA2048, "signer")
	h.Signer("one", key, testCA().Person(key.Public()))
	for range 2 {
		entries, errs := List(context.Background(), ListOptions{Modules: []string{h.Module}, Now: testpki.Now()})
		if len(errs) != 0 || len(entries) != 1 {
			t.Fatalf("%v %v", entries, errs)
		}
		k := open(t, entries[0], OpenOptions{})
		if k.Way != "crypto11" {
			t.Errorf("way %s", k.Way)
		}
		_ = k.Close()
	}
}

func TestListStops(t *testing.T) {
	m, _ := faulty(t)
	m.Set("hang=C_GetSlotList")
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, errs := List(ctx, ListOptions{Modules: []string{m.Path}, Self: self(t)})
	if len(errs) != 1 || errs[0].Kind != "timeout" || time.Since(start) > time.Minute {
		t.Errorf("%v after %v", errs, time.Since(start))
	}
	_, errs = List(context.Background(), ListOptions{Modules: []string{m.Path}, Self: "/nowhere/kyso"})
	if len(errs) != 1 || errs[0].Kind != "crashed" {
		t.Errorf("%v", errs)
	}
}

func TestReadProbe(t *testing.T) {
	good := probeBegin + "e30=" + probeEnd
	cases := map[string]bool{good: true, "noise" + good + "noise": true, good + good: true, probeBegin + good: true,
		"": false, probeBegin: false, probeBegin + "e30=": false, probeBegin + "!!" + probeEnd: false, probeBegin + "bnVs" + probeEnd: false}
	for in, want := range cases {
		if _, ok := readProbe([]byte(in)); ok != want {
			t.Errorf("%q: %v", in, ok)
		}
	}
}

func TestLimitedBuffer(t *testing.T) {
	b := limitedBuffer{max: 8}
	for range 1000 {
		if n, err := b.Write([]byte("abc")); n != 3 || err != nil {
			t.Fatal(n, err)
		}
	}
	if _, err := b.Write([]byte(strings.Repeat("x", 100) + "end")); err != nil {
		t.Fatal(err)
	}
	if b.Len() > 16 || !strings.HasSuffix(b.String(), "end") {
		t.Errorf("%q", b.String())
	}
}

func TestDropDoubles(t *testing.T) {
	e := func(module string, slot uint, serial string, der byte, key, assumed bool) Entry {
		return Entry{Module: module, Slot: slot, Token: Info{Serial: serial, Label: "l"}, Raw: []byte{der}, HasPrivateKey: key, KeyAssumed: assumed}
	}
	cases := []struct {
		name string
		in   []Entry
		want []string
	}{
		{"two drivers", []Entry{e("a", 0, "1", 1, true, false), e("b", 0, "1", 1, true, false)}, []string{"a"}},
		{"the second sees the key", []Entry{e("a", 0, "1", 1, false, false), e("b", 0, "1", 1, true, false)}, []string{"b"}},
		{"the second knows it", []Entry{e("a", 0, "1", 1, true, true), e("b", 0, "1", 1, true, false)}, []string{"b"}},
		{"other token", []Entry{e("a", 0, "1", 1, true, false), e("b", 0, "2", 1, true, false)}, []string{"a", "b"}},
		{"no serial", []Entry{e("a", 0, "", 1, true, false), e("b", 0, "", 1, true, false)}, []string{"a", "b"}},
		{"twice on one token", []Entry{e("a", 0, "1", 1, true, false), e("a", 0, "1", 1, true, false)}, []string{"a", "a"}},
	}
	for _, c := range cases {
		var got []string
		for _, x := range dropDoubles(c.in) {
			got = append(got, x.Module)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
