package i18n

func enFields() Fields {
	return Fields{
		None:      "%s has no signature field.",
		Empty:     "empty",
		Signed:    "signed",
		Stamped:   "document timestamp",
		Place:     "Place",
		PlacePage: "page %d, box %s",
		Hidden:    "page %d, not shown",
		NoPage:    "on no page",
		By:        "Signed by",
		Time:      "At",
		Unread:    "the signature can't be read: %v",
		Locks:     "Locks",
		LockAll:   "all fields",
		LockOnly:  "the fields %s",
		LockBut:   "all fields but %s",
		LockP: map[string]string{
			"1": "no changes afterwards", "2": "only filling in and signing afterwards", "3": "only filling in, signing and annotations afterwards",
		},
		Asks:      "Asks for",
		AskFormat: "format %s",
		AskDigest: "digest %s",
		AskReason: "reason %s",
		AskTSA:    "timestamp of %s",
		AskP:      "certification %d",
		Required:  "must: %s",
		Added:     "Added the empty field \"%s\": %s",
		SignWith:  "Sign in it with: kyso sign %s --field %s",
		NeedPlace: "a new field needs its place",
	}
}

func enCommandsFields() map[string]Help {
	return map[string]Help{
		"fields": {
			Short: "Lists signature fields, filled and empty; --add makes an empty one",
			Example: `  kyso fields form.pdf
  kyso fields form.pdf --json
  kyso fields form.pdf --add Director --page last --rect 350,80,550,160`,
			Long: `For each signature field: name, place, who signed (as the signature says; kyso verify judges it), what it
locks and what it asks for. --add writes a new file with an empty field for somebody to sign: a.pdf becomes
a.field.pdf. Signatures that are there stay valid; a document that forbids it is refused.`,
		},
	}
}

func enFlagsFields() map[string]string {
	return map[string]string{
		"fields add":    "make an empty field with this `NAME`",
		"fields page":   "`PAGE` of the new field: a number or last",
		"fields rect":   "box `x1,y1,x2,y2` of the new field in points, origin at the lower left of the page as seen",
		"fields output": "output `FILE` of --add, - for standard output; default: a.pdf becomes a.field.pdf",
		"fields at":     "`PLACE` of the new field: top-left ... bottom-right",
		"fields size":   "`WxH` of the new field with --at, in points",
	}
}
