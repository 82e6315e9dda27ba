package inspect

import (
	"bytes"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// xml looks for a document type or entities: XMP (ISO 16684-1) and XFA have no
// use for them, and a reader that expands them can be made to take all memory
// or to open other files. Nothing is parsed here.
func (in *inspector) xml(ref pdf.Ref, s *pdf.Stream, what string) error {
	b, err := in.decode(s)
	if err != nil || b == nil {
		return err
	}
	for _, word := range []string{"<!DOCTYPE", "<!ENTITY"} {
		if containsWide(b, word) {
			in.add(Finding{Code: XMLBomb, Object: ref, Detail: what + " holds " + word})
			return nil
		}
	}
	return nil
}

// containsWide finds an ASCII word in UTF-8, UTF-16 or UTF-32.
func containsWide(b []byte, word string) bool {
	if bytes.Contains(b, []byte(word)) {
		return true
	}
	for _, width := range []int{2, 4} {
		wide := make([]byte, 0, width*len(word))
		for i := range len(word) {
			wide = append(wide, word[i])
			if i < len(word)-1 {
				wide = append(wide, make([]byte, width-1)...)
			}
		}
		if bytes.Contains(b, wide) {
			return true
		}
	}
	return false
}
