package i18n

// viPhrases are sentences of packages sign and appearance. The order of the
// gaps is that of the English.
func viPhrases() [][2]string {
	return [][2]string{
		{"the rectangle asked for", "theo khung đã cho"},
		{"the place {} asked for", "theo vị trí {} đã chọn"},
		{"below the text {} on page {}", "dưới dòng chữ {} ở trang {}"},
		{"above the text {} on page {}", "trên dòng chữ {} ở trang {}"},
		{"left of the text {} on page {}", "bên trái dòng chữ {} ở trang {}"},
		{"right of the text {} on page {}", "bên phải dòng chữ {} ở trang {}"},
		{"over the text {} on page {}", "đè lên dòng chữ {} ở trang {}"},
		{"the only empty signature field, {} on page {}", "trường chữ ký trống duy nhất, {} ở trang {}"},
		{"below the signing phrase {} on page {}", "dưới dòng ký {} ở trang {}"},
		{"a free place at the lower right of page {}", "chỗ trống ở góc dưới bên phải trang {}"},
		{"a free place at the lower part of page {}", "chỗ trống ở phần dưới trang {}"},
		{"the lower right of page {}, which has no free place", "góc dưới bên phải trang {} (trang không còn chỗ trống)"},
		{"over the left third of the signature {} on page {}", "đè lên một phần ba bên trái của chữ ký {} ở trang {}"},
		{"the field {}", "trường {}"},
		{"the mark covers text on page {}: {}", "khung chữ ký che chữ ở trang {}: {}"},
		{"the mark is not in the structure tree of the tagged document, because an earlier signature covers that",
			"khung chữ ký không được ghi vào cây cấu trúc của tài liệu vì chữ ký trước đã bao phủ phần đó"},
		{"the field {} has no place on a page, so the signature is invisible", "trường {} không có chỗ trên trang nên chữ ký không hiển thị"},
		{"line \"signer\" left out: there is no value for it", "bỏ dòng Ký bởi vì chứng thư số không có tên"},
		{"line \"org\" left out: there is no value for it", "bỏ dòng Cơ quan vì chứng thư số không có"},
		{"line \"title\" left out: there is no value for it", "bỏ dòng Chức vụ vì chứng thư số không có"},
		{"line \"email\" left out: there is no value for it", "bỏ dòng Email vì chứng thư số không có"},
		{"line {} left out: there is no value for it", "bỏ dòng {} vì không có giá trị"},
	}
}
