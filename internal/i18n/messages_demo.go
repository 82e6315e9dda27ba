package i18n

// Demo are the texts of demo.
type Demo struct {
	Start     string
	Keys      string
	Signing   string
	Verifying string
	Drawing   string
	Done      string // seconds
	Form      string
	Signed    string
	Picture   string
	P12       string // password
	Root      string
	Verdict   string
	Next      string
	TryVerify string // command
	TrySign   string // command
	TryList   string // command
	TryFlip   string // command
	NotReal   string
}
