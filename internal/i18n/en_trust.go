package i18n

func enTrust() Trust {
	return Trust{
		Empty:         "There is no trust anchor yet (%s), so verify can't say whom a signature is by.",
		Folder:        "folder %s",
		Subject:       "Name",
		Issuer:        "Issued by",
		Self:          "itself (root)",
		Validity:      "Valid",
		Between:       "from %s to %s",
		Purposes:      "Counts for",
		Purpose:       map[string]string{"signing": "signatures", "timestamping": "timestamps", "any": "everything"},
		Fingerprint:   "SHA-256",
		SHA1:          "SHA-1",
		File:          "File",
		Source:        "Taken from",
		Expired:       "EXPIRED; counts for the time of its validity",
		NotYet:        "NOT VALID YET",
		NotCA:         "this is no certificate of a certification authority: it will vouch for itself only",
		NotSelfSigned: "this is no root, as it was issued by \"%s\"; normally the root is what is trusted",
		IsExpired:     "this certificate expired on %s; it counts only for signatures whose time before that is proven",
		IsNotYet:      "this certificate is valid from %s only",
		WeakKey:       "the key is weak by today's measure: %s",
		Compare:       "Compare the fingerprint with what the publisher tells you over a channel that you trust.",
		Ask:           "Trust this certificate from now on, for %s?",
		Added:         "Added: %s",
		Skipped:       "Not added: %s",
		Present:       "Was there already: %s",
		Removed:       "Removed: %s",
		Unreadable:    "%s holds no certificates that can be read: %v",
		NoCertificate: "%s holds no certificate",
		Several:       "%s holds %d certificates; each is shown and asked for",
		NoFolder:      "there is no folder for trust anchors, because this user has no configuration folder",
		NoTerminal:    "there is no terminal to ask on, so nothing was added",
		Unconfirmed:   "not confirmed, nothing was added",
		OtherPurposes: "%s is there already for other purposes",
		Fingerprints:  "%s holds no certificate with the fingerprint %s; nothing was added",
		NotFound:      "no trust anchor has a fingerprint that starts with \"%s\"",
		Ambiguous:     "several trust anchors have a fingerprint that starts with \"%s\"",
		BadPrefix:     "\"%s\" is no start of a fingerprint (at least four hex digits)",
		Shared:        "it stands in a file with other certificates, which is left to its owner: %v",
		HintYes:       "run on a terminal, or name the expected fingerprint by --fingerprint, or add --yes",
		HintList:      "run \"kyso trust list\" to see the fingerprints",
		HintReplace:   "run \"kyso trust remove %s\" first to change the purposes",
		HintAdd:       "add the root with \"kyso trust add FILE\"; \"kyso trust add --help\" says where the Vietnamese ones are published",
	}
}

func enCommandsTrust() map[string]Help {
	return map[string]Help{
		"trust": {
			Short: "The roots that verify and sign trust: list, add, remove",
			Example: `  kyso trust list
  kyso trust add root.crt
  kyso trust remove 3f2a`,
			Long: `A signature counts only when its certificate leads to a trust anchor that you chose. No root is built in.
Anchors are files in your configuration folder (or KYSO_TRUST_DIR).`,
		},
		"trust list": {
			Short:   "Lists the trust anchors with purpose and end of validity",
			Example: "  kyso trust list\n  kyso trust list --json\n  kyso trust list --lang vi",
			Long:    "One block an anchor: name, validity, purposes, SHA-256 fingerprint.",
		},
		"trust add": {
			Short: "Adds roots from a file (PEM, DER, .p7b) after showing the fingerprint",
			Example: `  kyso trust add vnrca256.p7b
  kyso trust add tsa-root.crt --purpose timestamping
  kyso trust add root.pem --fingerprint 3f2a...`,
			Long: `Shows each certificate of the file and asks. With --fingerprint the one with that SHA-256 is added without
a question; --yes adds all. A retired root stays usable for the time of its validity.

Where the Vietnamese roots are published. The fingerprints are what public sources reported in 2026;
we could NOT check them against the publishers. Ask the publisher over a channel that you trust.

  National root (NEAC), Vietnam National Root CA, 2014 to 2039
    https://rootca.gov.vn/crt/vnrca256.p7b
    SHA-256 reported: bac8bf609ab420a8ee1780d74f4de5c7f7184959d2a7375b0a75e4c29f0908e7
  National root G3, 2024 to 2049; TSA root, 2025 to 2050
    https://rootca.gov.vn (no fingerprint reported)
  Government (Ban Cơ yếu Chính phủ, VGCA) root G2, to 2048
    http://ca.gov.vn/pki/pub/crt/rootcag2.crt
    SHA-256 reported: f04ba4b459a7c9a1b971ad9b1cb833e695a80c79aea63b174b66a70edfe2fdb8

The CAs that sell certificates (VNPT-CA, Viettel-CA, BkavCA, FPT-CA, CA2 and others) stand below the
national root; certificates of state officers stand below VGCA.`,
		},
		"trust remove": {
			Short:   "Removes an anchor by the start of its fingerprint",
			Example: "  kyso trust remove 3f2a\n  kyso trust remove 3f2a:91c0\n  kyso trust remove 3f2a --json",
			Long:    "Takes the start of a SHA-256 fingerprint, at least four digits, that fits one anchor only.",
		},
	}
}

func enFlagsTrust() map[string]string {
	return map[string]string{
		"purpose":     "the anchor counts for `USE` only: signing or timestamping (repeatable); default: both",
		"yes":         "do not ask",
		"fingerprint": "add the certificate with this SHA-256 (`HEX`), without asking",
	}
}
