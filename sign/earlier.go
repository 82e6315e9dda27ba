package sign

import (
	"bytes"
	"crypto"
	"errors"
	"fmt"

	"github.com/kyso-vn/kyso/internal/byterange"
	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/tsp"
)

// earlier are the digests that earlier signatures claim of their ranges; those
// of the old bytes are held against them in the one pass.
type earlier []watch

// watch is one earlier signature.
type watch struct {
	field string
	job   byterange.Job
	want  []byte
}

// watchEarlier prepares the check. Signatures whose digest can't be told (SHA-1
// with RSA raw, unknown hashes, no attributes) are left to package verify.
func watchEarlier(sigs []signature) (earlier, error) {
	var e earlier
	for i := range sigs {
		h, want, err := sigs[i].expected()
		if err != nil {
			return nil, &RefusedError{ReasonBrokenSignature, "the signature in field " + sigs[i].field.Name + " can't be read", err}
		}
		if h == 0 || !h.Available() {
			continue
		}
		e = append(e, watch{sigs[i].field.Name, byterange.Job{Range: sigs[i].rng, Hash: h}, want})
	}
	return e, nil
}

func (e earlier) jobs() []byterange.Job {
	jobs := make([]byterange.Job, len(e))
	for i := range e {
		jobs[i] = e[i].job
	}
	return jobs
}

// expected is the digest that a signature claims of its range; 0: unknown.
func (s *signature) expected() (crypto.Hash, []byte, error) {
	switch sub := s.dict.Get("SubFilter"); sub {
	case subETSITimestamp:
		token, err := tsp.Parse(s.contents)
		if err != nil {
			return 0, nil, err
		}
		return token.ImprintHash, token.Imprint, nil
	case subCAdES, subPKCS7, subPKCS7SHA1:
		sd, err := cms.Parse(s.contents)
		if err != nil {
			return 0, nil, err
		}
		if len(sd.SignerInfos) == 0 {
			return 0, nil, errors.New("no signer")
		}
		if sub == subPKCS7SHA1 {
			return crypto.SHA1, sd.EContent, nil
		}
		si := sd.SignerInfos[0]
		if si.RawSignedAttrs == nil {
			return 0, nil, nil
		}
		digest, err := si.MessageDigest()
		return si.DigestHash(), digest, err
	}
	return 0, nil, nil
}

// check refuses a document with a signature that is broken already, or whose
// range is too much work to digest beside those of the others.
func (e earlier) check(p *byterange.Pass) error {
	for _, w := range e {
		if !bytes.Equal(p.Sum(w.job), w.want) {
			return refuse(ReasonBrokenSignature, "the earlier signature in field %s is broken: %s",
				w.field, fmt.Sprintf("the %v digest of its range is not the signed one", w.job.Hash))
		}
	}
	return nil
}
