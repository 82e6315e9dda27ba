package i18n

func viErrors() Errors {
	return Errors{
		Usage:               "dùng sai lệnh: %v",
		UnknownCommand:      "không có lệnh \"%s\"",
		UnknownFlag:         "không có tùy chọn %s",
		FlagValue:           "giá trị của --%s không đúng: %v",
		FlagNoValue:         "--%s cần một giá trị",
		FlagsTogether:       "không dùng --%s cùng với --%s",
		FlagNeeds:           "--%s cần có --%s",
		NoFiles:             "chưa cho biết tệp nào",
		ConfigFile:          "tệp cấu hình %s sai: %v",
		Interrupted:         "đã bị ngắt",
		NotFound:            "không tìm thấy %s",
		NotAllowed:          "không có quyền truy cập %s",
		IsFolder:            "%s là thư mục",
		NotPicture:          "%s không phải là ảnh; --join chỉ gộp các ảnh",
		SchemeNeedsRSA:      "--scheme %s cần khóa RSA, khóa này là %s",
		NotRegular:          "%s không phải là tệp thường",
		OutputExists:        "tệp kết quả %s đã có sẵn",
		OutputIsInput:       "tệp kết quả %s chính là tệp đầu vào; tệp gốc không bao giờ bị ghi đè",
		BinaryToTerminal:    "không ghi tệp PDF ra màn hình",
		OneOutput:           "-o chỉ dùng được với một tệp",
		Collision:           "hai tệp đầu vào %[2]s và %[3]s có cùng tệp kết quả %[1]s",
		StdinTwice:          "đầu vào chuẩn (-) chỉ dùng được một lần",
		NoTokenSupport:      "bản kyso này được dựng không có phần đọc USB token (PKCS#11)",
		NoToken:             "không tìm thấy token hay chứng thư số nào",
		NoCertificate:       "không có chứng thư số nào ký được",
		NoCertificateFits:   "không có chứng thư số nào khớp với \"%s\"",
		AmbiguousAny:        "có %d chứng thư số ký được, cần chọn một",
		Ambiguous:           "\"%s\" khớp với %d chứng thư số, cần chọn rõ hơn",
		NoKey:               "trên token không có khóa bí mật của chứng thư số này",
		KeyMismatch:         "khóa không thuộc về chứng thư số: chữ ký thử không kiểm tra được",
		Mechanism:           "token không hỗ trợ kiểu chữ ký %s",
		Scheme:              "khóa này không ký được theo kiểu đã yêu cầu",
		ModuleKinds:         viModuleKinds(),
		ModuleOther:         "driver %s bị lỗi: %v",
		PINKinds:            viPINKinds(),
		PINRetries:          "còn %d lần thử",
		WrongPassword:       "sai mật khẩu của tệp khóa",
		NoPIN:               "cần mã PIN nhưng không có chỗ nào để hỏi",
		NoTerminal:          "không có màn hình để hỏi mã PIN hay mật khẩu (--%s)",
		NoTokenFits:         "không có token nào khớp với %s; đang cắm: %s",
		KeyFile:             "%s không phải là tệp khóa đọc được",
		CertificateFile:     "%s không phải là tệp chứng thư số đọc được",
		TSAAddress:          "địa chỉ ở --tsa phải bắt đầu bằng http:// hoặc https://",
		EmptyFile:           "%s là tệp rỗng (0 byte)",
		SecretFileMode:      "tệp bí mật %s đang cho người khác đọc",
		SecretEmpty:         "%s rỗng",
		TokenRemoved:        "token đã bị rút ra",
		TokenFailed:         "token bị lỗi khi đang làm việc: %v",
		TokenKinds:          viTokenKinds(),
		TokenTimeout:        "token không trả lời trong thời gian cho phép",
		CertificateUnusable: "chứng thư số này không được phép ký: %s",
		CertificateRevoked:  "chứng thư số đã bị thu hồi từ %s",
		CertificateHeld:     "chứng thư số đang bị tạm dừng từ %s",
		IssuerRevoked:       "chứng thư của nơi cấp (%s) đã bị thu hồi từ %s",
		TSARevoked:          "chứng thư của máy chủ dấu thời gian đã bị thu hồi từ %s",
		Reasons:             viReasons(),
		Refused:             viRefused(),
		RefusedDetail:       "%s: %s",
		PageKinds:           viPlaceKinds(),
		Fit:                 "nội dung chữ ký không đặt vừa khung %.0f x %.0f pt ở cỡ chữ đọc được",
		Glyph:               "phông chữ không có ký tự %q",
		Font:                "không dùng được tệp phông chữ: %v",
		Template:            "--text sai ở dòng %d, cột %d: %v",
		Picture:             "không dùng được ảnh: %v",
		OfficeMissing:       "chưa cài LibreOffice nên không chuyển được tệp văn phòng sang PDF",
		OfficeFailed:        "LibreOffice không chuyển được %s: %v",
		UnknownKind:         "%s không phải là PDF, tệp văn phòng hay ảnh",
		LevelNotReached:     "không đạt mức %s (mới đạt %s): %v",
		TSARefused:          "máy chủ dấu thời gian từ chối: %v",
		TSABad:              "máy chủ dấu thời gian trả lời sai: %v",
		Network:             viNetwork(),
		Damage:              viDamage(),
		Files:               viFiles(),
		OutsideFolder:       "%s dẫn ra ngoài thư mục kết quả %s qua một liên kết",
		SelfCheck:           "tệp vừa ký không qua được bước tự kiểm tra nên đã bị bỏ: %v",
		VerifyFailed:        "tệp vừa ký không qua được bước kiểm tra lại (%s) nên đã bị bỏ",
		EncryptSigned:       "tài liệu đã có chữ ký; đặt mật khẩu sẽ làm hỏng các chữ ký đó",
		EncryptEncrypted:    "tài liệu đã có mật khẩu rồi",
		EncryptFailed:       "không đặt được mật khẩu cho tài liệu: %v",
		RepairSigned:        "tài liệu bị hỏng và đã có chữ ký; sửa lại sẽ làm mất chữ ký đó nên không sửa",
		RepairEncrypted:     "tài liệu vừa bị hỏng vừa có mật khẩu nên không sửa được",
		RepairFailed:        "không sửa được tài liệu bị hỏng: %v",
		MaxSize:             "tệp sau khi ký sẽ lớn %s, vượt giới hạn %s",
		Trust:               "không đọc được chứng thư tin cậy ở %s: %v",
		ConfigKey:           "tệp cấu hình %s, dòng %d: không có khóa \"%s\"",
		Unsigned:            "tài liệu chưa có chữ ký nào",
		SomeFailed:          "%d trong %d tệp không thành công",
		PasswordsDiffer:     "hai lần nhập mật khẩu không giống nhau",
		NotConfirmed:        "chưa được đồng ý, không ký",
		Other:               "%v",
	}
}

