package i18n

func enDoctor() Doctor {
	return Doctor{
		Severity: map[string]string{"good": "good", "note": "note", "problem": "PROBLEM"},
		Sections: map[string]string{
			"machine": "This machine", "readers": "Readers", "drivers": "Drivers", "tokens": "Tokens",
			"certificates": "Certificates", "trust": "Trust", "folders": "Folders and programs",
			"network": "Network", "document": "Document",
		},
		Findings: enFindings(),
		Next:     enNext(),
		Nothing:  "Nothing stands in the way.",
		Summary:  "Problems: %d. Notes: %d.",
		Asking:   "asking %s",
		Unnamed:  "unknown",
	}
}

func enFindings() map[string]string {
	return merge(map[string]string{
		"system":           "kyso {version} for {os}, {arch}",
		"no_token_support": "this kyso was built without support for USB tokens (PKCS#11)",
		"clock_unset":      "the clock says {time}, which can't be",
		"clock_good":       "the clock differs from that of the timestamp server by {seconds} s",
		"clock_wrong":      "the clock differs from that of the timestamp server by {seconds} s",

		"pcscd_running": "the smart-card service (pcscd) is running",
		"pcscd_missing": "the smart-card service (pcscd) is not running; most tokens need it",
		"reader_usb":    "reader or token at USB: {product} ({vendor_id}:{product_id})",
		"reader_none":   "no smart-card reader or token is seen at USB",

		"module_found":                "driver {module} ({vendor})",
		"module_refused":              "driver {module} is not used: {reason}",
		"module_refused.wrong_arch":   "driver {module} is for {arch}, and this kyso is for {system}",
		"module_refused.refused_path": "driver {module} is not loaded, because others may change it: {reason}",
		"module_refused.not_pkcs11":   "{module} is no PKCS#11 driver",
		"module_refused.missing":      "there is no driver {module}",
		"module_none":                 "no token driver (PKCS#11) was found",
		"module_failed":               "driver {module} failed: {reason}",
		"module_timeout":              "driver {module} did not answer in time",
		"module_crashed":              "driver {module} crashed while its tokens were read",

		"token":             "token \"{label}\", serial {serial} ({manufacturer}, {model}), slot {slot}",
		"token_none":        "the drivers see no token",
		"pin_count_low":     "the PIN of token \"{label}\" was wrong before; few tries are left",
		"pin_last_try":      "token \"{label}\" has ONE try of the PIN left",
		"pin_locked":        "the PIN of token \"{label}\" is LOCKED",
		"pin_to_be_changed": "the PIN of token \"{label}\" must be changed before use",
		"pin_not_set":       "token \"{label}\" has no PIN yet",
		"pin_pad":           "the PIN of token \"{label}\" is typed on its own keypad",
		"pin_guard":         "the last PIN that a script gave token \"{label}\" was wrong; scripts are held back",

		"certificate_usable":       "certificate of {cn} can sign (serial {serial}, until {not_after})",
		"certificate_unusable":     "certificate of {cn} can't sign: {reasons} (serial {serial})",
		"certificate_expires_soon": "certificate of {cn} can sign, and expires on {not_after} (serial {serial})",
		"certificate_none":         "no certificate can sign",
	}, enFindingsMore())
}

func enFindingsMore() map[string]string {
	return map[string]string{
		"trust_anchors":    "trust anchors: {count}",
		"trust_none":       "there is no trust anchor, so kyso verify can't say whom a signature is by",
		"trust_expired":    "trust anchor {name} expired on {not_after}",
		"trust_unreadable": "{detail}",

		"config_file":             "configuration {path}, profile {profile}",
		"config_folder":           "the configuration folder {path} can be written",
		"config_folder_unwritten": "the configuration folder {path} can't be written: {reason}",
		"cache_folder":            "the cache folder {path} can be written",
		"cache_folder_unwritten":  "the cache folder {path} can't be written: {reason}",
		"libreoffice":             "LibreOffice: {path}",
		"libreoffice_missing":     "LibreOffice is not there, so .docx, .doc and .odt can't be signed",

		"tsa_good":                 "timestamp server {url} answers ({milliseconds} ms)",
		"tsa_failed":               "timestamp server {url} does not serve: {reason}",
		"tsa_none":                 "no timestamp server was named, so clock and timestamps were not tried",
		"revocation_good":          "certificate of {cn} is not revoked ({source})",
		"revocation_revoked":       "certificate of {cn} is REVOKED since {since}",
		"revocation_unknown":       "whether the certificate of {cn} is revoked can't be asked: {reason}",
		"revocation_not_published": "the issuer of {cn} names no OCSP or CRL service",
		"revocation_no_issuer":     "the issuer of {cn} was not found: {reason}",

		"document_unreadable":       "{name} is no PDF or is damaged: {reason}",
		"document_encrypted":        "{name} is encrypted and no password that was given opens it",
		"document_converts":         "{name} is no PDF; sign makes it one first",
		"document_unknown":          "{name} is no PDF, office file or picture",
		"document_signable":         "{name} can be signed",
		"document_refused":          "{name} can't be signed: {reason}",
		"document_note":             "{text}",
		"document_unsigned":         "{name} has no signature yet",
		"document_signed":           "{name} is signed (signatures: {count}). {verdict}",
		"document_signature_broken": "the signature in field {field} is broken ({code})",
		"document_empty_fields":     "{name} has empty signature fields: {fields}",
		"document_large":            "{name} has {size}; portals such as iGate take 6 MB",
	}
}

