package i18n

func enTopics() map[string]Help {
	return map[string]Help{
		"exit-codes": {
			Short:   "What the exit codes mean",
			Example: "  kyso verify a.signed.pdf; echo $?\n  kyso verify a.signed.pdf --json\n  kyso sign a.pdf || kyso doctor a.pdf",
			Long:    "Exit codes are stable. Over several files verify exits with the worst in the order 4, 15, 5, 6, 0;\nsign exits with 3 when some files did not succeed, and each JSON line has its own \"exit\".",
		},
		"config": {
			Short: "Configuration file and profiles",
			Example: `  kyso config init
  kyso config show
  kyso sign a.pdf --profile accounting`,
			Long: `The file is kyso/config.yaml in the user's configuration folder (or --config, KYSO_CONFIG):

  profiles:
    default:
      tsa: [http://tsa.example.vn]
      timezone: Asia/Ho_Chi_Minh
    accounting:
      cert: 54010101
      reason: Approved

Each key is the long name of a flag. An unknown key is an error that names its line. Profile "default" is
used without --profile. Order: flag, environment (KYSO_ and the name in capitals, as KYSO_TSA_USER), profile,
default. Passwords and PINs never stand in it.`,
		},
		"placement": {
			Short: "Where the mark goes on the page",
			Example: `  kyso sign a.pdf --at-text "(Ký, ghi rõ họ và tên)" --nth last
  kyso sign a.pdf --page 1 --rect 350,80,570,160
  kyso sign a.pdf --at bottom-right --preview look.png`,
			Long: `With nothing chosen: the only empty signature field; else below the last signing phrase that Vietnamese
forms know ("(Ký, ghi rõ họ và tên)", "NGƯỜI LÀM ĐƠN" ...); else a free place at the lower right of the last page.
--rect is in points (1/72 inch) from the lower left of the page as it is seen. --at takes top-left, top-center,
top-right, middle-left, center, middle-right, bottom-left, bottom-center, bottom-right and auto.
--page all draws the same mark on each page; it is one signature. --preview shows it, with no PIN.`,
		},
		"levels": {
			Short: "The levels B-B, B-T, B-LT and B-LTA",
			Example: `  kyso sign a.pdf --tsa http://tsa.example.vn
  kyso verify a.signed.pdf --require-level B-T
  kyso extend a.signed.pdf --level B-LTA`,
			Long: `B-B    a signature with its certificate; the time is that of the signer's computer.
B-T    a timestamp of a TSA too: proves that it was signed before that time.
B-LT   certificates and revocation data (OCSP, CRL) in the file too: can be checked when the services are gone.
B-LTA  an archive timestamp too, which can be renewed: for the long term.`,
		},
	}
}
