package i18n

// viFlagsBase are usage texts by flag name; the word in back quotes names the value.
func viFlagsBase() map[string]string {
	return map[string]string{
		"lang":                  "ngôn ngữ hiển thị: vi hoặc en",
		"json":                  "mỗi tệp (hoặc chứng thư) một dòng JSON trên đầu ra chuẩn",
		"quiet":                 "chỉ in lỗi ra stderr",
		"verbose":               "in từng lần gọi mạng và gọi token cùng thời gian",
		"no-progress":           "không vẽ thanh tiến độ",
		"config":                "`TỆP` cấu hình thay cho tệp mặc định",
		"profile":               "`TÊN` hồ sơ trong tệp cấu hình",
		"help":                  "hiện trợ giúp",
		"module":                "`TỆP` driver PKCS#11 (dùng được nhiều lần); mặc định tự tìm",
		"token":                 "chỉ dùng token có `NHÃN` này",
		"token-serial":          "chỉ dùng token có `SỐ` này",
		"slot":                  "chỉ dùng khe số `N`",
		"p12":                   "`TỆP` khóa .p12/.pfx thay cho token",
		"p12-password-file":     "`TỆP` chứa mật khẩu của .p12 (hoặc biến KYSO_P12_PASSWORD)",
		"list-certs all":        "cả chứng thư của nơi cấp và chứng thư không có khóa",
		"show-ids":              "hiện đầy đủ số định danh cá nhân",
		"force":                 "thay tệp kết quả đã có",
		"out-dir":               "ghi kết quả vào `THƯMỤC`, giữ tên tệp",
		"recursive":             "cả các thư mục con của thư mục được nêu",
		"trust":                 "thêm gốc tin cậy từ `TỆP` hoặc thư mục (dùng được nhiều lần)",
		"trust-system":          "tin cả các gốc của hệ điều hành",
		"allow-private-network": "cho phép địa chỉ nội bộ ghi trong chứng thư (AIA, CRL, OCSP)",
		"pdf-password-file":     "`TỆP` chứa mật khẩu mở tài liệu (hoặc biến KYSO_PDF_PASSWORD)",
		"demo output":           "`THƯMỤC` ghi kết quả",
		"demo out-dir":          "như -o",
		"version":               "in phiên bản",
	}
}
