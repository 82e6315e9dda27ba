package oids

// Name attributes.
var (
	CommonName             = OID{2, 5, 4, 3}                       // RFC 5280 A.1
	Surname                = OID{2, 5, 4, 4}                       // RFC 5280 A.1
	SerialNumber           = OID{2, 5, 4, 5}                       // RFC 5280 A.1
	Country                = OID{2, 5, 4, 6}                       // RFC 5280 A.1
	Locality               = OID{2, 5, 4, 7}                       // RFC 5280 A.1
	Province               = OID{2, 5, 4, 8}                       // RFC 5280 A.1
	StreetAddress          = OID{2, 5, 4, 9}                       // ITU-T X.520 6.3.4
	Organization           = OID{2, 5, 4, 10}                      // RFC 5280 A.1
	OrganizationalUnit     = OID{2, 5, 4, 11}                      // RFC 5280 A.1
	Title                  = OID{2, 5, 4, 12}                      // RFC 5280 A.1
	PostalCode             = OID{2, 5, 4, 17}                      // ITU-T X.520 6.3.9
	TelephoneNumber        = OID{2, 5, 4, 20}                      // ITU-T X.520 6.7.1
	Name                   = OID{2, 5, 4, 41}                      // RFC 5280 A.1
	GivenName              = OID{2, 5, 4, 42}                      // RFC 5280 A.1
	Initials               = OID{2, 5, 4, 43}                      // RFC 5280 A.1
	GenerationQualifier    = OID{2, 5, 4, 44}                      // RFC 5280 A.1
	DNQualifier            = OID{2, 5, 4, 46}                      // RFC 5280 A.1
	Pseudonym              = OID{2, 5, 4, 65}                      // RFC 5280 A.1
	OrganizationIdentifier = OID{2, 5, 4, 97}                      // ITU-T X.520 6.4.4, ETSI EN 319 412-1 5.1.4
	EmailAddress           = OID{1, 2, 840, 113549, 1, 9, 1}       // RFC 5280 A.1
	DomainComponent        = OID{0, 9, 2342, 19200300, 100, 1, 25} // RFC 4519 2.4
	UID                    = OID{0, 9, 2342, 19200300, 100, 1, 1}  // RFC 4519 2.39; Vietnam: "MST:…", "CCCD:…"
)

// Certificate and CRL extensions.
var (
	SubjectKeyIdentifier     = OID{2, 5, 29, 14}               // RFC 5280 4.2.1.2
	KeyUsage                 = OID{2, 5, 29, 15}               // RFC 5280 4.2.1.3
	PrivateKeyUsagePeriod    = OID{2, 5, 29, 16}               // RFC 3280 4.2.1.4
	SubjectAltName           = OID{2, 5, 29, 17}               // RFC 5280 4.2.1.6
	IssuerAltName            = OID{2, 5, 29, 18}               // RFC 5280 4.2.1.7
	BasicConstraints         = OID{2, 5, 29, 19}               // RFC 5280 4.2.1.9
	CRLNumber                = OID{2, 5, 29, 20}               // RFC 5280 5.2.3
	ReasonCode               = OID{2, 5, 29, 21}               // RFC 5280 5.3.1
	HoldInstructionCode      = OID{2, 5, 29, 23}               // RFC 3280 5.3.2
	InvalidityDate           = OID{2, 5, 29, 24}               // RFC 5280 5.3.2
	DeltaCRLIndicator        = OID{2, 5, 29, 27}               // RFC 5280 5.2.4
	IssuingDistributionPoint = OID{2, 5, 29, 28}               // RFC 5280 5.2.5
	CertificateIssuer        = OID{2, 5, 29, 29}               // RFC 5280 5.3.3
	NameConstraints          = OID{2, 5, 29, 30}               // RFC 5280 4.2.1.10
	CRLDistributionPoints    = OID{2, 5, 29, 31}               // RFC 5280 4.2.1.13
	CertificatePolicies      = OID{2, 5, 29, 32}               // RFC 5280 4.2.1.4
	AnyPolicy                = OID{2, 5, 29, 32, 0}            // RFC 5280 4.2.1.4
	PolicyMappings           = OID{2, 5, 29, 33}               // RFC 5280 4.2.1.5
	AuthorityKeyIdentifier   = OID{2, 5, 29, 35}               // RFC 5280 4.2.1.1
	PolicyConstraints        = OID{2, 5, 29, 36}               // RFC 5280 4.2.1.11
	ExtKeyUsage              = OID{2, 5, 29, 37}               // RFC 5280 4.2.1.12
	FreshestCRL              = OID{2, 5, 29, 46}               // RFC 5280 4.2.1.15
	InhibitAnyPolicy         = OID{2, 5, 29, 54}               // RFC 5280 4.2.1.14
	ExpiredCertsOnCRL        = OID{2, 5, 29, 60}               // ITU-T X.509 9.5.2.8
	AuthorityInfoAccess      = OID{1, 3, 6, 1, 5, 5, 7, 1, 1}  // RFC 5280 4.2.2.1
	QCStatements             = OID{1, 3, 6, 1, 5, 5, 7, 1, 3}  // RFC 3739 3.2.6
	SubjectInfoAccess        = OID{1, 3, 6, 1, 5, 5, 7, 1, 11} // RFC 5280 4.2.2.2
	CPSQualifier             = OID{1, 3, 6, 1, 5, 5, 7, 2, 1}  // RFC 5280 4.2.1.4
	UserNoticeQualifier      = OID{1, 3, 6, 1, 5, 5, 7, 2, 2}  // RFC 5280 4.2.1.4
	ValidityAssuredShortTerm = OID{0, 4, 0, 194121, 2, 1}      // ETSI EN 319 412-1 5.2.2
)

