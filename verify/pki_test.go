package verify_test

import "time"

func now() time.Time { return time.Date(2026, 5, 12, 8, 35, 12, 0, time.UTC) }
