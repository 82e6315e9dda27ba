package i18n

func viDoctor() Doctor {
	return Doctor{
		Severity: map[string]string{"good": "tốt", "note": "lưu ý", "problem": "LỖI"},
		Sections: map[string]string{
			"machine": "Máy này", "readers": "Đầu đọc", "drivers": "Driver", "tokens": "Token",
			"certificates": "Chứng thư số", "trust": "Gốc tin cậy", "folders": "Thư mục và phần mềm",
			"network": "Mạng", "document": "Tài liệu",
		},
		Findings: viFindings(),
		Next:     viNext(),
		Nothing:  "Không có gì cản trở.",
		Summary:  "Số lỗi: %d. Số lưu ý: %d.",
		Asking:   "đang hỏi %s",
		Unnamed:  "không rõ",
	}
}

func viFindings() map[string]string {
	return merge(map[string]string{
		"system":           "kyso {version} cho {os}, {arch}",
		"no_token_support": "bản kyso này không đọc được USB token (PKCS#11)",
		"clock_unset":      "đồng hồ máy chỉ {time}, không thể đúng",
		"clock_good":       "đồng hồ máy lệch {seconds} giây so với máy chủ dấu thời gian",
		"clock_wrong":      "đồng hồ máy lệch {seconds} giây so với máy chủ dấu thời gian",

		"pcscd_running": "dịch vụ thẻ thông minh (pcscd) đang chạy",
		"pcscd_missing": "dịch vụ thẻ thông minh (pcscd) không chạy; phần lớn token cần nó",
		"reader_usb":    "đầu đọc hoặc token ở cổng USB: {product} ({vendor_id}:{product_id})",
		"reader_none":   "không thấy đầu đọc thẻ hay token nào ở cổng USB",

		"module_found":                "driver {module} ({vendor})",
		"module_refused":              "không dùng driver {module}: {reason}",
		"module_refused.wrong_arch":   "driver {module} là bản {arch}, còn kyso này là bản {system}",
		"module_refused.refused_path": "không nạp driver {module} vì người khác có thể sửa nó: {reason}",
		"module_refused.not_pkcs11":   "{module} không phải driver PKCS#11",
		"module_refused.missing":      "không có tệp driver {module}",
		"module_none":                 "không tìm thấy driver token (PKCS#11) nào",
		"module_failed":               "driver {module} báo lỗi: {reason}",
		"module_timeout":              "driver {module} không trả lời kịp",
		"module_crashed":              "driver {module} bị dừng đột ngột khi đọc token",

		"token":             "token \"{label}\", số {serial} ({manufacturer}, {model}), khe {slot}",
		"token_none":        "các driver không thấy token nào",
		"pin_count_low":     "mã PIN của token \"{label}\" đã từng nhập sai; còn ít lần thử",
		"pin_last_try":      "token \"{label}\" chỉ còn MỘT lần thử mã PIN",
		"pin_locked":        "mã PIN của token \"{label}\" đã BỊ KHÓA",
		"pin_to_be_changed": "phải đổi mã PIN của token \"{label}\" trước khi dùng",
		"pin_not_set":       "token \"{label}\" chưa có mã PIN",
		"pin_pad":           "mã PIN của token \"{label}\" được bấm trên bàn phím của chính nó",
		"pin_guard":         "lần trước kịch bản tự động đưa sai mã PIN cho token \"{label}\"; chế độ tự động đang bị chặn",

		"certificate_usable":       "chứng thư của {cn} ký được (số {serial}, đến {not_after})",
		"certificate_unusable":     "chứng thư của {cn} không ký được: {reasons} (số {serial})",
		"certificate_expires_soon": "chứng thư của {cn} ký được nhưng sẽ hết hạn ngày {not_after} (số {serial})",
		"certificate_none":         "không có chứng thư nào ký được",
	}, viFindingsMore())
}

