package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/bench/drive"
	"parley/bench/figures"
	"parley/bench/machine"
	"parley/bench/peer"
)

// visits is how many comments are followed from one node to the text at the other, with little else going on.
const visits = 100

// cluster is two nodes of one forum.
type cluster struct {
	*bench
	adapter     *peer.Parley
	here, there *machine.Process
	crowds      []*drive.Crowd

	mu        sync.Mutex
	revisions map[string]string // comment → the story's revision with it, as a stream told
}

// nodes holds streams at two nodes over PostgreSQL, half at each, and tells all of a comment each second that is
// posted at one, while ten a second are posted at the other. Before that, with one stream at each, it takes the time
// from a comment's sending at one node to its text from the other.
func (b *bench) nodes(ctx context.Context) error {
	if b.database == "" {
		b.note("nodes is left out: -database does not say where PostgreSQL is")
		return nil
	}
	c := &cluster{bench: b, revisions: map[string]string{}}
	end, err := c.set(ctx)
	if err != nil {
		return err
	}
	defer end()
	var visible []time.Duration
	if visible, err = c.follow(ctx); err != nil {
		return err
	}
	limit, err := b.startBare(ctx, "bare-streams", nil)
	if err != nil {
		return err
	}
	r := &figures.Result{
		Workload: "nodes", Connections: b.streams, Limit: "net/http streams of one process, told by hand", Driver: own,
		Goal: figures.Goal{P99ms: 2000, RSS: 640 << 20},
	}
	var slow, idle []float64
	err = b.measure(ctx, r, func(context.Context, int) (side, side, func() error, error) {
		return func(ctx context.Context) (figures.Run, error) {
			run, p95, share, err := c.tellBoth(ctx)
			slow, idle = append(slow, p95), append(idle, 100*share)
			return run, err
		}, b.bareFan(limit), func() error { return nil }, nil
	})
	if err != nil {
		return err
	}
	r.Add("p95 from sending a comment at one to its text at the other, ms", []float64{figures.Percentile(visible, 95)})
	r.Add("p50 of that, ms", []float64{figures.Percentile(visible, 50)})
	r.Add("p95 of the ten comments a second, ms", slow)
	r.Add("CPU of both with nothing to tell, % of a core", idle)
	return limit.Stop()
}

// set fills a schema of its own and starts both nodes on it.
func (c *cluster) set(ctx context.Context) (end func(), err error) {
	schema := "parley_bench_" + c.run
	conn, err := pgx.Connect(ctx, c.database)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, "CREATE SCHEMA "+schema); err != nil {
		return nil, err
	}
	before, server := c.peer, c.server
	end = func() {
		c.hush()
		for _, p := range []*machine.Process{c.here, c.there} {
			if p != nil {
				_ = p.Stop() // what matters has been measured
			}
		}
		ctx := context.WithoutCancel(ctx)
		if _, err := conn.Exec(ctx, "DROP SCHEMA "+schema+" CASCADE"); err != nil {
			c.note("the schema %s stays: %v", schema, err)
		}
		_ = conn.Close(ctx)
		c.peer, c.server = before, server
	}
	address := conn.Config().Copy()
	p := *before.(*peer.Parley)
	c.adapter, c.peer = &p, &p
	p.NATS = c.nats
	p.Database = fmt.Sprintf("postgres://%s:%s@%s:%d/%s?search_path=%s", address.User, address.Password, address.Host, address.Port, address.Database, schema)
	small := peer.Shape{Hot: storyMixed, HotComments: coldSize, Readers: minReaders}
	if err = p.Fill(ctx, "", small, func(int, int) {}); err != nil {
		end()
		return nil, err
	}
	for i, node := range []**machine.Process{&c.here, &c.there} {
		if *node, err = p.Start(ctx, peer.Place{Dir: filepath.Join(c.dir, fmt.Sprint("node", i)), Core: c.core, Also: c.also}); err != nil {
			end()
			return nil, err
		}
	}
	if err = p.Enter(ctx, c.here.Base, peer.Marks{}); err != nil {
		end()
		return nil, err
	}
	return end, nil
}

// heard is the peer's, and remembers the revision.
func (c *cluster) heard(line []byte) string {
	id := c.peer.Heard(line)
	if id == "" {
		return ""
	}
	var got struct{ Revision json.Number }
	if data, is := bytes.CutPrefix(line, []byte("data: ")); is && json.Unmarshal(data, &got) == nil {
		c.mu.Lock()
		c.revisions[id] = got.Revision.String()
		c.mu.Unlock()
	}
	return id
}

