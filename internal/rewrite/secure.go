package rewrite

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// otherBits of /P are ones (ISO 32000-2, table 22); the lowest two are zeros,
// which pdfcpu's PermissionsNone has as ones.
const otherBits = 0xF0C0

// seed is the smallest file that pdfcpu encrypts.
const seed = "%PDF-2.0\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n" +
	"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n" +
	"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>\nendobj\n" +
	"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \n0000000105 00000 n \n" +
	"trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n166\n%%EOF\n"

// secure gives c the key and the encryption dictionary with which pdfcpu has
// encrypted seed: it makes them nowhere else than in writing a whole file. As
// seed is of PDF 2.0 it is revision 6; for older files pdfcpu uses revision 5,
// which was never a standard and whose passwords are quickly guessed.
func secure(c *model.Context, req request) error {
	conf := model.NewAESConfiguration(string(req.User), string(req.Owner), 256)
	conf.Cmd = model.ENCRYPT
	conf.ValidationMode = model.ValidationRelaxed
	conf.Permissions = model.PermissionFlags(req.Permissions) | otherBits
	s, err := api.ReadContext(bytes.NewReader([]byte(seed)), conf)
	if err != nil {
		return fmt.Errorf("encryption: %w", err)
	}
	if err := api.WriteContext(s, io.Discard); err != nil {
		return fmt.Errorf("encryption: %w", err)
	}
	d, err := s.EncryptDict()
	if err != nil {
		return fmt.Errorf("encryption: %w", err)
	}
	if c.Encrypt, err = c.IndRefForNewObject(d); err != nil {
		return fmt.Errorf("encryption: %w", err)
	}
	c.E, c.EncKey = s.E, s.EncKey
	c.AES4Strings, c.AES4Streams, c.AES4EmbeddedStreams = s.AES4Strings, s.AES4Streams, s.AES4EmbeddedStreams
	return nil
}

// newID makes a file identifier: a hash of the damaged file, which makes the
// same input give the same output, and nothing that tells of an encrypted one.
func newID(req request, data []byte) (types.HexLiteral, error) {
	b := make([]byte, 16)
	if req.Op == opEncrypt {
		if _, err := rand.Read(b); err != nil {
			return "", fmt.Errorf("file identifier: %w", err)
		}
	} else {
		sum := sha256.Sum256(data)
		copy(b, sum[:])
	}
	return types.HexLiteral(hex.EncodeToString(b)), nil
}

func goodID(id types.Array) bool {
	if len(id) != 2 {
		return false
	}
	for _, o := range id {
		switch o.(type) {
		case types.HexLiteral, types.StringLiteral:
		default:
			return false
		}
	}
	return true
}
