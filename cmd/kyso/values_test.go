package main

import (
	"fmt"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"
)

// valueCase is one value of a flag: what it becomes, or "" for a refusal.
type valueCase map[string]string

func (cases valueCase) run(t *testing.T, name string, parse func(string) (any, error)) {
	t.Helper()
	for in, want := range cases {
		got, err := parse(in)
		switch {
		case want == "" && err == nil:
			t.Errorf("%s %q became %v, want a refusal", name, in, got)
		case want != "" && (err != nil || fmt.Sprint(got) != want):
			t.Errorf("%s %q: %v, %v; want %s", name, in, got, err, want)
		}
	}
}

// What flags take, and what they refuse.
func TestValuesOfFlags(t *testing.T) {
	valueCase{
		"1,2,30,40": "1,2,30,40", "30,40,1,2": "1,2,30,40", " 1 , 2 , 30.5 , 40 ": "1,2,30.5,40", "-5,-5,5,5": "-5,-5,5,5",
		"1,2,30": "", "1,2,30,40,50": "", "1,2,1.5,40": "", "a,b,c,d": "", "": "", "1,2,Inf,40": "", "NaN,1,2,3": "",
	}.run(t, "rectangle", func(s string) (any, error) { return parseRect(s) })
	valueCase{"220x80": "[220 80]", "220X80": "[220 80]", "100.5x30": "[100.5 30]", "220": "", "0x80": "", "-5x5": "", "axb": ""}.
		run(t, "size", func(s string) (any, error) { w, h, err := parseSize(s); return [2]float64{w, h}, err })
	valueCase{"1:10,20,110,60": "1 10,20,110,60", "12:0,0,5,5": "12 0,0,5,5", "0:1,2,30,40": "", "last:1,2,30,40": "", "1,2,30,40": "", "1:1,2": ""}.
		run(t, "page and rectangle", func(s string) (any, error) { p, r, err := parsePageRect(s); return fmt.Sprint(p, " ", r), err })
	valueCase{
		"6MB": "6000000", "6 mb": "6000000", "500KB": "500000", "1GiB": "1073741824", "20": "20", "20B": "20", "1.5MB": "1500000",
		"": "", "MB": "", "-1MB": "", "0": "", "NaN": "", "NaNMB": "", "Inf": "", "6 apples": "", "1e60": "", "6TB": "",
	}.run(t, "bytes", func(s string) (any, error) { return parseBytes(s) })
	valueCase{
		"black": "[0 0 0]", "Blue": "[0 0 1]", "đỏ": "[1 0 0]", "#0000ff": "[0 0 1]", "#FFFFFF": "[1 1 1]", "0,0,255": "[0 0 1]", "51, 102, 255": "[0.2 0.4 1]",
		"": "", "#fff": "", "#gggggg": "", "mauve": "", "256,0,0": "", "-1,0,0": "", "0,0": "",
	}.run(t, "colour", func(s string) (any, error) { return parseColor(s) })
	valueCase{"1.2.3": "1.2.3", "1.3.6.1.4.1": "1.3.6.1.4.1", "1": "", "1..2": "", "a.b": "", "1.-2": "", "": ""}.
		run(t, "OID", func(s string) (any, error) { return parseOID(s) })
	valueCase{"60/min": "60", "5": "5", "0/min": "", "-3": "", "60/h": "", "x": "", "": ""}.
		run(t, "rate", func(s string) (any, error) { return parseRate(s) })
	valueCase{"90s": "1m30s", "3m": "3m0s", "45": "45s", "0": "", "-5s": "", "x": "", "99999": ""}.
		run(t, "wait", func(s string) (any, error) { return parseWait(s) })
	valueCase{"": "0", "1": "1", "12": "12", "last": "-1", "0": "", "-1": "", "first": ""}.
		run(t, "match", func(s string) (any, error) { return parseNth(s) })
}

// How the time of a mark is written: as in other programs, or as in Go.
func TestTimeFormats(t *testing.T) {
	when := time.Date(2023, 5, 2, 9, 3, 7, 0, vietnam)
	for in, want := range map[string]string{
		"dd-MM-yyyy HH:mm:ss":        "02-05-2023 09:03:07",
		"d/M/yyyy":                   "2/5/2023",
		"dd/MM/yy hh:mm tt":          "02/05/23 09:03 AM",
		"h:m:s":                      "9:3:7",
		"yyyy-MM-ddTHH:mm:sszzz":     "2023-05-02T09:03:07+07:00",
		"yyyyMMdd":                   "20230502",
		"Ngày dd tháng MM năm yyyy":  "Ngày 02 tháng 05 năm 2023",
		"HH giờ mm phút, dd.MM.yyyy": "09 giờ 03 phút, 02.05.2023",
		"02/01/2006 15:04":           "02/05/2023 09:03",
		"15:04":                      "09:03",
		norm.NFD.String("năm yyyy"):  "năm 2023",
	} {
		layout, err := parseTimeFormat(in)
		if got := when.Format(layout); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", in, got, err, want)
		}
	}
	for _, bad := range []string{"", "hôm nay", "---", "ngày tháng năm"} {
		if layout, err := parseTimeFormat(bad); err == nil {
			t.Errorf("%q became %q", bad, layout)
		}
	}
}

func TestTimesAndZones(t *testing.T) {
	for in, want := range map[string]string{
		"2026-05-12T15:00:00+02:00": "2026-05-12T13:00:00Z",
		"2026-05-12 15:00":          "2026-05-12T08:00:00Z", // Vietnam
		"2026-05-12T15:00:01":       "2026-05-12T08:00:01Z",
		"2026-05-12":                "2026-05-12T16:59:59Z", // its end
		"12/05/2026":                "", "yesterday": "", "2026-13-01": "", "": "",
	} {
		got, err := parseTime(in)
		if want == "" && err == nil || want != "" && (err != nil || got.UTC().Format(time.RFC3339) != want) {
			t.Errorf("time %q: %v, %v; want %s", in, got, err, want)
		}
	}
	noon := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	for in, want := range map[string]string{
		"Asia/Ho_Chi_Minh": "19:00", "+07:00": "19:00", "-03:30": "08:30", "UTC": "12:00",
		"Mars/Phobos": "", "+7": "", "../etc/passwd": "",
	} {
		zone, err := parseTimezone(in)
		if want == "" && err == nil || want != "" && (err != nil || noon.In(zone).Format("15:04") != want) {
			t.Errorf("zone %q: %v, %v; want %s", in, zone, err, want)
		}
	}
}
