package pdf

// API agreed between packages. The owner of the package replaces this file by
// real ones; signatures stay (adding is free).

import (
	"context"
	"io"
	"iter"
)

// Delete removes key.
func (d *Dict) Delete(key Name) { panic("stub") }

// Has reports whether key is present (even with value null).
func (d *Dict) Has(key Name) bool { panic("stub") }

// Len is the number of distinct keys.
func (d *Dict) Len() int { panic("stub") }

// All iterates keys and values in file order.
func (d *Dict) All() iter.Seq2[Name, Object] { panic("stub") }

// Duplicates lists keys that occurred more than once when parsed.
func (d *Dict) Duplicates() []Name { panic("stub") }

// ValueSpan tells where the value token of key lies in the file; ok is false
// for dictionaries made by hand or held in object streams.
func (d *Dict) ValueSpan(key Name) (s Span, ok bool) { panic("stub") }

// Clone returns a shallow copy (nested values are shared).
func (d *Dict) Clone() *Dict { panic("stub") }

// Stream is a PDF stream: dictionary and data.
type Stream struct {
	Dict *Dict
	// unexported: where the data lies in the file, or the data itself
}

// NewStream makes a stream for writing from already encoded data: /Length is
// set by the writer, /Filter is the caller's.
func NewStream(d *Dict, encoded []byte) *Stream { panic("stub") }

// NewFlateStream makes a stream for writing, compressing data.
func NewFlateStream(d *Dict, data []byte) *Stream { panic("stub") }

// Raw returns the (decrypted) bytes before filters, bounded by the file.
func (s *Stream) Raw() ([]byte, error) { panic("stub") }

// Decode applies all filters; more than limit bytes is an ErrLimit (limit 0:
// Limits.StreamBytes).
func (s *Stream) Decode(limit int64) ([]byte, error) { panic("stub") }

// SyntaxError says where a file departs from the PDF syntax.
type SyntaxError struct {
	Offset int64 // byte offset in the file, -1 when unknown
	Object Ref   // zero when unknown
	Reason string
}

func (e *SyntaxError) Error() string { panic("stub") }

// LimitError says that a named limit was passed, as LIMIT_<NAME>.
type LimitError struct {
	Name  string
	Limit int64
}

func (e *LimitError) Error() string { panic("stub") }

// PasswordError: the file is encrypted and no password given opens it.
type PasswordError struct{ Tried bool }

func (e *PasswordError) Error() string { panic("stub") }

// OpenOptions tells Open how to read. The zero value is strict, with default
// limits and the empty user password.
type OpenOptions struct {
	Password []byte // tried as user, then owner password, after the empty one
	Limits   *Limits
}

// Limits bounds what a file may cost; zero fields mean the defaults.
type Limits struct {
	StreamBytes int64 // decoded bytes of one stream
}

// File is an opened PDF.
type File struct{}

// Open reads the header, the last xref chain and the trailer.
func Open(ctx context.Context, r io.ReaderAt, size int64, opts OpenOptions) (*File, error) {
	panic("stub")
}

// Size is the number of bytes of the file.
func (f *File) Size() int64 { panic("stub") }

// Reader gives the bytes of the file.
func (f *File) Reader() io.ReaderAt { panic("stub") }

// HeaderOffset is the number of bytes before %PDF- (0 in a sound file).
func (f *File) HeaderOffset() int64 { panic("stub") }

// Version is the PDF version: catalog /Version if higher, else the header's.
func (f *File) Version() (major, minor int) { panic("stub") }

// Trailer is the newest trailer dictionary (or xref stream dictionary).
func (f *File) Trailer() *Dict { panic("stub") }

// Catalog returns the document catalog.
func (f *File) Catalog() (*Dict, Ref, error) { panic("stub") }

// Get returns the object, nil (null) when it is free or absent.
func (f *File) Get(ref Ref) (Object, error) { panic("stub") }

// Resolve follows references until a direct object is reached (bounded).
func (f *File) Resolve(o Object) (Object, error) { panic("stub") }

// Dict, Array, Stream, Name, Int resolve and assert; a missing or null object
// gives the zero value and no error, another type an error.
func (f *File) Dict(o Object) (*Dict, error) { panic("stub") }

// Array resolves an array.
func (f *File) Array(o Object) (Array, error) { panic("stub") }

// Stream resolves a stream.
func (f *File) Stream(o Object) (*Stream, error) { panic("stub") }

