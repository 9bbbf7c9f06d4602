package load

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"parley/cmd/torture/internal/forum"
	"parley/cmd/torture/internal/journal"
)

// worker is one reader with a moderator at hand. It does one thing after the other. What it writes nobody else
// changes, and what it marks nobody else marks for it, so that the journal knows how each must stand.
type worker struct {
	crowd   *Crowd
	n       int
	me      Person
	guest   Person
	dice    *rand.Rand
	keys    int
	mine    []*own           // comments that were acknowledged
	coming  []*journal.Entry // comments that have no answer yet
	marks   map[string]*mark // by kind and target
	reasons map[string]int   // by story
	session session
}

// thing is something that is changed by one request after the other. While one has no answer it is left alone.
type thing struct {
	open *journal.Entry
	then func() // what an acknowledgement of open means
}

type own struct {
	thing
	spoken
	made  *journal.Entry
	state string // published, removed, withdrawn
	edits int
}

type mark struct {
	thing
	on bool
}

type session struct {
	thing
	cookie string // "" = signed out
}

// What a reader does, out of a hundred. More than half writes comments, because those are what must not be lost.
const (
	opens    = 28 // a thread
	answers  = opens + 33
	reasons  = answers + 3
	edits    = reasons + 9
	marksOne = edits + 11
	follows  = marksOne + 4
	takes    = follows + 3
	decides  = takes + 5
	comes    = decides + 1
	all      = 100 // the rest reads
)

func (w *worker) step(ctx context.Context) {
	w.arrivals()
	switch throw := w.dice.IntN(all); {
	case throw < opens:
		w.open(ctx)
	case throw < answers:
		w.answer(ctx)
	case throw < reasons:
		w.reason(ctx)
	case throw < edits:
		w.edit(ctx)
	case throw < marksOne:
		w.recommend(ctx)
	case throw < follows:
		w.follow(ctx)
	case throw < takes:
		w.withdraw(ctx)
	case throw < decides:
		w.decide(ctx)
	case throw < comes:
		w.comeAndGo(ctx)
	default:
		w.read(ctx)
	}
}

// key gives a new one.
func (w *worker) key() string {
	w.keys++
	return keyFor(w.crowd.Round, w.n, w.keys)
}

func (w *worker) story() Story { return w.crowd.World.Stories[w.dice.IntN(stories)] }

// begin notes a request as this reader's.
func (w *worker) begin(e journal.Entry) *journal.Entry {
	e.Worker = w.n
	if e.Key == "" {
		e.Key = w.key()
	}
	if e.Reader == "" {
		e.Reader, e.Cookie = w.me.ID, w.me.Cookie
	}
	return w.crowd.Journal.Begin(e)
}

// impatience is how often a reader tries again before leaving it for later.
const impatience = 30

// send sends a request until it is answered or the reader leaves it for later.
func (w *worker) send(ctx context.Context, e *journal.Entry) journal.Outcome {
	stubborn := w.dice.IntN(2) == 0
	for try := range impatience {
		if o := w.crowd.send(ctx, e, w.dice); o != journal.Unknown {
			return o
		}
		wait(ctx, time.Duration(10+w.dice.IntN(20*(try+1)))*time.Millisecond)
		if !stubborn || w.crowd.stop.Load() || ctx.Err() != nil || goneMark(e) {
			break
		}
	}
	return journal.Unknown
}

// change sends a request about a thing and does what its acknowledgement means, now or when it comes.
func (w *worker) change(ctx context.Context, t *thing, e journal.Entry, then func()) {
	entry := w.begin(e)
	t.open, t.then = entry, then
	w.send(ctx, entry)
	w.free(t)
}

// free tells whether a thing has no request open.
func (w *worker) free(t *thing) bool {
	if t.open == nil {
		return true
	}
	switch o, _ := w.crowd.Journal.Result(t.open); o {
	case journal.Acknowledged:
		t.then()
	case journal.Unknown:
		return false
	}
	t.open = nil
	return true
}

// speak sends a request that writes a comment; now and then twice at once, as a double click does.
func (w *worker) speak(ctx context.Context, e journal.Entry) {
	entry := w.begin(e)
	if w.dice.IntN(30) == 0 {
		var twice sync.WaitGroup
		dice := rand.New(rand.NewPCG(w.dice.Uint64(), 0))
		twice.Go(func() { w.crowd.send(ctx, entry, dice) })
		w.crowd.send(ctx, entry, w.dice)
		twice.Wait()
	} else {
		w.send(ctx, entry)
	}
	w.coming = append(w.coming, entry)
	w.arrivals()
}

// arrivals takes over comments that have been acknowledged.
func (w *worker) arrivals() {
	left := w.coming[:0]
	for _, e := range w.coming {
		switch o, id := w.crowd.Journal.Result(e); o {
		case journal.Unknown:
			left = append(left, e)
		case journal.Acknowledged:
			s := spoken{id: id, root: id, story: e.Story, author: w.me.ID, key: e.Key}
			if e.Kind == journal.Reply {
				s.root = ""
			}
			w.mine = append(w.mine, &own{spoken: s, made: e, state: "published"})
			w.crowd.talk.add(s)
		}
	}
	w.coming = left
}

// read asks for a comment of the worker's own: what was acknowledged must be there for everybody at once, at whichever
// process.
func (w *worker) read(ctx context.Context) {
	if len(w.mine) == 0 {
		return
	}
	c := w.mine[len(w.mine)-1]
	if !w.free(&c.thing) {
		return
	}
	nodes := w.crowd.Nodes()
	answer, err := forum.Ask(ctx, forum.Request{Method: http.MethodGet, URL: nodes[w.dice.IntN(len(nodes))] + "/api/v1/comments/" + c.id})
	var got struct{ State string }
	switch {
	case err != nil || answer.Status/100 == 5:
		wait(ctx, 10*time.Millisecond)
		return
	case answer.Status == http.StatusNotFound:
		w.crowd.find(journal.Lost, "%s was acknowledged, and just afterwards there is no such comment", c.id)
	case answer.Read(&got) != nil || got.State != c.state:
		w.crowd.find(journal.Page, "%s is %s, and just afterwards it is told to be %q", c.id, c.state, got.State)
	}
	w.crowd.mu.Lock()
	w.crowd.reads++
	w.crowd.mu.Unlock()
}
