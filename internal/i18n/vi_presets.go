package i18n

func viTopicsPresets() map[string]Help {
	return map[string]Help{
		"presets": {
			Short: "Các mẫu trình bày chữ ký và quy định của từng mẫu",
			Example: `  kyso sign a.pdf --preset nd30-person --image chu-ky.png
  kyso sign a.signed.pdf --preset nd30-agency --image dau.png
  kyso sign ban-sao.pdf --preset nd30-copy --org "Ủy ban nhân dân xã Ea Kao"`,
			Long: `Mỗi mẫu gồm cách trình bày và vị trí; tham số nào cũng đổi được (--text, --rect, --font-size ...).

igate            Ba dòng như của cổng: người ký, email, thời gian.
nd30-person      Hình ảnh chữ ký của người có thẩm quyền: màu xanh, PNG nền trong suốt, canh giữa chức vụ và họ
                 tên. Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 7 (ô 7c).
nd30-agency      Hình ảnh dấu của cơ quan: màu đỏ, PNG nền trong suốt, đúng kích thước thật (theo độ phân giải ghi
                 trong tệp PNG), trùm một phần ba bên trái hình ảnh chữ ký, nên chữ ký đó phải có trước.
                 Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 8 (ô 8).
nd30-copy        Bản sao điện tử: hình thức sao, cơ quan sao, thời gian theo ISO 8601 có múi giờ; góc trên bên phải
                 trang đầu, không có hình dấu, chữ kiểu Times, đứng, cỡ 10, màu đen. Đổi "SAO Y" bằng --text, ví dụ
                 --text "TRÍCH SAO; {{.Org}}; {{.Time}}".
                 Nghị định 30/2020/NĐ-CP, Phụ lục I, thể thức bản sao sang định dạng điện tử.
nd30-attachment  Văn bản kèm theo ở tệp riêng: số văn bản chính (--doc-number) và thời gian; còn lại như nd30-copy.
                 Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 8 (phụ lục kèm theo).`,
		},
	}
}
