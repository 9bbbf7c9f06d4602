package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"parley/cmd/torture/internal/forum"
	"parley/cmd/torture/internal/journal"
)

// fault is one way to torment the forum.
type fault struct {
	name    string
	engines string // where it is played by default, and how often: "s" and "p" for each time in a cycle
	disk    bool   // it needs a disk of its own
	standby bool   // it needs a second PostgreSQL
	nats    bool   // it needs NATS
	play    func(*round, context.Context) error
}

// faults lists them. A cycle of twelve rounds has three power cuts on SQLite, two on PostgreSQL.
func faults() []fault {
	return []fault{
		{name: "kill9", engines: "sssss ppp", play: (*round).kill9},
		{name: "powercut", engines: "sss pp", disk: true, play: (*round).powerCut},
		{name: "nats", engines: "pp", nats: true, play: (*round).loseNATS},
		{name: "crash", engines: "pp", play: (*round).crash},
		{name: "failover", engines: "p", standby: true, play: (*round).failover},
		{name: "full", engines: "s", disk: true, play: (*round).full},
		{name: "readonly", engines: "s", disk: true, play: (*round).readOnly},
		{name: "term", engines: "s p", play: (*round).term},
		{name: "pause", engines: "s p", play: (*round).pause},
	}
}

func faultNames() (names []string) {
	for _, f := range faults() {
		names = append(names, f.name)
	}
	return names
}

// on tells how often a fault is played in a cycle on an engine.
func (f fault) on(engine string) int { return strings.Count(f.engines, engine[:1]) }

// cycle gives the faults to play in turn: those that are named, or all of an engine, mixed so that a few rounds
// already see most of them.
func cycle(engine, named string) ([]fault, error) {
	var chosen []fault
	if named != "" {
		for name := range strings.SplitSeq(named, ",") {
			f, err := faultOn(engine, strings.TrimSpace(name))
			if err != nil {
				return nil, err
			}
			chosen = append(chosen, f)
		}
		return chosen, nil
	}
	for turn := 0; ; turn++ {
		before := len(chosen)
		for _, f := range faults() {
			if turn < f.on(engine) {
				chosen = append(chosen, f)
			}
		}
		if len(chosen) == before {
			return chosen, nil
		}
	}
}

func faultOn(engine, name string) (fault, error) {
	for _, f := range faults() {
		if f.name != name {
			continue
		}
		if f.on(engine) == 0 {
			return f, fmt.Errorf("the fault %s is not made on %s", name, engine)
		}
		return f, nil
	}
	return fault{}, fmt.Errorf("there is no fault %q; there are %s", name, strings.Join(faultNames(), ", "))
}

// least is how many requests must have been acknowledged before a fault is worth anything.
const least = 60

// patience bounds waits for the crowd.
const patience = 30 * time.Second

// some lets the crowd work for a while, at least until some requests have been acknowledged since it began.
func (r *round) some(ctx context.Context, from, to time.Duration) error {
	before, _ := r.journal.Acknowledged()
	if err := r.sleep(ctx, from+time.Duration(r.dice.Int64N(int64(to-from)))); err != nil {
		return err
	}
	return r.await(ctx, patience, fmt.Sprintf("%d acknowledgements", least), func() bool {
		now, _ := r.journal.Acknowledged()
		return now >= before+least
	})
}

func (r *round) sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// await waits for what the forum must do, and blames it otherwise.
func (r *round) await(ctx context.Context, within time.Duration, what string, met func() bool) error {
	late := time.Now().Add(time.Duration(float64(within) * max(1, r.slow)))
	for !met() {
		if time.Now().After(late) {
			return &wrong{journal.Violation{Rule: journal.Slow, What: "waited " + within.String() + " for " + what + " in vain"}}
		}
		if err := r.sleep(ctx, 10*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// promisedBack is within what time writing must go on once the reason why it could not is gone.
const promisedBack = 5 * time.Second

// back waits until something is acknowledged again that was sent from now on.
func (r *round) back(ctx context.Context, what string) error {
	begun, since := time.Now(), r.journal.Since()
	err := r.await(ctx, patience, "an acknowledgement "+what, func() bool { return r.acknowledgedSince(since) })
	if err == nil {
		r.inTime(time.Since(begun), promisedBack, "writing again "+what)
	}
	return err
}

func (r *round) acknowledgedSince(since time.Duration) bool {
	for _, e := range r.journal.Entries() {
		for _, t := range e.Tries {
			if t.Sent > since && t.Status/100 == 2 {
				return true
			}
		}
	}
	return false
}

// refusedWith tells how many tries were refused with a code since a moment.
func (r *round) refusedWith(code string, since time.Duration) (n int) {
	for _, e := range r.journal.Entries() {
		for _, t := range e.Tries {
			if t.Sent > since && t.Code == code {
				n++
			}
		}
	}
	return n
}

// reading finds pages that cannot be read while writing cannot be done.
func (r *round) reading(ctx context.Context, while string) {
	story := r.from.world.Stories[r.dice.IntN(len(r.from.world.Stories))].ID
	for _, path := range []string{"/", "/s/" + story, "/fragment?story=" + story, "/api/v1/stories/" + story + "/comments", "/api/v1/me?story=" + story, "/healthz"} {
		answer, err := forum.Ask(ctx, forum.Request{Method: http.MethodGet, URL: r.bases[0] + path, Cookie: r.from.world.Writers[0].Cookie})
		if err != nil || answer.Status != http.StatusOK {
			r.find(journal.Violation{Rule: journal.Page, What: fmt.Sprintf("%s, GET %s is answered with %d (%v)", while, path, answer.Status, err)})
		}
	}
}
