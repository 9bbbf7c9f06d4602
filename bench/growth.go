package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"parley/bench/drive"
	"parley/bench/figures"
	"parley/bench/peer"
	"parley/internal/db"
)

// What growth compares: a story of a hundred thousand comments with stories of a hundred in one database of a
// million, and those with stories of a hundred in a database of a thousand.
const (
	grownStory  = 100_000
	smallStory  = 100
	grownForum  = 1_000_000
	smallForum  = 1_000
	smallAsked  = smallForum/smallStory - 2 // stories of each database that are measured; the others warm the server up
	grownPosts  = 24
	grownRounds = 10
	// apart is longer than the time for which one built page may serve everybody, so that no request waits for its
	// turn and every one that shall find something new does.
	apart = 80 * time.Millisecond
	// filledForm is part of the name under which a filled database is kept: raised when Fill writes something else.
	filledForm = 3
)

// grown is one of the two databases, and what was made up for it.
type grown struct {
	*bench
	adapter *peer.Parley
	small   []int // stories of a hundred comments, the first two to warm up with
	places  []drive.Request
}

func grownShapes() (large, small peer.Shape) {
	const readers = 8
	small = peer.Shape{Cold: smallForum / smallStory, ColdComments: smallStory, Readers: readers}
	large = peer.Shape{
		Hot: 1, HotComments: grownStory, Cold: small.Cold, ColdComments: smallStory, Readers: readers,
		Background: grownForum - grownStory - smallForum,
	}
	return large, small
}

// growth asks for the same in databases and stories of different sizes. Every round begins with both servers
// started anew, so that every page that counts is built for the first time.
func (b *bench) growth(ctx context.Context) error {
	shape, less := grownShapes()
	large, err := b.grown(ctx, "large", shape)
	if err != nil {
		return err
	}
	small, err := b.grown(ctx, "small", less)
	if err != nil {
		return err
	}
	if large.places, err = large.adapter.Places(ctx, large.dir, 0, grownRounds*smallAsked); err != nil {
		return err
	}
	var story, forum [3]*figures.Result
	for i, what := range [...]string{"cold", "post+page", "post"} {
		story[i] = &figures.Result{Workload: "story-" + what, Connections: 1, Least: true, Limit: "a story of 100 comments in the same database", Driver: own, Goal: figures.Goal{CPU: 1.3}}
		forum[i] = &figures.Result{Workload: "forum-" + what, Connections: 1, Least: true, Limit: "the same in a database of 1,000 comments", Driver: own, Goal: figures.Goal{CPU: 1.5}}
	}
	for round := range grownRounds {
		b.step(fmt.Sprintf("growth %d/%d", round+1, grownRounds))
		hot, some, few, err := roundOf(ctx, round, large, small)
		if err != nil {
			return err
		}
		for i := range story {
			story[i].Pairs = append(story[i].Pairs, figures.Pair{Peer: hot[i], Limit: some[i]})
			forum[i].Pairs = append(forum[i].Pairs, figures.Pair{Peer: some[i], Limit: few[i]})
		}
	}
	for _, r := range append(story[:], forum[:]...) {
		r.Summarise()
		b.results = append(b.results, r)
	}
	return nil
}

// grown gives a copy of a database that was filled in this run or an earlier one.
func (b *bench) grown(ctx context.Context, name string, s peer.Shape) (*grown, error) {
	kept := filepath.Join(b.cache, fmt.Sprintf("%s-%d-schema-%d-form-%d", name, s.Comments(), db.Schema, filledForm))
	if _, err := os.Stat(kept); err != nil {
		if err := b.fillGrown(ctx, kept, s); err != nil {
			return nil, fmt.Errorf("fill the %s database: %w", name, err)
		}
	}
	own := *b
	own.dir, own.shape = filepath.Join(b.dir, name), s
	if err := copyFolder(own.dir, kept); err != nil {
		return nil, err
	}
	adapter, err := b.peer.(*peer.Parley).Recall(own.dir)
	if err != nil {
		return nil, err
	}
	own.peer = adapter
	g := &grown{bench: &own, adapter: adapter}
	for i := range s.Cold {
		g.small = append(g.small, s.Hot+i)
	}
	if err := g.start(ctx); err != nil {
		return nil, err
	}
	return g, g.peerDone(ctx)
}

// peerDone signs the readers in, once, and ends the server.
func (g *grown) peerDone(ctx context.Context) error {
	if err := g.adapter.Enter(ctx, g.server.Base, peer.Marks{}); err != nil {
		return fmt.Errorf("sign readers in: %w", err)
	}
	return g.stop()
}

// fillGrown makes a database as posting would have left it, has the doctor look at it, and keeps it under its name
// only when it is sound.
func (b *bench) fillGrown(ctx context.Context, kept string, s peer.Shape) (err error) {
	making := kept + ".making"
	if err := os.RemoveAll(making); err != nil {
		return err
	}
	if err := os.MkdirAll(making, 0o700); err != nil {
		return err
	}
	bar := newBar(2*s.Comments(), "filling "+filepath.Base(kept))
	p := &peer.Parley{Program: b.peer.(*peer.Parley).Program, Words: b.words}
	if err := p.Fill(ctx, making, s, func(done, _ int) { _ = bar.Set(done) }); err != nil {
		return err
	}
	server, err := p.Start(ctx, peer.Place{Dir: making, Core: b.core})
	if err != nil {
		return err
	}
	if err := p.Enter(ctx, server.Base, peer.Marks{}); err != nil {
		return err
	}
	if err := server.Stop(); err != nil {
		return err
	}
	if err := p.Post(ctx, making, func(done int) { _ = bar.Set(s.Comments() + done) }); err != nil {
		return err
	}
	if err := p.Sound(ctx, making); err != nil {
		return err
	}
	if err := p.Note(making); err != nil {
		return err
	}
	return os.Rename(making, kept)
}

