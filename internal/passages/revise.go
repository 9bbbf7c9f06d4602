package passages

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"parley"
	"parley/internal/anchor"
	"parley/internal/store"
)

// maxText is the most bytes of a story's text, as the schema has it.
const maxText = 1 << 20

// Revise keeps the text of a served story: the first time as its first version, later as a further one when the
// headline or the paragraphs differ from the newest. Every passage is looked for in the new text in the same transaction, and
// what became of it is kept. changed tells whether a version was added.
func (s *Service) Revise(ctx context.Context, story parley.ID, title string, blocks []string) (changed bool, err error) {
	return s.revise(ctx, story, title, blocks, 0)
}

// RevisePast is Revise for a version that stood since at: for imports and the demo. at lies after the newest
// version's.
func (s *Service) RevisePast(ctx context.Context, story parley.ID, title string, blocks []string, at parley.Time) (changed bool, err error) {
	return s.revise(ctx, story, title, blocks, at)
}

func (s *Service) revise(ctx context.Context, story parley.ID, title string, blocks []string, at parley.Time) (changed bool, err error) {
	size := 0
	for i, block := range blocks {
		blocks[i] = strings.Join(strings.Fields(block), " ")
		size += len(blocks[i]) + 1
	}
	if size > maxText {
		return false, fmt.Errorf("keep the text of story %d: longer than %d bytes", story, maxText)
	}
	if same, err := s.unchanged(ctx, story, title, blocks); same || err != nil {
		return false, err
	}
	err = s.store.Write(ctx, story, func(tx *store.Tx) error {
		changed = false
		t, err := tx.Story(parley.Nobody(s.site.ID), story)
		if err != nil {
			return err
		}
		v := parley.Version{Story: story, Number: t.Version + 1, Title: title, Blocks: blocks, At: at}
		if at == 0 {
			v.At = tx.Now
		}
		var earlier []string
		if t.Version > 0 {
			before, err := tx.Version(story, t.Version)
			if err != nil || before.Title == title && slices.Equal(before.Blocks, blocks) {
				return err
			}
			earlier = before.Blocks
		}
		revision, err := tx.AddVersion(v)
		if err != nil {
			return err
		}
		changed = true
		tx.Append(parley.Event{Site: s.site.ID, Story: story, Kind: parley.EventRevised, Subject: story, Data: parley.EventData{Revision: revision, Count: v.Number}})
		return s.moveAll(tx, story, earlier, v)
	})
	return changed && err == nil, err
}

// unchanged tells whether the newest version kept has this headline and these paragraphs, without taking the writer.
func (s *Service) unchanged(ctx context.Context, story parley.ID, title string, blocks []string) (same bool, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		t, err := tx.Story(parley.Nobody(s.site.ID), story)
		if err != nil || t.Version == 0 {
			return err
		}
		v, err := tx.Version(story, t.Version)
		same = err == nil && v.Title == title && slices.Equal(v.Blocks, blocks)
		return err
	})
	return same, err
}

// moveAll looks for every passage of a story in its new text. A passage that had been found in the text before is
// carried over by laying the two texts side by side; others are looked for by their words.
func (s *Service) moveAll(tx *store.Tx, story parley.ID, earlier []string, v parley.Version) error {
	all, err := tx.PassagesForVerb(story)
	if err != nil || len(all) == 0 {
		return err
	}
	text := anchor.NewText(v.Blocks...)
	places := s.places(earlier, text, all, v.Number-1)
	for i, p := range all {
		place := places[i]
		p.Version, p.State = v.Number, parley.PassageChanged
		means := place.Why
		if place.Outcome == anchor.Found {
			p.State, p.Start, p.End, means = parley.PassageFound, place.Start, place.End, place.By
		}
		if err := tx.MovePassage(p, means); err != nil {
			return err
		}
	}
	return nil
}

// places gives where each passage stands in text, in order.
func (s *Service) places(earlier []string, text *anchor.Text, all []parley.Passage, before int) []anchor.Place {
	quotes := make([]anchor.Quote, len(all))
	var old *anchor.Text
	if len(earlier) > 0 {
		old = anchor.NewText(earlier...)
	}
	for i, p := range all {
		quotes[i] = Quote(p)
		if old != nil && p.State == parley.PassageFound && p.Version == before {
			quotes[i] = old.Describe(p.Start, p.End) // its words and surroundings as they stood last, not as first chosen
		}
	}
	if old != nil {
		return anchor.Carry(old, text, quotes)
	}
	return text.FindAll(quotes)
}

// Quote gives how a passage is described to the matcher.
func Quote(p parley.Passage) anchor.Quote {
	return anchor.Quote{Exact: p.Exact, Prefix: p.Prefix, Suffix: p.Suffix, Start: p.Start, End: p.End, HasPosition: p.End > 0}
}
