package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/passages"
	"parley/internal/question"
	"parley/internal/store"
	"parley/internal/web/api"
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
	path := api.Prefix + "/stories/" + story.ID.String()
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

// argue fills everything around a story with a text, by way of the API: the fiend as a reader and, where only the
// newsroom writes, as editors whose words nobody has looked at.
func (w *town) argue(story, text string) {
	w.Helper()
	fiend, base := w.as("fiend"), "/stories/"+story
	send := func(who []string, method, path, body string) reply {
		body = strings.ReplaceAll(body, "TEXT", quoted(text))
		got := w.ask(first, method, api.Prefix+path, body, who...)
		if got.StatusCode >= 500 {
			w.Errorf("%s %s %s: %d %s", method, path, body, got.StatusCode, got.body)
		}
		return got
	}
	ines, jonas := w.desk("ines of first"), w.desk("jonas of first")
	const day = `"day":"2026-01-10T00:00:00Z"`
	send(fiend, "POST", base+"/comments", `{"body":"Of these words.","passage":{"exact":TEXT,"prefix":TEXT,"suffix":TEXT}}`)
	send(fiend, "POST", base+"/comments", `{"body":TEXT,"passage":{"exact":TEXT}}`)
	for _, accept := range []string{"true", "false"} {
		c := send(fiend, "POST", base+"/corrections", `{"body":TEXT,"source":TEXT,"thanks":true,"passage":{"exact":TEXT}}`)
		send(ines, "POST", "/corrections/"+c.member("id")+"/decision", `{"accept":`+accept+`,"reply":TEXT}`)
	}
	send(ines, "POST", base+"/sequels", `{"note":TEXT,"title":TEXT,`+day+`}`)
	send(ines, "POST", base+"/sequels", `{"url":TEXT,"title":TEXT,"note":TEXT,`+day+`}`)
	send(ines, "POST", base+"/sequels", `{"url":`+quoted("https://news.example/"+text)+`,"title":TEXT,`+day+`}`)
	q := send(ines, "POST", base+"/question", `{"text":`+quoted(text+"?")+`,"rule":TEXT,"judge":TEXT,"void":TEXT,"office":TEXT}`).member("id")
	if q == "" {
		q = send(ines, "POST", base+"/question", `{"text":"Will it?","rule":"By looking.","judge":"We"}`).member("id")
	}
	send(fiend, "POST", "/questions/"+q+"/answers", `{"version":1,"step":"likely","reason":TEXT,"passage":{"exact":TEXT}}`)
	send(ines, "POST", "/questions/"+q+"/milestones", `{"text":TEXT,"url":TEXT,`+day+`}`)
	send(ines, "POST", "/questions/"+q+"/milestones", `{"text":TEXT,`+day+`}`)
	now := w.forums[first].Store.Now().UTC().Format(time.RFC3339Nano)
	s := send(ines, "POST", "/questions/"+q+"/settlements", `{"outcome":"yes","source":TEXT,"note":TEXT,"happened_at":"`+now+`"}`).member("id")
	send(jonas, "POST", "/settlements/"+s+"/confirmation", `{}`)
	a := send(fiend, "POST", "/settlements/"+s+"/appeals", `{"body":TEXT}`).member("id")
	send(w.desk("klara of first"), "POST", "/appeals/"+a+"/decision", `{"grant":false,"reply":TEXT}`)
	send(nil, "GET", base+"/annotations", "")
}

// desk gives the headers of an editor's requests from the desk, whom it makes where need be.
func (w *town) desk(name string) []string {
	w.Helper()
	if w.people[name].ID == 0 {
		w.join(first, name, parley.RoleEditor)
	}
	if w.tokens["desk of "+name] == "" {
		_, token, err := w.forums[first].Identity.SignInDesk(w.Context(), mailOf(name), password)
		w.done(err)
		w.tokens["desk of "+name] = string(token)
	}
	return []string{"Cookie", "parley-desk=" + w.tokens["desk of "+name]}
}
