package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/kyso-vn/kyso/internal/convert"
	"github.com/kyso-vn/kyso/sign"
	"github.com/kyso-vn/kyso/token"
	"github.com/kyso-vn/kyso/verify"
)

// portalLimit is what iGate takes, in bytes.
const portalLimit = 6 * 1000 * 1000

// document tells whether the file can be signed. A file that is not there is a
// mistake of the command line.
func (d *doctorRun) document(ctx context.Context) error {
	if d.file == "" {
		return nil
	}
	in, err := d.a.openInput(d.file)
	if err != nil {
		return err
	}
	defer in.Close()
	if in.size > portalLimit {
		d.add("document_large", token.Note, "name", d.file, "bytes", strconv.FormatInt(in.size, 10), "size", humanBytes(in.size))
	}
	switch kind := in.kind(); {
	case kind == convert.Unknown && !strings.EqualFold(filepath.Ext(d.file), ".pdf"):
		d.add("document_unknown", token.Problem, "name", d.file)
		return nil
	case kind != convert.PDF && kind != convert.Unknown:
		d.add("document_converts", token.Good, "name", d.file)
		return nil
	}
	password, err := d.a.given(d.o.pdfPassword.source())
	if err != nil {
		return err
	}
	return d.pdf(ctx, in, password)
}

func (d *doctorRun) pdf(ctx context.Context, in *input, password []byte) error {
	p, err := d.prepare(ctx, in, password)
	var refused *sign.RefusedError
	switch {
	case errors.As(err, &refused) && refused.Reason == sign.ReasonEncrypted:
		d.add("document_encrypted", token.Problem, "name", d.file)
		return nil
	case errors.As(err, &refused) && (refused.Reason == sign.ReasonDamaged || refused.Reason == sign.ReasonLimit):
		d.add("document_unreadable", token.Problem, "name", d.file).err = err
		return nil
	case err != nil && ctx.Err() != nil:
		return errInterrupted
	case err != nil:
		f := d.add("document_refused", token.Problem, "name", d.file)
		f.err = err
		if refused != nil {
			f.values["cause"] = refused.Reason
		}
	default:
		for _, n := range p.Notes {
			d.add("document_note", token.Note, "text", n)
		}
	}
	broken, jerr := d.signatures(ctx, in, password)
	if jerr != nil {
		return jerr
	}
	if err == nil && !broken {
		d.add("document_signable", token.Good, "name", d.file)
	}
	return d.emptyFields(ctx, in, password)
}

// prepare is signing without a key: everything that would be refused is.
func (d *doctorRun) prepare(ctx context.Context, in *input, password []byte) (*sign.Prepared, error) {
	cert, err := d.anyCertificate()
	if err != nil {
		return nil, err
	}
	return sign.Prepare(ctx, in.r, in.size, sign.Options{Certificate: cert, Password: password, Now: d.a.now})
}

// anyCertificate is one that could sign here, or a throw-away one.
func (d *doctorRun) anyCertificate() (*x509.Certificate, error) {
	for _, e := range d.entries {
		if e.Usable && e.Certificate != nil {
			return e.Certificate, nil
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	t := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "kyso doctor"},
		NotBefore: d.a.now(), NotAfter: d.a.now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// signatures judges those that are there, without network; broken tells that
// sign would refuse for one.
func (d *doctorRun) signatures(ctx context.Context, in *input, password []byte) (broken bool, err error) {
	anchors, err := d.a.buildTrust(d.o.trust)
	if err != nil {
		return false, err
	}
	report, err := d.a.judge(ctx, in, verify.Options{Anchors: anchors, Now: d.a.now, Password: password})
	if err != nil {
		return false, err
	}
	if len(report.Signatures) == 0 {
		d.add("document_unsigned", token.Good, "name", d.file)
		return false, nil
	}
	severity := token.Good
	if report.Verdict != verify.Valid && report.Verdict != verify.ValidChanged {
		severity = token.Note
	}
	d.add("document_signed", severity, "name", d.file, "count", strconv.Itoa(len(report.Signatures)), "verdict", string(report.Verdict))
	for i := range report.Signatures {
		if s := &report.Signatures[i]; s.Kind != verify.KindUsageRights && brokenFor(s) {
			broken = true
			d.add("document_signature_broken", token.Problem, "field", s.Field, "code", firstReason(s.Reasons))
		}
	}
	return broken, nil
}

func (d *doctorRun) emptyFields(ctx context.Context, in *input, password []byte) error {
	fields, err := sign.ListFields(ctx, in.r, in.size, password)
	if err != nil {
		return atFile(in.name, err)
	}
	var empty []string
	for i := range fields {
		if !fields[i].Filled {
			empty = append(empty, fields[i].Name)
		}
	}
	if len(empty) > 0 {
		d.add("document_empty_fields", token.Note, "name", d.file, "fields", strings.Join(empty, ", "))
	}
	return nil
}
