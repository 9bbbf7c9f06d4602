package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"parley/cmd/torture/internal/forum"
	"parley/cmd/torture/internal/journal"
	"parley/cmd/torture/internal/look"
)

// judge holds the forum against the journal while nobody writes: first as the fault has left it, then after everything
// without an answer was sent again.
func (r *round) judge(ctx context.Context) error {
	s, err := look.Database(ctx, r.place())
	if err != nil {
		return unreadable(err)
	}
	r.phase("as the fault left it", journal.Check(r.journal.Entries(), s, false))
	r.result.Again += len(r.journal.Open())
	r.crowd.Storm(ctx)
	r.crowd.Repeat(ctx)
	r.crowd.Settle(ctx)
	if s, err = look.Database(ctx, r.place()); err != nil {
		return unreadable(err)
	}
	r.phase("after sending again", journal.Check(r.journal.Entries(), s, true))
	if err := r.judgePages(ctx, s); err != nil {
		return unreadable(err)
	}
	r.judgeStreams(ctx, s)
	return nil
}

func unreadable(err error) error {
	return &wrong{journal.Violation{Rule: journal.Damage, What: "what is left cannot be read: " + err.Error()}}
}

// phase adds what was found, and when.
func (r *round) phase(when string, found []journal.Violation) {
	for _, v := range found {
		v.What = when + ": " + v.What
		r.find(v)
	}
}

// judgePages looks through every process.
func (r *round) judgePages(ctx context.Context, s *journal.Snapshot) error {
	var stories []string
	for _, story := range r.from.world.Stories {
		stories = append(stories, story.ID)
	}
	for _, base := range r.bases {
		found, err := look.Pages(ctx, base, stories, s)
		if err != nil {
			return err
		}
		r.find(found...)
		if found, err = look.Sessions(ctx, base, r.journal.Entries()); err != nil {
			return err
		}
		r.find(found...)
	}
	return nil
}

// promisedCatchUp is within what time every page must have heard of everything: a lost bell costs two seconds, and
// pages come back within a tenth of one.
const promisedCatchUp = 5 * time.Second

func (r *round) judgeStreams(ctx context.Context, s *journal.Snapshot) {
	r.result.Events = 0
	for _, page := range r.pages {
		due := journal.Due(s, page.Heard().Story)
		if !page.Await(ctx, due, time.Duration(float64(promisedCatchUp)*r.slow)) && ctx.Err() == nil {
			heard := page.Heard()
			r.find(journal.Violation{Rule: journal.Slow, What: fmt.Sprintf("%s heard up to %d within %s, the last event is %d", heard.Name, heard.Last(), promisedCatchUp, due)})
		}
		heard := page.Heard()
		r.result.Events += len(heard.Messages)
		r.find(journal.CheckWatch(&heard, s)...)
	}
}

// examine has the program and the database server look for damage themselves, once the round is over.
func (r *round) examine(ctx context.Context) error {
	for n, wire := range r.wires {
		if wire.Carried() == 0 { // without it all this would pass too, since nodes also look by themselves
			r.find(journal.Violation{Rule: journal.Fault, What: fmt.Sprintf("process %d never spoke to NATS", n)})
		}
	}
	at := forum.Settings{Program: r.program, Data: r.data()}
	if r.pg != nil {
		at.Data, at.Database = r.folder, r.place().URL
		faults, err := r.pg.Check(ctx, database)
		if err != nil {
			return err
		}
		if faults != "" {
			r.find(journal.Violation{Rule: journal.Damage, What: "pg_amcheck: " + faults})
		}
	}
	faults, err := forum.Examine(ctx, at)
	if err == nil && faults != "" {
		r.find(journal.Violation{Rule: journal.Damage, What: "parley doctor: " + strings.TrimSpace(faults)})
	}
	return err
}
