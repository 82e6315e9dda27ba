package i18n

func enDocs() Docs {
	return Docs{
		Name:          "NAME",
		Synopsis:      "SYNOPSIS",
		Description:   "DESCRIPTION",
		Options:       "OPTIONS",
		GlobalOptions: "COMMON OPTIONS",
		Commands:      "COMMANDS",
		ExitStatus:    "EXIT STATUS",
		Examples:      "EXAMPLES",
		SeeAlso:       "SEE ALSO",
		Manual:        "Kyso manual",
	}
}
