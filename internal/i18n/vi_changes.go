package i18n

import (
	"strconv"
	"strings"
)

// ChangeFacts are what a sentence on a change after signing is made of.
type ChangeFacts struct {
	Code       string
	Detail     string // English
	Field, Key string
	Old, New   string
	Page       int // 1-based; 0: none or unknown
	Count      int
}

// Change says a change after signing. English is what package changes says; a
// code without a Vietnamese sentence keeps its English.
func (m *Messages) Change(c ChangeFacts) string {
	if m.Lang != Vietnamese {
		return c.Detail
	}
	text, ok := viChanges()[c.Code]
	if !ok {
		return c.Detail
	}
	// A replacer does not look again at what it put in.
	text = strings.NewReplacer("{field}", quoted(c.Field), "{key}", c.Key, "{old}", quoted(c.Old), "{new}", quoted(c.New),
		"{count}", strconv.Itoa(c.Count)).Replace(text)
	if c.Page > 0 {
		text = "trang " + strconv.Itoa(c.Page) + ": " + text
	}
	return text
}

func quoted(s string) string {
	if s == "" {
		return "(trống)"
	}
	return "“" + s + "”"
}

// viChanges are sentences by changes.Change.Code.
func viChanges() map[string]string {
	return map[string]string{
		"annotation_action":         "thêm hoặc sửa ghi chú có lệnh chạy (loại {key})",
		"annotation_added":          "thêm ghi chú (loại {key})",
		"annotation_added_covering": "thêm ghi chú che lên nội dung (loại {key})",
		"annotation_changed":        "sửa ghi chú (loại {key})",
		"annotation_note":           "sửa lời của ghi chú",
		"annotation_order":          "đổi thứ tự các ghi chú",
		"annotation_removed":        "xóa ghi chú (loại {key})",
		"appearance_changed":        "ô {field} hiển thị khác đi, giá trị vẫn là {new}",
		"appearance_oversize":       "hình của ô {field} lớn hơn chính ô đó",
		"catalog":                   "mục lục gốc của tài liệu bị xóa hoặc thay",
		"catalog_entry":             "mục /{key} của tài liệu bị đổi",
		"completed":                 "một đối tượng ghi dở trong bản đã ký được ghi tiếp bằng dữ liệu thêm về sau",
		"content":                   "một phần nội dung của bản đã ký bị sửa hoặc xóa",
		"dss_added":                 "thêm dữ liệu kiểm tra lâu dài ({count} mục)",
		"dss_array":                 "thêm dữ liệu kiểm tra lâu dài ({count} mục)",
		"dss_extended":              "thêm dữ liệu kiểm tra lâu dài ({count} mục)",
		"dss_item":                  "thay một mục dữ liệu kiểm tra lâu dài",
		"dss_malformed":             "dữ liệu kiểm tra lâu dài có mục lạ /{key}",
		"dss_removed":               "xóa dữ liệu kiểm tra lâu dài",
		"dss_shared":                "dữ liệu kiểm tra lâu dài dùng chung đối tượng với phần khác của tài liệu",
		"dss_vri":                   "đổi dữ liệu kiểm tra lâu dài của một chữ ký",
		"duplicate_keys":            "một mục /{key} bị ghi hai lần, mỗi phần mềm đọc có thể hiểu một khác",
		"extension":                 "thêm phần mở rộng {key}",
		"extension_level_decreased": "bỏ hoặc hạ phần mở rộng {key}",
		"field_added":               "thêm ô biểu mẫu {field}",
		"field_changed":             "đổi thuộc tính /{key} của ô {field}",
		"field_duplicate":           "thêm ô thứ hai trùng tên {field}",
		"field_list":                "danh sách ô biểu mẫu bị đổi",
		"field_removed":             "xóa ô {field}",
		"form_entry":                "đổi mục /{key} của biểu mẫu",
		"form_removed":              "xóa biểu mẫu",
		"form_resource":             "thay hoặc xóa tài nguyên /{key} của biểu mẫu",
		"hidden_object":             "trong lần ghi có đối tượng mà bảng của nó không kể tới, có thể hiện ra ở phần mềm đọc khác",
		"hidden_trailer":            "trong lần ghi có hai phần kết, mỗi phần mềm đọc có thể dùng một khác",
		"icons":                     "thêm hoặc đổi biểu tượng của ghi chú",
		"info":                      "đổi thông tin tài liệu",
		"locked":                    "ô {field} đã bị khóa mà vẫn đổi: {old} → {new}",
		"names":                     "đổi danh mục /{key} của tài liệu",
		"need_appearances":          "các ô hiển thị theo hình đã lưu",
		"no_effect":                 "lần ghi này không đổi gì của nội dung",
		"number_reused":             "số của một đối tượng đã ký bị dùng lại",
		"page_added":                "thêm trang vào chỗ bản đã ký không có",
		"page_content":              "nội dung trang bị thay",
		"page_entry":                "đổi thuộc tính /{key} của trang",
		"page_removed":              "xóa trang",
		"page_resource":             "một phần của /{key} của trang bị đổi",
		"page_tree":                 "cây trang của tài liệu bị đổi",
		"permissions":               "quyền của tài liệu được chứng nhận (/{key}) bị đổi hoặc xóa",
		"read_only":                 "ô {field} chuyển thành chỉ đọc",
		"signature_action":          "ô chữ ký {field} có lệnh chạy",
		"signature_changed":         "ô chữ ký đã ký {field} bị đổi (/{key})",
		"signature_field_added":     "thêm ô chữ ký trống {field}",
		"signature_field_changed":   "sửa ô chữ ký trống {field}",
		"signature_field_entry":     "đổi mục /{key} của ô chữ ký {field}",
		"signature_overridden":      "một chữ ký trước đó bị ghi đè",
		"signature_recycled":        "chữ ký cũ được dùng lại ở ô {field}",
		"signed":                    "ký ở ô {field}",
		"startxref":                 "lần ghi sau trỏ tới bảng đối tượng không phải của nó",
		"structure_added":           "thêm phần tử vào cây cấu trúc cho phần mới ký hoặc mới thêm",
		"structure_tree":            "cây cấu trúc của tài liệu bị đổi",
		"timestamped":               "thêm dấu thời gian (ô {field})",
		"trailer_entry":             "đổi mục /{key} ở cuối tệp",
		"trailing_data":             "cuối tệp có dữ liệu không thuộc lần ghi nào",
		"unreadable":                "không đọc được một lần ghi về sau",
		"unreferenced":              "thêm {count} đối tượng không dùng đến",
		"unsigned_tail":             "chữ ký bỏ sót phần cuối của chính bản mà nó ký",
		"value_changed":             "ô {field}: {old} → {new}",
		"version":                   "đổi phiên bản PDF: {old} → {new}",
		"widget_changed":            "đổi vị trí hoặc dáng của ô {field} (/{key})",
		"xfa":                       "biểu mẫu XFA được thêm, xóa hoặc sửa",
		"xmp":                       "đổi thông tin mô tả (XMP) của tài liệu",
		"xmp_entities":              "thông tin mô tả (XMP) mới có khai báo thực thể",
	}
}
