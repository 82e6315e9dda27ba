// Package token gives signing keys: on PKCS#11 tokens, in PKCS#12 files and in
// PEM files.
//
// The common call is
//
//	entries, errs := token.List(ctx, token.ListOptions{Now: time.Now(), Self: self})
//	entry, err := token.Choose(entries, "")
//	key, err := token.Open(ctx, entry, token.OpenOptions{PIN: ask})
//
// after which key is a crypto.Signer; Close logs out. OpenPKCS12 and OpenPEM do
// the same for files.
//
// Drivers of tokens crash, hang, print and lie. So certificates are listed
// without a PIN, each driver in a child process of this program with a
// deadline ([List], [Probe]); a key is opened with one login ([Open]) and each
// of its signatures is checked against the certificate before it is returned.
//
// A program built without cgo has no PKCS#11: List and Open say so with
// [ErrNoTokenSupport]; key files work.
//
// The package knows no document, makes no certificate request, and writes
// nothing on a token. A Key may sign from several goroutines, which wait for
// each other; functions are safe for concurrent use, a PIN is not.
//
// Nothing here prints or asks. A PIN never stands in an error, and is zeroed
// once it is used.
package token
