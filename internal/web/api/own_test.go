package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"parley"
	"parley/internal/moderation"
	"parley/internal/store"
	"parley/internal/web/api"
)

// plain gives the API of a site without memory of readers.
func (w *town) plain(site string) http.Handler {
	f := *w.forums[site]
	f.Changes = nil
	mux := http.NewServeMux()
	api.New(&f).Routes(mux)
	return mux
}

// TestMeIsExact does whatever may change what a reader is told besides, and compares what is told at once with
// what is read anew.
func TestMeIsExact(t *testing.T) {
	w := newTown(t)
	me, friend, stranger := w.join(first, "Me", 0), w.join(first, "Friend", 0), w.join(first, "Stranger", 0)
	mo := w.join(first, "Mo", parley.RoleModerator)
	story, elsewhere := w.story(first), w.story(first)
	talk, f := w.forums[first].Conversation, w.forums[first]
	say := func(by parley.Reader, in parley.Story, parent parley.ID, text string) parley.Comment {
		t.Helper()
		posted, err := talk.Post(t.Context(), by, parley.Draft{Story: in.ID, Parent: parent, Body: text})
		if err != nil {
			t.Fatal(err)
		}
		return posted.Comment
	}
	his, theirs := say(friend, story, 0, "One thing."), say(stranger, elsewhere, 0, "Another thing.")
	var mine parley.Comment
	anew := w.plain(first)
	paths := []string{"/api/v1/me?story=" + story.ID.String(), "/api/v1/me?story=" + elsewhere.ID.String() + "&rev=1", "/api/v1/me"}
	check := func(after string) (all string) {
		t.Helper()
		for _, path := range paths {
			told := w.ask(first, "GET", path, "", w.as("Me")...)
			r := httptest.NewRequestWithContext(t.Context(), "GET", path, nil)
			r.Header.Set("Cookie", "parley="+w.token("Me"))
			read := httptest.NewRecorder()
			anew.ServeHTTP(read, r)
			if told.StatusCode != http.StatusOK || told.body != read.Body.String() {
				t.Errorf("after %s %s tells\n%s\nand should tell\n%s", after, path, told.body, read.Body)
			}
			all += told.body
		}
		return all
	}
	own := func(method, path, body string) func() error {
		return func() error {
			if got := w.ask(first, method, "/api/v1"+path, body, w.as("Me")...); got.StatusCode/100 != 2 {
				return fmt.Errorf("%d %s", got.StatusCode, got.body)
			}
			return nil
		}
	}
	said := check("nothing")
	for _, step := range []struct {
		what string
		do   func() error
		same bool // nothing of it is told
	}{
		{what: "a recommendation", do: own("PUT", "/comments/"+his.ID.String()+"/recommendation", "{}")},
		{what: "following a reader", do: own("PUT", "/readers/"+friend.ID.String()+"/follow", "{}")},
		{what: "what the followed reader writes", do: func() error { say(friend, elsewhere, 0, "News."); return nil }},
		{what: "seeing it", do: own("POST", "/notices/seen", "{}")},
		{what: "following a thread", do: own("PUT", "/threads/"+theirs.ID.String()+"/follow", "{}")},
		{what: "an answer in the thread", do: func() error { say(stranger, elsewhere, theirs.ID, "More of it."); return nil }},
		{what: "following a story", do: own("PUT", "/stories/"+story.ID.String()+"/follow", "{}")},
		{what: "a comment in the story", do: func() error { say(stranger, story, 0, "A third thing."); return nil }},
		{what: "a comment of one's own", do: func() error { mine = say(me, story, 0, "What I think."); return nil }},
		{what: "editing it", do: func() error {
			_, err := talk.Edit(t.Context(), me, mine.ID, "What I really think.")
			return err
		}},
		{what: "its removal", do: func() error {
			by := parley.Viewer{Site: mo.Site, Reader: mo.ID, Roles: mo.Roles, Desk: true}
			_, _, err := f.Moderation.Decide(t.Context(), by, moderation.Order{Comment: mine.ID, Action: parley.ActionRemove, Reason: "off_topic"})
			return err
		}},
		{what: "muting", do: own("PUT", "/readers/"+stranger.ID.String()+"/mute", "{}")},
		{what: "no more muting", do: own("DELETE", "/readers/"+stranger.ID.String()+"/mute", "")},
		{what: "being blocked", do: func() error { return talk.Silence(t.Context(), friend, parley.Block, me.ID, true) }},
		{what: "being blocked no more", do: func() error { return talk.Silence(t.Context(), friend, parley.Block, me.ID, false) }},
		{what: "hiding the profile", do: own("PATCH", "/me", `{"hidden":true}`)},
		{what: "taking the recommendation back", do: own("DELETE", "/comments/"+his.ID.String()+"/recommendation", "")},
		{what: "somebody else's recommendation", do: func() error { _, err := talk.Recommend(t.Context(), stranger, his.ID, true); return err }, same: true},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.what, err)
		}
		now := check(step.what)
		if (now == said) != step.same {
			t.Errorf("%s changes what is told: %v", step.what, now != said)
		}
		said = now
	}
}

// TestMeIsKept changes a reader's marks behind the forum's back.
func TestMeIsKept(t *testing.T) {
	w := newTown(t)
	me, story := w.join(first, "Me", 0), w.story(first)
	c := w.comment(me, story, parley.Published)
	path := "/api/v1/me?story=" + story.ID.String()
	before := w.ask(first, "GET", path, "", w.as("Me")...)
	w.write(func(tx *store.Tx) error { _, _, err := tx.Recommend(c, me.ID); return err })
	if after := w.ask(first, "GET", path, "", w.as("Me")...); after.body != before.body {
		t.Errorf("it was read again though no event tells of anything:\n%s\n%s", before.body, after.body)
	}
}