// copyFolder copies the files of a folder and syncs them, so that writing them out disturbs nothing later.
func copyFolder(to, from string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	files, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := copyFile(filepath.Join(to, f.Name()), filepath.Join(from, f.Name())); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(to, from string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if _, err = io.Copy(out, in); err == nil {
		err = out.Sync()
	}
	if closed := out.Close(); err == nil {
		err = closed
	}
	return err
}

// roundOf measures the three places once, in an order that turns: pages asked for the first time, pages after one
// comment in each, and comments.
func roundOf(ctx context.Context, round int, large, small *grown) (hot, some, few [3]figures.Run, err error) {
	for _, g := range []*grown{large, small} {
		if err := g.start(ctx); err != nil {
			return hot, some, few, err
		}
		if err := g.warm(ctx); err != nil {
			return hot, some, few, err
		}
	}
	asked := large.places[round*smallAsked:][:smallAsked]
	turns := []func() error{
		func() (err error) { hot, err = large.all(ctx, 0, asked); return err },
		func() (err error) {
			some, err = large.all(ctx, large.small[2+round%smallAsked], large.wholes())
			return err
		},
		func() (err error) {
			few, err = small.all(ctx, small.small[2+round%smallAsked], small.wholes())
			return err
		},
	}
	for i := range turns {
		if err := turns[(round+i)%len(turns)](); err != nil {
			return hot, some, few, err
		}
	}
	err = large.stop()
	if ended := small.stop(); err == nil {
		err = ended
	}
	return hot, some, few, err
}

func (g *grown) wholes() (all []drive.Request) {
	for _, story := range g.small[2:] {
		all = append(all, g.adapter.Whole(story))
	}
	return all
}

// warm has the server do everything once, in stories that are not measured.
func (g *grown) warm(ctx context.Context) error {
	for range 8 {
		for _, story := range g.small[:2] {
			if _, err := drive.Must(ctx, g.server.Base, g.adapter.Whole(story).Zipped()); err != nil {
				return err
			}
		}
		if _, err := g.posts(ctx, g.small[:2], 4); err != nil {
			return err
		}
		if !sleep(ctx, apart) {
			return ctx.Err()
		}
	}
	return nil
}

// all measures pages that are asked for once, counted by the comments on them, since pages of small stories hold
// fewer; of one story a comment and the first page after it together, again and again, because a forum may make the
// page before anybody asks; and comments alone.
func (g *grown) all(ctx context.Context, story int, pages []drive.Request) (runs [3]figures.Run, err error) {
	if runs[0], err = g.each(ctx, pages); err != nil {
		return runs, err
	}
	// Once before, so that what is measured finds the comments that were there already.
	if _, err := drive.Must(ctx, g.server.Base, g.adapter.First(story).Zipped()); err != nil {
		return runs, err
	}
	var rebuilt []figures.Run
	page := g.adapter.First(story).Zipped()
	for range smallAsked {
		one, err := g.metered(g.server.PID, func(ctx context.Context) (run figures.Run, err error) {
			if run, err = g.posts(ctx, []int{story}, 1); err == nil && sleep(ctx, apart) {
				_, err = drive.Must(ctx, g.server.Base, page)
			}
			return run, err
		})(ctx)
		if err != nil {
			return runs, err
		}
		rebuilt = append(rebuilt, one)
	}
	runs[1] = figures.Join(rebuilt)
	runs[2], err = g.posts(ctx, []int{story}, grownPosts)
	return runs, err
}

// each asks for pages one after the other. The run counts the comments on them.
func (g *grown) each(ctx context.Context, pages []drive.Request) (figures.Run, error) {
	var shots [][]byte
	for _, page := range pages {
		shots = append(shots, page.Raw(drive.Host(g.server.Base)))
	}
	comments := 0
	run, err := g.once(ctx, len(shots), func(_, n int) drive.Shot {
		return drive.Shot{Raw: shots[n], Hear: func(a drive.Answer) { comments += bytes.Count(a.Body, []byte("<article")) }}
	})
	if err == nil && (run.Errors > 0 || comments == 0) {
		err = fmt.Errorf("%d of %d pages were not given, and %d comments are on them", run.Errors, len(pages), comments)
	}
	run.Requests = int64(comments)
	return run, err
}

// posts writes comments over stories in turn, one after the other.
func (g *grown) posts(ctx context.Context, stories []int, n int) (figures.Run, error) {
	var talkers []*talker
	for _, story := range stories {
		talkers = append(talkers, g.newTalker(story))
	}
	run, err := g.once(ctx, n, func(_, n int) drive.Shot { return talkers[n%len(talkers)].shot(n, 0) })
	if err == nil && run.Errors > 0 {
		err = fmt.Errorf("%d of %d comments were not taken", run.Errors, n)
	}
	return run, err
}

// once sends a number of requests over one connection that is there already.
func (g *grown) once(ctx context.Context, n int, source drive.Source) (figures.Run, error) {
	return g.metered(g.server.PID, func(ctx context.Context) (figures.Run, error) {
		return drive.Closed{Base: g.server.Base, Connections: 1, Each: n, Source: source}.Run(ctx)[0], nil
	})(ctx)
}

// sleep waits; false when ctx ends first.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
