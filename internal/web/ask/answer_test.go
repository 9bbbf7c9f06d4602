package ask_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"parley"
)

// TestAnswerChangePicture walks without a script from a stranger's first answer to the picture that everybody sees.
func TestAnswerChangePicture(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		q := w.ask(w.story)
		w.answers(q, parley.Unlikely, "", w.crowd(9)...)
		b := w.browser()

		// A stranger fills in the form, and everything comes along to an account.
		form := b.Get(path(q, "/answer")).Want(t, http.StatusOK, "How likely do you think it is?", "Realistic possibility", "about 25\u00a0% to about 35\u00a0%", "!<svg class=\"picture\"").Form(t, `name="step"`)
		b.Submit(form, "do", "join", "body", "The keel is old.").Want(t, http.StatusBadRequest, "Please choose one of the seven answers", "The keel is old.")
		preview := b.Submit(form, "do", "preview", "step", "likely", "body", "The *keel* is old.").Want(t, http.StatusOK, "<em>keel</em>", `value="likely" checked`)
		carry := b.Submit(preview.Form(t, `name="step"`), "do", "join", "step", "likely", "body", "The keel is old.").Want(t, http.StatusOK, "<b>likely</b>", "The keel is old.")
		register := b.Submit(carry.Form(t, "Register and go on"), "do", "show").Want(t, http.StatusOK, "comes along").Form(t, "new-password")
		welcome := b.Submit(register, "name", "Nadia Orrin", "email", address("Nadia Orrin"), "password", password).Want(t, http.StatusOK, "Here is the reason for your answer", "The keel is old.")
		got := b.Follow(b.Submit(welcome.Form(t, "The keel is old."), "do", "post")).Want(t, http.StatusOK, "Your answer is saved", `<b class="step">Likely</b>`, "The keel is old.", "confirmed your address")
		if strings.Contains(got.Body, "together think") {
			t.Error("nine confirmed readers are enough for the picture")
		}
		b.Get(path(q, "/answer")).Want(t, http.StatusOK, "1 is missing", "What has changed?")

		// The tenth, then the picture for those who have answered.
		w.answers(q, parley.Unlikely, "", w.crowd(1)...)
		w.clock.Advance(time.Minute)
		change := b.Get(path(q, "/answer")).Want(t, http.StatusOK, `<svg class="picture"`, "together think", "about 1 in 3", "The same as a table", "The keel is old.").Form(t, `name="step"`)
		b.Follow(b.Submit(change, "step", "likely", "body", "", "do", "answer")).Want(t, http.StatusOK, "That is what you had answered already")
		b.Follow(b.Submit(change, "step", "highly_unlikely", "body", "A buyer was found.", "do", "answer")).
			Want(t, http.StatusOK, "Your answer is saved", `<b class="step">Likely</b>`, `<b class="step">Highly unlikely</b>`, "The keel is old.", "A buyer was found.")

		// Nobody else sees any of it, in shared bytes least of all; after the close everybody does.
		hidden(t, w.browser().Get(path(q, "")).Want(t, http.StatusOK, "10 readers have answered", "What others think is shown to those who have answered").Body)
		hidden(t, w.browser().Get("/s/"+w.story.ID.String()).Body)
		w.clock.Advance(2 * time.Hour)
		w.fresh(path(q, ""), "<svg").Want(t, http.StatusOK, "At the end, 10 readers thought together", "unlikely", "about 1 in 3", `<b class="step">Likely</b>`, "A buyer was found.", "Answers have ended.")
		b.Get(path(q, "/answer")).Want(t, http.StatusOK, "Answers have ended.", "At the end", "!name=\"step\"")
		b.Submit(change, "step", "likely", "body", "Too late, but kept.", "do", "answer").Want(t, http.StatusConflict, "no longer takes answers", "Too late, but kept.")
	})
}

// hidden checks that bytes for everybody say nothing of what readers think together, nor what anybody answered.
func hidden(t *testing.T, body string) {
	t.Helper()
	for _, trace := range []string{`class="picture"`, "together think", "thought together", "about 1 in", "about 2 in", `class="step"`, "Highly unlikely", "highly_unlikely"} {
		if strings.Contains(body, trace) {
			t.Errorf("%q stands in bytes for everybody", trace)
		}
	}
}

