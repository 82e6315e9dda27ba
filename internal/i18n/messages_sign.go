package i18n

// Sign are the texts of sign.
type Sign struct {
	Signed        string // output
	Signer        string
	Level         string
	Algorithm     string
	Field         string
	Place         string
	PlacePage     string // page, rect, why
	Invisible     string
	Time          string
	Timestamp     string // time, TSA
	NoTimestamp   string
	SelfCheck     string
	SelfCheckGood string // signatures
	Size          string // bytes
	Using         string // CN, serial, issuer
	Converted     string // file
	Converting    string // file
	Encrypting    string // file
	Repairing     string // file
	Asking        string
	DryRun        string // file
	WouldWrite    string
	WouldSize     string
	PreviewMade   string // file
	PreviewSample string
	SampleSigner  string
	FailedFile    string // file, text
	Summary       string // signed, failed, all
	NextVerify    string // output
	EncryptWarn   string
	LowerLevel    string // detail
	StatusUnknown string // cause
	StatusNeeded  string // cause
	StatusCauses  map[string]string
}
