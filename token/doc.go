// Package token gives signing keys: on PKCS#11 tokens, in PKCS#12 files and in
// PEM files.
//
// Drivers of tokens crash, hang, print and lie. So certificates are listed
// without a PIN, each driver in a child process of this program with a
// deadline ([List], [Probe]); a key is opened with one login ([Open]) and each
// of its signatures is checked against the certificate before it is returned.
//
// A program built without cgo has no PKCS#11: List and Open say so with
// [ErrNoTokenSupport]; key files work.
//
// Nothing here prints or asks. A PIN never stands in an error, and is zeroed
// once it is used.
package token
