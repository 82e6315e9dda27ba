package verify_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/verify"
)

// contract is the JSON of the command line's documentation: every key is there
// in every report, with this kind of value; "?" may be null. schema and file
// are the command's.
const contract = `
bytes number
sha256 string
revisions number
verdict string
signatures array
validated_at string
online boolean
signatures.field string
signatures.kind string
signatures.revision number
signatures.indication string
signatures.sub_indication string?
signatures.integrity string
signatures.coverage string
signatures.byte_range array
signatures.changes_after string
signatures.changes array
signatures.certification object?
signatures.subfilter string
signatures.level string
signatures.signer object?
signatures.algorithms object?
signatures.trust object
signatures.trust.status string
signatures.trust.anchor string?
signatures.trust.path array
signatures.revocation object
signatures.revocation.status string
signatures.revocation.source string
signatures.revocation.origin string?
signatures.revocation.this_update string?
signatures.revocation.reason string?
signatures.time object
signatures.time.claimed string?
signatures.time.proven string?
signatures.time.proof string
signatures.timestamps array
signatures.reasons array
signatures.signer.cn string?
signatures.signer.o string?
signatures.signer.email string?
signatures.signer.mst string?
signatures.signer.cccd string?
signatures.signer.serial string
signatures.signer.issuer_cn string?
signatures.signer.sha256 string
signatures.signer.not_before string
signatures.signer.not_after string
signatures.algorithms.digest string
signatures.algorithms.signature string
signatures.algorithms.key_bits number
signatures.changes.revision number
signatures.changes.object string
signatures.changes.kind string
signatures.changes.permitted boolean
signatures.changes.detail string
signatures.timestamps.kind string
signatures.timestamps.time string?
signatures.timestamps.tsa_cn string?
signatures.timestamps.valid boolean
signatures.timestamps.reason string?
signatures.reasons.code string
signatures.reasons.message string
`

// words are the values that an enumeration may have.
var words = map[string][]string{
	"verdict":                      {"valid", "valid_changed", "indeterminate", "invalid", "unsigned", "unreadable"},
	"signatures.kind":              {"signature", "document_timestamp", "usage_rights"},
	"signatures.indication":        {"TOTAL_PASSED", "TOTAL_FAILED", "INDETERMINATE"},
	"signatures.integrity":         {"intact", "broken", "unprocessable"},
	"signatures.coverage":          {"entire_file", "entire_revision", "partial", "invalid"},
	"signatures.changes_after":     {"none", "permitted", "forbidden", "unknown"},
	"signatures.level":             {"B-B", "B-T", "B-LT", "B-LTA", "none"},
	"signatures.trust.status":      {"trusted", "untrusted", "unknown"},
	"signatures.revocation.status": {"good", "revoked", "unknown", "not_published", "ignored"},
	"signatures.revocation.source": {"ocsp", "crl", "none"},
	"signatures.revocation.origin": {"embedded", "online", ""},
	"signatures.time.proof":        {"signature_timestamp", "document_timestamp", "none"},
	"signatures.timestamps.kind":   {"signature_timestamp", "content_timestamp", "document_timestamp"},
	"signatures.reasons.severity":  {"failure", "indeterminate", "warning", "info"},
}

// TestJSON holds reports of all kinds against the contract.
func TestJSON(t *testing.T) {
	reports := map[string][]byte{
		"unsigned": newDoc().data, "unreadable": []byte("x"), "valid": signedDoc(sigSpec{}).data,
		"malformed": forge("", "", false), "modified": append(signedDoc(sigSpec{}).data, "4 0 obj<<>>endobj"...),
		"stamped": signedDoc(sigSpec{build: stamped(tokenSpec{})}).data, "certified": certified(2).data, "long term": ltDoc(t, ""),
		"filled": after(func(d *pdfDoc) { d.append(map[int]string{objText: textField("5", "8 0 R"), objTextAP: textAP("5")}) }),
	}
	for _, s := range statuses() {
		reports[s.sub] = s.make(t)
	}
	lines := strings.Fields(strings.TrimSpace(contract))
	seen := make(map[string]bool)
	for name, data := range reports {
		t.Run(name, func(t *testing.T) {
			b, err := json.Marshal(check(t, data))
			if err != nil {
				t.Fatal(err)
			}
			var v any
			if err := json.Unmarshal(b, &v); err != nil {
				t.Fatal(err)
			}
			for i := 0; i < len(lines); i += 2 {
				checkKey(t, v, strings.Split(lines[i], "."), lines[i], lines[i+1], seen)
			}
			for key, values := range words {
				checkWords(t, v, strings.Split(key, "."), values)
			}
		})
	}
	for i := 0; i < len(lines); i += 2 {
		if !seen[lines[i]] {
			t.Errorf("no report has %s", lines[i])
		}
	}
}

// checkKey goes down a path; an array stands for each of its elements, null
// and what is missing above the last key end the way.
func checkKey(t *testing.T, v any, path []string, whole, kind string, seen map[string]bool) {
	t.Helper()
	if list, ok := v.([]any); ok {
		for _, e := range list {
			checkKey(t, e, path, whole, kind, seen)
		}
		return
	}
	object, ok := v.(map[string]any)
	if !ok {
		return
	}
	value, ok := object[path[0]]
	if !ok {
		t.Errorf("%s is missing among %v", whole, slices.Sorted(maps.Keys(object)))
		return
	}
	if len(path) > 1 {
		checkKey(t, value, path[1:], whole, kind, seen)
		return
	}
	seen[whole] = true
	if got := kindOf(value); got != strings.TrimSuffix(kind, "?") && !(got == "null" && strings.HasSuffix(kind, "?")) {
		t.Errorf("%s is %s, want %s", whole, got, kind)
	}
}

func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "string"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return fmt.Sprintf("%T", v)
}

func checkWords(t *testing.T, v any, path, values []string) {
	t.Helper()
	switch x := v.(type) {
	case []any:
		for _, e := range x {
			checkWords(t, e, path, values)
		}
	case map[string]any:
		if len(path) > 0 && x[path[0]] != nil {
			checkWords(t, x[path[0]], path[1:], values)
		}
	case string:
		if len(path) == 0 && values != nil && !slices.Contains(values, x) {
			t.Errorf("%q is none of %v", x, values)
		}
	}
}

// TestJSONIsReadBack: programs written in Go may read what kyso wrote.
func TestJSONIsReadBack(t *testing.T) {
	rep := check(t, ltDoc(t, ""))
	b, err := json.Marshal(rep)
	if err != nil {
		t.Fatal(err)
	}
	var back verify.Report
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(&back)
	if err != nil || string(again) != string(b) {
		t.Errorf("%v\n%s\n%s", err, b, again)
	}
}
