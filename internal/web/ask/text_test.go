package ask_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/passages"
	"parley/internal/store"
)

func (w *world) suggestion(by parley.Reader, body string) parley.Correction {
	w.Helper()
	c, err := w.f.Passages.Suggest(w.Context(), by, passages.Suggestion{Story: w.story.ID, Body: body, Source: "The almanac", Thanks: true})
	if err != nil {
		w.Fatal(err)
	}
	return c
}

// TestPassages: in the order of the text, with what became of each, a hundred a page.
func TestPassages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := "/s/" + w.story.ID.String() + "/passages"
		b := w.browser()
		b.Get(s).Want(t, http.StatusOK, "Nobody talks about single passages yet.")
		w.served("The quay is long.", "A ferry is a street that moves.")
		reader := w.crowd(1)[0]
		second, first := w.remark(reader, w.story.ID, "a street that moves", "Does it?"), w.remark(reader, w.story.ID, "quay is long", "Very.")
		w.clock.Advance(time.Minute)
		got := b.Get(s+"?rev=3").Want(t, http.StatusOK, "As they stand in", "?passage="+first.Passage.String(), "1 comment")
		if strings.Index(got.Body, "quay is long") > strings.Index(got.Body, "a street that moves") {
			t.Error("the passages are not in the order of the text")
		}
		w.served("The quay was sold to a buyer from the south.", "A ferry is a street that moves.")
		b.Get(s+"?rev=5").Want(t, http.StatusOK, "this passage has changed since", "quay is long", "?passage="+second.Passage.String())
		b.Get(s+"?page=2").Want(t, http.StatusNotFound)
		b.Get(s+"?page=x").Want(t, http.StatusNotFound)
		w.tx(func(tx *store.Tx) error {
			for i := range 120 {
				p := parley.Passage{ID: tx.NewID(), Site: w.f.Site.ID, Story: w.story.ID, Exact: fmt.Sprintf("Quoted <b> %d.", i), State: parley.PassageQuoted, CreatedAt: tx.Now}
				p, _, err := tx.EnsurePassage(p, fmt.Appendf(nil, "%032d", i))
				if err != nil {
					return err
				}
				c := parley.Comment{ID: tx.NewID(), Site: p.Site, Story: p.Story, Depth: 1, Author: reader.Byline(), State: parley.Published, Body: "x", Passage: p.ID, CreatedAt: tx.Now}
				c.Root = c.ID
				if err := tx.InsertComment(c); err != nil {
					return err
				}
				if _, err := tx.Count(c, "", parley.Published); err != nil {
					return err
				}
			}
			_, err := tx.Raise(w.story.ID)
			return err
		})
		b.Get(s+"?rev=6").Want(t, http.StatusOK, "Quoted &lt;b&gt; 0.", "As quoted by a reader", "!Quoted &lt;b&gt; 119.", "Later passages")
		b.Get(s+"?page=2&rev=6").Want(t, http.StatusOK, "Quoted &lt;b&gt; 119.", "!Quoted &lt;b&gt; 0.", "Earlier passages", "noindex")
	})
}

// TestChanges: words that came and went, with the corrections readers suggested between them.
func TestChanges(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := "/s/" + w.story.ID.String() + "/changes"
		b := w.browser()
		b.Get(s).Want(t, http.StatusOK, "Nothing has changed so far.", "The text itself stands on a page elsewhere")
		long := strings.Repeat("word ", 60)
		w.served(long+"the quay is long "+long, "A ferry is a street.", "The end.")
		w.clock.Advance(time.Hour)
		w.served(long+"the quay is short "+long, "A ferry is a street that moves.")
		b.Get(s+"?rev=3").Want(t, http.StatusOK, "First version", "Version 2", "<del><span class=\"vh\">removed: </span>long<", "<ins><span class=\"vh\">added: </span>short<", "added: </span>street that moves.", "removed: </span>The end.", "… word", "!"+long)
		w.clock.Advance(time.Hour)
		w.correction(w.crowd(1)[0], "It is <i>long</i>.", "The quay is <i>long</i>.")
		got := b.Get(s+"?rev=4").Want(t, http.StatusOK, "Corrected, ", "The quay is &lt;i&gt;long", "!It is &lt;i&gt;long", "!One of many")
		if strings.Index(got.Body, "Corrected, ") > strings.Index(got.Body, "Version 2") {
			t.Error("what happened last does not stand first")
		}
	})
}

