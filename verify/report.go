package verify

import "time"

// Verdict of a file: that of its worst signature.
type Verdict string

// Verdicts.
const (
	Valid         Verdict = "valid"
	ValidChanged  Verdict = "valid_changed" // with permitted changes after it
	Indeterminate Verdict = "indeterminate"
	Invalid       Verdict = "invalid"
	Unsigned      Verdict = "unsigned"
	Unreadable    Verdict = "unreadable"
)

// Kinds of signatures.
const (
	KindSignature   = "signature"
	KindTimestamp   = "document_timestamp"
	KindUsageRights = "usage_rights" // of /Perms /UR3: enables functions of a viewer
)

// Indications of ETSI EN 319 102-1, 5.1.3.
const (
	TotalPassed         = "TOTAL_PASSED"
	TotalFailed         = "TOTAL_FAILED"
	IndeterminateResult = "INDETERMINATE"
)

// Values of Signature.Integrity.
const (
	Intact        = "intact"
	Broken        = "broken"
	Unprocessable = "unprocessable"
)

// Values of Signature.Coverage.
const (
	EntireFile     = "entire_file"
	EntireRevision = "entire_revision"
	PartialRange   = "partial"
	InvalidRange   = "invalid"
)

// Values of Signature.ChangesAfter.
const (
	ChangesNone      = "none"
	ChangesPermitted = "permitted"
	ChangesForbidden = "forbidden"
	ChangesUnknown   = "unknown"
)

// Levels of ETSI EN 319 142-1, 6.
const (
	LevelNone = "none"
	LevelBB   = "B-B"
	LevelBT   = "B-T"
	LevelBLT  = "B-LT"
	LevelBLTA = "B-LTA"
)

// Values of Trust.Status.
const (
	Trusted      = "trusted"
	Untrusted    = "untrusted"
	TrustUnknown = "unknown"
)

// Values of Revocation.Status.
const (
	RevocationGood         = "good"
	RevocationRevoked      = "revoked"
	RevocationUnknown      = "unknown"
	RevocationNotPublished = "not_published"
	RevocationIgnored      = "ignored"
)

// Values of Times.Proof.
const (
	ProofSignatureTimestamp = "signature_timestamp"
	ProofDocumentTimestamp  = "document_timestamp"
	ProofNone               = "none"
)

// Report is the judgement of one file. Its JSON is that of the command line's
// contract, but for schema and file, which the command adds.
type Report struct {
	Bytes      int64       `json:"bytes"`
	SHA256     string      `json:"sha256"` // lower-case hex
	Revisions  int         `json:"revisions"`
	Verdict    Verdict     `json:"verdict"`
	Signatures []Signature `json:"signatures"`
	// Reasons are those of the file as a whole (UNREADABLE ...).
	Reasons []Reason `json:"reasons,omitempty"`
	// ValidatedAt is the time at which all without proof was judged.
	ValidatedAt time.Time `json:"validated_at"`
	// Online tells whether the network was allowed.
	Online bool `json:"online"`
}

// Signature is the judgement of one signature, of the oldest first.
type Signature struct {
	Field         string         `json:"field"`
	Kind          string         `json:"kind"`
	Revision      int            `json:"revision"` // 1-based; 0: not known
	Indication    string         `json:"indication"`
	SubIndication *string        `json:"sub_indication"`
	URI           string         `json:"sub_indication_uri,omitempty"` // ETSI TS 119 102-2
	Integrity     string         `json:"integrity"`
	Coverage      string         `json:"coverage"`
	ByteRange     []int64        `json:"byte_range"`
	ChangesAfter  string         `json:"changes_after"`
	Changes       []Change       `json:"changes"`
	Certification *Certification `json:"certification"`
	SubFilter     string         `json:"subfilter"`
	Level         string         `json:"level"`
	Signer        *Signer        `json:"signer"`
	Algorithms    *Algorithms    `json:"algorithms"`
	Trust         Trust          `json:"trust"`
	Revocation    Revocation     `json:"revocation"`
	Time          Times          `json:"time"`
	Timestamps    []Timestamp    `json:"timestamps"`
	Reasons       []Reason       `json:"reasons"`

	// What the dictionary says of itself; nobody proves it.
	Reason   *string `json:"reason,omitempty"`
	Location *string `json:"location,omitempty"`
	Contact  *string `json:"contact,omitempty"`
	Name     *string `json:"name,omitempty"`
	// CertificateAtSigning tells how the signer's certificate stood at the
	// proven time, or else the claimed one (Thông tư 15/2025, 6.4.b):
	// "valid", "expired", "not_yet_valid", "revoked", "unknown".
	CertificateAtSigning string `json:"certificate_at_signing"`
	// JudgedAt is the time at which path and revocation were judged.
	JudgedAt *time.Time `json:"judged_at,omitempty"`

	evidence Evidence
}

