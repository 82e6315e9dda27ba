package changes

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/kyso-vn/kyso/internal/pdf"
)

// info permits document information to change: nothing of it is drawn.
func (j *judge) info(ref pdf.Ref, ov, nv pdf.Object) error {
	o, ok1 := dictOrNil(ov)
	n, ok2 := dictOrNil(nv)
	if !ok1 || !ok2 { // an indirect value of it
		j.permit(ref, Change{Kind: KindMetadata, Code: "info", Detail: "document information changed"})
		return nil
	}
	var changed []string
	for _, key := range keys(o, n) {
		same, err := j.same(o.Get(key), n.Get(key))
		if err != nil {
			return err
		}
		if !same {
			changed = append(changed, string(key))
		}
	}
	if len(changed) == 0 {
		return nil
	}
	list := strings.Join(changed[:min(len(changed), 10)], ", ")
	j.permit(ref, Change{Kind: KindMetadata, Code: "info", Key: list,
		Detail: fmt.Sprintf("document information changed: %s", list)})
	return nil
}

// metadata permits XMP to change, but for a document type: entities that grow
// or name files are a weapon, never metadata.
func (j *judge) metadata(ref pdf.Ref, ov, nv pdf.Object) error {
	if _, ok := nv.(pdf.Integer); ok { // an indirect /Length
		return nil
	}
	c := Change{Kind: KindMetadata, Code: "xmp", Detail: "the metadata (XMP) of the document changed"}
	switch v := nv.(type) {
	case nil:
		c.Detail = "the metadata (XMP) of the document was removed"
	case *pdf.Stream:
		bad, err := j.hasDoctype(v)
		if err != nil {
			return err
		}
		if bad != "" {
			c.Code = "xmp_entities"
			c.Detail = "the new metadata (XMP) " + bad
			j.deny(ref, c)
			return nil
		}
	default:
		c.Detail = "the metadata (XMP) of the document is no stream"
		j.deny(ref, c)
		return nil
	}
	j.permit(ref, c)
	return nil
}

// hasDoctype says what is wrong with an XMP packet, "" when nothing is. UTF-16
// and UTF-32 are looked through by leaving out the zero bytes.
func (j *judge) hasDoctype(s *pdf.Stream) (string, error) {
	data, ok, err := j.decode(s, maxXMP)
	switch {
	case err != nil:
		return "", err
	case !ok:
		return "can't be decoded, or is too large", nil
	}
	plain := bytes.ToUpper(bytes.ReplaceAll(data, []byte{0}, nil))
	if bytes.Contains(plain, []byte("<!DOCTYPE")) || bytes.Contains(plain, []byte("<!ENTITY")) {
		return "declares XML entities", nil
	}
	return "", nil
}
