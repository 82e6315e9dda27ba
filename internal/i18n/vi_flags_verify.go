package i18n

// viFlagsVerify are usage texts by flag name; the word in back quotes names the value.
func viFlagsVerify() map[string]string {
	return map[string]string{
		"online":             "hỏi tình trạng thu hồi qua mạng",
		"verify at":          "kiểm tra tại `THỜIĐIỂM` (2026-05-12 hoặc 2026-05-12T15:00:00+07:00)",
		"expect-signer":      "người ký phải là `AI`: mã số thuế, số định danh, số sê-ri hoặc SHA-256",
		"require-level":      "mọi chữ ký phải đạt `MỨC`",
		"require-timestamp":  "phải có dấu thời gian hợp lệ",
		"require-revocation": "phải biết chắc tình trạng thu hồi",
		"ignore-revocation":  "không xét tình trạng thu hồi",
		"extract":            "ghi các bản đã ký, CMS và chứng thư vào `THƯMỤC`",
		"changes":            "ghi ảnh từng trang trước và sau thay đổi vào `THƯMỤC`",
		"report":             "ghi báo cáo ra `TỆP`.html, .json hoặc .csv",
	}
}
