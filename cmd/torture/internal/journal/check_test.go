package journal_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/cmd/torture/internal/journal"
)

// tale is a small talk, with the journal and the database that belong to it, all of it as it must be.
type tale struct {
	entries []journal.Entry
	s       *journal.Snapshot
}

func acked(id string) []journal.Try {
	return []journal.Try{{Status: 201, ID: id, Took: time.Millisecond}}
}

var silence = []journal.Try{{Why: "connection reset"}}

const ann, bob = "11", "12"

// tell gives the tale: Ann opens a thread, Bob replies, edits, and recommends; Ann's second thread was withdrawn, Bob's
// was removed and restored; Bob follows Ann's thread. Ann gave one reason with her answer to the question.
func tell() tale {
	entry := func(n int, worker int, kind journal.Kind, reader, subject, parent, text string, tries []journal.Try) journal.Entry {
		return journal.Entry{
			N: n, Worker: worker, Kind: kind, Key: fmt.Sprint("k", n), Reader: reader, Story: "7", Subject: subject, Parent: parent, Text: text, Tries: tries,
		}
	}
	entries := []journal.Entry{
		entry(1, 0, journal.Comment, ann, "", "", "k1: First.", acked("101")),
		entry(2, 1, journal.Reply, bob, "", "101", "k2: Second.", acked("102")),
		entry(3, 1, journal.Edit, bob, "102", "", "k2: Second, better.", acked("102")),
		entry(4, 1, journal.Recommend, bob, "101", "", "", acked("")),
		entry(5, 0, journal.Comment, ann, "", "", "k5: Third.", acked("103")),
		entry(6, 0, journal.Withdraw, ann, "103", "", "", acked("103")),
		entry(7, 1, journal.Comment, bob, "", "", "k7: Fourth.", acked("104")),
		entry(8, 1, journal.Remove, "desk", "104", "", "", acked("")),
		entry(9, 1, journal.Restore, "desk", "104", "", "", acked("")),
		entry(10, 1, journal.Follow, bob, "101", "", "", acked("")),
		entry(11, 0, journal.Reason, ann, "", "", "k11: Likely.", acked("105")),
	}
	event := func(id int64, kind, subject string, revision int64, count int) journal.Event {
		return journal.Event{ID: id, Story: "7", Kind: "comment." + kind, Subject: subject, Revision: revision, Count: count}
	}
	return tale{entries, &journal.Snapshot{
		Comments: map[string]journal.Row{
			"101": {Story: "7", Root: "101", Author: ann, Body: "k1: First.", State: "published", Recommendations: 1, Replies: 1},
			"102": {Story: "7", Root: "101", Parent: "101", Author: bob, Body: "k2: Second, better.", State: "published"},
			"103": {Story: "7", Root: "103", Author: ann, Body: "k5: Third.", State: "withdrawn"},
			"104": {Story: "7", Root: "104", Author: bob, Body: "k7: Fourth.", State: "published"},
			"105": {Story: "7", Root: "105", Author: ann, Body: "k11: Likely.", State: "published", Reason: true},
		},
		Stories:     map[string]journal.Counts{"7": {Comments: 4, Threads: 4, Revision: 9}},
		Readers:     map[string]int{ann: 2, bob: 2},
		Recommended: map[journal.Mark]bool{{Reader: bob, Target: "101"}: true},
		Followed:    map[journal.Mark]bool{{Reader: bob, Target: "101"}: true},
		Decisions:   map[string][]string{"104": {"remove", "restore"}},
		Reasons:     map[string]string{"105": ann},
		Keys: map[journal.Mark]string{
			{Reader: ann, Target: "k1"}: "101", {Reader: bob, Target: "k2"}: "102", {Reader: ann, Target: "k5"}: "103",
			{Reader: bob, Target: "k7"}: "104", {Reader: ann, Target: "k11"}: "105",
		},
		Earlier: map[string]int{"102": 1},
		Counter: 10,
		Events: []journal.Event{
			event(1, "published", "101", 1, 0), event(2, "published", "102", 2, 0), event(3, "edited", "102", 3, 0),
			event(4, "recommended", "101", 0, 1), event(5, "published", "103", 4, 0), event(6, "withdrawn", "103", 5, 0),
			event(7, "published", "104", 6, 0), event(8, "removed", "104", 7, 0), event(9, "edited", "104", 8, 0), event(10, "published", "105", 9, 0),
		},
	}}
}

// row changes one row.
func (t *tale) row(id string, change func(*journal.Row)) {
	r := t.s.Comments[id]
	change(&r)
	t.s.Comments[id] = r
}

// rules lists the rules that were broken, each once.
func rules(found []journal.Violation) string {
	all := map[string]bool{}
	for _, v := range found {
		all[v.Rule] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(all)), " ")
}

func TestASoundTale(t *testing.T) {
	tale := tell()
	if found := journal.Check(tale.entries, tale.s, true); len(found) > 0 {
		t.Errorf("nothing is wrong, and it finds %v", found)
	}
}

