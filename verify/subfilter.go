package verify

import "fmt"

// subFilter is a value of /SubFilter. ISO 32000-2, 12.8.3.1, Table 260.
type subFilter int

const (
	subOther subFilter = iota + 1
	subCAdES
	subPKCS7
	subPKCS7SHA1
	subX509
	subTimestamp
)

// subFilters are the values of /SubFilter that are understood.
var subFilters = map[string]subFilter{
	"ETSI.CAdES.detached": subCAdES,
	"adbe.pkcs7.detached": subPKCS7,
	"adbe.pkcs7.sha1":     subPKCS7SHA1,
	"adbe.x509.rsa_sha1":  subX509,
	"ETSI.RFC3161":        subTimestamp,
}

func subFilterOf(name string) subFilter {
	if s, ok := subFilters[name]; ok {
		return s
	}
	return subOther
}

// String returns the name in the file.
func (s subFilter) String() string {
	for name, sub := range subFilters {
		if sub == s {
			return name
		}
	}
	if s == subOther {
		return "other"
	}
	return fmt.Sprintf("unknown subfilter %d", int(s))
}

// pades tells the subfilters of EN 319 142-1, with its strict container.
func (s subFilter) pades() bool { return s == subCAdES || s == subTimestamp }
