// Package convert makes PDF files of what people are asked to sign and that
// is none yet: office documents through LibreOffice, pictures by itself.
//
// The common calls are KindOf, then Office or Pictures. Nothing here opens a
// path of the user: bytes come in and go out. LibreOffice runs in a profile
// folder of its own, that is deleted after, without macros and network, with a
// deadline. Functions are safe for concurrent use.
package convert

import (
	"bytes"
	"path/filepath"
	"strings"
)

// Kind is what a file is, to convert.
type Kind int

// Kinds.
const (
	Unknown Kind = iota + 1
	PDF          // passed through
	OfficeDocument
	Picture
)

var kindNames = map[Kind]string{Unknown: "unknown", PDF: "pdf", OfficeDocument: "office", Picture: "picture"}

// String names the kind.
func (k Kind) String() string {
	if n, ok := kindNames[k]; ok {
		return n
	}
	return "invalid"
}

// officeExt are the extensions that are given to LibreOffice, with what the
// file must begin with.
var officeExt = map[string]string{
	".docx": "PK\x03\x04", ".odt": "PK\x03\x04", ".doc": "\xD0\xCF\x11\xE0", ".rtf": `{\rtf`,
}

var pictureExt = map[string]bool{".png": true, ".jpg": true, ".jpeg": true, ".tif": true, ".tiff": true}

// KindOfName guesses by the extension alone, as for files that are found in a
// folder.
func KindOfName(name string) Kind {
	ext := strings.ToLower(filepath.Ext(name))
	switch {
	case ext == ".pdf":
		return PDF
	case officeExt[ext] != "":
		return OfficeDocument
	case pictureExt[ext]:
		return Picture
	}
	return Unknown
}

// KindOf judges by the first bytes (1 KB is enough), and for office documents
// by the extension too: a .docx is a ZIP file, and not every ZIP is a .docx.
func KindOf(name string, head []byte) Kind {
	// ISO 32000-2, 7.5.2: some files have bytes before the header.
	if bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")) {
		return PDF
	}
	for _, magic := range []string{"\x89PNG\r\n\x1a\n", "\xFF\xD8\xFF", "II*\x00", "MM\x00*"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return Picture
		}
	}
	if magic := officeExt[strings.ToLower(filepath.Ext(name))]; magic != "" && bytes.HasPrefix(head, []byte(magic)) {
		return OfficeDocument
	}
	return Unknown
}
