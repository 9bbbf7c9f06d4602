package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/cmd/torture/internal/journal"
)

// ofTwoRounds gives what two rounds came to, of which one failed.
func ofTwoRounds() *summary {
	s := &summary{Engine: sqlite, First: 5, Faults: "kill9,term", Revision: "abc"}
	s.add(&result{Round: 1, Fault: "kill9", Engine: sqlite, Seed: 5, Acknowledged: 100, Comments: 60, ReadyMS: 7})
	s.add(&result{Round: 2, Fault: "term", Engine: sqlite, Seed: 6, Acknowledged: 50, Comments: 30, ReadyMS: 5, Violations: []journal.Violation{{Rule: journal.Lost, What: "a comment"}}})
	return s
}

// TestARunGoesOn reads back what an ended run has kept, and refuses what was kept of other rounds.
func TestARunGoesOn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "summary.json")
	next := &summary{Engine: sqlite, First: 5, Faults: "kill9,term", Revision: "abc"}
	if err := next.goOn(file); err != nil || next.Rounds != 0 {
		t.Fatalf("a run that has not begun: %v, %d rounds", err, next.Rounds)
	}
	if err := saveJSON(file, ofTwoRounds()); err != nil {
		t.Fatal(err)
	}
	if err := next.goOn(file); err != nil {
		t.Fatal(err)
	}
	if next.Rounds != 2 || next.Acknowledged != 150 || next.ByFault["kill9"].Comments != 60 || next.ReadyMS != 7 || next.err() == nil {
		t.Errorf("the run goes on from %+v", next)
	}
	for name, other := range map[string]*summary{
		"another seed":    {Engine: sqlite, First: 6, Faults: "kill9,term", Revision: "abc"},
		"other faults":    {Engine: sqlite, First: 5, Faults: "term", Revision: "abc"},
		"another engine":  {Engine: postgreSQL, First: 5, Faults: "kill9,term", Revision: "abc"},
		"another program": {Engine: sqlite, First: 5, Faults: "kill9,term", Revision: "def"},
	} {
		if err := other.goOn(file); err == nil {
			t.Errorf("a run of %s goes on", name)
		}
	}
	left, err := os.ReadDir(filepath.Dir(file))
	if err != nil || len(left) != 1 {
		t.Errorf("%d files are left (%v), want one", len(left), err)
	}
}

// TestTheTables writes them into a document twice: the second time replaces the first.
func TestTheTables(t *testing.T) {
	dir := t.TempDir()
	run, proved, document := filepath.Join(dir, "run.json"), filepath.Join(dir, "proof.json"), filepath.Join(dir, "document.md")
	if err := saveJSON(run, ofTwoRounds()); err != nil {
		t.Fatal(err)
	}
	if err := saveJSON(proved, &proof{Rounds: 10, Builds: map[string]caught{"no-fsync": {Round: 1, Fault: "powercut", Acknowledged: 321}, "lost-event": {Fault: "kill9"}}}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(document, []byte("Before.\n"+tablesBegin+"\nOld.\n"+tablesEnd+"\nAfter.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var once string
	for range 2 {
		if err := table([]string{"-into", document, run, proved}); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{
			"Before.", "After.", "| SQLite | 2 | 150 | 90 (60 %) |", "| `kill9` | 1 | 100 | 0 |", "| `term` | 1 | 50 | 1 |",
			"-first 6** found 1", "| `powercut` | 1 | 321 |", "**not in 10 rounds**",
		} {
			if !strings.Contains(string(text), want) {
				t.Errorf("the document has no %q:\n%s", want, text)
			}
		}
		if strings.Contains(string(text), "Old.") {
			t.Error("the old tables are still there")
		}
		if once != "" && once != string(text) {
			t.Error("the second time it reads otherwise")
		}
		once = string(text)
	}
	if err := table([]string{"-into", run, run}); err == nil {
		t.Error("tables are written where there is no place for them")
	}
}
