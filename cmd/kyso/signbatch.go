package main

import (
	"encoding/hex"
	"strings"
	"time"

	"github.com/kyso-vn/kyso/internal/batch"
	"github.com/kyso-vn/kyso/internal/fetch"
	"github.com/kyso-vn/kyso/sign"
)

// signNames are the inputs and the outputs of jobs.
func signNames(jobs []signJob) *namedFiles {
	n := &namedFiles{items: make([]batch.Item, len(jobs)), outputs: make([]string, len(jobs))}
	for i := range jobs {
		n.items[i].Path, n.outputs[i] = jobs[i].input, jobs[i].output
	}
	return n
}

func (res *signResult) failure() error { return res.err }

func (res *signResult) earlier() bool { return res.record != nil }

func (res *signResult) size() int64 { return res.bytes }

// made is the record of an output that was written and checked.
func (res *signResult) made(s *sign.Result) batch.Record {
	return batch.Record{Input: res.job.input, InputSHA256: res.inputSum, Output: res.job.output,
		OutputSHA256: hex.EncodeToString(s.OutputSHA256[:]), Bytes: s.Bytes}
}

// entry is a line of the report.
func (res *signResult) entry() batch.Entry {
	e := newEntry(res.job.input, res.err, res.seconds)
	if res.err != nil {
		return e
	}
	if res.record != nil {
		return earlierEntry(e, res.record)
	}
	e.Output, e.InputSHA256 = res.job.output, res.inputSum
	if p := res.prepared; p != nil {
		e.Time = p.SigningTime.Format(time.RFC3339)
	}
	if s := res.result; s != nil {
		e.OutputSHA256, e.Verdict, e.Signer = hex.EncodeToString(s.OutputSHA256[:]), string(res.report.Verdict), res.signer
	}
	return e
}

// newEntry is what every line of a report has; the message is that of JSON.
func newEntry(file string, err error, seconds float64) batch.Entry {
	e := batch.Entry{File: file, Seconds: seconds, Exit: statusOf(err).exit}
	if j := newJSONError(err); j != nil {
		e.Error = j.Code + ": " + strings.ToValidUTF8(j.Message, "\uFFFD")
	}
	return e
}

// earlierEntry is the line of a file that an earlier run finished.
func earlierEntry(e batch.Entry, r *batch.Record) batch.Entry {
	e.Output, e.InputSHA256, e.OutputSHA256, e.Verdict = r.Output, r.InputSHA256, r.OutputSHA256, "done_earlier"
	return e
}

// measure adds the token's time to the costs of a run.
func (k *keySource) measure(b *batchRun) {
	if b != nil {
		k.costs, k.many = b.costs, b.files > 1
	}
}

// trace takes note of a call of the driver; waiting for the calls before it
// does not count.
func (k *keySource) trace(call string, took time.Duration, err error) {
	if call == "sign" && k.costs != nil {
		k.costs.addToken(took)
	}
	if err != nil {
		k.a.verbosef("token: %s: %v (%d ms)", call, err, took.Milliseconds())
		return
	}
	k.a.verbosef("token: %s (%d ms)", call, took.Milliseconds())
}

// measure adds the TSA's time to the costs of a run.
func (t *tsas) measure(b *batchRun) {
	if t == nil || b == nil {
		return
	}
	for _, c := range t.pool.Clients {
		log := c.Fetch.Log
		c.Fetch.Log = func(e fetch.Event) {
			b.costs.addTSA(e.Duration)
			if log != nil {
				log(e)
			}
		}
		break // the clients share one
	}
}
