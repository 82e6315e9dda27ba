package main

import (
	"fmt"

	"github.com/kyso-vn/kyso/internal/revocation"
)

// Orders of --revocation-order.
const (
	orderOCSP = "ocsp,crl"
	orderCRL  = "crl,ocsp"
)

// maxRevocationFile bounds a file of --ocsp or --crl, in bytes.
const maxRevocationFile = 64 << 20

// revocationOptions say where the status of certificates is looked for, beside
// the document and the network.
type revocationOptions struct {
	order     string
	requests  int // of a file; 0: fetchBudget
	ocspFiles []string
	crlFiles  []string
}

func (o *revocationOptions) addFlags(f flagSet) {
	f.str(&o.order, "revocation-order")
	f.list(&o.ocspFiles, "ocsp")
	f.list(&o.crlFiles, "crl")
	f.num(&o.requests, "max-requests")
}

func (o *revocationOptions) validate() error {
	if o.requests < 0 {
		return flagError("max-requests", o.requests)
	}
	return oneOf("revocation-order", o.order, orderOCSP, orderCRL)
}

// givenStatuses is what the flags of revocationOptions brought.
type givenStatuses struct {
	crlFirst    bool
	ocsps, crls [][]byte
}

func (o *revocationOptions) read() (*givenStatuses, error) {
	g := &givenStatuses{crlFirst: o.order == orderCRL}
	for _, f := range []struct {
		flag  string
		paths []string
		parse func([]byte) ([]byte, error)
		to    *[][]byte
	}{{"ocsp", o.ocspFiles, revocation.OCSPFile, &g.ocsps}, {"crl", o.crlFiles, revocation.CRLFile, &g.crls}} {
		for _, path := range f.paths {
			data, err := readBounded(path, maxRevocationFile)
			if err != nil {
				return nil, err
			}
			der, err := f.parse(data)
			if err != nil {
				return nil, flagError(f.flag, fmt.Sprintf("%s: %v", path, err))
			}
			*f.to = append(*f.to, der)
		}
	}
	return g, nil
}

// source is a new source of statuses with what was given.
func (g *givenStatuses) source() *revocation.Source {
	return &revocation.Source{CRLFirst: g.crlFirst, FileOCSPs: g.ocsps, FileCRLs: g.crls}
}
