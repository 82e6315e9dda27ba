// Package revocation parses, checks, fetches, chooses and caches OCSP responses
// (RFC 6960) and CRLs (RFC 5280, 5 and 6.3).
//
// A Source answers for one certificate at a time t. Nothing is believed before
// its signature is verified with a key that may speak for the certificate's
// issuer: the issuer's own, that of a delegate it certified, or that of a CRL
// issuer with a path to the same anchor.
//
// What a state means relative to t:
//
//   - Good: a verified datum that is current at t, or was issued after t, says
//     that the certificate is not revoked. One issued after the certificate
//     expired counts only where it says that it keeps such certificates
//     (archiveCutoff, expiredCertsOnCRL).
//   - Revoked: a verified datum says so, with RevokedAt; that may lie after t.
//     The caller applies the rule for it (EN 319 102-1, 5.2.5 and 5.5), or sets
//     Source.LaterIsGood. A revocation stays, so it counts from a datum that is
//     out of date too, and against a newer one that says good; a hold
//     (certificateHold) does neither. InvalidityDate is handed on and decides
//     nothing, but with LaterIsGood, where the earlier of both counts.
//   - Unknown: a source is named or data is there, and nothing in it decided.
//     Err holds an *Error for each datum that was passed over.
//   - NotPublished: the certificate names no source, and no verified datum is
//     about it.
package revocation
