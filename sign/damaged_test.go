package sign_test

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/cms/cmstest"
	"github.com/kyso-vn/kyso/sign"
)

// replaced replaces the one match of a pattern.
func replaced(t *testing.T, data []byte, pattern, with string) []byte {
	t.Helper()
	re := regexp.MustCompile(pattern)
	if n := len(re.FindAll(data, -1)); n != 1 {
		t.Fatalf("%d matches of %s", n, pattern)
	}
	return re.ReplaceAll(data, []byte(with))
}

// TestDamagedIsRefused: what is needed to sign and is broken is never mended in
// silence.
func TestDamagedIsRefused(t *testing.T) {
	plain := input{}.bytes()
	rows := regexp.MustCompile(`\d{10} 00000 n`)
	row := func(n int, change func(string) string) []byte {
		at := rows.FindAllIndex(plain, -1)[n-1]
		out := bytes.Clone(plain)
		copy(out[at[0]:at[1]], change(string(plain[at[0]:at[1]])))
		return out
	}
	moved := func(s string) string {
		var off int
		_, _ = fmt.Sscanf(s, "%d", &off)
		return fmt.Sprintf("%010d%s", off+30, s[10:])
	}
	encrypted := encrypt(t, "", "", "256")
	for name, data := range map[string][]byte{
		"catalog elsewhere":  row(1, moved),
		"pages elsewhere":    row(2, moved),
		"page elsewhere":     row(3, moved),
		"page free":          row(3, func(s string) string { return strings.Replace(s, "n", "f", 1) }),
		"page out of file":   row(3, func(string) string { return "0000999999 00000 n" }),
		"catalog generation": row(1, func(s string) string { return strings.Replace(s, "00000 n", "00001 n", 1) }),
		"startxref":          replaced(t, plain, `startxref\n\d+`, "startxref\n7"),
		"no startxref":       replaced(t, plain, `startxref\n\d+`, ""),
		"no trailer":         replaced(t, plain, `trailer`, "trayler"),
		"root":               replaced(t, plain, `/Root 1 0 R`, "/Root 9 0 R"),
		"root direct":        replaced(t, plain, `/Root 1 0 R`, "/Root <<>> "),
		"prev":               replaced(t, plain, `/Root 1 0 R`, "/Root 1 0 R/Prev 3"),
		"row":                replaced(t, plain, `0000000000 65535 f`, "00000x0000 65535 f"),
		"half a file":        plain[:len(plain)/2],
		"encryption":         replaced(t, encrypted, `/Filter\s*/Standard`, "/Filter /Nobodys"),
		"object stream":      replaced(t, input{form: "stream"}.bytes(), `/Type/ObjStm/N \d+`, "/Type/ObjStm/N 99"),
	} {
		t.Run(name, func(t *testing.T) {
			key, cert := signer(cmstest.P256)
			_, _, err := trySign(t, data, key, sign.Options{Certificate: cert, Now: now})
			var refused *sign.RefusedError
			if !errors.As(err, &refused) || refused.Reason != sign.ReasonDamaged {
				t.Errorf("got %v", err)
			}
			if key.asked.Load() != 0 {
				t.Error("the key was asked")
			}
		})
	}
}

// TestOddButSound: files that departs from the letter in ways that every reader
// takes are signed.
func TestOddButSound(t *testing.T) {
	plain := input{}.bytes()
	cr := bytes.ReplaceAll(bytes.ReplaceAll(plain, []byte(" \n"), []byte(" \r")), []byte("\n"), []byte("\r"))
	junk := append([]byte("HTTP/1.1 200 OK\r\n\r\n"), plain...)
	for name, data := range map[string][]byte{
		"no line end":       bytes.TrimRight(plain, "\n"),
		"junk before":       junk,
		"junk behind":       append(bytes.Clone(plain), bytes.Repeat([]byte("\x00"), 2000)...),
		"CR alone":          cr,
		"size too small":    replaced(t, plain, `/Size 5`, "/Size 2"),
		"size too large":    replaced(t, plain, `/Size 5`, "/Size 99"),
		"no ID":             replaced(t, plain, `/ID\[[^\]]*\]`, ""),
		"startxref near":    replaced(t, plain, `startxref\n(\d+)`, "startxref\n0$1"),
		"missing endobj":    bytes.Replace(plain, []byte("endobj\n2 0 obj"), []byte("      \n2 0 obj"), 1),
		"PDF 1.0":           input{header: "%PDF-1.0"}.bytes(),
		"PDF 2.0":           input{header: "%PDF-2.0", form: "stream"}.bytes(),
		"wrong stream size": replaced(t, plain, `/Length 34`, "/Length 99"),
	} {
		t.Run(name, func(t *testing.T) {
			out, _ := signed(t, data, cmstest.P256, visible())
			second, _ := signed(t, out, cmstest.P256, sign.Options{})
			checkPrefix(t, out, second)
			text, _ := command(t, "pdfsig", "-nocert", save(t, second))
			if n := strings.Count(text, "Signature is Valid."); n != 2 {
				t.Errorf("pdfsig: %d valid\n%s", n, text)
			}
		})
	}
}

// TestLimitIsNoDamage: what passes a limit is refused as that, since a repair
// would not help.
func TestLimitIsNoDamage(t *testing.T) {
	deep := strings.Repeat("[", 1000) + strings.Repeat("]", 1000)
	key, cert := signer(cmstest.P256)
	data := input{objects: map[int]string{1: "<</Type/Catalog/Pages 2 0 R/Deep" + deep + ">>"}}.bytes()
	_, _, err := trySign(t, data, key, sign.Options{Certificate: cert, Now: now})
	var refused *sign.RefusedError
	if !errors.As(err, &refused) || refused.Reason != sign.ReasonLimit || !strings.Contains(err.Error(), "LIMIT_NESTING") {
		t.Errorf("got %v", err)
	}
	if key.asked.Load() != 0 {
		t.Error("the key was asked")
	}
}

// TestCutUpdate: a signed revision that lost its end is behind the last
// revision that a reader sees. To sign that one would bury the signature.
func TestCutUpdate(t *testing.T) {
	plain := input{}.bytes()
	out, _ := signed(t, plain, cmstest.P256, visible())
	cut := out[:bytes.LastIndex(out, []byte("startxref"))]
	harmless := bytes.ReplaceAll(cut, []byte("/ByteRange"), []byte("/BytesRang"))
	for name, c := range map[string]struct {
		data   []byte
		reason string
	}{
		"signature": {cut, sign.ReasonBrokenSignature},
		"other":     {harmless, ""},
	} {
		t.Run(name, func(t *testing.T) {
			key, cert := signer(cmstest.P256)
			_, _, err := trySign(t, c.data, key, sign.Options{Certificate: cert, Now: now})
			var refused *sign.RefusedError
			if errors.As(err, &refused); (err == nil) != (c.reason == "") || err != nil && (refused == nil || refused.Reason != c.reason) {
				t.Errorf("got %v, want %q", err, c.reason)
			}
		})
	}
}
