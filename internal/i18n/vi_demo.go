package i18n

func viDemo() Demo {
	return Demo{
		Start:     "kyso demo: ký thử một đơn đề nghị, không cần token và không dùng mạng",
		Keys:      "tạo nơi cấp chứng thư, người ký NGUYỄN VĂN A và máy chủ dấu thời gian dùng thử",
		Signing:   "ký PAdES B-T, đặt chữ ký dưới dòng \"(Ký, ghi rõ họ và tên)\"",
		Verifying: "kiểm tra chữ ký vừa tạo",
		Drawing:   "vẽ trang đã ký (lần đầu mất vài giây)",
		Done:      "Xong sau %.1f giây. Các tệp đã ghi:",
		Form:      "Đơn chưa ký",
		Signed:    "Đơn đã ký",
		Picture:   "Ảnh trang đã ký",
		P12:       "Khóa dùng thử (.p12, mật khẩu \"%s\")",
		Root:      "Chứng thư gốc dùng thử",
		Verdict:   "Kết quả kiểm tra",
		Next:      "Thử tiếp:",
		TryVerify: "kiểm tra lại: %s",
		TrySign:   "tự ký: %s",
		TryList:   "xem chứng thư số trong tệp khóa: %s",
		TryFlip:   "xem chứng thư số trên token của bạn: %s",
		NotReal:   "Khóa và chứng thư ở đây chỉ để thử, không có giá trị pháp lý.",
	}
}
