package pdf

// API agreed between packages. The owner of the package replaces this file by
// real ones; signatures stay (adding is free).

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

// Encryption describes the security handler; nil when not encrypted.
type Encryption struct {
	V, R        int
	Method      string // RC4-40, RC4-128, AES-128, AES-256, Identity
	Permissions int32
	Owner       bool // opened with the owner password
}

// Text decodes a text string (PDFDocEncoding, UTF-16BE/LE, UTF-8) to UTF-8.
func Text(s String) string { return s.Value }

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
