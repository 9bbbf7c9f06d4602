package demo

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/conversation"
	"parley/internal/identity"
	"parley/internal/moderation"
	"parley/internal/passages"
	"parley/internal/press"
	"parley/internal/question"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// deps joins the demo's parts on a store.
func deps(t testing.TB, s *store.Store, port int) Deps {
	t.Helper()
	names := Hosts(port)
	site := parley.Site{Key: "main", Name: "The Meridian", BaseURL: names.Forum, Origins: names.Origins(), Language: "en", Passages: true, Questions: true}
	err := s.Write(context.Background(), 0, func(tx *store.Tx) (err error) {
		site.ID, err = tx.EnsureSite(site.Key, site.Name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	pieces, err := press.Load(Pieces())
	if err != nil {
		t.Fatal(err)
	}
	if problems := pieces.Edition().Problems; len(problems) > 0 {
		t.Fatal(problems)
	}
	talk := conversation.New(s, site, moderation.Screen{}, slog.Default())
	return Deps{
		Store: s, Edition: pieces.Edition(), Names: names, Conversation: talk,
		Identity: identity.New(s, site, identity.Options{}), Passages: passages.New(s, site, slog.Default()), Question: question.New(s, site, talk, slog.Default()),
	}
}

func seed(t testing.TB, d Deps) Accounts {
	t.Helper()
	all, err := Seed(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func look(t testing.TB, d Deps, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := d.Store.View(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// storyAt gives the story at an address below the forum's.
func storyAt(t testing.TB, d Deps, url string) (story parley.Story) {
	t.Helper()
	look(t, d, func(tx *store.Tx) (err error) {
		story, err = tx.StoryByURL(parley.Nobody(d.site().ID), url)
		return err
	})
	return story
}

func TestSeed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := deps(t, s, 8080)
		begun := time.Now()
		first := seed(t, d)
		t.Logf("the first start took %v", time.Since(begun))
		events := lastEvent(t, d)

		begun = time.Now()
		again := seed(t, d)
		t.Logf("the second start took %v", time.Since(begun))
		if first != again {
			t.Errorf("the accounts were %+v and are %+v", first, again)
		}
		if now := lastEvent(t, d); now != events {
			t.Errorf("the second start added %d events", now-events)
		}

		scenes, err := d.gather()
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range scenes {
			comments, threads := 0, 0
			for _, talk := range one.talks {
				comments += len(talk.talk)
				for _, said := range talk.talk {
					if said.Parent < 0 {
						threads++
					}
				}
			}
			if story := storyAt(t, d, one.story.URL); story.Comments != comments || story.Threads != threads {
				t.Errorf("%s has %d comments in %d threads, want %d in %d", one.name, story.Comments, story.Threads, comments, threads)
			}
		}
		if got, want := storyAt(t, d, d.Names.Letters+"/ferry").Comments, len(talks(t)["foreign.talk"]); got != want {
			t.Errorf("the foreign page has %d comments, want %d", got, want)
		}
		checkComments(t, d)
		checkLife(t, d, first)
		checkSignIn(t, d, first)
	})
}

func lastEvent(t *testing.T, d Deps) (last int64) {
	t.Helper()
	look(t, d, func(tx *store.Tx) (err error) {
		last, err = tx.LastEvent()
		return err
	})
	return last
}

// checkComments looks at everything that is in the store: who wrote it, when, and how it hangs together.
func checkComments(t *testing.T, d Deps) {
	t.Helper()
	now := d.Store.Now()
	nobody := parley.Nobody(d.site().ID)
	look(t, d, func(tx *store.Tx) error {
		for _, a := range d.Edition.Articles {
			story, err := tx.StoryByURL(nobody, d.Names.Forum+a.Path())
			if err != nil {
				return err
			}
			all, err := tx.NewComments(nobody, story.ID, 0, 10_000)
			if err != nil {
				return err
			}
			first, err := tx.Version(story.ID, 1)
			if err != nil {
				return err
			}
			since := min(first.At, story.PublishedAt)
			byID := map[parley.ID]parley.Comment{}
			for _, c := range all {
				byID[c.ID] = c
				if c.CreatedAt > now || c.CreatedAt <= since || c.ID.Time() != c.CreatedAt {
					t.Errorf("%s: a comment by %s is from %v", a.Slug, c.Author.Name, c.CreatedAt.UTC())
				}
				if before, ok := byID[c.Parent]; c.Parent != 0 && (!ok || before.CreatedAt >= c.CreatedAt) {
					t.Errorf("%s: an answer by %s stands before what it answers", a.Slug, c.Author.Name)
				}
				author, err := tx.ReaderForVerb(d.site().ID, c.Author.ID)
				if err != nil {
					return err
				}
				if author.CreatedAt >= c.CreatedAt {
					t.Errorf("%s became a reader after writing", author.Name)
				}
				if author.Name == a.Author && author.Roles.Badge() != "Author" {
					t.Errorf("%s wrote %s and does not wear the badge", author.Name, a.Slug)
				}
			}
		}
		return nil
	})
}

func checkLife(t *testing.T, d Deps, all Accounts) {
	t.Helper()
	nadia := parley.Viewer{Site: d.site().ID, Reader: all.Reader.ID}
	story := storyAt(t, d, d.Names.Forum+"/articles/"+lifeStory)
	look(t, d, func(tx *store.Tx) error {
		if n, err := tx.CountUnread(nadia); err != nil || n != 2 {
			t.Errorf("%d notices wait (%v), want 2", n, err)
		}
		notices, err := tx.Notices(nadia, 0, 10)
		if err != nil || len(notices) != 2 || notices[0].By.Name != "Ester Maravic" || notices[1].By.Name != "Emeka Vasily" {
			t.Errorf("the notices are %+v (%v)", notices, err)
		}
		marks, err := tx.Marks(nadia, story.ID)
		if err != nil || len(marks.Following) != 2 || !marks.Story || len(marks.Recommended) != len(lifeRecommended) {
			t.Errorf("her marks are %+v (%v)", marks, err)
		}
		feed, err := tx.Feed(nadia, 0, 100)
		if err != nil || len(feed) < 10 {
			t.Errorf("her feed has %d comments (%v)", len(feed), err)
		}
		return err
	})
}

func checkSignIn(t *testing.T, d Deps, all Accounts) {
	t.Helper()
	for _, a := range all.All() {
		r, _, err := d.Identity.SignIn(t.Context(), a.Email, a.Password)
		if err != nil {
			t.Errorf("%s cannot sign in: %v", a.Name, err)
			continue
		}
		want := map[string]string{"reader": "", "author": "Author", "editor": "Editor", "moderator": "Moderator"}[a.Role]
		if r.ID != a.ID || r.Roles.Badge() != want || !r.Confirmed() {
			t.Errorf("%s signed in as %+v", a.Name, r)
		}
		if a.Name == all.Reader.Name && r.CreatedAt > d.Store.Now().Add(-12*month) {
			t.Errorf("%s has been there since %v only", a.Name, r.CreatedAt.UTC())
		}
	}
}

// TestRecommendationsAreThoseOfTheTalk compares what stands in the headers with what the store counts.
func TestRecommendationsAreThoseOfTheTalk(t *testing.T) {
	d := deps(t, storetest.Open(t), 8080)
	seed(t, d)
	for file, talk := range talks(t) {
		look(t, d, func(tx *store.Tx) error {
			for _, said := range talk {
				id, err := tx.Imported(d.site().ID, source, "comment", file+" "+said.id())
				if err != nil {
					return err
				}
				c, err := tx.CommentForVerb(d.site().ID, id)
				if err != nil {
					return err
				}
				if own := c.Recommendations - said.Recommended; own != 0 && own != 1 { // the demo's reader has added hers to a few
					t.Errorf("%s:%d has %d recommendations, want %d", file, said.Line, c.Recommendations, said.Recommended)
				}
			}
			return nil
		})
	}
}

func TestSeedRefusesAFolderOfAnotherAddress(t *testing.T) {
	s := storetest.Open(t)
	d := deps(t, s, 8080)
	seed(t, d)
	events := lastEvent(t, d)
	_, err := Seed(t.Context(), deps(t, s, 8081))
	if err == nil || !strings.Contains(err.Error(), "http://forum.meridian.localhost:8080/articles/") {
		t.Errorf("another port gives %v", err)
	}
	if now := lastEvent(t, d); now != events {
		t.Errorf("the refused start added %d events", now-events)
	}
}

func TestSeedUnderASlowClock(t *testing.T) {
	then := parley.TimeOf(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	s := storetest.OpenAt(t, func() parley.Time { return then })
	d := deps(t, s, 8080)
	seed(t, d)
	story := storyAt(t, d, d.Names.Forum+"/articles/"+lifeStory)
	if at := story.LastComment.Time(); at > then || story.Comments < 200 {
		t.Errorf("%d comments, the last from %v, want all, and none after %v", story.Comments, at.UTC(), then.UTC())
	}
}
