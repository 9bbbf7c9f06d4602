package main

import (
	"context"
	"net/http"
	"sync"
	"time"

	"parley/bench/drive"
	"parley/bench/figures"
)

// settle is how long is waited after writing, so that pages are asked for again after the time in which a forum
// may still serve the older one, and followers of what was written have gone quiet.
const settle = 500 * time.Millisecond

// coldPages reads, over one connection, pages that nobody has asked for since the forum started: the first pages
// of many stories, the pages after those, and the first pages again after one comment in each, in so many stories
// that the forum may have thrown away what it knew of the other comments. Then it reads the first pages of few
// stories right after a comment, again and again: there the other comments are at hand. What counts is the CPU of one
// answer: it is that of building a page.
func (b *bench) coldPages(ctx context.Context) error {
	result := func(name string, us float64) *figures.Result {
		return &figures.Result{Workload: name, Connections: 1, Coding: "gzip", Limit: bareHTTP, Driver: own, Goal: figures.Goal{CPUus: us}}
	}
	first, next, again, warm := result("cold", 3000), result("cold-next", 3000), result("rebuilt-many", 3000), result("rebuilt", 1000)
	b.results = append(b.results, first, next, again, warm)
	for i := range b.pairs {
		b.step(first.Workload)
		limit, err := b.limitOnce(ctx, first)
		if err != nil {
			return err
		}
		from := b.shape.Hot + i*b.cold
		cursors := newCursors(b.cold)
		steps := []struct {
			result *figures.Result
			source drive.Source
		}{
			{first, b.each(from, cursors.keep, func(story int) drive.Request { return b.peer.First(story).Zipped() })},
			{next, b.each(from, nil, func(story int) drive.Request {
				r, _ := b.peer.Next(story, cursors.of(story-from))
				return r.Zipped()
			})},
			{again, b.each(from, nil, func(story int) drive.Request { return b.peer.First(story).Zipped() })},
		}
		for _, s := range steps {
			if s.result == again {
				b.oneEach(ctx, from, b.cold, settle)
			}
			run, err := b.metered(b.server.PID, func(ctx context.Context) (figures.Run, error) {
				return drive.Closed{Base: b.server.Base, Connections: 1, Each: b.cold, Source: s.source}.Run(ctx)[0], nil
			})(ctx)
			if err != nil {
				return err
			}
			s.result.Pairs = append(s.result.Pairs, figures.Pair{Peer: run, Limit: limit})
		}
		run, err := b.rebuilt(ctx, from)
		if err != nil {
			return err
		}
		warm.Pairs = append(warm.Pairs, figures.Pair{Peer: run, Limit: limit})
	}
	for _, r := range []*figures.Result{first, next, again, warm} {
		r.Summarise()
	}
	return nil
}

// rebuilt writes comments in some stories in turn, and then as many again of which each is followed by the first page
// with it, as the element asks for it. The page's CPU is the difference. The stories come round quickly enough for the
// other comments to be at hand, and slowly enough to be allowed a new page.
func (b *bench) rebuilt(ctx context.Context, from int) (figures.Run, error) {
	const stories, rounds = 20, 6
	var talkers []*talker
	for i := range min(stories, b.cold) {
		talkers = append(talkers, b.newTalker(from+i))
	}
	var pages figures.Run
	for round := range rounds + 1 {
		alone, err := b.inTurn(ctx, talkers, false)
		if err != nil {
			return pages, err
		}
		both, err := b.inTurn(ctx, talkers, true)
		if err != nil {
			return pages, err
		}
		if round > 0 { // before that the other comments may still be unknown
			both.CPU -= alone.CPU
			both.Errors += alone.Errors
			pages = figures.Join([]figures.Run{pages, both})
		}
	}
	return pages, nil
}

// inTurn writes one comment in each story, and asks for the page with it where that is wanted; then only pages count
// as requests.
func (b *bench) inTurn(ctx context.Context, talkers []*talker, asking bool) (figures.Run, error) {
	var page []byte
	each, host := len(talkers), drive.Host(b.server.Base)
	source := func(_, n int) drive.Shot { return talkers[n].shot(n, 0) }
	if asking {
		each *= 2
		source = func(_, n int) drive.Shot {
			if n%2 == 1 {
				return drive.Shot{Raw: page, Kind: 1}
			}
			t := talkers[n/2]
			shot := t.shot(n/2, 0)
			opened := shot.Hear
			shot.Hear = func(a drive.Answer) {
				if opened != nil {
					opened(a)
				}
				page = b.peer.After(t.story, a.Body).Zipped().Raw(host)
			}
			return shot
		}
	}
	sleep(ctx, settle) // followers of what was written before have gone quiet
	return b.metered(b.server.PID, func(ctx context.Context) (figures.Run, error) {
		runs := drive.Closed{Base: b.server.Base, Connections: 1, Each: each, Kinds: 2, Source: source}.Run(ctx)
		if asking {
			return runs[1], nil
		}
		return runs[0], nil
	})(ctx)
}

// limitOnce reads the page of one cold story from a bare server, often enough for its CPU to show.
func (b *bench) limitOnce(ctx context.Context, r *figures.Result) (figures.Run, error) {
	request := b.peer.First(storyRead).Zipped()
	p, bytes, err := b.limit(ctx, b.server, request)
	if err != nil {
		return figures.Run{}, err
	}
	r.Bytes = bytes
	run, err := b.metered(p.PID, func(ctx context.Context) (figures.Run, error) {
		return drive.Closed{Base: p.Base, Connections: 1, For: b.form.reading, Source: drive.InTurn(p.Base, request)}.Run(ctx)[0], nil
	})(ctx)
	if err != nil {
		return run, err
	}
	return run, p.Stop()
}

// each gives the source that asks once for every cold story of a pair.
func (b *bench) each(from int, hear func(n int, a drive.Answer), ask func(story int) drive.Request) drive.Source {
	host := drive.Host(b.server.Base)
	return func(_, n int) drive.Shot {
		shot := drive.Shot{Raw: ask(from + n).Raw(host)}
		if hear != nil {
			shot.Hear = func(a drive.Answer) { hear(n, a) }
		}
		return shot
	}
}

// oneEach writes one comment in each of some cold stories and lets things settle.
func (b *bench) oneEach(ctx context.Context, from, stories int, settled time.Duration) {
	drive.Closed{Base: b.server.Base, Connections: 1, Each: stories, Source: func(_, n int) drive.Shot {
		return b.newTalker(from+n).shot(n, 0)
	}}.Run(ctx)
	sleep(ctx, settled)
}

// cursors keeps the headers of first pages, which lead to the next.
type cursors struct {
	mu  sync.Mutex
	all []http.Header
}

func newCursors(n int) *cursors { return &cursors{all: make([]http.Header, n)} }

func (c *cursors) keep(n int, a drive.Answer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all[n] = a.Header
}

func (c *cursors) of(n int) http.Header {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.all[n]
}
