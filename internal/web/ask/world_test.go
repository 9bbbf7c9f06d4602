package ask_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/conversation"
	"parley/internal/identity"
	"parley/internal/moderation"
	"parley/internal/passages"
	"parley/internal/question"
	"parley/internal/store"
	"parley/internal/store/storetest"
	"parley/internal/web"
	"parley/internal/web/ask"
	"parley/internal/web/pages"
	"parley/internal/web/webtest"
)

const (
	paper    = "https://news.example" // another origin of the site
	password = "four crows eat my plums"
)

// world is a forum with questions and passages behind a real server, with a story and two editors.
type world struct {
	testing.TB
	f              *web.Forum
	clock          *storetest.Clock
	base           string
	story          parley.Story
	judith, lorenz parley.Reader // editors
	names          int
}

// each runs a test in a world on each engine.
func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	clock := storetest.NewClock()
	storetest.EachAt(t, clock.Now, func(t *testing.T, s *store.Store) { test(t, newWorldOn(t, s, clock)) })
}

func newWorld(t testing.TB) *world {
	t.Helper()
	clock := storetest.NewClock()
	return newWorldOn(t, storetest.OpenAt(t, clock.Now), clock)
}

func newWorldOn(t testing.TB, s *store.Store, clock *storetest.Clock) *world {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	w := &world{TB: t, clock: clock, base: "http://" + server.Listener.Addr().String()}
	w.f = webtest.Forum(t, s, "main", w.base, paper)
	w.f.Site.Questions, w.f.Site.Passages = true, true
	talk := conversation.New(s, w.f.Site, moderation.Screen{}, nil)
	w.f.Conversation, w.f.Question, w.f.Passages = talk, question.New(s, w.f.Site, talk, nil), passages.New(s, w.f.Site, nil)
	own, err := ask.New(w.f)
	if err != nil {
		t.Fatal(err)
	}
	readers, err := pages.New(w.f, pages.Options{})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	own.Routes(mux)
	readers.Routes(mux)
	if server.Config.Handler, err = w.f.Wrap(mux); err != nil {
		t.Fatal(err)
	}
	server.Start()
	t.Cleanup(server.Close)
	w.judith, w.lorenz = w.reader("Judith Amsel", parley.RoleEditor), w.reader("Lorenz Haake", parley.RoleEditor)
	w.story = w.newStory("The ferry is a street")
	return w
}

func address(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@example.org"
}

// reader makes an account with a confirmed address.
func (w *world) reader(name string, roles parley.Role) parley.Reader {
	w.Helper()
	r, err := w.f.Identity.CreateConfirmed(w.Context(), identity.Registration{Name: name, Email: address(name), Password: password}, roles)
	if err != nil {
		w.Fatal(err)
	}
	return r
}

// crowd gives so many readers who cannot sign in: hashing a password for each would take long.
func (w *world) crowd(n int) (all []parley.Reader) {
	w.Helper()
	w.tx(func(tx *store.Tx) error {
		all = nil
		for range n {
			w.names++
			r := parley.Reader{ID: tx.NewID(), Site: w.f.Site.ID, Name: fmt.Sprint("One of many ", w.names), Email: fmt.Sprintf("many%d@example.org", w.names), CreatedAt: tx.Now, ConfirmedAt: tx.Now}
			if _, err := tx.InsertReader(r, fmt.Sprint("one of many ", w.names)); err != nil {
				return err
			}
			all = append(all, r)
		}
		return nil
	})
	return all
}

func (w *world) newStory(title string) parley.Story {
	w.Helper()
	w.names++
	story, _, err := w.f.Conversation.OpenStory(w.Context(), parley.Reader{}, fmt.Sprintf("%s/%d", paper, w.names), title)
	if err != nil {
		w.Fatal(err)
	}
	return story
}

func (w *world) tx(fn func(*store.Tx) error) {
	w.Helper()
	if err := w.f.Store.Write(w.Context(), 0, fn); err != nil {
		w.Fatal(err)
	}
}

// words are those of the question in these tests, whose answers end in two hours.
func (w *world) words() parley.QuestionWords {
	return parley.QuestionWords{
		Text: "Will the ferry still run in June?", Rule: "By the timetable of 1 June.", Judge: "The city desk.", Void: "If the quay is closed.",
		Closes: w.clock.Now().Add(2 * time.Hour),
	}
}

// ask gives the story its question.
func (w *world) ask(story parley.Story) parley.Question {
	w.Helper()
	q, err := w.f.Question.Ask(w.Context(), w.judith, story.ID, w.words())
	if err != nil {
		w.Fatal(err)
	}
	return q
}

func (w *world) answers(q parley.Question, step parley.Step, reason string, readers ...parley.Reader) {
	w.Helper()
	for _, r := range readers {
		if _, err := w.f.Question.Answer(w.Context(), r, question.Draft{Question: q.ID, Version: q.Words.Version, Step: step, Reason: reason}); err != nil {
			w.Fatal(err)
		}
	}
}

// settle settles a question by both editors.
func (w *world) settle(q parley.Question, outcome parley.Outcome) parley.Settlement {
	w.Helper()
	s, err := w.f.Question.Propose(w.Context(), w.judith, q.ID, question.Proposal{Outcome: outcome, Source: "https://timetable.example/june", Note: "It runs.", HappenedAt: w.clock.Now()})
	if err == nil {
		s, err = w.f.Question.Confirm(w.Context(), w.lorenz, s.ID)
	}
	if err != nil {
		w.Fatal(err)
	}
	return s
}

// remark posts a comment about words of the story.
func (w *world) remark(by parley.Reader, story parley.ID, exact, body string) parley.Comment {
	w.Helper()
	posted, err := w.f.Conversation.Post(w.Context(), by, parley.Draft{Story: story, Body: body, Passage: parley.Passage{Exact: exact}})
	if err != nil {
		w.Fatal(err)
	}
	return posted.Comment
}

func (w *world) browser() *webtest.Browser { return webtest.NewBrowser(w, w.base) }

// signedIn gives a browser in which a reader has signed in.
func (w *world) signedIn(name string) *webtest.Browser {
	w.Helper()
	b := w.browser()
	got := b.Submit(b.Get("/account/sign-in").Form(w, "current-password"), "email", address(name), "password", password)
	if got.StatusCode != http.StatusSeeOther {
		w.Fatalf("%s is not let in: %d\n%s", name, got.StatusCode, got.Body)
	}
	return b
}

// fresh waits until a shared page that belongs to no one story has been made again, and gives it.
func (w *world) fresh(path string, has string) webtest.Answer {
	w.Helper()
	for began := time.Now(); ; {
		got := w.browser().Get(path)
		if strings.Contains(got.Body, has) || time.Since(began) > 10*time.Second {
			return got
		}
	}
}

func path(q parley.Question, page string) string { return "/q/" + q.ID.String() + page }
