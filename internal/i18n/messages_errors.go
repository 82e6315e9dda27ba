package i18n

// Errors are sentences for errors, chosen by cmd by the type of the error.
// Where a text ends in a detail (%v), the detail is the library's English.
type Errors struct {
	Usage               string // detail
	UnknownCommand      string // name
	UnknownFlag         string // flag
	FlagValue           string // flag, detail
	FlagNoValue         string // flag
	FlagsTogether       string // flag, flag
	FlagNeeds           string // flag, flag
	NoFiles             string
	ConfigFile          string // path, detail
	Interrupted         string
	NotFound            string            // path
	NotAllowed          string            // path
	IsFolder            string            // path
	NotPicture          string            // path
	SchemeNeedsRSA      string            // scheme, key
	NotRegular          string            // path
	OutputExists        string            // path
	Files               map[string]string // by code of an error of the system; path
	OutsideFolder       string            // path, folder
	OutputIsInput       string            // path
	BinaryToTerminal    string
	OneOutput           string
	Collision           string // output, first, second
	StdinTwice          string
	NoTokenSupport      string
	NoToken             string
	NoCertificate       string
	NoCertificateFits   string // selector
	NoTokenFits         string // what was asked, tokens found
	KeyFile             string // path
	CertificateFile     string // path
	TSAAddress          string
	EmptyFile           string            // path
	Damage              map[string]string // by the reader's words, for the commonest
	AmbiguousAny        string            // how many
	Ambiguous           string            // selector, how many
	NoKey               string
	KeyMismatch         string
	Mechanism           string // scheme
	Scheme              string
	ModuleKinds         map[string]string // by ModuleError.Kind; module path
	ModuleOther         string            // path, detail
	PINKinds            map[string]string // by AuthError.Kind
	PINRetries          string            // number
	WrongPassword       string            // of a key file
	NoPIN               string
	NoTerminal          string // what is asked
	SecretFileMode      string // path
	SecretEmpty         string // what
	TokenRemoved        string
	TokenFailed         string            // detail
	TokenKinds          map[string]string // by token.Kind; CKR name
	TokenTimeout        string
	CertificateUnusable string            // reasons
	CertificateRevoked  string            // time
	CertificateHeld     string            // time
	IssuerRevoked       string            // CA, time
	TSARevoked          string            // time
	Reasons             map[string]string // of a certificate, by token.Reason
	Refused             map[string]string // by sign.RefusedError.Reason
	RefusedDetail       string            // sentence, detail
	PageKinds           map[string]string // by PlaceError.Reason; detail
	Fit                 string            // width, height
	Glyph               string            // character
	Font                string            // detail
	Template            string            // line, column, detail
	Picture             string            // detail
	OfficeMissing       string
	OfficeFailed        string            // file, detail
	UnknownKind         string            // file
	LevelNotReached     string            // want, have, detail
	TSARefused          string            // detail
	TSABad              string            // detail
	Network             map[string]string // by fetch.Error.Kind; URL
	SelfCheck           string            // detail
	VerifyFailed        string            // verdict
	EncryptSigned       string
	EncryptEncrypted    string
	EncryptFailed       string // detail
	RepairSigned        string
	RepairEncrypted     string
	RepairFailed        string // detail
	MaxSize             string // size, limit
	Trust               string // path, detail
	ConfigKey           string // path, line, key
	Unsigned            string
	SomeFailed          string // failed, all
	PasswordsDiffer     string
	NotConfirmed        string
	Other               string // detail
}

// Hints name the flag or the command to try.
type Hints struct {
	Help           string // command path
	Force          string
	ForcePlace     string
	OutputDir      string
	ListCerts      string
	ChooseCert     string // example serial
	Doctor         string
	Module         string
	WrongArch      string
	PINFlags       string
	SecretFlags    string // flag, variable
	PINLeft        string
	PINGuard       string
	LastTry        string
	Unlock         string
	Plug           string
	TokenKinds     map[string]string // by token.Kind
	Renew          string
	Clock          string
	Folder         string
	KeyFile        string
	TypingPassword string
	WhoCertified   string // file
	PDFPassword    string
	FieldList      string // file
	Qpdf           string // file
	Nearest        string // phrases
	Nth            string
	SmallerFont    string
	OtherFont      string
	OfficeInstall  string // line
	TSA            string
	AllowLower     string
	AnotherTSA     string
	AllowPrivate   string
	Online         string
	SignOnline     string
	StatusFiles    string
	MaxRequests    string
	Revoked        string
	Trust          string
	ExtendLater    string
	MaxSize        string
	SecretFileMode string // path
	Report         string
	Config         string
	TokenBuild     string
	FieldFree      string
	VerifyEarlier  string // file
	SignedEarlier  string
	Mechanism      string
	ChangesAfter   string
	EncryptFirst   string
	Repair         string
	Original       string
	Invisible      string
}
