package verify_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/verify"
)

var wantInvalid = want{verdict: verify.Invalid, sub: "FORMAT_FAILURE"}

// hexToken is the usual text of /Contents with a change.
func hexToken(change func(digits string, room int) string) func([]byte, int) string {
	return func(der []byte, room int) string {
		return change(hex.EncodeToString(der), room)
	}
}

func zeros(n int) string { return strings.Repeat("0", n) }

// TestD00 is the control.
func TestD00(t *testing.T) {
	rep := check(t, signedDoc(sigSpec{}).data)
	w := wantValid
	w.level = verify.LevelBB
	w.expect(t, rep, 0)
	if s := rep.Signatures[0]; s.Coverage != verify.EntireFile || s.Revision != 2 || rep.Revisions != 2 {
		t.Errorf("coverage %s, revision %d of %d", s.Coverage, s.Revision, rep.Revisions)
	}
}

// TestDRange has ranges that are wrong, over which the signature is right.
func TestDRange(t *testing.T) {
	rows := []struct {
		name string
		rng  func(a, b, c int) (string, [][2]int)
		want want
	}{
		{"D01 the last 40 bytes uncovered", func(a, b, c int) (string, [][2]int) {
			return fmt.Sprintf("[0 %d %d %d]", a, b, c-40), [][2]int{{0, a}, {b, b + c - 40}}
		}, wantInvalid.with("BYTE_RANGE_END")},
		{"D02 gap larger before", func(a, b, c int) (string, [][2]int) {
			return fmt.Sprintf("[0 %d %d %d]", a-60, b, c), [][2]int{{0, a - 60}, {b, b + c}}
		}, wantInvalid.with("GAP_NOT_CONTENTS")},
		{"D03 gap larger after", func(a, b, c int) (string, [][2]int) {
			return fmt.Sprintf("[0 %d %d %d]", a, b+30, c-30), [][2]int{{0, a}, {b + 30, b + c}}
		}, wantInvalid.with("GAP_NOT_CONTENTS")},
		{"D04 starts at 20", func(a, b, c int) (string, [][2]int) {
			return fmt.Sprintf("[20 %d %d %d]", a-20, b, c), [][2]int{{20, a}, {b, b + c}}
		}, wantInvalid.with("BYTE_RANGE_START")},
		{"D05 one range", func(a, _, _ int) (string, [][2]int) {
			return fmt.Sprintf("[0 %d]", a), [][2]int{{0, a}}
		}, wantInvalid.with("BYTE_RANGE_FORM")},
		{"D06 three ranges", func(a, b, c int) (string, [][2]int) {
			return fmt.Sprintf("[0 100 100 %d %d %d]", a-100, b, c), nil
		}, wantInvalid.with("BYTE_RANGE_FORM")},
		{"D07 overlap into the contents", func(a, b, c int) (string, [][2]int) {
			return fmt.Sprintf("[0 %d %d %d]", a+2, b, c), [][2]int{{0, a + 2}, {b, b + c}}
		}, wantInvalid.with("GAP_NOT_CONTENTS")},
		{"D08 past the end", func(a, b, c int) (string, [][2]int) {
			return fmt.Sprintf("[0 %d %d %d]", a, b, c+10), [][2]int{{0, a}, {b, b + c}}
		}, wantInvalid.with("BYTE_RANGE_PAST_END")},
		{"D09 reversed", func(a, b, c int) (string, [][2]int) {
			return fmt.Sprintf("[%d %d 0 %d]", b, c, a), [][2]int{{b, b + c}, {0, a}}
		}, wantInvalid.with("BYTE_RANGE_ORDER")},
		{"D10 real zero", func(a, b, c int) (string, [][2]int) {
			return fmt.Sprintf("[0.0 %d %d %d]", a, b, c), nil
		}, wantInvalid.with("BYTE_RANGE_FORM")},
		{"D11 reals", func(a, b, c int) (string, [][2]int) {
			return fmt.Sprintf("[0 %d.9 %d %d]", a, b, c), nil
		}, wantInvalid.with("BYTE_RANGE_FORM")},
		{"gap with white space", func(a, b, c int) (string, [][2]int) {
			return fmt.Sprintf("[0 %d %d %d]", a-1, b, c), [][2]int{{0, a - 1}, {b, b + c}}
		}, want{verdict: verify.Invalid, sub: "FORMAT_FAILURE", integrity: verify.Intact, code: "GAP_NOT_CONTENTS"}},
		{"a plus sign", func(a, b, c int) (string, [][2]int) {
			return fmt.Sprintf("[+0 %d %d %d]", a, b, c), nil
		}, wantValid},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			row.want.expect(t, check(t, signedDoc(sigSpec{rng: row.rng}).data), 0)
		})
	}
}

