package sign

import (
	"bytes"
	"crypto/x509"
	"encoding/hex"
	"fmt"

	"github.com/kyso-vn/kyso/internal/byterange"
	"github.com/kyso-vn/kyso/internal/pdf"
)

// maxContents bounds /Contents of a signature, in bytes of the file.
const maxContents = 32 << 20

// Values of /SubFilter. ISO 32000-2, 12.8.3.1, Table 260. They are objects, as
// the dictionary has them.
var (
	subCAdES         = pdf.Object(pdf.Name("ETSI.CAdES.detached"))
	subETSITimestamp = pdf.Object(pdf.Name("ETSI.RFC3161"))
	subPKCS7         = pdf.Object(pdf.Name("adbe.pkcs7.detached"))
	subPKCS7SHA1     = pdf.Object(pdf.Name("adbe.pkcs7.sha1"))
	subX509          = pdf.Object(pdf.Name("adbe.x509.rsa_sha1"))
)

// signature is a filled signature field of a file.
type signature struct {
	field    pdf.Field
	dict     *pdf.Dict
	ref      pdf.Ref // of dict; zero: direct in the field
	rng      byterange.Range
	contents []byte // DER with its padding

	certs   []*x509.Certificate // of /Cert, with adbe.x509.rsa_sha1
	certErr error
}

func (s *signature) isTimestamp() bool { return s.dict.Get("SubFilter") == subETSITimestamp }

func (s *signature) end() int64 { return s.rng[2] + s.rng[3] }

// signatures lists the filled signature fields of f. An earlier signature that
// can't be read is refused: nobody could tell whether it stays valid.
func signatures(f *pdf.File) ([]signature, []pdf.Field, error) {
	if err := checkTail(f); err != nil {
		return nil, nil, err
	}
	fields, err := f.Fields()
	if err != nil {
		return nil, nil, damaged(err)
	}
	var sigs []signature
	for _, field := range fields {
		if field.FT != "Sig" || field.V == nil {
			continue
		}
		dict, err := f.Dict(field.V)
		if err != nil {
			return nil, nil, &RefusedError{ReasonBrokenSignature, "the value of field " + field.Name + " is no signature", err}
		}
		if dict == nil {
			continue // a reference to nothing is null: an empty field
		}
		s := signature{field: field, dict: dict}
		s.ref, _ = field.V.(pdf.Ref)
		if err := s.read(f); err != nil {
			return nil, nil, &RefusedError{ReasonBrokenSignature, "the signature in field " + field.Name + " can't be read", err}
		}
		sigs = append(sigs, s)
	}
	return sigs, fields, nil
}

// checkTail refuses a document with the remains of a signature behind its last
// revision: an update that was cut off, which a reader does not see and a
// verifier calls tampering.
func checkTail(f *pdf.File) error {
	tail, err := f.Tail()
	if err != nil {
		return damaged(err)
	}
	if bytes.Contains(tail, []byte("/ByteRange")) {
		return refuse(ReasonBrokenSignature, "behind the last revision stand the remains of a signature, which was cut off")
	}
	return nil
}

// read takes range and contents. The contents come from the gap and not from
// the parsed string, so that no string decryption can touch them.
func (s *signature) read(f *pdf.File) error {
	a, err := f.Array(s.dict.Get("ByteRange"))
	if err != nil {
		return err
	}
	if len(a) != len(s.rng) {
		return fmt.Errorf("/ByteRange has %d numbers", len(a))
	}
	for i, o := range a {
		o, err := f.Resolve(o)
		if err != nil {
			return err
		}
		n, ok := o.(pdf.Integer)
		if !ok || n < 0 || int64(n) > f.Size() {
			return fmt.Errorf("/ByteRange holds %v", o)
		}
		s.rng[i] = int64(n)
	}
	gap := s.rng[2] - s.rng[1] - s.rng[0]
	switch {
	case s.rng[0] != 0 || gap < 2 || gap > maxContents:
		return fmt.Errorf("/ByteRange %v has no gap for a signature", s.rng)
	case s.end() > f.Size():
		return fmt.Errorf("/ByteRange %v ends behind the file", s.rng)
	}
	raw := make([]byte, gap)
	if err := readFull(f.Reader(), raw, s.rng[1]); err != nil {
		return err
	}
	if s.dict.Get("SubFilter") == subX509 {
		s.certs, s.certErr = certEntry(f, s.dict)
	}
	s.contents, err = unhex(raw)
	return err
}

func unhex(raw []byte) ([]byte, error) {
	raw = bytes.TrimSpace(raw)
	inner, ok := bytes.CutPrefix(raw, []byte("<"))
	inner, closed := bytes.CutSuffix(inner, []byte(">"))
	if !ok || !closed {
		return nil, fmt.Errorf("the gap of /ByteRange is not the /Contents string")
	}
	if len(inner)%2 == 1 {
		inner = append(bytes.Clone(inner), '0') // ISO 32000-2, 7.3.4.3
	}
	out := make([]byte, len(inner)/2)
	if _, err := hex.Decode(out, inner); err != nil {
		return nil, fmt.Errorf("/Contents: %w", err)
	}
	return out, nil
}
