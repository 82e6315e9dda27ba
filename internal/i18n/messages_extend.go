package i18n

// Extend are the texts of extend and timestamp.
type Extend struct {
	Extended   string // output
	Stamped    string // output
	Already    string // file, level
	Level      string
	Timestamp  string
	At         string // time, TSA
	Signatures string
	Added      string
	Revisions  string // revisions
	Verdict    string
	Size       string
	Summary    string // done, failed, all
	Refresh    string
}
