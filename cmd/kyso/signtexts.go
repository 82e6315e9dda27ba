package main

import (
	"crypto/x509"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/sign"
)

// giveFinder lets places by phrase find it, and the mark see what it covers.
func giveFinder(s *sign.Options, f appearance.TextFinder) {
	s.Place.Finder = f
	for i := range s.Texts {
		if s.Texts[i].Place.AtText != "" {
			s.Texts[i].Place.Finder = f
		}
	}
}

func anchorCertificates(anchors []certpath.Anchor) []*x509.Certificate {
	out := make([]*x509.Certificate, len(anchors))
	for i := range anchors {
		out[i] = anchors[i].Certificate
	}
	return out
}
