// Package load is the crowd: readers who write, change, take back and recommend, moderators who decide, and pages that
// listen. Everything it asks for goes into a journal before it is sent.
package load

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"

	"parley"
	"parley/cmd/torture/internal/forum"
	"parley/internal/identity"
	"parley/internal/store"
)

// World is what every round begins with: accounts that are signed in, stories without a comment, each with a
// question.
type World struct {
	Stories []Story
	Writers []Person // one for each worker
	Guests  []Person // who sign in and out; one for each worker
	Desk    string   // the moderator's cookie
	After   int64    // the last event before the first round
}

// Story is where talk stands.
type Story struct{ ID, Question string }

// Person is an account.
type Person struct{ ID, Email, Cookie string }

// Size of the world: as many workers as fill a batch of the writer several times over, and few enough stories that
// they meet.
const (
	workers = 16
	stories = 3
)

const password = "the harbour lights go out at four"

const editor = "editor@example.com"

// Fill makes the accounts in an empty database.
func Fill(ctx context.Context, o store.Options) (err error) {
	o.Log = slog.New(slog.DiscardHandler)
	db, err := store.Open(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	site := parley.Site{Key: "main", Name: "The forum", BaseURL: "http://127.0.0.1", Origins: []string{"http://127.0.0.1", forum.Newsroom}}
	if err := db.Write(ctx, 0, func(tx *store.Tx) (err error) {
		site.ID, err = tx.EnsureSite(site.Key, site.Name)
		return err
	}); err != nil {
		return err
	}
	who := identity.New(db, site, identity.Options{Log: o.Log})
	add := func(name, email string, roles parley.Role) error {
		_, err := who.CreateConfirmed(ctx, identity.Registration{Name: name, Email: email, Password: password}, roles)
		return err
	}
	err = add("The editor", editor, parley.RoleAdministrator|parley.RoleModerator|parley.RoleEditor)
	for n := 0; n < workers && err == nil; n++ {
		err = errors.Join(add(fmt.Sprintf("Writer %d of many", n), address("writer", n), 0), add(fmt.Sprintf("Guest %d of many", n), address("guest", n), 0))
	}
	return err
}

func address(who string, n int) string { return fmt.Sprintf("%s%d@example.com", who, n) }

// Enter signs everybody in at a running forum that Fill has filled, opens the stories and asks the questions.
func Enter(ctx context.Context, base string) (*World, error) {
	w := &World{}
	for n := range workers {
		p, err := signIn(ctx, base, address("writer", n))
		if err != nil {
			return nil, err
		}
		w.Writers, w.Guests = append(w.Writers, p), append(w.Guests, Person{Email: address("guest", n)})
	}
	desk, err := forum.Must(ctx, forum.Request{Method: http.MethodPost, URL: base + "/api/v1/desk/session", Body: credentials(editor)}, nil)
	if err != nil {
		return nil, err
	}
	w.Desk = desk.Cookie()
	for n := range stories {
		story, err := w.openStory(ctx, base, n)
		if err != nil {
			return nil, err
		}
		w.Stories = append(w.Stories, story)
	}
	page, err := forum.Must(ctx, forum.Request{Method: http.MethodGet, URL: base + "/fragment?story=" + w.Stories[0].ID}, nil)
	if err != nil {
		return nil, err
	}
	w.After, err = strconv.ParseInt(page.Header.Get("Parley-Event"), 10, 64)
	return w, err
}

func credentials(email string) string {
	return object(map[string]any{"email": email, "password": password})
}

func signIn(ctx context.Context, base, email string) (Person, error) {
	var got struct{ Reader struct{ ID string } }
	answer, err := forum.Must(ctx, forum.Request{Method: http.MethodPost, URL: base + "/api/v1/session", Body: credentials(email)}, &got)
	return Person{got.Reader.ID, email, answer.Cookie()}, err
}

func (w *World) openStory(ctx context.Context, base string, n int) (Story, error) {
	var story, question struct{ ID string }
	body := object(map[string]any{"url": fmt.Sprintf("%s/stories/%d", forum.Newsroom, n), "title": fmt.Sprintf("What story %d is about", n)})
	if _, err := forum.Must(ctx, forum.Request{Method: http.MethodPost, URL: base + "/api/v1/stories", Body: body, Cookie: w.Writers[0].Cookie}, &story); err != nil {
		return Story{}, err
	}
	body = object(map[string]any{"text": "Will the night ferry still run on 1 June?", "rule": "By the printed timetable.", "judge": "The transport desk"})
	_, err := forum.Must(ctx, forum.Request{Method: http.MethodPost, URL: base + "/api/v1/stories/" + story.ID + "/question", Body: body, Cookie: w.Desk}, &question)
	return Story{story.ID, question.ID}, err
}
