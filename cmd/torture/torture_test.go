package main

import (
	"context"
	"flag"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley/cmd/torture/internal/journal"
	"parley/cmd/torture/internal/look"
)

func TestACycleHasEveryFaultOfItsEngine(t *testing.T) {
	for engine, want := range map[string]map[string]int{
		sqlite:     {"kill9": 5, "powercut": 3, "full": 1, "readonly": 1, "term": 1, "pause": 1},
		postgreSQL: {"kill9": 3, "powercut": 2, "crash": 2, "failover": 1, "term": 1, "pause": 1, "nats": 2},
	} {
		chosen, err := cycle(engine, "")
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for _, f := range chosen {
			got[f.name]++
		}
		for name, n := range want {
			if got[name] != n {
				t.Errorf("a cycle on %s has %d rounds of %s, want %d", engine, got[name], name, n)
			}
		}
		if len(got) != len(want) {
			t.Errorf("a cycle on %s has the faults %v", engine, got)
		}
	}
	for _, named := range []string{"flood", "full,failover", "powercut,"} {
		if _, err := cycle(sqlite, named); err == nil {
			t.Errorf("%q is taken for faults on SQLite", named)
		}
	}
	if chosen, err := cycle(sqlite, "term, full"); err != nil || len(chosen) != 2 || chosen[1].name != "full" {
		t.Errorf("named faults come as %v (%v)", chosen, err)
	}
}

// TestAFailedRoundTellsHowToRepeatIt reads back the command that is printed.
func TestAFailedRoundTellsHowToRepeatIt(t *testing.T) {
	r := &result{Round: 3, Engine: postgreSQL, Fault: "crash", Seed: 4711, Violations: []journal.Violation{{Rule: journal.Lost, What: "a comment"}}}
	var out strings.Builder
	r.tell(&out)
	_, line, found := strings.Cut(out.String(), "again: go run ./cmd/torture ")
	if !found {
		t.Fatalf("nothing tells how: %s", out.String())
	}
	line, _, _ = strings.Cut(line, "\n")
	var s settings
	set := s.set("torture", io.Discard)
	if err := set.Parse(strings.Fields(line)); err != nil {
		t.Fatal(err)
	}
	if s.engine != r.Engine || s.faults != r.Fault || s.seed != r.Seed || s.rounds != 1 {
		t.Errorf("%s means %+v", line, s)
	}
	set.VisitAll(func(f *flag.Flag) {
		if f.Usage == "" {
			t.Errorf("-%s does not say what it is for", f.Name)
		}
	})
}

// TestRoundsThatDoNotCount has a crowd that mostly recommends.
func TestRoundsThatDoNotCount(t *testing.T) {
	s := &summary{}
	s.add(&result{Acknowledged: 100, Comments: 49})
	if err := s.err(); err == nil {
		t.Error("rounds in which fewer than half of the writes are comments count")
	}
	s.add(&result{Acknowledged: 100, Comments: 51})
	if err := s.err(); err != nil {
		t.Error(err)
	}
	s.add(&result{Violations: []journal.Violation{{Rule: journal.Lost}}})
	if err := s.err(); err == nil {
		t.Error("a failed round is overlooked")
	}
}

// TestARound plays a round with the program as it is, in which nothing must be found, and then shows the judges a
// database that is not the one the pages are made from.
func TestARound(t *testing.T) {
	ctx := t.Context()
	s := settings{rounds: 1, dir: t.TempDir(), slow: 10, seed: 7}
	b, err := s.newBench()
	if err != nil {
		t.Fatal(err)
	}
	b.program = filepath.Join(b.folder, "parley")
	if err := build(ctx, b.program); err != nil {
		t.Fatal(err)
	}
	shown := false
	kill, err := faultOn(sqlite, "kill9")
	if err != nil {
		t.Fatal(err)
	}
	play := kill.play
	kill.play = func(r *round, ctx context.Context) error {
		if err := play(r, ctx); err != nil {
			return err
		}
		shown = true
		r.showLies(t)
		return nil
	}
	r, err := b.play(ctx, 1, kill, sqlite, s.seed)
	if err != nil {
		t.Fatal(err)
	}
	if !shown || r.result.failed() || r.result.Acknowledged < least || 2*r.result.Comments < r.result.Acknowledged || r.result.Events == 0 {
		t.Errorf("the round came to %+v", r.result)
	}
}

// showLies holds pages and sessions against what is not so.
func (r *round) showLies(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	var stories []string
	for _, story := range r.from.world.Stories {
		stories = append(stories, story.ID)
	}
	for name, lie := range map[string]func(id string, s *journal.Snapshot){
		"a comment too many": func(id string, s *journal.Snapshot) { delete(s.Comments, id) },
		"a comment too few":  func(id string, s *journal.Snapshot) { s.Comments["1"] = s.Comments[id] },
		"other words": func(id string, s *journal.Snapshot) {
			row := s.Comments[id]
			row.Body += " Not so."
			s.Comments[id] = row
		},
		"another state": func(id string, s *journal.Snapshot) {
			row := s.Comments[id]
			row.State = "removed"
			s.Comments[id] = row
		},
	} {
		s, err := look.Database(ctx, r.place())
		if err != nil {
			t.Fatal(err)
		}
		lie(oneOf(s), s)
		found, err := look.Pages(ctx, r.bases[0], stories, s)
		if err != nil {
			t.Fatal(err)
		}
		if len(found) == 0 {
			t.Errorf("pages with %s are taken for right", name)
		}
	}
	entries := []journal.Entry{
		{Kind: journal.SignIn, Tries: []journal.Try{{Status: 200, Cookie: "parley=nothing"}}},
		{Kind: journal.SignOut, Subject: r.from.world.Writers[0].Cookie, Tries: []journal.Try{{Status: 204}}},
	}
	found, err := look.Sessions(ctx, r.bases[0], entries)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 2 {
		t.Errorf("of two sessions that are not as they must be %d are found", len(found))
	}
	late := r.heard()[0]
	for i, m := range slices.Backward(late.Messages) {
		if m.Name == "comment" {
			late.Messages = slices.Delete(late.Messages, i, i+1)
			break
		}
	}
	s, err := look.Database(ctx, r.place())
	if err != nil {
		t.Fatal(err)
	}
	if len(journal.CheckWatch(&late, s)) == 0 {
		t.Error("a page that heard one message less is taken for right")
	}
}

// oneOf gives the id of a comment that everybody sees.
func oneOf(s *journal.Snapshot) string {
	for id, row := range s.Comments {
		if row.State == "published" {
			return id
		}
	}
	return ""
}
