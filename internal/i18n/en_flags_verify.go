package i18n

// enFlagsVerify are usage texts by flag name; the word in back quotes names the value.
func enFlagsVerify() map[string]string {
	return map[string]string{
		"online":             "ask for the revocation status over the network",
		"verify at":          "judge at this `TIME` (2026-05-12 or 2026-05-12T15:00:00+07:00)",
		"expect-signer":      "the signer must be `WHO`: tax code, personal number, serial or SHA-256",
		"require-level":      "every signature must have this `LEVEL`",
		"require-timestamp":  "a valid timestamp is required",
		"require-revocation": "the revocation status must be known",
		"ignore-revocation":  "leave revocation out",
		"extract":            "write signed revisions, CMS and certificates to `FOLDER`",
		"changes":            "write pictures of each page before and after to `FOLDER`",
		"report":             "write a report to `FILE`.html, .json or .csv",

		"revocation-order":        "ask OCSP or CRLs first: `ORDER` ocsp,crl (default) or crl,ocsp",
		"ocsp":                    "`FILE` with an OCSP response that was downloaded (repeatable)",
		"crl":                     "`FILE` with a CRL that was downloaded (repeatable)",
		"max-requests":            "for each file make at most `N` requests to addresses in certificates (default 10)",
		"sign online":             "ask OCSP and CRLs for the status of the signer's certificate before signing",
		"sign require-revocation": "sign only where the certificate is known not to be revoked",
		"timeout":                 "wait for a driver at most `TIME` while it lists its certificates (default 10s)",
		"tsa-timeout":             "wait for a TSA at most `TIME`, its tries together (default 180s)",
		"vri":                     "write a /VRI entry for each signature too (levels B-LT and B-LTA)",
	}
}
