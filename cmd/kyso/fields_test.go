package main

import (
	"bytes"
	"fmt"
	"testing"
	"time"
)

func fieldsOf(t *testing.T, name string) []map[string]any {
	t.Helper()
	o := call(t, "fields", name, "--json").want(t, 0).lines(t)[0]
	if o["schema"] != "kyso.fields/1" || o["file"] != name {
		t.Errorf("got %v", o)
	}
	var all []map[string]any
	for _, f := range o["fields"].([]any) {
		all = append(all, f.(map[string]any))
	}
	return all
}

func TestFieldsAddSignList(t *testing.T) {
	home(t)
	w := newWorld(t)
	call(t, "fields", "form.pdf").want(t, 0, "form.pdf has no signature field")
	if all := fieldsOf(t, "form.pdf"); len(all) != 0 {
		t.Errorf("got %v", all)
	}
	call(t, "fields", "form.pdf", "--add", "Giám đốc", "--page", "last", "--rect", "350,80,550,160").
		want(t, 0, `Added the empty field "Giám đốc": form.field.pdf`, "box 350,80,550,160", "kyso sign form.field.pdf --field 'Giám đốc'")
	all := fieldsOf(t, "form.field.pdf")
	if len(all) != 1 || all[0]["name"] != "Giám đốc" || all[0]["state"] != "empty" || all[0]["page"] != 1.0 ||
		fmt.Sprint(all[0]["rect"]) != "[350 80 550 160]" {
		t.Fatalf("got %v", all)
	}
	call(t, "sign", "form.field.pdf", "--key", "key.pem", "--cert-file", "cert.pem", "--field", "Giám đốc", "-o", "s.pdf").want(t, 0)
	call(t, "timestamp", "s.pdf", "--tsa", w.tsaURL, "-o", "ts.pdf").want(t, 0)
	all = fieldsOf(t, "ts.pdf")
	if len(all) != 2 || all[0]["state"] != "signed" || all[1]["state"] != "timestamp" || all[1]["rect"] != nil {
		t.Fatalf("got %v", all)
	}
	by := all[0]["signed_by"].(map[string]any)
	if by["cn"] != "NGUYỄN VĂN A" || by["issuer_cn"] != "Kyso Test Root" || all[0]["subfilter"] != "ETSI.CAdES.detached" || all[0]["signing_time"] == nil {
		t.Errorf("got %v", all[0])
	}
	call(t, "fields", "ts.pdf").want(t, 0, "1. Giám đốc: signed", "Signed by: NGUYỄN VĂN A", "2. Timestamp1: document timestamp", "page 1, not shown")
}

func TestFieldsAddKeepsSignatures(t *testing.T) {
	home(t)
	w := newWorld(t)
	w.sign(t)
	o := call(t, "fields", "form.signed.pdf", "--add", "B", "--at", "bottom-right", "--size", "150x60", "--json").want(t, 0).lines(t)[0]
	if o["output"] != "form.signed.field.pdf" || o["added"] != "B" || len(o["fields"].([]any)) != 2 {
		t.Errorf("got %v", o)
	}
	if !bytes.HasPrefix(readFile(t, "form.signed.field.pdf"), readFile(t, "form.signed.pdf")) {
		t.Error("the signed bytes are no prefix of the output")
	}
	v := call(t, "verify", "form.signed.field.pdf", "--trust", "root.pem", "--ignore-revocation", "--json").want(t, 0).lines(t)[0]
	if v["verdict"] != "valid_changed" {
		t.Errorf("verdict %v", v["verdict"])
	}
	// The field signs, and both signatures hold.
	call(t, "sign", "form.signed.field.pdf", "--key", "key.pem", "--cert-file", "cert.pem", "--field", "B", "-o", "both.pdf").want(t, 0)
	call(t, "verify", "both.pdf", "--trust", "root.pem", "--ignore-revocation").want(t, 0)
}

