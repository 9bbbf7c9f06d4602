package load

import (
	"context"
	"fmt"
	"net/http"

	"parley/cmd/torture/internal/journal"
)

// open begins a thread, now and then about a passage.
func (w *worker) open(ctx context.Context) {
	story, key := w.story(), w.key()
	words := text(w.dice, key)
	members := map[string]any{"body": words}
	if w.dice.IntN(6) == 0 {
		members["passage"] = map[string]any{"exact": passages[w.dice.IntN(len(passages))]}
	}
	w.speak(ctx, journal.Entry{
		Kind: journal.Comment, Key: key, Story: story.ID, Text: words,
		Method: http.MethodPost, Path: "/api/v1/stories/" + story.ID + "/comments", Body: object(members),
	})
}

// answer replies to anybody.
func (w *worker) answer(ctx context.Context) {
	parent, some := w.crowd.talk.any(w.dice)
	if !some {
		w.open(ctx)
		return
	}
	key := w.key()
	words := text(w.dice, key)
	w.speak(ctx, journal.Entry{
		Kind: journal.Reply, Key: key, Story: parent.story, Parent: parent.id, Text: words,
		Method: http.MethodPost, Path: "/api/v1/stories/" + parent.story + "/comments", Body: object(map[string]any{"body": words, "parent": parent.id}),
	})
}

// maxReasons is how often a reader may answer a question without taking a moment in between.
const maxReasons = 2

var steps = []string{"remote_chance", "highly_unlikely", "unlikely", "realistic_possibility", "likely", "highly_likely", "almost_certain"}

// reason answers a story's question and says why: two rows that must be there together.
func (w *worker) reason(ctx context.Context) {
	story := w.story()
	if w.reasons[story.ID] == maxReasons {
		w.answer(ctx)
		return
	}
	w.reasons[story.ID]++
	key := w.key()
	words := text(w.dice, key)
	w.speak(ctx, journal.Entry{
		Kind: journal.Reason, Key: key, Story: story.ID, Text: words, Method: http.MethodPost, Path: "/api/v1/questions/" + story.Question + "/answers",
		Body: object(map[string]any{"version": 1, "step": steps[w.dice.IntN(len(steps))], "reason": words}),
	})
}

// pick gives a comment of the worker's own in a state, with nothing open; nil when a few tries find none.
func (w *worker) pick(state string) *own {
	for range min(8, len(w.mine)) {
		c := w.mine[w.dice.IntN(len(w.mine))]
		if w.free(&c.thing) && c.state == state {
			return c
		}
	}
	return nil
}

func (w *worker) edit(ctx context.Context) {
	c := w.pick("published")
	if c == nil {
		w.open(ctx)
		return
	}
	words := text(w.dice, c.key) // they begin as the first ones did
	w.change(ctx, &c.thing, journal.Entry{
		Kind: journal.Edit, Subject: c.id, Text: words, Method: http.MethodPatch, Path: "/api/v1/comments/" + c.id, Body: object(map[string]any{"body": words}),
	}, func() { c.edits++ })
}

func (w *worker) withdraw(ctx context.Context) {
	c := w.pick("published")
	if c == nil {
		w.open(ctx)
		return
	}
	w.change(ctx, &c.thing, journal.Entry{Kind: journal.Withdraw, Subject: c.id, Method: http.MethodDelete, Path: "/api/v1/comments/" + c.id},
		func() { c.state = "withdrawn" })
}

// decide removes a comment of the worker's own, as a moderator, or restores one.
func (w *worker) decide(ctx context.Context) {
	kind, to := journal.Remove, "removed"
	c := w.pick("published")
	if gone := w.pick("removed"); gone != nil {
		kind, to, c = journal.Restore, "published", gone
	}
	if c == nil {
		w.open(ctx)
		return
	}
	w.change(ctx, &c.thing, journal.Entry{
		Kind: kind, Subject: c.id, Method: http.MethodPost, Path: "/api/v1/comments/" + c.id + "/decisions",
		Body: object(map[string]any{"action": string(kind), "reason": "off_topic"}), Reader: "desk", Cookie: w.crowd.World.Desk,
	}, func() { c.state = to })
}

// recommend marks somebody else's comment, or takes a mark back.
func (w *worker) recommend(ctx context.Context) {
	target, some := w.crowd.talk.any(w.dice)
	if !some || target.author == w.me.ID {
		w.answer(ctx)
		return
	}
	w.turn(ctx, "recommend "+target.id, target.id, journal.Recommend, journal.Unrecommend, "/api/v1/comments/%s/recommendation")
}

// follow follows a thread, or does no longer.
func (w *worker) follow(ctx context.Context) {
	target, some := w.crowd.talk.any(w.dice)
	if !some || target.root == "" {
		w.answer(ctx)
		return
	}
	w.turn(ctx, "follow "+target.root, target.root, journal.Follow, journal.Unfollow, "/api/v1/threads/%s/follow")
}

// turn sets a mark that is not set, and takes one back that is.
func (w *worker) turn(ctx context.Context, name, target string, set, unset journal.Kind, path string) {
	m := w.marks[name]
	if m == nil {
		m = &mark{}
		w.marks[name] = m
	}
	if !w.free(&m.thing) {
		return
	}
	kind, method := set, http.MethodPut
	if m.on {
		kind, method = unset, http.MethodDelete
	}
	on := !m.on
	w.change(ctx, &m.thing, journal.Entry{Kind: kind, Subject: target, Method: method, Path: fmt.Sprintf(path, target)}, func() { m.on = on })
}

// comeAndGo signs a guest in, or out again.
func (w *worker) comeAndGo(ctx context.Context) {
	s := &w.session
	if !w.free(&s.thing) {
		return
	}
	if s.cookie != "" {
		w.change(ctx, &s.thing, journal.Entry{Kind: journal.SignOut, Subject: s.cookie, Reader: "guest", Cookie: s.cookie, Method: http.MethodDelete, Path: "/api/v1/session"},
			func() { s.cookie = "" })
		return
	}
	w.change(ctx, &s.thing, journal.Entry{Kind: journal.SignIn, Reader: "guest", Method: http.MethodPost, Path: "/api/v1/session", Body: credentials(w.guest.Email)},
		func() { _, s.cookie = w.crowd.Journal.Result(s.open) })
}
