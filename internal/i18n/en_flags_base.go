package i18n

// enFlagsBase are usage texts by flag name; the word in back quotes names the value.
func enFlagsBase() map[string]string {
	return map[string]string{
		"lang":                  "language of the texts: vi or en",
		"json":                  "one JSON object a line on standard output for each file or certificate",
		"quiet":                 "only errors on stderr",
		"verbose":               "tell each network and token call with its time",
		"no-progress":           "no progress bar",
		"config":                "`FILE` with the configuration, in place of the default one",
		"profile":               "`NAME` of a profile in the configuration",
		"help":                  "show this help",
		"module":                "PKCS#11 driver `FILE` (repeatable); default: those found",
		"token":                 "only the token with this `LABEL`",
		"token-serial":          "only the token with this `SERIAL`",
		"slot":                  "only slot `N`",
		"p12":                   "key `FILE` (.p12, .pfx) in place of a token",
		"p12-password-file":     "`FILE` with the password of --p12 (or KYSO_P12_PASSWORD)",
		"list-certs all":        "also CA certificates and those with no key",
		"show-ids":              "show personal numbers in full",
		"force":                 "replace an existing output",
		"out-dir":               "write outputs to `FOLDER` under their own names",
		"recursive":             "take folders, with what is below them",
		"trust":                 "more trust anchors from a `FILE` or folder (repeatable)",
		"trust-system":          "also trust the roots of the operating system",
		"allow-private-network": "permit private addresses out of certificates (AIA, CRL, OCSP)",
		"pdf-password-file":     "`FILE` with the password of the document (or KYSO_PDF_PASSWORD)",
		"demo output":           "`FOLDER` for the files",
		"demo out-dir":          "the same as -o",
		"version":               "print the version",
	}
}