// TestSuggestACorrection: kept when it is refused, told what became of it.
func TestSuggestACorrection(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := "/s/" + w.story.ID.String() + "/correct"
		nadia := w.reader("Nadia Orrin", 0)
		about := w.remark(nadia, w.story.ID, "a street that moves", "Does it?").Passage
		if to := w.browser().Get(at+"?passage="+about.String()).Want(t, http.StatusSeeOther).Header.Get("Location"); !strings.Contains(to, "passage%3D"+about.String()) {
			t.Errorf("strangers are sent to %s", to)
		}
		b := w.signedIn("Nadia Orrin")
		form := b.Get(at+"?passage="+about.String()).Want(t, http.StatusOK, "a street that moves", `value="on" checked`).Form(t, `name="source"`)
		b.Submit(form, "body", "It stands still.", "source", "http://plain.example/").Want(t, http.StatusBadRequest, "It stands still.", "http://plain.example/", "a street that moves", "Please name a source", "!value=\"on\" checked")
		b.Follow(b.Submit(form, "body", "It stands still.", "source", "The almanac", "thanks", "on")).Want(t, http.StatusOK, "Thank you.", "It stands still.", "a street that moves", "It waits to be read.")
		var own []parley.Correction
		w.tx(func(tx *store.Tx) (err error) { own, err = tx.CorrectionsBy(nadia.ID, 0, 9); return err })
		if len(own) != 1 || !own[0].Thanks || own[0].Passage != about {
			t.Fatalf("suggested is %+v", own)
		}
		if _, err := w.f.Passages.Decide(t.Context(), w.judith, own[0].ID, false, "It does move."); err != nil {
			t.Fatal(err)
		}
		b.Get(at).Want(t, http.StatusOK, "<b>Declined</b>", "It does move.")
		w.signedIn("Lorenz Haake").Get(at).Want(t, http.StatusOK, "!It stands still.")
		b.Get(at+"?passage=12").Want(t, http.StatusNotFound)
		b.Get("/s/12/correct").Want(t, http.StatusNotFound)
	})
}

// TestAuthor: whoever wrote the story sees the talk and decides; editors see it and decide at the desk; others do
// not see it.
func TestAuthor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := "/s/" + w.story.ID.String() + "/author"
		w.reader("Ilse Marrow", 0)
		nadia := w.reader("Nadia Orrin", 0)
		w.story.AuthorEmail = address("Ilse Marrow")
		w.tx(func(tx *store.Tx) error { _, err := tx.DescribeStory(w.story); return err })
		talk := w.remark(nadia, w.story.ID, "a street that moves", "Does it?")
		one, other := w.suggestion(nadia, "It stands still."), w.suggestion(nadia, "It floats.")

		w.signedIn("Nadia Orrin").Get(at).Want(t, http.StatusForbidden, "for the author of the story and for editors", "!It stands still.")
		w.browser().Get(at).Want(t, http.StatusSeeOther)
		judith := w.signedIn("Judith Amsel")
		judith.Get(at).Want(t, http.StatusOK, "What its author sees", "It stands still.", "/desk/stories/"+w.story.ID.String()+"#corrections", "!Decide</button>")
		judith.Send(at, map[string][]string{"id": {one.ID.String()}, "accept": {"yes"}, "reply": {"x"}}).Want(t, http.StatusForbidden, "by editors at the desk")

		ilse := w.signedIn("Ilse Marrow")
		page := ilse.Get(at).Want(t, http.StatusOK, "For you, who wrote it", "a street that moves", "Does it?", "Nadia Orrin", "/write?parent="+talk.ID.String(), "It stands still.", "It floats.", "!"+address("Ilse Marrow"))
		form := page.Form(t, `value="`+one.ID.String()+`"`)
		ilse.Submit(form, "reply", "It does move.").Want(t, http.StatusBadRequest, "Please say whether the correction is accepted or declined", "It does move.")
		ilse.Submit(form, "accept", "yes", "reply", "").Want(t, http.StatusBadRequest, "Please say what was corrected", `value="yes" checked`)
		ilse.Follow(ilse.Submit(form, "accept", "no", "reply", "It does move.")).Want(t, http.StatusOK, "Declined, and the reader is told why.", "Corrections decided", "It does move.")
		ilse.Submit(form, "accept", "yes", "reply", "Now I see it.").Want(t, http.StatusConflict, "A colleague has already decided", "Now I see it.")
		ilse.Follow(ilse.Submit(ilse.Get(at).Form(t, `value="`+other.ID.String()+`"`), "accept", "yes", "reply", "A ferry floats.")).Want(t, http.StatusOK, "Accepted. It is listed under the story", "None waits.")
		ilse.Get("/s/"+w.story.ID.String()+"/correct").Want(t, http.StatusOK, "You wrote this: see what readers talk about")
	})
}
