package i18n

func enReport() Report {
	return Report{
		Title:     "Check of digital signatures",
		Made:      "Made at %s by %s",
		File:      "File",
		Size:      "Size",
		Hash:      "SHA-256",
		Revisions: "Revisions",
		Signed:    "Signature %d, page %d, as signed",
		Now:       "Page %d, as now",
		NoPage:    "no such page",
		FirstPage: "Page %d of the document",
		Pictures:  "Pages that differ between signing and now (red frames)",
		More:      "and %d pages more; see all with --changes",
	}
}
