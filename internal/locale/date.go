package locale

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"parley"
)

// dates is how a language writes days: the names, and patterns of {weekday},
// {day}, {month}, {year}, {hour}, {minute} and {zone}. golang.org/x/text knows
// nothing of dates yet.
type dates struct {
	Weekdays [7]string  `json:"weekdays"` // Sunday first, as in package time
	Months   [12]string `json:"months"`
	Date     string     `json:"date"`
	DateTime string     `json:"date_time"`
	Short    string     `json:"date_short"`
	Stamp    string     `json:"date_stamp"`
	Day      string     `json:"date_day"`
	DayYear  string     `json:"date_day_year"`
}

// dateKeys are the keys of a file that are no messages.
var dateKeys = []string{"weekdays", "months", "date", "date_time", "date_short", "date_stamp", "date_day", "date_day_year"}

// Date gives the day, such as "Monday 23 November 2026", and "" for no time. A
// nil location is UTC.
func (c *Catalogue) Date(at parley.Time, in *time.Location) string {
	return c.dates.write(c.dates.Date, at, in)
}

// DateTime gives day, time and zone, such as "Monday 23 November 2026, 9.12 CET",
// and "" for no time. A nil location is UTC.
func (c *Catalogue) DateTime(at parley.Time, in *time.Location) string {
	return c.dates.write(c.dates.DateTime, at, in)
}

// Short gives day and time without the year, such as "23 November, 9.12", and ""
// for no time. A nil location is UTC.
func (c *Catalogue) Short(at parley.Time, in *time.Location) string {
	return c.dates.write(c.dates.Short, at, in)
}

// Stamp gives day, year, time and zone without the weekday, such as "23 November
// 2026, 9.12 CET", and "" for no time. A nil location is UTC.
func (c *Catalogue) Stamp(at parley.Time, in *time.Location) string {
	return c.dates.write(c.dates.Stamp, at, in)
}

// Day gives the day without the weekday, such as "23 November", with the year when
// it is asked for, and "" for no time. A nil location is UTC.
func (c *Catalogue) Day(at parley.Time, in *time.Location, year bool) string {
	if year {
		return c.dates.write(c.dates.DayYear, at, in)
	}
	return c.dates.write(c.dates.Day, at, in)
}

func (d dates) write(pattern string, at parley.Time, in *time.Location) string {
	if at == 0 {
		return ""
	}
	t := at.UTC()
	if in != nil {
		t = t.In(in)
	}
	var out strings.Builder
	out.Grow(len(pattern))
	for {
		before, rest, found := strings.Cut(pattern, "{")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		out.WriteString(d.part(name, t))
		pattern = after
	}
}

// part gives what a pattern names.
func (d dates) part(name string, t time.Time) string {
	switch name {
	case "weekday":
		return d.Weekdays[t.Weekday()]
	case "day":
		return strconv.Itoa(t.Day())
	case "month":
		return d.Months[t.Month()-1]
	case "year":
		return strconv.Itoa(t.Year())
	case "hour":
		return strconv.Itoa(t.Hour())
	case "minute":
		return string([]byte{'0' + byte(t.Minute()/10), '0' + byte(t.Minute()%10)})
	case "zone":
		return zone(t)
	}
	return "{" + name + "}"
}

// zone gives the name of t's zone. Many zones have none and are called "+0545"
// by the time zone database; they become "UTC+5:45".
func zone(t time.Time) string {
	name, seconds := t.Zone()
	if name != "" && name[0] != '+' && name[0] != '-' {
		return name
	}
	sign := "+"
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	hours, minutes := seconds/3600, seconds/60%60
	if minutes == 0 {
		return fmt.Sprintf("UTC%s%d", sign, hours)
	}
	return fmt.Sprintf("UTC%s%d:%02d", sign, hours, minutes)
}
