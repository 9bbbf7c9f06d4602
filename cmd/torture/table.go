package main

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"parley/cmd/torture/internal/broken"
)

// The lines of a Markdown file between which -into writes the tables.
const (
	tablesBegin = "<!-- from here on written by: go run ./cmd/torture table -into -->"
	tablesEnd   = "<!-- up to here -->"
)

// table prints what summaries hold, in Markdown.
func table(args []string) error {
	set := flag.NewFlagSet("table", flag.ContinueOnError)
	into := set.String("into", "", "write the tables into this Markdown `FILE`, between its two marks, instead of printing them")
	if err := set.Parse(args); err != nil {
		return err
	}
	if set.NArg() == 0 {
		return fmt.Errorf("table takes the files that -summary has written")
	}
	var runs []summary
	var proofs []proof
	for _, file := range set.Args() {
		var kind struct{ Builds map[string]any }
		if err := readJSON(file, &kind); err != nil {
			return err
		}
		var err error
		if kind.Builds != nil {
			proofs = append(proofs, proof{})
			err = readJSON(file, &proofs[len(proofs)-1])
		} else {
			runs = append(runs, summary{})
			err = readJSON(file, &runs[len(runs)-1])
		}
		if err != nil {
			return err
		}
	}
	var text strings.Builder
	if len(runs) > 0 {
		tableOfRuns(&text, runs)
		tableOfFaults(&text, runs)
	}
	for _, p := range proofs {
		p.table(&text)
	}
	if *into == "" {
		_, err := io.WriteString(os.Stdout, text.String())
		return err
	}
	return insert(*into, text.String())
}

// called names an engine and what stands beside it.
func (s *summary) called() string {
	switch {
	case s.Engine == sqlite:
		return "SQLite"
	case s.NATS:
		return "PostgreSQL and NATS"
	}
	return "PostgreSQL"
}

func tableOfRuns(w io.Writer, runs []summary) {
	fmt.Fprint(w, "| | Rounds | Writes acknowledged | of them comments | Sent again | Messages heard | Power cuts | Slowest start | Time | Violations |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, s := range runs {
		fmt.Fprintf(w, "| %s | %d | %d | %d (%d %%) | %d | %d | %d | %d ms | %.0f min | %d |\n", s.called(), s.Rounds,
			s.Acknowledged, s.Comments, s.share(), s.Again, s.Events, s.Cuts, s.ReadyMS, s.Seconds/60, s.Violations)
	}
	fmt.Fprintln(w)
	for _, s := range runs {
		fmt.Fprintf(w, "%s: seeds %d to %d, %s, revision %s, %s.\n", s.called(), s.First, s.First+uint64(max(s.Rounds, 1))-1, s.Machine, cmp.Or(s.Revision, "not known"), s.Ended)
		if s.Unplayed > 0 {
			fmt.Fprintf(w, "%d rounds could not be played at first, for want of a port or the like, and were begun again.\n", s.Unplayed)
		}
		for _, r := range s.Failed {
			fmt.Fprintf(w, "**%s** found %d violations: %s: %s\n", r.repeat(), len(r.Violations), r.Violations[0].Rule, r.Violations[0].What)
		}
	}
}

func tableOfFaults(w io.Writer, runs []summary) {
	fmt.Fprint(w, "\n| Fault |")
	for _, s := range runs {
		fmt.Fprintf(w, " %s: rounds | writes | violations |", s.called())
	}
	fmt.Fprint(w, "\n|---|"+strings.Repeat("--:|--:|--:|", len(runs))+"\n")
	for _, name := range faultNames() {
		if !slices.ContainsFunc(runs, func(s summary) bool { return s.ByFault[name].Rounds > 0 }) {
			continue
		}
		fmt.Fprintf(w, "| `%s` |", name)
		for _, s := range runs {
			if of := s.ByFault[name]; of.Rounds > 0 {
				fmt.Fprintf(w, " %d | %d | %d |", of.Rounds, of.Acknowledged, of.Violations)
			} else {
				fmt.Fprint(w, " | | |")
			}
		}
		fmt.Fprintln(w)
	}
}

func (p *proof) table(w io.Writer) {
	fmt.Fprint(w, "\n| Broken build | Fault | Caught in round | after writes | Violations in that round |\n|---|---|--:|--:|--:|\n")
	for _, b := range broken.All() {
		got, tried := p.Builds[b.Name]
		switch {
		case !tried:
			continue
		case got.Round == 0:
			fmt.Fprintf(w, "| `%s`: %s | `%s` | **not in %d rounds** | %d | |\n", b.Name, b.Breaks, got.Fault, p.Rounds, got.Acknowledged)
		default:
			fmt.Fprintf(w, "| `%s`: %s | `%s` | %d | %d | %d |\n", b.Name, b.Breaks, got.Fault, got.Round, got.Acknowledged, got.Violations)
		}
	}
	fmt.Fprintf(w, "\nThe program as it is stood the same faults: %s Revision %s.\n", p.AsItIs, cmp.Or(p.Revision, "not known"))
}

// insert replaces what stands between the two marks of a file.
func insert(file, text string) error {
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, begins := strings.Cut(string(old), tablesBegin+"\n")
	_, after, ends := strings.Cut(rest, tablesEnd+"\n")
	if !begins || !ends {
		return fmt.Errorf("%s has not the lines %q and %q", file, tablesBegin, tablesEnd)
	}
	return os.WriteFile(file, []byte(before+tablesBegin+"\n\n"+strings.TrimSpace(text)+"\n\n"+tablesEnd+"\n"+after), 0o644)
}
