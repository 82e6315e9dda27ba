package verify

import "github.com/kyso-vn/kyso/internal/changes"

// Code is a stable reason code.
type Code string

// Structure of the file. ISO 32000-2, 7.5 and 12.8.1.
const (
	CodeUnreadable        Code = "UNREADABLE"         // the file is no sound PDF
	CodePassword          Code = "PASSWORD_REQUIRED"  // encrypted, and no password given opens it
	CodeSignatureMarks    Code = "SIGNATURE_MARKS"    // the bytes bear traces of a signature
	CodeFormUnreadable    Code = "FORM_UNREADABLE"    // the form fields can't be listed
	CodeRevisionsUnclear  Code = "REVISIONS_UNCLEAR"  // the history of the file can't be told
	CodeHeaderOffset      Code = "HEADER_OFFSET"      // bytes stand before %PDF-
	CodeTrailingData      Code = "TRAILING_DATA"      // something follows the last revision
	CodeTrailingComment   Code = "TRAILING_COMMENT"   // a comment follows the last revision
	CodeLimitSignatures   Code = "LIMIT_SIGNATURES"   // more signatures than are judged
	CodeLimitRevisions    Code = "LIMIT_REVISIONS"    // more revisions than are judged
	CodeLimitCertificates Code = "LIMIT_CERTIFICATES" // more certificates than are read
	CodeDSSIgnored        Code = "DSS_IGNORED"        // entries of the DSS that can't be used
	CodeLimitRevocation   Code = "LIMIT_REVOCATION"   // more revocation data than is read
	CodeLimitMarks        Code = "LIMIT_MARKS"        // more traces of signatures than are followed
	CodeLimitFields       Code = "LIMIT_FIELDS"       // more form fields than are looked at
)

// Dictionary and range.
const (
	CodeNotDictionary     Code = "SIGNATURE_NOT_DICTIONARY" // /V is no dictionary
	CodeSignatureUnread   Code = "SIGNATURE_UNREADABLE"     // the object can't be parsed
	CodeStray             Code = "SIGNATURE_STRAY"          // a trace outside every object
	CodeNoField           Code = "SIGNATURE_WITHOUT_FIELD"  // no form field holds it
	CodeFieldUnlisted     Code = "SIGNATURE_FIELD_UNLISTED" // its field is on a page and not in the form
	CodeDuplicateKey      Code = "DUPLICATE_KEY"            // a key twice in the dictionary
	CodeInObjectStream    Code = "DICTIONARY_IN_STREAM"     // in an object stream, so not in the clear
	CodeTypeMismatch      Code = "TYPE_MISMATCH"            // /Type and /SubFilter contradict
	CodeTimestampEntries  Code = "TIMESTAMP_ENTRIES"        // a document timestamp has entries of a signature
	CodeTimestampType     Code = "TIMESTAMP_TYPE"           // a document timestamp whose /Type is Sig
	CodeSubFilterUnknown  Code = "SUBFILTER_UNKNOWN"        // nobody knows how to read it
	CodeContentsMissing   Code = "CONTENTS_MISSING"
	CodeContentsIndirect  Code = "CONTENTS_INDIRECT"  // a reference
	CodeContentsNotHex    Code = "CONTENTS_NOT_HEX"   // no hexadecimal string
	CodeContentsEmpty     Code = "CONTENTS_EMPTY"     // nothing, or zeros only
	CodeContentsOdd       Code = "CONTENTS_ODD"       // odd number of digits
	CodeContentsSpace     Code = "CONTENTS_SPACE"     // white space among the digits
	CodeContentsPadding   Code = "CONTENTS_PADDING"   // something else than zeros after the container
	CodeContentsNotDER    Code = "CONTENTS_NOT_DER"   // BER where DER is asked for
	CodeContentsLimit     Code = "LIMIT_CONTENTS"     // larger than is read
	CodeRangeMissing      Code = "BYTE_RANGE_MISSING" // no /ByteRange
	CodeRangeIndirect     Code = "BYTE_RANGE_INDIRECT"
	CodeRangeForm         Code = "BYTE_RANGE_FORM"       // not four integers
	CodeRangeOrder        Code = "BYTE_RANGE_ORDER"      // negative, overlapping or reversed
	CodeRangePastEnd      Code = "BYTE_RANGE_PAST_END"   // ends behind the file
	CodeRangeStart        Code = "BYTE_RANGE_START"      // does not start at byte 0
	CodeGap               Code = "GAP_NOT_CONTENTS"      // the gap is not the /Contents string
	CodeRangeEnd          Code = "BYTE_RANGE_END"        // does not end where a revision ends
	CodeOutsideRevision   Code = "DICTIONARY_NOT_SIGNED" // the dictionary is not in its own signed revision
	CodeFieldLater        Code = "FIELD_NOT_SIGNED"      // the field is not in the signed revision
	CodeRemoved           Code = "SIGNATURE_REMOVED"     // a later revision took it away or replaced it
	CodeSignedTrailing    Code = "SIGNED_TRAILING_DATA"  // the range covers data behind its revision
	CodeUsageRights       Code = "USAGE_RIGHTS"          // enables functions of a viewer, signs nothing else
	CodeDeprecated        Code = "SUBFILTER_DEPRECATED"  // ISO 32000-2, 12.8.3.1
	CodeSigFlags          Code = "SIG_FLAGS"             // /SigFlags lacks bits
	CodeFilterMissing     Code = "FILTER_MISSING"        // no /Filter
	CodeClaimedTimeFuture Code = "CLAIMED_TIME_FUTURE"   // the signer's clock is ahead
	CodeClaimedTimeOdd    Code = "CLAIMED_TIME_OUTSIDE"  // outside the certificate's validity
	CodeEncryptedContents Code = "CERT_ENTRY_IGNORED"    // /Cert beside a CMS container
)

