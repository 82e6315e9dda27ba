// Package testgen writes the fixtures of testdata. Each file that it makes is
// the same, byte for byte, on every run: TestGenerated compares, and with
// -update writes them anew.
package testgen

import (
	"crypto/sha256"

	"github.com/kyso-vn/kyso/appearance"
	"github.com/kyso-vn/kyso/internal/pdf"
	"github.com/kyso-vn/kyso/internal/pdfwrite"
)

// A4 in points.
const (
	a4Width  = 595.28
	a4Height = 841.89
)

// formLines is the text of the application form, from the top.
var formLines = []appearance.SheetText{
	{X: 306, Y: 776, Size: 13, Bold: true, Center: true, Text: "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"},
	{X: 306, Y: 758, Size: 13, Bold: true, Center: true, Text: "Độc lập - Tự do - Hạnh phúc"},
	{X: 306, Y: 700, Size: 15, Bold: true, Center: true, Text: "ĐƠN ĐỀ NGHỊ"},
	{X: 306, Y: 681, Size: 13, Center: true, Text: "Về việc cấp bản sao trích lục hộ tịch"},
	{X: 85, Y: 640, Size: 13, Text: "Kính gửi: Ủy ban nhân dân xã Ea Kao, tỉnh Đắk Lắk"},
	{X: 85, Y: 610, Size: 13, Text: "Họ, chữ đệm, tên người đề nghị: NGUYỄN VĂN A"},
	{X: 85, Y: 588, Size: 13, Text: "Ngày, tháng, năm sinh: 01/01/1990"},
	{X: 85, Y: 566, Size: 13, Text: "Số định danh cá nhân: ............................................................"},
	{X: 85, Y: 544, Size: 13, Text: "Nơi cư trú: Thôn 1, xã Ea Kao, tỉnh Đắk Lắk"},
	{X: 85, Y: 522, Size: 13, Text: "Quan hệ với người được cấp bản sao: Bản thân"},
	{X: 85, Y: 492, Size: 13, Text: "Đề nghị quý cơ quan cấp bản sao trích lục khai sinh cho người có tên dưới đây:"},
	{X: 85, Y: 470, Size: 13, Text: "Họ, chữ đệm, tên: NGUYỄN VĂN A"},
	{X: 85, Y: 448, Size: 13, Text: "Giới tính: Nam"},
	{X: 225, Y: 448, Size: 13, Text: "Dân tộc: Kinh"},
	{X: 365, Y: 448, Size: 13, Text: "Quốc tịch: Việt Nam"},
	{X: 85, Y: 426, Size: 13, Text: "Số lượng bản sao đề nghị cấp: 02 bản"},
	{X: 85, Y: 396, Size: 13, Text: "Tôi cam đoan những nội dung khai trên đây là đúng sự thật và chịu trách nhiệm"},
	{X: 85, Y: 378, Size: 13, Text: "trước pháp luật về lời khai của mình."},
	{X: 430, Y: 340, Size: 13, Italic: true, Center: true, Text: "Đắk Lắk, ngày 12 tháng 05 năm 2023"},
	{X: 430, Y: 318, Size: 13, Bold: true, Center: true, Text: "NGƯỜI LÀM ĐƠN"},
	{X: 430, Y: 301, Size: 12, Italic: true, Center: true, Text: "(Ký, ghi rõ họ và tên)"},
}

// Form is the application form of the demo: one A4 page with a place for the
// signature under "(Ký, ghi rõ họ và tên)".
func Form() ([]byte, error) {
	var sheet appearance.Sheet
	for _, l := range formLines {
		l.Font = "serif"
		if err := sheet.Add(l); err != nil {
			return nil, err
		}
	}
	// The rule under the motto.
	content := append([]byte("q 0.7 w 226 752 m 386 752 l S Q\n"), sheet.Content()...)
	var w pdfwrite.Writer
	resources, err := sheet.Resources(&w)
	if err != nil {
		return nil, err
	}
	return onePage(&w, content, resources)
}

func onePage(w *pdfwrite.Writer, content []byte, resources *pdf.Dict) ([]byte, error) {
	pages := w.Alloc()
	page := w.Add(pdf.NewDict(
		pdf.Name("Type"), pdf.Name("Page"),
		pdf.Name("Parent"), pages,
		pdf.Name("MediaBox"), pdf.Array{pdf.Integer(0), pdf.Integer(0), pdf.Real(a4Width), pdf.Real(a4Height)},
		pdf.Name("Resources"), resources,
		pdf.Name("Contents"), w.Add(pdf.NewFlateStream(pdf.NewDict(), content))))
	w.Set(pages, pdf.NewDict(
		pdf.Name("Type"), pdf.Name("Pages"),
		pdf.Name("Kids"), pdf.Array{page},
		pdf.Name("Count"), pdf.Integer(1)))
	root := w.Add(pdf.NewDict(
		pdf.Name("Type"), pdf.Name("Catalog"),
		pdf.Name("Pages"), pages,
		pdf.Name("Lang"), pdf.String{Value: "vi-VN"}))
	info := w.Add(pdf.NewDict(
		pdf.Name("Title"), pdf.TextString("Đơn đề nghị cấp bản sao trích lục hộ tịch"),
		pdf.Name("Producer"), pdf.String{Value: "kyso testgen"}))
	id := sha256.Sum256([]byte("kyso testgen form"))
	return w.Bytes(root, info, id[:16])
}
