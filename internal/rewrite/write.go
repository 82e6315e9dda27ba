package rewrite

import (
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// packed is how many objects go into an object stream.
const packed = 200

// write writes all objects of c, which keep has chosen, as if they were one
// increment. pdfcpu's way to write whole files follows only the keys of
// catalog and pages that it knows, so that the attached files of PDF/A-3 (/AF)
// among others are lost; overflows the stack on long chains; and puts its own
// dates and producer into /Info.
func write(c *model.Context, version string, w io.Writer) error {
	head := "%PDF-" + version + "\n%\xe2\xe3\xcf\xd3\n"
	if c.Encrypt != nil {
		d, err := c.EncryptDict()
		if err != nil {
			return fmt.Errorf("write: %w", err)
		}
		// Strings of this dictionary are not encrypted (ISO 32000-2, 7.6.2).
		num := c.Encrypt.ObjectNumber.Value()
		c.Write.Table[num] = int64(len(head))
		head += fmt.Sprintf("%d 0 obj\n%s\nendobj\n", num, d.PDFString())
	}
	if _, err := io.WriteString(w, head); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	c.Write.Offset = int64(len(head))
	c.WriteXRefStream, c.WriteObjectStream = true, false // pdfcpu is to make none itself
	numbers, err := pack(c)
	if err != nil {
		return fmt.Errorf("write: %w", err)
	}
	c.Write.ObjNrs = append(numbers, streams(c)...)
	if err := api.WriteIncrement(c, w); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// pack puts the objects that may be there into object streams, and returns
// the numbers of the other ones that are no streams.
func pack(c *model.Context) (plain []int, err error) {
	var inside []int
	for _, num := range sorted(c.Table) {
		e := c.Table[num]
		if _, ok := e.Object.(types.StreamDict); ok || e.Free || c.Write.HasWriteOffset(num) {
			continue
		}
		e.Compressed = false // where it was before does not count
		if num == c.Root.ObjectNumber.Value() || e.Generation != nil && *e.Generation != 0 {
			plain = append(plain, num) // ISO 32000-2, 7.5.7
		} else {
			inside = append(inside, num)
		}
	}
	for part := range slices.Chunk(inside, packed) {
		if err := packPart(c, part); err != nil {
			return nil, err
		}
	}
	return plain, nil
}

func packPart(c *model.Context, numbers []int) error {
	holder := *c.Size // the number that IndRefForNewObject gives: nothing is free
	var index, body []byte
	for i, num := range numbers {
		e := c.Table[num]
		index = strconv.AppendInt(append(strconv.AppendInt(index, int64(num), 10), ' '), int64(len(body)), 10)
		index = append(index, ' ')
		body = append(append(body, e.Object.PDFString()...), '\n')
		e.Compressed, e.ObjectStream, e.ObjectStreamInd = true, &holder, &i
		c.Write.SetWriteOffset(num) // any offset: it says that the object is there
	}
	sd, err := c.NewStreamDictForBuf(append(index, body...))
	if err != nil {
		return err
	}
	sd.InsertName("Type", "ObjStm")
	sd.InsertInt("N", len(numbers))
	sd.InsertInt("First", len(index))
	if err := sd.Encode(); err != nil {
		return err
	}
	ref, err := c.IndRefForNewObject(*sd)
	if err == nil && ref.ObjectNumber.Value() != holder {
		err = fmt.Errorf("object stream %d became %d", holder, ref.ObjectNumber.Value())
	}
	return err
}

// streams lists the streams to write. pdfcpu writes a stream with those that
// its dictionary refers to, and again, encrypted twice, when they are listed.
func streams(c *model.Context) []int {
	var list []int
	met := map[int]bool{}
	for _, num := range sorted(c.Table) {
		if met[num] || !isStream(c, num) {
			continue
		}
		list = append(list, num)
		todo := []int{num}
		for len(todo) > 0 {
			at := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if met[at] {
				continue
			}
			met[at] = true
			sd := c.Table[at].Object.(types.StreamDict)
			length := int64(len(sd.Raw))
			sd.StreamLength = &length
			sd.Dict["Length"] = types.Integer(length)
			c.Table[at].Object = sd
			todo = streamsIn(c, sd.Dict, todo)
		}
	}
	return list
}

// streamsIn adds the streams that o, a value within a stream's dictionary,
// refers to. Nesting is as deep as pdfcpu parses.
func streamsIn(c *model.Context, o types.Object, list []int) []int {
	switch o := o.(type) {
	case types.IndirectRef:
		if num := o.ObjectNumber.Value(); isStream(c, num) {
			list = append(list, num)
		}
	case types.Dict:
		for _, v := range o {
			list = streamsIn(c, v, list)
		}
	case types.Array:
		for _, v := range o {
			list = streamsIn(c, v, list)
		}
	}
	return list
}

func isStream(c *model.Context, num int) bool {
	e, ok := c.Table[num]
	if !ok || e.Free {
		return false
	}
	_, ok = e.Object.(types.StreamDict)
	return ok
}

func sorted(table map[int]*model.XRefTableEntry) []int {
	numbers := make([]int, 0, len(table))
	for num := range table {
		numbers = append(numbers, num)
	}
	slices.Sort(numbers)
	return numbers
}
