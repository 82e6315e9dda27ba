package i18n

func viListCerts() ListCerts {
	return ListCerts{
		CanSign:      "ký được",
		CannotSign:   "không ký được: %s",
		Subject:      "Chủ thể",
		Organization: "Cơ quan",
		Title:        "Chức vụ",
		Email:        "Email",
		TaxCode:      "Mã số thuế",
		PersonalID:   "Số định danh",
		Issuer:       "Nơi cấp",
		Serial:       "Số sê-ri",
		Validity:     "Hiệu lực",
		Between:      "từ %s đến %s",
		Key:          "Khóa",
		Token:        "Token",
		TokenLine:    "%s (số %s, khe %d)",
		Module:       "Driver",
		File:         "Tệp",
		KeyID:        "CKA_ID",
		Fingerprint:  "SHA-256",
		KeyAssumed:   "token chỉ cho xem khóa sau khi nhập PIN",
		Use:          "Dùng --cert %d để ký bằng chứng thư số này.",
		NoneShown:    "không có chứng thư số nào",
		HiddenToken:  "token \"%s\" (khe %d) chỉ cho xem chứng thư số sau khi nhập PIN; lệnh sign sẽ hỏi",
		NotAll:       "còn %d chứng thư không dùng để ký; thêm --all để xem",
		ModuleFailed: "%s",
		Expires:      "còn %d ngày",
		Unparsable:   "(không đọc được)",
	}
}
