package i18n

// Docs are the headings of man pages.
type Docs struct {
	Name, Synopsis, Description, Options, GlobalOptions string
	Commands, ExitStatus, Examples, SeeAlso             string
	Manual                                              string // the book that the pages belong to
}
