package desk

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/conversation"
	"parley/internal/moderation"
	"parley/internal/passages"
	"parley/internal/question"
)

// argued is a desk with the sections as they are shipped, two editors, and a story.
func argued(t *testing.T) (w *world, at string, story parley.Story) {
	w = newWorld(t)
	w.f.Site.Questions, w.f.Site.Passages = true, true
	log := slog.New(slog.DiscardHandler)
	talk := conversation.New(w.f.Store, w.f.Site, moderation.Screen{}, log)
	w.f.Conversation, w.f.Passages, w.f.Question = talk, passages.New(w.f.Store, w.f.Site, log), question.New(w.f.Store, w.f.Site, talk, log)
	w.desk.sections = sections(w.f)
	w.reader("Judith Amsel", parley.RoleEditor)
	w.reader("Lorenz Haake", parley.RoleEditor)
	story = w.story("/war", "How does it end?")
	return w, pathOf(story), story
}

// TestAQuestionIsSettledByTwo walks the whole way at the desk: asked, marked, proposed, confirmed by another.
func TestAQuestionIsSettledByTwo(t *testing.T) {
	w, at, _ := argued(t)
	judith, lorenz := w.atDesk("Judith Amsel"), w.atDesk("Lorenz Haake")

	ask := judith.Get(at).Form(t, `value="ask"`)
	words := []string{"text", "Will more than 400 soldiers have died by June?", "rule", "By the ministry’s list.", "judge", "The foreign desk"}
	judith.Submit(ask, words...).Want(t, http.StatusForbidden, "numbers of the dead", "By the ministry’s list.")
	words[1] = "Will both sides sign by June?"
	judith.Follow(judith.Submit(ask, words...)).Want(t, http.StatusOK, "The question is asked.", "Will both sides sign by June?")
	judith.Submit(ask, words...).Want(t, http.StatusConflict, "has a question already")

	today := time.Now().UTC().Format(time.DateOnly)
	judith.Follow(judith.Submit(judith.Get(at).Form(t, `value="mark"`), "day", today, "text", "The talks began")).Want(t, http.StatusOK, "The talks began")

	propose := judith.Get(at).Form(t, `value="propose"`)
	judith.Submit(propose, "outcome", "no", "source", "http://plain.example/x", "happened_at", today).Want(t, http.StatusBadRequest, "a source that can be checked", "http://plain.example/x")
	judith.Submit(propose, "source", "The treaty, article 4", "happened_at", "2019-01-01").Want(t, http.StatusBadRequest, "Say when the answer became known")
	proposed := judith.Follow(judith.Submit(propose, "happened_at", today)).Want(t, http.StatusOK, "A second editor has to confirm it.", "Take it back", "!Confirm it")
	confirm := lorenz.Get(at).Want(t, http.StatusOK, "Proposed by Judith Amsel", "Confirm it").Form(t, `value="confirm"`)
	judith.Submit(confirm).Want(t, http.StatusForbidden, "A second editor has to confirm")
	lorenz.Submit(propose).Want(t, http.StatusConflict, "Judith Amsel has proposed how this ended")
	lorenz.Follow(lorenz.Submit(confirm)).Want(t, http.StatusOK, "It is settled.", "confirmed by Lorenz Haake")
	judith.Submit(proposed.Form(t, `value="decline"`)).Want(t, http.StatusConflict, "A colleague has already decided")
}

// TestSinceThen: a sequel stands on the page and can be taken off.
func TestSinceThen(t *testing.T) {
	w, at, _ := argued(t)
	judith := w.atDesk("Judith Amsel")
	add := judith.Get(at).Form(t, `value="add"`)
	judith.Submit(add, "day", "2020-02-30", "note", "It broke.").Want(t, http.StatusBadRequest, "2026-11-23", "It broke.")
	judith.Follow(judith.Submit(add, "day", "2020-02-11", "note", "It broke.")).Want(t, http.StatusOK, "It stands at the head", "It broke.")
	judith.Follow(judith.Submit(judith.Get(at).Form(t, `value="end"`))).Want(t, http.StatusOK, "It is taken off.")
}

// TestCorrectionsAtTheDesk: accepted with what stands under the story; a second decision is refused.
func TestCorrectionsAtTheDesk(t *testing.T) {
	w, at, story := argued(t)
	nadia := w.reader("Nadia Orrin", 0)
	if _, err := w.f.Passages.Suggest(t.Context(), nadia, passages.Suggestion{Story: story.ID, Body: "It was 1931, not 1932.", Source: "The almanac", Thanks: true}); err != nil {
		t.Fatal(err)
	}
	judith := w.atDesk("Judith Amsel")
	decide := judith.Get(at).Form(t, `value="decide"`)
	judith.Submit(decide, "accept", "yes").Want(t, http.StatusBadRequest, "Please say what was corrected")
	judith.Follow(judith.Submit(decide, "accept", "yes", "reply", "The year was 1931.")).Want(t, http.StatusOK, "Accepted.", "The year was 1931.")
	judith.Submit(decide, "accept", "no", "reply", "No.").Want(t, http.StatusConflict, "A colleague has already decided")
	if page := judith.Get("/s/"+story.ID.String()).Want(t, http.StatusOK, "The year was 1931.", "Nadia Orrin"); strings.Contains(page.Body, "It was 1931, not 1932.") {
		t.Error("the suggestion itself is shown to everybody")
	}
}

// TestSwitches: what is off is not on the readers' page, with no byte of it.
func TestSwitches(t *testing.T) {
	w, at, story := argued(t)
	judith := w.atDesk("Judith Amsel")
	page := "/s/" + story.ID.String()
	if body := judith.Get(page).Body; !strings.Contains(body, "argument.css") {
		t.Fatal("passages are on, and the page has nothing of them")
	}
	form := judith.Get(at).Form(t, `value="switch"`)
	form.Fields.Del("passages")
	form.Fields.Del("question")
	judith.Follow(judith.Submit(form)).Want(t, http.StatusOK, "The switches are set.")
	for _, trace := range []string{"argument.css", "data-parts", "passage", "question", "embed-passages", "embed-question"} {
		if body := judith.Get(page + "?rev=3").Body; strings.Contains(body, trace) {
			t.Errorf("everything is off, and the page still has %q", trace)
		}
	}
}
