package rewrite

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/kyso-vn/kyso/internal/pdf"
)

func TestEncryptPasswords(t *testing.T) {
	long := strings.Repeat("mật khẩu rất dài ", 12)
	for _, tt := range []struct {
		name, user, owner, open string // open: what opens it, as the user's
	}{
		{"plain", "mat-khau", "chu", "mat-khau"},
		{"Vietnamese", "mật khẩu Đặng", "", "mật khẩu Đặng"},
		{"typed in NFD", "ma\u0323\u0302t", "", "mật"},
		{"spaces and signs", "  a b(c)\\ %#/<>  ", "", "  a b(c)\\ %#/<>  "},
		{"no-break space", "a\u00a0b", "", "a b"},
		{"127 bytes count", long, "", long[:127]},
		{"owner the same", "mot", "mot", "mot"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out, err := encrypt(t, sample(), Encryption{User: []byte(tt.user), Owner: []byte(tt.owner), Permissions: PermitAll}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			said := qpdfCheck(t, out, "--password="+tt.open)
			for _, want := range []string{"R = 6", "file encryption method: AESv3", "stream encryption method: AESv3", "string encryption method: AESv3"} {
				if !strings.Contains(said, want) {
					t.Errorf("qpdf does not say %q:\n%s", want, said)
				}
			}
			f := open(t, out, tt.user)
			sameSample(t, f)
			if e := f.Encryption(); e.V != 5 || e.R != 6 || e.Method != "AES-256" {
				t.Errorf("encryption %+v", e)
			}
			if tt.owner != "" && !open(t, out, tt.owner).Encryption().Owner {
				t.Error("the owner's password is not known as such")
			}
			for _, wrong := range []string{"", "x" + tt.user} {
				var locked *pdf.PasswordError
				_, err := pdf.Open(context.Background(), bytes.NewReader(out), int64(len(out)), pdf.OpenOptions{Password: []byte(wrong)})
				if !errors.As(err, &locked) {
					t.Errorf("password %q: %v", wrong, err)
				}
			}
			for _, secret := range []string{"Xin chao", "hoadon", "mo ta", "giu lai", "Trang 2", "D:2024"} {
				if bytes.Contains(out, []byte(secret)) {
					t.Errorf("%q is there to read", secret)
				}
			}
		})
	}
}

// The text of every page, as other programs see it with the password.
func TestEncryptOtherReaders(t *testing.T) {
	out, err := encrypt(t, sample(), Encryption{User: []byte("mat-khau")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, out, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"pdftotext", "-upw", "mat-khau", path, "-"},
		{"mutool", "draw", "-q", "-p", "mat-khau", "-F", "txt", path},
	} {
		got, err := exec.Command(args[0], args[1:]...).CombinedOutput()
		if err != nil || strings.Count(string(got), "Xin chao") != 2 {
			t.Errorf("%s: %v\n%s", args[0], err, got)
		}
	}
	if got, err := exec.Command("pdftotext", path, "-").CombinedOutput(); err == nil {
		t.Errorf("pdftotext reads it without a password:\n%s", got)
	}
}

func TestEncryptPermissions(t *testing.T) {
	for _, tt := range []struct {
		name string
		give Permissions
		want int32 // ISO 32000-2, table 22
	}{
		{"nothing", 0, -3904 | 1<<9},
		{"print", PermitPrint | PermitPrintFine, -3904 | 1<<9 | 1<<2 | 1<<11},
		{"all", PermitAll, -4},
		{"bits that are none", 0xFFFF, -4},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out, err := encrypt(t, sample(), Encryption{User: []byte("a"), Permissions: tt.give}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := open(t, out, "a").Encryption().Permissions; got != tt.want {
				t.Errorf("/P %d, want %d", got, tt.want)
			}
		})
	}
}