func viFindingsMore() map[string]string {
	return map[string]string{
		"trust_anchors":    "số gốc tin cậy: {count}",
		"trust_none":       "chưa có gốc tin cậy nào, nên kyso verify không kết luận được chữ ký là của ai",
		"trust_expired":    "gốc tin cậy {name} đã hết hạn ngày {not_after}",
		"trust_unreadable": "{detail}",

		"config_file":             "tệp cấu hình {path}, hồ sơ {profile}",
		"config_folder":           "ghi được vào thư mục cấu hình {path}",
		"config_folder_unwritten": "không ghi được vào thư mục cấu hình {path}: {reason}",
		"cache_folder":            "ghi được vào thư mục nhớ tạm {path}",
		"cache_folder_unwritten":  "không ghi được vào thư mục nhớ tạm {path}: {reason}",
		"libreoffice":             "LibreOffice: {path}",
		"libreoffice_missing":     "không có LibreOffice nên không ký được .docx, .doc, .odt",

		"tsa_good":                 "máy chủ dấu thời gian {url} trả lời tốt ({milliseconds} ms)",
		"tsa_failed":               "máy chủ dấu thời gian {url} không dùng được: {reason}",
		"tsa_none":                 "chưa nêu máy chủ dấu thời gian nên chưa thử đồng hồ và dấu thời gian",
		"revocation_good":          "chứng thư của {cn} không bị thu hồi ({source})",
		"revocation_revoked":       "chứng thư của {cn} ĐÃ BỊ THU HỒI từ {since}",
		"revocation_unknown":       "không hỏi được chứng thư của {cn} có bị thu hồi hay không: {reason}",
		"revocation_not_published": "nơi cấp chứng thư của {cn} không nêu dịch vụ OCSP hay CRL",
		"revocation_no_issuer":     "không tìm thấy chứng thư của nơi cấp cho {cn}: {reason}",

		"document_unreadable":       "{name} không phải PDF hoặc bị hỏng: {reason}",
		"document_encrypted":        "{name} được mã hóa và chưa có mật khẩu đúng để mở",
		"document_converts":         "{name} không phải PDF; sign sẽ chuyển thành PDF trước",
		"document_unknown":          "{name} không phải PDF, tệp văn phòng hay ảnh",
		"document_signable":         "{name} ký được",
		"document_refused":          "{name} không ký được: {reason}",
		"document_note":             "{text}",
		"document_unsigned":         "{name} chưa có chữ ký nào",
		"document_signed":           "{name} đã có {count} chữ ký. {verdict}",
		"document_signature_broken": "chữ ký ở trường {field} đã hỏng ({code})",
		"document_empty_fields":     "{name} có trường chữ ký còn trống: {fields}",
		"document_large":            "{name} nặng {size}; các cổng như iGate nhận tối đa 6 MB",
	}
}

