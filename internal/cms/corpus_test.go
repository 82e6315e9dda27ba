package cms_test

import (
	"bytes"
	"crypto"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/cms/cmstest"
)

// corpus is beside the repository, not in it.
const corpus = "../../../shared/corpus"

// Every signature of the corpus by its own byte range: those known to be
// intact verify, those known to be broken do not.
func TestCorpus(t *testing.T) {
	table, err := os.ReadFile(filepath.Join(corpus, "expected.tsv"))
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	verified := 0
	for _, line := range strings.Split(string(table), "\n")[1:] {
		row := strings.Split(line, "\t")
		if len(row) < 8 || row[3] == "" {
			continue
		}
		file, err := os.ReadFile(filepath.Join(corpus, row[0]))
		if err != nil {
			t.Fatal(err)
		}
		contents, signed, ok := cut(file, row[3])
		if !ok || row[5] == "broken" && row[7] == "nonstandard" {
			continue // a gap that is not this signature's Contents
		}
		err = judgeDetached(contents, signed)
		name := row[0] + " " + row[1]
		switch row[5] {
		case "intact":
			verified++
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		case "broken":
			if err == nil {
				t.Errorf("%s verifies", name)
			}
		}
	}
	if verified < 60 {
		t.Errorf("only %d intact signatures seen", verified)
	}
}

// cut takes the signature value and the signed bytes out of a file.
func cut(file []byte, byteRange string) (contents, signed []byte, ok bool) {
	var n []int
	for _, f := range strings.Fields(byteRange) {
		v, err := strconv.Atoi(f)
		if err != nil || v < 0 || v > len(file) {
			return nil, nil, false
		}
		n = append(n, v)
	}
	if len(n) != 4 || n[0]+n[1] > n[2] || n[2]+n[3] > len(file) {
		return nil, nil, false
	}
	gap := string(file[n[0]+n[1] : n[2]])
	gap = strings.Map(func(r rune) rune {
		if strings.ContainsRune("<> \r\n\t", r) {
			return -1
		}
		return r
	}, gap)
	contents, err := hex.DecodeString(gap[:len(gap)/2*2])
	signed = append(bytes.Clone(file[n[0]:n[0]+n[1]]), file[n[2]:n[2]+n[3]]...)
	return contents, signed, err == nil
}

// judgeDetached is judge for any document and without the demand for ESS; in
// adbe.pkcs7.sha1 the content is the SHA-1 of the document.
func judgeDetached(contents, signed []byte) error {
	sd, err := cms.Parse(contents)
	if err != nil {
		return err
	}
	si := sd.SignerInfos[0]
	h := si.DigestHash()
	if h == 0 {
		return cms.ErrUnsupported
	}
	if sd.HasEContent {
		// A document timestamp carries a TSTInfo, which package tsp judges.
		if len(sd.EContent) == 20 && !bytes.Equal(sd.EContent, cmstest.Sum(crypto.SHA1, signed)) {
			return errors.New("eContent is not the SHA-1 of the document")
		}
		signed = sd.EContent
	}
	digest := cmstest.Sum(h, signed)
	if si.RawSignedAttrs != nil {
		if err := si.CheckAttributes(sd.EContentType, digest); err != nil {
			return err
		}
	}
	cert := sd.SigningCertificate(si)
	if cert == nil {
		return errors.New("no certificate")
	}
	var attr *cms.AttributeError
	if err := si.CheckESS(cert); errors.As(err, &attr) && attr.Problem != cms.Missing {
		return err
	}
	return si.VerifySignature(cert, digest)
}