// The container. RFC 5652.
const (
	CodeCMS               Code = "CMS_MALFORMED"
	CodeSubFilterMismatch Code = "SUBFILTER_MISMATCH" // the container is not what /SubFilter says
	CodeSigners           Code = "CMS_SIGNERS"        // not exactly one signer
	CodeEContent          Code = "CMS_HAS_CONTENT"    // content within a detached signature
	CodeNoSignedAttrs     Code = "NO_SIGNED_ATTRIBUTES"
	CodeNoSignedAttrsOld  Code = "SIGNATURE_WITHOUT_ATTRIBUTES" // accepted for adbe.pkcs7
	CodeDigestAttr        Code = "MESSAGE_DIGEST_ATTRIBUTE"     // missing, twice, malformed
	CodeContentType       Code = "CONTENT_TYPE_ATTRIBUTE"
	CodeAlgProtection     Code = "ALGORITHM_PROTECTION"
	CodeAttrsUnsorted     Code = "ATTRIBUTES_UNSORTED"
	CodeDigestMismatch    Code = "DIGEST_MISMATCH"      // the signed bytes were changed
	CodeSignatureMismatch Code = "SIGNATURE_MISMATCH"   // the signature value is not by this key
	CodeAlgContradiction  Code = "ALGORITHM_MISMATCH"   // algorithm identifiers contradict
	CodeAlgUnsupported    Code = "ALGORITHM_UNKNOWN"    // nothing here verifies it
	CodeLimitHash         Code = "LIMIT_HASHING"        // ranges cost more than is spent
	CodePolicyUnavailable Code = "SIGNATURE_POLICY"     // names a policy that is not at hand
	CodePolicyMalformed   Code = "SIGNATURE_POLICY_BAD" // names a policy that can't be read
)

// Signing certificate and algorithms.
const (
	CodeNoCertificate Code = "NO_CERTIFICATE"       // of the signer
	CodeESSMissing    Code = "ESS_MISSING"          // no signing-certificate attribute where one is due
	CodeESSMissingOld Code = "ESS_ABSENT"           // the same, for adbe.pkcs7
	CodeESSMismatch   Code = "ESS_MISMATCH"         // names another certificate
	CodeESSMalformed  Code = "ESS_MALFORMED"        // can't be read
	CodeWeak          Code = "ALGORITHM_WEAK"       // not reliable when used
	CodeWeakNoPOE     Code = "ALGORITHM_WEAK_NOW"   // reliable once, no proof of existence from then
	CodeWeakSoon      Code = "ALGORITHM_ENDS_SOON"  // reliable for less than a year more
	CodeChainWeak     Code = "CHAIN_ALGORITHM_WEAK" // of a certificate of the path
)