// TestRewordedMeanwhile keeps the draft beside the new words, and takes it for them when it is sent again.
func TestRewordedMeanwhile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		q := w.ask(w.story)
		w.reader("Nadia Orrin", 0)
		b := w.signedIn("Nadia Orrin")
		form := b.Get(path(q, "/answer")).Form(t, `name="step"`)
		b.Follow(b.Submit(form, "step", "unlikely", "do", "answer"))
		words := w.words()
		words.Text = "Will the ferry still run in July?"
		if _, err := w.f.Question.Reword(t.Context(), w.judith, q.ID, 1, words); err != nil {
			t.Fatal(err)
		}
		refused := b.Submit(form, "step", "likely", "body", "The new owner said so.", "do", "answer").
			Want(t, http.StatusConflict, "The words of this question have changed", "run in July?", "Those you had read were:", "run in June?", "The new owner said so.", `value="likely" checked`)
		again := b.Submit(refused.Form(t, `name="step"`), "step", "likely", "do", "answer")
		b.Follow(again).Want(t, http.StatusOK, "Your answer is saved", "To the earlier words:", "The new owner said so.")
		b.Get(path(q, "")).Want(t, http.StatusOK, "Earlier words", "run in June?", "1 reader has answered")
	})
}

// TestOneReasonAClick: the same form twice is one answer and one comment; other words under its key are asked about.
func TestOneReasonAClick(t *testing.T) {
	w := newWorld(t)
	q := w.ask(w.story)
	w.reader("Nadia Orrin", 0)
	b := w.signedIn("Nadia Orrin")
	form := b.Get(path(q, "/answer")).Form(t, `name="step"`)
	for range 2 {
		b.Follow(b.Submit(form, "step", "likely", "body", "The keel is old.", "do", "answer")).Want(t, http.StatusOK, `<b class="step">Likely</b>`)
	}
	if body := b.Get(path(q, "/answer")).Body; strings.Count(body, "The keel is old.") != 2 { // among one's answers, and among the reasons
		t.Errorf("the reason stands there %d times", strings.Count(body, "The keel is old."))
	}
	refused := b.Submit(form, "step", "likely", "body", "Other words.", "do", "answer").Want(t, http.StatusUnprocessableEntity, "You have sent an earlier form of this reason", "Other words.")
	b.Follow(b.Submit(refused.Form(t, `name="step"`), "step", "likely", "do", "answer")).Want(t, http.StatusOK, "Other words.")
}

// TestAReasonDependsOnAPassage: the form offers what readers talk about, and the comment is about it.
func TestAReasonDependsOnAPassage(t *testing.T) {
	w := newWorld(t)
	q := w.ask(w.story)
	nadia := w.reader("Nadia Orrin", 0)
	about := w.remark(nadia, w.story.ID, "a street that moves", "Does it?").Passage
	b := w.signedIn("Nadia Orrin")
	form := b.Get(path(q, "/answer")+"?passage="+about.String()).Want(t, http.StatusOK, `" selected>“a street that moves”`).Form(t, `name="step"`)
	b.Follow(b.Submit(form, "step", "likely", "body", "It moves.", "passage", about.String(), "do", "answer")).Want(t, http.StatusOK, "It moves.")
	b.Get("/s/"+w.story.ID.String()+"?passage="+about.String()).Want(t, http.StatusOK, "It moves.")
}

// TestWhoDoesNotAnswer: who worded the question; anybody where questions are switched off.
func TestWhoDoesNotAnswer(t *testing.T) {
	w := newWorld(t)
	q := w.ask(w.story)
	w.answers(q, parley.Unlikely, "A reason.", w.crowd(12)...)
	judith := w.signedIn("Judith Amsel")
	got := judith.Get(path(q, "/answer")).Want(t, http.StatusOK, "You worded this question.", "!name=\"step\"")
	hidden(t, strings.ReplaceAll(got.Body, "Highly unlikely", ""))
	judith.Send(path(q, "/answer"), map[string][]string{"step": {"likely"}, "version": {"1"}, "body": {"Kept."}}).Want(t, http.StatusForbidden, "Whoever words a question does not answer it.", "Kept.")
	if err := w.f.Passages.Switch(t.Context(), w.judith, w.story.ID, true, false); err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"/answer", "/follow", "/appeal"} {
		judith.Get(path(q, page)).Want(t, http.StatusNotFound, "no such question")
	}
	w.fresh(path(q, ""), "no such question").Want(t, http.StatusNotFound)
	for _, page := range []string{"/q/0", "/q/12", "/q/x", "/q/how/answer"} {
		judith.Get(page).Want(t, http.StatusNotFound)
	}
}