func enNext() map[string]string {
	return map[string]string{
		"no_token_support": "use a kyso built with cgo for USB tokens; .p12 files work with this one",
		"clock_unset":      "set the clock of this computer",
		"clock_wrong":      "set the clock of this computer (\"timedatectl set-ntp true\", or the time settings)",

		"pcscd_missing": "\"sudo apt install pcscd\" (or \"sudo dnf install pcsc-lite\"), then \"sudo systemctl enable --now pcscd.socket\"",
		"reader_none":   "plug the token in, straight into the computer and not through a hub; try another port",

		"module_refused":              "install the vendor's driver anew",
		"module_refused.wrong_arch":   "get the kyso for {arch}, or the vendor's driver for {system}",
		"module_refused.refused_path": "take the right to write from others: \"sudo chown root\" and \"sudo chmod go-w\" on the file and the folders above it",
		"module_refused.not_pkcs11":   "name the right file by --module (the vendor's manual calls it PKCS#11 or Cryptoki)",
		"module_refused.missing":      "check the name after --module; it must be a full path",
		"module_none":                 "install the driver of the token's vendor (its CD drive, or the CA's web site), or name its file by --module",
		"module_failed":               "pull the token out and plug it in again, close the vendor's program, then run kyso doctor again",
		"module_timeout":              "close the vendor's program and other programs that use the token, plug it in again, then run kyso doctor again",
		"module_crashed":              "get the newest driver of the vendor; until then the other drivers work",

		"token_none":        "plug the token in; when it is, install the driver of its own vendor: another vendor's does not see it",
		"pin_count_low":     "make sure of the PIN before the next try",
		"pin_last_try":      "make sure of the PIN; a wrong one now locks the token. When you are sure, sign with --allow-last-pin-try",
		"pin_locked":        "unlock it with the vendor's program (SO PIN or PUK), or ask who issued the token",
		"pin_to_be_changed": "change the PIN with the vendor's program",
		"pin_not_set":       "set the PIN with the vendor's program",
		"pin_guard":         "run kyso sign once on a terminal and type the PIN; when it is right, scripts work again",

		"certificate_expires_soon": "renew it at its issuer in time",
		"certificate_none":         "some tokens show certificates only after the PIN: try kyso sign; else ask who issued the token, or use --p12 for a key file",

		"trust_none":       "add the root with \"kyso trust add FILE\"; \"kyso trust add --help\" says where the Vietnamese ones are published",
		"trust_unreadable": "take the file out of the trust folder, or put it right",

		"config_folder_unwritten": "correct the rights of the folder, or name another by XDG_CONFIG_HOME",
		"cache_folder_unwritten":  "correct the rights of the folder, or name another by XDG_CACHE_HOME; without it nothing is remembered",
		"libreoffice_missing":     "install LibreOffice: {install}",

		"tsa_failed":           "check address and account; behind a proxy set HTTPS_PROXY; name a second --tsa to fall back on",
		"tsa_none":             "name one with --tsa",
		"revocation_revoked":   "do not sign with it; ask its issuer for a new one",
		"revocation_unknown":   "check the network; behind a proxy set HTTP_PROXY. Levels B-LT and B-LTA need this service",
		"revocation_no_issuer": "name the issuer's certificate with --chain when signing, or add it with \"kyso trust add\"",

		"document_unreadable":       "export the document anew, or repair it with \"qpdf {name} new.pdf\"",
		"document_encrypted":        "give the password by --pdf-password-file or KYSO_PDF_PASSWORD",
		"document_unknown":          "make it a PDF first",
		"document_refused":          "run \"kyso verify {name}\" and \"kyso fields {name}\" to see what forbids it",
		"document_signature_broken": "ask for the document as it was signed; a further signature would not mend it",
		"document_empty_fields":     "sign in one of them with --field",
		"document_large":            "make the pictures smaller before signing",
	}
}

func enCommandsDoctor() map[string]Help {
	return map[string]Help{
		"doctor": {
			Short: "Finds what is wrong with drivers, tokens, clock and network, and says what to do",
			Example: `  kyso doctor
  kyso doctor form.pdf
  kyso doctor --online --tsa http://tsa.example.vn
  kyso doctor --json > report.json`,
			Long: `Looks at the smart-card service, readers, drivers (and why one is not used), tokens, PIN states, certificates,
trust anchors, folders and LibreOffice; with FILE also whether the document can be signed. No PIN is asked.
With --online also the clock, the timestamp server and the revocation services of the certificates found.
Exit code 0: nothing wrong; 10: no driver, token or certificate; 1: something else is wrong.`,
		},
	}
}

func enFlagsDoctor() map[string]string {
	return map[string]string{
		"doctor online": "also try the timestamp server and the revocation services",
		"doctor tsa":    "timestamp server `URL` to try with --online (repeatable)",
	}
}
