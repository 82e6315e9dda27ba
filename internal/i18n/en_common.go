package i18n

func enCommon() Common {
	return Common{
		ErrorPrefix:   "error",
		HintPrefix:    "hint",
		WarningPrefix: "warning",
		NotePrefix:    "note",
		Yes:           "yes",
		No:            "no",
		None:          "none",
		Unknown:       "unknown",
		DateTime:      "2006-01-02 15:04:05 -07:00",
		Usage:         "Usage",
		Examples:      "Examples",
		Commands:      "Commands",
		Flags:         "Flags",
		GlobalFlags:   "Common flags",
		ExitCodes:     "Exit codes",
		MoreHelp:      "See \"%s [command] --help\" for more about a command.",
		Version:       "kyso %s (%s, %s); USB tokens (PKCS#11): %s",
		LoadingPDFium: "preparing the page reader; the first time takes some seconds",
		Interrupted:   "stopped; files that were signed are complete",
		Exit: map[string]string{
			"0":   "done; for verify: every signature is valid",
			"1":   "failed for a reason not listed below",
			"2":   "wrong usage or configuration",
			"3":   "a run over several files: some did not succeed",
			"4":   "verify: at least one signature is invalid",
			"5":   "verify: none is invalid, at least one is indeterminate",
			"6":   "verify: no signature in the file",
			"10":  "no driver, token, certificate or key found, or the choice is ambiguous",
			"11":  "wrong PIN or password of a key",
			"12":  "the PIN is locked, or one try is left and --allow-last-pin-try was not given",
			"13":  "the token was removed or failed during work",
			"14":  "the certificate may not sign (expired, not yet valid, revoked or suspended, wrong use)",
			"15":  "the document may not be signed (locked, certified, broken earlier signature, unreadable, wrong password)",
			"20":  "a TSA, OCSP or CRL service could not be used, so the level (or the status, with --require-revocation) asked for was not reached",
			"130": "interrupted; what was finished stays, nothing is half written",
		},
	}
}

func enPrompts() Prompts {
	return Prompts{
		PIN:           "PIN of token \"%s\" (serial %s): ",
		P12Password:   "Password of %s: ",
		KeyPassword:   "Password of the key %s: ",
		PDFPassword:   "Password of the document %s: ",
		TSAPassword:   "TSA password of account %s: ",
		Encrypt:       "New password for the document: ",
		EncryptAgain:  "The new password again: ",
		PINPad:        "Type the PIN on the reader's own keypad (token \"%s\").",
		CountLow:      "The PIN of token \"%s\" was wrong before; few tries are left.",
		LastTry:       "Token \"%s\" has ONE try left; a wrong PIN now locks it.",
		TypeYes:       "Type \"%s\" and Enter to go on: ",
		YesWord:       "yes",
		SignWith:      "Signing with the certificate of %s (serial %s).",
		EnterPassword: "Password: ",
	}
}

func enConfig() Config {
	return Config{
		Written:    "wrote a sample configuration to %s",
		Header:     "Configuration of kyso. Each key is the long name of a flag, without the dashes.\nRemove the # in front to use a line. Order: flag, environment, profile, default.",
		FromFlag:   "from the command line",
		FromEnv:    "from the environment, %s",
		FromFile:   "from profile %s",
		Default:    "default",
		NoFile:     "there is no configuration file (%s)",
		ProfileRow: "configuration file %s, profile %s",
	}
}
