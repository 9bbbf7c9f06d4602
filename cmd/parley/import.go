package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"parley"
	"parley/internal/conversation"
	"parley/internal/identity"
	"parley/internal/moderation"
	"parley/internal/transfer"
)

// importFlags are the settings of one import, beside those of the installation.
type importFlags struct {
	dry      bool
	zone     string
	rewrites []transfer.Rewrite
}

func (f *importFlags) set() *flag.FlagSet {
	set := flag.NewFlagSet("import", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.BoolVar(&f.dry, "dry-run", false, "read and report, write nothing")
	set.StringVar(&f.zone, "zone", "UTC", "the time zone of dates that do not say theirs, such as Europe/Berlin")
	set.Func("rewrite", "FROM=TO: read addresses that begin with FROM as beginning with TO; may be given several times", func(text string) error {
		from, to, ok := strings.Cut(text, "=")
		if !ok {
			return errors.New("must be FROM=TO")
		}
		f.rewrites = append(f.rewrites, transfer.Rewrite{From: from, To: to})
		return nil
	})
	return set
}

func runImport(ctx context.Context, args []string, s streams) error {
	var flags importFlags
	c, rest, err := load("import", args, flags.set(), s)
	if err != nil {
		return err
	}
	if len(rest) < 2 || rest[0] != "wordpress" {
		return errors.New("say what to import: parley import wordpress --data DIR FILE…")
	}
	if err := c.Check(); err != nil {
		return err
	}
	zone, err := time.LoadLocation(flags.zone)
	if err != nil {
		return fmt.Errorf("--zone: %w", err)
	}
	files, err := transfer.Files(rest[1:]...)
	if err != nil {
		return err
	}
	if len(c.Origins) == 0 {
		if c.Origins, err = adopt(files[0], s.err); err != nil {
			return err
		}
	}
	log := newLogger(c, s.err)
	slog.SetDefault(log)
	options := transfer.Options{Site: siteOf(c), Zone: zone, Rewrites: flags.rewrites, Progress: progress(s.err, "reading")}
	if flags.dry { // opens no database: it writes nothing, and may run beside a server
		return tell(ctx, files, options, s)
	}
	db, site, err := openStore(ctx, c, nil, log)
	if err != nil {
		return err
	}
	screen := moderation.Screen{}
	w := &importWriter{
		conversation: conversation.New(db, site, screen, log),
		identity:     identity.New(db, site, identity.Options{Screen: screen, Log: log}),
		touched:      map[parley.ID]bool{},
	}
	options.Site, options.Writer = site, w
	err = tell(ctx, files, options, s)
	return errors.Join(err, w.finish(ctx), db.Close())
}

// tell reads the files and prints what was found, also when not all of it could be read.
func tell(ctx context.Context, files []transfer.File, options transfer.Options, s streams) error {
	report, err := transfer.WordPress(ctx, files, options)
	if report != nil {
		fmt.Fprintln(s.err)
		report.Print(s.out)
	}
	return err
}

// adopt takes the site that an export was made of as the one it is imported into, when the settings name none.
func adopt(file transfer.File, console io.Writer) ([]string, error) {
	origin, err := transfer.Origin(file)
	if err != nil || origin == "" {
		return nil, err
	}
	say(console, "The stories are taken to be those of %s, as the export says. Serve with --origins %s to show them there.", origin, origin)
	return []string{origin}, nil
}

// importWriter lets an import write through the same verbs as everybody.
type importWriter struct {
	conversation *conversation.Service
	identity     *identity.Service
	touched      map[parley.ID]bool
}

func (w *importWriter) Story(ctx context.Context, r transfer.StoryRecord) (parley.ID, bool, error) {
	page := parley.Story{URL: r.URL, Title: r.Title, Section: r.Section, PublishedAt: r.PublishedAt}
	if r.Closed {
		page.ClosedAt = max(r.PublishedAt, 1)
	}
	return w.conversation.ImportStory(ctx, page)
}

func (w *importWriter) Reader(ctx context.Context, r transfer.ReaderRecord) (parley.ID, bool, error) {
	done, err := w.identity.Import(ctx, []identity.Past{{Source: r.Source, SourceID: r.SourceID, Name: r.Name, Email: r.Email, Since: r.Since}})
	if err != nil {
		return 0, false, err
	}
	return done[0].ID, done[0].Made, nil
}

func (w *importWriter) Comment(ctx context.Context, r transfer.CommentRecord) (parley.ID, bool, error) {
	done, err := w.conversation.Import(ctx, []conversation.Past{{
		Source: r.Source, SourceID: r.SourceID, Story: r.Story, Parent: r.Parent, Author: r.Author, State: r.State, Body: r.Body, At: r.At,
	}})
	if err != nil {
		return 0, false, err
	}
	w.touched[r.Story] = w.touched[r.Story] || done[0].Made
	return done[0].ID, done[0].Made, nil
}

// finish brings the pages of every story that got comments up to date.
func (w *importWriter) finish(ctx context.Context) error {
	for story, changed := range w.touched {
		if !changed {
			continue
		}
		if err := w.conversation.FinishImport(ctx, story); err != nil {
			return err
		}
	}
	return nil
}
