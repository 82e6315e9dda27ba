package i18n

// Batch are the texts of runs over many files.
type Batch struct {
	Files           string // done, all
	Rate            string // files a second
	Left            string // time
	Failed          string // number
	Token           string // time
	TSA             string // time
	Skipped         string // number
	PassedOver      string // file, input whose output it is
	NotPDF          string // number, first file
	OutputIsInput   string // file, input whose output it is
	Stopped         string // done, not done
	GoOn            string // command
	GoOnNew         string // command
	DiskFull        string // path
	TSADown         string // number, detail
	JournalLocked   string // path
	JournalExists   string // path
	JournalDamaged  string // path, detail
	JournalFailed   string // path, detail
	HintResume      string
	HintOtherFile   string
	HintDisk        string
	Row             string // manifest, line, detail
	Column          string // manifest, line, column, detail
	Manifest        string // manifest, detail
	ManifestColumns string // list
	ReportKind      string // file
	NothingToDo     string
	SlowOutput      string // detail
}
