package i18n

func enExtend() Extend {
	return Extend{
		Extended:   "Extended: %s",
		Stamped:    "Timestamped: %s",
		Already:    "%s has level %s already; the output is a copy",
		Level:      "Level",
		Timestamp:  "Timestamp",
		At:         "%s, by %s",
		Signatures: "Signatures",
		Added:      "Added",
		Revisions:  "%d revisions behind the signed content",
		Verdict:    "Check",
		Size:       "Size",
		Summary:    "%d files done, %d did not succeed, %d in all.",
		Refresh:    "Extend again by",
	}
}

func enCommandsExtend() map[string]Help {
	return map[string]Help{
		"extend": {
			Short: "Raises signed files to B-T, B-LT or B-LTA, or refreshes the archive timestamp",
			Example: `  kyso extend form.signed.pdf --tsa http://tsa.example.vn
  kyso extend form.signed.pdf --level B-LT --tsa http://tsa.example.vn
  kyso extend *.signed.pdf --out-dir archive --tsa http://tsa.example.vn`,
			Long: `Adds behind the signed content what keeps its signatures provable for years: a timestamp, the certificates
and the revocation data (asked over the network), and a timestamp over all of it. Whoever signed; no key is
needed and earlier signatures stay valid. a.pdf becomes a.extended.pdf. A file that is B-LTA gets the next
archive timestamp. For B-LT and B-LTA the roots must be known: see kyso trust.`,
		},
		"timestamp": {
			Short: "Adds a document timestamp; no signer's key is needed",
			Example: `  kyso timestamp form.pdf --tsa http://tsa.example.vn
  kyso timestamp form.pdf --tsa http://tsa.example.vn -o form.ts.pdf
  kyso timestamp form.pdf --tsa http://tsa.example.vn --json`,
			Long: `Proves that the document existed at a time, signed or not: one timestamp of the server covers all of it.
a.pdf becomes a.timestamped.pdf.`,
		},
	}
}

func enFlagsExtend() map[string]string {
	return map[string]string{
		"extend level":     "`LEVEL` B-T, B-LT or B-LTA; default: B-LTA",
		"extend output":    "output `FILE`, - for standard output; default: a.pdf becomes a.extended.pdf",
		"timestamp output": "output `FILE`, - for standard output; default: a.pdf becomes a.timestamped.pdf",
	}
}
