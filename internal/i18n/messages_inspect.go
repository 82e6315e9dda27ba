package i18n

// Inspect are the texts of what sign finds in a document before it signs.
type Inspect struct {
	Codes   map[string]string // by inspect.Code: a sentence without its end
	Page    string            // number
	Field   string            // name
	Object  string            // number
	More    string            // number
	Refused string            // codes
	Hint    string
	Detail  string // file
}
