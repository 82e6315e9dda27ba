package changes

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

const evilText = "BT /F1 12 Tf 100 700 Td (Pay 999999) Tj ET"

// raw appends bytes.
func (d *doc) raw(format string, args ...any) *doc {
	fmt.Fprintf(&d.b, format, args...)
	return d
}

func (d *doc) at() int64 { return int64(d.b.Len()) }

// start begins a file of its own, with the objects of base but nothing written.
func start() *doc {
	d := &doc{rows: map[uint32]docRow{}, root: "1 0 R", trail: "/Info 12 0 R/ID[<01><02>]", objects: baseObjects(), size: base0}
	d.b.WriteString("%PDF-1.7\n")
	d.row(0, docRow{gen: 65535, free: true})
	return d
}

func (d *doc) sign() *doc {
	d.signed = d.at()
	return d
}

// place writes a body at an offset that is still to come.
func (d *doc) place(at int64, body string) *doc {
	if d.at() > at {
		panic("too late")
	}
	return d.raw("%s%s", strings.Repeat(" ", int(at-d.at())), body)
}

// hiddenSection has a section in the signed bytes that the signed chain leaves
// out, before or behind the one in force.
func hiddenSection(behind bool, startxref string) *doc {
	d := start()
	evil := d.at()
	d.raw("4 0 obj\n%s\nendobj\n", stream("", evilText))
	d.put(d.objects)
	rows := d.rows
	hide := func(prev int64) int64 {
		at := d.at()
		d.raw("xref\n0 1\n0000000000 65535 f \n4 1\n%010d 00000 n \ntrailer\n<<%s/Prev %d>>\n", evil, d.entries(), prev)
		return at
	}
	var hidden int64
	if behind {
		d.table()
		hidden = hide(d.prev)
		d.raw("startxref\n%d\n%%%%EOF\n", d.prev)
	} else {
		// The section in force stands behind, at an offset known by its width.
		const room = 2000
		main := d.at() + room
		hidden = hide(main)
		d.place(main, "")
		d.rows = rows
		d.table()
	}
	d.sign()
	if startxref != "" {
		return d.raw(startxref, hidden)
	}
	d.prev = hidden
	return d.update(objects{nInfo: "<</Title(B)>>"})
}

// ownSize appends a section of one row with the /Size of that row.
func ownSize(d *doc) *doc {
	at := d.at()
	return d.raw("xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Root 1 0 R/Info 12 0 R/ID[<01><02>]/Prev %d>>\nstartxref\n%d\n%%%%EOF\n", d.prev, at)
}

// hiddenText has another content of the page in the signed bytes, behind the one
// in force, that no section lists.
func hiddenText() *doc {
	d := start()
	d.put(d.objects)
	d.raw("%d 0 obj\n%s\nendobj\n", nContent1, stream("", evilText))
	d.table()
	d.sign()
	return d
}

