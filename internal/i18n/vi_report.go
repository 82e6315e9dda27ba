package i18n

func viReport() Report {
	return Report{
		Title:     "Kết quả kiểm tra chữ ký số",
		Made:      "Lập lúc %s bằng %s",
		File:      "Tệp",
		Size:      "Dung lượng",
		Hash:      "SHA-256",
		Revisions: "Số lần ghi",
		Signed:    "Chữ ký %d, trang %d, lúc ký",
		Now:       "Trang %d, hiện nay",
		NoPage:    "không có trang này",
		FirstPage: "Trang %d của tài liệu",
		Pictures:  "Các trang khác nhau giữa lúc ký và hiện nay (khung đỏ)",
		More:      "và %d trang khác nữa; xem đủ bằng --changes",
	}
}
