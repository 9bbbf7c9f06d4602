package press

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"parley"
)

// Problem says what is wrong with one file, in a sentence for whoever wrote it.
type Problem struct {
	File string
	Key  string // the front matter key at fault; "" when it is none of them
	What string // completes "FILE: …" or "FILE: the key "KEY" …"
}

// Error gives the sentence, naming file and key.
func (p *Problem) Error() string {
	if p.Key == "" {
		return p.File + ": " + p.What
	}
	return fmt.Sprintf("%s: the key %q %s", p.File, p.Key, p.What)
}

// split parts a file into front matter and body.
func split(src []byte) (front, body []byte, err error) {
	src = bytes.TrimPrefix(src, []byte("\ufeff")) // some editors open UTF-8 files with a byte order mark
	src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
	rest, opened := bytes.CutPrefix(src, []byte("---\n"))
	if !opened {
		return nil, nil, &Problem{What: `the file must open with front matter after a line of "---"`}
	}
	front, body, closed := bytes.Cut(append([]byte("\n"), rest...), []byte("\n---\n"))
	if !closed {
		return nil, nil, &Problem{What: `the front matter must end with a line of "---"`}
	}
	return front, body, nil
}

// maxSection is the most characters of a section's name that the store takes.
const maxSection = 100

// keys are what front matter may say, each with how it is read.
var keys = map[string]func(a *Article, value any) error{
	"title":      text(func(a *Article) *string { return &a.Title }),
	"standfirst": text(func(a *Article) *string { return &a.Standfirst }),
	"section":    text(func(a *Article) *string { return &a.Section }),
	"author":     text(func(a *Article) *string { return &a.Author }),
	"picture":    func(*Article, any) error { return nil }, // read by [pictureIn], which knows the folder
	"caption":    text(func(a *Article) *string { return &a.Caption }),
	"alt":        text(func(a *Article) *string { return &a.Alt }),
	"note":       text(func(a *Article) *string { return &a.Note }),
	"published":  date(func(a *Article) *time.Time { return &a.Published }),
	"updated":    date(func(a *Article) *time.Time { return &a.Updated }),
	"closed":     truth(func(a *Article) *bool { return &a.Closed }),

	"written":      date(func(a *Article) *time.Time { return &a.Written }),
	"author_email": text(func(a *Article) *string { return &a.Email }),
	"passages":     truth(func(a *Article) *bool { return &a.Passages }),
	"questions":    truth(func(a *Article) *bool { return &a.Questions }),
}

// readFront fills a from front matter, all but the picture, and gives the keys and values.
func readFront(a *Article, front []byte) (map[string]any, error) {
	values := map[string]any{}
	if err := yaml.Unmarshal(front, &values); err != nil {
		return nil, &Problem{What: "the front matter is not YAML: " + firstMistake(err)}
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		read, known := keys[key]
		if !known {
			all := strings.Join(slices.Sorted(maps.Keys(keys)), ", ")
			return nil, &Problem{Key: key, What: "is unknown; those known are " + all}
		}
		if err := read(a, values[key]); err != nil {
			return nil, &Problem{Key: key, What: err.Error()}
		}
	}
	switch {
	case utf8.RuneCountInString(a.Section) > maxSection:
		return nil, &Problem{Key: "section", What: fmt.Sprintf("is longer than %d characters", maxSection)}
	case a.Title == "":
		return nil, &Problem{Key: "title", What: "is missing"}
	case utf8.RuneCountInString(a.Title) > parley.MaxTitle:
		return nil, &Problem{Key: "title", What: fmt.Sprintf("is longer than %d characters", parley.MaxTitle)}
	case a.Published.IsZero():
		return nil, &Problem{Key: "published", What: "is missing"}
	case a.Written.After(a.Published):
		return nil, &Problem{Key: "written", What: "lies after the day on which it was published"}
	case len(a.Email) > parley.MaxEmail || a.Email != "" && !strings.Contains(a.Email, "@"):
		return nil, &Problem{Key: "author_email", What: "must be a mail address"}
	}
	return values, nil
}

func text(field func(*Article) *string) func(*Article, any) error {
	return func(a *Article, value any) error {
		switch v := value.(type) {
		case nil:
		case string:
			*field(a) = strings.Join(strings.Fields(v), " ")
		default:
			return errors.New("must be text; put it in quotes")
		}
		return nil
	}
}

func date(field func(*Article) *time.Time) func(*Article, any) error {
	return func(a *Article, value any) error {
		s, _ := value.(string)
		t, err := time.Parse(time.RFC3339, s)
		if err != nil || t.Year() < 1 {
			return errors.New("must be a date, time and zone like 2026-11-19T06:00:00+01:00")
		}
		*field(a) = inOwnZone(t)
		return nil
	}
}

// inOwnZone names the zone by its distance from UTC. Without it the name would depend on where the server
// stands: [time.Parse] puts a time into the server's own zone when the distance happens to be the same.
func inOwnZone(t time.Time) time.Time {
	_, offset := t.Zone()
	if offset == 0 {
		return t.UTC()
	}
	sign, minutes := '+', offset/60
	if offset < 0 {
		sign, minutes = '−', -minutes
	}
	name := fmt.Sprintf("UTC%c%d", sign, minutes/60)
	if minutes%60 != 0 {
		name += fmt.Sprintf(":%02d", minutes%60)
	}
	return t.In(time.FixedZone(name, offset))
}

func truth(field func(*Article) *bool) func(*Article, any) error {
	return func(a *Article, value any) error {
		v, ok := value.(bool)
		if !ok {
			return errors.New("must be true or false")
		}
		*field(a) = v
		return nil
	}
}

// firstMistake cuts the parser's report down to its sentence, with the line counted in the file.
func firstMistake(err error) string {
	var mistake yaml.Error
	if !errors.As(err, &mistake) || mistake.GetToken() == nil {
		return strings.SplitN(err.Error(), "\n", 2)[0]
	}
	// The parser counts from the empty line that split puts in place of the opening "---".
	return fmt.Sprintf("%s (line %d)", mistake.GetMessage(), mistake.GetToken().Position.Line)
}
