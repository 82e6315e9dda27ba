package i18n

func viTrust() Trust {
	return Trust{
		Empty:         "Chưa có gốc tin cậy nào (%s), nên verify không kết luận được chữ ký là của ai.",
		Folder:        "thư mục %s",
		Subject:       "Tên",
		Issuer:        "Nơi cấp",
		Self:          "tự cấp (gốc)",
		Validity:      "Hiệu lực",
		Between:       "từ %s đến %s",
		Purposes:      "Dùng cho",
		Purpose:       map[string]string{"signing": "chữ ký", "timestamping": "dấu thời gian", "any": "mọi mục đích"},
		Fingerprint:   "SHA-256",
		SHA1:          "SHA-1",
		File:          "Tệp",
		Source:        "Lấy từ",
		Expired:       "ĐÃ HẾT HẠN; vẫn dùng cho thời gian còn hiệu lực",
		NotYet:        "CHƯA CÓ HIỆU LỰC",
		NotCA:         "đây không phải chứng thư của tổ chức chứng thực: nó chỉ bảo đảm cho chính nó",
		NotSelfSigned: "đây không phải chứng thư gốc vì do \"%s\" cấp; thường chỉ cần tin chứng thư gốc",
		IsExpired:     "chứng thư này hết hạn ngày %s; chỉ dùng cho chữ ký có dấu thời gian trước ngày đó",
		IsNotYet:      "chứng thư này chỉ có hiệu lực từ %s",
		WeakKey:       "khóa yếu so với yêu cầu ngày nay: %s",
		Compare:       "Hãy so dấu vân tay với công bố của nơi phát hành, qua một kênh mà bạn tin.",
		Ask:           "Từ nay tin chứng thư này, dùng cho %s?",
		Added:         "Đã thêm: %s",
		Skipped:       "Không thêm: %s",
		Present:       "Đã có sẵn: %s",
		Removed:       "Đã bỏ: %s",
		Unreadable:    "%s không có chứng thư nào đọc được: %v",
		NoCertificate: "%s không có chứng thư nào",
		Several:       "%s có %d chứng thư; từng cái được hiện ra và hỏi",
		NoFolder:      "không có chỗ lưu gốc tin cậy vì người dùng này không có thư mục cấu hình",
		NoTerminal:    "không có màn hình để hỏi nên không thêm gì",
		Unconfirmed:   "chưa được xác nhận nên không thêm gì",
		OtherPurposes: "%s đã có sẵn nhưng dùng cho mục đích khác",
		Fingerprints:  "%s không có chứng thư với dấu vân tay %s; không thêm gì",
		NotFound:      "không có gốc tin cậy nào có dấu vân tay bắt đầu bằng \"%s\"",
		Ambiguous:     "nhiều gốc tin cậy có dấu vân tay bắt đầu bằng \"%s\"",
		BadPrefix:     "\"%s\" không phải phần đầu của dấu vân tay (ít nhất bốn chữ số hex)",
		Shared:        "nó nằm chung tệp với chứng thư khác, chủ của tệp đó phải tự sửa: %v",
		HintYes:       "chạy trên màn hình, hoặc nêu dấu vân tay bằng --fingerprint, hoặc thêm --yes",
		HintList:      "chạy \"kyso trust list\" để xem các dấu vân tay",
		HintReplace:   "chạy \"kyso trust remove %s\" trước rồi thêm lại với mục đích mới",
		HintAdd:       "thêm gốc bằng \"kyso trust add TỆP\"; \"kyso trust add --help\" cho biết nơi công bố các gốc của Việt Nam",
	}
}

func viCommandsTrust() map[string]Help {
	return map[string]Help{
		"trust": {
			Short: "Các gốc tin cậy mà verify và sign dùng: xem, thêm, bỏ",
			Example: `  kyso trust list
  kyso trust add root.crt
  kyso trust remove 3f2a`,
			Long: `Chữ ký chỉ có giá trị khi chứng thư của nó dẫn tới một gốc tin cậy do bạn chọn. Chương trình không có sẵn gốc nào.
Gốc là các tệp trong thư mục cấu hình của bạn (hoặc KYSO_TRUST_DIR).`,
		},
		"trust list": {
			Short:   "Liệt kê các gốc tin cậy, mục đích và hạn dùng",
			Example: "  kyso trust list\n  kyso trust list --json\n  kyso trust list --lang en",
			Long:    "Mỗi gốc một khối: tên, hiệu lực, mục đích, dấu vân tay SHA-256.",
		},
		"trust add": {
			Short: "Thêm gốc từ tệp (PEM, DER, .p7b) sau khi cho xem dấu vân tay",
			Example: `  kyso trust add vnrca256.p7b
  kyso trust add tsa-root.crt --purpose timestamping
  kyso trust add root.pem --fingerprint 3f2a...`,
			Long: `Hiện từng chứng thư trong tệp rồi hỏi. Với --fingerprint, chứng thư có SHA-256 đó được thêm mà không hỏi;
--yes thêm tất cả. Gốc đã ngừng dùng vẫn có giá trị cho thời gian còn hiệu lực của nó.

Nơi công bố các gốc của Việt Nam. Dấu vân tay dưới đây do các nguồn công khai nêu năm 2026;
chúng tôi CHƯA đối chiếu được với nơi phát hành. Hãy hỏi nơi phát hành qua một kênh mà bạn tin.

  Gốc quốc gia (NEAC), Vietnam National Root CA, 2014 đến 2039
    https://rootca.gov.vn/crt/vnrca256.p7b
    SHA-256 được nêu: bac8bf609ab420a8ee1780d74f4de5c7f7184959d2a7375b0a75e4c29f0908e7
  Gốc quốc gia G3, 2024 đến 2049; gốc dấu thời gian, 2025 đến 2050
    https://rootca.gov.vn (chưa thấy nguồn nào nêu dấu vân tay)
  Gốc chuyên dùng Chính phủ (Ban Cơ yếu Chính phủ, VGCA) G2, đến 2048
    http://ca.gov.vn/pki/pub/crt/rootcag2.crt
    SHA-256 được nêu: f04ba4b459a7c9a1b971ad9b1cb833e695a80c79aea63b174b66a70edfe2fdb8

Các CA công cộng (VNPT-CA, Viettel-CA, BkavCA, FPT-CA, CA2 ...) đứng dưới gốc quốc gia;
chứng thư của cán bộ cơ quan nhà nước đứng dưới VGCA.`,
		},
		"trust remove": {
			Short:   "Bỏ một gốc theo phần đầu của dấu vân tay",
			Example: "  kyso trust remove 3f2a\n  kyso trust remove 3f2a:91c0\n  kyso trust remove 3f2a --json",
			Long:    "Nhận phần đầu của dấu vân tay SHA-256, ít nhất bốn chữ số, chỉ khớp với một gốc.",
		},
	}
}

func viFlagsTrust() map[string]string {
	return map[string]string{
		"purpose":     "gốc chỉ dùng cho `MỤCĐÍCH`: signing (chữ ký) hoặc timestamping (dấu thời gian), lặp lại được; mặc định: cả hai",
		"yes":         "không hỏi lại",
		"fingerprint": "thêm chứng thư có SHA-256 này (`HEX`), không hỏi",
	}
}
