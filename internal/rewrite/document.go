package rewrite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// lazy compiles an expression when it is first used: every start of the program
// would pay for it.
func lazy(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// encryptKey is how a trailer says that the file is encrypted.
var encryptKey = lazy(`/Encrypt[\s<]`)

// work reads data with pdfcpu and writes the new file to w.
func work(ctx context.Context, req request, data []byte, w io.Writer) error {
	api.DisableConfigDir() // else pdfcpu writes to the user's folder
	if req.Op == opRepair {
		// These may be in parts of the file that no object is read from.
		if bytes.Contains(data, []byte("/ByteRange")) {
			return failed(KindSigned, "")
		}
		if encryptKey().Match(data) {
			return failed(KindEncrypted, "")
		}
	}
	c, err := load(ctx, req, data)
	if err != nil {
		return err
	}
	id, err := newID(req, data)
	if err != nil {
		return err
	}
	if !goodID(c.ID) {
		c.ID = types.Array{id, id}
	}
	c.ID[1] = id
	if req.Op == opEncrypt {
		if err := secure(c, req); err != nil {
			return err
		}
		return write(c, "2.0", w)
	}
	if c.PDF20() {
		return write(c, "2.0", w)
	}
	return write(c, "1.7", w)
}

// load reads the document. A damaged one is read by the objects that are found
// in it, else as pdfcpu finds them.
func load(ctx context.Context, req request, data []byte) (*model.Context, error) {
	if req.Op == opEncrypt {
		return readTidy(ctx, data, data, true)
	}
	if mended := salvage(data); mended != nil {
		c, err := readTidy(ctx, mended, data, false)
		var known *Error
		if err == nil || errors.As(err, &known) {
			return c, err
		}
	}
	return readTidy(ctx, data, data, false)
}

func readTidy(ctx context.Context, data, original []byte, strict bool) (*model.Context, error) {
	c, err := read(ctx, data)
	if err != nil {
		return nil, err
	}
	return c, tidy(c, original, strict)
}

// read loads all objects. Never Validate: it can overflow the stack.
func read(ctx context.Context, data []byte) (*model.Context, error) {
	conf := model.NewDefaultConfiguration()
	conf.ValidationMode = model.ValidationRelaxed
	conf.Offline = true
	c, err := pdfcpu.ReadWithContext(ctx, bytes.NewReader(data), conf)
	if errors.Is(err, pdfcpu.ErrWrongPassword) || err == nil && c.Encrypt != nil {
		return nil, failed(KindEncrypted, "")
	}
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	return c, nil
}

// tidy makes of what was read a document that can be written.
func tidy(c *model.Context, data []byte, strict bool) error {
	for num := range c.Table {
		// Parses what is in object streams, which pdfcpu leaves for later.
		if _, err := c.Dereference(*types.NewIndirectRef(num, 0)); err != nil {
			return fmt.Errorf("object %d: %w", num, err)
		}
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
	if c.Info == nil && !strict {
		c.Info = findInfo(c, data)
	}
	if err := mendPages(c, root); err != nil {
		return err
	}
	if !strict {
		if err := mendForm(c, root); err != nil {
			return err
		}
	}
	return keep(c, strict)
}

var infoKey = lazy(`/Info\s+(\d{1,9})\s+(\d{1,5})\s+R`)

// findInfo looks for what a trailer says that pdfcpu has not read, else for
// what looks like the document information; nil when there is none.
func findInfo(c *model.Context, data []byte) *types.IndirectRef {
	if all := infoKey().FindAllSubmatch(data, -1); len(all) > 0 {
		last := all[len(all)-1]
		num, err1 := strconv.Atoi(string(last[1]))
		gen, err2 := strconv.Atoi(string(last[2]))
		if err1 == nil && err2 == nil {
			return types.NewIndirectRef(num, gen)
		}
	}
	numbers := sorted(c.Table)
	for _, num := range slices.Backward(numbers) {
		d, ok := c.Table[num].Object.(types.Dict)
		if ok && d["Type"] == nil && d["Producer"] != nil && (d["CreationDate"] != nil || d["Creator"] != nil) {
			return types.NewIndirectRef(num, 0)
		}
	}
	return nil
}
