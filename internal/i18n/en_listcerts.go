package i18n

func enListCerts() ListCerts {
	return ListCerts{
		CanSign:      "can sign",
		CannotSign:   "cannot sign: %s",
		Subject:      "Subject",
		Organization: "Organisation",
		Title:        "Title",
		Email:        "Email",
		TaxCode:      "Tax code",
		PersonalID:   "Personal number",
		Issuer:       "Issued by",
		Serial:       "Serial",
		Validity:     "Valid",
		Between:      "from %s to %s",
		Key:          "Key",
		Token:        "Token",
		TokenLine:    "%s (serial %s, slot %d)",
		Module:       "Driver",
		File:         "File",
		KeyID:        "CKA_ID",
		Fingerprint:  "SHA-256",
		KeyAssumed:   "the token shows keys only after the PIN",
		Use:          "Use --cert %d to sign with this certificate.",
		NoneShown:    "no certificate",
		HiddenToken:  "token \"%s\" (slot %d) shows its certificates only after the PIN; sign will ask for it",
		NotAll:       "%d more certificates are not for signing; see them with --all",
		ModuleFailed: "%s",
		Expires:      "%d days left",
		Unparsable:   "(can't be read)",
	}
}
