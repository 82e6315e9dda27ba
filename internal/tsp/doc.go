// Package tsp speaks RFC 3161: request, reply, client, token check.
//
// The common calls are Client.Timestamp when signing and Parse with
// Token.Check and Token.CheckImprint when verifying. The path of the TSA's
// certificate to a trust anchor and its revocation are the caller's.
// A Client and a Pool are safe for concurrent use.
package tsp
