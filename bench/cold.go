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
// stories after one comment in each, again and again: there the other comments are at hand. What counts is the CPU
// of one answer: it is that of building a page.
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

// rebuilt reads the first pages of few stories after one comment in each, as often as it takes for the CPU to show.
// The pause between comment and page counts too, because a forum may make the page meanwhile; so what follows of a
// comment for others than its writer is in the figure.
func (b *bench) rebuilt(ctx context.Context, from int) (figures.Run, error) {
	const stories, rounds = 2, 12
	var runs []figures.Run
	for n := range stories * (rounds + 1) {
		story := from + n%stories
		b.oneEach(ctx, story, 1, 0)
		run, err := b.metered(b.server.PID, func(ctx context.Context) (figures.Run, error) {
			sleep(ctx, apart)
			return drive.Closed{Base: b.server.Base, Connections: 1, Each: 1, Source: drive.InTurn(b.server.Base, b.peer.First(story).Zipped())}.Run(ctx)[0], nil
		})(ctx)
		if err != nil {
			return run, err
		}
		if n >= stories { // in the first round the other comments may still be unknown
			runs = append(runs, run)
		}
	}
	return figures.Join(runs), nil
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
