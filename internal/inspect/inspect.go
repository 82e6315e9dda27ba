// Package inspect looks at a PDF before it is signed for what could make the
// document mean something else later, or to another reader: content that is
// hidden, covered, or different from what a reader sees.
//
// It judges nothing and changes nothing. A finding is a fact about the file
// that the person who signs should know of; most findings have innocent causes.
// Everything that is decoded or walked is bounded by limits.go, and what was
// left out because of that is a finding too (NOT_SCANNED).
package inspect

import (
	"context"
	"errors"
	"slices"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// Code names a kind of finding. Codes are stable.
type Code string

// The kinds of findings.
const (
	HiddenObjects         Code = "HIDDEN_OBJECTS"          // an object in the bytes of the file that no cross-reference lists
	UnreferencedPages     Code = "UNREFERENCED_PAGES"      // a page, page tree or page content that nothing shows
	CoveredContent        Code = "COVERED_CONTENT"         // text of a page that something opaque covers
	ValueAppearanceDiffer Code = "VALUE_APPEARANCE_DIFFER" // a text field shows another text than its value
	JavaScript            Code = "JAVASCRIPT"              // a script
	OptionalContent       Code = "OPTIONAL_CONTENT"        // layers that can be shown or not
	External              Code = "EXTERNAL"                // an action or stream that leads out of the file
	XFA                   Code = "XFA"                     // the form has an XFA part
	EmbeddedFiles         Code = "EMBEDDED_FILES"          // a file within the file
	NeedAppearances       Code = "NEED_APPEARANCES"        // viewers are asked to draw the fields anew
	XMLBomb               Code = "XML_BOMB"                // XML that defines entities or has a DTD
	TrailingBytes         Code = "TRAILING_BYTES"          // bytes after the last revision
	JunkBeforeHeader      Code = "JUNK_BEFORE_HEADER"      // bytes before %PDF-
	NotScanned            Code = "NOT_SCANNED"             // something was not looked at, for a limit or damage
)

// Codes lists every code, in the order of a report.
func Codes() []Code {
	return []Code{HiddenObjects, UnreferencedPages, CoveredContent, ValueAppearanceDiffer, JavaScript, OptionalContent,
		External, XFA, EmbeddedFiles, NeedAppearances, XMLBomb, TrailingBytes, JunkBeforeHeader, NotScanned}
}

// Finding is one fact. What is not known or does not apply is zero.
type Finding struct {
	Code   Code
	Page   int     // 1-based
	Object pdf.Ref // where to look
	Field  string  // full name of a form field
	Detail string  // English, one line, valid UTF-8
}

// Report is what was found.
type Report struct {
	Findings []Finding    // in the order of Codes, at most maxPerCode of each
	Omitted  map[Code]int // how many more there are of a code
}

// Has reports whether there is a finding of a code.
func (r *Report) Has(c Code) bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Code == c })
}

// Options bounds the look. The zero value means the defaults.
type Options struct {
	ScanBytes    int64 // bytes read in search of hidden objects; the data of streams are passed over. 0: 256 MiB
	ContentBytes int64 // decoded bytes of all streams; 0: 64 MiB
	// Objects is how many objects are looked at; 0: 300,000. Of a document
	// whose cross-reference has room for more, its sections are not read one by
	// one: objects that nothing refers to are not looked for.
	Objects int
	Pages   int // whose content is read; 0: 5,000
}

// Quick are the bounds of a look that nobody has to wait for: some
// milliseconds whatever the document's size (docs/architecture.md, section 5).
// An ordinary document of a hundred pages is looked at whole.
func Quick() Options {
	return Options{ScanBytes: 8 << 20, ContentBytes: 2 << 20, Objects: 4_000, Pages: 200}
}

func (o Options) withDefaults() Options {
	if o.ScanBytes <= 0 {
		o.ScanBytes = defaultScanBytes
	}
	if o.ContentBytes <= 0 {
		o.ContentBytes = defaultContentBytes
	}
	if o.Objects <= 0 {
		o.Objects = maxObjects
	}
	if o.Pages <= 0 {
		o.Pages = maxPages
	}
	return o
}

// Inspect looks at f. What is damaged or too large in the file is a finding;
// an error means that the file could not be read or that ctx ended. It may run
// beside other readers of f.
func Inspect(ctx context.Context, f *pdf.File, o Options) (*Report, error) {
	in := newInspector(ctx, f, o.withDefaults())
	defer in.release()
	size, _ := f.Trailer().Get("Size").(pdf.Integer)
	in.large = int64(size) > int64(in.o.Objects)
	for _, look := range []func() error{
		in.edges, in.loadObjects, in.loadPages, in.loadFields,
		in.scanHidden, in.walkAll, in.objectStreams, in.unreferenced,
		in.form, in.layers, in.values, in.covered,
	} {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := look(); err != nil {
			return nil, err
		}
	}
	return in.report(), nil
}

