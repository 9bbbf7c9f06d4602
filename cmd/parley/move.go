package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/dustin/go-humanize"

	"parley/internal/db"
	"parley/internal/move"
)

// moveFlags are the settings of one move.
type moveFlags struct {
	from, to string
	dry      bool
}

func (f *moveFlags) set() *flag.FlagSet {
	set := flag.NewFlagSet("move", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.StringVar(&f.from, "from", "", "the data folder that holds the forum, or its postgres:// address; it is only read")
	set.StringVar(&f.to, "to", "", "the empty postgres:// database, or the new data folder, that the forum goes to")
	set.BoolVar(&f.dry, "dry-run", false, "read everything and look at the target, write nothing")
	return set
}

func runMove(ctx context.Context, args []string, s streams) error {
	var flags moveFlags
	_, rest, err := load("move", args, flags.set(), s)
	if err != nil {
		return err
	}
	if err := alone(rest); err != nil {
		return err
	}
	begun := time.Now()
	report, err := move.Run(ctx, move.Options{From: flags.from, To: flags.to, Dry: flags.dry, Progress: stages(s.err)})
	if report != nil {
		tellMove(s.out, report, flags, time.Since(begun))
	}
	if errors.Is(err, context.Canceled) {
		return errors.New("stopped; the same command goes on where this one was")
	}
	return err
}

// engines are their names for people.
var engines = map[db.Engine]string{db.SQLite: "SQLite", db.Postgres: "PostgreSQL"}

func tellMove(w io.Writer, r *move.Report, flags moveFlags, took time.Duration) {
	var rows int64
	different := 0
	for _, t := range r.Tables {
		rows += t.Rows
		different += len(t.Different)
	}
	does := "Moved and compared"
	switch {
	case flags.dry && r.Resumed:
		does = "Dry run: to move, going on with what was begun,"
	case flags.dry:
		does = "Dry run: to move"
	case different > 0:
		does = "Moved, but the copy differs:"
	}
	say(w, "%s %s rows in %d tables from %s to %s, in %s.\n", does, humanize.Comma(rows), len(r.Tables), engines[r.From], engines[r.To], took.Round(100*time.Millisecond))
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, t := range r.Tables {
		if t.Rows == 0 {
			continue
		}
		fmt.Fprintf(table, "%s\t  %x…\t  %s\n", humanize.Comma(t.Rows), t.Digest[:8], t.Name)
	}
	_ = table.Flush() // to the console, like everything here
	for _, t := range r.Tables {
		for _, row := range t.Different {
			say(w, "%s %s", t.Name, row)
		}
	}
	switch {
	case flags.dry || different > 0:
	case strings.Contains(flags.to, "://"):
		say(w, "\nServe from it with PARLEY_DATABASE. The old data folder is as it was: keep it until you are content, then delete it.")
	default:
		say(w, "\nServe from it with --data %s, without PARLEY_DATABASE. The old database is as it was.", flags.to)
	}
}
