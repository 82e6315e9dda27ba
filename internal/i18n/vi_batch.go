package i18n

func viBatch() Batch {
	return Batch{
		Files:           "%d/%d tệp",
		Rate:            "%.1f tệp mỗi giây",
		Left:            "còn %s",
		Failed:          "%d lỗi",
		Token:           "token %s",
		TSA:             "TSA %s",
		Skipped:         "%d tệp đã xong ở lần chạy trước, được giữ nguyên",
		PassedOver:      "bỏ qua %s: đó là kết quả của %s",
		NotPDF:          "bỏ qua %d tệp trong thư mục vì không phải PDF (%s ...); nêu tên từng tệp để chuyển sang PDF rồi ký",
		OutputIsInput:   "%s được yêu cầu ký nhưng cũng là kết quả của %s",
		Stopped:         "đã dừng: %d tệp đã xong và an toàn, %d tệp chưa làm",
		GoOn:            "để làm tiếp từ chỗ đã dừng: %s",
		GoOnNew:         "kết quả đã có không bao giờ bị làm lại; để làm tiếp và ghi lại những gì đã xong: %s",
		DiskFull:        "đĩa không còn chỗ cho %s",
		TSADown:         "không máy chủ dấu thời gian nào phục vụ được (%d tệp liên tiếp): %v",
		JournalLocked:   "một lần chạy khác đang dùng sổ ghi %s",
		JournalExists:   "sổ ghi %s đã có một lần chạy trước",
		JournalDamaged:  "không dùng được sổ ghi %s: %v",
		JournalFailed:   "không ghi được sổ ghi %s: %v",
		HintResume:      "--resume làm tiếp lần chạy đó; muốn bắt đầu lại, chọn --journal TỆP khác",
		HintOtherFile:   "chờ lần chạy kia xong, hoặc chọn --journal TỆP khác",
		HintDisk:        "dọn bớt đĩa, hoặc ghi sang đĩa khác bằng --out-dir",
		Row:             "%s, dòng %d: %v",
		Column:          "%s, dòng %d, cột %s: %v",
		Manifest:        "bảng kê %s: %v",
		ManifestColumns: "các cột của bảng kê: %s",
		ReportKind:      "báo cáo là tệp .csv hoặc .json: %s",
		NothingToDo:     "không có tệp nào để làm",
		SlowOutput:      "không ghi được ra đầu ra chuẩn: %v",
	}
}

func viFlagsBatch() map[string]string {
	return map[string]string{
		"jobs":             "làm `N` tệp cùng lúc; mặc định: theo số nhân của bộ xử lý (token được gọi lần lượt)",
		"manifest":         "bảng kê CSV `TỆP`, mỗi dòng một tệp; cột đặt tên như tham số, cột đầu là \"file\"",
		"journal":          "ghi lại những gì đã xong vào sổ `TỆP`",
		"resume":           "làm tiếp lần chạy của --journal: tệp đã xong được giữ nguyên",
		"shard":            "chỉ làm phần `N/TỔNG` của danh sách, ví dụ 3/16, để chia cho nhiều máy",
		"progress":         "hiện tiến độ cả khi có --json hoặc không có terminal",
		"sign report":      "ghi bảng kết quả ra `TỆP`.csv hoặc .json",
		"extend report":    "ghi bảng kết quả ra `TỆP`.csv hoặc .json",
		"timestamp report": "ghi bảng kết quả ra `TỆP`.csv hoặc .json",
	}
}

func viTopicsBatch() map[string]Help {
	return map[string]Help{
		"batch": {
			Short: "Làm hàng nghìn tệp",
			Example: `  kyso sign --recursive vao --out-dir ra --journal chay.journal --report chay.csv
  kyso sign --recursive vao --out-dir ra --journal chay.journal --resume
  kyso sign --manifest bang-ke.csv --out-dir da-ky
  kyso verify --recursive ra --jobs 4 --online`,
			Long: `Cả lần chạy chỉ đăng nhập token một lần. Một tệp lỗi không làm dừng các tệp khác (mã thoát 3), trừ khi có
--stop-on-error; sai PIN, rút token, đầy đĩa hoặc máy chủ dấu thời gian từ chối tất cả thì dừng ngay. Những gì
đã xong được giữ, không tệp nào dở dang.

--journal ghi lại từng tệp đã xong, nhờ đó --resume làm tiếp sau mọi lần bị ngắt, kể cả bị kill hay mất điện;
tệp có nội dung như lần trước thì được giữ nguyên. Không có sổ ghi thì kết quả đã tồn tại bị từ chối, nên không
tệp nào vô tình bị ký hai lần.

Bảng kê là tệp CSV có dòng tiêu đề: file, output, page, rect, at-text, reason, title, ..., đặt tên như tham số.
Ô trống nghĩa là theo dòng lệnh. Tham số lặp lại được thì mỗi giá trị một dòng trong ô. Mọi lỗi được nêu kèm số
dòng trước khi ký.

--shard 3/16 lấy mỗi 16 tệp một tệp, từ tệp thứ ba: cùng một lệnh trên 16 máy. Sổ ghi của nhiều máy ghép lại
bằng cat.`,
		},
	}
}
