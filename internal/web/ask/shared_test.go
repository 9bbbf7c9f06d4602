package ask_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/passages"
	"parley/internal/store"
)

// everything fills the story with all that these pages show, with a crowd that nobody may see yet.
func (w *world) everything() parley.Question {
	w.Helper()
	w.served("The quay is long.", "A ferry is a street that moves.")
	many := w.crowd(12)
	w.remark(many[0], w.story.ID, "a street that moves", "Does it?")
	q := w.ask(w.story)
	w.answers(q, parley.HighlyUnlikely, "", many[1:]...)
	w.answers(q, parley.HighlyUnlikely, "The keel is old.", many[0])
	w.correction(many[2], "It is short.", "The quay is short.")
	w.clock.Advance(time.Minute)
	w.served("The quay is short.", "A ferry is a street that moves.")
	return q
}

// served gives the story a text, or another version of it.
func (w *world) served(blocks ...string) {
	w.Helper()
	if _, err := w.f.Passages.Revise(w.Context(), w.story.ID, w.story.Title, blocks); err != nil {
		w.Fatal(err)
	}
}

// correction suggests a correction, which is accepted.
func (w *world) correction(by parley.Reader, body, reply string) {
	w.Helper()
	c, err := w.f.Passages.Suggest(w.Context(), by, passages.Suggestion{Story: w.story.ID, Body: body, Source: "The almanac"})
	if err == nil {
		_, err = w.f.Passages.Decide(w.Context(), w.judith, c.ID, true, reply)
	}
	if err != nil {
		w.Fatal(err)
	}
}

// TestSharedPages holds every shared page to what makes it free for every cache on the way, and to saying nothing
// of what readers think together before everybody may know it.
func TestSharedPages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		q := w.everything()
		w.reader("Nadia Orrin", 0)
		nadia, stranger := w.signedIn("Nadia Orrin"), w.browser()
		nadia.Follow(nadia.Submit(nadia.Get(path(q, "/answer")).Form(t, `name="step"`), "step", "highly_unlikely", "do", "answer")).Want(t, http.StatusOK, `<svg class="picture"`)
		s := "/s/" + w.story.ID.String()
		for name, at := range map[string]string{"question": path(q, ""), "passages": s + "/passages", "changes": s + "/changes", "how": "/q/how"} {
			mine, theirs := nadia.Get(at, "X-Forwarded-Host", "evil.example").Want(t, http.StatusOK), stranger.Get(at).Want(t, http.StatusOK)
			if mine.Body != theirs.Body {
				t.Errorf("%s depends on who asks", name)
			}
			if strings.Contains(mine.Body, "Nadia") {
				t.Errorf("%s names who asks", name)
			}
			h := theirs.Header
			if got := h.Get("Cache-Control"); !strings.HasPrefix(got, "public, max-age=5") || h.Get("Vary") != "Accept-Encoding" || h.Get("Set-Cookie") != "" || h.Get("ETag") == "" {
				t.Errorf("%s has the headers %v", name, h)
			}
			stranger.Get(at, "If-None-Match", h.Get("ETag")).Want(t, http.StatusNotModified)
			to := stranger.Get(at+"?utm_source=x").Want(t, http.StatusPermanentRedirect).Header.Get("Location")
			if to != w.base+at {
				t.Errorf("%s with something else in its address leads to %s", name, to)
			}
			if name != "how" {
				hidden(t, theirs.Body)
				if strings.Contains(theirs.Body, "The keel is old.") {
					t.Errorf("%s shows a reason beside the question", name)
				}
			}
		}
		for _, private := range []string{path(q, "/answer"), path(q, "/follow"), path(q, "/appeal"), s + "/correct", "/account/record"} {
			if got := nadia.Get(private).Want(t, http.StatusOK).Header; got.Get("Cache-Control") != "private, no-store" || got.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s has the headers %v", private, got)
			}
		}
	})
}

// TestTheTenthOpensNothingForEverybody: a shared page made anew in the moments around the tenth answer.
func TestTheTenthOpensNothingForEverybody(t *testing.T) {
	w := newWorld(t)
	q := w.ask(w.story)
	for _, r := range w.crowd(11) {
		w.answers(q, parley.HighlyUnlikely, "", r)
	}
	hidden(t, w.fresh(path(q, ""), "11 readers have answered").Want(t, http.StatusOK, "11 readers have answered").Body)
}

// TestFewHadAnswered: after the close of a question that fewer than ten answered, nothing is shown but that.
func TestFewHadAnswered(t *testing.T) {
	if parley.CrowdFrom != 10 {
		t.Fatal("these pages say ten in words")
	}
	w := newWorld(t)
	q := w.ask(w.story)
	w.answers(q, parley.HighlyUnlikely, "", w.crowd(9)...)
	if err := w.f.Question.Close(t.Context(), w.judith, q.ID); err != nil {
		t.Fatal(err)
	}
	hidden(t, w.browser().Get(path(q, "")).Want(t, http.StatusOK, "Fewer than ten readers").Body)
}

