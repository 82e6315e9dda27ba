package i18n

// enTokenKinds say what a token's return value means; the value's name follows.
func enTokenKinds() map[string]string {
	return map[string]string{
		"device":             "the token reports a hardware failure (%s)",
		"memory":             "the token or the computer has no memory left (%s)",
		"session":            "the session with the token was lost (%s)",
		"session_limit":      "the token takes no more sessions (%s)",
		"read_only":          "the token is write-protected (%s)",
		"canceled":           "it was canceled at the PIN pad or by the driver (%s)",
		"not_initialized":    "the driver is not ready (%s)",
		"driver":             "the driver of the token failed (%s)",
		"already_logged_in":  "the driver says that somebody is logged in already (%s)",
		"another_logged_in":  "another user is logged in at the token (%s)",
		"not_logged_in":      "the token wants a new login in the middle of the work (%s)",
		"mechanism":          "the token can't do this kind of signature (%s)",
		"key":                "the token does not permit this key to sign (%s)",
		"token_unrecognized": "the driver does not know this token (%s)",
		"other":              "the token failed during work (%s)",
	}
}

// enTokenHints are the next step for each of them.
func enTokenHints() map[string]string {
	const again = "plug the token in again, at another port too, and run again; files that are signed need not be signed again"
	const alone = "close other programs that use the token (signing tools, browsers), plug it in again and run again"
	const driver = "install the newest driver of the vendor, then run \"kyso doctor\""
	return map[string]string{
		"device":             again + "; if it stays, ask the issuer of the token",
		"memory":             alone,
		"session":            alone,
		"session_limit":      alone,
		"read_only":          "unlock writing with the vendor's program, or ask the issuer of the token",
		"canceled":           "run again and confirm at the PIN pad",
		"not_initialized":    driver,
		"driver":             driver,
		"already_logged_in":  alone,
		"another_logged_in":  alone,
		"not_logged_in":      alone,
		"mechanism":          "try --scheme pkcs1 or --digest sha256",
		"key":                "choose another certificate: \"kyso list-certs\" shows them",
		"token_unrecognized": "choose the driver of this token's vendor with --module, or run \"kyso doctor\"",
		"other":              again,
	}
}
