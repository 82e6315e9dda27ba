package token

import "fmt"

// PIN is a secret: it prints as [redacted] under every verb and in JSON. The
// bytes are zeroed by Clear. A PIN is not safe for concurrent use.
type PIN struct{ b []byte }

// NewPIN takes over b: the caller keeps no copy of it.
func NewPIN(b []byte) *PIN { return &PIN{b} }

func (p *PIN) String() string { return "[redacted]" }

// GoString is for %#v.
func (p *PIN) GoString() string { return "[redacted]" }

// Format hides the bytes from the verbs that would print fields (%x, %d).
func (p *PIN) Format(f fmt.State, _ rune) { fmt.Fprint(f, "[redacted]") }

// MarshalJSON hides the bytes.
func (p *PIN) MarshalJSON() ([]byte, error) { return []byte(`"[redacted]"`), nil }

// Clear zeroes it. A nil PIN is fine.
func (p *PIN) Clear() {
	if p == nil {
		return
	}
	clear(p.b[:cap(p.b)])
	p.b = nil
}

// bytes is nil for a nil PIN.
func (p *PIN) bytes() []byte {
	if p == nil {
		return nil
	}
	return p.b
}
