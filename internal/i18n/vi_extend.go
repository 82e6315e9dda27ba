package i18n

func viExtend() Extend {
	return Extend{
		Extended:   "Đã nâng mức: %s",
		Stamped:    "Đã gắn dấu thời gian: %s",
		Already:    "%s đã ở mức %s; kết quả là bản sao",
		Level:      "Mức",
		Timestamp:  "Dấu thời gian",
		At:         "%s, do %s cấp",
		Signatures: "Số chữ ký",
		Added:      "Đã thêm",
		Revisions:  "%d bản cập nhật phía sau nội dung đã ký",
		Verdict:    "Kiểm tra",
		Size:       "Dung lượng",
		Summary:    "Xong %d tệp, %d tệp không thành công, tổng cộng %d.",
		Refresh:    "Nâng lại trước",
	}
}

func viCommandsExtend() map[string]Help {
	return map[string]Help{
		"extend": {
			Short: "Nâng tệp đã ký lên mức B-T, B-LT hoặc B-LTA, hoặc làm mới dấu thời gian lưu trữ",
			Example: `  kyso extend don.signed.pdf --tsa http://tsa.example.vn
  kyso extend don.signed.pdf --level B-LT --tsa http://tsa.example.vn
  kyso extend *.signed.pdf --out-dir luu-tru --tsa http://tsa.example.vn`,
			Long: `Thêm vào sau nội dung đã ký những gì giúp chứng minh được chữ ký sau nhiều năm: dấu thời gian, các chứng thư
và dữ liệu thu hồi (hỏi qua mạng), rồi một dấu thời gian bao trùm tất cả. Ai ký cũng được; không cần khóa và
các chữ ký cũ vẫn hợp lệ. a.pdf thành a.extended.pdf. Tệp đã ở mức B-LTA được thêm dấu thời gian lưu trữ mới.
Với B-LT và B-LTA phải có gốc tin cậy: xem kyso trust.`,
		},
		"timestamp": {
			Short: "Gắn dấu thời gian cho tài liệu, không cần khóa của người ký",
			Example: `  kyso timestamp don.pdf --tsa http://tsa.example.vn
  kyso timestamp don.pdf --tsa http://tsa.example.vn -o don.ts.pdf
  kyso timestamp don.pdf --tsa http://tsa.example.vn --json`,
			Long: `Chứng minh tài liệu đã có ở một thời điểm, dù đã ký hay chưa: một dấu thời gian của máy chủ bao trùm tất cả.
a.pdf thành a.timestamped.pdf.`,
		},
	}
}

func viFlagsExtend() map[string]string {
	return map[string]string{
		"extend level":     "`MỨC` B-T, B-LT hoặc B-LTA; mặc định: B-LTA",
		"extend output":    "`TỆP` kết quả, - là đầu ra chuẩn; mặc định: a.pdf thành a.extended.pdf",
		"timestamp output": "`TỆP` kết quả, - là đầu ra chuẩn; mặc định: a.pdf thành a.timestamped.pdf",
	}
}
