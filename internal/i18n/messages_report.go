package i18n

// Report are the texts of the page that verify --report writes.
type Report struct {
	Title     string
	Made      string // time, program
	File      string
	Size      string
	Hash      string
	Revisions string
	Signed    string // number of the signature, page
	Now       string // page
	NoPage    string
	FirstPage string
	Pictures  string
	More      string // number
}
