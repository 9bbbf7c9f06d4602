package api_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"parley"
	"parley/internal/passages"
	"parley/internal/question"
	"parley/internal/store"
)

// editors gives two editors of a site, who ask, settle and decide where a test wants it done.
func (w *town) editors(site string) (asks, confirms parley.Reader) {
	w.Helper()
	for _, name := range []string{"ines", "jonas"} {
		if name += " of " + site; w.people[name].ID == 0 {
			w.join(site, name, parley.RoleEditor)
		}
	}
	return w.people["ines of "+site], w.people["jonas of "+site]
}

func (w *town) done(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// asked gives a question of a story of its own: open, closed, proposed, settled, overturned, or off where it is
// switched off.
func (w *town) asked(site, state string) (q parley.Question) {
	w.Helper()
	return w.askedOf(site, state, w.story(site))
}

func (w *town) askedOf(site, state string, story parley.Story) parley.Question {
	w.Helper()
	f := w.forums[site]
	asks, _ := w.editors(site)
	q, err := f.Question.Ask(w.Context(), asks, story.ID, parley.QuestionWords{Text: "Will it?", Rule: "By looking.", Judge: "We"})
	w.done(err)
	switch state {
	case "closed":
		w.done(f.Question.Close(w.Context(), asks, q.ID))
	case "off":
		w.done(f.Passages.Switch(w.Context(), asks, story.ID, true, false))
	case "proposed", "settled", "declined", "overturned":
		w.settlementOf(site, state, q)
	}
	return q
}

// settlement gives one of a question of its own, proposed, settled, declined or overturned.
func (w *town) settlement(site, state string) parley.Settlement {
	w.Helper()
	return w.settlementOf(site, state, w.asked(site, "open"))
}

func (w *town) settlementOf(site, state string, q parley.Question) parley.Settlement {
	w.Helper()
	f := w.forums[site]
	asks, confirms := w.editors(site)
	s, err := f.Question.Propose(w.Context(), asks, q.ID, question.Proposal{Outcome: parley.OutcomeYes, Source: "We looked.", HappenedAt: q.OpenedAt})
	w.done(err)
	switch state {
	case "declined":
		_, err = f.Question.Decline(w.Context(), confirms, s.ID)
	case "settled", "overturned":
		_, err = f.Question.Confirm(w.Context(), confirms, s.ID)
	}
	w.done(err)
	if state == "overturned" {
		a := w.appealOf(site, s)
		w.hear(site, a, true)
	}
	return s
}

// appeal gives an objection, open or refused, to a settlement of its own.
func (w *town) appeal(site, state string) parley.SettlementAppeal {
	w.Helper()
	a := w.appealOf(site, w.settlement(site, "settled"))
	if state == "refused" {
		w.hear(site, a, false)
	}
	return a
}

func (w *town) appealOf(site string, s parley.Settlement) parley.SettlementAppeal {
	w.Helper()
	if name := "objector of " + site; w.people[name].ID == 0 {
		w.join(site, name, 0)
	}
	a, err := w.forums[site].Question.Appeal(w.Context(), w.people["objector of "+site], s.ID, "It was not so.")
	w.done(err)
	return a
}

func (w *town) hear(site string, a parley.SettlementAppeal, grant bool) {
	w.Helper()
	if name := "klara of " + site; w.people[name].ID == 0 {
		w.join(site, name, parley.RoleEditor)
	}
	_, err := w.forums[site].Question.DecideAppeal(w.Context(), w.people["klara of "+site], a.ID, grant, "We have looked again.")
	w.done(err)
}

// milestone gives a mark on a question of its own, there or gone.
func (w *town) milestone(site, state string) parley.Milestone {
	w.Helper()
	asks, _ := w.editors(site)
	q := w.asked(site, "open")
	m, err := w.forums[site].Question.AddMilestone(w.Context(), asks, q.ID, q.OpenedAt, "It rained", "")
	w.done(err)
	if state == "gone" {
		w.done(w.forums[site].Question.EndMilestone(w.Context(), asks, m.ID))
	}
	return m
}

// sequel gives an entry at the head of a story of its own, there or gone.
func (w *town) sequel(site, state string, story parley.Story) parley.Sequel {
	w.Helper()
	asks, _ := w.editors(site)
	s, err := w.forums[site].Passages.AddSequel(w.Context(), asks, story.ID, passages.Later{Note: "It has rained since.", Day: story.CreatedAt})
	w.done(err)
	if state == "gone" {
		w.done(w.forums[site].Passages.EndSequel(w.Context(), asks, s.ID))
	}
	return s
}

// correction gives a suggestion for a story, open, accepted or declined, by a reader made for it.
func (w *town) correction(site, state string, story parley.Story) parley.Correction {
	w.Helper()
	w.fresh++
	asks, _ := w.editors(site)
	c, err := w.forums[site].Passages.Suggest(w.Context(), w.quick(site), passages.Suggestion{Story: story.ID, Body: fmt.Sprintf("Wrong number %d.", w.fresh), Source: "The book", Thanks: true})
	w.done(err)
	if state != "open" {
		_, err = w.forums[site].Passages.Decide(w.Context(), asks, c.ID, state == "accepted", "We have looked.")
		w.done(err)
	}
	return c
}

// quick makes an account that nobody signs in to, without the cost of a password.
func (w *town) quick(site string) (r parley.Reader) {
	w.Helper()
	w.fresh++
	w.write(func(tx *store.Tx) error {
		name := fmt.Sprintf("Quick %d", w.fresh)
		r = parley.Reader{ID: tx.NewID(), Site: w.forums[site].Site.ID, Name: name, Email: fmt.Sprintf("quick%d@example.com", w.fresh), CreatedAt: tx.Now, ConfirmedAt: tx.Now}
		_, err := tx.InsertReader(r, name)
		return err
	})
	return r
}

// written gives a story with an author here.
func (w *town) written(site string, by parley.Reader) parley.Story {
	w.Helper()
	story := w.story(site)
	story.AuthorEmail = by.Email
	_, err := w.forums[site].Conversation.Register(w.Context(), story)
	w.done(err)
	return story
}

// TestEverythingAroundAStoryAtOnce: a story that carries everything is one page of one revision, and everything
// there is about it can be read by anybody.
func TestEverythingAroundAStoryAtOnce(t *testing.T) {
	w := newTown(t)
	owner := w.join(first, "owner", 0)
	story := w.full(owner)
	path := "/api/v1/stories/" + story.ID.String()
	for _, part := range []string{"passages", "versions", "corrections", "sequels", "comments"} {
		got := w.ask(first, "GET", path+"/"+part, "")
		var list struct{ Items []json.RawMessage }
		if err := json.Unmarshal([]byte(got.body), &list); err != nil || len(list.Items) != 1 {
			t.Errorf("%s: %d %s", part, got.StatusCode, got.body)
		}
	}
	got := w.ask(first, "GET", path, "")
	if n := w.ask(first, "GET", path+"/question", "").member("id"); n == "" || got.member("question") != n {
		t.Errorf("the story's question is %q, and %s", n, got.body)
	}
}

// full gives a story with a text, a comment on a passage of it, a settled question, a correction and a sequel.
func (w *town) full(by parley.Reader) parley.Story {
	w.Helper()
	f := w.forums[first]
	story := w.story(first)
	_, err := f.Passages.Revise(w.Context(), story.ID, "A story", []string{"It rained on Monday.", "Nobody knew."})
	w.done(err)
	_, err = f.Conversation.Post(w.Context(), by, parley.Draft{Story: story.ID, Body: "Did it?", Passage: parley.Passage{Exact: "rained on Monday"}})
	w.done(err)
	w.askedOf(first, "settled", story)
	w.correction(first, "accepted", story)
	w.sequel(first, "there", story)
	return story
}