// TestOnlyOwnPagesSendForms: neither other sites nor the publisher's pages, for their scripts use the API.
func TestOnlyOwnPagesSendForms(t *testing.T) {
	w := newWorld(t)
	q := w.everything()
	w.reader("Nadia Orrin", 0)
	b := w.signedIn("Nadia Orrin")
	s := "/s/" + w.story.ID.String()
	for name, headers := range map[string][]string{
		"another site":           {"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"},
		"a page of the paper":    {"Origin", paper, "Sec-Fetch-Site", "same-site"},
		"the paper, old browser": {"Origin", paper, "Sec-Fetch-Site", ""},
		"a sandboxed frame":      {"Origin", "null", "Sec-Fetch-Site", "cross-site"},
	} {
		for _, to := range []string{path(q, "/answer"), path(q, "/follow"), path(q, "/appeal"), s + "/correct", s + "/author"} {
			got := b.Send(to, url.Values{"step": {"likely"}, "version": {"1"}, "do": {"follow"}, "body": {"x"}, "source": {"The almanac"}}, headers...)
			if got.StatusCode != http.StatusForbidden {
				t.Errorf("%s: %s answers %d", name, to, got.StatusCode)
			}
		}
	}
	b.Get(path(q, "/answer")).Want(t, http.StatusOK, "!What you have answered")
	b.Do("PUT", path(q, "/answer"), "", "Sec-Fetch-Site", "same-origin").Want(t, http.StatusMethodNotAllowed, "GET, POST")
}

// TestSignedOutMeanwhile gives everything back that a form held.
func TestSignedOutMeanwhile(t *testing.T) {
	w := newWorld(t)
	q := w.everything()
	w.reader("Nadia Orrin", 0)
	b := w.signedIn("Nadia Orrin")
	s := "/s/" + w.story.ID.String()
	correct, answer := b.Get(s+"/correct").Form(t, `name="source"`), b.Get(path(q, "/answer")).Form(t, `name="step"`)
	b.Submit(b.Get("/account/sign-out").Form(t, "Sign out"))
	kept := b.Submit(correct, "body", "It was 1931 & not 1932.", "source", "The almanac").
		Want(t, http.StatusUnauthorized, "You have been signed out", "It was 1931 &amp; not 1932.", "The almanac").Form(t, "Send it again")
	carry := b.Submit(answer, "step", "likely", "body", "The keel is old.", "do", "answer").Want(t, http.StatusOK, "You have been signed out", "The keel is old.", "<b>likely</b>")

	form := b.Submit(carry.Form(t, "Sign in and go on"), "do", "show") // the browser's button names where it goes
	if !strings.Contains(carry.Body, `formaction="`+w.base+`/account/sign-in"`) {
		t.Errorf("no button leads to where one signs in:\n%s", carry.Body)
	}
	fields := form.Form(t, "new-password").Fields
	fields.Set("email", address("Nadia Orrin"))
	fields.Set("password", password)
	welcome := b.Send("/account/sign-in", fields).Want(t, http.StatusOK, "Here is the reason for your answer")
	b.Follow(b.Submit(welcome.Form(t, "The keel is old."), "do", "post")).Want(t, http.StatusOK, "Your answer is saved", `<b class="step">Likely</b>`)
	b.Follow(b.Submit(kept)).Want(t, http.StatusOK, "It has gone to the author", "It was 1931 &amp; not 1932.", "It waits to be read.")

	// Without a reason the choice alone comes back by its address.
	stranger := w.browser()
	carry = stranger.Submit(stranger.Get(path(q, "/answer")).Form(t, `name="step"`), "step", "unlikely", "do", "join").Want(t, http.StatusOK, "One more step")
	next := carry.Form(t, "Register and go on").Fields.Get("next")
	stranger.Get(next).Want(t, http.StatusOK, `value="unlikely" checked`)
}

// TestSwitchedOffSites: nothing of a question or of passages is there.
func TestSwitchedOffSites(t *testing.T) {
	w := newWorld(t)
	w.everything()
	w.tx(func(tx *store.Tx) error {
		_, err := tx.SwitchStory(w.story.ID, true, true)
		return err
	})
	w.browser().Get("/s/"+w.story.ID.String()+"/passages?rev=9").Want(t, http.StatusNotFound, "do not talk about single passages")
	w.browser().Get("/s/12/passages").Want(t, http.StatusNotFound)
	w.browser().Get("/s/12/changes").Want(t, http.StatusNotFound)
}