// watch opens streams at both nodes, half at each.
func (c *cluster) watch(ctx context.Context, streams int, heard func([]byte) string) error {
	for _, node := range []*machine.Process{c.here, c.there} {
		crowd, err := drive.Watch(ctx, node.Base, c.peer.Stream(storyLive), streams/2, heard)
		if err != nil {
			return err
		}
		c.crowds = append(c.crowds, crowd)
	}
	return nil
}

func (c *cluster) hush() {
	for _, crowd := range c.crowds {
		crowd.Close()
	}
	c.crowds = nil
}

// post writes a comment at the first node.
func (c *cluster) post(ctx context.Context, talk *talker, n int) (string, error) {
	answer, err := drive.Must(ctx, c.here.Base, c.peer.Write(n, storyLive, "", fmt.Sprintf("News from the other side, %s%d.", talk.mark, n), fmt.Sprint(talk.mark, n)))
	return c.peer.Written(answer.Body), err
}

// follow takes how long comments need from the first node to be text at the second.
func (c *cluster) follow(ctx context.Context) (took []time.Duration, err error) {
	if err := c.watch(ctx, 2, c.heard); err != nil {
		return nil, err
	}
	defer c.hush()
	c.server = c.here
	talk := c.newTalker(storyLive)
	pause := time.NewTicker(20 * time.Millisecond)
	defer pause.Stop()
	for n := range visits {
		<-pause.C
		since := time.Now()
		id, err := c.post(ctx, talk, n)
		if err != nil {
			return nil, err
		}
		if _, missed := c.crowds[1].Heard(ctx, id, since); missed > 0 {
			return nil, fmt.Errorf("the other node did not tell of comment %s", id)
		}
		c.mu.Lock()
		revision := c.revisions[id]
		c.mu.Unlock()
		answer, err := drive.Must(ctx, c.there.Base, drive.Request{Path: fmt.Sprintf("/c/%s/item?rev=%s", id, revision)})
		if err != nil || !bytes.Contains(answer.Body, []byte("News from the other side")) {
			return nil, fmt.Errorf("the other node shows %.100q: %w", answer.Body, err)
		}
		took = append(took, time.Since(since))
	}
	return took, nil
}

// tellBoth gives what came of telling the streams of both nodes, the p95 of what was posted meanwhile, and the share of
// a core that both took while there was nothing to tell.
func (c *cluster) tellBoth(ctx context.Context) (run figures.Run, p95, idle float64, err error) {
	if err := c.watch(ctx, c.streams, c.peer.Heard); err != nil {
		return run, 0, 0, err
	}
	defer c.hush()
	calm, err := c.both(ctx, func(ctx context.Context) (figures.Run, error) {
		select {
		case <-ctx.Done():
		case <-time.After(c.idle):
		}
		return figures.Run{}, nil
	})
	if err != nil {
		return run, 0, 0, err
	}
	during, end := context.WithCancel(ctx)
	defer end()
	wrote := make(chan figures.Run, 1)
	c.server = c.there
	elsewhere := c.newTalker(storyWrite)
	go func() {
		wrote <- drive.Open{Base: c.there.Base, Rate: 10, For: time.Hour, Connections: writers, Source: elsewhere.talk}.Run(during)
	}()
	talk := c.newTalker(storyLive)
	run, err = c.both(ctx, func(ctx context.Context) (run figures.Run, err error) {
		var took []time.Duration
		begun := time.Now()
		for n := range c.events {
			second, since := time.After(time.Second), time.Now()
			id, err := c.post(ctx, talk, n)
			if err != nil {
				return run, err
			}
			for _, crowd := range c.crowds {
				each, missed := crowd.Heard(ctx, id, since)
				took, run.Errors = append(took, each...), run.Errors+missed
			}
			select {
			case <-second:
			case <-ctx.Done():
			}
		}
		run.Seconds, run.Requests = time.Since(begun).Seconds(), int64(len(took))
		run.P50, run.P95, run.P99 = figures.Percentile(took, 50), figures.Percentile(took, 95), figures.Percentile(took, 99)
		return run, nil
	})
	end()
	w := <-wrote
	run.Errors += w.Errors
	return run, w.P95, calm.CPU / c.idle.Seconds(), err
}

// both measures what both nodes use: CPU added up, the larger memory.
func (c *cluster) both(ctx context.Context, do side) (figures.Run, error) {
	var first figures.Run
	second, err := c.metered(c.there.PID, func(ctx context.Context) (run figures.Run, err error) {
		first, err = c.metered(c.here.PID, do)(ctx)
		return first, err
	})(ctx)
	second.CPU, second.Memory = second.CPU+first.CPU, max(second.Memory, first.Memory)
	return second, err
}
