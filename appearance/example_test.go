package appearance_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/testdata/form"
)

// The portal's mark: three lines, fitted to the box.
func ExampleCompose() {
	mark, err := appearance.Compose(appearance.Style{}, appearance.Info{
		Signer: "NGUYỄN VĂN A", Email: "a@example.vn",
		Time: time.Date(2023, 5, 12, 8, 35, 12, 0, time.UTC),
	}, 220, 80)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, line := range mark.Lines {
		fmt.Println(line)
	}
	// Output:
	// Ký bởi: NGUYỄN VĂN A
	// Email: a@example.vn
	// Thời gian ký: 12-05-2023 15:35:12
}

// A template replaces the lines.
func ExampleStyle_text() {
	style := appearance.Style{Text: "{{upper .Signer}}\nngày {{date \"02/01/2006\"}}"}
	mark, err := appearance.Compose(style, appearance.Info{
		Signer: "Đặng Thị Lệ", Time: time.Date(2023, 5, 12, 8, 35, 12, 0, time.UTC),
	}, 200, 50)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(mark.Lines[0])
	fmt.Println(mark.Lines[1])
	// Output:
	// ĐẶNG THỊ LỆ
	// ngày 12/05/2023
}

// A place is found on the document as it is, before anything is drawn.
func ExamplePlace_Resolve() {
	doc, err := appearance.OpenDocument(context.Background(), bytes.NewReader(form.PDF), int64(len(form.PDF)), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	where, err := appearance.Place{At: "bottom-right", Page: "last", Width: 200, Height: 60}.Resolve(doc)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(where.Pages, where.Rect.Width(), where.Rect.Height())
	// Output: [0] 200 60
}

// Add puts a mark into a revision to come; sign.Prepare does so itself.
func ExampleMark_Add() {
	doc, err := appearance.OpenDocument(context.Background(), bytes.NewReader(form.PDF), int64(len(form.PDF)), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	mark, err := appearance.Compose(appearance.Style{}, appearance.Info{Signer: "NGUYỄN VĂN A"}, 200, 60)
	if err != nil {
		fmt.Println(err)
		return
	}
	page, err := doc.Page(0)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, matrix := appearance.UserRect(page, appearance.Rect{350, 80, 550, 140})
	form, err := mark.Add(doc.NewUpdate(), matrix)
	fmt.Println(form.Num > 0, err)
	// Output: true <nil>
}

// A preset is a named look and place.
func ExampleFindPreset() {
	p, err := appearance.FindPreset("igate")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Name, p.NeedsImage)
	// Output: igate false
}

// Text of a template is checked before any document is opened.
func ExampleCheckTemplate() {
	var where *appearance.TemplateError
	err := appearance.CheckTemplate("Ký bởi: {{.Nobody}}")
	fmt.Println(errors.As(err, &where), where.Line)
	// Output: true 1
}

// Lines of the mark by name, as --show takes them.
func ExampleParseLines() {
	lines, err := appearance.ParseLines("signer,time")
	fmt.Println(len(lines), lines[0] == appearance.LineSigner, err)
	// Output: 2 true <nil>
}
