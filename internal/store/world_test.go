package store_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"testing"

	"parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// ctx is for calls that no test cuts short.
var ctx = context.Background()

// world is a store with one site and one story, and short ways to fill it.
type world struct {
	testing.TB
	s     *store.Store
	site  parley.ID
	story parley.Story
	names atomic.Int64
}

// each runs a test in a fresh world on each engine.
func each(t *testing.T, test func(w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s *store.Store) { test(newWorld(t, s)) })
}

// eachAt is each with a clock of the test's own.
func eachAt(t *testing.T, test func(w *world, clock *storetest.Clock)) {
	t.Helper()
	clock := storetest.NewClock()
	storetest.EachAt(t, clock.Now, func(t *testing.T, s *store.Store) { test(newWorld(t, s), clock) })
}

func newWorld(t testing.TB, s *store.Store) *world {
	t.Helper()
	w := &world{TB: t, s: s}
	w.write(func(tx *store.Tx) (err error) {
		w.site, err = tx.EnsureSite("main", "The Meridian")
		return err
	})
	w.story = w.newStory(w.site)
	return w
}

// write runs fn in a transaction that must succeed.
func (w *world) write(fn func(*store.Tx) error) {
	w.Helper()
	if err := w.s.Write(ctx, w.story.ID, fn); err != nil {
		w.Fatal(err)
	}
}

