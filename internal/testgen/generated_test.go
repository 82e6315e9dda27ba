package testgen

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the fixtures anew")

// generated maps each generated fixture to its maker.
var generated = map[string]func() ([]byte, error){
	"form/don-de-nghi.pdf":         Form,
	"signed/acrobat-approval.pdf":  AcrobatApproval,
	"signed/acrobat-certified.pdf": AcrobatCertified,
	"signed/acrobat-saved.pdf":     AcrobatSaved,
	"signed/foxit-approval.pdf":    FoxitApproval,
	"signed/foxit-cades.pdf":       FoxitCAdES,
	"signed/itext2-x509.pdf":       IText2X509,
	"signed/itext7-cades.pdf":      IText7CAdES,
	"signed/itext7-certified.pdf":  IText7Certified,
	"signed/libreoffice-cades.pdf": LibreOfficeCAdES,
}

func TestGenerated(t *testing.T) {
	for name, make := range generated {
		t.Run(name, func(t *testing.T) {
			got, err := make()
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("..", "..", "testdata", filepath.FromSlash(name))
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s differs from what its generator makes: run with -update and look at the change", name)
			}
		})
	}
}
