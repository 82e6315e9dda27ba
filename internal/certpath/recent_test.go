package certpath_test

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/kyso-vn/kyso/internal/certpath"
	"github.com/kyso-vn/kyso/internal/oids"
	"github.com/kyso-vn/kyso/internal/testpki"
)

// TestParsedOnce: the same bytes are parsed once, whosever they are, and are
// kept apart from the buffer they stood in.
func TestParsedOnce(t *testing.T) {
	der := testpki.NewRoot("Parsed once", testpki.P256).Certificate.Raw
	file := append(bytes.Clone(der), make([]byte, 1<<20)...)
	first := must(certpath.ParseCertificate(file[:len(der)]))
	want := must(certpath.ParseCertificate(bytes.Clone(der)))
	if first != want {
		t.Error("the same bytes were parsed twice")
	}
	clear(file)
	if again := must(certpath.ParseCertificate(der)); !bytes.Equal(again.Raw, der) || !bytes.Equal(again.RawSubject, want.RawSubject) {
		t.Error("what is kept changed with the caller's buffer")
	}
}

// TestParsedOnceDiffers: a certificate that differs by one bit is another one,
// or none, however often the right one was parsed.
func TestParsedOnceDiffers(t *testing.T) {
	der := testpki.NewRoot("Differs", testpki.P256).Certificate.Raw
	right := must(certpath.ParseCertificate(der))
	for i := range der {
		other := bytes.Clone(der)
		other[i] ^= 1
		for range 2 {
			cert, err := certpath.ParseCertificate(other)
			if err == nil && (cert == right || !bytes.Equal(cert.Raw, other)) {
				t.Fatalf("byte %d: the certificate of other bytes", i)
			}
		}
	}
}

// TestLargeIsNotKept: a large certificate is parsed each time, with the same
// outcome.
func TestLargeIsNotKept(t *testing.T) {
	large := newCA(nil, "Large", with(extension(oids.QCStatements, false, bytes.Repeat([]byte{7}, 9000)))).cert.Raw
	a, b := must(certpath.ParseCertificate(large)), must(certpath.ParseCertificate(large))
	if a == b {
		t.Errorf("%d bytes are kept", len(large))
	}
	if !reflect.DeepEqual(a, b) {
		t.Error("parsed differently the second time")
	}
}
