package i18n

func viInspect() Inspect {
	return Inspect{
		Codes: map[string]string{
			"HIDDEN_OBJECTS":          "trong tệp có đối tượng bị giấu, về sau có thể hiện ra thay cho nội dung đang thấy",
			"UNREFERENCED_PAGES":      "trong tệp có trang hoặc nội dung trang không hiển thị ở đâu cả",
			"COVERED_CONTENT":         "có chữ bị hình hoặc ghi chú che kín; bỏ lớp che đi sẽ thấy nội dung khác",
			"VALUE_APPEARANCE_DIFFER": "một ô biểu mẫu hiển thị khác với giá trị của nó",
			"JAVASCRIPT":              "tài liệu có mã JavaScript, có thể làm nội dung hiển thị thay đổi",
			"OPTIONAL_CONTENT":        "tài liệu có lớp nội dung bật tắt được, mỗi người có thể thấy một khác",
			"EXTERNAL":                "tài liệu dẫn ra tệp, chương trình hoặc địa chỉ bên ngoài",
			"XFA":                     "biểu mẫu có phần XFA, phần mềm đọc có thể hiển thị phần này thay cho trang",
			"EMBEDDED_FILES":          "trong tài liệu có đính kèm tệp khác; chữ ký bao cả tệp đó",
			"NEED_APPEARANCES":        "tài liệu yêu cầu phần mềm đọc tự vẽ lại các ô biểu mẫu, mỗi nơi có thể vẽ một khác",
			"XML_BOMB":                "dữ liệu XML trong tệp có khai báo thực thể, có thể làm treo phần mềm đọc",
			"TRAILING_BYTES":          "cuối tệp có dữ liệu thừa không thuộc tài liệu",
			"JUNK_BEFORE_HEADER":      "có dữ liệu đứng trước phần mở đầu của tệp PDF",
			"NOT_SCANNED":             "chưa xem hết được tài liệu này, vì quá lớn hoặc có chỗ hỏng",
		},
		Page:    "trang %d",
		Field:   "trường %s",
		Object:  "đối tượng %d",
		More:    "và %d chỗ khác",
		Refused: "không ký vì --strict-input và tài liệu có: %s",
		Hint:    "xem lại tài liệu; nếu vẫn muốn ký, bỏ --strict-input",
		Detail:  "xem chi tiết bằng --verbose; --strict-input từ chối ký tài liệu như vậy",
	}
}
