package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/internal/conversation"
	"parley/internal/identity"
	"parley/internal/store"
)

// Plan says how much talk to make up.
type Plan struct {
	Readers  int   // 0 = one for every 25 comments
	Comments int   // over all pieces
	Seed     int64 // the same seed makes the same readers, texts and threads; only the times follow the clock
}

func (p Plan) id() string {
	return fmt.Sprintf("%d readers, %d comments, seed %d", p.Readers, p.Comments, p.Seed)
}

const (
	// batch is how many comments share one transaction: enough that the wait for the disk does not count.
	batch = 500
	// block is how many comments are made up before they are saved: whole threads, level by level.
	block = 4_000
	// deepest is how many levels a made-up thread has at most.
	deepest = 12
)

// Generate adds made-up readers and what they say under the pieces that Seed has registered. A plan that has
// been carried out on this folder adds nothing; one that broke off goes on. progress, which may be nil, is
// called after each transaction with how many of the plan's readers and comments are there.
func Generate(ctx context.Context, d Deps, p Plan, progress func(done, total int)) error {
	if p.Comments > 0 && p.Readers == 0 {
		p.Readers = p.Comments/25 + 2
	}
	done := false
	err := d.Store.View(ctx, func(tx *store.Tx) error {
		id, err := tx.Imported(d.site().ID, source, recordPlan, p.id())
		done = id != 0
		return err
	})
	if err != nil || done {
		return err
	}
	g := &generator{Deps: d, Plan: p, now: d.Store.Now(), step: func(n int) {}}
	if progress != nil {
		sum := 0
		g.step = func(n int) { sum += n; progress(sum, p.Readers+p.Comments) }
	}
	if err := g.run(ctx); err != nil {
		return err
	}
	return d.Store.Write(ctx, 0, func(tx *store.Tx) error {
		return tx.RememberImport(d.site().ID, source, recordPlan, p.id(), tx.NewID())
	})
}

// generator carries out one plan.
type generator struct {
	Deps
	Plan
	now     parley.Time
	step    func(n int)
	readers []parley.ID
	count   int // records made so far, for stamp
	pending []made
}

// made is a comment that has not been saved, with its place in its thread.
type made struct {
	conversation.Past
	name   string // of the author
	level  int    // 0 opens a thread
	parent int    // place among the pending of what it answers; -1 = none
}

func (g *generator) run(ctx context.Context) error {
	if err := g.makeReaders(ctx); err != nil || g.Comments == 0 {
		return err
	}
	articles := g.Edition.Articles
	for i, share := range shares(g.Comments, len(articles)) {
		a := articles[i]
		story, err := g.Conversation.Register(ctx, parley.Story{
			URL: g.site().BaseURL + a.Path(), Title: a.Title, Section: a.Section, PublishedAt: parley.TimeOf(a.Published),
		})
		if err != nil {
			return fmt.Errorf("register the story of %s: %w", a.Slug, err)
		}
		from := min(parley.TimeOf(a.Published), g.now.Add(-24*time.Hour)) // a clock behind the demo's own days
		if err := g.fill(ctx, subject{a.Slug, story, from, newGrammar(a.Slug)}, share); err != nil {
			return fmt.Errorf("make up talk for %s: %w", a.Slug, err)
		}
	}
	return nil
}

// subject is a piece to be talked about.
type subject struct {
	slug    string
	story   parley.ID
	from    parley.Time
	grammar grammar
}

func (g *generator) draw(words ...string) *rand.Rand {
	return drawFor(append(words, strconv.FormatInt(g.Seed, 10))...)
}

// crowd is where made-up readers come from: their names are the same under every seed, so that a second plan
// finds those of the first.
const crowd = source + " crowd"

// source is where the comments come from. Who answers whom depends on the seed and on how many there are to
// draw from; a plan for more comments goes on where the smaller one ended.
func (g *generator) source() string {
	return fmt.Sprintf("%s seed %d of %d", source, g.Seed, g.Readers)
}

// stamp moves a moment of the past by less than a second. An id of the past is made of its millisecond and a
// counter that comes round every 4,096 records; this keeps two records of one turn out of one millisecond.
func (g *generator) stamp(t parley.Time) parley.Time {
	g.count++
	return min(t-t%1000+parley.Time(g.count/4096%1000), g.now)
}

func (g *generator) makeReaders(ctx context.Context) error {
	r := g.draw("readers")
	for from := 0; from < g.Readers; from += batch {
		if err := ctx.Err(); err != nil {
			return err
		}
		past := make([]identity.Past, min(batch, g.Readers-from))
		for i := range past {
			age := month + time.Duration(r.Float64()*float64(30*month))
			past[i] = identity.Past{
				Source: crowd, SourceID: strconv.Itoa(from + i), Name: nameOf(from + i), Since: g.stamp(g.oldest().Add(-age)),
			}
		}
		done, err := g.Identity.Import(ctx, past)
		if err != nil {
			return fmt.Errorf("make up readers: %w", err)
		}
		for _, one := range done {
			g.readers = append(g.readers, one.ID)
		}
		g.step(len(past))
	}
	return nil
}

// oldest tells when the oldest piece appeared, or the clock if that is still to come.
func (g *generator) oldest() parley.Time {
	oldest := g.now
	for _, a := range g.Edition.Articles {
		oldest = min(oldest, parley.TimeOf(a.Published))
	}
	return oldest
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
