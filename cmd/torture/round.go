package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"parley/cmd/torture/internal/broker"
	"parley/cmd/torture/internal/disk"
	"parley/cmd/torture/internal/forum"
	"parley/cmd/torture/internal/journal"
	"parley/cmd/torture/internal/load"
	"parley/cmd/torture/internal/postgres"
)

// watchers is how many pages listen in a round: two a story, one that stays and one that comes and goes.
const watchers = 6

// round is one round: a forum of its own, a crowd, a fault, a judgement.
type round struct {
	*bench
	result result
	fault  fault
	dice   *rand.Rand
	folder string

	from     *prepared
	disk     *disk.Disk // nil = none of its own
	pg       *postgres.Server
	standby  *postgres.Server
	nats     *broker.Server // nil = none
	wires    []*broker.Wire // to it, one for each process
	nodes    []*forum.Node
	bases    []string
	journal  *journal.Journal
	crowd    *load.Crowd
	pages    []*load.Watcher
	leave    context.CancelFunc // ends the pages
	watching sync.WaitGroup
}

// play plays one round. An error says that it could not be played; what is wrong with the forum is in the result.
func (b *bench) play(ctx context.Context, n int, f fault, engine string, seed uint64) (*round, error) {
	r := &round{
		bench: b, fault: f, dice: rand.New(rand.NewPCG(seed, 0)), journal: journal.New(), leave: func() {},
		result: result{Round: n, Engine: engine, Fault: f.name, Seed: seed, Violations: []journal.Violation{}},
	}
	begun := time.Now()
	err := r.set(ctx)
	if err == nil {
		err = f.play(r, ctx)
	}
	if err == nil {
		err = r.examine(ctx)
	}
	if broken, is := errors.AsType[*wrong](err); is { // then there is no forum left to go on with
		r.find(broken.Violation)
		err = nil
	}
	if r.crowd != nil {
		r.crowd.Stop()
		r.find(r.crowd.Broken()...)
	}
	r.leave()
	r.watching.Wait()
	r.result.Acknowledged, r.result.Comments = r.journal.Acknowledged()
	if r.result.failed() && err == nil && ctx.Err() == nil && b.keep != "" { // a round that was broken off proves nothing
		err = keepRound(b.keep, &r.result, r.journal, r.heard(), r.said())
	}
	err = errors.Join(err, r.clear(), ctx.Err())
	r.result.Seconds = time.Since(begun).Seconds()
	return r, err
}

// wrong is an error that is the forum's fault.
type wrong struct{ journal.Violation }

// Error says what is wrong.
func (w *wrong) Error() string { return w.Rule + ": " + w.What }

func (r *round) find(all ...journal.Violation) {
	r.result.Violations = append(r.result.Violations, all...)
}

func (r *round) note(format string, args ...any) {
	r.result.Notes = append(r.result.Notes, fmt.Sprintf(format, args...))
}

// set makes the forum and lets the pages listen.
func (r *round) set(ctx context.Context) (err error) {
	if r.from, err = r.prepare(ctx, r.result.Engine); err != nil {
		return err
	}
	if r.folder, err = os.MkdirTemp(r.bench.folder, "round-"); err != nil {
		return err
	}
	if err := os.Chmod(r.folder, 0o755); err != nil {
		return err
	}
	if r.fault.disk {
		if r.disk, err = disk.New(r.folder); err != nil {
			return err
		}
	}
	if err := r.from.copyTo(r.data()); err != nil {
		return err
	}
	if r.disk != nil {
		if err := r.disk.Sync(); err != nil {
			return err
		}
	}
	if r.result.Engine == postgreSQL {
		err = r.startPostgres(ctx)
	}
	if err == nil && r.result.Engine == postgreSQL && r.broker != "" {
		err = r.startBroker(ctx)
	}
	if err == nil {
		err = r.startNodes(ctx)
	}
	if err == nil {
		r.gather(ctx)
	}
	return err
}

// data is where the database is.
func (r *round) data() string {
	if r.disk != nil {
		return filepath.Join(r.disk.Dir, "data")
	}
	return filepath.Join(r.folder, "data")
}

// nodesOf says how many processes serve an engine: SQLite allows one, and with PostgreSQL two must agree.
func nodesOf(engine string) int {
	if engine == postgreSQL {
		return 2
	}
	return 1
}

