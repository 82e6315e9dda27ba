package pdf

// Encryption describes the security handler; nil when not encrypted.
type Encryption struct {
	V, R        int
	Method      string // RC4-40, RC4-128, AES-128, AES-256, Identity
	Permissions int32
	Owner       bool // opened with the owner password
}