// Access methods of AuthorityInfoAccess.
var (
	AccessOCSP      = OID{1, 3, 6, 1, 5, 5, 7, 48, 1} // RFC 5280 4.2.2.1
	AccessCAIssuers = OID{1, 3, 6, 1, 5, 5, 7, 48, 2} // RFC 5280 4.2.2.1
)

// Extended key usages.
var (
	EKUAny             = OID{2, 5, 29, 37, 0}                  // RFC 5280 4.2.1.12
	EKUServerAuth      = OID{1, 3, 6, 1, 5, 5, 7, 3, 1}        // RFC 5280 4.2.1.12
	EKUClientAuth      = OID{1, 3, 6, 1, 5, 5, 7, 3, 2}        // RFC 5280 4.2.1.12
	EKUCodeSigning     = OID{1, 3, 6, 1, 5, 5, 7, 3, 3}        // RFC 5280 4.2.1.12
	EKUEmailProtection = OID{1, 3, 6, 1, 5, 5, 7, 3, 4}        // RFC 5280 4.2.1.12
	EKUTimeStamping    = OID{1, 3, 6, 1, 5, 5, 7, 3, 8}        // RFC 5280 4.2.1.12, RFC 3161 2.3
	EKUOCSPSigning     = OID{1, 3, 6, 1, 5, 5, 7, 3, 9}        // RFC 6960 4.2.2.2
	EKUDocumentSigning = OID{1, 3, 6, 1, 5, 5, 7, 3, 36}       // RFC 9336 3.1
	EKUMSDocSigning    = OID{1, 3, 6, 1, 4, 1, 311, 10, 3, 12} // Microsoft szOID_KP_DOCUMENT_SIGNING
	EKUAdobeAuthentic  = OID{1, 2, 840, 113583, 1, 1, 5}       // Adobe authentic documents trust
)

// Statements of QCStatements. ETSI EN 319 412-5.
var (
	QCCompliance = OID{0, 4, 0, 1862, 1, 1} // 4.2.1
	QCSSCD       = OID{0, 4, 0, 1862, 1, 4} // 4.2.2
	QCType       = OID{0, 4, 0, 1862, 1, 6} // 4.2.3
	QCTypeESign  = OID{0, 4, 0, 1862, 1, 6, 1}
	QCTypeESeal  = OID{0, 4, 0, 1862, 1, 6, 2}
)