// Valid tells whether the signature is TOTAL_PASSED.
func (s *Signature) Valid() bool { return s.Indication == TotalPassed }

// Change is one difference between the signed revision and a later one.
type Change struct {
	Revision  int    `json:"revision"` // 1-based
	Object    string `json:"object"`   // "12 0"
	Kind      string `json:"kind"`
	Permitted bool   `json:"permitted"`
	Detail    string `json:"detail"`

	// What Detail says in words, for other languages.
	Code     string `json:"code,omitempty"`
	Field    string `json:"field,omitempty"`
	Key      string `json:"key,omitempty"`
	OldValue string `json:"old_value,omitempty"`
	NewValue string `json:"new_value,omitempty"`
	Page     int    `json:"page,omitempty"`  // 1-based
	Count    int    `json:"count,omitempty"` // how many are told in one
}

// Certification is what a certification signature or a lock permits after it.
type Certification struct {
	DocMDP int `json:"docmdp"` // 1, 2 or 3; 0: only locks fields
	// Listed tells whether /Perms of the catalog names this signature, which
	// makes it the certification of the document.
	Listed    bool       `json:"listed"`
	FieldLock *FieldLock `json:"field_lock,omitempty"`
}

// FieldLock is a FieldMDP transform: the fields that may not change.
type FieldLock struct {
	Action string   `json:"action"` // All, Include, Exclude
	Fields []string `json:"fields,omitempty"`
}

// Signer describes the signer's certificate. Nil: not there.
type Signer struct {
	CN           *string   `json:"cn"`
	O            *string   `json:"o"`
	Email        *string   `json:"email"`
	MST          *string   `json:"mst"`  // tax code of an organisation
	CCCD         *string   `json:"cccd"` // number of a person
	Title        *string   `json:"title"`
	Serial       string    `json:"serial"` // lower-case hex
	IssuerCN     *string   `json:"issuer_cn"`
	IssuerO      *string   `json:"issuer_o"`
	SHA256       string    `json:"sha256"`
	NotBefore    time.Time `json:"not_before"`
	NotAfter     time.Time `json:"not_after"`
	SelfSigned   bool      `json:"self_signed"`
	Organisation bool      `json:"organisation"` // a seal: no number of a person
}

// Algorithms of a signature.
type Algorithms struct {
	Digest    string `json:"digest"`    // "SHA-256"
	Signature string `json:"signature"` // "RSA-PKCS1v15"
	KeyBits   int    `json:"key_bits"`
	Curve     string `json:"curve,omitempty"`
}

// Trust is the outcome of building a path.
type Trust struct {
	Status string   `json:"status"`
	Anchor *string  `json:"anchor"`
	Path   []string `json:"path"` // names, the signer first
}

// Revocation is the status of the signer's certificate.
type Revocation struct {
	Status     string     `json:"status"`
	Source     string     `json:"source"`
	Origin     *string    `json:"origin"`
	ThisUpdate *time.Time `json:"this_update"`
	RevokedAt  *time.Time `json:"revoked_at,omitempty"`
	Reason     *string    `json:"reason"`
}

// Times of a signature.
type Times struct {
	Claimed *time.Time `json:"claimed"`
	Proven  *time.Time `json:"proven"`
	Proof   string     `json:"proof"`
}

// Kinds of timestamps.
const (
	TimestampSignature = "signature_timestamp"
	TimestampContent   = "content_timestamp"
	TimestampDocument  = "document_timestamp"
)

// Timestamp is one that concerns the signature.
type Timestamp struct {
	Kind   string     `json:"kind"`
	Time   *time.Time `json:"time"`
	TSACN  *string    `json:"tsa_cn"`
	Valid  bool       `json:"valid"`
	Reason *string    `json:"reason"`
	Field  string     `json:"field,omitempty"` // of a document timestamp
}

// Severity of a reason.
type Severity string

// Severities: the first two decide the indication.
const (
	Failure   Severity = "failure"
	Doubt     Severity = "indeterminate"
	Attention Severity = "warning"
	Note      Severity = "info"
)

// Reason is a stable code with an English message.
type Reason struct {
	Code     string   `json:"code"`
	Message  string   `json:"message"`
	Severity Severity `json:"severity"`
}