// TestWhatIsWrongIsFound breaks the tale in one place each time.
func TestWhatIsWrongIsFound(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(*tale)
		rule  string // that must be among those found
	}{
		"an acknowledged comment is lost": {func(t *tale) { delete(t.s.Comments, "101") }, journal.Lost},
		"a comment is there twice": {func(t *tale) {
			t.s.Comments["109"] = t.s.Comments["104"]
		}, journal.Doubled},
		"one key is answered with two ids": {func(t *tale) {
			t.entries[0].Tries = append(t.entries[0].Tries, journal.Try{Status: 201, ID: "999"})
		}, journal.Doubled},
		"a comment nobody wrote": {func(t *tale) {
			t.s.Comments["109"] = journal.Row{Story: "7", Root: "109", Author: ann, Body: "k99: Who?", State: "published"}
		}, journal.Stray},
		"a refused comment is there": {func(t *tale) { t.entries[6].Tries = []journal.Try{{Status: 409, Code: "conversation_closed"}} }, journal.Stray},
		"a retry of a saved comment is refused": {func(t *tale) {
			t.entries[6].Tries = append(slices.Clone(silence), journal.Try{Status: 409, Code: "duplicate_comment"})
		}, journal.Stray},
		"other words":                      {func(t *tale) { t.row("101", func(r *journal.Row) { r.Body = "k1: Fir" }) }, journal.Changed},
		"another author":                   {func(t *tale) { t.row("101", func(r *journal.Row) { r.Author = bob }) }, journal.Changed},
		"an acknowledged edit is lost":     {func(t *tale) { t.row("102", func(r *journal.Row) { r.Body = "k2: Second." }) }, journal.Lost},
		"an earlier text is lost":          {func(t *tale) { t.s.Earlier = nil }, journal.Lost},
		"an edit is kept twice":            {func(t *tale) { t.s.Earlier["102"] = 2 }, journal.Doubled},
		"a withdrawal is lost":             {func(t *tale) { t.row("103", func(r *journal.Row) { r.State = "published" }) }, journal.Lost},
		"a decision is lost":               {func(t *tale) { t.s.Decisions["104"] = []string{"remove"} }, journal.Lost},
		"a decision is there twice":        {func(t *tale) { t.s.Decisions["104"] = []string{"remove", "remove", "restore"} }, journal.Doubled},
		"a recommendation is lost":         {func(t *tale) { t.s.Recommended = nil }, journal.Lost},
		"a recommendation of nobody":       {func(t *tale) { t.s.Recommended[journal.Mark{Reader: ann, Target: "104"}] = true }, journal.Stray},
		"a follow is lost":                 {func(t *tale) { t.s.Followed = nil }, journal.Lost},
		"a reply without its parent":       {func(t *tale) { t.row("102", func(r *journal.Row) { r.Parent, r.Root = "555", "555" }) }, journal.Lost},
		"half a reason":                    {func(t *tale) { t.s.Reasons = nil }, journal.Changed},
		"an answer without its reason":     {func(t *tale) { t.s.Reasons["777"] = ann }, journal.Changed},
		"a key that is not remembered":     {func(t *tale) { delete(t.s.Keys, journal.Mark{Reader: ann, Target: "k1"}) }, journal.Changed},
		"a key of nothing":                 {func(t *tale) { t.s.Keys[journal.Mark{Reader: ann, Target: "k77"}] = "777" }, journal.Changed},
		"a story counts one too many":      {func(t *tale) { t.s.Stories["7"] = journal.Counts{Comments: 5, Threads: 4, Revision: 9} }, journal.Miscount},
		"a story counts a thread too few":  {func(t *tale) { t.s.Stories["7"] = journal.Counts{Comments: 4, Threads: 3, Revision: 9} }, journal.Miscount},
		"a reader counts one too few":      {func(t *tale) { t.s.Readers[ann] = 1 }, journal.Miscount},
		"a thread counts no reply":         {func(t *tale) { t.row("101", func(r *journal.Row) { r.Replies = 0 }) }, journal.Miscount},
		"recommendations are counted past": {func(t *tale) { t.row("101", func(r *journal.Row) { r.Recommendations = 2 }) }, journal.Miscount},
		"a gap in the log":                 {func(t *tale) { t.s.Events = slices.Delete(t.s.Events, 4, 5) }, journal.Disorder},
		"the log is counted past its end":  {func(t *tale) { t.s.Counter = 11 }, journal.Disorder},
		"an event is there twice": {func(t *tale) {
			twice := t.s.Events[9]
			twice.ID, twice.Revision, t.s.Counter = 11, 10, 11
			t.s.Events = append(t.s.Events, twice)
		}, journal.Disorder},
		"events of a batch in reverse": {func(t *tale) {
			t.s.Events[0], t.s.Events[1] = t.s.Events[1], t.s.Events[0]
			t.s.Events[0].ID, t.s.Events[1].ID = 1, 2
		}, journal.Disorder},
		"two comments of one worker in reverse": {func(t *tale) {
			t.s.Events[0].Subject, t.s.Events[4].Subject = "103", "101"
		}, journal.Disorder},
		"an event of a comment that is gone": {func(t *tale) {
			t.entries = slices.Delete(t.entries, 10, 11)
			delete(t.s.Comments, "105")
		}, journal.Lost},
		"the engine finds fault": {func(t *tale) { t.s.Faults = []string{"row 7 missing from index"} }, journal.Damage},
		"a request that is never answered": {func(t *tale) {
			t.entries = append(t.entries, journal.Entry{N: 12, Kind: journal.Comment, Key: "k12", Reader: ann, Story: "7", Text: "k12: Hello?", Tries: silence})
		}, journal.Answer},
	} {
		t.Run(name, func(t *testing.T) {
			tale := tell()
			test.spoil(&tale)
			if got := rules(journal.Check(tale.entries, tale.s, true)); !strings.Contains(got, test.rule) {
				t.Errorf("it finds %q, must find %s", got, test.rule)
			}
		})
	}
}

