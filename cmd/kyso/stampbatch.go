package main

import (
	"encoding/hex"
	"time"

	"github.com/kyso-vn/kyso/internal/batch"
	"github.com/kyso-vn/kyso/sign"
)

func (res *stampResult) failure() error { return res.err }

func (res *stampResult) earlier() bool { return res.record != nil }

func (res *stampResult) size() int64 { return res.bytes }

// made is the record of an output that was written and checked.
func (res *stampResult) made(s *sign.Result) batch.Record {
	return batch.Record{Input: res.job.input, InputSHA256: hex.EncodeToString(s.InputSHA256[:]), Output: res.job.output,
		OutputSHA256: hex.EncodeToString(s.OutputSHA256[:]), Bytes: s.Bytes}
}

// entry is a line of the report.
func (res *stampResult) entry() batch.Entry {
	e := newEntry(res.job.input, res.err, res.seconds)
	switch s := res.result; {
	case res.err != nil:
	case res.record != nil:
		return earlierEntry(e, res.record)
	case s != nil:
		r := res.made(s)
		e.Output, e.InputSHA256, e.OutputSHA256 = r.Output, r.InputSHA256, r.OutputSHA256
		e.Verdict, e.Signer = string(res.report.Verdict), s.TSA
		if s.Timestamp != nil {
			e.Time = s.Timestamp.Time.Format(time.RFC3339)
		}
	}
	return e
}
