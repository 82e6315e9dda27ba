package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/pdf"
	"github.com/kyso-vn/kyso/internal/testpki"
	"github.com/kyso-vn/kyso/testdata/form"
)

// signingDay is the clock of the documents that verify is shown.
func signingDay() time.Time { return time.Date(2026, 5, 12, 8, 35, 12, 0, time.UTC) }

// callAt runs the program with a clock of the test.
func callAt(t *testing.T, now time.Time, args ...string) called {
	t.Helper()
	var out, errs bytes.Buffer
	a := newApp(streams{strings.NewReader(""), &out, &errs})
	a.now = func() time.Time { return now }
	code := 0
	if err := a.execute(context.Background(), args); err != nil {
		code = a.report(err)
	}
	return called{code, out.String(), errs.String()}
}

// verifyCase is a document and what verify is to say of it.
type verifyCase struct {
	name string
	data []byte
	now  time.Time
	args []string // of verify
	exit int
	// before is done before verify runs: what a server answers by then.
	before func()
}

// samplePeople are two signers, their root, and a TSA: of a company with a
// status to ask for, of a citizen with none.
type samplePeople struct {
	w       *world
	company *x509.Certificate
	ocsp    *testpki.OCSP
}

func newSamplePeople(t *testing.T) *samplePeople {
	t.Helper()
	w := newWorld(t)
	w.tsa.Now = signingDay
	p := &samplePeople{w: w, ocsp: w.root.OCSP()}
	p.ocsp.Now = signingDay
	server := httptest.NewServer(p.ocsp)
	t.Cleanup(server.Close)
	stamps := testpki.Key(testpki.P256, "stamps")
	w.tsa.Certificate = w.root.Issue(testpki.Leaf{CN: "Kyso Test TSA", Key: stamps.Public(), TSA: true})
	for name, leaf := range map[string]testpki.Leaf{
		"citizen": {CN: "NGUYỄN VĂN A", Email: "a@example.vn", UID: []string{"CCCD:001000000001"}, NotAfter: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)},
		"company": {CN: "TRẦN THỊ B", O: "CÔNG TY TNHH MỘT THÀNH VIÊN ABC", UID: []string{"MST:0100000000"}, OCSPURL: server.URL},
	} {
		key := testpki.Key(testpki.P256, name)
		leaf.Key = key.Public()
		cert := w.root.Issue(leaf)
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		writePEM(t, name+".key", "PRIVATE KEY", der)
		writePEM(t, name+".crt", "CERTIFICATE", cert.Raw)
		if name == "company" {
			p.company = cert
		}
	}
	return p
}

// sign signs a document with the key of a person and returns it.
func (p *samplePeople) sign(t *testing.T, doc []byte, who string, args ...string) []byte {
	t.Helper()
	writeFile(t, "in.pdf", doc)
	all := append([]string{"sign", "in.pdf", "-o", "out.pdf", "--force", "--key", who + ".key", "--cert-file", who + ".crt", "--invisible"}, args...)
	callAt(t, signingDay(), all...).want(t, 0)
	return readFile(t, "out.pdf")
}

// updated appends a revision.
func updated(t *testing.T, data []byte, edit func(f *pdf.File, u *pdf.Update)) []byte {
	t.Helper()
	f, err := pdf.Open(context.Background(), bytes.NewReader(data), int64(len(data)), pdf.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	u := f.NewUpdate()
	edit(f, u)
	out, err := u.Render(make([]byte, 16))
	if err != nil {
		t.Fatal(err)
	}
	return slices.Concat(data, out.Bytes)
}

// replacedContent gives page 1 another content.
func replacedContent(t *testing.T, data []byte) []byte {
	return updated(t, data, func(f *pdf.File, u *pdf.Update) {
		page, err := f.Page(0)
		if err != nil {
			t.Fatal(err)
		}
		d := page.Dict.Clone()
		d.Set("Contents", u.Add(pdf.NewStream(pdf.NewDict(), []byte("1 0 0 rg 100 300 250 90 re f"))))
		u.Set(page.Ref, d)
	})
}

// amountForm is a page with a field "amount" that shows 100.
func amountForm() []byte {
	shown := streamOf("/Type/XObject/Subtype/Form/BBox[0 0 150 20]/Resources<</Font<</F1 5 0 R>>>>", "BT /F1 12 Tf (100) Tj ET")
	return paper{catalog: "/AcroForm<</Fields[6 0 R]/DR<</Font<</F1 5 0 R>>>>/DA(/F1 12 Tf)>>", page: "/Annots[6 0 R]",
		objects: []string{strings.Replace(fieldHead, "1000", "100", 1) + "7 0 R>>>>", shown}}.bytes()
}

// filledIn changes the amount to 999999.
func filledIn(t *testing.T, data []byte) []byte {
	return updated(t, data, func(f *pdf.File, u *pdf.Update) {
		fields, err := f.Fields()
		if err != nil {
			t.Fatal(err)
		}
		d := fields[0].Dict.Clone()
		d.Set("V", pdf.String{Value: "999999"})
		look := pdf.NewDict(pdf.Name("Type"), pdf.Name("XObject"), pdf.Name("Subtype"), pdf.Name("Form"),
			pdf.Name("BBox"), pdf.Array{pdf.Integer(0), pdf.Integer(0), pdf.Integer(150), pdf.Integer(20)},
			pdf.Name("Resources"), pdf.NewDict(pdf.Name("Font"), pdf.NewDict(pdf.Name("F1"), pdf.Ref{Num: 5})))
		d.Set("AP", pdf.NewDict(pdf.Name("N"), u.Add(pdf.NewStream(look, []byte("BT /F1 12 Tf (999999) Tj ET")))))
		u.Set(fields[0].Ref, d)
	})
}

// verifyCases are the documents that people meet.
func verifyCases(t *testing.T) []verifyCase {
	t.Helper()
	p := newSamplePeople(t)
	trust := []string{"--trust", "root.pem"}
	online := append(slices.Clone(trust), "--online", "--allow-private-network")
	day := signingDay().Add(24 * time.Hour)
	simple := p.sign(t, form.PDF, "citizen")
	stamped := p.sign(t, form.PDF, "company", "--tsa", p.w.tsaURL)
	tampered := slices.Clone(simple)
	tampered[bytes.Index(tampered, []byte("stream"))+40] ^= 1
	p.ocsp.Now = func() time.Time { return day }
	// Revoked three hours before the signature, as is known a day after it.
	revoked := func() {
		p.w.root.Revoke(p.company, testpki.Revocation{At: signingDay().Add(-3 * time.Hour), Reason: 1})
		if err := os.RemoveAll(revocationCacheDir()); err != nil { // it remembers the answer from before
			t.Fatal(err)
		}
	}
	return []verifyCase{
		{"valid", simple, day, trust, 0, nil},
		{"valid_timestamp", stamped, day, online, 0, nil},
		{"tampered", tampered, day, trust, 4, nil},
		{"unsigned", form.PDF, day, trust, 6, nil},
		{"unknown_issuer", simple, day, nil, 5, nil},
		{"revocation_unknown", stamped, day, trust, 5, nil},
		{"expired", simple, signingDay().AddDate(2, 0, 0), trust, 5, nil},
		{"permitted", p.sign(t, filledIn(t, p.sign(t, amountForm(), "citizen")), "company", "--tsa", p.w.tsaURL), day, online, 0, nil},
		{"forbidden", replacedContent(t, simple), day, trust, 4, nil},
		{"unreadable", []byte("not a PDF"), day, trust, 15, nil},
		{"revoked", stamped, day, online, 4, revoked}, // the last: it is for good
	}
}