// Time.
const (
	CodeTimestampInvalid  Code = "TIMESTAMP_INVALID"  // a timestamp proves nothing
	CodeTimestampToken    Code = "TIMESTAMP_TOKEN"    // a document timestamp's token is bad
	CodeTimestampOrder    Code = "TIMESTAMP_ORDER"    // timestamps contradict each other
	CodeTimestampRequired Code = "TIMESTAMP_REQUIRED" // asked for, and no time is proven
	CodeTimestampFuture   Code = "TIMESTAMP_FUTURE"   // ahead of the clock
	CodeLimitTimestamps   Code = "LIMIT_TIMESTAMPS"   // more than are judged
	CodeTimeNotProven     Code = "TIME_NOT_PROVEN"    // only claimed
)

// Path and revocation. RFC 5280, RFC 6960.
const (
	CodeUntrusted         Code = "UNTRUSTED"           // the chain ends in an unknown issuer
	CodeSelfSigned        Code = "SELF_SIGNED"         // by itself, and no anchor
	CodeExpired           Code = "CERTIFICATE_EXPIRED" // proven or claimed to be used after its end
	CodeExpiredNoPOE      Code = "EXPIRED_NO_PROOF"    // expired now, and nothing proves an earlier use
	CodeExpiredGood       Code = "EXPIRED_NOT_REVOKED" // the same; it was not revoked
	CodeNotYetValid       Code = "CERTIFICATE_NOT_YET_VALID"
	CodeNotYetValidNow    Code = "NOT_YET_VALID_NOW"
	CodeChainExpired      Code = "CHAIN_EXPIRED"    // a certificate above is not valid at the time
	CodeChain             Code = "CHAIN_CONSTRAINT" // the path breaks a rule
	CodeChainBad          Code = "CHAIN_BAD"        // can't be judged
	CodeLimitPath         Code = "LIMIT_PATH"       // too many checks
	CodeKeyUsage          Code = "KEY_USAGE"        // the key is not for signatures
	CodeRevoked           Code = "REVOKED"
	CodeRevokedNoPOE      Code = "REVOKED_NO_PROOF" // revoked; nothing proves an earlier use
	CodeRevokedCA         Code = "REVOKED_CA"       // one above was revoked; nothing proves an earlier use
	CodeRevocationUnknown Code = "REVOCATION_UNKNOWN"
	CodeRevocationSigner  Code = "REVOCATION_SIGNER"        // who signed the data may not do so at this time
	CodeNotPublished      Code = "REVOCATION_NOT_PUBLISHED" // asked for, and no source is named
	CodeRevocationIgnored Code = "REVOCATION_IGNORED"
)

// What came after, certification, and what was asked for.
const (
	CodeChangesForbidden Code = "CHANGES_FORBIDDEN"
	CodeChangesUnknown   Code = "CHANGES_UNKNOWN"
	CodeLimitChanges     Code = "LIMIT_CHANGES"           // the revisions are too large to be compared
	CodeCertSecond       Code = "CERTIFICATION_SECOND"    // more than one certification
	CodeCertLate         Code = "CERTIFICATION_NOT_FIRST" // after an approval signature
	CodeCertUnlisted     Code = "CERTIFICATION_UNLISTED"  // /Perms does not name it
	CodeCertMalformed    Code = "CERTIFICATION_MALFORMED"
	CodeLockMismatch     Code = "LOCK_MISMATCH"     // FieldMDP is not the field's /Lock
	CodeSignerOther      Code = "SIGNER_UNEXPECTED" // nobody signed whom the caller expects
	CodeLevelRequired    Code = "LEVEL_TOO_LOW"
	CodeNotBaseline      Code = "NOT_BASELINE" // why it is no PAdES baseline signature
)

// Warnings about what came after. They do not forbid it, but must be seen; the
// codes are those of package changes.
const (
	CodeMismatch        Code = changes.WarnMismatch
	CodeAppearanceOnly  Code = changes.WarnAppearanceOnly
	CodeCovers          Code = changes.WarnCovers
	CodeAnnotation      Code = changes.WarnAnnotation
	CodeUnsignedField   Code = changes.WarnUnsignedField
	CodeSignatureCovers Code = changes.WarnSignatureCovers
	CodeDSSRemoved      Code = changes.WarnDSSRemoved
	CodeCopiedSignature Code = changes.WarnCopiedSignature
	CodeChangesOther    Code = "CHANGES_WARNING" // another warning about changes
)

// rule says what a reason does to the outcome.
type rule struct {
	severity Severity
	sub      string // sub-indication
}

