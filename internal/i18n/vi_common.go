package i18n

func viCommon() Common {
	return Common{
		ErrorPrefix:   "lỗi",
		HintPrefix:    "gợi ý",
		WarningPrefix: "cảnh báo",
		NotePrefix:    "lưu ý",
		Yes:           "có",
		No:            "không",
		None:          "không có",
		Unknown:       "không rõ",
		DateTime:      "02/01/2006 15:04:05 -07:00",
		Usage:         "Cách dùng",
		Examples:      "Ví dụ",
		Commands:      "Các lệnh",
		Flags:         "Tùy chọn",
		GlobalFlags:   "Tùy chọn chung",
		ExitCodes:     "Mã kết thúc",
		MoreHelp:      "Xem \"%s [lệnh] --help\" để biết thêm về một lệnh.",
		Version:       "kyso %s (%s, %s); đọc USB token (PKCS#11): %s",
		LoadingPDFium: "đang chuẩn bị bộ đọc trang PDF; lần đầu mất vài giây",
		Interrupted:   "đã dừng; các tệp đã ký xong vẫn còn nguyên",
		Exit: map[string]string{
			"0":   "xong; với verify: mọi chữ ký đều hợp lệ",
			"1":   "không làm được vì lý do khác với các mã dưới đây",
			"2":   "dùng sai lệnh hoặc cấu hình sai",
			"3":   "chạy nhiều tệp: có tệp không thành công",
			"4":   "verify: có ít nhất một chữ ký không hợp lệ",
			"5":   "verify: không có chữ ký sai, nhưng có chữ ký chưa kết luận được",
			"6":   "verify: tệp không có chữ ký",
			"10":  "không thấy driver, token, chứng thư số hay khóa, hoặc có nhiều lựa chọn",
			"11":  "sai mã PIN hoặc mật khẩu của khóa",
			"12":  "mã PIN đã bị khóa, hoặc chỉ còn một lần thử mà không có --allow-last-pin-try",
			"13":  "token bị rút ra hoặc bị lỗi khi đang làm việc",
			"14":  "chứng thư số không được phép ký (hết hạn, chưa có hiệu lực, bị thu hồi hay tạm dừng, sai mục đích)",
			"15":  "không được ký lên tài liệu (đã khóa, đã chứng thực, chữ ký cũ bị hỏng, không đọc được, sai mật khẩu)",
			"20":  "không dùng được dịch vụ TSA, OCSP hoặc CRL nên không đạt mức chữ ký (hoặc không biết tình trạng thu hồi) như yêu cầu",
			"130": "bị ngắt giữa chừng; phần đã xong vẫn còn, không có tệp dở dang",
		},
	}
}

func viPrompts() Prompts {
	return Prompts{
		PIN:           "Mã PIN của token \"%s\" (số %s): ",
		P12Password:   "Mật khẩu của tệp %s: ",
		KeyPassword:   "Mật khẩu của khóa %s: ",
		PDFPassword:   "Mật khẩu của tài liệu %s: ",
		TSAPassword:   "Mật khẩu TSA của tài khoản %s: ",
		Encrypt:       "Mật khẩu mới cho tài liệu: ",
		EncryptAgain:  "Nhập lại mật khẩu mới: ",
		PINPad:        "Hãy nhập mã PIN trên bàn phím của đầu đọc (token \"%s\").",
		CountLow:      "Token \"%s\" đã bị nhập sai mã PIN trước đây, số lần thử còn lại ít.",
		LastTry:       "Token \"%s\" chỉ còn MỘT lần thử mã PIN; sai lần này token sẽ bị khóa.",
		TypeYes:       "Gõ \"%s\" rồi Enter để tiếp tục: ",
		YesWord:       "đồng ý",
		SignWith:      "Ký bằng chứng thư số của %s (số sê-ri %s).",
		EnterPassword: "Mật khẩu: ",
	}
}

func viConfig() Config {
	return Config{
		Written:    "đã ghi tệp cấu hình mẫu %s",
		Header:     "Cấu hình của kyso. Mỗi khóa là tên đầy đủ của một tùy chọn, bỏ hai dấu gạch.\nBỏ dấu # ở đầu dòng để dùng. Thứ tự ưu tiên: tùy chọn, biến môi trường, hồ sơ, mặc định.",
		FromFlag:   "từ dòng lệnh",
		FromEnv:    "từ biến môi trường %s",
		FromFile:   "từ hồ sơ %s",
		Default:    "mặc định",
		NoFile:     "chưa có tệp cấu hình (%s)",
		ProfileRow: "tệp cấu hình %s, hồ sơ %s",
	}
}
