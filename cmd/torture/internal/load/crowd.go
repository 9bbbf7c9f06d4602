package load

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"parley/cmd/torture/internal/forum"
	"parley/cmd/torture/internal/journal"
)

// Crowd is everybody who writes. Make one for each round.
type Crowd struct {
	World   *World
	Journal *journal.Journal
	Nodes   func() []string // the addresses of processes that may be asked
	Round   uint64          // the seed

	workers []*worker
	stop    atomic.Bool
	working sync.WaitGroup
	talk    talk

	mu     sync.Mutex
	reads  int
	broken []journal.Violation
}

// talk is what has been published lately, for everybody to answer and to recommend.
type talk struct {
	mu  sync.Mutex
	all []spoken
}

type spoken struct {
	id, root, story, author string
	key                     string // that its words begin with
}

// remembered is how much of the talk is answered: what is far up the page is not read any more.
const remembered = 300

func (t *talk) add(s spoken) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all = append(t.all, s)
	if over := len(t.all) - remembered; over > 0 {
		t.all = slices.Delete(t.all, 0, over)
	}
}

func (t *talk) any(dice *rand.Rand) (spoken, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.all) == 0 {
		return spoken{}, false
	}
	return t.all[dice.IntN(len(t.all))], true
}

// Start lets everybody go on, until Stop. What each does is decided by throws of dice that depend on the round and the
// worker alone; what they are answered, and so what they do next, also depends on how the machine runs them.
func (c *Crowd) Start(ctx context.Context) {
	if c.workers == nil {
		for n, who := range c.World.Writers {
			c.workers = append(c.workers, &worker{
				crowd: c, n: n, me: who, guest: c.World.Guests[n], dice: rand.New(rand.NewPCG(c.Round, uint64(n)+1)),
				marks: map[string]*mark{}, reasons: map[string]int{},
			})
		}
	}
	c.stop.Store(false)
	for _, w := range c.workers {
		c.working.Go(func() {
			for !c.stop.Load() && ctx.Err() == nil {
				w.step(ctx)
			}
		})
	}
}

// Stop lets everybody finish the request they are at, however it ends, and returns when all have.
func (c *Crowd) Stop() {
	c.stop.Store(true)
	c.working.Wait()
}

// Broken gives what was seen to be wrong while the crowd was at work.
func (c *Crowd) Broken() []journal.Violation {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.broken)
}

func (c *Crowd) find(rule, format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.broken = append(c.broken, journal.Violation{Rule: rule, What: fmt.Sprintf(format, args...)})
}

// settleTries is how often a request without an answer is sent again: the forum is whole by then, and a busy one says
// so for a second or two at most.
const settleTries = 40

// Settle sends everything again that has no answer, under its key, as readers' browsers do.
func (c *Crowd) Settle(ctx context.Context) {
	open := make(chan *journal.Entry)
	var sending sync.WaitGroup
	for n := range workers {
		dice := rand.New(rand.NewPCG(c.Round, uint64(1000+n)))
		sending.Go(func() {
			for e := range open {
				for try := range settleTries {
					if c.send(ctx, e, dice) != journal.Unknown || ctx.Err() != nil || goneMark(e) {
						break
					}
					wait(ctx, time.Duration(10*(try+1))*time.Millisecond)
				}
			}
		})
	}
	for _, e := range c.Journal.Open() {
		open <- e
	}
	close(open)
	sending.Wait()
}

// goneMark tells whether the last answer was a refusal that leaves it open whether an earlier try was done.
func goneMark(e *journal.Entry) bool { return e.Tries[len(e.Tries)-1].Status/100 == 4 }

// send sends a request once, to any node, and notes what came of it.
func (c *Crowd) send(ctx context.Context, e *journal.Entry, dice *rand.Rand) journal.Outcome {
	outcome, _ := c.try(ctx, e, dice)
	return outcome
}

// try is send, and also gives the answer; an empty one where there was none.
func (c *Crowd) try(ctx context.Context, e *journal.Entry, dice *rand.Rand) (journal.Outcome, forum.Answer) {
	nodes := c.Nodes()
	node := dice.IntN(len(nodes))
	try := journal.Try{Sent: c.Journal.Since(), Node: node}
	answer, err := forum.Ask(ctx, forum.Request{Method: e.Method, URL: nodes[node] + e.Path, Body: e.Body, Cookie: e.Cookie, Key: e.Key})
	if err != nil {
		try.Why = err.Error()
		return c.Journal.Note(e, try), forum.Answer{}
	}
	try.Status = answer.Status
	switch {
	case answer.Good() && e.Kind.Comments():
		var got struct{ Comment struct{ ID string } }
		if err := answer.Read(&got); err != nil || got.Comment.ID == "" {
			c.find(journal.Answer, "%s %s is answered with %d and no comment: %.200s", e.Kind, e.Key, answer.Status, answer.Body)
		}
		try.ID = got.Comment.ID
	case answer.Good() && e.Kind == journal.SignIn:
		try.Cookie = answer.Cookie()
	case !answer.Good():
		c.refusal(e, answer, &try)
	}
	return c.Journal.Note(e, try), answer
}

// refusal reads why a request was refused. A forum that is in trouble says so, in words for readers and with a time to
// come back; an inner error is none of these.
func (c *Crowd) refusal(e *journal.Entry, answer forum.Answer, try *journal.Try) {
	var problem struct{ Code, Detail string }
	if err := answer.Read(&problem); err != nil || problem.Code == "" {
		c.find(journal.Answer, "%s %s is answered with %d and no reason: %.200s", e.Kind, e.Key, answer.Status, answer.Body)
		return
	}
	try.Code = problem.Code
	switch {
	case answer.Status == http.StatusInternalServerError:
		c.find(journal.Answer, "%s %s is answered with an inner error", e.Kind, e.Key)
	case answer.Status == http.StatusServiceUnavailable && answer.Header.Get("Retry-After") == "":
		c.find(journal.Answer, "%s %s is turned away (%s) without a time to come back", e.Kind, e.Key, problem.Code)
	}
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