func viModuleKinds() map[string]string {
	return map[string]string{
		"missing":      "không có tệp driver %s",
		"wrong_arch":   "driver %s dành cho kiến trúc máy khác với bản kyso này",
		"not_pkcs11":   "%s không phải là driver PKCS#11",
		"timeout":      "driver %s không trả lời trong thời gian cho phép",
		"crashed":      "driver %s bị sập khi đọc token",
		"refused_path": "không nạp driver %s vì đường dẫn không an toàn (phải là đường dẫn tuyệt đối, người khác không sửa được)",
		"failed":       "driver %s báo lỗi",
		"no_support":   "bản kyso này không nạp được driver %s (dựng không có PKCS#11)",
	}
}

func viPINKinds() map[string]string {
	return map[string]string{
		"incorrect":       "sai mã PIN",
		"locked":          "mã PIN đã bị khóa",
		"last_try":        "chỉ còn một lần thử mã PIN, không tự thử",
		"count_low":       "mã PIN đã bị nhập sai trước đây, không tự thử khi không có người nhập",
		"expired":         "mã PIN đã hết hạn, cần đổi bằng phần mềm của nhà cung cấp",
		"to_be_changed":   "mã PIN phải được đổi trước khi dùng",
		"not_initialized": "token chưa được đặt mã PIN",
		"length":          "mã PIN có độ dài không đúng",
		"guard":           "mã PIN lần trước đã sai; không tự thử lại để khỏi khóa token",
	}
}

