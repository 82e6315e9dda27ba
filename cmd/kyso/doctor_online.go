package main

import (
	"context"
	"crypto/x509"
	"errors"
	"strconv"
	"time"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/revocation"
	"github.com/kyso-vn/kyso/internal/tsp"
	"github.com/kyso-vn/kyso/token"
)

const (
	// clockTolerance is how far the clock may be off: a signing time that lies
	// minutes beside its timestamp looks odd, and OCSP responses are "from the
	// future".
	clockTolerance = 2 * time.Minute
	// doctorWait bounds each service. A TSA of a state body took 131 s; who
	// waits that long signs all the same.
	doctorWait = 60 * time.Second
	// doctorCertificates bounds how many certificates are asked for.
	doctorCertificates = 5
)

// online tries the services, where asked to.
func (d *doctorRun) online(ctx context.Context) error {
	if !d.o.online {
		return nil
	}
	if err := d.timestamps(ctx); err != nil {
		return err
	}
	return d.revocation(ctx)
}

// timestamps tries each TSA alone; the first that answers tells about the
// clock.
func (d *doctorRun) timestamps(ctx context.Context) error {
	t, err := d.a.buildTSA(ctx, d.o.tsa)
	if err != nil {
		return err
	}
	if t == nil {
		d.add("tsa_none", token.Note)
		return nil
	}
	clock := false
	for _, c := range t.pool.Clients {
		// Far off clocks are what is looked for here.
		c.MaxSkew, c.Timeout, c.Tries = -1, doctorWait, 1
		d.a.progressf(d.a.m.Doctor.Asking, c.URL)
		start := d.a.now()
		stamp, err := c.Timestamp(ctx, []byte("kyso doctor"))
		if err != nil {
			d.add("tsa_failed", token.Problem, "url", c.URL).err = err
			continue
		}
		d.add("tsa_good", token.Good, "url", c.URL, "milliseconds", strconv.FormatInt(d.a.now().Sub(start).Milliseconds(), 10),
			"bytes", strconv.Itoa(len(stamp.Raw)))
		if !clock {
			d.clock(stamp)
			clock = true
		}
	}
	return nil
}

func (d *doctorRun) clock(stamp *tsp.Token) {
	off := stamp.Skew.Round(time.Second)
	code, severity := "clock_good", token.Good
	if off.Abs() > clockTolerance+stamp.Accuracy {
		code, severity = "clock_wrong", token.Problem
	}
	d.add(code, severity, "seconds", strconv.FormatInt(int64(off.Abs()/time.Second), 10), "direction", direction(off))
}

// direction is that of this computer's clock.
func direction(tsaMinusOurs time.Duration) string {
	switch {
	case tsaMinusOurs > 0:
		return "slow"
	case tsaMinusOurs < 0:
		return "fast"
	}
	return "equal"
}

// revocation asks the services of the certificates that could sign.
func (d *doctorRun) revocation(ctx context.Context) error {
	anchors, err := d.a.buildTrust(d.o.trust)
	if err != nil {
		return err
	}
	var others []*x509.Certificate
	for _, anchor := range anchors {
		others = append(others, anchor.Certificate)
	}
	for _, e := range d.entries {
		if e.Certificate != nil {
			others = append(others, e.Certificate)
		}
	}
	asked := map[string]bool{}
	for _, e := range d.entries {
		if c := e.Certificate; c != nil && e.Usable && len(asked) < doctorCertificates && !asked[string(c.Raw)] {
			asked[string(c.Raw)] = true
			d.status(ctx, c, anchors, others)
		}
	}
	return nil
}

// status asks about one certificate.
func (d *doctorRun) status(ctx context.Context, c *x509.Certificate, anchors []certpath.Anchor, others []*x509.Certificate) {
	ctx, cancel := context.WithTimeout(ctx, doctorWait)
	defer cancel()
	cn := first(token.ParseSubject(c).CN, c.SerialNumber.Text(16))
	if len(c.OCSPServer) == 0 && len(c.CRLDistributionPoints) == 0 {
		d.add("revocation_not_published", token.Note, "cn", cn)
		return
	}
	for _, url := range append(append([]string{}, c.OCSPServer...), c.CRLDistributionPoints...) {
		d.a.progressf(d.a.m.Doctor.Asking, url)
	}
	source := &revocation.Source{Fetch: d.a.fetcher(d.o.network, 0), Now: d.a.now, Anchors: anchors, Certs: others}
	issuer, err := issuedBy(ctx, source, c, others)
	if issuer == nil {
		d.add("revocation_no_issuer", token.Note, "cn", cn).err = err
		return
	}
	s := source.Check(ctx, c, issuer, d.a.now())
	switch s.State {
	case certpath.Good:
		d.add("revocation_good", token.Good, "cn", cn, "source", s.Source)
	case certpath.Revoked:
		d.add("revocation_revoked", token.Problem, "cn", cn, "since", s.RevokedAt.UTC().Format(time.RFC3339), "source", s.Source)
	case certpath.NotPublished:
		d.add("revocation_not_published", token.Note, "cn", cn)
	case certpath.Unknown:
		d.add("revocation_unknown", token.Problem, "cn", cn).err = s.Err
	}
}

// issuedBy finds the certificate that signed c, at hand or at the address that
// c names.
func issuedBy(ctx context.Context, source *revocation.Source, c *x509.Certificate, others []*x509.Certificate) (*x509.Certificate, error) {
	issued := func(ca *x509.Certificate) bool {
		return certpath.SameName(ca.RawSubject, c.RawIssuer) && c.CheckSignatureFrom(ca) == nil
	}
	for _, ca := range others {
		if issued(ca) {
			return ca, nil
		}
	}
	fetched, err := source.FetchIssuers(ctx, c)
	for _, ca := range fetched {
		if issued(ca) {
			return ca, nil
		}
	}
	if err == nil {
		err = errors.New("no certificate of this name signed it")
	}
	return nil, err
}
