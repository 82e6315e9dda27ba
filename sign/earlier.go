package sign

import (
	"bytes"
	"crypto"
	"errors"
	"fmt"
	"hash"

	"github.com/kyso-vn/kyso/internal/cms"
	"github.com/kyso-vn/kyso/internal/tsp"
)

// earlierDigests checks the digests of earlier signatures during the one pass
// over the old bytes. All ranges start at byte 0, so those of one hash share a
// running state up to each gap; only the bytes behind a gap, normally the end
// of an update, are hashed once more.
type earlierDigests struct {
	pos     int64
	base    tally
	extra   map[crypto.Hash]hash.Hash // running hashes that base has not
	watches []*watch
}

// watch is one earlier signature.
type watch struct {
	sig   *signature
	hash  crypto.Hash
	want  []byte
	state hash.Hash // from the gap on
}

// watchEarlier prepares the check. Signatures whose digest can't be told (SHA-1
// with RSA raw, unknown hashes, no attributes) are left to package verify.
func watchEarlier(sigs []signature, base tally) (*earlierDigests, error) {
	e := &earlierDigests{base: base, extra: map[crypto.Hash]hash.Hash{}}
	for i := range sigs {
		h, want, err := sigs[i].expected()
		if err != nil {
			return nil, &RefusedError{ReasonBrokenSignature, "the signature in field " + sigs[i].field.Name + " can't be read", err}
		}
		if h == 0 || !h.Available() {
			continue
		}
		e.add(&watch{sig: &sigs[i], hash: h, want: want})
	}
	return e, nil
}

func (e *earlierDigests) add(w *watch) {
	if e.running(w.hash) == nil {
		e.extra[w.hash] = w.hash.New()
	}
	e.watches = append(e.watches, w)
}

// running is the state of a hash over all bytes so far; nil: there is none.
func (e *earlierDigests) running(h crypto.Hash) hash.Hash {
	if h == crypto.SHA256 {
		return e.base.sha
	}
	if h == e.base.hash {
		return e.base.dig
	}
	if state, ok := e.extra[h]; ok {
		return state
	}
	return nil
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

// feed adds the next bytes, also to the base.
func (e *earlierDigests) feed(b []byte) error {
	for len(b) > 0 {
		n := int64(len(b))
		// Up to the next gap, where states are copied.
		for _, w := range e.watches {
			if gap := w.sig.rng[1]; gap > e.pos && gap-e.pos < n {
				n = gap - e.pos
			}
		}
		e.base.feed(b[:n])
		for _, h := range e.extra {
			h.Write(b[:n])
		}
		for _, w := range e.watches {
			if err := w.feed(e.pos, b[:n], e.running(w.hash)); err != nil {
				return err
			}
		}
		e.pos += n
		b = b[n:]
	}
	return nil
}

// feed adds b, the bytes from pos on, which running has seen already.
func (w *watch) feed(pos int64, b []byte, running hash.Hash) error {
	end := pos + int64(len(b))
	if from, to := max(pos, w.sig.rng[2]), min(end, w.sig.end()); w.state != nil && from < to {
		w.state.Write(b[from-pos : to-pos])
	}
	if end == w.sig.rng[1] {
		var err error
		w.state, err = cloneHash(running)
		return err
	}
	return nil
}

// check refuses a document with a signature that is broken already.
func (e *earlierDigests) check() error {
	for _, w := range e.watches {
		if w.state == nil || !bytes.Equal(w.state.Sum(nil), w.want) {
			return refuse(ReasonBrokenSignature, "the earlier signature in field %s is broken: %s",
				w.sig.field.Name, fmt.Sprintf("the %v digest of its range is not the signed one", w.hash))
		}
	}
	return nil
}
