package oids

// OCSP.
var (
	OCSPBasic           = OID{1, 3, 6, 1, 5, 5, 7, 48, 1, 1} // RFC 6960 4.2.1
	OCSPNonce           = OID{1, 3, 6, 1, 5, 5, 7, 48, 1, 2} // RFC 9654 2.1
	OCSPCRL             = OID{1, 3, 6, 1, 5, 5, 7, 48, 1, 3} // RFC 6960 4.4.2
	OCSPResponseTypes   = OID{1, 3, 6, 1, 5, 5, 7, 48, 1, 4} // RFC 6960 4.4.3
	OCSPNoCheck         = OID{1, 3, 6, 1, 5, 5, 7, 48, 1, 5} // RFC 6960 4.2.2.2.1
	OCSPArchiveCutoff   = OID{1, 3, 6, 1, 5, 5, 7, 48, 1, 6} // RFC 6960 4.4.4
	OCSPServiceLocator  = OID{1, 3, 6, 1, 5, 5, 7, 48, 1, 7} // RFC 6960 4.4.6
	OCSPExtendedRevoked = OID{1, 3, 6, 1, 5, 5, 7, 48, 1, 9} // RFC 6960 4.4.8
	CertHash            = OID{1, 3, 36, 8, 3, 13}            // Common PKI, positive statement of OCSP
)
