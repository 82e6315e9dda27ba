package i18n

// viPhrasesBatch are the mistakes of manifests and names that package batch and
// cmd find.
func viPhrasesBatch() [][2]string {
	return [][2]string{
		{"the name leaves the output folder: {} goes above it or elsewhere", "tên vượt ra ngoài thư mục kết quả: {}"},
		{"bad file name: {} has a control character", "tên tệp {} có ký tự điều khiển"},
		{"bad file name: {} ends in a dot or space", "tên tệp {} kết thúc bằng dấu chấm hoặc dấu cách"},
		{"bad file name: {} is a device on Windows", "{} là tên thiết bị của Windows"},
		{"bad file name: nothing stands there", "tên tệp bị trống"},
		{"the manifest is empty", "bảng kê không có dòng nào"},
		{"is not a column of a manifest", "không phải là cột của bảng kê"},
		{"stands twice", "có hai lần"},
		{"is missing", "bị thiếu"},
		{"is empty", "bị trống"},
		{"has a NUL character", "có ký tự NUL"},
		{"longer than {} bytes", "dài hơn {} byte"},
		{"{} fields, and the header has {}", "có {} ô, còn dòng tiêu đề có {}"},
		{"more than {} rows", "nhiều hơn {} dòng"},
		{"manifest is larger than {} bytes", "bảng kê lớn hơn {} byte"},
		{"manifest is not UTF-8: save it as \"CSV UTF-8\"", "bảng kê không phải UTF-8: hãy lưu dạng \"CSV UTF-8\""},
		{"a quote is missing or stray", "thiếu hoặc thừa dấu nháy kép"},
		{"{} is not there", "không có tệp {}"},
		{"{} is no regular file", "{} không phải là tệp thường"},
		{"{} is also an input", "{} cũng là một tệp đầu vào"},
		{"{} is no value for it", "{} không phải là giá trị hợp lệ"},
	}
}

// allPhrases are all of them, in the order in which they are tried.
func allPhrases() [][2]string { return append(viPhrases(), viPhrasesBatch()...) }
