package demo

import (
	"context"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/internal/conversation"
)

const (
	// batch is how many comments share one transaction: enough that the wait for the disk does not count.
	batch = 500
	// block is how many comments are made up before they are saved: whole threads, level by level.
	block = 4_000
	// deepest is how many levels a made-up thread has at most.
	deepest = 12
)

// subject is a piece to be talked about.
type subject struct {
	slug    string
	story   parley.ID
	from    parley.Time
	grammar grammar
}

// made is a comment that has not been saved, with its place in its thread.
type made struct {
	conversation.Past
	name   string // of the author
	level  int    // 0 opens a thread
	parent int    // place among the pending of what it answers; -1 = none
}

// fill makes up so many comments for one piece and saves them.
func (g *generator) fill(ctx context.Context, s subject, share int) error {
	sizes := g.draw("sizes", s.slug)
	for thread := 0; share > 0; thread++ {
		size := min(threadSize(sizes), share)
		share -= size
		g.thread(s, thread, size)
		if len(g.pending) >= block || share == 0 {
			if err := g.save(ctx); err != nil {
				return err
			}
		}
	}
	return g.Conversation.FinishImport(ctx, s.story)
}

// thread makes up one thread. What it draws depends on the seed, the piece and the thread alone.
func (g *generator) thread(s subject, number, size int) {
	r := g.draw("thread", s.slug, strconv.Itoa(number))
	who := newAuthors(r, len(g.readers))
	first := len(g.pending)
	for i := range size {
		m := made{parent: -1}
		to, at := "", s.from.Add(pause(r, threadPause, threadSpread, g.left(s.from, 0.95)))
		author := who.draw()
		if i > 0 {
			m.parent = first + answeredPlace(r, i)
			if g.pending[m.parent].level == deepest-1 {
				m.parent = first
			}
			parent := g.pending[m.parent]
			m.level, to = parent.level+1, parent.name
			at = parent.At.Add(time.Second + pause(r, replyPause, replySpread, g.left(parent.At, 0.5)))
			if g.readers[author] == parent.Author {
				author = (author + 1) % len(g.readers)
			}
		}
		m.name = nameOf(author)
		m.Past = conversation.Past{
			Source: g.source(), SourceID: s.slug + " " + strconv.Itoa(number) + " " + strconv.Itoa(i), Story: s.story,
			Author: g.readers[author], State: parley.Published, Body: g.body(r, s, to, m.parent), At: at,
			Recommenders: choose(r, g.readers, g.readers[author], recommendations(r, i == 0, len(g.readers))),
		}
		g.pending = append(g.pending, m)
	}
}

// left gives a part of the time from t to now, so that a dozen answers one after another fit before now.
func (g *generator) left(t parley.Time, part float64) time.Duration {
	return time.Duration(part * float64(g.now.UTC().Sub(t.UTC())))
}

// body makes up a text. Every twelfth answer quotes the beginning of what it answers.
func (g *generator) body(r *rand.Rand, s subject, to string, parent int) string {
	quotes := r.IntN(12) == 0
	text := s.grammar.comment(r, to)
	if !quotes || parent < 0 {
		return text
	}
	before, _, _ := strings.Cut(strings.TrimPrefix(g.pending[parent].Body, "> "), ".")
	return "> " + strings.ReplaceAll(before, "\n", " ") + ".\n\n" + text
}

// save writes what is pending, level by level: an answer needs the id of what it answers.
func (g *generator) save(ctx context.Context) error {
	ids := make([]parley.ID, len(g.pending))
	for level := range deepest {
		var places []int
		for i, m := range g.pending {
			if m.level == level {
				places = append(places, i)
			}
		}
		for len(places) > 0 {
			n := min(batch, len(places))
			if err := g.saveBatch(ctx, places[:n], ids); err != nil {
				return err
			}
			places = places[n:]
		}
	}
	g.pending = g.pending[:0]
	return nil
}

func (g *generator) saveBatch(ctx context.Context, places []int, ids []parley.ID) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	past := make([]conversation.Past, len(places))
	for i, place := range places {
		m := g.pending[place]
		past[i] = m.Past
		past[i].At = g.stamp(m.At)
		if m.parent >= 0 {
			past[i].Parent = ids[m.parent]
		}
	}
	done, err := g.Conversation.Import(ctx, past)
	if err != nil {
		return err
	}
	for i, one := range done {
		ids[places[i]] = one.ID
	}
	g.step(len(places))
	return nil
}
