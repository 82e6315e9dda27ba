package pdf

import (
	"bytes"
	"context"
	"crypto/aes"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const (
	cryptUser  = "user"
	cryptOwner = "owner"
	cryptText  = "NGUYEN VAN A"
	cryptMeta  = "<?xpacket?><x:xmpmeta>sample</x:xmpmeta>"
	cryptPage  = "BT (hello) Tj ET"
)

// cryptPlain is a small file with a string, a content stream and metadata.
func cryptPlain() []byte {
	g := newDoc("%PDF-1.7\n")
	g.obj(1, "<</Type/Catalog/Pages 2 0 R/Metadata 5 0 R>>")
	g.obj(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>")
	g.obj(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>")
	g.stream(4, "", cryptPage)
	g.stream(5, "/Type/Metadata/Subtype/XML", cryptMeta)
	g.obj(6, "<</Title("+cryptText+")/Empty()>>")
	g.table("/Info 6 0 R/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]")
	return g.b.Bytes()
}

// qpdfEncrypt encrypts cryptPlain by qpdf. args follow --encrypt.
func qpdfEncrypt(t *testing.T, args ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.pdf"), filepath.Join(dir, "out.pdf")
	if err := os.WriteFile(in, cryptPlain(), 0o600); err != nil {
		t.Fatal(err)
	}
	all := append([]string{"--allow-weak-crypto", "--password-mode=bytes", "--stream-data=preserve", "--encrypt"}, args...)
	if b, err := exec.Command("qpdf", append(all, "--", in, out)...).CombinedOutput(); err != nil {
		t.Fatalf("qpdf (which these tests need): %v\n%s", err, b)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func cryptOpen(b []byte, password string) (*File, error) {
	return Open(context.Background(), bytes.NewReader(b), int64(len(b)), OpenOptions{Password: []byte(password)})
}

// cryptCheck reads the string and the streams of cryptPlain.
func cryptCheck(t *testing.T, f *File) {
	t.Helper()
	info, err := f.Dict(f.Trailer().Get("Info"))
	if err != nil {
		t.Fatal(err)
	}
	if s, _ := info.Get("Title").(String); s.Value != cryptText {
		t.Errorf("/Title is %q", s.Value)
	}
	if s, ok := info.Get("Empty").(String); !ok || s.Value != "" {
		t.Errorf("/Empty is %q", s.Value)
	}
	catalog, _, err := f.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	page, err := f.Page(0)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		o    Object
		want string
	}{{catalog.Get("Metadata"), cryptMeta}, {page.Dict.Get("Contents"), cryptPage}} {
		st, err := f.Stream(c.o)
		if err != nil {
			t.Fatal(err)
		}
		got, err := st.Decode(0)
		if err != nil || strings.TrimSpace(string(got)) != c.want {
			t.Errorf("a stream is %q, %v, want %q", got, err, c.want)
		}
	}
}

// qpdfKinds are the forms of encryption that qpdf writes.
var qpdfKinds = []struct {
	name      string
	args      []string
	v, r      int
	method    string
	clearMeta bool
}{
	{"40", []string{"40"}, 1, 2, "RC4-40", false},
	{"128", []string{"128"}, 2, 3, "RC4-128", false},
	{"128 AES", []string{"128", "--use-aes=y"}, 4, 4, "AES-128", false},
	{"128 AES clear metadata", []string{"128", "--use-aes=y", "--cleartext-metadata"}, 4, 4, "AES-128", true},
	{"128 V4", []string{"128", "--force-V4"}, 4, 4, "RC4-128", false},
	{"128 V4 clear metadata", []string{"128", "--force-V4", "--cleartext-metadata"}, 4, 4, "RC4-128", true},
	{"256 R5", []string{"256", "--force-R5"}, 5, 5, "AES-256", false},
	{"256", []string{"256"}, 5, 6, "AES-256", false},
	{"256 clear metadata", []string{"256", "--cleartext-metadata"}, 5, 6, "AES-256", true},
}

func TestCryptQpdf(t *testing.T) {
	for _, k := range qpdfKinds {
		t.Run(k.name, func(t *testing.T) {
			b := qpdfEncrypt(t, append([]string{cryptUser, cryptOwner}, k.args...)...)
			if got := bytes.Contains(b, []byte(cryptMeta)); got != k.clearMeta {
				t.Fatalf("metadata in clear: %v", got)
			}
			for _, c := range []struct {
				password string
				owner    bool
			}{{cryptUser, false}, {cryptOwner, true}} {
				f, err := cryptOpen(b, c.password)
				if err != nil {
					t.Fatalf("%s: %v", c.password, err)
				}
				cryptCheck(t, f)
				want := Encryption{V: k.v, R: k.r, Method: k.method, Permissions: -4, Owner: c.owner}
				if got := *f.Encryption(); got != want {
					t.Errorf("%s: got %+v, want %+v", c.password, got, want)
				}
			}
			for _, password := range []string{"", "wrong", "use", "userr", strings.Repeat("x", 200)} {
				_, err := cryptOpen(b, password)
				var pe *PasswordError
				if !errors.As(err, &pe) || pe.Tried != (password != "") {
					t.Errorf("password %.10q: got %v", password, err)
				}
			}
		})
	}
}

func TestCryptEmptyUser(t *testing.T) {
	for _, k := range qpdfKinds {
		t.Run(k.name, func(t *testing.T) {
			b := qpdfEncrypt(t, append([]string{"", cryptOwner}, k.args...)...)
			for _, c := range []struct {
				password string
				owner    bool
			}{{"", false}, {"wrong", false}, {cryptOwner, true}} {
				f, err := cryptOpen(b, c.password)
				if err != nil {
					t.Fatalf("%q: %v", c.password, err)
				}
				cryptCheck(t, f)
				if got := f.Encryption().Owner; got != c.owner {
					t.Errorf("%q: owner is %v", c.password, got)
				}
			}
		})
	}
}

func TestCryptObjectStreams(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.pdf"), filepath.Join(dir, "out.pdf")
	if err := os.WriteFile(in, cryptPlain(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("qpdf", "--object-streams=generate", "--encrypt", cryptUser, cryptOwner, "256", "--", in, out)
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("qpdf: %v\n%s", err, b)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	f, err := cryptOpen(b, cryptUser)
	if err != nil {
		t.Fatal(err)
	}
	cryptCheck(t, f)
}

func TestCryptPermissions(t *testing.T) {
	for _, bits := range []string{"128", "256"} {
		b := qpdfEncrypt(t, "", cryptOwner, bits, "--modify=none", "--print=none")
		f, err := cryptOpen(b, "")
		if err != nil {
			t.Fatal(err)
		}
		// ISO 32000-2, table 22: bits 3, 12 print; 4, 6, 9, 11 modify.
		p := f.Encryption().Permissions
		if p&(1<<2|1<<3|1<<5) != 0 || p&(1<<4) == 0 {
			t.Errorf("%s: permissions are %032b", bits, uint32(p))
		}
	}
}

func TestCryptPasswordEncodings(t *testing.T) {
	long := strings.Repeat("0123456789", 20)
	for _, c := range []struct {
		name, written, given string
		args                 []string
	}{
		{"Latin-1 given in UTF-8", "caf\xe9", "café", []string{"128"}},
		{"Latin-1 as bytes", "caf\xe9", "caf\xe9", []string{"128"}},
		{"more than 32 bytes", long, long[:32], []string{"128"}},
		{"UTF-8", "mật khẩu", "mật khẩu", []string{"256"}},
		{"decomposed", "mật khẩu", "ma\u0323\u0302t kha\u0302\u0309u", []string{"256"}},
		{"no-break space", "a b", "a\u00a0b", []string{"256"}},
		{"soft hyphen", "ab", "a\u00adb", []string{"256"}},
		{"more than 127 bytes", long[:127], long, []string{"256"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := qpdfEncrypt(t, append([]string{c.written, "o"}, c.args...)...)
			f, err := cryptOpen(b, c.given)
			if err != nil {
				t.Fatal(err)
			}
			cryptCheck(t, f)
		})
	}
}

// TestCryptRoundTrip: what is encrypted is what is decrypted, by the file's
// own methods.
func TestCryptRoundTrip(t *testing.T) {
	for _, k := range qpdfKinds {
		t.Run(k.name, func(t *testing.T) {
			f, err := cryptOpen(qpdfEncrypt(t, append([]string{"", cryptOwner}, k.args...)...), "")
			if err != nil {
				t.Fatal(err)
			}
			ref := Ref{Num: 0x123456, Gen: 0x789}
			for _, n := range []int{0, 1, 15, 16, 17, 1000} {
				plain := bytes.Repeat([]byte{0x10}, n) // looks like padding
				enc, err := f.sec.encryptString(ref, plain)
				if err != nil {
					t.Fatal(err)
				}
				if n > 0 && bytes.Contains(enc, plain) && n > 1 {
					t.Errorf("%d bytes are in clear", n)
				}
				if got, err := f.sec.decryptString(ref, enc); err != nil || !bytes.Equal(got, plain) {
					t.Errorf("string of %d: got %x, %v", n, got, err)
				}
				enc, err = f.sec.encryptStream(ref, NewDict(), plain)
				if err != nil {
					t.Fatal(err)
				}
				if got, err := f.sec.decryptStream(ref, NewDict(), enc); err != nil || !bytes.Equal(got, plain) {
					t.Errorf("stream of %d: got %x, %v", n, got, err)
				}
			}
		})
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestCryptRandom(t *testing.T) {
	s := &security{v: 5, r: 6, key: make([]byte, 32), strings: methodAES256, streams: methodAES256}
	a, err1 := s.encryptString(Ref{Num: 1}, []byte("a"))
	b, err2 := s.encryptString(Ref{Num: 1}, []byte("a"))
	if err1 != nil || err2 != nil || bytes.Equal(a, b) {
		t.Errorf("two initialization vectors are equal: %x, %x", a, b)
	}
	iv := "0123456789abcdef"
	s.random = strings.NewReader(iv)
	if a, err := s.encryptString(Ref{Num: 1}, []byte("a")); err != nil || string(a[:aes.BlockSize]) != iv {
		t.Errorf("got %x, %v", a, err)
	}
	s.random = brokenReader{}
	if _, err := s.encryptString(Ref{Num: 1}, []byte("a")); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}

func TestCryptStreamMethod(t *testing.T) {
	s := &security{v: 4, streams: methodAES128, files: methodRC4, filters: map[Name]method{
		"Identity": methodIdentity, "StdCF": methodAES128, "Other": methodRC4,
	}}
	crypt := func(name Object) *Dict {
		return NewDict(Name("Filter"), Name("Crypt"), Name("DecodeParms"), NewDict(Name("Name"), name))
	}
	for _, c := range []struct {
		name  string
		dict  *Dict
		clear bool
		want  method // 0: an error
	}{
		{"plain", NewDict(), false, methodAES128},
		{"xref", NewDict(Name("Type"), Name("XRef")), false, methodIdentity},
		{"metadata", NewDict(Name("Type"), Name("Metadata")), false, methodAES128},
		{"clear metadata", NewDict(Name("Type"), Name("Metadata")), true, methodIdentity},
		{"embedded file", NewDict(Name("Type"), Name("EmbeddedFile")), false, methodRC4},
		{"Crypt without parameters", NewDict(Name("Filter"), Name("Crypt")), false, methodIdentity},
		{"Crypt Identity", crypt(Name("Identity")), false, methodIdentity},
		{"Crypt by name", crypt(Name("Other")), false, methodRC4},
		{"Crypt unknown", crypt(Name("None")), false, 0},
		{"Crypt of a wrong type", crypt(Integer(1)), false, 0},
		{"Crypt before Flate", NewDict(Name("Filter"), Array{Name("Crypt"), Name("FlateDecode")},
			Name("DecodeParms"), Array{NewDict(Name("Name"), Name("Other")), nil}), false, methodRC4},
		{"Flate", NewDict(Name("Filter"), Array{Name("FlateDecode")}), false, methodAES128},
		{"no filters", NewDict(Name("Filter"), Array{}), false, methodAES128},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := *s
			s.clearMetadata = c.clear
			got, err := s.streamMethod(c.dict)
			if got != c.want && err == nil || (err != nil) != (c.want == 0) {
				t.Errorf("got %v, %v, want %v", got, err, c.want)
			}
			if err != nil && !Damaged(err) {
				t.Errorf("got %v, want a SyntaxError", err)
			}
		})
	}
}

func TestAESDecryptOdd(t *testing.T) {
	key := make([]byte, 16)
	enc, err := aesEncrypt(key, []byte("sixteen bytes ab"), bytes.NewReader(make([]byte, 16)))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		in   []byte
		want string
		bad  bool
	}{
		{"nothing", nil, "", false},
		{"too short", make([]byte, 15), "", true},
		{"only the vector", make([]byte, 16), "", false},
		{"whole", enc, "sixteen bytes ab", false},
		{"a byte too many", append(bytes.Clone(enc), '\n'), "sixteen bytes ab", false},
		{"no padding", enc[:32], "sixteen bytes ab", false},
		{"cut", enc[:40], "sixteen bytes ab", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := aesDecrypt(key, c.in)
			if string(got) != c.want || Damaged(err) != c.bad {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

func TestUnpad(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"61626301", "616263"},
		{"61626300", "61626300"},
		{"61620202", "6162"},
		{"61620302", "61620302"},
		{"61626311", "61626311"},
		{"0404", "0404"},
		{"0202", ""},
		{strings.Repeat("10", 16), ""},
	} {
		in, err := hex.DecodeString(c.in)
		if err != nil {
			t.Fatal(err)
		}
		if got := hex.EncodeToString(unpad(in)); got != c.want {
			t.Errorf("%s: got %s, want %s", c.in, got, c.want)
		}
	}
}

func TestMethodString(t *testing.T) {
	for m, want := range map[method]string{
		methodIdentity: "Identity", methodRC4: "RC4", methodAES128: "AES-128", methodAES256: "AES-256", 0: "method(0)",
	} {
		if got := m.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