// Sub-indications. ETSI EN 319 102-1, 5.1.3, Table 5 and 6.
const (
	subFormat           = "FORMAT_FAILURE"
	subHash             = "HASH_FAILURE"
	subCrypto           = "SIG_CRYPTO_FAILURE"
	subRevoked          = "REVOKED"
	subExpired          = "EXPIRED"
	subNotYetValid      = "NOT_YET_VALID"
	subConstraints      = "SIG_CONSTRAINTS_FAILURE"
	subChainConstraints = "CHAIN_CONSTRAINTS_FAILURE"
	subChainGeneral     = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
	subWeak             = "CRYPTO_CONSTRAINTS_FAILURE"
	subWeakNoPOE        = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
	subPolicyError      = "POLICY_PROCESSING_ERROR"
	subPolicyMissing    = "SIGNATURE_POLICY_NOT_AVAILABLE"
	subTimestampOrder   = "TIMESTAMP_ORDER_FAILURE"
	subNoCertificate    = "NO_SIGNING_CERTIFICATE_FOUND"
	subNoChain          = "NO_CERTIFICATE_CHAIN_FOUND"
	subNoChainNoPOE     = "NO_CERTIFICATE_CHAIN_FOUND_NO_POE"
	subRevokedNoPOE     = "REVOKED_NO_POE"
	subRevokedCANoPOE   = "REVOKED_CA_NO_POE"
	subOutNotRevoked    = "OUT_OF_BOUNDS_NOT_REVOKED"
	subOutNoPOE         = "OUT_OF_BOUNDS_NO_POE"
	subRevocationOut    = "REVOCATION_OUT_OF_BOUNDS_NO_POE"
	subNoPOE            = "NO_POE"
	subTryLater         = "TRY_LATER"
	subNoData           = "SIGNED_DATA_NOT_FOUND"
)

// uriPrefix makes a sub-indication a URI. ETSI TS 119 102-2.
const uriPrefix = "urn:etsi:019102:subindication:"

var (
	warn = rule{Attention, ""}
	note = rule{Note, ""}
)

func fails(sub string) rule  { return rule{Failure, sub} }
func doubts(sub string) rule { return rule{Doubt, sub} }

