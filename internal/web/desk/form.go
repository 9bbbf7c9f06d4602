package desk

import (
	"net/url"
	"time"

	"parley"
)

// form is one form of a section. Its act finds Do in "do" and ID in "id".
type form struct {
	Do     string
	ID     string // what it is about; "" = the story or its question
	Button string
	Quiet  bool // not the first thing to do here
	Action string
	Fields []field
}

// field is one field of a form.
type field struct {
	Name, Label, Hint, Value string
	Type                     string   // of the input; "area" for longer texts, "choice" for one of Options, "check"
	Options                  []option // of a choice
	Needed                   bool
	Max                      int // characters; 0 = the verb says it

	ID    string
	Wrong string
}

type option struct{ Value, Text string }

// Fill gives a form as it is shown: with what it held and what was wrong with it when it is the one that was
// refused.
func (v sectionView) Fill(f form) form {
	f.Action = v.Action
	mine := v.In != nil && v.In.Get("do") == f.Do && v.In.Get("id") == f.ID
	fields := make([]field, len(f.Fields))
	for i, one := range f.Fields {
		one.ID = f.Do + "-" + one.Name
		if f.ID != "" {
			one.ID += "-" + f.ID
		}
		if mine {
			one.Value, one.Wrong = v.In.Get(one.Name), v.Problem.On(one.Name)
		}
		fields[i] = one
	}
	f.Fields = fields
	return f
}

// day reads a date field as the newsroom's clock has it: its first moment. It gives 0 for none, and refuses with
// CodeBadDay.
func day(in url.Values, name string, zone *time.Location) (parley.Time, error) {
	if in.Get(name) == "" {
		return 0, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, in.Get(name), zone)
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		return 0, parley.Errorf(parley.CodeBadDay, "Please write the day as year, month and day, such as 2026-11-23.").On(name)
	}
	return parley.TimeOf(t), nil
}

// dated writes a moment for a date field; "" for none.
func dated(t parley.Time, zone *time.Location) string {
	if t == 0 {
		return ""
	}
	return t.UTC().In(zone).Format(time.DateOnly)
}

// about reads which thing a form is about.
func about(in url.Values) (parley.ID, error) { return parley.ParseID(in.Get("id")) }
