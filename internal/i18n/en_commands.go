package i18n

func enCommandsBase() map[string]Help {
	return map[string]Help{
		"": {
			Short: "Signs PDFs with a USB token and verifies signatures",
			Example: `  kyso list-certs
  kyso sign form.pdf
  kyso verify form.signed.pdf`,
			Long: `kyso signs PDF documents (and .docx, .odt, pictures) with the USB token of any Vietnamese CA
or with a .p12 file: no plugin, no browser, no Java. It uses no network unless asked to.`,
		},
		"list-certs": {
			Short: "Lists the certificates on tokens; no PIN is needed",
			Example: `  kyso list-certs
  kyso list-certs --json
  kyso list-certs --p12 key.p12`,
			Long: `Finds every token that is plugged in and lists its certificates, those that can sign first, with the
reasons where one can't. The number in front of each block is what --cert of sign takes.`,
		},
		"demo": {
			Short: "The whole job with a throw-away key: no token, no network",
			Example: `  kyso demo
  kyso demo -o folder
  kyso demo --lang vi`,
			Long: `Makes a CA, a signer and a timestamp server inside the program, signs a sample application form as
PAdES B-T with a visible mark, verifies it, and draws the signed page.`,
		},
		"version": {
			Short:   "Prints the version",
			Example: "  kyso version\n  kyso version --json\n  kyso --version",
			Long:    "Prints the version, the system, and whether this build reads USB tokens.",
		},
		"completion": {
			Short: "Prints completion code for a shell",
			Example: `  source <(kyso completion bash)
  kyso completion zsh > "${fpath[1]}/_kyso"
  kyso completion powershell | Out-String | Invoke-Expression`,
			Long: "Prints completion code for bash, zsh, fish or powershell.",
		},
		"docs": {
			Short:   "Writes the pages of the manual",
			Example: "  kyso docs markdown docs\n  kyso docs man man\n  kyso docs man man/vi --lang vi",
			Long:    "Writes the help of every command as files: Markdown for docs/, or man pages.",
		},
		"help": {
			Short:   "Help about a command or a topic",
			Example: "  kyso help sign\n  kyso help exit-codes\n  kyso help placement",
			Long:    "Help about a command, or about a topic: exit-codes, config, placement, levels.",
		},
		"config": {
			Short:   "Makes and shows the configuration file",
			Example: "  kyso config init\n  kyso config show\n  kyso config show --profile accounting",
			Long:    "The configuration file keeps flags that are used often, in profiles. See kyso help config.",
		},
		"config init": {
			Short:   "Writes a sample configuration with comments",
			Example: "  kyso config init\n  kyso config init --force\n  kyso config init --config kyso.yaml",
			Long:    "Writes a sample configuration: every flag is there, put out of use by a #.",
		},
		"config show": {
			Short:   "Says where each value comes from",
			Example: "  kyso config show\n  kyso config show --profile accounting\n  kyso config show --json",
			Long:    "Prints the values in effect, and where they were set: environment or profile.",
		},
	}
}

func enCommandsSign() map[string]Help {
	return map[string]Help{
		"sign": {
			Short: "Signs PDFs (and .docx, .odt, pictures, made PDF first)",
			Example: `  kyso sign form.pdf
  kyso sign form.pdf --at-text "(Ký, ghi rõ họ và tên)" --tsa http://tsa.example.vn
  kyso sign *.pdf --out-dir signed --cert 1`,
			Long: `Signs each file with the key on a token (or --p12) and writes a new file; the original is never changed.
With nothing else chosen the mark has three lines (signer, e-mail, time) below the signing line of the form,
or in a free place at the end of the last page. Each file is verified before it gets its name.
The certificate is looked at before the PIN is asked. Whether it was revoked is asked over the network only for
B-LT and B-LTA or with --online; where it is not known you are told, and --require-revocation then stops.`,
		},
	}
}

func enCommandsVerify() map[string]Help {
	return map[string]Help{
		"verify": {
			Short: "Judges every signature in a file",
			Example: `  kyso verify form.signed.pdf
  kyso verify form.signed.pdf --trust root.pem --online
  kyso verify form.signed.pdf --report result.html
  kyso verify *.signed.pdf --json`,
			Long: `For each signature: is the content intact, who signed, is the issuer trusted, was the certificate revoked,
what changed afterwards. The first line is the verdict on the whole file and why, the second what to do.
No network without --online.

--report writes a page of HTML to print or to send, with pictures of the pages that differ between signing
and now; --changes writes pictures of every page; --extract takes the signed revisions, CMS and certificates apart.`,
		},
	}
}