func TestEncryptRefuses(t *testing.T) {
	locked, err := encrypt(t, sample(), Encryption{User: []byte("a")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	signed := build("", "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>", "<</FT/Sig/T(a)/V 5 0 R>>", "<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>")
	shared := build("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 3>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>", "<</Type/Pages/Parent 2 0 R/Kids[3 0 R 2 0 R]/Count 2>>")
	user := Encryption{User: []byte("a")}
	for _, tt := range []struct {
		name string
		file []byte
		e    Encryption
		o    Options
		kind Kind // 0: an error of another type
	}{
		{"encrypted", locked, user, Options{}, KindEncrypted},
		{"signed", signed, user, Options{}, KindSigned},
		{"damaged", sample()[:900], user, Options{}, 0},
		{"pages that do not add up", shared, user, Options{}, KindFailed},
		{"no password", sample(), Encryption{}, Options{}, 0},
		{"nothing left of the password", sample(), Encryption{User: []byte("\u00ad")}, Options{}, 0},
		{"password not UTF-8", sample(), Encryption{User: []byte("a\xff")}, Options{}, 0},
		{"owner not UTF-8", sample(), Encryption{User: []byte("a"), Owner: []byte("a\xff")}, Options{}, 0},
		{"password without end", sample(), Encryption{User: bytes.Repeat([]byte("a"), 5000)}, Options{}, 0},
		{"no randomness", sample(), user, Options{Rand: iotest.ErrReader(io.ErrUnexpectedEOF)}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := encrypt(t, tt.file, tt.e, tt.o)
			if err == nil || kindOf(err) != tt.kind {
				t.Errorf("got %v (%v), want %v", err, kindOf(err), tt.kind)
			}
		})
	}
}

// Who knows the random bits is the owner; the zero value takes other ones
// each time.
func TestEncryptOwner(t *testing.T) {
	out, err := encrypt(t, sample(), Encryption{User: []byte("a")}, Options{Rand: bytes.NewReader(bytes.Repeat([]byte{0xab}, 32))})
	if err != nil {
		t.Fatal(err)
	}
	if !open(t, out, strings.Repeat("ab", 32)).Encryption().Owner {
		t.Error("the random password is not the owner's")
	}
	if open(t, out, "a").Encryption().Owner {
		t.Error("the user is taken for the owner")
	}
	again, err := encrypt(t, sample(), Encryption{User: []byte("a")}, Options{Rand: rand.Reader})
	if err != nil || bytes.Equal(out, again) {
		t.Errorf("the same again, %v", err)
	}
}

// Streams of streams (a picture with its mask) are written once: twice
// encrypted they would be noise.
func TestEncryptStreamsOfStreams(t *testing.T) {
	file := build("", "<</Type/Catalog/Pages 2 0 R/Metadata 7 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</XObject<</A 5 0 R/B 4 0 R>>>>/Size 8 0 R/Half .5/Is 9 0 R>>",
		stream("/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Note(phu)/SMask 5 0 R", "B"),
		stream("/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Note(chinh)/SMask 6 0 R", "A"),
		stream("/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Back 4 0 R/Length2 8 0 R", "C"),
		stream("/Type/Metadata/Subtype/XML", "<x/>"), "17", ".25")
	out, err := encrypt(t, file, Encryption{User: []byte("a")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	qpdfCheck(t, out, "--password=a")
	if n := bytes.Count(out, []byte("/SMask")); n != 2 {
		t.Errorf("%d streams with masks, want 2", n)
	}
	f := open(t, out, "a")
	for num, want := range map[uint32]string{4: "B", 5: "A", 6: "C", 7: "<x/>"} {
		s, err := f.Stream(pdf.Ref{Num: num})
		if err != nil || s == nil {
			t.Fatalf("stream %d: %v", num, err)
		}
		if b, err := s.Decode(100); string(b) != want {
			t.Errorf("stream %d: %q, %v", num, b, err)
		}
		note := map[uint32]string{4: "phu", 5: "chinh"}[num]
		if got, _ := s.Dict.Get("Note").(pdf.String); got.Value != note {
			t.Errorf("note of stream %d: %q", num, got.Value)
		}
	}
	page, err := f.Page(0)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := f.Int(page.Dict.Get("Size")); n != 17 || err != nil {
		t.Errorf("number: %v, %v", n, err)
	}
	if v, err := f.Resolve(page.Dict.Get("Is")); v != pdf.Real(.25) || err != nil {
		t.Errorf("number: %v, %v", v, err)
	}
}