func (r *round) startNodes(ctx context.Context) error {
	n := nodesOf(r.result.Engine)
	r.nodes, r.bases = make([]*forum.Node, n), make([]string, n)
	return r.each(func(n int) error {
		port, err := forum.FreePort()
		if err != nil {
			return err
		}
		s := forum.Settings{Program: r.program, Data: r.data(), Port: port}
		if r.pg != nil {
			s.Data, s.Database = filepath.Join(r.folder, fmt.Sprint("node", n)), r.address()
		}
		if r.nats != nil {
			s.NATS = r.wires[n].URL()
		}
		node, err := forum.Start(ctx, s)
		if err == nil {
			r.nodes[n], r.bases[n] = node, node.Base
		}
		return err
	})
}

// each does something to all nodes at once.
func (r *round) each(do func(n int) error) error {
	errs := make([]error, len(r.nodes))
	var doing sync.WaitGroup
	for n := range r.nodes {
		doing.Go(func() { errs[n] = do(n) })
	}
	doing.Wait()
	return errors.Join(errs...)
}

// gather brings the crowd and the pages, which listen at once.
func (r *round) gather(ctx context.Context) {
	world, nodes := r.from.world, func() []string { return r.bases }
	r.crowd = &load.Crowd{World: world, Journal: r.journal, Nodes: nodes, Round: r.result.Seed}
	ctx, r.leave = context.WithCancel(ctx)
	for n := range watchers {
		page := load.NewWatcher(fmt.Sprint("page ", n), world, n, nodes, r.result.Seed)
		r.pages = append(r.pages, page)
		r.watching.Go(func() { page.Listen(ctx) })
	}
}

// again starts a node anew that has ended.
func (r *round) again(ctx context.Context, n int) error {
	node, err := r.nodes[n].Again(ctx)
	if err != nil {
		return &wrong{journal.Violation{Rule: journal.Fault, What: "after the fault the forum does not start: " + err.Error()}}
	}
	r.nodes[n] = node
	r.readyIn(node.Ready)
	return nil
}

// allAgain starts all nodes anew, one after the other: they would only wait for each other, and be late.
func (r *round) allAgain(ctx context.Context) error {
	for n := range r.nodes {
		if err := r.again(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// promisedReady and promisedStop are what a start after a crash and an orderly stop may take.
const (
	promisedReady = 2 * time.Second
	promisedStop  = 5 * time.Second
)

func (r *round) readyIn(took time.Duration) {
	r.result.ReadyMS = max(r.result.ReadyMS, took.Milliseconds())
	r.inTime(took, promisedReady, "ready after a start")
}

// inTime finds what took longer than it may.
func (r *round) inTime(took, may time.Duration, what string) {
	if limit := time.Duration(float64(may) * r.slow); took > limit {
		r.find(journal.Violation{Rule: journal.Slow, What: fmt.Sprintf("%s took %s, may take %s", what, took.Round(time.Millisecond), limit)})
	}
}

func (r *round) heard() (all []journal.Watch) {
	for _, page := range r.pages {
		all = append(all, page.Heard())
	}
	return all
}

func (r *round) said() string {
	var all strings.Builder
	for n, node := range r.nodes {
		if node == nil {
			continue
		}
		fmt.Fprintf(&all, "-- process %d\n%s\n", n, node.Said())
	}
	if r.pg != nil {
		log, _ := os.ReadFile(r.pg.Log) // it is a help where it is there
		fmt.Fprintf(&all, "-- PostgreSQL\n%s\n", log)
	}
	return all.String()
}

// clear ends and deletes everything of the round.
func (r *round) clear() error {
	var all []error
	for _, node := range r.nodes {
		if node != nil {
			node.Kill()
		}
	}
	for _, server := range []*postgres.Server{r.pg, r.standby} {
		if server != nil {
			all = append(all, server.Crash())
		}
	}
	for _, wire := range r.wires {
		wire.Close()
	}
	if r.nats != nil {
		r.nats.Kill()
	}
	if r.disk != nil {
		all = append(all, r.disk.Close())
	}
	if r.folder != "" {
		all = append(all, os.RemoveAll(r.folder))
	}
	return errors.Join(all...)
}
