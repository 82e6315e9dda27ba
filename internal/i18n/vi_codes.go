package i18n

// viCodes are the reasons of verify by their stable codes. A code that is not
// here is shown with its English message.
func viCodes() map[string]string {
	return map[string]string{
		"HASH_FAILURE":                      "nội dung đã bị sửa sau khi ký",
		"SIG_CRYPTO_FAILURE":                "giá trị chữ ký không khớp với khóa trong chứng thư số",
		"FORMAT_FAILURE":                    "chữ ký không đúng định dạng",
		"NO_CERTIFICATE_CHAIN_FOUND":        "không dựng được đường tin cậy tới chứng thư gốc; thêm gốc bằng --trust hoặc kyso trust add",
		"CERTIFICATE_CHAIN_GENERAL_FAILURE": "đường chứng thực không hợp lệ",
		"NO_SIGNING_CERTIFICATE_FOUND":      "không tìm thấy chứng thư số của người ký",
		"REVOKED":                           "chứng thư số đã bị thu hồi tại thời điểm ký",
		"REVOKED_NO_POE":                    "chứng thư số đã bị thu hồi và không có bằng chứng đã ký trước đó",
		"REVOKED_CA_NO_POE":                 "chứng thư của nơi cấp đã bị thu hồi",
		"EXPIRED":                           "chứng thư số đã hết hạn",
		"OUT_OF_BOUNDS_NO_POE":              "chứng thư số đã hết hạn và không có bằng chứng đã ký khi còn hạn",
		"NOT_YET_VALID":                     "ký khi chứng thư số chưa có hiệu lực",
		"REVOCATION_UNKNOWN":                "chưa biết chứng thư số có bị thu hồi không; hỏi qua mạng bằng --online",
		"TRY_LATER":                         "chưa đủ thông tin thu hồi; thử lại sau",
		"CHAIN_CONSTRAINTS_FAILURE":         "chứng thư số không đáp ứng điều kiện sử dụng",
		"CRYPTO_CONSTRAINTS_FAILURE":        "thuật toán hoặc độ dài khóa không còn an toàn",
		"CRYPTO_CONSTRAINTS_FAILURE_NO_POE": "thuật toán không còn an toàn và không chứng minh được thời điểm ký",
		"SIG_CONSTRAINTS_FAILURE":           "chữ ký không đáp ứng điều kiện yêu cầu",
		"TIMESTAMP_ORDER_FAILURE":           "thứ tự các dấu thời gian không hợp lý",
		"SIGNED_DATA_NOT_FOUND":             "không tìm thấy dữ liệu được ký",
		"POLICY_PROCESSING_ERROR":           "không xử lý được chính sách chữ ký",
		"GENERIC":                           "không kiểm tra được",
		"FORBIDDEN_CHANGES":                 "sau khi ký tài liệu bị thay đổi ngoài phạm vi cho phép",
		"CHANGES_UNKNOWN":                   "có phần ghi thêm sau khi ký chưa đánh giá được",
		"TRAILING_DATA":                     "cuối tệp có dữ liệu thừa không thuộc bản nào",
		"UNREADABLE":                        "không đọc được tệp",
		"PASSWORD":                          "tệp có mật khẩu",
		"TIMESTAMP_REQUIRED":                "yêu cầu phải có dấu thời gian nhưng chữ ký không có",
		"LEVEL_REQUIRED":                    "mức chữ ký thấp hơn yêu cầu",
		"SIGNER_MISMATCH":                   "người ký không phải là người được mong đợi",
		"REVOCATION_IGNORED":                "không xét tình trạng thu hồi theo yêu cầu",
	}
}
