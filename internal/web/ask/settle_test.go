package ask_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/conversation"
	"parley/internal/moderation"
	"parley/internal/question"
	"parley/internal/store"
)

// TestSettledObjectedOverturned: what everybody reads of a settlement, and the way of an objection.
func TestSettledObjectedOverturned(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		q := w.ask(w.story)
		w.answers(q, parley.Unlikely, "", w.crowd(10)...)
		w.reader("Nadia Orrin", 0)
		b := w.signedIn("Nadia Orrin")
		b.Get(path(q, "/appeal")).Want(t, http.StatusOK, "No settlement stands here", "!name=\"body\"")
		w.clock.Advance(time.Hour)
		settlement := w.settle(q, parley.OutcomeNo)
		w.fresh(path(q, ""), "Settled: no.").Want(t, http.StatusOK, "Settled: no.", "Judith Amsel proposed it", "Lorenz Haake", `href="https://timetable.example/june"`, "It runs.", "At the end, 10 readers", `<svg class="picture"`, "object to how this was settled")

		form := b.Get(path(q, "/appeal")).Want(t, http.StatusOK, "By the timetable of 1 June.").Form(t, `name="body"`)
		b.Submit(form, "body", strings.Repeat("long ", 300)).Want(t, http.StatusBadRequest, "An appeal has at most", "long long long")
		b.Follow(b.Submit(form, "body", "It ran until noon.")).Want(t, http.StatusOK, "Thank you.", "Your objection waits", "It ran until noon.", "!name=\"body\"")
		b.Submit(form, "body", "Once more.").Want(t, http.StatusConflict, "You have objected to this settlement already")
		w.signedIn("Lorenz Haake").Get(path(q, "/appeal")).Want(t, http.StatusOK, "!It ran until noon.")

		var appeals []parley.SettlementAppeal
		w.tx(func(tx *store.Tx) (err error) { appeals, err = tx.Appeals(settlement.ID); return err })
		third := w.reader("Third Editor", parley.RoleEditor)
		if _, err := w.f.Question.DecideAppeal(t.Context(), third, appeals[0].ID, true, "It did run."); err != nil {
			t.Fatal(err)
		}
		b.Get(path(q, "/appeal")).Want(t, http.StatusOK, "Your objection was granted", "It did run.")
		w.fresh(path(q, ""), "overturned").Want(t, http.StatusOK, "An earlier settlement was overturned on appeal", "The newsroom has still to settle", "!It ran until noon.", "!It did run.")
	})
}

// TestFollowing a question, and finding it among what one follows.
func TestFollowing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		q := w.ask(w.story)
		w.reader("Nadia Orrin", 0)
		b := w.signedIn("Nadia Orrin")
		form := b.Get(path(q, "/follow")).Want(t, http.StatusOK, "Follow this question").Form(t, `value="follow"`)
		b.Submit(form, "do", "nothing").Want(t, http.StatusBadRequest)
		form = b.Follow(b.Submit(form, "do", "follow")).Want(t, http.StatusOK, "You follow this question now.").Form(t, `value="unfollow"`)
		b.Get("/account").Want(t, http.StatusOK, "Questions you follow", "Will the ferry still run in June?", "/account/record")
		b.Follow(b.Submit(b.Get("/account").Form(t, `value="unfollow-question"`), "do", "unfollow-question")).Want(t, http.StatusOK, "You follow no questions.")
		b.Follow(b.Submit(form, "do", "unfollow")).Want(t, http.StatusOK, "You no longer follow this question.")
	})
}

// TestNotices: every kind says what happened and leads to a page that is there.
func TestNotices(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		q := w.ask(w.story)
		nadia := w.reader("Nadia Orrin", 0)
		w.story.AuthorEmail = address("Nadia Orrin")
		w.tx(func(tx *store.Tx) error { _, err := tx.DescribeStory(w.story); return err })
		w.correction(nadia, "It is long.", "The quay is long.")
		w.suggestion(w.lorenz, "It is short.")
		w.clock.Advance(time.Minute)
		settlement := w.settle(q, parley.OutcomeVoid)
		w.tx(func(tx *store.Tx) (err error) {
			sequel := parley.Sequel{ID: tx.NewID(), Site: w.f.Site.ID, Story: w.story.ID, Note: "The quay was closed.", Day: tx.Now, Editor: w.judith.ID, At: tx.Now}
			if err := tx.InsertSequel(sequel); err != nil {
				return err
			}
			mine, err := tx.CorrectionsBy(nadia.ID, 0, 9)
			if err != nil {
				return err
			}
			theirs, err := tx.CorrectionsBy(w.lorenz.ID, 0, 9)
			if err != nil {
				return err
			}
			for kind, subject := range map[parley.NoticeKind]parley.ID{
				parley.NoticeSettled: settlement.ID, parley.NoticeSequel: sequel.ID, parley.NoticeCorrection: mine[0].ID, parley.NoticeSuggestion: theirs[0].ID,
			} {
				if _, err := tx.AddNotice(parley.Notice{ID: tx.NewID(), Reader: nadia.ID, Kind: kind, Subject: subject, Story: w.story.ID, Count: 1, At: tx.Now}); err != nil {
					return err
				}
			}
			return nil
		})
		b := w.signedIn("Nadia Orrin")
		s := "/s/" + w.story.ID.String()
		b.Get("/notices").Want(t, http.StatusOK, `class="unseen"`,
			"<b>Void.</b>", "It runs.", w.base+path(q, "")+`"`,
			"<b>Since then</b>", "The quay was closed.", w.base+s+`"`,
			"<b>Your correction was accepted</b> in", "<p>The quay is long.</p>", w.base+s+`/correct"`,
			"<b>Lorenz Haake</b> suggests a correction to", "It is short.", w.base+s+`/author"`, "!/c/0")
		for _, at := range []string{path(q, ""), s, s + "/correct", s + "/author"} {
			b.Get(at).Want(t, http.StatusOK)
		}
		b.Follow(b.Submit(b.Get("/notices").Form(t, "Mark all as seen"))).Want(t, http.StatusOK, "<b>Void.</b>", `!class="unseen"`)
	})
}

