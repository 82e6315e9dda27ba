package i18n

// Common are words that several commands use.
type Common struct {
	ErrorPrefix   string // behind "kyso: "
	HintPrefix    string
	WarningPrefix string
	NotePrefix    string
	Yes, No       string // of a fact
	None          string
	Unknown       string
	DateTime      string // Go layout for people
	Usage         string // headings of help
	Examples      string
	Commands      string
	Flags         string
	GlobalFlags   string
	ExitCodes     string
	MoreHelp      string // command path
	Version       string // version, go version, system, tokens yes or no
	LoadingPDFium string
	Interrupted   string
	// Exit are the meanings of the exit codes by number.
	Exit map[string]string
}

// Prompts are what the terminal is asked.
type Prompts struct {
	PIN           string // token label, serial
	P12Password   string // file
	KeyPassword   string // file
	PDFPassword   string // file
	TSAPassword   string // user
	Encrypt       string
	EncryptAgain  string
	PINPad        string // token label
	CountLow      string // token label
	LastTry       string // token label
	TypeYes       string // the word to type
	YesWord       string
	SignWith      string // name, serial
	EnterPassword string
}

// Config are the texts of profiles and the configuration file.
type Config struct {
	Written    string // path
	Header     string // comment at the top of a new file
	FromFlag   string
	FromEnv    string // name
	FromFile   string // profile
	Default    string
	NoFile     string // path
	ProfileRow string // path, profile
}
