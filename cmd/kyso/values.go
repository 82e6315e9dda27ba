package main

import (
	"encoding/asn1"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/kyso-vn/kyso/appearance"
)

// parseNumbers parses n finite numbers with a separator.
func parseNumbers(s, sep string, n int) ([]float64, error) {
	parts := strings.Split(s, sep)
	if len(parts) != n {
		return nil, fmt.Errorf("%q: want %d numbers separated by %q", s, n, sep)
	}
	out := make([]float64, n)
	for i, p := range parts {
		v, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
			return nil, fmt.Errorf("%q is no number", p)
		}
		out[i] = v
	}
	return out, nil
}

// parseRect parses x1,y1,x2,y2 in points; the corners may come in any order.
func parseRect(s string) (appearance.Rect, error) {
	v, err := parseNumbers(s, ",", 4)
	if err != nil {
		return appearance.Rect{}, err
	}
	r := appearance.Rect{min(v[0], v[2]), min(v[1], v[3]), max(v[0], v[2]), max(v[1], v[3])}
	if r.Width() < 1 || r.Height() < 1 {
		return r, fmt.Errorf("%q is no rectangle", s)
	}
	return r, nil
}

// parseSize parses WxH in points.
func parseSize(s string) (w, h float64, err error) {
	v, err := parseNumbers(strings.ToLower(s), "x", 2)
	if err != nil {
		return 0, 0, err
	}
	if v[0] < 1 || v[1] < 1 {
		return 0, 0, fmt.Errorf("%q: each side is at least 1 pt", s)
	}
	return v[0], v[1], nil
}

// parsePageRect parses PAGE:RECT.
func parsePageRect(s string) (page int, r appearance.Rect, err error) {
	p, rect, ok := strings.Cut(s, ":")
	if !ok {
		return 0, r, fmt.Errorf("%q: want PAGE:x1,y1,x2,y2", s)
	}
	if page, err = strconv.Atoi(p); err != nil || page < 1 {
		return 0, r, fmt.Errorf("%q is no page number", p)
	}
	r, err = parseRect(rect)
	return page, r, err
}

// parseBytes parses a size as 6MB, 500 KB, 1GiB or plain bytes.
func parseBytes(s string) (int64, error) {
	units := []struct {
		name  string
		bytes float64
	}{{"KIB", 1 << 10}, {"MIB", 1 << 20}, {"GIB", 1 << 30}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1}, {"", 1}}
	upper := strings.ToUpper(strings.TrimSpace(s))
	for _, u := range units {
		number, ok := strings.CutSuffix(upper, u.name)
		if !ok {
			continue
		}
		v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || !(v*u.bytes >= 1 && v*u.bytes <= 1<<50) {
			return 0, fmt.Errorf("%q is no size (examples: 6MB, 500KB)", s)
		}
		return int64(v * u.bytes), nil
	}
	return 0, fmt.Errorf("%q is no size", s)
}

// parseColor parses a name, #RRGGBB, or r,g,b of 0 to 255.
func parseColor(s string) ([3]float64, error) {
	names := map[string][3]float64{"black": {}, "blue": {0, 0, 1}, "red": {1, 0, 0}, "green": {0, 0.5, 0}, "navy": {0, 0, 0.5}, "gray": {0.5, 0.5, 0.5},
		"den": {}, "xanh": {0, 0, 1}, "do": {1, 0, 0}, "đen": {}, "đỏ": {1, 0, 0}}
	if c, ok := names[strings.ToLower(s)]; ok {
		return c, nil
	}
	if hex, ok := strings.CutPrefix(s, "#"); ok && len(hex) == 6 {
		v, err := strconv.ParseUint(hex, 16, 32)
		if err == nil {
			return [3]float64{float64(v>>16) / 255, float64(v>>8&0xFF) / 255, float64(v&0xFF) / 255}, nil
		}
	}
	v, err := parseNumbers(s, ",", 3)
	if err != nil || slices.Min(v) < 0 || slices.Max(v) > 255 {
		return [3]float64{}, fmt.Errorf("%q is no colour (a name, #RRGGBB or r,g,b of 0 to 255)", s)
	}
	return [3]float64{v[0] / 255, v[1] / 255, v[2] / 255}, nil
}

// timeParts are the parts of dd-MM-yyyy HH:mm:ss as Go writes them; a part of
// one letter counts where it stands alone, as in d/M/yyyy.
var timeParts = []string{"yyyy", "2006", "yy", "06", "MM", "01", "dd", "02", "HH", "15", "hh", "03", "mm", "04", "ss", "05", "zzz", "-07:00", "tt", "PM"}

var timeLetters = map[string]string{"M": "1", "d": "2", "H": "15", "h": "3", "m": "4", "s": "5"}

var letters = regexp.MustCompile(`\p{L}+`)

// parseTimeFormat makes a Go layout of dd-MM-yyyy HH:mm:ss and the like; a Go
// layout passes.
func parseTimeFormat(s string) (string, error) {
	if strings.Contains(s, "2006") || strings.Contains(s, "15:04") {
		return s, nil
	}
	parts := strings.NewReplacer(timeParts...)
	out := letters.ReplaceAllStringFunc(norm.NFC.String(s), func(run string) string {
		return first(timeLetters[run], parts.Replace(run))
	})
	if out == norm.NFC.String(s) {
		return "", fmt.Errorf("%q shows no time (example: dd-MM-yyyy HH:mm:ss)", s)
	}
	return out, nil
}

// parseTimezone takes a name of the time zone data base or an offset as +07:00.
func parseTimezone(s string) (*time.Location, error) {
	if t, err := time.Parse("-07:00", s); err == nil {
		_, offset := t.Zone()
		return time.FixedZone("UTC"+s, offset), nil
	}
	loc, err := time.LoadLocation(s)
	if err != nil {
		return nil, fmt.Errorf("%q is no time zone (examples: Asia/Ho_Chi_Minh, +07:00)", s)
	}
	return loc, nil
}

// parseTime takes a day (its end, in Vietnam) or RFC 3339.
func parseTime(s string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	zone := vietnam
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, nil
		}
	}
	if t, err := time.ParseInLocation("2006-01-02", s, zone); err == nil {
		return t.Add(24*time.Hour - time.Second), nil
	}
	return time.Time{}, fmt.Errorf("%q is no time (examples: 2026-05-12, 2026-05-12T15:00:00+07:00)", s)
}

// parseOID parses dotted numbers.
func parseOID(s string) (asn1.ObjectIdentifier, error) {
	var oid asn1.ObjectIdentifier
	for _, p := range strings.Split(s, ".") {
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 {
			return nil, fmt.Errorf("%q is no OID", s)
		}
		oid = append(oid, n)
	}
	if len(oid) < 2 {
		return nil, fmt.Errorf("%q is no OID", s)
	}
	return oid, nil
}

// parseRate parses N/min.
func parseRate(s string) (int, error) {
	number, unit, ok := strings.Cut(s, "/")
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || ok && unit != "min" {
		return 0, fmt.Errorf("%q is no rate (example: 60/min)", s)
	}
	return n, nil
}

// parseWait parses a time to wait: "90s", "3m", or seconds.
func parseWait(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if n, nerr := strconv.Atoi(s); nerr == nil && n <= 86400 {
		d, err = time.Duration(n)*time.Second, nil
	}
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("%q is no time to wait (example: 180s)", s)
	}
	return d, nil
}

// parseNth parses a number or "last".
func parseNth(s string) (int, error) {
	switch s {
	case "":
		return 0, nil
	case "last":
		return -1, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 0, errors.New("want a number from 1, or last")
	}
	return n, nil
}
