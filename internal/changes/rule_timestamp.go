package changes

import "github.com/kyso-vn/kyso/internal/pdf"

// isTimestamp tells a document timestamp, which every certification permits
// (ISO 32000-2, 12.8.2.2.2 and 12.8.5), from a signature. Both names must say
// so: a signature that calls itself a timestamp in one place is a signature.
func isTimestamp(v pdf.Object) bool {
	d, ok := v.(*pdf.Dict)
	if !ok || d.Get("SubFilter") != pdf.Name("ETSI.RFC3161") {
		return false
	}
	t := d.Get("Type")
	return t == nil || t == pdf.Name("DocTimeStamp")
}
