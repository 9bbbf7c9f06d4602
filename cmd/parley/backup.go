package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"time"

	"github.com/dustin/go-humanize"

	"parley/internal/backup"
)

// backupFlags are the settings of one backup.
type backupFlags struct{ to string }

func (f *backupFlags) set() *flag.FlagSet {
	set := flag.NewFlagSet("backup", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.StringVar(&f.to, "to", "", "a folder, in which the backup is named after the time in UTC, or the file to write")
	return set
}

// restoreFlags are the settings of one restore.
type restoreFlags struct{ from string }

func (f *restoreFlags) set() *flag.FlagSet {
	set := flag.NewFlagSet("restore", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.StringVar(&f.from, "from", "", "the backup, or another whole copy of a forum's database")
	return set
}

// dataFolder reads the settings of a command that works on the data folder alone.
func dataFolder(name string, args []string, own *flag.FlagSet, s streams) (dir string, err error) {
	c, rest, err := load(name, args, own, s)
	if err == nil {
		err = alone(rest)
	}
	switch {
	case err != nil:
		return "", err
	case !c.SQLite():
		return "", errors.New("these settings keep the forum in PostgreSQL, which brings its own backups: pg_dump and pg_restore")
	case c.Data == "":
		return "", errors.New("--data names the folder that holds everything, and is not set")
	}
	return c.Data, nil
}

func runBackup(ctx context.Context, args []string, s streams) error {
	var flags backupFlags
	dir, err := dataFolder("backup", args, flags.set(), s)
	if err != nil {
		return err
	}
	begun := time.Now()
	options := backup.Options{Dir: dir, To: flags.to}
	if interactive(s.err) { // what runs every night says nothing unless something is wrong
		options.Progress = stages(s.err)
	}
	made, err := backup.Write(ctx, options)
	if err != nil {
		return err
	}
	say(s.out, "%s", made.Path)
	say(s.out, "%s, checked: %s comments in %s stories, up to event %d. It took %s.",
		humanize.Bytes(uint64(made.Bytes)), humanize.Comma(made.Comments), humanize.Comma(made.Stories), made.Events, time.Since(begun).Round(10*time.Millisecond))
	return nil
}

func runRestore(ctx context.Context, args []string, s streams) error {
	var flags restoreFlags
	dir, err := dataFolder("restore", args, flags.set(), s)
	if err != nil {
		return err
	}
	done, err := backup.Restore(ctx, backup.RestoreOptions{From: flags.from, Dir: dir})
	if err != nil {
		return err
	}
	say(s.out, "Restored %s: %s comments in %s stories, up to event %d.", done.Path, humanize.Comma(done.Comments), humanize.Comma(done.Stories), done.Events)
	if done.Former != "" {
		say(s.out, "What was there is kept as %s; delete it when you are content.", done.Former)
	}
	return nil
}
