package inspect

import (
	"fmt"
	"strings"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// unreferenced looks for pages, page trees and page content in the newest
// revision that nothing shows. Pages that an earlier revision did show were
// deleted by an update, as an editor does.
func (in *inspector) unreferenced() error {
	if !in.walk.complete || in.pages.damaged {
		return nil
	}
	shown := make(map[int]map[pdf.Ref]bool) // pages of a revision
	for _, l := range in.walk.loose {
		what, err := in.looksLike(l)
		if err != nil {
			return err
		}
		if what == "" {
			continue
		}
		before, err := in.shownBefore(l, shown)
		if err != nil {
			return err
		}
		if !before {
			why := "nothing in the document refers to"
			if l.reached {
				why = "is not in the page tree, though something refers to it"
			}
			in.add(Finding{Code: UnreferencedPages, Object: l.ref, Detail: fmt.Sprintf("%s (object %d) that %s", what, l.ref.Num, why)})
		}
	}
	return nil
}

// looksLike says what an object that nothing refers to would be.
func (in *inspector) looksLike(l loose) (string, error) {
	switch v := l.obj.(type) {
	case *pdf.Dict:
		switch in.name(v.Get("Type")) {
		case "Page":
			return "a page", nil
		case "Pages":
			return "a page tree", nil
		case "Catalog":
			return "a document catalog", nil
		}
	case *pdf.Stream:
		// Forms that nothing uses any more are left by many writers of fields.
		if v.Dict.Has("Subtype") || v.Dict.Has("Type") {
			return "", nil
		}
		if l.rev < len(in.objects.revs)-1 {
			return "", nil // replaced by a later revision
		}
		b, err := in.decode(v)
		if err != nil || !showsText(b) {
			return "", err
		}
		return "content with text", nil
	}
	return "", nil
}

// showsText tells whether bytes are a content stream that shows text.
func showsText(b []byte) bool {
	const enough = 64 << 10
	l := lexer{b: b[:min(len(b), enough)]}
	inText, shown := false, 0
	for {
		t := l.next()
		switch t.kind {
		case tokEnd:
			return shown > 0
		case tokString:
			if inText {
				shown += len(t.b)
			}
		case tokWord:
			switch string(t.b) {
			case "BT":
				inText = true
			case "ET":
				if inText && shown > 0 {
					return true
				}
				inText = false
			}
			if !plausible(t.b) {
				return false
			}
		default:
		}
	}
}

// plausible tells operators of content streams from binary data.
func plausible(w []byte) bool {
	return len(w) <= 5 && strings.Trim(string(w), "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789*'\"{}") == ""
}

// shownBefore tells whether a page was part of the document when its revision
// was the newest.
func (in *inspector) shownBefore(l loose, shown map[int]map[pdf.Ref]bool) (bool, error) {
	const maxRevisions = 16
	if l.rev >= len(in.objects.revs)-1 {
		return false, nil
	}
	pages, ok := shown[l.rev]
	if !ok {
		if len(shown) >= maxRevisions {
			return true, nil
		}
		pages = make(map[pdf.Ref]bool)
		shown[l.rev] = pages
		old, err := in.f.Truncated(in.ctx, in.objects.revs[l.rev].End)
		if err != nil {
			return false, in.tolerate(err)
		}
		was := newInspector(in.ctx, old, in.o)
		defer was.release()
		if err := was.loadPages(); err != nil {
			return false, err
		}
		for ref := range was.pages.nodes {
			pages[ref] = true
		}
		if _, ref, err := old.Catalog(); err == nil {
			pages[ref] = true
		}
	}
	return pages[l.ref], nil
}
