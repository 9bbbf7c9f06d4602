package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/dustin/go-humanize"

	"parley/internal/doctor"
)

// doctorFlags are the settings of one examination.
type doctorFlags struct{ repair, sizes bool }

func (f *doctorFlags) set() *flag.FlagSet {
	set := flag.NewFlagSet("doctor", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.BoolVar(&f.repair, "repair", false, "set counters to what a recount gives; nothing else is ever changed, and no server may run")
	set.BoolVar(&f.sizes, "sizes", false, "examine nothing; tell what takes how much room")
	return set
}

func runDoctor(ctx context.Context, args []string, s streams) error {
	var flags doctorFlags
	c, rest, err := load("doctor", args, flags.set(), s)
	if err == nil {
		err = alone(rest)
	}
	if err == nil && c.SQLite() && c.Data == "" {
		err = errors.New("say what to examine: parley doctor --data DIR or --database URL")
	}
	if err != nil {
		return err
	}
	options := doctor.Options{Dir: c.Data, URL: c.Database.Reveal(), Repair: flags.repair, Progress: stages(s.err)}
	if flags.sizes {
		return tellSizes(ctx, s.out, options)
	}
	begun := time.Now()
	report, err := doctor.Examine(ctx, options)
	if err != nil {
		return err
	}
	say(s.out, "%s, schema %d: %s comments in %s stories by %s readers, %s events. %d checks in %s.", engines[report.Engine], report.Schema,
		humanize.Comma(report.Comments), humanize.Comma(report.Stories), humanize.Comma(report.Readers), humanize.Comma(report.Events),
		report.Checks, time.Since(begun).Round(100*time.Millisecond))
	if report.Sealed > 0 {
		say(s.out, "The event log is sealed up to event %d; keep this digest elsewhere: %x", report.Sealed, report.Digest)
	}
	if len(report.Findings) == 0 {
		say(s.out, "Nothing is wrong.")
		return nil
	}
	mendable := false
	for _, f := range report.Findings {
		tellFinding(s.out, f)
		mendable = mendable || f.Mendable && !f.Mended
	}
	if report.Sound() {
		return nil
	}
	if mendable {
		say(s.out, "\nCounters can be set right: stop every server, make a backup, and run this again with --repair.")
	}
	return errors.New("something is wrong with this database; it is listed above")
}

func tellFinding(w io.Writer, f doctor.Finding) {
	line := f.What
	if f.Count > 0 {
		line = fmt.Sprintf("%s %s", humanize.Comma(f.Count), f.What)
	}
	if f.Mended {
		line += " – mended"
	}
	say(w, "\n%s", line)
	for _, example := range f.Examples {
		say(w, "    %s", example)
	}
	if more := f.Count - int64(len(f.Examples)); more > 0 && len(f.Examples) > 0 {
		say(w, "    and %s more", humanize.Comma(more))
	}
}

// tellSizes prints what takes how much room: everything that takes a thousandth or more, and the rest as one.
func tellSizes(ctx context.Context, w io.Writer, o doctor.Options) error {
	sizes, err := doctor.Weigh(ctx, o)
	if err != nil {
		return err
	}
	text := float64(max(sizes.Text, 1))
	say(w, "%s: %s on the disk, %.2f times what readers wrote (%s).\n", engines[sizes.Engine], humanize.IBytes(uint64(sizes.Whole)), float64(sizes.Whole)/text, humanize.IBytes(uint64(sizes.Text)))
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	rest := sizes.Whole
	line := func(name string, bytes int64) {
		say(table, "%s\t%s\t%.3f", name, humanize.IBytes(uint64(bytes)), float64(bytes)/text)
	}
	say(table, "what\troom\tof the text")
	for _, one := range sizes.Parts {
		if one.Bytes < sizes.Whole/1000 {
			continue
		}
		name := one.Table
		if one.Index != "" {
			name = "  index " + one.Index
		}
		line(name, one.Bytes)
		rest -= one.Bytes
	}
	if sizes.Free > 0 {
		line("free, to be used again", sizes.Free)
		rest -= sizes.Free
	}
	line("everything else", rest)
	return table.Flush()
}