// Attacks on the chain of sections, the rows and the object streams.
func TestAttackStructure(t *testing.T) {
	runAll(t, []row{
		{name: "chain goes through a hidden section before the signed one", doc: func() *doc { return hiddenSection(false, "") }, want: Forbidden},
		{name: "chain goes through a hidden section behind the signed one", doc: func() *doc { return hiddenSection(true, "") }, want: Forbidden, code: "page_content"},
		{name: "startxref in a comment names a hidden section", doc: func() *doc { return hiddenSection(true, "%%startxref %d\n%%%%EOF\n") }, want: Forbidden, code: "page_content"},
		{name: "startxref in a comment names an earlier revision", doc: func() *doc {
			d := base(objects{nContent1: stream("", evilText)})
			before := d.prev
			return d.update(objects{nContent1: baseObjects()[nContent1]}).sign().raw("%%startxref %d\n%%%%EOF\n", before)
		}, want: Forbidden, code: "page_content"},
		{name: "chain leaves out the signed revision", doc: func() *doc {
			d := base(objects{nContent1: stream("", evilText)})
			before := d.prev
			d.update(objects{nContent1: baseObjects()[nContent1]}).sign()
			d.prev = before
			return d.update(newSig("B"))
		}, want: Forbidden, code: "page_content"},
		{name: "later revision leaves out the one between", doc: func() *doc {
			d := base(nil)
			before := d.prev
			d.update(newSig("B"))
			d.prev = before
			return d.update(objects{nInfo: "<</Title(B)>>"})
		}, want: Forbidden, code: "hidden_object"},
		{name: "section of a revision that its own startxref does not name", doc: func() *doc {
			d := base(nil)
			before := d.prev
			at := d.put(objects{nContent1: stream("", evilText)}).at()
			d.tableRows()
			d.raw("trailer\n<<%s>>\nstartxref\n%d\n%%%%EOF\n", d.entries(), before)
			clear(d.rows)
			d.prev = at
			return d.update(objects{nInfo: "<</Title(B)>>"})
		}, want: Forbidden},
		{name: "row that points behind the signed bytes", doc: func() *doc {
			d := start()
			const at = 40_000
			delete(d.objects, nContent1)
			d.put(d.objects).row(nContent1, docRow{off: at})
			d.table().sign()
			return d.place(at, fmt.Sprintf("4 0 obj\n%s\nendobj\n", stream("", evilText))).update(objects{nInfo: "<</Title(B)>>"})
		}, want: Forbidden},
		{name: "stream that is longer once the file is", doc: func() *doc {
			const length = 30_000
			d := start()
			d.objects[nContent1] = fmt.Sprintf("<</Length %d>>stream\nBT (Pay 100) Tj ET\nendstream", length)
			d.put(d.objects).table().sign()
			at := int64(bytes.Index(d.b.Bytes(), []byte("BT (Pay 100)"))) + length
			d.place(at-int64(len(evilText)), evilText)
			return d.raw("\nendstream\nendobj\n").update(objects{nInfo: "<</Title(B)>>"})
		}, want: Forbidden},
		{name: "hybrid stream behind the signed bytes", doc: func() *doc {
			d := start()
			const at = 40_000
			d.put(d.objects)
			tab := d.at()
			d.tableRows()
			d.raw("trailer\n<<").end(tab, fmt.Sprintf("/XRefStm %d", at))
			d.sign()
			d.objStm(60, objects{nPage1: page("15", annots1, "/StructParents 0")}, true)
			d.place(at, "")
			d.streamSection(61, d.entries())
			clear(d.rows)
			return d.update(objects{nInfo: "<</Title(B)>>"})
		}, want: Forbidden},
		{name: "trailer of a smaller size", doc: func() *doc {
			d := base(nil).put(objects{nInfo: "<</Title(B)>>"})
			d.size = 4
			at := d.at()
			d.tableRows()
			d.raw("trailer\n<</Size 4/Root 1 0 R/Info 12 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n", d.prev, at)
			return d
		}, want: Forbidden, code: "trailer_entry"},
		{name: "trailer of the size of its own section, as PDFBox writes", doc: func() *doc { return ownSize(base(nil)) }, want: Permitted},
		{name: "trailer of the size of its own section over a hidden object", doc: func() *doc { return ownSize(hiddenText()) }, want: Forbidden, code: "hidden_object"},
		{name: "key twice in a page", doc: one(objects{nPage1: strings.Replace(baseObjects()[nPage1], "/Contents", "/Contents 15 0 R/Contents", 1)}),
			want: Forbidden, code: "duplicate_keys"},
		{name: "key twice in a dictionary of a new annotation", doc: func() *doc {
			u := freeText("100 200 300 230", "BT /F1 12 Tf (seen) Tj ET")
			u[60] = strings.Replace(u[60], "/Rect", "/Rect[90 690 300 720]/Rect", 1)
			return base(nil).update(u)
		}, want: Forbidden, code: "duplicate_keys"},
		{name: "key twice in the trailer", doc: func() *doc {
			d := base(nil)
			d.trail = "/Root 14 0 R" + d.trail + "/Root 1 0 R"
			return d.update(objects{nInfo: "<</Title(B)>>"})
		}, want: Forbidden},
		{name: "free entry, then the number again", doc: func() *doc {
			d := base(nil).free(nContent1, 1).table()
			d.row(nContent1, docRow{off: d.at(), gen: 1})
			return d.raw("4 1 obj\n%s\nendobj\n", stream("", evilText)).table()
		}, want: Forbidden, code: "page_content"},
		{name: "free entry, then the old object again", doc: func() *doc {
			d := base(nil)
			at := int64(bytes.Index(d.b.Bytes(), []byte("\n4 0 obj"))) + 1
			d.free(nContent1, 1).table().row(nContent1, docRow{off: at})
			return d.table()
		}, want: Forbidden, code: "page_content"},
		{name: "changed and changed back", doc: func() *doc {
			return base(nil).update(objects{nContent1: stream("", evilText)}).update(objects{nContent1: baseObjects()[nContent1]})
		}, want: Forbidden, code: "page_content"},
		{name: "changed between two permitted revisions", doc: func() *doc {
			return base(nil).update(objects{nInfo: "<</Title(B)>>"}).update(objects{nContent1: stream("", evilText)}).update(newSig("B"))
		}, want: Forbidden, code: "page_content"},
	})
}

// inStream is a base document whose page 1 lies in object stream 70, with an
// index as given by the format of its two offsets.
func inStream(index string) *doc {
	d := start()
	page := d.objects[nPage1]
	delete(d.objects, nPage1)
	d.put(d.objects)
	return objStmOf(d, page, index).xrefStream(71).sign()
}

func objStmOf(d *doc, page, index string) *doc {
	data := "null " + page
	head := fmt.Sprintf(index, 5)
	d.row(nPage1, docRow{stream: 70, gen: 1})
	return d.put(objects{70: stream(fmt.Sprintf("/Type/ObjStm/N 2/First %d", len(head)), head+data)})
}

func TestAttackObjectStreams(t *testing.T) {
	evil := page("15", annots1, "/StructParents 0")
	const plain, comment = "90 0 3 %d ", "90 0 % note 1\n3 %d "
	var rows []row
	for name, index := range map[string]string{"": plain, ", comment in the index": strings.Replace(comment, "% note", "%% note", 1)} {
		rows = append(rows, row{name: "object stream replaced under old entries" + name, doc: func() *doc {
			d := objStmOf(inStream(index), evil, index)
			delete(d.rows, nPage1)
			return d.xrefStream(72)
		}, want: Forbidden, code: "page_content"})
	}
	rows = append(rows,
		row{name: "object stream freed", doc: func() *doc { return inStream(plain).free(70, 1).xrefStream(72) }, want: Forbidden},
		row{name: "object stream replaced by nothing", doc: func() *doc { return inStream(plain).update(objects{70: "null"}) }, want: Forbidden},
		row{name: "entry moved to another place of the stream", doc: func() *doc {
			d := inStream(plain)
			d.row(nPage1, docRow{stream: 70, gen: 0})
			return d.xrefStream(72)
		}, want: Permitted},
	)
	runAll(t, rows)
}