// TestDContents has strange texts for /Contents in the right gap.
func TestDContents(t *testing.T) {
	pades := func(code string) want { return wantInvalid.with(code) }
	rows := []struct {
		name  string
		token func([]byte, int) string
		pades want
		adbe  want
	}{
		{"D12 bytes behind the container", hexToken(func(d string, room int) string {
			return "<" + d + zeros(room-len(d)-8) + "deadbeef>"
		}), pades("CONTENTS_PADDING"), wantValid},
		{"D13 white space", hexToken(func(d string, room int) string {
			return "<" + d[:100] + " \n\r\t" + d[100:] + zeros(room-len(d)-4) + ">"
		}), wantValid.with("CONTENTS_SPACE"), wantValid.with("CONTENTS_SPACE")},
		{"D14 closed early, filled with zeros", hexToken(func(d string, room int) string {
			return "<" + d + ">" + zeros(room-len(d)-1) + ">"
		}), wantMalformed, wantMalformed},
		{"D14 closed early, filled with spaces", hexToken(func(d string, room int) string {
			return "<" + d + ">" + strings.Repeat(" ", room-len(d))
		}), want{verdict: verify.Invalid, code: "GAP_NOT_CONTENTS"}, want{verdict: verify.Invalid, code: "GAP_NOT_CONTENTS"}},
		{"D15 other characters", hexToken(func(d string, room int) string {
			return "<" + d + zeros(room-len(d)-4) + "zzzz>"
		}), wantMalformed, wantMalformed},
		{"D16 an entry in the gap", hexToken(func(d string, room int) string {
			evil := "/Reason(I agree to all)"
			return "<" + d + ">" + evil + strings.Repeat(" ", room-len(d)-len(evil))
		}), wantMalformed.with("GAP_NOT_CONTENTS"), wantMalformed.with("GAP_NOT_CONTENTS")},
		{"D18 literal string", func(der []byte, room int) string {
			s := "("
			for _, c := range der {
				s += fmt.Sprintf("\\%03o", c)
			}
			return s + strings.Repeat("\x00", room+1-len(s)) + ")"
		}, wantMalformed.with("CONTENTS_NOT_HEX"), wantMalformed.with("CONTENTS_NOT_HEX")},
		{"D23 odd number of digits", hexToken(func(d string, room int) string {
			return "<" + d + zeros(room-len(d)-1) + " >"
		}), pades("CONTENTS_ODD"), wantValid},
		{"D23 lower case", hexToken(func(d string, room int) string {
			return "<" + strings.ToLower(d) + zeros(room-len(d)) + ">"
		}), wantValid, wantValid},
		{"D23 mixed case", hexToken(func(d string, room int) string {
			return "<" + strings.ToUpper(d[:200]) + d[200:] + zeros(room-len(d)) + ">"
		}), wantValid, wantValid},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			row.pades.expect(t, check(t, signedDoc(sigSpec{token: row.token}).data), 0)
		})
		t.Run(row.name+", adbe", func(t *testing.T) {
			row.adbe.expect(t, check(t, signedDoc(sigSpec{sub: "adbe.pkcs7.detached", token: row.token}).data), 0)
		})
	}
}

// TestDSubFilter has containers that are not what /SubFilter says.
func TestDSubFilter(t *testing.T) {
	rows := []struct {
		name, sub, typ string
		want           want
	}{
		{"D19", "adbe.pkcs7.sha1", "", wantInvalid.with("SUBFILTER_MISMATCH")},
		{"D20", "adbe.x509.rsa_sha1", "", wantInvalid.with("SUBFILTER_MISMATCH")},
		{"D21", "Acme.unknown", "", want{verdict: verify.Indeterminate, sub: "FORMAT_FAILURE", code: "SUBFILTER_UNKNOWN"}},
		{"D22", "ETSI.RFC3161", "/Type/DocTimeStamp", wantInvalid.with("SUBFILTER_MISMATCH")},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			row.want.expect(t, check(t, signedDoc(sigSpec{sub: row.sub, typ: row.typ}).data), 0)
		})
	}
}

// TestD23 is about sizes and encodings of the container.
func TestD23(t *testing.T) {
	t.Run("D23 indefinite length", func(t *testing.T) {
		ber := func(content []byte) []byte {
			der := goodCMS(content)
			out := append([]byte{0x30, 0x80}, der[4:]...) // the outer header is 30 82 xx xx
			return append(out, 0, 0)
		}
		// By the letter DER is asked for; writers that are in use (ArubaSign,
		// older DSS) send BER, so it is doubt and not failure.
		want{verdict: verify.Indeterminate, sub: "FORMAT_FAILURE", integrity: verify.Intact, code: "CONTENTS_NOT_DER"}.
			expect(t, check(t, signedDoc(sigSpec{build: ber}).data), 0)
		wantValid.expect(t, check(t, signedDoc(sigSpec{sub: "adbe.pkcs7.detached", build: ber}).data), 0)
	})
	t.Run("D23 17 MB", func(t *testing.T) {
		rep := check(t, signedDoc(sigSpec{room: 17 << 20}).data)
		wantMalformed.with("LIMIT_CONTENTS").expect(t, rep, 0)
	})
}

// TestD24 has bytes before the header and behind the end.
func TestD24(t *testing.T) {
	junk := strings.Repeat("junk before the header\n", 40)
	t.Run("D24 before, signed", func(t *testing.T) {
		d := newDocAfter(junk)
		d.sign(sigSpec{})
		wantValid.with("HEADER_OFFSET").expect(t, check(t, d.data), 0)
	})
	t.Run("D24 before, added", func(t *testing.T) {
		data := append([]byte(junk), signedDoc(sigSpec{}).data...)
		if rep := check(t, data); rep.Verdict != verify.Invalid {
			t.Errorf("verdict %s", rep.Verdict)
		}
	})
	for name, tail := range map[string]string{
		"zip":  "PK\x03\x04" + strings.Repeat("\x01\x02\x03", 300),
		"html": "<html><body>another text</body></html>",
	} {
		t.Run("D24 appended "+name, func(t *testing.T) {
			data := append(signedDoc(sigSpec{}).data, tail...)
			wantModified.with("TRAILING_DATA").expect(t, check(t, data), 0)
		})
	}
	for name, tail := range map[string]string{"line ends": "\r\n\r\n\n", "spaces": "  \t\n", "zeros": "\x00\x00\x00"} {
		t.Run("white space appended, "+name, func(t *testing.T) {
			wantValid.expect(t, check(t, append(signedDoc(sigSpec{}).data, tail...)), 0)
		})
	}
}
