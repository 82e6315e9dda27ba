// Package oids names the object identifiers this program uses, each with the
// document that defines it. No other package writes an identifier as numbers.
//
// The variables are shared: nobody changes them. They are grouped in files by
// topic (algorithms, CMS, X.509, time-stamping, revocation); a name is defined
// once.
package oids

import "encoding/asn1"

// OID is short for the standard library's type.
type OID = asn1.ObjectIdentifier
