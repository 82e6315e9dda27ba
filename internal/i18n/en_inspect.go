package i18n

func enInspect() Inspect {
	return Inspect{
		Codes: map[string]string{
			"HIDDEN_OBJECTS":          "the file holds hidden objects, which may show later in place of what is seen now",
			"UNREFERENCED_PAGES":      "the file holds a page or page content that is shown nowhere",
			"COVERED_CONTENT":         "text lies under a picture or an annotation; with the cover taken away the document reads differently",
			"VALUE_APPEARANCE_DIFFER": "a form field shows another text than its value",
			"JAVASCRIPT":              "the document has JavaScript, which can change what is shown",
			"OPTIONAL_CONTENT":        "the document has layers that can be shown or not: not everyone sees the same",
			"EXTERNAL":                "the document leads out to a file, a program or an address",
			"XFA":                     "the form has an XFA part, which some viewers show in place of the pages",
			"EMBEDDED_FILES":          "other files are attached to the document; the signature covers them too",
			"NEED_APPEARANCES":        "the document asks viewers to draw its fields anew: each may draw them in its own way",
			"XML_BOMB":                "XML in the file declares entities, which can make a viewer hang",
			"TRAILING_BYTES":          "the file ends with bytes that are no part of the document",
			"JUNK_BEFORE_HEADER":      "there are bytes before the beginning of the PDF",
			"NOT_SCANNED":             "the document was not fully looked at, as it is too large or damaged in places",
		},
		Page:    "page %d",
		Field:   "field %s",
		Object:  "object %d",
		More:    "and %d more",
		Refused: "not signed, because of --strict-input and: %s",
		Hint:    "look at the document; to sign it all the same, leave out --strict-input",
		Detail:  "--verbose tells the details; --strict-input refuses to sign such a document",
	}
}
