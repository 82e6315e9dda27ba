package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/sign"
	"github.com/kyso-vn/kyso/token"
)

// previewDPI is the resolution of a preview of one page.
const previewDPI = 110

// preview draws the page as it will be: the same path as signing, up to the
// key. No key and no PIN is asked; where there is no certificate yet, a sample
// name stands in the mark.
func (r *signRun) preview(ctx context.Context, jobs []signJob) error {
	switch {
	case len(jobs) > 1:
		return together("preview", "FILE FILE")
	case len(jobs) == 0: // a folder without a PDF
		return usagef(func(*i18n.Errors) string { return r.a.m.Batch.NothingToDo })
	}
	if err := r.previewKey(ctx); err != nil {
		return err
	}
	job := &jobs[0]
	in, err := r.a.openInput(job.input)
	if err != nil {
		return err
	}
	defer in.Close()
	d, err := r.ready(ctx, job, in)
	if err != nil {
		return err
	}
	defer d.Close()
	p := d.prepared
	for _, n := range d.notes {
		r.a.notef("%s", r.a.m.Phrase(n))
	}
	var buf bytes.Buffer
	if err := p.WriteUnsigned(&buf); err != nil {
		return err
	}
	picture, err := r.draw(ctx, fromBytes(d.doc, buf.Bytes()), p, d.password)
	if err != nil {
		return err
	}
	if err := r.a.writeFile(r.o.preview, job.o.out.force, picture, in); err != nil {
		return err
	}
	return r.showPreview(job, d)
}

func (r *signRun) showPreview(job *signJob, d *readied) error {
	res := &signResult{job: job, prepared: d.prepared, repaired: d.repaired}
	if r.a.global.json {
		j := r.json(res)
		j.Output, j.DryRun = r.o.preview, true
		r.a.jsonLine(j)
		return nil
	}
	fmt.Fprintf(r.a.out, r.a.m.Sign.PreviewMade+"\n", printable(r.o.preview))
	rows := &rows{}
	r.common(rows, res)
	rows.print(r.a.out, "  ")
	return nil
}

// draw renders the page of the mark; with several pages, a contact sheet.
func (r *signRun) draw(ctx context.Context, doc *input, p *sign.Prepared, password []byte) ([]byte, error) {
	d, err := r.pages.open(ctx, doc, password)
	if err != nil {
		return nil, err
	}
	pages := []int{max(p.Page-1, 0)}
	if r.o.place.page == "all" {
		n, err := d.NumPages()
		if err != nil {
			return nil, err
		}
		pages = pages[:0]
		for i := range min(n, 200) {
			pages = append(pages, i)
		}
	}
	return d.Preview(ctx, pages, previewDPI)
}

// previewKey finds a certificate without asking anything of anybody.
func (r *signRun) previewKey(ctx context.Context) error {
	o := r.o.keyOptions
	switch {
	case o.p12.file != "":
		if given, err := r.a.given(o.p12.source()); err != nil || given == nil {
			return r.sampleKey(err)
		}
	case o.certFile != "":
		certs, err := readCertificates("cert-file", o.certFile)
		if err != nil {
			return err
		}
		r.key = &keySource{a: r.a, o: o, entry: token.Entry{Certificate: certs[0], Raw: certs[0].Raw}}
		return nil
	default:
		found := r.a.survey(ctx, o.tokenOptions)
		entry, err := token.Choose(found.entries, o.cert)
		if errors.Is(err, token.ErrNoCertificate) && o.cert == "" {
			return r.sampleKey(nil)
		}
		r.key = &keySource{a: r.a, o: o, entry: entry}
		return err
	}
	k, err := r.a.findKey(ctx, o)
	r.key = k
	return err
}

// sampleKey stands in with a sample name.
func (r *signRun) sampleKey(err error) error {
	if err != nil {
		return err
	}
	r.a.notef("%s", r.a.m.Sign.PreviewSample)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	now := r.a.now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: r.a.m.Sign.SampleSigner},
		NotBefore: now, NotAfter: now.Add(time.Hour), EmailAddresses: []string{"email@example.vn"},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return err
	}
	r.key = &keySource{a: r.a, entry: token.Entry{Certificate: cert, Raw: der}}
	return nil
}

// writeFile writes a small result whole or not at all.
func (a *app) writeFile(name string, force bool, data []byte, inputs ...*input) error {
	out, err := a.openOutput(name, outputOptions{force: force}, inputs...)
	if err != nil {
		return err
	}
	defer out.abort()
	if _, err := out.Write(data); err != nil {
		return atFile(name, err)
	}
	return out.commit()
}
