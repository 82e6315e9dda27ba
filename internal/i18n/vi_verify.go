package i18n

func viVerify() Verify {
	return Verify{
		Verdicts: map[string]string{
			"valid":         "HỢP LỆ: mọi chữ ký trong %s đều hợp lệ.",
			"valid_changed": "HỢP LỆ, CÓ BỔ SUNG: chữ ký trong %s hợp lệ; sau khi ký có thay đổi được phép.",
			"indeterminate": "CHƯA KẾT LUẬN ĐƯỢC: chữ ký trong %s không sai, nhưng chưa đủ căn cứ để công nhận.",
			"invalid":       "KHÔNG HỢP LỆ: có chữ ký sai trong %s. Không dùng tài liệu này.",
			"unsigned":      "KHÔNG CÓ CHỮ KÝ: %s chưa được ký số.",
			"unreadable":    "KHÔNG ĐỌC ĐƯỢC: %s bị hỏng, có mật khẩu hoặc không phải là PDF.",
		},
		Advice: map[string]string{
			"valid":         "Có thể tiếp nhận.",
			"valid_changed": "Có thể tiếp nhận; xem các thay đổi bên dưới.",
			"indeterminate": "Xem lý do bên dưới trước khi tiếp nhận.",
			"invalid":       "Yêu cầu người gửi ký lại từ bản gốc.",
			"unsigned":      "Yêu cầu người gửi ký số.",
			"unreadable":    "Yêu cầu người gửi gửi lại, hoặc đưa mật khẩu bằng --pdf-password-file.",
		},
		Signature:    "Chữ ký %d (trường %s)",
		DocTimestamp: "Dấu thời gian tài liệu %d (trường %s)",
		Indications: map[string]string{
			"TOTAL_PASSED": "hợp lệ", "TOTAL_FAILED": "không hợp lệ", "INDETERMINATE": "chưa kết luận được",
		},
		Result:       "Kết quả",
		SignedBy:     "Người ký",
		Issuer:       "Tổ chức cấp chứng thư số",
		Manager:      "Tổ chức quản lý chứng thư số",
		Time:         "Thời gian ký",
		Integrity:    "Tính toàn vẹn",
		ValidAtTime:  "Hiệu lực tại thời điểm ký",
		Validity:     "Thời hạn chứng thư số",
		Organization: "Cơ quan, tổ chức",
		Email:        "Email",
		TaxCode:      "Mã số thuế",
		PersonalID:   "Số định danh",
		Serial:       "Số sê-ri",
		TimeProven:   "%s (có dấu thời gian: %s)",
		TimeClaimed:  "%s (theo máy người ký, chưa có dấu thời gian chứng minh)",
		TimeNone:     "không ghi",
		Proofs: map[string]string{
			"signature_timestamp": "của chữ ký", "document_timestamp": "của tài liệu", "none": "không có",
		},
		Integrities: map[string]string{
			"intact": "nguyên vẹn, không bị sửa kể từ khi ký", "broken": "ĐÃ BỊ SỬA sau khi ký",
			"unprocessable": "không đọc được chữ ký",
		},
		Coverage: "Phạm vi ký",
		Coverages: map[string]string{
			"entire_file": "toàn bộ tệp", "entire_revision": "toàn bộ tài liệu tại lúc ký; sau đó có ghi thêm",
			"partial": "CHỈ MỘT PHẦN tài liệu", "invalid": "phạm vi ký không hợp lệ",
		},
		Changes: "Thay đổi sau khi ký",
		ChangesAfter: map[string]string{
			"none": "không có", "permitted": "có, thuộc loại được phép", "forbidden": "CÓ, KHÔNG ĐƯỢC PHÉP", "unknown": "có, chưa đánh giá được",
		},
		ChangeKinds:   viChangeKinds(),
		ChangeLine:    "bản %d: %s %s",
		Certification: "Chứng thực của tác giả",
		Certified: map[string]string{
			"1": "không cho phép thay đổi nào", "2": "chỉ cho điền biểu mẫu và ký", "3": "cho điền biểu mẫu, ký và ghi chú",
		},
		Level:     "Mức chữ ký",
		Algorithm: "Thuật toán",
		Trust:     "Tin cậy",
		Trusts: map[string]string{
			"trusted": "nơi cấp thuộc danh sách tin cậy", "untrusted": "nơi cấp KHÔNG được tin cậy", "unknown": "chưa biết nơi cấp",
		},
		Anchor:     "%s",
		Revocation: "Tình trạng thu hồi",
		Revocations: map[string]string{
			"good": "chưa bị thu hồi", "revoked": "ĐÃ BỊ THU HỒI", "unknown": "chưa kiểm tra được",
			"not_published": "nơi cấp không công bố", "ignored": "không xét (theo yêu cầu)",
		},
		RevokedFrom:   "(%s, %s, %s)",
		Sources:       map[string]string{"ocsp": "OCSP", "crl": "CRL", "none": "không có nguồn", "embedded": "có trong tệp", "online": "hỏi qua mạng", "file": "từ tệp"},
		Timestamps:    "Dấu thời gian",
		TimestampLine: "%s, %s, do %s cấp: %s",
		Good:          "hợp lệ",
		Bad:           "không hợp lệ",
		Reasons:       "Lý do",
		Codes:         viCodes(),
		Revision:      "bản %d trong %d bản",
		Between:       "từ %s đến %s",
		AtSigning: map[string]string{
			"valid":         "chứng thư số còn hiệu lực",
			"expired":       "chứng thư số ĐÃ HẾT HẠN",
			"not_yet_valid": "chứng thư số CHƯA CÓ HIỆU LỰC",
			"revoked":       "chứng thư số ĐÃ BỊ THU HỒI",
			"unknown":       "chưa xác định được",
		},
		NotChecked: "chưa xác định được",
		Summary:    "%d tệp: %s",
		Extracted:  "đã tách các bản đã ký, CMS và chứng thư vào %s",
		Truncated:  "còn %d thay đổi nữa; xem đủ bằng --json",
	}
}

func viChangeKinds() map[string]string {
	return map[string]string{
		"form_fill": "điền biểu mẫu", "new_signature": "thêm chữ ký", "dss": "thêm dữ liệu kiểm tra lâu dài",
		"timestamp": "thêm dấu thời gian", "annotation": "ghi chú", "metadata": "thông tin tài liệu",
		"content": "NỘI DUNG TRANG", "structure": "cấu trúc tài liệu",
	}
}
