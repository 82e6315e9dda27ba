package i18n

func enBatch() Batch {
	return Batch{
		Files:           "%d/%d files",
		Rate:            "%.1f a second",
		Left:            "%s left",
		Failed:          "%d failed",
		Token:           "token %s",
		TSA:             "TSA %s",
		Skipped:         "%d files were done in an earlier run and are left as they are",
		PassedOver:      "%s is passed over: it is the output of %s",
		NotPDF:          "files of the folder that are no PDF are passed over: %d (%s ...); name them to have them converted and signed",
		OutputIsInput:   "%s is to be signed and is also the output of %s",
		Stopped:         "stopped: %d files are done and safe, %d are not done",
		GoOn:            "to go on where this run stopped: %s",
		GoOnNew:         "outputs that exist are never made again; to go on, with a record of what is done: %s",
		DiskFull:        "there is no room left on the disk for %s",
		TSADown:         "no timestamp server serves this run (failures in a row: %d): %v",
		JournalLocked:   "another run uses the journal %s",
		JournalExists:   "the journal %s holds an earlier run",
		JournalDamaged:  "the journal %s can't be used: %v",
		JournalFailed:   "the journal %s can't be written: %v",
		HintResume:      "--resume goes on with that run; another --journal FILE starts anew",
		HintOtherFile:   "wait for the other run, or name another --journal FILE",
		HintDisk:        "make room, or write to another disk with --out-dir",
		Row:             "%s, line %d: %v",
		Column:          "%s, line %d, column %s: %v",
		Manifest:        "manifest %s: %v",
		ManifestColumns: "columns of a manifest: %s",
		ReportKind:      "a report is a .csv or a .json file: %s",
		NothingToDo:     "no file to work on",
		SlowOutput:      "standard output can't be written: %v",
	}
}

func enFlagsBatch() map[string]string {
	return map[string]string{
		"jobs":             "work on `N` files at a time; default: by the number of cores (the token's calls come one after the other)",
		"manifest":         "CSV `FILE` with one file a row; columns are named as flags, the first is \"file\"",
		"journal":          "keep a record of what is done in `FILE`",
		"resume":           "go on with the run of --journal: what is done is left as it is",
		"shard":            "only part `N/OF` of the files, as 3/16, for several machines",
		"progress":         "show the progress also with --json or without a terminal",
		"sign report":      "write a table of the results to `FILE`.csv or .json",
		"extend report":    "write a table of the results to `FILE`.csv or .json",
		"timestamp report": "write a table of the results to `FILE`.csv or .json",
	}
}

func enTopicsBatch() map[string]Help {
	return map[string]Help{
		"batch": {
			Short: "Thousands of files",
			Example: `  kyso sign --recursive in --out-dir out --journal run.journal --report run.csv
  kyso sign --recursive in --out-dir out --journal run.journal --resume
  kyso sign --manifest list.csv --out-dir signed
  kyso verify --recursive out --jobs 4 --online`,
			Long: `One login serves the whole run. A file that fails does not stop the others (exit 3) unless --stop-on-error;
a wrong PIN, a removed token, a full disk or a timestamp server that refuses everybody stops the run at once.
What is finished stays, nothing is half written.

--journal records each finished file, so --resume goes on after any interruption, kill and power cut
included; a file is left as it is when its content is the same as then. Without a journal an output that
exists is refused, so nothing is signed twice by accident.

A manifest is a CSV file with a header: file, output, page, rect, at-text, reason, title and so on, as the flags
are named. An empty field means what the command line says. A flag that repeats takes one value a line within
its field. Every mistake is named with its line before anything is signed.

--shard 3/16 takes every 16th file from the third on: the same command on 16 machines. Journals of several
machines can be joined with cat.`,
		},
	}
}
