package i18n

func viTopics() map[string]Help {
	return map[string]Help{
		"exit-codes": {
			Short:   "Ý nghĩa các mã kết thúc",
			Example: "  kyso verify a.signed.pdf; echo $?\n  kyso verify a.signed.pdf --json\n  kyso sign a.pdf || kyso doctor a.pdf",
			Long:    "Mã kết thúc không đổi giữa các phiên bản. Với nhiều tệp, verify lấy mã nặng nhất theo thứ tự 4, 15, 5, 6, 0;\nsign trả 3 khi có tệp không thành công, mỗi dòng JSON có mã riêng (\"exit\").",
		},
		"config": {
			Short: "Tệp cấu hình và hồ sơ",
			Example: `  kyso config init
  kyso config show
  kyso sign a.pdf --profile kế-toán`,
			Long: `Tệp cấu hình là kyso/config.yaml trong thư mục cấu hình của người dùng (hoặc --config, KYSO_CONFIG):

  profiles:
    default:
      tsa: [http://tsa.example.vn]
      timezone: Asia/Ho_Chi_Minh
    kế-toán:
      cert: 54010101
      reason: Phê duyệt

Mỗi khóa là tên đầy đủ của một tùy chọn. Khóa lạ là lỗi, có nêu số dòng. Hồ sơ default dùng khi không có
--profile. Thứ tự ưu tiên: tùy chọn trên dòng lệnh, biến môi trường (KYSO_ và tên viết hoa, ví dụ
KYSO_TSA_USER), hồ sơ, mặc định. Mật khẩu và PIN không bao giờ nằm trong cấu hình.`,
		},
		"placement": {
			Short: "Đặt chữ ký vào đâu trên trang",
			Example: `  kyso sign a.pdf --at-text "(Ký, ghi rõ họ và tên)" --nth last
  kyso sign a.pdf --page 1 --rect 350,80,570,160
  kyso sign a.pdf --at bottom-right --preview xem.png`,
			Long: `Không chọn gì: trường chữ ký trống duy nhất; nếu không có, dưới dòng ký quen thuộc cuối cùng ("(Ký, ghi rõ
họ và tên)", "NGƯỜI LÀM ĐƠN" ...); nếu không có, chỗ trống góc dưới phải trang cuối.
--rect tính theo điểm (1/72 inch), gốc ở góc dưới trái của trang như khi nhìn. --at nhận top-left, top-center,
top-right, middle-left, center, middle-right, bottom-left, bottom-center, bottom-right, auto.
--page all vẽ cùng một khung trên mọi trang, vẫn là một chữ ký. --preview cho xem trước, không cần PIN.`,
		},
		"levels": {
			Short: "Các mức chữ ký B-B, B-T, B-LT, B-LTA",
			Example: `  kyso sign a.pdf --tsa http://tsa.example.vn
  kyso verify a.signed.pdf --require-level B-T
  kyso extend a.signed.pdf --level B-LTA`,
			Long: `B-B    chữ ký với chứng thư số; thời gian ký theo máy người ký.
B-T    thêm dấu thời gian của TSA: chứng minh đã ký trước thời điểm đó.
B-LT   thêm chứng thư và dữ liệu thu hồi (OCSP, CRL) vào tệp: kiểm tra được khi không còn dịch vụ.
B-LTA  thêm dấu thời gian lưu trữ, gia hạn được nhiều lần: giá trị lâu dài.`,
		},
	}
}