// inspector is the state of one look.
type inspector struct {
	ctx  context.Context
	f    *pdf.File
	o    Options
	left int64 // bytes that may still be decoded
	// large documents have more objects than may be looked at.
	large bool

	found   map[Code][]Finding
	omitted map[Code]int
	unread  int // objects that can't be read
	skipped int // streams that were too large, or came after all that may be decoded

	objects table
	pages   pageList
	fields  []pdf.Field
	fieldOf map[pdf.Ref]string // fields and their widgets
	walk    walk

	// Of drawing pages.
	work      int64 // bytes of content interpreted
	tests     int64 // comparisons of a text run with a cover
	failed    error // of reading
	fonts     map[*pdf.Dict]*font
	resources map[resourceKey]resource
	images    map[pdf.Ref]bool // opaque or not
	forms     map[pdf.Ref]*form
	formRoom  int // taken by forms
	widths    int // of characters, kept
	encodings map[*pdf.Dict]*encoding
	*scratch
}

func newInspector(ctx context.Context, f *pdf.File, o Options) *inspector {
	return &inspector{
		ctx: ctx, f: f, o: o, left: o.ContentBytes, scratch: scratches.Get().(*scratch),
		found: make(map[Code][]Finding), omitted: make(map[Code]int),
		fonts: make(map[*pdf.Dict]*font), resources: make(map[resourceKey]resource), encodings: make(map[*pdf.Dict]*encoding), images: make(map[pdf.Ref]bool), forms: make(map[pdf.Ref]*form),
	}
}

// add keeps a finding unless there are enough of its code.
func (in *inspector) add(f Finding) {
	list := in.found[f.Code]
	if slices.Contains(list, f) {
		return
	}
	if len(list) >= maxPerCode {
		in.omitted[f.Code]++
		return
	}
	in.found[f.Code] = append(list, f)
}

func (in *inspector) report() *Report {
	if in.unread > 0 {
		in.add(Finding{Code: NotScanned, Detail: plural(in.unread, "object") + " can't be read"})
	}
	if in.skipped > 0 {
		in.add(Finding{Code: NotScanned, Detail: plural(in.skipped, "stream") + " not looked at: too much to decode"})
	}
	r := &Report{Omitted: in.omitted}
	for _, c := range Codes() {
		r.Findings = append(r.Findings, in.found[c]...)
	}
	return r
}

// tolerate gives nil for what is wrong with the file, which it counts, and the
// error for what kept us from reading it.
func (in *inspector) tolerate(err error) error {
	if err == nil || !ofFile(err) {
		return err
	}
	in.unread++
	return nil
}

// ofFile tells faults of the file from those of reading it.
func ofFile(err error) bool {
	if err == nil {
		return false
	}
	var limit *pdf.LimitError
	var filter *pdf.FilterError
	var password *pdf.PasswordError
	return pdf.Damaged(err) || errors.As(err, &limit) || errors.As(err, &filter) || errors.As(err, &password)
}

// get is Get for objects that may be damaged: those are null.
func (in *inspector) get(ref pdf.Ref) (pdf.Object, error) {
	o, err := in.f.Get(ref)
	if err != nil {
		return nil, in.tolerate(err)
	}
	return o, nil
}

// resolve is Resolve for objects that may be damaged: those are null. Faults
// are not counted: walkAll meets the same object.
func (in *inspector) resolve(o pdf.Object) pdf.Object {
	v, err := in.f.Resolve(o)
	if err != nil {
		return nil
	}
	return v
}

func (in *inspector) dict(o pdf.Object) *pdf.Dict {
	switch v := in.resolve(o).(type) {
	case *pdf.Dict:
		return v
	case *pdf.Stream:
		return v.Dict
	}
	return nil
}

func (in *inspector) array(o pdf.Object) pdf.Array {
	a, _ := in.resolve(o).(pdf.Array)
	return a
}

func (in *inspector) name(o pdf.Object) pdf.Name {
	n, _ := in.resolve(o).(pdf.Name)
	return n
}

// decode decodes a stream within what is left; nil when it can't be.
func (in *inspector) decode(s *pdf.Stream) ([]byte, error) {
	limit := min(maxStreamBytes, in.left)
	// Decode reads all there is: two hexadecimal digits a byte are the most
	// that a stream of this size needs.
	if n, _ := in.resolve(s.Dict.Get("Length")).(pdf.Integer); limit <= 0 || int64(n) > 3*limit+4096 {
		in.skipped++
		return nil, nil
	}
	b, err := s.Decode(limit)
	if err == nil {
		in.left -= int64(len(b))
		return b, nil
	}
	var tooLong *pdf.LimitError
	switch {
	case errors.As(err, &tooLong):
		in.left -= limit // it was decoded up to there
		in.skipped++
		return nil, nil
	}
	if ofFile(err) {
		return nil, nil
	}
	return nil, err
}
