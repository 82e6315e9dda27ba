package verify

import (
	"context"
	"crypto"
	"encoding/hex"
	"fmt"

	"github.com/kyso-vn/kyso/internal/byterange"
)

// digest reads the file once: its SHA-256, the digests of all ranges, and the
// traces of signatures in its bytes.
func (v *verifier) digest(ctx context.Context) error {
	p, err := v.pass(wanted(v.recs))
	if err != nil {
		return err
	}
	if err := v.read(ctx, p); err != nil {
		return err
	}
	hand(v.recs, p)
	return nil
}

// pass plans the reading, or goes on where the caller's pass stands.
func (v *verifier) pass(jobs []byterange.Job) (*byterange.Pass, error) {
	if v.o.Begun != nil && v.o.Begun.Position() <= v.size {
		p, err := v.o.Begun.Continue(v.size, jobs, crypto.SHA256)
		if err != nil {
			return nil, fmt.Errorf("verify: %w", err)
		}
		if p != nil {
			return p, nil
		}
	}
	return byterange.NewPass(v.size, jobs, crypto.SHA256), nil
}

// read reads the file to its end, and keeps what is of the file as a whole.
func (v *verifier) read(ctx context.Context, p *byterange.Pass) error {
	if err := p.Read(ctx, v.r, v.size); err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	sum, err := p.Running(crypto.SHA256)
	if err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	v.marks = p.Marks()
	v.rep.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return nil
}

func wanted(recs []*record) []byterange.Job {
	var jobs []byterange.Job
	for _, r := range recs {
		jobs = append(jobs, r.jobs...)
	}
	return jobs
}

// hand gives each record its digests.
func hand(recs []*record, p *byterange.Pass) {
	for _, r := range recs {
		r.digests = make(map[crypto.Hash][]byte)
		for _, j := range r.jobs {
			sum := p.Sum(j)
			if sum == nil {
				r.find(CodeLimitHash, "the signed bytes overlap those of other signatures too much to be hashed")
				continue
			}
			r.digests[j.Hash] = sum
		}
	}
}