func TestFieldsRefused(t *testing.T) {
	home(t)
	w := newWorld(t)
	w.sign(t, "--certify", "1", "-o", "certified.pdf")
	w.sign(t, "--lock", "all", "-o", "locked.pdf")
	writeFile(t, "broken.pdf", bytes.Replace(readFile(t, "locked.pdf"), []byte("%PDF-1."), []byte("%PDF-2."), 1))
	box := []string{"--rect", "10,10,110,60"}
	for _, c := range []struct {
		name string
		args []string
		code int
		say  string
	}{
		{"no file", nil, 2, "no file was named"},
		{"two files", []string{"form.pdf", "form.pdf"}, 2, "form.pdf"},
		{"missing", []string{"none.pdf"}, 1, "was not found"},
		{"no PDF", []string{"key.pem"}, 15, "damaged"},
		{"rect alone", append([]string{"form.pdf"}, box...), 2, "--add"},
		{"add alone", []string{"form.pdf", "--add", "A"}, 2, "--rect"},
		{"rect and at", append([]string{"form.pdf", "--add", "A", "--at", "top-left"}, box...), 2, "do not go together"},
		{"no box", []string{"form.pdf", "--add", "A", "--rect", "1,2,3"}, 2, "--rect"},
		{"no such page", append([]string{"form.pdf", "--add", "A", "--page", "9"}, box...), 1, "no such page"},
		{"off the page", []string{"form.pdf", "--add", "A", "--rect", "10,10,9000,60"}, 1, "leaves the page"},
		{"period", append([]string{"form.pdf", "--add", "A.B"}, box...), 2, "period"},
		{"certified", append([]string{"certified.pdf", "--add", "A"}, box...), 15, "certified"},
		{"locked", append([]string{"locked.pdf", "--add", "A"}, box...), 15, "locks"},
		{"broken", append([]string{"broken.pdf", "--add", "A"}, box...), 15, "earlier signature of the document is broken"},
		{"same file", append([]string{"form.pdf", "--add", "A", "-o", "form.pdf", "--force"}, box...), 2, "is the input"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := names(t)
			call(t, append([]string{"fields"}, c.args...)...).want(t, c.code, c.say)
			if after := names(t); after != before {
				t.Errorf("files before %s, after %s", before, after)
			}
		})
	}
	call(t, append([]string{"fields", "form.pdf", "--add", "A"}, box...)...).want(t, 0)
	call(t, append([]string{"fields", "form.pdf", "--add", "A"}, box...)...).want(t, 1, "--force")
	call(t, append([]string{"fields", "form.pdf", "--add", "A", "--force"}, box...)...).want(t, 0)
	call(t, append([]string{"fields", "form.field.pdf", "--add", "A", "-o", "x.pdf"}, box...)...).want(t, 15, "a field of this name already", "kyso fields")
}

func TestFieldsErrorIsJSON(t *testing.T) {
	home(t)
	writeFile(t, "x.pdf", []byte("nothing"))
	o := call(t, "fields", "x.pdf", "--json").want(t, 15).lines(t)[0]
	if o["schema"] != "kyso.fields/1" || o["file"] != "x.pdf" || o["exit"] != 15.0 || o["error"].(map[string]any)["code"] != "document_damaged" {
		t.Errorf("got %v", o)
	}
}

func TestParsePDFDate(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"D:20260512153512+07'00'", "2026-05-12T15:35:12+07:00"},
		{"D:20260512153512+07'00", "2026-05-12T15:35:12+07:00"},
		{"20260512153512-0330", "2026-05-12T15:35:12-03:30"},
		{"D:20260512153512Z", "2026-05-12T15:35:12Z"},
		{"D:20260512153512Z00'00'", "2026-05-12T15:35:12Z"},
		{"D:202605121535", "2026-05-12T15:35:00Z"},
		{"D:20260512+07", "2026-05-12T00:00:00+07:00"},
		{"D:2026", "2026-01-01T00:00:00Z"},
		{"D:20261", ""}, {"D:20261312", ""}, {"", ""}, {"yesterday", ""}, {"D:20260512153512123", ""},
	} {
		got := ""
		if d, ok := parsePDFDate(c.in); ok {
			got = d.Format(time.RFC3339)
		}
		if got != c.want {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
}
