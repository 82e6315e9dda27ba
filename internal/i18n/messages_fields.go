package i18n

// Fields are the texts of fields.
type Fields struct {
	None      string // file
	Empty     string
	Signed    string
	Stamped   string
	Place     string
	PlacePage string // page, rect
	Hidden    string // page
	NoPage    string
	By        string
	Time      string
	Unread    string // detail
	Locks     string
	LockAll   string
	LockOnly  string // names
	LockBut   string // names
	LockP     map[string]string
	Asks      string
	AskFormat string // list
	AskDigest string // list
	AskReason string // list
	AskTSA    string // URL
	AskP      string // P
	Required  string // list
	Added     string // name, output
	SignWith  string // output, name
	NeedPlace string
}
