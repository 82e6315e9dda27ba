package i18n

func enDemo() Demo {
	return Demo{
		Start:     "kyso demo: signs an application form, with no token and no network",
		Keys:      "making a throw-away CA, a signer NGUYỄN VĂN A and a timestamp server",
		Signing:   "signing PAdES B-T, with the mark below \"(Ký, ghi rõ họ và tên)\"",
		Verifying: "verifying what was signed",
		Drawing:   "drawing the signed page (the first time takes some seconds)",
		Done:      "Done in %.1f seconds. The files:",
		Form:      "The form, not signed",
		Signed:    "The signed form",
		Picture:   "Picture of the signed page",
		P12:       "Throw-away key (.p12, password \"%s\")",
		Root:      "Throw-away root certificate",
		Verdict:   "Verdict",
		Next:      "Try next:",
		TryVerify: "verify it again: %s",
		TrySign:   "sign it yourself: %s",
		TryList:   "see the certificate in the key file: %s",
		TryFlip:   "see the certificates on your own token: %s",
		NotReal:   "Key and certificates are for trying only and have no legal value.",
	}
}