func viNext() map[string]string {
	return map[string]string{
		"no_token_support": "dùng bản kyso có hỗ trợ token (biên dịch với cgo); bản này vẫn ký được bằng tệp .p12",
		"clock_unset":      "chỉnh lại ngày giờ của máy",
		"clock_wrong":      "chỉnh lại ngày giờ của máy (\"timedatectl set-ntp true\" hoặc phần cài đặt ngày giờ)",

		"pcscd_missing": "chạy \"sudo apt install pcscd\" (hoặc \"sudo dnf install pcsc-lite\"), rồi \"sudo systemctl enable --now pcscd.socket\"",
		"reader_none":   "cắm token thẳng vào máy, không qua bộ chia cổng; thử cổng khác",

		"module_refused":              "cài lại driver của nhà cung cấp token",
		"module_refused.wrong_arch":   "tải bản kyso cho {arch}, hoặc cài driver bản {system} của nhà cung cấp",
		"module_refused.refused_path": "bỏ quyền ghi của người khác: \"sudo chown root\" và \"sudo chmod go-w\" cho tệp và các thư mục chứa nó",
		"module_refused.not_pkcs11":   "nêu đúng tệp bằng --module (tài liệu của nhà cung cấp gọi là PKCS#11 hoặc Cryptoki)",
		"module_refused.missing":      "xem lại tên sau --module; phải là đường dẫn đầy đủ",
		"module_none":                 "cài driver của nhà cung cấp token (ổ đĩa ảo trên token hoặc trang của nơi cấp), hoặc nêu tệp driver bằng --module",
		"module_failed":               "rút token ra cắm lại, đóng phần mềm của nhà cung cấp rồi chạy lại kyso doctor",
		"module_timeout":              "đóng phần mềm của nhà cung cấp và các chương trình đang dùng token, cắm lại rồi chạy lại kyso doctor",
		"module_crashed":              "tải driver mới nhất của nhà cung cấp; các driver khác vẫn dùng được",

		"token_none":        "cắm token vào; nếu đã cắm, cài driver của đúng nhà cung cấp: driver hãng khác không thấy được",
		"pin_count_low":     "xem lại mã PIN trước khi thử tiếp",
		"pin_last_try":      "xem lại mã PIN; sai lần nữa là khóa token. Khi đã chắc chắn, ký với --allow-last-pin-try",
		"pin_locked":        "mở khóa bằng phần mềm của nhà cung cấp (SO PIN hoặc PUK), hoặc liên hệ nơi cấp token",
		"pin_to_be_changed": "đổi mã PIN bằng phần mềm của nhà cung cấp",
		"pin_not_set":       "đặt mã PIN bằng phần mềm của nhà cung cấp",
		"pin_guard":         "chạy kyso sign một lần trên màn hình và tự nhập mã PIN; nhập đúng thì chế độ tự động lại dùng được",

		"certificate_expires_soon": "gia hạn kịp thời ở nơi cấp",
		"certificate_none":         "có token chỉ hiện chứng thư sau khi nhập PIN: thử kyso sign; nếu không được, hỏi nơi cấp token, hoặc dùng --p12 nếu khóa ở trong tệp",

		"trust_none":       "thêm gốc bằng \"kyso trust add TỆP\"; \"kyso trust add --help\" cho biết nơi công bố các gốc của Việt Nam",
		"trust_unreadable": "lấy tệp đó ra khỏi thư mục gốc tin cậy, hoặc sửa lại",

		"config_folder_unwritten": "sửa quyền của thư mục, hoặc chọn thư mục khác bằng XDG_CONFIG_HOME",
		"cache_folder_unwritten":  "sửa quyền của thư mục, hoặc chọn thư mục khác bằng XDG_CACHE_HOME; nếu không thì không nhớ được gì",
		"libreoffice_missing":     "cài LibreOffice: {install}",

		"tsa_failed":           "xem lại địa chỉ và tài khoản; nếu ra mạng qua proxy, đặt HTTPS_PROXY; nêu thêm --tsa thứ hai để dự phòng",
		"tsa_none":             "nêu máy chủ bằng --tsa",
		"revocation_revoked":   "không ký bằng chứng thư này; xin nơi cấp chứng thư mới",
		"revocation_unknown":   "xem lại mạng; nếu ra mạng qua proxy, đặt HTTP_PROXY. Mức B-LT và B-LTA cần dịch vụ này",
		"revocation_no_issuer": "nêu chứng thư của nơi cấp bằng --chain khi ký, hoặc thêm bằng \"kyso trust add\"",

		"document_unreadable":       "xuất lại tài liệu từ phần mềm gốc, hoặc sửa bằng \"qpdf {name} moi.pdf\"",
		"document_encrypted":        "đưa mật khẩu bằng --pdf-password-file hoặc biến KYSO_PDF_PASSWORD",
		"document_unknown":          "chuyển thành PDF trước",
		"document_refused":          "chạy \"kyso verify {name}\" và \"kyso fields {name}\" để xem điều gì không cho phép",
		"document_signature_broken": "xin lại tài liệu đúng như lúc ký; ký thêm không sửa được chữ ký hỏng",
		"document_empty_fields":     "ký vào một trường trong số đó bằng --field",
		"document_large":            "giảm cỡ ảnh trước khi ký",
	}
}

func viCommandsDoctor() map[string]Help {
	return map[string]Help{
		"doctor": {
			Short: "Tìm lỗi của driver, token, đồng hồ, mạng và cho biết phải làm gì",
			Example: `  kyso doctor
  kyso doctor don.pdf
  kyso doctor --online --tsa http://tsa.example.vn
  kyso doctor --json > bao-cao.json`,
			Long: `Xem dịch vụ thẻ thông minh, đầu đọc, driver (và vì sao có cái không dùng được), token, tình trạng mã PIN,
chứng thư số, gốc tin cậy, thư mục và LibreOffice; có TỆP thì xem thêm tài liệu đó ký được không. Không hỏi mã PIN.
Với --online còn thử đồng hồ, máy chủ dấu thời gian và dịch vụ thu hồi của các chứng thư tìm thấy.
Mã kết thúc 0: không có lỗi; 10: không có driver, token hay chứng thư; 1: có lỗi khác.`,
		},
	}
}

func viFlagsDoctor() map[string]string {
	return map[string]string{
		"doctor online": "thử cả máy chủ dấu thời gian và dịch vụ thu hồi",
		"doctor tsa":    "`URL` máy chủ dấu thời gian để thử với --online (lặp lại được)",
	}
}