// view gives what fn reads from one snapshot; it must succeed.
func view[T any](w *world, fn func(*store.Tx) (T, error)) T {
	w.Helper()
	var got T
	err := w.s.View(ctx, func(tx *store.Tx) (err error) {
		got, err = fn(tx)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return got
}

func (w *world) newStory(site parley.ID) parley.Story {
	w.Helper()
	n := w.names.Add(1)
	var story parley.Story
	w.write(func(tx *store.Tx) (err error) {
		story, _, err = tx.EnsureStory(parley.Story{
			ID: tx.NewID(), Site: site, URL: fmt.Sprintf("https://news.example/%d", n), Title: fmt.Sprint("Story ", n), CreatedAt: tx.Now,
		})
		return err
	})
	return story
}

// reader adds an account to the world's site.
func (w *world) reader(name string) parley.Reader {
	w.Helper()
	return w.readerOf(w.site, name)
}

func (w *world) readerOf(site parley.ID, name string) parley.Reader {
	w.Helper()
	var r parley.Reader
	w.write(func(tx *store.Tx) error {
		r = parley.Reader{ID: tx.NewID(), Site: site, Name: name, Email: name + "@example.org", CreatedAt: tx.Now}
		taken, err := tx.InsertReader(r, name+strconv.FormatInt(w.names.Add(1), 10))
		if taken {
			err = errors.New("the name was taken")
		}
		return err
	})
	return r
}

func (w *world) readers(n int) []parley.Reader {
	w.Helper()
	all := make([]parley.Reader, n)
	for i := range all {
		all[i] = w.reader(fmt.Sprint("Reader ", i))
	}
	return all
}

// draft fills in a comment as the verb that posts it would; a zero parent opens a thread.
func draft(tx *store.Tx, story parley.Story, by parley.Reader, parent parley.Comment, state parley.State) parley.Comment {
	id := tx.NewID()
	c := parley.Comment{
		ID: id, Site: story.Site, Story: story.ID, Root: id, Depth: 1, Author: by.Byline(), State: state,
		Body: fmt.Sprint("Words of ", id), HTML: fmt.Sprintf("<p>Words of %d</p>", id), Passage: 0, CreatedAt: tx.Now,
	}
	if parent.ID != 0 {
		c.Root, c.Parent, c.Depth, c.To = parent.Root, parent.ID, parent.Depth+1, parent.Author
	}
	return c
}

// insert saves a comment with its counters and its event, as the verb that posts it would.
func insert(tx *store.Tx, c parley.Comment) error {
	if err := tx.InsertComment(c); err != nil {
		return err
	}
	revision, err := tx.Count(c, "", c.State)
	tx.Append(parley.Event{Site: c.Site, Story: c.Story, Kind: parley.EventPublished, Subject: c.ID, Actor: c.Author.ID, Data: parley.EventData{Revision: revision}})
	return err
}

// post adds a published comment to the world's story; a zero parent opens a thread.
func (w *world) post(by parley.Reader, parent parley.Comment) parley.Comment {
	w.Helper()
	return w.postAs(parley.Published, by, parent)
}

func (w *world) postAs(state parley.State, by parley.Reader, parent parley.Comment) parley.Comment {
	w.Helper()
	return w.postIn(w.story, state, by, parent)
}

func (w *world) postIn(story parley.Story, state parley.State, by parley.Reader, parent parley.Comment) parley.Comment {
	w.Helper()
	var c parley.Comment
	w.write(func(tx *store.Tx) error {
		c = draft(tx, story, by, parent, state)
		return insert(tx, c)
	})
	return c
}

// move brings a comment into another state and gives it as it then is.
func (w *world) move(c parley.Comment, to parley.State) parley.Comment {
	w.Helper()
	w.write(func(tx *store.Tx) error {
		_, err := tx.MoveComment(c, to)
		return err
	})
	c.State = to
	return c
}

func (w *world) silence(by parley.Reader, kind parley.Silence, target parley.Reader) {
	w.Helper()
	w.write(func(tx *store.Tx) error {
		_, err := tx.Silence(by.ID, kind, target.ID)
		return err
	})
}

func (w *world) follow(by parley.Reader, kind parley.FollowKind, target, seen parley.ID) {
	w.Helper()
	w.write(func(tx *store.Tx) error {
		_, err := tx.Follow(parley.Follow{Reader: by.ID, Kind: kind, Target: target, Seen: seen, At: tx.Now})
		return err
	})
}

// number gives the one number of a query.
func (w *world) number(text string, args ...any) (n int64) {
	w.Helper()
	return view(w, func(tx *store.Tx) (int64, error) { return n, tx.Raw().QueryRow(text, args...).Scan(&n) })
}

// viewerOf gives the viewer a reader is on shared pages.
func viewerOf(r parley.Reader) parley.Viewer {
	return parley.Viewer{Site: r.Site, Reader: r.ID, Roles: r.Roles}
}

// ids gives the ids of comments in order.
func ids(comments []parley.Comment) []parley.ID {
	all := make([]parley.ID, len(comments))
	for i, c := range comments {
		all[i] = c.ID
	}
	return all
}

// wantCode fails unless err is a refusal with this code.
func wantCode(t testing.TB, err error, want parley.Code) {
	t.Helper()
	if got := parley.CodeOf(err); got != want {
		t.Errorf("refused with code %q (%v), want %q", got, err, want)
	}
}

// quoted makes a passage of a story that some reader quotes.
func (w *world) quoted(story parley.Story, words string) parley.Passage {
	w.Helper()
	var p parley.Passage
	w.write(func(tx *store.Tx) (err error) {
		p, _, err = tx.EnsurePassage(parley.Passage{ID: tx.NewID(), Site: story.Site, Story: story.ID, Exact: words,
			State: parley.PassageQuoted, CreatedAt: tx.Now}, []byte(words))
		return err
	})
	return p
}

// speak posts a comment that opens a thread about a passage.
func (w *world) speak(state parley.State, by parley.Reader, p parley.Passage) parley.Comment {
	w.Helper()
	var c parley.Comment
	w.write(func(tx *store.Tx) error {
		c = draft(tx, parley.Story{ID: p.Story, Site: p.Site}, by, parley.Comment{}, state)
		c.Passage, c.Quote = p.ID, parley.Passage{ID: p.ID, Exact: p.Exact, State: p.State}
		return insert(tx, c)
	})
	return c
}

// ask gives a story its question.
func (w *world) ask(story parley.Story, editor parley.Reader) parley.Question {
	w.Helper()
	var q parley.Question
	w.write(func(tx *store.Tx) error {
		q = newQuestion(tx, story, editor)
		return tx.InsertQuestion(q)
	})
	return q
}

func newQuestion(tx *store.Tx, story parley.Story, editor parley.Reader) parley.Question {
	id := tx.NewID()
	return parley.Question{ID: id, Site: story.Site, Story: story.ID, State: parley.QuestionOpen, OpenedAt: tx.Now, AskedBy: editor.ID,
		Words: parley.QuestionWords{Question: id, Version: 1, Text: "Will it rain?", Rule: "By the gauge", Judge: "The weather desk", Closes: tx.Now + 1000,
			Void: "No gauge", Office: "The mayor", Editor: editor.ID, At: tx.Now}}
}

// answer adds a reader's answer to a question's words in their first version; comment is its reason, 0 = none.
func (w *world) answer(by parley.Reader, q parley.Question, step parley.Step, comment parley.ID) parley.Answer {
	w.Helper()
	var a parley.Answer
	w.write(func(tx *store.Tx) error {
		a = parley.Answer{ID: tx.NewID(), Question: q.ID, Version: q.Words.Version, Reader: by.ID, Step: step, Comment: comment, At: tx.Now}
		return tx.InsertAnswer(a)
	})
	return a
}

// confirm proves a reader's address.
func (w *world) confirm(r parley.Reader) {
	w.Helper()
	w.write(func(tx *store.Tx) error {
		done, err := tx.ConfirmAddress(r)
		if !done && err == nil {
			err = errors.New("the address was not confirmed")
		}
		return err
	})
}
