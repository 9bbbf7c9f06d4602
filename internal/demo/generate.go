package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"parley"
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
