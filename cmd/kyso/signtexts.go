package main

import (
	"crypto/x509"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/sign"
)

// addTexts gives package sign the further marks and texts.
func addTexts(_ *sign.Options, l *looks) error {
	if len(l.texts) > 0 {
		return flagError("doc-number, --doc-date, --note", "not yet")
	}
	if len(l.marks) > 0 {
		return flagError("mark", "not yet")
	}
	return nil
}

func anchorCertificates(anchors []certpath.Anchor) []*x509.Certificate {
	out := make([]*x509.Certificate, len(anchors))
	for i := range anchors {
		out[i] = anchors[i].Certificate
	}
	return out
}
