// Package oids names the object identifiers this program uses, each with the
// document that defines it.
package oids
