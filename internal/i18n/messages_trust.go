package i18n

// Trust are the texts of trust list, add and remove.
type Trust struct {
	Empty         string // folder
	Folder        string // folder
	Subject       string
	Issuer        string
	Self          string // in place of the issuer
	Validity      string
	Between       string // from, to
	Purposes      string
	Purpose       map[string]string
	Fingerprint   string
	SHA1          string
	File          string
	Source        string
	Expired       string // word behind the validity
	NotYet        string
	NotCA         string // warnings about a certificate to be added
	NotSelfSigned string // issuer
	IsExpired     string // since
	IsNotYet      string // from
	WeakKey       string // key
	Compare       string
	Ask           string // purposes
	Added         string // name
	Skipped       string // name
	Present       string // name
	Removed       string // name
	Unreadable    string // file, detail
	NoCertificate string // file
	Several       string // file, how many
	NoFolder      string
	NoTerminal    string
	Unconfirmed   string
	OtherPurposes string // name
	Fingerprints  string // file, fingerprint
	NotFound      string // prefix
	Ambiguous     string // prefix
	BadPrefix     string // prefix
	Shared        string // detail
	HintYes       string
	HintList      string
	HintReplace   string // fingerprint
	HintAdd       string
}