// TestRecord: nothing, too few, calibration with a verdict; and nobody else's.
func TestRecord(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.reader("Tobias Renn", 0)
		nadia, crowd := w.reader("Nadia Orrin", 0), w.crowd(10)
		b := w.signedIn("Nadia Orrin")
		b.Get("/account/record").Want(t, http.StatusOK, "Nothing to say yet", "None of the questions you have answered has been settled.", "5 more are missing", "You have not answered any question yet.", "Nobody but you sees this page")
		w.past(0, 3, nadia, crowd)
		b.Get("/account/record").Want(t, http.StatusOK, "3 of the questions you have answered have been settled.", "2 more are missing", "Question 2?", "Settled: yes.")
		w.past(3, 7, nadia, crowd)
		b.Get("/account/record").Want(t, http.StatusOK, "Too few to tell", "7 of the questions", "!You said")
		w.past(7, 60, nadia, crowd)
		got := b.Get("/account/record").Want(t, http.StatusOK, "You were closer than the other readers together.", "Over 60 questions",
			`You said <b class="step">almost certain</b> of 60 questions; 60 came true.`, "to more than 19 in 20", "about 95\u00a0% to below 100\u00a0%", "closer: so wide", "Older answers")
		for _, number := range []string{"0.0", "0.9", "NaN", "Inf"} {
			if strings.Contains(strings.ReplaceAll(got.Body, w.base, ""), number) {
				t.Errorf("the record says %q", number)
			}
		}
		older := got.Body[strings.LastIndex(got.Body, "/account/record?cursor="):]
		older, _, _ = strings.Cut(older, `"`)
		b.Get(older).Want(t, http.StatusOK, "Question 0?", "!Question 59?", "!You were closer")
		b.Get("/account/record?cursor=nonsense").Want(t, http.StatusBadRequest)
		w.signedIn("Tobias Renn").Get("/account/record").Want(t, http.StatusOK, "Nothing to say yet", "!Question 1?")
		w.browser().Get("/account/record").Want(t, http.StatusSeeOther)
	})
}

// past brings in questions that ended with yes, of which a reader was almost certain and everybody else thought them
// a realistic possibility.
func (w *world) past(from, to int, reader parley.Reader, crowd []parley.Reader) {
	w.Helper()
	begin := w.clock.Now().Add(-100 * 24 * time.Hour)
	var all []question.Past
	for i := from; i < to; i++ {
		name := fmt.Sprintf("Question %d?", i)
		at := begin.Add(time.Duration(i) * 24 * time.Hour)
		p := question.Past{Source: "test", SourceID: name, Story: w.newStory(name).ID, Words: parley.QuestionWords{Text: name, Rule: "By looking.", Judge: "The desk.", Closes: at.Add(20 * time.Hour), Editor: w.judith.ID, At: at}}
		for j, r := range crowd {
			p.Answers = append(p.Answers, parley.Answer{Reader: r.ID, Step: parley.RealisticPossibility, At: at.Add(time.Duration(j) * time.Minute)})
		}
		p.Answers = append(p.Answers, parley.Answer{Reader: reader.ID, Step: parley.AlmostCertain, At: at.Add(time.Hour)})
		p.Settled = &question.PastSettlement{
			Proposal: question.Proposal{Outcome: parley.OutcomeYes, Source: "By looking.", HappenedAt: at.Add(20 * time.Hour)},
			By:       w.judith.ID, With: w.lorenz.ID, At: at.Add(21 * time.Hour), ConfirmedAt: at.Add(22 * time.Hour),
		}
		all = append(all, p)
	}
	if _, err := w.f.Question.Import(w.Context(), all); err != nil {
		w.Fatal(err)
	}
}

// TestAHeldReason waits, and its writer is told so.
func TestAHeldReason(t *testing.T) {
	w := newWorld(t)
	w.f.Site.HoldUnconfirmed = true
	talk := conversation.New(w.f.Store, w.f.Site, moderation.Screen{}, nil)
	w.f.Question = question.New(w.f.Store, w.f.Site, talk, nil)
	q := w.ask(w.story)
	b := w.browser()
	register := b.Get("/account/register").Form(t, "new-password")
	b.Submit(register, "name", "Nadia Orrin", "email", address("Nadia Orrin"), "password", password).Want(t, http.StatusOK)
	form := b.Get(path(q, "/answer")).Want(t, http.StatusOK, "It appears once you have confirmed your address.").Form(t, `name="step"`)
	b.Follow(b.Submit(form, "step", "likely", "body", "The keel is old.", "do", "answer")).Want(t, http.StatusOK, "The keel is old.", "It waits to be published")
}
