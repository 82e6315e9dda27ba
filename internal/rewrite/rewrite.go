// Package rewrite writes whole documents anew with pdfcpu: it repairs damaged
// files and encrypts files that nobody has signed yet.
//
// pdfcpu reads everything into memory and can die of a stack overflow that no
// recover catches, so it runs in a child process: the same program, started
// with a hidden argument that makes it call Child. Document and password go to
// the child through its standard input, never by argument or environment. The
// child has a deadline and a memory limit, and how it ends is told by *Error.
//
// A rewrite changes every byte of the file and so breaks signatures: Repair
// and Encrypt refuse what holds one (KindSigned).
package rewrite

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// ChildArg is the hidden argument of the program that runs Child.
const ChildArg = "__rewrite"

// Defaults and limits.
const (
	defaultTimeout = 60 * time.Second
	defaultMemory  = 1 << 30
	minMemory      = 64 << 20
	limitPassword  = 4 << 10 // bytes; of these the first 127 count
	limitMessage   = 500     // bytes of Error.Detail
)

// Options tells how to run the child. The zero value runs this program.
type Options struct {
	Self        string        // path of the program; "": os.Executable
	Args        []string      // arguments that make it call Child; nil: ChildArg
	Timeout     time.Duration // for the child; 0: 60 s
	MemoryBytes int64         // that the child may use beyond its start; 0: 1 GiB, at least 64 MiB
	TempDir     string        // for the result; "": the system's
	Rand        io.Reader     // of the owner password; nil: crypto/rand
}

// Permissions are the rights of who opens the file with the user password.
// ISO 32000-2, table 22.
type Permissions uint16

// The bits of Permissions; the zero value permits nothing of it.
const (
	PermitPrint     Permissions = 1 << 2
	PermitModify    Permissions = 1 << 3
	PermitCopy      Permissions = 1 << 4
	PermitAnnotate  Permissions = 1 << 5
	PermitFill      Permissions = 1 << 8
	PermitAccess    Permissions = 1 << 9 // for the disabled; always set by Encrypt, as PDF 2.0 asks
	PermitAssemble  Permissions = 1 << 10
	PermitPrintFine Permissions = 1 << 11

	PermitAll = PermitPrint | PermitModify | PermitCopy | PermitAnnotate | PermitFill |
		PermitAccess | PermitAssemble | PermitPrintFine
)

// Encryption tells how to encrypt: always AES-256 of PDF 2.0 (revision 6).
type Encryption struct {
	User        []byte // UTF-8; opens the file; must not be empty
	Owner       []byte // UTF-8; lifts the permissions; empty: 256 random bits that nobody learns
	Permissions Permissions
}

// Kind says why a rewrite failed.
type Kind int

// The kinds of Error.
const (
	KindTimeout   Kind = iota + 1 // the deadline passed
	KindCrashed                   // the child died, of a stack overflow say
	KindMemory                    // the memory limit was passed
	KindFailed                    // the file can't be read or written
	KindSigned                    // the file holds a signature, which a rewrite would break
	KindEncrypted                 // the file is encrypted already
)

var kindNames = [...]string{
	KindTimeout: "timeout", KindCrashed: "crashed", KindMemory: "memory", KindFailed: "failed",
	KindSigned: "signed", KindEncrypted: "encrypted",
}

// String gives the short English name.
func (k Kind) String() string {
	if k < 1 || int(k) >= len(kindNames) {
		return fmt.Sprintf("Kind(%d)", int(k))
	}
	return kindNames[k]
}

// Error says why a rewrite gave no document. The caller lives on.
type Error struct {
	Kind   Kind
	Detail string // of pdfcpu or the Go runtime; printable, at most 500 bytes; may be ""
}

func (e *Error) Error() string {
	if e.Detail == "" {
		return "rewrite: " + e.Kind.String()
	}
	return "rewrite: " + e.Kind.String() + ": " + e.Detail
}

// failed makes an *Error whose detail is fit for a terminal.
func failed(k Kind, detail string) *Error {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == '\uFFFD' {
			return ' '
		}
		return r
	}, detail)
	clean = strings.TrimSpace(clean)
	if len(clean) > limitMessage {
		clean = strings.ToValidUTF8(clean[:limitMessage], "")
	}
	return &Error{Kind: k, Detail: clean}
}

// Document is a new file. It lies in the temporary folder, where only this
// user can read it, and goes with Close. It is safe for concurrent reads.
type Document struct {
	f    *os.File
	size int64
}

// ReadAt reads bytes of the new file.
func (d *Document) ReadAt(p []byte, off int64) (int, error) { return d.f.ReadAt(p, off) }

