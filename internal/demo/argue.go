package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"parley"
	"parley/internal/passages"
	"parley/internal/question"
	"parley/internal/store"
)

// revise adds one version of a story's text, unless it is there.
func (d Deps) revise(ctx context.Context, s *scene, i int) error {
	there := 0
	err := d.Store.View(ctx, func(tx *store.Tx) error {
		story, err := tx.Story(parley.Nobody(d.site().ID), s.story.ID)
		there = story.Version
		return err
	})
	if err == nil && there <= i {
		w := s.wordings[i]
		_, err = d.Passages.RevisePast(ctx, s.story.ID, w.title, w.blocks, w.at.Add(s.shift))
	}
	if err != nil {
		return fmt.Errorf("keep the text of %s: %w", s.name, err)
	}
	return nil
}

// correct brings in what readers suggested to correct. A suggestion about words that readers talk about names
// their passage.
func (d Deps) correct(ctx context.Context, s *scene, c cast) error {
	if len(s.argument.Corrections) == 0 {
		return nil
	}
	known, err := d.spokenOf(ctx, s)
	if err != nil {
		return err
	}
	var all []passages.PastCorrection
	for _, one := range s.argument.Corrections {
		p := passages.PastCorrection{
			Source: source, SourceID: s.name + " " + one.By, Reader: c.ids[one.By], At: parley.Time(one.At).Add(s.shift),
			Suggestion: passages.Suggestion{Story: s.story.ID, Passage: known[one.About], Body: one.Body, Source: one.Source, Thanks: one.Thanks},
			State:      parley.CorrectionOpen,
		}
		if one.Decided != 0 {
			p.State, p.Reply, p.By, p.DecidedAt = parley.CorrectionAccepted, one.Accepted, c.ids[one.Decider], parley.Time(one.Decided).Add(s.shift)
			if one.Declined != "" {
				p.State, p.Reply = parley.CorrectionDeclined, one.Declined
			}
		}
		all = append(all, p)
	}
	return d.Passages.ImportCorrections(ctx, all)
}

// spokenOf gives the passages of a story's talk by the words in which the files quote them.
func (d Deps) spokenOf(ctx context.Context, s *scene) (map[string]parley.ID, error) {
	known := map[string]parley.ID{}
	err := d.Store.View(ctx, func(tx *store.Tx) error {
		for _, t := range s.talks {
			for i, said := range t.talk {
				if said.About == "" {
					continue
				}
				comment, err := tx.CommentForVerb(d.site().ID, t.ids[i])
				if err != nil {
					return err
				}
				known[said.About] = comment.Passage
			}
		}
		return nil
	})
	return known, err
}

// follow brings in what editors said had happened since.
func (d Deps) follow(ctx context.Context, s *scene, c cast) error {
	var all []passages.PastSequel
	for _, one := range s.argument.Since {
		at := parley.Time(one.Day).Add(s.shift)
		p := passages.PastSequel{
			Source: source, SourceID: s.name + " " + one.Note, Story: s.story.ID, Editor: c.ids[accounts().Editor.Name], At: at,
			Later: passages.Later{Note: one.Note, Day: at},
		}
		if one.Piece != "" {
			later := d.Edition.Article(one.Piece)
			if later == nil {
				return fmt.Errorf("there is no piece %q", one.Piece)
			}
			p.Later.URL, p.Later.Title = d.site().BaseURL+later.Path(), later.Title
		}
		all = append(all, p)
	}
	if len(all) == 0 {
		return nil
	}
	return d.Passages.ImportSequels(ctx, all)
}

// ask brings in the questions with what readers answered and how they were settled, all at once, and tells open
// pages of those that are new.
func (d Deps) ask(ctx context.Context, scenes []*scene, c cast) error {
	if !d.site().Questions {
		return nil
	}
	var all []question.Past
	for _, s := range scenes {
		if s.argument.Question != nil {
			all = append(all, d.pastQuestion(s, c))
		}
	}
	made, err := d.Question.Import(ctx, all)
	if err != nil {
		return fmt.Errorf("save the questions: %w", err)
	}
	for _, p := range all {
		if made == 0 {
			break
		}
		if err := d.Conversation.FinishImport(ctx, p.Story); err != nil {
			return err
		}
	}
	return nil
}

// confirmPause is how long after the first editor the second confirms.
const confirmPause = 3 * time.Hour

func (d Deps) pastQuestion(s *scene, c cast) question.Past {
	q := s.argument.Question
	at := func(m moment) parley.Time { return parley.Time(m).Add(s.shift) }
	closes := at(q.Closes)
	if q.Settled == nil {
		closes = ahead(parley.Time(q.Closes), d.Store.Now())
	}
	gap := strings.NewReplacer("{closes}", closes.UTC().Format("2 January 2006"))
	p := question.Past{
		Source: source, SourceID: s.name, Story: s.story.ID,
		Words: parley.QuestionWords{
			Text: gap.Replace(q.Text), Rule: gap.Replace(q.Rule), Judge: q.Judge, Void: q.Void, Office: q.Office,
			Closes: closes, Editor: c.ids[q.By], At: at(q.Asked),
		},
	}
	for _, m := range q.Milestones {
		p.Milestones = append(p.Milestones, parley.Milestone{Day: at(m.Day), Text: m.Text})
	}
	for _, g := range s.answers {
		a := parley.Answer{Reader: c.ids[g.name], Step: g.step, At: g.at.Add(s.shift)}
		if g.talk != nil {
			a.Comment = g.talk.ids[g.place]
		}
		p.Answers = append(p.Answers, a)
	}
	if q.Settled == nil {
		return p
	}
	p.Settled = &question.PastSettlement{
		Proposal: question.Proposal{Outcome: parley.Outcome(q.Settled.Outcome), Source: q.Settled.Source, Note: q.Settled.Note, HappenedAt: at(q.Settled.Happened)},
		By:       c.ids[q.Settled.By], With: c.ids[q.Settled.With], At: at(q.Settled.At), ConfirmedAt: at(q.Settled.At).Add(confirmPause),
	}
	if a := q.Settled.Appeal; a != nil {
		p.Settled.Appeals = []question.PastAppeal{{
			By: c.ids[a.By], Body: a.Body, At: at(a.At), Reply: a.Refused, Editor: c.ids[a.Decider], DecidedAt: at(a.Decided),
		}}
	}
	return p
}

// leastAhead is how far ahead the end of an open question lies at the least when the demo first starts.
const leastAhead = 90 * 24 * time.Hour

// ahead moves a day on by whole years until it lies far enough ahead.
func ahead(day, now parley.Time) parley.Time {
	for t := day.UTC(); ; t = t.AddDate(1, 0, 0) {
		if day = parley.TimeOf(t); day > now.Add(leastAhead) {
			return day
		}
	}
}
