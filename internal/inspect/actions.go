package inspect

import (
	"strings"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// at makes a finding of what lies on a way through the objects.
func (in *inspector) at(c Code, v via, detail string) Finding {
	return Finding{Code: c, Page: in.pages.pageOf[v.owner], Object: v.owner, Field: in.fieldOf[v.owner], Detail: short(detail)}
}

// action looks at a dictionary that may be an action (ISO 32000-2, 12.6). That
// any dictionary is looked at finds those that no list of places names.
func (in *inspector) action(d *pdf.Dict, v via) {
	kind := in.name(d.Get("S"))
	if kind == "" {
		return
	}
	where := " in " + v.String()
	switch kind {
	case "JavaScript", "Rendition":
		if d.Has("JS") {
			in.add(in.at(JavaScript, v, "script"+where+": "+quote(in.script(d.Get("JS")))))
		}
	case "Launch", "GoToR", "GoToE", "SubmitForm", "ImportData":
		if d.Has("F") || d.Has("Win") || d.Has("Mac") || d.Has("Unix") || d.Has("D") || d.Has("T") {
			in.add(in.at(External, v, "action "+string(kind)+where+target(in.target(d.Get("F")))))
		}
	case "URI":
		// A link that waits for a click is in nearly every document.
		if s, ok := in.resolve(d.Get("URI")).(pdf.String); ok && v.auto {
			in.add(in.at(External, v, "action URI without a click"+where+target(s.Value)))
		}
	case "SetOCGState":
		in.walk.toggles = in.walk.toggles || d.Has("State")
	}
}

func target(s string) string {
	if s == "" {
		return ""
	}
	return " to " + quote(s)
}

// script is the beginning of a script.
func (in *inspector) script(o pdf.Object) string {
	switch v := in.resolve(o).(type) {
	case pdf.String:
		return firstLine(pdf.Text(pdf.String{Value: v.Value[:min(len(v.Value), 4*maxQuote)]}))
	case *pdf.Stream:
		b, err := in.decode(v)
		if err != nil {
			return ""
		}
		return firstLine(pdf.Text(pdf.String{Value: string(b[:min(len(b), 4*maxQuote)])}))
	}
	return ""
}

func firstLine(s string) string {
	s = strings.TrimSpace(s)
	if i := strings.IndexAny(s, "\r\n"); i >= 0 {
		return s[:i] + " …"
	}
	return s
}

// target is the file name or address of a file specification.
func (in *inspector) target(o pdf.Object) string {
	switch v := in.resolve(o).(type) {
	case pdf.String:
		return pdf.Text(v)
	case *pdf.Dict:
		for _, key := range []pdf.Name{"UF", "F", "DOS", "Unix", "Mac"} {
			if s, ok := in.resolve(v.Get(key)).(pdf.String); ok && s.Value != "" {
				return pdf.Text(s)
			}
		}
	}
	return ""
}

// fileSpec looks at a dictionary that may be a file specification with the
// file inside (ISO 32000-2, 7.11.4), or lead to pages of another file.
func (in *inspector) fileSpec(d *pdf.Dict, v via) {
	if d.Has("EF") && in.dict(d.Get("EF")) != nil {
		in.add(in.at(EmbeddedFiles, v, "file "+quote(in.target(d))+" in "+v.String()))
	}
	// ISO 32000-2, 8.10.4: a form that stands for a page of another file.
	if v.key == "Ref" && d.Has("F") && d.Has("Page") {
		in.add(in.at(External, v, "reference XObject"+target(in.target(d.Get("F")))))
	}
}

// stream looks at a stream that is reached.
func (in *inspector) stream(n node, s *pdf.Stream) error {
	if s.Dict.Has("F") && in.resolve(s.Dict.Get("F")) != nil { // ISO 32000-2, 7.3.8.2
		f := in.at(External, n.via, "the data of a stream lie in another file"+target(in.target(s.Dict.Get("F"))))
		f.Object = n.ref
		in.add(f)
		return nil
	}
	if in.name(s.Dict.Get("Type")) == "Metadata" || in.name(s.Dict.Get("Subtype")) == "XML" {
		return in.xml(n.ref, s, "the metadata")
	}
	return nil
}
