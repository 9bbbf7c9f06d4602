package journal

import (
	"fmt"
	"slices"
)

// Message is one message of a stream of events that has an id.
type Message struct {
	ID     int64          `json:"id"`
	Name   string         `json:"name"`
	About  string         `json:"about,omitempty"`  // the comment
	Counts map[string]int `json:"counts,omitempty"` // of recommendations, by comment
}

// Watch is everything one client of a story's stream was told, across all its connections, in which it asked to go
// on after the last id it had heard.
type Watch struct {
	Name        string    `json:"name"`
	Story       string    `json:"story"`
	After       int64     `json:"after"` // the event it began after
	Connections int       `json:"connections"`
	Messages    []Message `json:"messages"`
}

// Last gives the last id the client has heard.
func (w *Watch) Last() int64 {
	if n := len(w.Messages); n > 0 {
		return w.Messages[n-1].ID
	}
	return w.After
}

// maxReplay is how many events a client may have missed and still be told each; docs/embed/events.md.
const maxReplay = 500

// messageOf says which message everybody who watches a story gets of an event; "" = none, or one of those whose
// counts are gathered. docs/embed/events.md is the contract.
func messageOf(kind string) string {
	switch kind {
	case eventPublished:
		return "comment"
	case eventEdited:
		return "edit"
	case eventWithdrawn, eventRemoved:
		return "remove"
	case eventRefreshed:
		return "refresh"
	}
	return ""
}

// CheckWatch holds what a stream told against the log: every event of the story once and in order, and the last
// count of every comment that was recommended. Events later than the snapshot are not judged. The client must have
// heard everything in it.
func CheckWatch(w *Watch, s *Snapshot) (found []Violation) {
	find := func(format string, args ...any) {
		found = append(found, Violation{Stream, fmt.Sprintf("%s, on story %s: ", w.Name, w.Story) + fmt.Sprintf(format, args...)})
	}
	var due []Event
	for _, e := range s.Events {
		if e.Story == w.Story && e.ID > w.After {
			due = append(due, e)
		}
	}
	last := w.After
	heard, counts := []Message{}, map[string]int{}
	for _, m := range w.Messages {
		if m.ID <= last {
			find("message %d (%s) came after %d", m.ID, m.Name, last)
		}
		if m.ID > s.Counter {
			break
		}
		switch m.Name {
		case "reset":
			if n := between(due, last, m.ID); n <= maxReplay {
				find("told to begin afresh at %d after %d, with only %d events between", m.ID, last, n)
			}
			due = slices.DeleteFunc(due, func(e Event) bool { return e.ID > last && e.ID <= m.ID })
			counts = nil // what they were is fetched with the page
		case "recommend":
			for about, n := range m.Counts {
				if counts != nil {
					counts[about] = n
				}
			}
		default:
			heard = append(heard, m)
		}
		last = max(last, m.ID)
	}
	compare(due, heard, find)
	if counts != nil {
		compareCounts(due, counts, find)
	}
	return found
}

func between(due []Event, after, upTo int64) (n int) {
	for _, e := range due {
		if e.ID > after && e.ID <= upTo {
			n++
		}
	}
	return n
}

// enough is how many differences of one stream are listed: one that is off by one is off everywhere.
const enough = 5

// compare goes through what was due and what was heard side by side.
func compare(due []Event, heard []Message, find func(string, ...any)) {
	differences := 0
	tell := func(format string, args ...any) {
		if differences++; differences <= enough {
			find(format, args...)
		}
	}
	for _, e := range due {
		name := messageOf(e.Kind)
		if name == "" {
			continue
		}
		for len(heard) > 0 && heard[0].ID < e.ID {
			tell("message %d (%s %s) tells of no event", heard[0].ID, heard[0].Name, heard[0].About)
			heard = heard[1:]
		}
		if len(heard) == 0 || heard[0].ID != e.ID {
			tell("event %d (%s of %s) was not told", e.ID, e.Kind, e.Subject)
			continue
		}
		if m := heard[0]; m.Name != name || m.About != e.Subject && name != "refresh" {
			tell("event %d (%s of %s) was told as %s of %s", e.ID, e.Kind, e.Subject, m.Name, m.About)
		}
		heard = heard[1:]
	}
	for _, m := range heard {
		tell("message %d (%s %s) tells of no event", m.ID, m.Name, m.About)
	}
	if differences > enough {
		find("and %d differences more", differences-enough)
	}
}

func compareCounts(due []Event, counts map[string]int, find func(string, ...any)) {
	want := map[string]int{}
	for _, e := range due {
		if e.Kind == eventRecommended {
			want[e.Subject] = e.Count
		}
	}
	for about, n := range want {
		if got, told := counts[about]; !told || got != n {
			find("%s has %d recommendations, last told %d (%t)", about, n, got, told)
		}
	}
}

// Due gives the last event in a snapshot that whoever watches a story must come to hear.
func Due(s *Snapshot, story string) (last int64) {
	for _, e := range s.Events {
		if e.Story == story && (messageOf(e.Kind) != "" || e.Kind == eventRecommended) {
			last = e.ID
		}
	}
	return last
}
