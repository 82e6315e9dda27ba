package i18n

func enVerify() Verify {
	return Verify{
		Verdicts: map[string]string{
			"valid":         "VALID: every signature in %s is valid.",
			"valid_changed": "VALID, WITH ADDITIONS: the signatures in %s are valid; permitted changes were made afterwards.",
			"indeterminate": "NOT DECIDED: no signature in %s is wrong, but there is not enough to accept all of them.",
			"invalid":       "INVALID: there is a wrong signature in %s. Do not use this document.",
			"unsigned":      "NOT SIGNED: %s has no digital signature.",
			"unreadable":    "UNREADABLE: %s is damaged, encrypted or no PDF.",
		},
		Advice: map[string]string{
			"valid":         "It can be accepted.",
			"valid_changed": "It can be accepted; see the changes below.",
			"indeterminate": "See the reasons below before accepting it.",
			"invalid":       "Ask the sender to sign the original again.",
			"unsigned":      "Ask the sender to sign it.",
			"unreadable":    "Ask the sender to send it again, or give its password by --pdf-password-file.",
		},
		Signature:    "Signature %d (field %s)",
		DocTimestamp: "Document timestamp %d (field %s)",
		Indications: map[string]string{
			"TOTAL_PASSED": "valid", "TOTAL_FAILED": "invalid", "INDETERMINATE": "not decided",
		},
		Result:       "Result",
		SignedBy:     "Signer",
		Issuer:       "Issuer of the certificate",
		Manager:      "Body managing the certificate",
		Time:         "Signing time",
		Integrity:    "Integrity",
		ValidAtTime:  "Validity at signing time",
		Validity:     "Certificate valid",
		Organization: "Organisation",
		Email:        "Email",
		TaxCode:      "Tax code",
		PersonalID:   "Personal number",
		Serial:       "Serial",
		TimeProven:   "%s (proven by a timestamp: %s)",
		TimeClaimed:  "%s (the signer's own clock, not proven by a timestamp)",
		TimeNone:     "not stated",
		Proofs: map[string]string{
			"signature_timestamp": "of the signature", "document_timestamp": "of the document", "none": "none",
		},
		Integrities: map[string]string{
			"intact": "intact, not changed since it was signed", "broken": "CHANGED after it was signed",
			"unprocessable": "the signature can't be read",
		},
		Coverage: "Coverage",
		Coverages: map[string]string{
			"entire_file": "the whole file", "entire_revision": "the whole document when it was signed; more was added later",
			"partial": "ONLY A PART of the document", "invalid": "the signed range is not valid",
		},
		Changes: "Changes afterwards",
		ChangesAfter: map[string]string{
			"none": "none", "permitted": "yes, of permitted kinds", "forbidden": "YES, NOT PERMITTED", "unknown": "yes, not judged",
		},
		ChangeKinds:   enChangeKinds(),
		ChangeLine:    "revision %d: %s %s",
		Certification: "Certified by the author",
		Certified: map[string]string{
			"1": "no changes permitted", "2": "filling in forms and signing permitted", "3": "filling in forms, signing and annotations permitted",
		},
		Level:     "Level",
		Algorithm: "Algorithm",
		Trust:     "Trust",
		Trusts: map[string]string{
			"trusted": "the issuer is trusted", "untrusted": "the issuer is NOT trusted", "unknown": "the issuer is not known",
		},
		Anchor:     "%s",
		Revocation: "Revocation",
		Revocations: map[string]string{
			"good": "not revoked", "revoked": "REVOKED", "unknown": "could not be checked",
			"not_published": "not published by the issuer", "ignored": "ignored, as asked",
		},
		RevokedFrom:   "(%s, %s, %s)",
		Sources:       map[string]string{"ocsp": "OCSP", "crl": "CRL", "none": "no source", "embedded": "in the file", "online": "online", "file": "from a file"},
		Timestamps:    "Timestamp",
		TimestampLine: "%s, %s, by %s: %s",
		Good:          "valid",
		Bad:           "invalid",
		Reasons:       "Reasons",
		Codes:         enCodes(),
		Revision:      "revision %d of %d",
		Between:       "from %s to %s",
		AtSigning: map[string]string{
			"valid":         "the certificate was valid",
			"expired":       "the certificate HAD EXPIRED",
			"not_yet_valid": "the certificate was NOT YET VALID",
			"revoked":       "the certificate was REVOKED",
			"unknown":       "not known",
		},
		NotChecked: "not known",
		Summary:    "%d files: %s",
		Extracted:  "signed revisions, CMS and certificates were written to %s",
		Truncated:  "%d more changes; see all with --json",
	}
}

func enChangeKinds() map[string]string {
	return map[string]string{
		"form_fill": "form filled in", "new_signature": "signature added", "dss": "long-term validation data added",
		"timestamp": "timestamp added", "annotation": "annotation", "metadata": "document information",
		"content": "PAGE CONTENT", "structure": "document structure",
	}
}
