package rewrite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// work reads data with pdfcpu and writes the new file to w.
func work(ctx context.Context, req request, data []byte, w io.Writer) error {
	if req.Op == opRepair && bytes.Contains(data, []byte("/ByteRange")) {
		return failed(KindSigned, "") // though no object may hold it any more
	}
	api.DisableConfigDir() // else it writes to the user's folder
	c, err := read(ctx, req, data)
	if err != nil {
		return err
	}
	if err := tidy(c); err != nil {
		return err
	}
	version := "1.7"
	if c.PDF20() || req.Op == opEncrypt {
		version = "2.0"
	}
	// As a file of 2.0 pdfcpu encrypts with revision 6 and not the withdrawn
	// revision 5, and leaves the dates and the producer in /Info alone.
	v := model.V20
	c.HeaderVersion, c.RootVersion = &v, nil
	return api.WriteContext(c, &header{w: w, version: version})
}

// read loads all objects. Never Validate: it can overflow the stack.
func read(ctx context.Context, req request, data []byte) (*model.Context, error) {
	conf := model.NewDefaultConfiguration()
	conf.ValidationMode = model.ValidationRelaxed
	conf.Optimize, conf.OptimizeBeforeWriting, conf.OptimizeResourceDicts = false, false, false
	conf.Offline = true
	conf.UserPW, conf.OwnerPW = string(req.Password), string(req.Password)
	if req.Op == opEncrypt {
		conf.Cmd = model.ENCRYPT
		conf.EncryptUsingAES, conf.EncryptKeyLength = true, 256
		conf.OwnerPW = string(req.Owner)
		// The bits that are not permissions are ones (ISO 32000-2, table 22).
		conf.Permissions = model.PermissionFlags(req.Permissions) | model.PermissionsNone
	}
	c, err := pdfcpu.ReadWithContext(ctx, bytes.NewReader(data), conf)
	switch {
	case errors.Is(err, pdfcpu.ErrEncrypted):
		return nil, failed(KindEncrypted, "")
	case errors.Is(err, pdfcpu.ErrWrongPassword):
		return nil, failed(KindPassword, "")
	case err != nil:
		return nil, fmt.Errorf("read: %w", err)
	}
	return c, nil
}

// header gives the first line of the file its version.
type header struct {
	w       io.Writer
	version string
	begun   bool
}

func (h *header) Write(b []byte) (int, error) {
	const line = "%PDF-2.0"
	if h.begun || !bytes.HasPrefix(b, []byte(line)) {
		return h.w.Write(b)
	}
	h.begun = true
	if _, err := io.WriteString(h.w, "%PDF-"+h.version); err != nil {
		return 0, err
	}
	n, err := h.w.Write(b[len(line):])
	return n + len(line), err
}

// tidy makes of what was read something that pdfcpu writes whole.
func tidy(c *model.Context) error {
	if err := decode(c); err != nil {
		return err
	}
	if c.Root == nil {
		return errors.New("no catalog")
	}
	root, err := c.Catalog()
	if err != nil {
		return fmt.Errorf("catalog: %w", err)
	}
	if root == nil {
		return errors.New("no catalog")
	}
	root.Delete("Version") // the header has it
	if !goodID(c.ID) && c.Encrypt == nil {
		c.ID = nil // pdfcpu makes a new one
	}
	tree, err := mendPages(c, root)
	if err != nil {
		return err
	}
	return keep(c, tree)
}

// decode parses the objects of object streams: pdfcpu writes those that it has
// not looked at as they stand, not encrypted, and what they refer to not at all.
func decode(c *model.Context) error {
	for num := range c.Table {
		if _, err := c.Dereference(*types.NewIndirectRef(num, 0)); err != nil {
			return fmt.Errorf("object %d: %w", num, err)
		}
	}
	return nil
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
