package journal_test

import (
	"slices"
	"testing"

	"parley/cmd/torture/internal/journal"
)

// hearing gives what a page that listened to the tale must have heard.
func hearing() journal.Watch {
	return journal.Watch{Name: "page", Story: "7", Messages: []journal.Message{
		{ID: 1, Name: "comment", About: "101"}, {ID: 2, Name: "comment", About: "102"}, {ID: 3, Name: "edit", About: "102"},
		{ID: 4, Name: "recommend", Counts: map[string]int{"101": 1}}, {ID: 5, Name: "comment", About: "103"}, {ID: 6, Name: "remove", About: "103"},
		{ID: 7, Name: "comment", About: "104"}, {ID: 8, Name: "remove", About: "104"}, {ID: 9, Name: "edit", About: "104"}, {ID: 10, Name: "comment", About: "105"},
	}}
}

func TestStreams(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*journal.Watch)
		right  bool
	}{
		"everything once and in order": {func(*journal.Watch) {}, true},
		"from the middle on":           {func(w *journal.Watch) { w.After, w.Messages = 5, w.Messages[5:] }, true},
		"an event later than the look": {func(w *journal.Watch) { w.Messages = append(w.Messages, journal.Message{ID: 11, Name: "refresh"}) }, true},
		"one left out":                 {func(w *journal.Watch) { w.Messages = slices.Delete(w.Messages, 4, 5) }, false},
		"the last left out":            {func(w *journal.Watch) { w.Messages = w.Messages[:9] }, false},
		"one twice":                    {func(w *journal.Watch) { w.Messages = slices.Insert(w.Messages, 2, w.Messages[1]) }, false},
		"two the other way round": {func(w *journal.Watch) {
			w.Messages[1], w.Messages[2] = w.Messages[2], w.Messages[1]
		}, false},
		"one about another comment": {func(w *journal.Watch) { w.Messages[0].About = "109" }, false},
		"one by another name":       {func(w *journal.Watch) { w.Messages[5].Name = "edit" }, false},
		"a wrong count":             {func(w *journal.Watch) { w.Messages[3].Counts["101"] = 2 }, false},
		"no count":                  {func(w *journal.Watch) { w.Messages = slices.Delete(w.Messages, 3, 4) }, false},
		"what never happened": {func(w *journal.Watch) {
			w.Messages = slices.Insert(w.Messages, 4, journal.Message{ID: 4, Name: "comment", About: "109"})
		}, false},
		"told to begin afresh early": {func(w *journal.Watch) { w.Messages = []journal.Message{{ID: 10, Name: "reset"}} }, false},
	} {
		t.Run(name, func(t *testing.T) {
			heard := hearing()
			test.change(&heard)
			if found := journal.CheckWatch(&heard, tell().s); (len(found) == 0) != test.right {
				t.Errorf("it finds %v", found)
			}
		})
	}
}

// TestAfreshAfterFarTooMuch lets a page miss more events than are told one by one.
func TestAfreshAfterFarTooMuch(t *testing.T) {
	s := &journal.Snapshot{Counter: 700}
	for id := range int64(700) {
		s.Events = append(s.Events, journal.Event{ID: id + 1, Story: "7", Kind: "story.refreshed", Subject: "7"})
	}
	heard := journal.Watch{Name: "page", Story: "7", Messages: []journal.Message{{ID: 1, Name: "refresh"}, {ID: 699, Name: "reset"}, {ID: 700, Name: "refresh"}}}
	if found := journal.CheckWatch(&heard, s); len(found) > 0 {
		t.Errorf("nothing is wrong, and it finds %v", found)
	}
}

func TestDue(t *testing.T) {
	s := tell().s
	s.Events = append(s.Events, journal.Event{ID: 11, Kind: "reader.session"}, journal.Event{ID: 12, Story: "8", Kind: "story.refreshed"})
	if got := journal.Due(s, "7"); got != 10 {
		t.Errorf("a page must hear up to %d, want 10", got)
	}
}
