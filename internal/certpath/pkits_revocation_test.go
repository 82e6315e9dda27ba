package certpath_test

import (
	"context"
	"crypto/x509"
	"os"
	"testing"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/revocation"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// pkitsAll returns every certificate of the suite: among them are the CRL
// issuers, which the vectors don't name.
func pkitsAll(t testing.TB) []*x509.Certificate {
	t.Helper()
	files, err := os.ReadDir("testdata/pkits/certs")
	if err != nil {
		t.Fatal(err)
	}
	var list []*x509.Certificate
	for _, f := range files {
		list = append(list, pkitsCert(t, f.Name()))
	}
	if len(list) != 405 {
		t.Fatalf("%d certificates, want 405", len(list))
	}
	return list
}

// The whole suite with revocation: every vector as NIST has it, but for DSA. A
// path is valid when the status of each of its certificates is good.
func TestPKITS(t *testing.T) {
	all := pkitsAll(t)
	for _, v := range pkitsVectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			leaf, o := v.options(t)
			source := &revocation.Source{Certs: all, Anchors: o.Anchors, Now: testpki.Now}
			for _, name := range v.CRLPath {
				source.CRLs = append(source.CRLs, pkitsFile(t, "crls", name))
			}
			o.Revocation = source
			path, err := certpath.Build(context.Background(), leaf, o)
			valid := err == nil
			if valid {
				for _, s := range path.Statuses[:len(path.Statuses)-1] {
					valid = valid && s.State == certpath.Good
				}
			}
			if want := v.ShouldValidate && !refusedDSA[v.id()]; valid != want {
				t.Errorf("want %v, got %v: %v", want, valid, err)
			}
		})
	}
}
