package i18n

// viTokenKinds say what a token's return value means; the value's name follows.
func viTokenKinds() map[string]string {
	return map[string]string{
		"device":             "token báo hỏng phần cứng (%s)",
		"memory":             "token hoặc máy đã hết bộ nhớ (%s)",
		"session":            "phiên làm việc với token bị mất (%s)",
		"session_limit":      "token không nhận thêm phiên làm việc (%s)",
		"read_only":          "token đang bị khóa ghi (%s)",
		"canceled":           "thao tác bị hủy ở bàn phím nhập PIN hoặc trong driver (%s)",
		"not_initialized":    "driver chưa sẵn sàng (%s)",
		"driver":             "driver của token bị lỗi (%s)",
		"already_logged_in":  "driver báo token đã có người đăng nhập (%s)",
		"another_logged_in":  "một người dùng khác đang đăng nhập vào token (%s)",
		"not_logged_in":      "token đòi đăng nhập lại giữa chừng (%s)",
		"mechanism":          "token không làm được kiểu chữ ký này (%s)",
		"key":                "token không cho dùng khóa này để ký (%s)",
		"token_unrecognized": "driver không nhận ra token này (%s)",
		"other":              "token bị lỗi khi đang làm việc (%s)",
	}
}

// viTokenHints are the next step for each of them.
func viTokenHints() map[string]string {
	const again = "cắm lại token, thử cả cổng khác, rồi chạy lại; các tệp đã ký xong không phải ký lại"
	const alone = "đóng các chương trình khác đang dùng token (phần mềm ký, trình duyệt), cắm lại token rồi chạy lại"
	const driver = "cài driver mới nhất của nhà cung cấp rồi chạy \"kyso doctor\""
	return map[string]string{
		"device":             again + "; nếu vẫn lỗi thì liên hệ nơi cấp token",
		"memory":             alone,
		"session":            alone,
		"session_limit":      alone,
		"read_only":          "mở khóa ghi bằng phần mềm của nhà cung cấp, hoặc liên hệ nơi cấp token",
		"canceled":           "chạy lại và xác nhận trên bàn phím nhập PIN",
		"not_initialized":    driver,
		"driver":             driver,
		"already_logged_in":  alone,
		"another_logged_in":  alone,
		"not_logged_in":      alone,
		"mechanism":          "thử --scheme pkcs1 hoặc --digest sha256",
		"key":                "chọn chứng thư khác: xem bằng \"kyso list-certs\"",
		"token_unrecognized": "chọn driver của đúng nhà cung cấp bằng --module, hoặc chạy \"kyso doctor\"",
		"other":              again,
	}
}