func viReasons() map[string]string {
	return map[string]string{
		"expired":         "đã hết hạn",
		"not_yet_valid":   "chưa đến ngày có hiệu lực",
		"ca":              "là chứng thư của tổ chức cấp, không dùng để ký tài liệu",
		"no_key":          "không có khóa bí mật đi kèm",
		"key_usage":       "không có quyền ký dữ liệu",
		"weak_key":        "khóa quá ngắn (RSA dưới 2048 bit hoặc EC dưới 256 bit)",
		"unsupported_key": "loại khóa chưa được hỗ trợ",
		"unparsable":      "không đọc được nội dung chứng thư",
	}
}

func viRefused() map[string]string {
	return map[string]string{
		"certified":        "tác giả đã chứng thực tài liệu và không cho phép thay đổi này",
		"certify_first":    "tài liệu đã có chữ ký; chữ ký chứng thực (--certify) phải là chữ ký đầu tiên",
		"locked":           "một chữ ký trước đã khóa tài liệu hoặc trường này",
		"permissions":      "chủ tài liệu không cho phép ký (quyền của tệp có mật khẩu)",
		"encrypted":        "tài liệu có mật khẩu",
		"damaged":          "tài liệu không phải là PDF hoặc bị hỏng",
		"limit":            "tài liệu vượt giới hạn mà kyso đọc được",
		"field_missing":    "không có trường chữ ký như yêu cầu",
		"field_filled":     "trường chữ ký này đã được ký",
		"field_exists":     "đã có trường mang tên này",
		"broken_signature": "tài liệu có chữ ký trước đó đã bị hỏng",
		"max_size":         "tệp sau khi ký vượt giới hạn dung lượng",
		"xfa":              "tài liệu là biểu mẫu XFA động, không ký được",
		"seed_value":       "trường chữ ký đòi hỏi điều chưa được đáp ứng",
	}
}

func viPlaceKinds() map[string]string {
	return map[string]string{
		"page":             "trang không đúng: %s",
		"place":            "vị trí chữ ký không hợp lý: %s",
		"off_page":         "khung chữ ký nằm ra ngoài trang: %s",
		"covers_signature": "khung chữ ký đè lên chữ ký khác: %s",
		"text_missing":     "không đặt được chữ ký: %s",
		"text_ambiguous":   "--nth không đúng: %s",
		"no_finder":        "không đọc được chữ trong tài liệu: %s",
	}
}

func viDamage() map[string]string {
	return map[string]string{
		"no %PDF- header":         "tệp không bắt đầu bằng %PDF-",
		"no startxref at the end": "thiếu phần cuối tệp, có thể tải về hoặc chép chưa xong",
	}
}

func viFiles() map[string]string {
	return map[string]string{
		"not_a_folder":   "không ghi được vào %s: trên đường dẫn có một tệp, không phải thư mục",
		"read_only_disk": "%s nằm trên ổ đĩa chỉ đọc",
		"file_too_large": "%s lớn hơn mức mà ổ đĩa hoặc hệ thống cho phép",
		"disk_error":     "ổ đĩa báo lỗi khi đọc hoặc ghi %s",
		"no_sync":        "ổ đĩa chứa %s không bảo đảm giữ được dữ liệu đã ghi (không hỗ trợ đồng bộ)",
		"name_too_long":  "tên tệp quá dài: %s",
		"link_loop":      "%s là một liên kết trỏ vòng về chính nó",
		"too_many_open":  "hệ thống không cho mở thêm tệp (khi mở %s)",
	}
}

func viNetwork() map[string]string {
	return map[string]string{
		"refused_address": "từ chối kết nối tới %s vì đó là địa chỉ nội bộ",
		"timeout":         "%s không trả lời trong thời gian cho phép",
		"too_large":       "%s trả lời quá dài",
		"status":          "%s báo lỗi HTTP",
		"content_type":    "%s trả lời không đúng loại dữ liệu",
		"network":         "không kết nối được tới %s",
		"scheme":          "địa chỉ %s không phải http hay https",
		"redirect":        "%s chuyển hướng quá nhiều lần hoặc tới nơi không được phép",
		"budget":          "đã dùng hết số lần kết nối cho phép (%s)",
		"canceled":        "kết nối tới %s bị ngắt",
	}
}
