package transfer

import (
	"strings"
	"time"

	"parley"
)

// earliest is the first moment an imported comment can be of: ids begin with the year 2000, and no system we
// read from is older.
var earliest = parley.TimeOf(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC))

// clamp gives the nearest time to t that a comment can be of, and whether that is another one.
func clamp(t, now parley.Time) (parley.Time, bool) {
	clamped := min(max(t, earliest), now)
	return clamped, clamped != t
}

// stampLayout is how MySQL, and so WordPress, writes a moment.
const stampLayout = "2006-01-02 15:04:05"

// readStamp reads a moment in the zone. ok is false for what is none, "0000-00-00 00:00:00" among it.
func readStamp(s string, zone *time.Location) (at parley.Time, ok bool) {
	if minute, leap := strings.CutSuffix(s, ":60"); leap {
		s = minute + ":59" // the second that is put in has no place in Go's time
	}
	t, err := time.ParseInLocation(stampLayout, s, zone)
	if err != nil {
		return 0, false
	}
	return parley.TimeOf(t), true
}
