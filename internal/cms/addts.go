package cms

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/kyso-vn/kyso/internal/oids"
)

// AddTimestamp returns sd with a signature-time-stamp added to its one
// SignerInfo, all other bytes kept: only the lengths around the new attribute
// change, and indefinite lengths stay so. The attribute goes before the first
// one that sorts after it, so a SET OF in order stays in order and one that
// was not keeps its own.
func AddTimestamp(sd *SignedData, token []byte) ([]byte, error) {
	if len(sd.SignerInfos) != 1 {
		return nil, fmt.Errorf("cms: add timestamp: %d signers, want 1", len(sd.SignerInfos))
	}
	if _, err := Parse(token); err != nil {
		return nil, fmt.Errorf("cms: add timestamp: token: %w", err)
	}
	attr := encodeAttribute(oids.SignatureTimestamp, token)
	// ContentInfo: the second field; [0]: the first; SignedData: the last;
	// signerInfos: the first.
	out, err := edit(sd.Raw, []int{1, 0, -1, 0}, func(si []byte) ([]byte, error) {
		return addUnsigned(si, attr)
	})
	if err != nil {
		return nil, fmt.Errorf("cms: add timestamp: %w", err)
	}
	if len(out) > maxSize {
		return nil, &LimitError{"bytes", maxSize}
	}
	return out, nil
}

// edit applies change to the element at the path (indices of children, -1 the
// last) below raw, and fixes the lengths above.
func edit(raw []byte, path []int, change func([]byte) ([]byte, error)) ([]byte, error) {
	if len(path) == 0 {
		return change(raw)
	}
	var b berReader
	e, _, err := b.next(raw)
	if err != nil {
		return nil, err
	}
	list, err := b.children(e.content, maxAttributes, "fields")
	if err != nil {
		return nil, err
	}
	i := path[0]
	if i < 0 {
		i += len(list)
	}
	if i < 0 || i >= len(list) {
		return nil, errors.New("field not found")
	}
	child, err := edit(list[i].full, path[1:], change)
	if err != nil {
		return nil, err
	}
	parts := make([][]byte, len(list))
	for j := range list {
		parts[j] = list[j].full
	}
	parts[i] = child
	return e.rebuild(bytes.Join(parts, nil)), nil
}

// rebuild returns the element with other content.
func (e element) rebuild(content []byte) []byte {
	if !e.indefinite {
		return wrap(e.tag, content)
	}
	out := append([]byte{e.tag, 0x80}, content...)
	return append(out, 0, 0)
}

// addUnsigned puts attr in the unsigned attributes of a raw SignerInfo.
func addUnsigned(si, attr []byte) ([]byte, error) {
	var b berReader
	e, _, err := b.next(si)
	if err != nil {
		return nil, err
	}
	fields, err := b.children(e.content, 8, "fields")
	if err != nil {
		return nil, err
	}
	last := fields[len(fields)-1] // Parse has seen that there are some
	if last.tag != tagContext1 {
		content := append(bytes.Clone(e.content), wrap(tagContext1, attr)...)
		return e.rebuild(content), nil
	}
	var opaque berReader
	attrs, err := opaque.children(last.content, maxAttributes-1, "attributes")
	if err != nil {
		return nil, err
	}
	var content []byte
	placed := false
	for _, a := range attrs {
		if !placed && bytes.Compare(attr, a.full) < 0 {
			content, placed = append(content, attr...), true
		}
		content = append(content, a.full...)
	}
	if !placed {
		content = append(content, attr...)
	}
	head := e.content[:len(e.content)-len(last.full)]
	return e.rebuild(append(bytes.Clone(head), last.rebuild(content)...)), nil
}