// rules gives each code its effect.
var rules = map[Code]rule{
	CodeUnreadable:        fails(subFormat),
	CodePassword:          doubts(subNoData),
	CodeSignatureMarks:    fails(subFormat),
	CodeFormUnreadable:    fails(subFormat),
	CodeRevisionsUnclear:  doubts(subFormat),
	CodeHeaderOffset:      warn,
	CodeTrailingData:      fails(subFormat),
	CodeTrailingComment:   warn,
	CodeLimitSignatures:   doubts(subNoData),
	CodeLimitRevisions:    doubts(subNoData),
	CodeLimitCertificates: warn,
	CodeLimitRevocation:   warn,
	CodeDSSIgnored:        warn,
	CodeLimitMarks:        doubts(subNoData),
	CodeLimitFields:       doubts(subNoData),

	CodeNotDictionary:     fails(subFormat),
	CodeSignatureUnread:   fails(subFormat),
	CodeStray:             fails(subFormat),
	CodeNoField:           fails(subFormat),
	CodeFieldUnlisted:     doubts(subFormat),
	CodeDuplicateKey:      fails(subFormat),
	CodeInObjectStream:    fails(subFormat),
	CodeTypeMismatch:      fails(subFormat),
	CodeTimestampEntries:  note,
	CodeTimestampType:     doubts(subFormat),
	CodeSubFilterUnknown:  doubts(subFormat),
	CodeContentsMissing:   fails(subFormat),
	CodeContentsIndirect:  fails(subFormat),
	CodeContentsNotHex:    fails(subFormat),
	CodeContentsEmpty:     fails(subFormat),
	CodeContentsOdd:       fails(subFormat),
	CodeContentsSpace:     warn,
	CodeContentsPadding:   fails(subFormat),
	CodeContentsNotDER:    doubts(subFormat),
	CodeContentsLimit:     fails(subFormat),
	CodeRangeMissing:      fails(subFormat),
	CodeRangeIndirect:     fails(subFormat),
	CodeRangeForm:         fails(subFormat),
	CodeRangeOrder:        fails(subFormat),
	CodeRangePastEnd:      fails(subFormat),
	CodeRangeStart:        fails(subFormat),
	CodeGap:               fails(subFormat),
	CodeRangeEnd:          fails(subFormat),
	CodeOutsideRevision:   fails(subFormat),
	CodeFieldLater:        fails(subFormat),
	CodeRemoved:           fails(subFormat),
	CodeSignedTrailing:    warn,
	CodeUsageRights:       note,
	CodeDeprecated:        warn,
	CodeSigFlags:          note,
	CodeFilterMissing:     note,
	CodeClaimedTimeFuture: warn,
	CodeClaimedTimeOdd:    warn,
	CodeEncryptedContents: note,

	CodeCMS:               fails(subFormat),
	CodeSubFilterMismatch: fails(subFormat),
	CodeSigners:           fails(subFormat),
	CodeEContent:          fails(subFormat),
	CodeNoSignedAttrs:     fails(subConstraints),
	CodeNoSignedAttrsOld:  warn,
	CodeDigestAttr:        fails(subFormat),
	CodeContentType:       fails(subFormat),
	CodeAlgProtection:     fails(subConstraints),
	CodeAttrsUnsorted:     warn,
	CodeDigestMismatch:    fails(subHash),
	CodeSignatureMismatch: fails(subCrypto),
	CodeAlgContradiction:  fails(subCrypto),
	CodeAlgUnsupported:    doubts(subWeak),
	CodeLimitHash:         doubts(subNoData),
	CodePolicyUnavailable: doubts(subPolicyMissing),
	CodePolicyMalformed:   doubts(subPolicyError),

	CodeNoCertificate: doubts(subNoCertificate),
	CodeESSMissing:    doubts(subConstraints),
	CodeESSMissingOld: note,
	CodeESSMismatch:   fails(subConstraints),
	CodeESSMalformed:  fails(subConstraints),
	CodeWeak:          doubts(subWeak),
	CodeWeakNoPOE:     doubts(subWeakNoPOE),
	CodeWeakSoon:      note,
	CodeChainWeak:     doubts(subWeak),

	CodeTimestampInvalid:  warn,
	CodeTimestampToken:    fails(subFormat),
	CodeTimestampOrder:    doubts(subTimestampOrder),
	CodeTimestampRequired: doubts(subNoPOE),
	CodeTimestampFuture:   fails(subNotYetValid),
	CodeLimitTimestamps:   doubts(subNoPOE),
	CodeTimeNotProven:     note,

	CodeUntrusted:         doubts(subNoChain),
	CodeSelfSigned:        doubts(subNoChain),
	CodeExpired:           fails(subExpired),
	CodeExpiredNoPOE:      doubts(subOutNoPOE),
	CodeExpiredGood:       doubts(subOutNotRevoked),
	CodeNotYetValid:       fails(subNotYetValid),
	CodeNotYetValidNow:    doubts(subOutNoPOE),
	CodeChainExpired:      doubts(subNoChainNoPOE),
	CodeChain:             doubts(subChainConstraints),
	CodeChainBad:          doubts(subChainGeneral),
	CodeLimitPath:         doubts(subChainGeneral),
	CodeKeyUsage:          doubts(subChainConstraints),
	CodeRevoked:           fails(subRevoked),
	CodeRevokedNoPOE:      doubts(subRevokedNoPOE),
	CodeRevokedCA:         doubts(subRevokedCANoPOE),
	CodeRevocationUnknown: doubts(subTryLater),
	CodeRevocationSigner:  doubts(subRevocationOut),
	CodeNotPublished:      doubts(subTryLater),
	CodeRevocationIgnored: warn,

	CodeChangesForbidden: fails(subFormat),
	CodeChangesUnknown:   doubts(subConstraints),
	CodeLimitChanges:     doubts(subConstraints),
	CodeMismatch:         warn,
	CodeAppearanceOnly:   warn,
	CodeCovers:           warn,
	CodeAnnotation:       warn,
	CodeUnsignedField:    warn,
	CodeSignatureCovers:  warn,
	CodeDSSRemoved:       warn,
	CodeCopiedSignature:  warn,
	CodeChangesOther:     warn,
	CodeCertSecond:       fails(subConstraints),
	CodeCertLate:         doubts(subConstraints),
	CodeCertUnlisted:     warn,
	CodeCertMalformed:    doubts(subConstraints),
	CodeLockMismatch:     warn,
	CodeSignerOther:      doubts(subConstraints),
	CodeLevelRequired:    doubts(subConstraints),
	CodeNotBaseline:      note,
}

// Codes lists every reason code with its severity.
func Codes() map[Code]Severity {
	out := make(map[Code]Severity, len(rules))
	for c, r := range rules {
		out[c] = r.severity
	}
	return out
}
