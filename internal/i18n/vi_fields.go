package i18n

func viFields() Fields {
	return Fields{
		None:      "%s không có trường chữ ký.",
		Empty:     "còn trống",
		Signed:    "đã ký",
		Stamped:   "dấu thời gian của tài liệu",
		Place:     "Vị trí",
		PlacePage: "trang %d, khung %s",
		Hidden:    "trang %d, không hiển thị",
		NoPage:    "không ở trang nào",
		By:        "Người ký",
		Time:      "Lúc",
		Unread:    "không đọc được chữ ký: %v",
		Locks:     "Khóa",
		LockAll:   "mọi trường",
		LockOnly:  "các trường %s",
		LockBut:   "mọi trường trừ %s",
		LockP: map[string]string{
			"1": "sau đó không được sửa gì", "2": "sau đó chỉ được điền và ký", "3": "sau đó chỉ được điền, ký và ghi chú",
		},
		Asks:      "Yêu cầu",
		AskFormat: "định dạng %s",
		AskDigest: "hàm băm %s",
		AskReason: "lý do %s",
		AskTSA:    "dấu thời gian của %s",
		AskP:      "chứng nhận mức %d",
		Required:  "bắt buộc: %s",
		Added:     "Đã thêm trường trống \"%s\": %s",
		SignWith:  "Ký vào đó bằng: kyso sign %s --field %s",
		NeedPlace: "trường mới cần có vị trí",
	}
}

func viCommandsFields() map[string]Help {
	return map[string]Help{
		"fields": {
			Short: "Liệt kê các trường chữ ký, đã ký và còn trống; --add tạo trường trống",
			Example: `  kyso fields don.pdf
  kyso fields don.pdf --json
  kyso fields don.pdf --add GiamDoc --page last --rect 350,80,550,160`,
			Long: `Với mỗi trường chữ ký: tên, vị trí, người ký (theo chính chữ ký nêu; kyso verify mới kết luận), khóa những gì
và yêu cầu gì. --add ghi tệp mới có một trường trống cho người khác ký: a.pdf thành a.field.pdf.
Các chữ ký đã có vẫn hợp lệ; tài liệu không cho phép thì bị từ chối.`,
		},
	}
}

func viFlagsFields() map[string]string {
	return map[string]string{
		"fields add":    "tạo trường trống có `TÊN` này",
		"fields page":   "`TRANG` của trường mới: số trang hoặc last",
		"fields rect":   "khung `x1,y1,x2,y2` của trường mới, đơn vị point, gốc ở góc dưới bên trái của trang như nhìn thấy",
		"fields output": "`TỆP` kết quả của --add, - là đầu ra chuẩn; mặc định: a.pdf thành a.field.pdf",
		"fields at":     "`CHỖ` của trường mới: top-left ... bottom-right",
		"fields size":   "kích thước `WxH` của trường mới với --at, đơn vị point",
	}
}
