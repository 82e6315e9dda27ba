package i18n

// enCodes are the reasons of verify by their stable codes.
func enCodes() map[string]string {
	return map[string]string{
		"HASH_FAILURE":                      "the content was changed after signing",
		"SIG_CRYPTO_FAILURE":                "the signature value does not fit the key of the certificate",
		"FORMAT_FAILURE":                    "the signature is malformed",
		"NO_CERTIFICATE_CHAIN_FOUND":        "no chain to a trusted root; add the root with --trust or kyso trust add",
		"CERTIFICATE_CHAIN_GENERAL_FAILURE": "the certification path is not valid",
		"NO_SIGNING_CERTIFICATE_FOUND":      "the signer's certificate was not found",
		"REVOKED":                           "the certificate was revoked at signing time",
		"REVOKED_NO_POE":                    "the certificate is revoked, and nothing proves that it was used before",
		"REVOKED_CA_NO_POE":                 "the certificate of the issuer is revoked",
		"EXPIRED":                           "the certificate has expired",
		"OUT_OF_BOUNDS_NO_POE":              "the certificate has expired, and nothing proves that it was used before",
		"NOT_YET_VALID":                     "it was signed before the certificate was valid",
		"REVOCATION_UNKNOWN":                "it is not known whether the certificate is revoked; ask with --online",
		"TRY_LATER":                         "there is not enough revocation information yet; try later",
		"CHAIN_CONSTRAINTS_FAILURE":         "the certificate is not for this use",
		"CRYPTO_CONSTRAINTS_FAILURE":        "the algorithm or key length is no longer safe",
		"CRYPTO_CONSTRAINTS_FAILURE_NO_POE": "the algorithm is no longer safe, and nothing proves when it was signed",
		"SIG_CONSTRAINTS_FAILURE":           "the signature does not meet what was asked",
		"TIMESTAMP_ORDER_FAILURE":           "the order of the timestamps is impossible",
		"SIGNED_DATA_NOT_FOUND":             "the signed data was not found",
		"POLICY_PROCESSING_ERROR":           "the signature policy can't be processed",
		"GENERIC":                           "it could not be checked",
		"FORBIDDEN_CHANGES":                 "the document was changed after signing in a way that is not permitted",
		"CHANGES_UNKNOWN":                   "what was added after signing was not judged",
		"TRAILING_DATA":                     "there is data at the end of the file that belongs to no revision",
		"UNREADABLE":                        "the file can't be read",
		"PASSWORD":                          "the file is encrypted",
		"TIMESTAMP_REQUIRED":                "a timestamp is required and the signature has none",
		"LEVEL_REQUIRED":                    "the level is lower than required",
		"SIGNER_MISMATCH":                   "the signer is not who was expected",
		"REVOCATION_IGNORED":                "revocation was ignored, as asked",
	}
}
