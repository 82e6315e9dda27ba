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

		"revocation-order":        "hỏi OCSP hay CRL trước: `THỨTỰ` ocsp,crl (mặc định) hoặc crl,ocsp",
		"ocsp":                    "`TỆP` trả lời OCSP đã tải về (dùng được nhiều lần)",
		"crl":                     "`TỆP` CRL đã tải về (dùng được nhiều lần)",
		"max-requests":            "mỗi tệp hỏi nhiều nhất `N` lần tới địa chỉ trong chứng thư (mặc định 10)",
		"sign online":             "hỏi OCSP và CRL về chứng thư số của người ký trước khi ký",
		"sign require-revocation": "không ký khi chưa biết chắc chứng thư số chưa bị thu hồi",
		"timeout":                 "chờ mỗi driver nhiều nhất `THỜIGIAN` khi đọc chứng thư số (mặc định 10s)",
		"tsa-timeout":             "chờ mỗi TSA nhiều nhất `THỜIGIAN`, cả các lần thử lại (mặc định 180s)",
		"vri":                     "ghi thêm mục /VRI cho từng chữ ký (mức B-LT, B-LTA)",
	}
}