// Location says where an object is defined.
type Location struct {
	Offset   int64 // of "n g obj", or of the object stream's
	End      int64 // after "endobj"; 0 when in an object stream
	InStream Ref   // object stream, zero when not compressed
	Index    int
	Free     bool
	Revision int // 0-based revision that defines it
}

// Locate tells where an object lives; ok is false for numbers never defined.
func (f *File) Locate(ref Ref) (loc Location, ok bool, err error) { panic("stub") }

// Revision is one xref section (with its hybrid part) in file order, oldest
// first. Linearised first-page sections are joined with their main section.
type Revision struct {
	XrefOffset int64
	IsStream   bool  // xref stream (else table)
	Start, End int64 // bytes this revision added; End is after its %%EOF and end of line
	Defined    []Ref // objects defined in this section
	Freed      []Ref
	Trailer    *Dict
}

// Revisions lists the revisions, oldest first.
func (f *File) Revisions() ([]Revision, error) { panic("stub") }

// Truncated opens the file as it was when it ended at byte end. Options and
// password are those of f.
func (f *File) Truncated(ctx context.Context, end int64) (*File, error) { panic("stub") }

// Encryption describes the security handler; nil when not encrypted.
type Encryption struct {
	V, R        int
	Method      string // RC4-40, RC4-128, AES-128, AES-256, Identity
	Permissions int32
	Owner       bool // opened with the owner password
}

// Encryption returns nil for a file that is not encrypted.
func (f *File) Encryption() *Encryption { panic("stub") }

// Page is a page with its inherited entries resolved.
type Page struct {
	Index     int // 0-based
	Ref       Ref
	Dict      *Dict      // the page's own dictionary
	MediaBox  [4]float64 // normalised, points (user space units)
	CropBox   [4]float64 // clipped to MediaBox
	Rotate    int        // 0, 90, 180, 270 clockwise
	UserUnit  float64
	Resources Object // inherited or own, as it stands
}

// NumPages returns the number of pages (/Count of the root, checked lazily).
func (f *File) NumPages() (int, error) { panic("stub") }

// Page finds page index (0-based) by /Count without walking other branches.
func (f *File) Page(index int) (*Page, error) { panic("stub") }

// Pages iterates all pages in order.
func (f *File) Pages() iter.Seq2[*Page, error] { panic("stub") }

// Field is a terminal form field with inherited values.
type Field struct {
	Name    string // fully qualified, UTF-8
	Ref     Ref
	Dict    *Dict
	FT      Name
	Ff      int64
	V       Object // as it stands (reference kept)
	Widgets []Ref
	Parents []Ref // from the root downward
}

// AcroForm returns the form dictionary and where it lives (zero Ref: direct in
// the catalog); nil when there is none.
func (f *File) AcroForm() (*Dict, Ref, error) { panic("stub") }

// Fields walks the form; cycles and depth are errors.
func (f *File) Fields() ([]Field, error) { panic("stub") }

// Text decodes a text string (PDFDocEncoding, UTF-16BE/LE, UTF-8) to UTF-8.
func Text(s String) string { panic("stub") }

// TextString encodes UTF-8 as PDFDocEncoding where it fits in ASCII, else UTF-16BE.
func TextString(s string) String { panic("stub") }

// Update collects new and changed objects for one incremental update.
type Update struct{}

// NewUpdate starts an update of f. The xref form (table or stream) follows f.
func (f *File) NewUpdate() *Update { panic("stub") }

// Alloc reserves a new object number.
func (u *Update) Alloc() Ref { panic("stub") }

// Add allocates and sets.
func (u *Update) Add(o Object) Ref { panic("stub") }

// Set gives an object (new or old) its new value. Strings and streams are
// encrypted on writing when the file is encrypted, Raw is not.
func (u *Update) Set(ref Ref, o Object) { panic("stub") }

// Get returns the pending value, else the file's.
func (u *Update) Get(ref Ref) (Object, error) { panic("stub") }

// Rendered is the bytes to append.
type Rendered struct {
	Base  int64           // length of the old file: offset of Bytes[0] in the output
	Bytes []byte          // begins with a line end when the old file lacks one
	Marks map[string]Span // absolute offsets in the output of each marked Raw
}

// Render serialises the update: objects, xref, trailer (/Prev /Size /Root /ID
// /Info /Encrypt), startxref, %%EOF. ID2 is the second /ID element (16 bytes).
func (u *Update) Render(id2 []byte) (*Rendered, error) { panic("stub") }
