package i18n

func viDocs() Docs {
	return Docs{
		Name:          "TÊN",
		Synopsis:      "TÓM TẮT",
		Description:   "MÔ TẢ",
		Options:       "TÙY CHỌN",
		GlobalOptions: "TÙY CHỌN CHUNG",
		Commands:      "LỆNH",
		ExitStatus:    "MÃ THOÁT",
		Examples:      "VÍ DỤ",
		SeeAlso:       "XEM THÊM",
		Manual:        "Hướng dẫn Kyso",
	}
}
