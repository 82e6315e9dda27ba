package i18n

func enErrors() Errors {
	return Errors{
		Usage:               "wrong usage: %v",
		UnknownCommand:      "there is no command \"%s\"",
		UnknownFlag:         "there is no flag %s",
		FlagValue:           "the value of --%s is wrong: %v",
		FlagNoValue:         "--%s needs a value",
		FlagsTogether:       "--%s and --%s do not go together",
		FlagNeeds:           "--%s needs --%s",
		NoFiles:             "no file was named",
		ConfigFile:          "configuration file %s is wrong: %v",
		Interrupted:         "interrupted",
		NotFound:            "%s was not found",
		NotAllowed:          "no permission for %s",
		IsFolder:            "%s is a folder",
		NotPicture:          "%s is no picture; --join joins pictures only",
		SchemeNeedsRSA:      "--scheme %s needs an RSA key, this one is %s",
		NotRegular:          "%s is not a regular file",
		OutputExists:        "the output %s exists",
		OutputIsInput:       "the output %s is the input; an original is never overwritten",
		BinaryToTerminal:    "a PDF is not written to a terminal",
		OneOutput:           "-o takes one file",
		Collision:           "two inputs, %[2]s and %[3]s, have one output %[1]s",
		StdinTwice:          "standard input (-) can be read once only",
		NoTokenSupport:      "this kyso was built without support for USB tokens (PKCS#11)",
		NoToken:             "no token and no certificate was found",
		NoCertificate:       "no certificate can sign",
		NoCertificateFits:   "no certificate fits \"%s\"",
		AmbiguousAny:        "%d certificates can sign; one has to be chosen",
		Ambiguous:           "\"%s\" fits %d certificates; choose more exactly",
		NoKey:               "the token has no private key for this certificate",
		KeyMismatch:         "the key does not belong to the certificate: its signature does not verify",
		Mechanism:           "the token cannot sign by %s",
		Scheme:              "this key cannot sign as asked",
		ModuleKinds:         enModuleKinds(),
		ModuleOther:         "driver %s failed: %v",
		PINKinds:            enPINKinds(),
		PINRetries:          "%d tries left",
		WrongPassword:       "the password of the key file is wrong",
		NoPIN:               "a PIN is needed and there is nobody to ask",
		NoTerminal:          "there is no terminal to ask for the PIN or password (--%s)",
		NoTokenFits:         "no token fits %s; found: %s",
		KeyFile:             "%s is no key file that can be read",
		CertificateFile:     "%s is no certificate that can be read",
		TSAAddress:          "the address of --tsa must begin with http:// or https://",
		EmptyFile:           "%s is an empty file (0 bytes)",
		SecretFileMode:      "the secret file %s can be read by others",
		SecretEmpty:         "%s is empty",
		TokenRemoved:        "the token was removed",
		TokenFailed:         "the token failed during work: %v",
		TokenKinds:          enTokenKinds(),
		TokenTimeout:        "the token did not answer in time",
		CertificateUnusable: "this certificate may not sign: %s",
		CertificateHeld:     "the certificate is suspended since %s",
		IssuerRevoked:       "the certificate of the issuer (%s) is revoked since %s",
		TSARevoked:          "the certificate of the timestamp server is revoked since %s",
		CertificateRevoked:  "the certificate is revoked since %s",
		Reasons:             enReasons(),
		Refused:             enRefused(),
		RefusedDetail:       "%s: %s",
		PageKinds:           enPlaceKinds(),
		Fit:                 "the text of the mark does not fit a box of %.0f x %.0f pt at a readable size",
		Glyph:               "the font has no character %q",
		Font:                "the font file can't be used: %v",
		Template:            "--text is wrong at line %d, column %d: %v",
		Picture:             "the picture can't be used: %v",
		OfficeMissing:       "LibreOffice is not installed, so office files can't be made PDF",
		OfficeFailed:        "LibreOffice could not convert %s: %v",
		UnknownKind:         "%s is no PDF, office file or picture",
		LevelNotReached:     "level %s was not reached (%s was): %v",
		TSARefused:          "the timestamp server refused: %v",
		TSABad:              "the timestamp server answered wrongly: %v",
		Network:             enNetwork(),
		Damage:              enDamage(),
		Files:               enFiles(),
		OutsideFolder:       "%s leads out of the output folder %s by a link",
		SelfCheck:           "the signed file failed its self-check and was thrown away: %v",
		VerifyFailed:        "the signed file failed the check (%s) and was thrown away",
		EncryptSigned:       "the document is signed; encrypting it would break those signatures",
		EncryptEncrypted:    "the document is encrypted already",
		EncryptFailed:       "the document could not be encrypted: %v",
		RepairSigned:        "the document is damaged and signed; a repair would destroy that signature, so there is none",
		RepairEncrypted:     "the document is damaged and encrypted, which can't be repaired",
		RepairFailed:        "the damaged document could not be repaired: %v",
		MaxSize:             "the signed file would have %s, more than the limit of %s",
		Trust:               "the trust anchors in %s can't be read: %v",
		ConfigKey:           "configuration file %s, line %d: there is no key \"%s\"",
		Unsigned:            "the document has no signature",
		SomeFailed:          "%d of %d files did not succeed",
		PasswordsDiffer:     "the two passwords differ",
		NotConfirmed:        "not confirmed, nothing was signed",
		Other:               "%v",
	}
}