// TestWhatHasNoAnswerMayBeEither lets requests go unanswered: then both ways are right, and a third is not.
func TestWhatHasNoAnswerMayBeEither(t *testing.T) {
	for name, test := range map[string]struct {
		open   int // the entry without an answer
		change func(*tale)
		right  bool
	}{
		"a comment that is there":      {10, func(*tale) {}, true},
		"an edit that was made":        {2, func(*tale) {}, true},
		"an edit to other words":       {2, func(t *tale) { t.row("102", func(r *journal.Row) { r.Body = "k2: Third." }) }, false},
		"an edit that was not made":    {2, func(t *tale) { t.unedit() }, true},
		"a withdrawal that was made":   {5, func(*tale) {}, true},
		"a recommendation that stands": {3, func(*tale) {}, true},
		"a recommendation that does not": {3, func(t *tale) {
			t.s.Recommended = nil
			t.row("101", func(r *journal.Row) { r.Recommendations = 0 })
			t.s.Events[3].Count = 0
		}, true},
		"a follow that does not stand": {9, func(t *tale) { t.s.Followed = nil }, true},
		"a restoring that was made":    {8, func(*tale) {}, true},
	} {
		t.Run(name, func(t *testing.T) {
			tale := tell()
			tale.entries[test.open].Tries = silence
			test.change(&tale)
			if found := journal.Check(tale.entries, tale.s, false); (len(found) == 0) != test.right {
				t.Errorf("it finds %v", found)
			}
		})
	}
}

// unedit takes the edit out of the database, log included.
func (t *tale) unedit() {
	t.row("102", func(r *journal.Row) { r.Body = "k2: Second." })
	t.s.Earlier = nil
	t.s.Events = slices.Delete(t.s.Events, 2, 3)
	for i := range t.s.Events {
		t.s.Events[i].ID = int64(i + 1)
	}
	t.s.Counter = 9
}

func TestOutcomes(t *testing.T) {
	yes, no, busy := journal.Try{Status: 201, ID: "1"}, journal.Try{Status: 409, Code: "not_published"}, journal.Try{Status: 503, Code: "busy"}
	none, late := journal.Try{Why: "reset"}, journal.Try{Status: 409, Code: "decided_already"}
	for i, test := range []struct {
		kind  journal.Kind
		tries []journal.Try
		want  journal.Outcome
	}{
		{journal.Comment, nil, journal.Unknown},
		{journal.Comment, []journal.Try{none, busy}, journal.Unknown},
		{journal.Comment, []journal.Try{none, yes}, journal.Acknowledged},
		{journal.Comment, []journal.Try{yes, none}, journal.Acknowledged},
		{journal.Comment, []journal.Try{no}, journal.Refused},
		{journal.Comment, []journal.Try{none, no}, journal.Refused},
		{journal.Recommend, []journal.Try{no}, journal.Refused},
		{journal.Recommend, []journal.Try{none, no}, journal.Unknown},
		{journal.Remove, []journal.Try{none, late}, journal.Acknowledged},
		{journal.Remove, []journal.Try{late}, journal.Refused},
		{journal.Comment, []journal.Try{{Status: 429, Code: "too_many_requests"}}, journal.Unknown},
	} {
		e := journal.Entry{Kind: test.kind, Tries: test.tries}
		if got := e.Outcome(); got != test.want {
			t.Errorf("%d: the outcome is %d, want %d", i, got, test.want)
		}
	}
}

func TestSessions(t *testing.T) {
	in := func(cookie string) journal.Entry {
		return journal.Entry{Kind: journal.SignIn, Tries: []journal.Try{{Status: 200, Cookie: cookie}}}
	}
	out := func(cookie string, tries []journal.Try) journal.Entry {
		return journal.Entry{Kind: journal.SignOut, Subject: cookie, Tries: tries}
	}
	got := journal.Sessions([]journal.Entry{in("a"), in("b"), in("c"), out("b", acked("")), out("c", silence)})
	if want := map[string]bool{"a": true, "b": false}; !maps.Equal(got, want) {
		t.Errorf("sessions are %v, want %v", got, want)
	}
}
