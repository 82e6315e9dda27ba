package main

import (
	"strings"
	"testing"
	"time"

	"github.com/kyso-vn/kyso/internal/i18n"
	"github.com/kyso-vn/kyso/internal/progress"
)

// What the line says, and what it leaves out first where there is no room:
// never how many files failed.
func TestProgressText(t *testing.T) {
	m := i18n.For(i18n.English)
	all := progress.State{Files: 207, Total: 600, Failed: 3, Bytes: 3 << 20, TotalBytes: 9 << 20, Left: 61400 * time.Millisecond,
		FilesPerSecond: 113.84, Token: 1240 * time.Millisecond, TSA: 980 * time.Millisecond}
	for width, want := range map[int]string{
		0:  "207/600 files, 3 failed, 1m1s left, 113.8 a second, TSA 1s, token 1.2s, 3.15 MB",
		75: "207/600 files, 3 failed, 1m1s left, 113.8 a second, TSA 1s, token 1.2s",
		40: "207/600 files, 3 failed, 1m1s left",
		20: "207/600 files",
		5:  "207/600 files", // the terminal cuts it
	} {
		s := all
		s.Width = width
		if got := progressText(m, s, true); got != want {
			t.Errorf("%d columns: %q, want %q", width, got, want)
		}
	}
	if got := progressText(m, progress.State{Files: 1, Total: 2}, false); got != "kyso: 1/2 files" {
		t.Errorf("a line of its own: %q", got)
	}
	vi := progressText(i18n.For(i18n.Vietnamese), progress.State{Files: 1, Total: 2, Failed: 1, Width: 30}, true)
	if !strings.HasPrefix(vi, "1/2 tệp, 1 ") {
		t.Errorf("letters are counted, not bytes: %q", vi)
	}
}
