package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/kyso-vn/kyso/internal/convert"
	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/internal/rewrite"
	"github.com/kyso-vn/kyso/sign"
)

// repairedNote is what package i18n has a Vietnamese sentence for.
const repairedNote = "the document was damaged: what is signed is a repaired copy, which you should look at"

// readied is a document that can be signed.
type readied struct {
	doc      *input // the user's own, or what was made of it
	prepared *sign.Prepared
	password []byte
	notes    []string
	repaired bool
	made     []*input // to close
}

// Close lets what was made of the input go; the input is its opener's.
func (d *readied) Close() {
	for _, in := range d.made {
		in.Close()
	}
}

// ready makes the document of a job and prepares all but the signature. A
// damaged one is repaired first where --repair permits: never in silence, and
// never one that is signed.
func (r *signRun) ready(ctx context.Context, job *signJob, in *input) (*readied, error) {
	d, err := r.readyAs(ctx, job, in)
	if !isDamaged(err) || !repairable(in) {
		return d, err
	}
	if !job.o.repair {
		return nil, refuseDamaged(in, err)
	}
	mended, err := r.repairInput(ctx, in)
	if err != nil {
		return nil, err
	}
	if d, err = r.readyAs(ctx, job, mended); err != nil {
		mended.Close()
		return nil, err
	}
	d.made = append(d.made, mended)
	d.repaired, d.notes = true, append([]string{repairedNote}, d.notes...)
	return d, nil
}

// readyAs is ready for a document as it is.
func (r *signRun) readyAs(ctx context.Context, job *signJob, in *input) (*readied, error) {
	doc, password, err := r.document(ctx, job, in)
	if err != nil {
		return nil, err
	}
	d := &readied{doc: doc}
	if doc != in {
		d.made = append(d.made, doc)
	}
	if d.prepared, d.password, err = r.prepare(ctx, job, doc, password); err != nil {
		d.Close()
		return nil, err
	}
	d.notes = d.prepared.Notes
	return d, nil
}

// repairable tells whether in is, or says that it is, a PDF itself: what kyso
// made of another file is not mended.
func repairable(in *input) bool {
	kind := in.kind()
	return kind == convert.PDF || kind == convert.Unknown
}

func isDamaged(err error) bool {
	var refused *sign.RefusedError
	return errors.As(err, &refused) && refused.Reason == sign.ReasonDamaged
}

// repairInput makes a repaired copy of a damaged document.
func (r *signRun) repairInput(ctx context.Context, in *input) (*input, error) {
	r.a.progressf(r.a.m.Sign.Repairing, printable(in.name))
	doc, err := rewrite.Repair(ctx, in.r, in.size, rewrite.Options{Self: r.a.self})
	if err != nil {
		return nil, atFile(in.name, repairError(err))
	}
	return &input{name: in.name, path: in.path, r: doc, size: doc.Size(), info: in.info, close: doc.Close}, nil
}

// repairError says why a document could not be repaired.
func repairError(err error) error {
	var failed *rewrite.Error
	if !errors.As(err, &failed) {
		return err
	}
	e := &codedError{status: status{exitDocument, "repair_" + failed.Kind.String()}, err: err}
	e.hints = func(m *i18n.Messages) []string { return []string{m.Hints.Original} }
	switch failed.Kind {
	case rewrite.KindSigned:
		e.text = func(m *i18n.Messages) string { return m.Errors.RepairSigned }
	case rewrite.KindEncrypted:
		e.text = func(m *i18n.Messages) string { return m.Errors.RepairEncrypted }
	default:
		e.text = func(m *i18n.Messages) string { return fmt.Sprintf(m.Errors.RepairFailed, failed) }
	}
	return e
}

// damagedError is the refusal of a damaged document without --repair.
type damagedError struct {
	err    error
	signed bool // a repair would be refused too
}

func refuseDamaged(in *input, err error) error {
	signed, scanErr := mentionsSignature(in)
	return errors.Join(scanErr, &damagedError{err, signed})
}

func (e *damagedError) Error() string { return e.err.Error() }

func (e *damagedError) Unwrap() error { return e.err }

// byteRange is what the remains of every signature say.
const byteRange = "/ByteRange"

// mentionsSignature tells whether /ByteRange stands anywhere in the file, as
// the repair looks for it, piece by piece.
func mentionsSignature(in *input) (bool, error) {
	const piece = 256 << 10
	buf := make([]byte, piece)
	for off := int64(0); off < in.size; off += piece - int64(len(byteRange)) {
		n, err := in.r.ReadAt(buf, off)
		if bytes.Contains(buf[:n], []byte(byteRange)) {
			return true, nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return false, atFile(in.name, err)
		}
	}
	return false, nil
}