// Size is the number of bytes.
func (d *Document) Size() int64 { return d.size }

// Close removes the new file.
func (d *Document) Close() error { return discard(d.f) }

// Repair writes a damaged file anew. What pdfcpu can't find is lost: the
// caller tells the user. Refused is a file that holds a signature, also one
// whose remains say /ByteRange anywhere, and an encrypted one: what pdfcpu
// finds without an xref table it does not decrypt.
// Errors: *Error, ctx's and those of data and of the temporary folder.
func Repair(ctx context.Context, data io.ReaderAt, size int64, o Options) (*Document, error) {
	d, err := run(ctx, request{Op: opRepair, Size: size}, data, o)
	if err != nil {
		return nil, err
	}
	if _, err := check(ctx, d, nil); err != nil {
		_ = d.Close()
		return nil, failed(KindFailed, "the repaired file is damaged still: "+err.Error())
	}
	return d, nil
}

// Encrypt writes a sound file anew, encrypted. The caller has made sure that
// nobody signed it. Errors: *Error, those of pdf.Open for a file that is
// damaged, ctx's and those of data and of the temporary folder.
func Encrypt(ctx context.Context, data io.ReaderAt, size int64, e Encryption, o Options) (*Document, error) {
	req, err := e.request(size, o.Rand)
	if err != nil {
		return nil, err
	}
	pages, err := plain(ctx, data, size)
	if err != nil {
		return nil, err
	}
	d, err := run(ctx, req, data, o)
	if err != nil {
		return nil, err
	}
	if err := checkEncrypted(ctx, d, e.User, pages); err != nil {
		_ = d.Close()
		return nil, failed(KindFailed, err.Error())
	}
	return d, nil
}

// Damaged reports whether Encrypt refused the file since it breaks the syntax
// of PDF, so that Repair may help.
func Damaged(err error) bool { return pdf.Damaged(err) }

// request prepares the passwords, as ISO 32000-2, 7.6.4.3.3 asks.
func (e Encryption) request(size int64, random io.Reader) (request, error) {
	req := request{Op: opEncrypt, Size: size, Permissions: uint16(e.Permissions&PermitAll | PermitAccess)}
	var err error
	if req.User, err = prepare(e.User); err != nil {
		return req, err
	}
	if len(req.User) == 0 {
		return req, errors.New("rewrite: the password to encrypt with is empty")
	}
	if len(e.Owner) > 0 {
		req.Owner, err = prepare(e.Owner)
		return req, err
	}
	if random == nil {
		random = rand.Reader
	}
	key := make([]byte, 32)
	if _, err := io.ReadFull(random, key); err != nil {
		return req, fmt.Errorf("rewrite: owner password: %w", err)
	}
	req.Owner = hex.AppendEncode(nil, key)
	return req, nil
}

// plain opens the file to encrypt and counts its pages.
func plain(ctx context.Context, data io.ReaderAt, size int64) (int, error) {
	f, err := pdf.Open(ctx, data, size, pdf.OpenOptions{})
	var locked *pdf.PasswordError
	if errors.As(err, &locked) || err == nil && f.Encryption() != nil {
		return 0, failed(KindEncrypted, "")
	}
	if err != nil {
		return 0, fmt.Errorf("rewrite: %w", err)
	}
	n, err := f.NumPages()
	if err != nil {
		return 0, fmt.Errorf("rewrite: %w", err)
	}
	return n, nil
}

// check opens a new file strictly and counts its pages.
func check(ctx context.Context, d *Document, password []byte) (int, error) {
	f, err := pdf.Open(ctx, d, d.Size(), pdf.OpenOptions{Password: password})
	if err != nil {
		return 0, err
	}
	catalog, _, err := f.Catalog()
	if err != nil {
		return 0, err
	}
	if catalog == nil {
		return 0, errors.New("no catalog")
	}
	n, err := f.NumPages()
	if err != nil {
		return 0, err
	}
	if n < 1 {
		return 0, errors.New("no pages")
	}
	_, err = f.Page(n - 1)
	return n, err
}

// checkEncrypted makes sure that the new file opens with the password, not
// without it, and has all pages.
func checkEncrypted(ctx context.Context, d *Document, password []byte, pages int) error {
	var locked *pdf.PasswordError
	if _, err := pdf.Open(ctx, d, d.Size(), pdf.OpenOptions{}); !errors.As(err, &locked) {
		return errors.New("the encrypted file opens without a password")
	}
	n, err := check(ctx, d, password)
	if err != nil {
		return fmt.Errorf("the encrypted file is damaged: %w", err)
	}
	if n != pages {
		return fmt.Errorf("the encrypted file has %d of %d pages", n, pages)
	}
	return nil
}
