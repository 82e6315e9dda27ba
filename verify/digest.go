package verify

import (
	"bytes"
	"context"
	"crypto"
	"encoding/hex"
)

// digest reads the file once: its SHA-256, the digests of all ranges, and the
// traces of signatures in its bytes.
func (v *verifier) digest(ctx context.Context) error {
	d := newDigester(v.size, wanted(v.recs), crypto.SHA256)
	var m markScanner
	if err := d.run(ctx, v.r, m.see); err != nil {
		return err
	}
	v.marks = m.found
	v.rep.SHA256 = hex.EncodeToString(d.base[crypto.SHA256].Sum(nil))
	hand(v.recs, d)
	return nil
}

func wanted(recs []*record) []job {
	var jobs []job
	for _, r := range recs {
		jobs = append(jobs, r.jobs...)
	}
	return jobs
}

// hand gives each record its digests.
func hand(recs []*record, d *digester) {
	for _, r := range recs {
		r.digests = make(map[crypto.Hash][]byte)
		for _, j := range r.jobs {
			sum := d.sum(j)
			if sum == nil {
				r.find(CodeLimitHash, "the signed bytes overlap those of other signatures too much to be hashed")
				continue
			}
			r.digests[j.hash] = sum
		}
	}
}

// mark is the trace that every signature leaves in the clear.
var mark = []byte("/ByteRange")

// markScanner finds mark in blocks that follow each other.
type markScanner struct {
	carry []byte // the end of the last block
	found []int64
}

func (m *markScanner) see(at int64, b []byte) {
	if keep := len(m.carry); keep > 0 {
		seam := append(m.carry, b[:min(len(b), len(mark)-1)]...)
		m.search(at-int64(keep), seam)
	}
	m.search(at, b)
	m.carry = append(m.carry[:0:0], b[max(0, len(b)-len(mark)+1):]...)
}

// search looks for the rarer part of the word.
func (m *markScanner) search(at int64, b []byte) {
	for i := 0; len(m.found) <= maxMarks; {
		k := bytes.Index(b[i:], mark)
		if k < 0 {
			return
		}
		m.found = append(m.found, at+int64(i+k))
		i += k + len(mark)
	}
}
