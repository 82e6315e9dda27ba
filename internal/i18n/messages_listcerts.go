package i18n

// ListCerts are the texts of list-certs.
type ListCerts struct {
	CanSign      string
	CannotSign   string // reasons
	Subject      string
	Organization string
	Title        string
	Email        string
	TaxCode      string
	PersonalID   string
	Issuer       string
	Serial       string
	Validity     string
	Between      string // from, to
	Key          string
	Token        string
	TokenLine    string // label, serial, slot
	Module       string
	File         string
	KeyID        string
	Fingerprint  string
	KeyAssumed   string
	Use          string // number
	NoneShown    string
	HiddenToken  string // label, slot
	NotAll       string // number left out
	ModuleFailed string // path, reason
	Expires      string // days
	Unparsable   string
}
