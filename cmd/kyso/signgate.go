package main

import (
	"crypto"
	"io"
	"runtime"

	"github.com/kyso-vn/kyso/internal/batch"
	"github.com/kyso-vn/kyso/token"
)

// shareWithToken keeps a core for the token. A call of a driver holds one of the
// places that Go has for its own work, and is made to give it back 20 us later by
// a thread that then never rests: with one place more than cores it may keep it.
func (r *signRun) shareWithToken() (restore func()) {
	cores := runtime.GOMAXPROCS(0)
	r.gate = batch.NewGate(cores)
	runtime.GOMAXPROCS(cores + 1)
	return func() { runtime.GOMAXPROCS(cores) }
}

// gateFor is the gate of the work on a document: none for a large one, which
// waits for the disk and has a use for several cores.
func (r *signRun) gateFor(doc *input) *batch.Gate {
	if doc.size > loadMost {
		return nil
	}
	return r.gate
}

// gatedKey gives the core back while the token works.
type gatedKey struct {
	*token.Key
	gate *batch.Gate
}

func (k *gatedKey) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) (signature []byte, err error) {
	err = k.gate.Device(func() error {
		signature, err = k.Key.Sign(random, digest, opts)
		return err
	})
	return signature, err
}
