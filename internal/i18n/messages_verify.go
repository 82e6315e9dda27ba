package i18n

// Verify are the texts of verify.
type Verify struct {
	Verdicts      map[string]string // first line by verdict; file
	Advice        map[string]string // second line by verdict
	AdviceFor     map[string]string // or by the code of the main reason
	Adobe         string            // why Adobe Reader may say something else; anchor
	Groups        map[string]string // headings within a signature
	Signature     string            // number, field
	DocTimestamp  string            // number, field
	Indications   map[string]string
	SignedBy      string // the seven things of Thông tư 15/2025, 6.4.b
	Issuer        string
	Manager       string
	Time          string
	Integrity     string
	ValidAtTime   string
	Validity      string
	Organization  string
	Email         string
	TaxCode       string
	PersonalID    string
	Serial        string
	TimeProven    string // time, proof
	TimeClaimed   string // time
	TimeNone      string
	Proofs        map[string]string
	Integrities   map[string]string
	IntactBut     map[string]string // intact, by what came after
	Coverage      string
	Coverages     map[string]string
	Changes       string
	ChangesAfter  map[string]string
	ChangeLine    string            // revision, permitted or not, sentence
	ChangeIs      map[string]string // by permitted
	Certification string
	Certified     map[string]string // by P
	Level         string
	LevelNone     string
	Algorithm     string
	Trust         string
	Trusts        map[string]string
	Anchor        string // name
	Revocation    string
	Revocations   map[string]string
	RevokedFrom   string // source, origin, time
	RevokedAt     string // time
	Sources       map[string]string
	Timestamps    string
	TimestampLine string // kind, time, TSA, good or reason
	Good          string
	Bad           string
	Reasons       string
	Codes         map[string]string // of reasons
	Revision      string            // number, all
	Between       string            // from, to
	AtSigning     map[string]string // how the certificate stood at signing time
	NotChecked    string
	Summary       string // files, by verdict
	Extracted     string // folder
	Truncated     string // number
	NoPictures    string // file, detail
	NoRevision    string // file
	FewPictures   string // file, pages
	Pictures      string // folder, pages
	NoneDiffers   string
	Report        Report
}
