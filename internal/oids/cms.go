package oids

// Content types.
var (
	Data       = OID{1, 2, 840, 113549, 1, 7, 1}        // RFC 5652 4
	SignedData = OID{1, 2, 840, 113549, 1, 7, 2}        // RFC 5652 5.1
	TSTInfo    = OID{1, 2, 840, 113549, 1, 9, 16, 1, 4} // RFC 3161 2.4.2
)

// Signed attributes.
var (
	ContentType             = OID{1, 2, 840, 113549, 1, 9, 3}         // RFC 5652 11.1
	MessageDigest           = OID{1, 2, 840, 113549, 1, 9, 4}         // RFC 5652 11.2
	SigningTime             = OID{1, 2, 840, 113549, 1, 9, 5}         // RFC 5652 11.3
	AlgorithmProtection     = OID{1, 2, 840, 113549, 1, 9, 52}        // RFC 6211 2
	SigningCertificate      = OID{1, 2, 840, 113549, 1, 9, 16, 2, 12} // RFC 2634 5.4
	SigningCertificateV2    = OID{1, 2, 840, 113549, 1, 9, 16, 2, 47} // RFC 5035 3
	ContentReference        = OID{1, 2, 840, 113549, 1, 9, 16, 2, 10} // RFC 2634 2.11
	ContentIdentifier       = OID{1, 2, 840, 113549, 1, 9, 16, 2, 7}  // RFC 2634 2.7
	ContentHints            = OID{1, 2, 840, 113549, 1, 9, 16, 2, 4}  // RFC 2634 2.9
	SignaturePolicy         = OID{1, 2, 840, 113549, 1, 9, 16, 2, 15} // ETSI EN 319 122-1 5.2.9.1
	CommitmentType          = OID{1, 2, 840, 113549, 1, 9, 16, 2, 16} // ETSI EN 319 122-1 5.2.3
	SignerLocation          = OID{1, 2, 840, 113549, 1, 9, 16, 2, 17} // ETSI EN 319 122-1 5.2.5
	SignerAttributes        = OID{1, 2, 840, 113549, 1, 9, 16, 2, 18} // ETSI EN 319 122-1 5.2.6.2 (legacy)
	SignerAttributesV2      = OID{0, 4, 0, 19122, 1, 1}               // ETSI EN 319 122-1 5.2.6.1
	ContentTimestamp        = OID{1, 2, 840, 113549, 1, 9, 16, 2, 20} // ETSI EN 319 122-1 5.2.8
	MimeType                = OID{0, 4, 0, 1733, 2, 1}                // ETSI EN 319 122-1 5.2.4.1
	AdobeRevocationArchival = OID{1, 2, 840, 113583, 1, 1, 8}         // ISO 32000-2 12.8.3.3.2
	SMIMECapabilities       = OID{1, 2, 840, 113549, 1, 9, 15}        // RFC 8551 2.5.2
)

// Commitment types, values of CommitmentType. ETSI EN 319 122-1 5.2.3.
var (
	CommitmentProofOfOrigin   = OID{1, 2, 840, 113549, 1, 9, 16, 6, 1}
	CommitmentProofOfReceipt  = OID{1, 2, 840, 113549, 1, 9, 16, 6, 2}
	CommitmentProofOfDelivery = OID{1, 2, 840, 113549, 1, 9, 16, 6, 3}
	CommitmentProofOfSender   = OID{1, 2, 840, 113549, 1, 9, 16, 6, 4}
	CommitmentProofOfApproval = OID{1, 2, 840, 113549, 1, 9, 16, 6, 5}
	CommitmentProofOfCreation = OID{1, 2, 840, 113549, 1, 9, 16, 6, 6}
)

// Unsigned attributes.
var (
	Countersignature        = OID{1, 2, 840, 113549, 1, 9, 6}         // RFC 5652 11.4
	SignatureTimestamp      = OID{1, 2, 840, 113549, 1, 9, 16, 2, 14} // RFC 3161 A, ETSI EN 319 122-1 5.3
	CompleteCertificateRefs = OID{1, 2, 840, 113549, 1, 9, 16, 2, 21} // ETSI EN 319 122-1 A.1.1.1
	CompleteRevocationRefs  = OID{1, 2, 840, 113549, 1, 9, 16, 2, 22} // ETSI EN 319 122-1 A.1.2.1
	CertificateValues       = OID{1, 2, 840, 113549, 1, 9, 16, 2, 23} // ETSI EN 319 122-1 A.1.1.2
	RevocationValues        = OID{1, 2, 840, 113549, 1, 9, 16, 2, 24} // ETSI EN 319 122-1 A.1.2.2
	CAdESCTimestamp         = OID{1, 2, 840, 113549, 1, 9, 16, 2, 25} // ETSI EN 319 122-1 A.1.5.2
	CertCRLTimestamp        = OID{1, 2, 840, 113549, 1, 9, 16, 2, 26} // ETSI EN 319 122-1 A.1.5.1
	ArchiveTimestampV2      = OID{1, 2, 840, 113549, 1, 9, 16, 2, 48} // ETSI EN 319 122-1 A.2.4
	ArchiveTimestampV3      = OID{0, 4, 0, 1733, 2, 4}                // ETSI EN 319 122-1 5.5.3
	SignaturePolicyStore    = OID{0, 4, 0, 19122, 1, 3}               // ETSI EN 319 122-1 5.2.10
)

// OtherRevocationInfo of SignedData.crls.
var (
	RIOCSPResponse = OID{1, 3, 6, 1, 5, 5, 7, 16, 2} // RFC 5940 2.1: an OCSPResponse
	RISCVP         = OID{1, 3, 6, 1, 5, 5, 7, 16, 4} // RFC 5940 2.2
)