func enModuleKinds() map[string]string {
	return map[string]string{
		"missing":      "there is no driver %s",
		"wrong_arch":   "driver %s is for another machine architecture than this kyso",
		"not_pkcs11":   "%s is no PKCS#11 driver",
		"timeout":      "driver %s did not answer in time",
		"crashed":      "driver %s crashed while reading the token",
		"refused_path": "driver %s is not loaded, because its path is not safe (it must be absolute, and not writable by others)",
		"failed":       "driver %s reports a failure",
		"no_support":   "this kyso can't load driver %s (built without PKCS#11)",
	}
}

func enPINKinds() map[string]string {
	return map[string]string{
		"incorrect":       "the PIN is wrong",
		"locked":          "the PIN is locked",
		"last_try":        "one PIN try is left; it is not spent by itself",
		"count_low":       "the PIN was wrong before; no try is spent unless a person types it",
		"expired":         "the PIN has expired; change it with the vendor's program",
		"to_be_changed":   "the PIN must be changed before use",
		"not_initialized": "the token has no PIN yet",
		"length":          "the PIN has a wrong length",
		"guard":           "the PIN was wrong the last time; it is not tried again, so as not to lock the token",
	}
}

func enReasons() map[string]string {
	return map[string]string{
		"expired":         "it has expired",
		"not_yet_valid":   "it is not valid yet",
		"ca":              "it belongs to a certification authority, not to a signer",
		"no_key":          "there is no private key for it",
		"key_usage":       "it is not for signing data",
		"weak_key":        "the key is too short (RSA below 2048 bits or EC below 256)",
		"unsupported_key": "its kind of key is not supported",
		"unparsable":      "the certificate can't be read",
	}
}

func enRefused() map[string]string {
	return map[string]string{
		"certified":        "the author certified the document and does not permit this change",
		"certify_first":    "the document is signed already; a certification (--certify) must be the first signature",
		"locked":           "an earlier signature locks the document or this field",
		"permissions":      "the owner of the document does not permit signing (permissions of an encrypted file)",
		"encrypted":        "the document has a password",
		"damaged":          "the document is no PDF or is damaged",
		"limit":            "the document is beyond what kyso reads",
		"field_missing":    "there is no such signature field",
		"field_filled":     "this signature field is signed already",
		"field_exists":     "there is a field of this name already",
		"broken_signature": "an earlier signature of the document is broken",
		"max_size":         "the signed file would be too large",
		"xfa":              "the document is a dynamic XFA form, which can't be signed",
		"seed_value":       "the signature field asks for what was not given",
	}
}

func enPlaceKinds() map[string]string {
	return map[string]string{
		"page":             "there is no such page: %s",
		"place":            "the place makes no sense: %s",
		"off_page":         "the mark leaves the page: %s",
		"covers_signature": "the mark covers another signature: %s",
		"text_missing":     "the text to stand at was not found: %s",
		"text_ambiguous":   "there are not so many matches of the text: %s",
		"no_finder":        "the text of the document can't be read: %s",
	}
}

func enDamage() map[string]string {
	return map[string]string{
		"no %PDF- header":         "the file does not begin with %PDF-",
		"no startxref at the end": "the end of the file is missing; it may not have been downloaded or copied whole",
	}
}

func enFiles() map[string]string {
	return map[string]string{
		"not_a_folder":   "can't write to %s: a part of the path is a file and no folder",
		"read_only_disk": "%s is on a read-only disk",
		"file_too_large": "%s would be larger than the disk or the system allows",
		"disk_error":     "the disk reported an error while reading or writing %s",
		"no_sync":        "the disk of %s can't make sure that what is written there is kept (it has no sync)",
		"name_too_long":  "the file name is too long: %s",
		"link_loop":      "%s is a link that leads back to itself",
		"too_many_open":  "the system allows no more open files (opening %s)",
	}
}

func enNetwork() map[string]string {
	return map[string]string{
		"refused_address": "no connection to %s, which is a private address",
		"timeout":         "%s did not answer in time",
		"too_large":       "the answer of %s is too large",
		"status":          "%s answered with an HTTP error",
		"content_type":    "%s answered with another type of data",
		"network":         "no connection to %s",
		"scheme":          "the address %s is neither http nor https",
		"redirect":        "%s redirects too often or to where it may not",
		"budget":          "the number of connections is used up (%s)",
		"canceled":        "the connection to %s was interrupted",
	}
}
