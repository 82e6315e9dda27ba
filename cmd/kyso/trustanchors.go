package main

import (
	"crypto/x509"
	"fmt"
	"os"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/internal/revocation"
	"github.com/kyso-vn/kyso/sign"
	"github.com/kyso-vn/kyso/token"
)

// trustOptions name anchors beside those of `kyso trust`.
type trustOptions struct {
	files  []string
	system bool
}

func (o *trustOptions) addFlags(f flagSet) {
	f.list(&o.files, "trust")
	f.yes(&o.system, "trust-system")
}

// buildTrust gathers the anchors: the store, files, the system.
func (a *app) buildTrust(o trustOptions) ([]certpath.Anchor, error) {
	var all []certpath.Anchor
	take := func(anchors []certpath.Anchor, warnings []certpath.Warning) {
		all = append(all, anchors...)
		for _, w := range warnings {
			a.warnf("%v", w)
		}
	}
	if dir := a.trustDir(); dir != "" {
		store := certpath.Store{Dir: dir}
		anchors, warnings, err := store.Anchors()
		if err != nil {
			return nil, trustError(dir, err)
		}
		take(anchors, warnings)
	}
	for _, path := range o.files {
		anchors, warnings, err := certpath.ReadAnchors(path)
		if err != nil {
			return nil, trustError(path, err)
		}
		take(anchors, warnings)
	}
	if o.system {
		anchors, warnings, err := certpath.SystemAnchors()
		if err != nil {
			return nil, trustError("--trust-system", err)
		}
		take(anchors, warnings)
	}
	return all, nil
}

func trustError(path string, err error) error {
	return usagef(func(e *i18n.Errors) string { return e.Trust }, path, err)
}

// buildValidation is how the paths of one file are proven: anchors, and
// revocation data from files, the cache and, where client is not nil, the
// network.
func (a *app) buildValidation(anchors []certpath.Anchor, intermediates []*x509.Certificate, g *givenStatuses, client *fetch.Client) *sign.Validation {
	cache := a.buildRevocationCache()
	return &sign.Validation{
		Anchors: anchors, Intermediates: intermediates,
		Revocation: func(used *revocation.Evidence) certpath.RevocationChecker {
			s := g.source()
			s.Fetch, s.Now, s.Used, s.Cache = client, a.now, used, cache
			s.Anchors, s.Certs = anchors, intermediates
			return s
		},
	}
}

// readCertificates reads a file of certificates.
func readCertificates(flag, path string) ([]*x509.Certificate, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, atFile(path, err)
	}
	certs, err := token.ParseCertificates(data)
	if err != nil || len(certs) == 0 {
		return nil, flagError(flag, fmt.Sprintf("%s: %v", path, err))
	}
	return certs, nil
}
