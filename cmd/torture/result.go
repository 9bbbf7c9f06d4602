package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"parley/cmd/torture/internal/journal"
)

// result is what came of one round.
type result struct {
	Round        int                 `json:"round"`
	Engine       string              `json:"engine"`
	Fault        string              `json:"fault"`
	Seed         uint64              `json:"seed"`
	Acknowledged int                 `json:"acknowledged"` // requests that changed something
	Comments     int                 `json:"comments"`     // of those, how many wrote one
	Again        int                 `json:"again"`        // requests without an answer, sent again
	Events       int                 `json:"events"`       // messages that the pages heard, together
	Cuts         int                 `json:"cuts"`         // of the power
	ReadyMS      int64               `json:"ready_ms"`     // the slowest start
	Seconds      float64             `json:"seconds"`
	Notes        []string            `json:"notes,omitempty"`
	Violations   []journal.Violation `json:"violations"`
	Kept         string              `json:"kept,omitempty"` // where the journal of a failed round is
}

func (r *result) failed() bool { return len(r.Violations) > 0 }

func (r *result) repeat() string {
	return fmt.Sprintf("go run ./cmd/torture -engine %s -fault %s -rounds 1 -first %d", r.Engine, r.Fault, r.Seed)
}

const heading = "round  seed         fault      acked  comments  again  events  ready ms  seconds  violations"

func (r *result) line() string {
	line := fmt.Sprintf("%5d  %-11d  %-9s  %5d  %8d  %5d  %6d  %8d  %7.1f  %10d",
		r.Round, r.Seed, r.Fault, r.Acknowledged, r.Comments, r.Again, r.Events, r.ReadyMS, r.Seconds, len(r.Violations))
	if len(r.Notes) > 0 {
		line += "  " + strings.Join(r.Notes, "; ")
	}
	return line
}

// listed is how many violations of a round are printed; all of them are kept.
const listed = 10

func (r *result) tell(w io.Writer) {
	fmt.Fprintln(w, r.line())
	for i, v := range r.Violations {
		if i == listed {
			fmt.Fprintf(w, "       and %d more\n", len(r.Violations)-listed)
			break
		}
		fmt.Fprintf(w, "       %s: %s\n", v.Rule, v.What)
	}
	if r.failed() {
		fmt.Fprintf(w, "       again: %s\n", r.repeat())
		if r.Kept != "" {
			fmt.Fprintf(w, "       kept:  %s\n", r.Kept)
		}
	}
}

// keepRound saves what belongs to a failed round: its journal, what pages heard, what was found and what the programs
// said last.
func keepRound(folder string, r *result, j *journal.Journal, heard []journal.Watch, said string) error {
	dir := filepath.Join(folder, fmt.Sprintf("%s-%s-%d", r.Engine, r.Fault, r.Seed))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	r.Kept = dir
	file, err := os.Create(filepath.Join(dir, "journal.jsonl"))
	if err != nil {
		return err
	}
	defer file.Close()
	if err := j.Save(file); err != nil {
		return err
	}
	for name, content := range map[string]any{"result.json": r, "heard.json": heard} {
		text, err := json.MarshalIndent(content, "", " ")
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), text, 0o600)
		}
		if err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(dir, "said.txt"), []byte(said), 0o600)
}
