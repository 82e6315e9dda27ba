package oids

// Hash algorithms.
var (
	MD5      = OID{1, 2, 840, 113549, 2, 5}         // RFC 1321, RFC 3279 2.2.1
	SHA1     = OID{1, 3, 14, 3, 2, 26}              // RFC 3370 2.1
	SHA224   = OID{2, 16, 840, 1, 101, 3, 4, 2, 4}  // RFC 5754 2.1
	SHA256   = OID{2, 16, 840, 1, 101, 3, 4, 2, 1}  // RFC 5754 2.2
	SHA384   = OID{2, 16, 840, 1, 101, 3, 4, 2, 2}  // RFC 5754 2.3
	SHA512   = OID{2, 16, 840, 1, 101, 3, 4, 2, 3}  // RFC 5754 2.4
	SHA3_256 = OID{2, 16, 840, 1, 101, 3, 4, 2, 8}  // RFC 8702 2, NIST CSOR
	SHA3_384 = OID{2, 16, 840, 1, 101, 3, 4, 2, 9}  // RFC 8702 2, NIST CSOR
	SHA3_512 = OID{2, 16, 840, 1, 101, 3, 4, 2, 10} // RFC 8702 2, NIST CSOR
)

// RSA signatures and keys.
var (
	RSAEncryption = OID{1, 2, 840, 113549, 1, 1, 1}  // RFC 8017 A.1
	MD5WithRSA    = OID{1, 2, 840, 113549, 1, 1, 4}  // RFC 3279 2.2.1
	SHA1WithRSA   = OID{1, 2, 840, 113549, 1, 1, 5}  // RFC 3279 2.2.1
	MGF1          = OID{1, 2, 840, 113549, 1, 1, 8}  // RFC 8017 B.2.1
	RSAPSS        = OID{1, 2, 840, 113549, 1, 1, 10} // RFC 4055 3.1, RFC 4056
	SHA256WithRSA = OID{1, 2, 840, 113549, 1, 1, 11} // RFC 5754 3.2
	SHA384WithRSA = OID{1, 2, 840, 113549, 1, 1, 12} // RFC 5754 3.2
	SHA512WithRSA = OID{1, 2, 840, 113549, 1, 1, 13} // RFC 5754 3.2
	SHA224WithRSA = OID{1, 2, 840, 113549, 1, 1, 14} // RFC 5754 3.2

	SHA1WithRSAOIW = OID{1, 3, 14, 3, 2, 29} // OIW; old Windows writers use it for SHA1WithRSA
)

// Elliptic curves.
var (
	ECPublicKey     = OID{1, 2, 840, 10045, 2, 1}    // RFC 5480 2.1.1
	ECDSAWithSHA1   = OID{1, 2, 840, 10045, 4, 1}    // RFC 3279 2.2.3
	ECDSAWithSHA224 = OID{1, 2, 840, 10045, 4, 3, 1} // RFC 5754 3.3
	ECDSAWithSHA256 = OID{1, 2, 840, 10045, 4, 3, 2} // RFC 5754 3.3
	ECDSAWithSHA384 = OID{1, 2, 840, 10045, 4, 3, 3} // RFC 5754 3.3
	ECDSAWithSHA512 = OID{1, 2, 840, 10045, 4, 3, 4} // RFC 5754 3.3
	Ed25519         = OID{1, 3, 101, 112}            // RFC 8410 3, RFC 8419
	Ed448           = OID{1, 3, 101, 113}            // RFC 8410 3, RFC 8419

	CurveP224 = OID{1, 3, 132, 0, 33}          // RFC 5480 2.1.1.1
	CurveP256 = OID{1, 2, 840, 10045, 3, 1, 7} // RFC 5480 2.1.1.1
	CurveP384 = OID{1, 3, 132, 0, 34}          // RFC 5480 2.1.1.1
	CurveP521 = OID{1, 3, 132, 0, 35}          // RFC 5480 2.1.1.1
)

// Signatures with SHA-3. RFC 8702 names the hashes, NIST CSOR these.
var (
	ECDSAWithSHA3_256 = OID{2, 16, 840, 1, 101, 3, 4, 3, 10} // NIST CSOR sigAlgs 10
	ECDSAWithSHA3_384 = OID{2, 16, 840, 1, 101, 3, 4, 3, 11} // NIST CSOR sigAlgs 11
	ECDSAWithSHA3_512 = OID{2, 16, 840, 1, 101, 3, 4, 3, 12} // NIST CSOR sigAlgs 12
	SHA3_256WithRSA   = OID{2, 16, 840, 1, 101, 3, 4, 3, 14} // NIST CSOR sigAlgs 14
	SHA3_384WithRSA   = OID{2, 16, 840, 1, 101, 3, 4, 3, 15} // NIST CSOR sigAlgs 15
	SHA3_512WithRSA   = OID{2, 16, 840, 1, 101, 3, 4, 3, 16} // NIST CSOR sigAlgs 16
)

// DSA: recognised, never verified.
var (
	DSA           = OID{1, 2, 840, 10040, 4, 1}         // RFC 3279 2.3.2
	DSAWithSHA1   = OID{1, 2, 840, 10040, 4, 3}         // RFC 3279 2.2.2
	DSAWithSHA224 = OID{2, 16, 840, 1, 101, 3, 4, 3, 1} // RFC 5754 3.1
	DSAWithSHA256 = OID{2, 16, 840, 1, 101, 3, 4, 3, 2} // RFC 5754 3.1
)
