package i18n

func viCommandsBase() map[string]Help {
	return map[string]Help{
		"": {
			Short: "Ký số và kiểm tra chữ ký số trên PDF bằng USB token",
			Example: `  kyso list-certs
  kyso sign don.pdf
  kyso verify don.signed.pdf`,
			Long: `kyso ký số tài liệu PDF (và .docx, .odt, ảnh) bằng USB token của mọi nhà cung cấp ở Việt Nam
hoặc bằng tệp .p12, không cần plugin, trình duyệt hay Java. Mặc định không dùng mạng.`,
		},
		"list-certs": {
			Short: "Liệt kê chứng thư số trên token, không cần mã PIN",
			Example: `  kyso list-certs
  kyso list-certs --json
  kyso list-certs --p12 khoa.p12`,
			Long: `Tìm mọi token đang cắm và liệt kê chứng thư số, cái ký được đứng trước, cùng lý do nếu không ký được.
Số đứng đầu mỗi khối dùng được cho --cert của lệnh sign.`,
		},
		"demo": {
			Short: "Chạy thử toàn bộ: tạo khóa, ký, kiểm tra, vẽ trang; không cần token, không dùng mạng",
			Example: `  kyso demo
  kyso demo -o thu-muc
  kyso demo --lang en`,
			Long: `Tạo nơi cấp chứng thư, người ký và máy chủ dấu thời gian ngay trong chương trình, ký một đơn đề nghị mẫu
ở mức PAdES B-T với chữ ký hiển thị, kiểm tra lại và vẽ trang đã ký ra ảnh.`,
		},
		"version": {
			Short:   "In phiên bản",
			Example: "  kyso version\n  kyso version --json\n  kyso --version",
			Long:    "In phiên bản, hệ điều hành và khả năng đọc USB token của bản này.",
		},
		"completion": {
			Short: "In mã hoàn tất lệnh cho shell",
			Example: `  source <(kyso completion bash)
  kyso completion zsh > "${fpath[1]}/_kyso"
  kyso completion powershell | Out-String | Invoke-Expression`,
			Long: "In mã hoàn tất lệnh cho bash, zsh, fish hoặc powershell.",
		},
		"docs": {
			Short:   "Ghi các trang hướng dẫn ra tệp",
			Example: "  kyso docs markdown docs\n  kyso docs man man --lang en\n  kyso docs man man/vi --lang vi",
			Long:    "Ghi phần trợ giúp của mọi lệnh ra tệp: Markdown cho docs/, hoặc trang man.",
		},
		"help": {
			Short:   "Trợ giúp về một lệnh hay một chủ đề",
			Example: "  kyso help sign\n  kyso help exit-codes\n  kyso help placement",
			Long:    "Trợ giúp về một lệnh, hoặc về một chủ đề: exit-codes, config, placement, levels.",
		},
		"config": {
			Short:   "Tạo và xem tệp cấu hình",
			Example: "  kyso config init\n  kyso config show\n  kyso config show --profile kế-toán",
			Long:    "Tệp cấu hình giữ các tùy chọn hay dùng, chia theo hồ sơ. Xem thêm: kyso help config.",
		},
		"config init": {
			Short:   "Ghi tệp cấu hình mẫu có chú thích",
			Example: "  kyso config init\n  kyso config init --force\n  kyso config init --config kyso.yaml",
			Long:    "Ghi tệp cấu hình mẫu: mọi tùy chọn đều có, đang được bỏ qua bằng dấu #.",
		},
		"config show": {
			Short:   "Cho biết mỗi giá trị lấy từ đâu",
			Example: "  kyso config show\n  kyso config show --profile kế-toán\n  kyso config show --json",
			Long:    "In các giá trị đang có hiệu lực và nơi chúng được đặt: biến môi trường hay hồ sơ.",
		},
	}
}

func viCommandsSign() map[string]Help {
	return map[string]Help{
		"sign": {
			Short: "Ký số PDF (và .docx, .odt, ảnh: chuyển sang PDF trước)",
			Example: `  kyso sign don.pdf
  kyso sign don.pdf --at-text "(Ký, ghi rõ họ và tên)" --tsa http://tsa.example.vn
  kyso sign *.pdf --out-dir da-ky --cert 1`,
			Long: `Ký từng tệp bằng khóa trên token (hoặc --p12) và ghi tệp mới; tệp gốc không bao giờ bị sửa.
Không chọn gì thêm thì chữ ký hiện ba dòng (Ký bởi, Email, Thời gian ký) dưới dòng ký của đơn, hoặc ở chỗ
trống cuối trang cuối. Mọi tệp đều được kiểm tra lại trước khi có tên.
Chứng thư số được xem xét trước khi hỏi mã PIN. Chỉ hỏi qua mạng xem nó có bị thu hồi không ở mức B-LT, B-LTA
hoặc khi có --online; nếu chưa biết thì báo cho người ký, và dừng lại nếu có --require-revocation.`,
		},
	}
}

func viCommandsVerify() map[string]Help {
	return map[string]Help{
		"verify": {
			Short: "Kiểm tra mọi chữ ký trong tệp",
			Example: `  kyso verify don.signed.pdf
  kyso verify don.signed.pdf --trust goc.pem --online
  kyso verify don.signed.pdf --report ketqua.html
  kyso verify *.signed.pdf --json`,
			Long: `Xét từng chữ ký: nội dung có nguyên vẹn không, ai ký, nơi cấp có đáng tin không, chứng thư có bị thu hồi
không, sau khi ký có gì thay đổi. Dòng đầu là kết luận cho cả tệp và vì sao, dòng thứ hai là việc nên làm.
Không dùng mạng nếu không có --online.

--report ghi một trang HTML để in hoặc gửi đi, có ảnh các trang khác nhau giữa lúc ký và hiện nay;
--changes ghi ảnh của mọi trang; --extract tách bản đã ký, CMS và chứng thư ra tệp.`,
		},
	}
}
