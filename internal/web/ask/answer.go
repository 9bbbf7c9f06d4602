package ask

import (
	"context"
	"html/template"
	"net/http"
	"net/url"

	"parley"
	"parley/internal/question"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/page"
)

type answerView struct {
	page.Frame
	draft
	Q         asked
	Own       []own // oldest first
	Steps     []choice
	Yardstick []step
	Passages  []parley.Passage // what a reason may depend on
	Preview   template.HTML
	Problem   *page.Problem
	Old       string // the words that the reader had read, when they have changed meanwhile
	Done      string
	Picture   *picture
	Reasons   []reason
	Missing   int  // how many readers must still answer before there is a picture
	Waits     bool // reasons of this reader wait for the address to be confirmed
	Worded    bool // the reader is an editor who worded the question
	Follows   bool
	MaxBody   int
}

// own is one of the reader's own answers.
type own struct {
	parley.Answer
	Name   string
	Old    string         // the words it answered, when they are not the present ones
	Reason parley.Comment // zero when none was given
	Text   string         // its beginning
}

// choice is a step to choose.
type choice struct {
	step
	Chosen bool
}

var answerDone = map[string]string{
	"answered": "Your answer is saved, with today’s date.",
	"again":    "That is what you had answered already. Nothing was added.",
}

// answering shows a reader's own answers and the form for another. Strangers can fill it in and register on the
// way.
func (a *Ask) answering(w http.ResponseWriter, r *http.Request, who web.Asker) error {
	q, err := a.readAt(r, who)
	if err != nil {
		return err
	}
	return a.showAnswering(w, r, http.StatusOK, who, q, draftOf(nil, r.URL.Query()), func(v *answerView) {
		v.Done = answerDone[r.URL.Query().Get("done")]
	})
}

// showAnswering shows the page with a draft on the form, which becomes one for the present words.
func (a *Ask) showAnswering(w http.ResponseWriter, r *http.Request, status int, who web.Asker, q asked, d draft, fill func(*answerView)) error {
	v := answerView{
		Frame: a.PrivateFrame("Answer: "+q.Words.Text, who), draft: d.with(q.Words.Version), Q: q, Yardstick: a.yardstick(),
		Waits: a.f.Site.HoldUnconfirmed && !who.Reader.Confirmed(), MaxBody: parley.MaxBody, Worded: worded(q, who.Reader),
	}
	v.Styles = []string{argumentStyle}
	for _, e := range q.Earlier {
		if e.Version == d.Version {
			v.Old = e.Text
		}
	}
	for _, s := range v.Yardstick {
		v.Steps = append(v.Steps, choice{s, s.Value == d.Step})
	}
	err := a.f.Store.View(r.Context(), func(tx *store.Tx) (err error) {
		v.Passages, err = a.dependable(tx, who, q, d.Passage)
		return err
	})
	if err == nil && who.Reader.ID != 0 {
		err = a.addOwn(r.Context(), &v, who)
	}
	if err != nil {
		return err
	}
	fill(&v)
	return a.Show(w, status, "answer", v)
}

// worded tells whether a reader is an editor who worded the question, at any time.
func worded(q asked, r parley.Reader) bool {
	mine := r.ID != 0 && (q.AskedBy == r.ID || q.Words.Editor == r.ID)
	for _, w := range q.Earlier {
		mine = mine || r.ID != 0 && w.Editor == r.ID
	}
	return mine
}

// addOwn fills in what the reader has answered, and what readers think together as far as this one may know.
func (a *Ask) addOwn(ctx context.Context, v *answerView, who web.Asker) error {
	viewer := who.Viewer(a.f.Site)
	mine, err := a.f.Question.Mine(ctx, who.Reader, v.Q.ID)
	if err != nil {
		return err
	}
	v.Follows = mine.Follows
	for _, one := range mine.Answers {
		v.Own = append(v.Own, own{Answer: one, Name: a.f.StepName(one.Step)})
	}
	err = a.f.Store.View(ctx, func(tx *store.Tx) error {
		for i := range v.Own {
			if err := v.Own[i].complete(tx, viewer, v.Q); err != nil {
				return err
			}
		}
		if len(v.Own) > 0 || !v.Q.Open {
			v.Reasons, err = a.reasons(tx, viewer, v.Q)
		}
		return err
	})
	if err != nil {
		return err
	}
	v.Picture, v.Missing, err = a.together(ctx, viewer, v.Q)
	return err
}

// complete adds the words that were answered and the reason. One that is gone is left out.
func (o *own) complete(tx *store.Tx, v parley.Viewer, q asked) (err error) {
	for _, e := range q.Earlier {
		if e.Version == o.Version {
			o.Old = e.Text
		}
	}
	if o.Comment == 0 {
		return nil
	}
	if o.Reason, err = tx.Comment(v, o.Comment); parley.CodeOf(err) == parley.CodeNotFound {
		return nil
	}
	o.Text = beginning(o.Reason, reasonLength)
	return err
}

// answer saves an answer, previews its reason, or takes both along to where the reader registers or signs in.
func (a *Ask) answer(w http.ResponseWriter, r *http.Request, who web.Asker, in url.Values) error {
	q, err := a.readAt(r, who)
	if err != nil {
		return err
	}
	d := draftOf(in, r.URL.Query())
	if in.Get("do") == "preview" {
		return a.preview(w, r, who, q, d)
	}
	answered, err := a.give(r, who, q, d)
	if err != nil {
		return a.refuseAnswer(w, r, who, q, d, err)
	}
	if who.Reader.ID == 0 {
		return a.carry(w, q, d, in.Get("do"))
	}
	done := "answered"
	if answered.Again {
		done = "again"
	}
	return a.SeeOther(w, r, q.Path("/answer")+"?done="+done+"#yours")
}

// give saves the answer of a reader. What a stranger brings is looked at as far as it can be.
func (a *Ask) give(r *http.Request, who web.Asker, q asked, d draft) (question.Answered, error) {
	step, err := parley.ParseStep(d.Step)
	if err != nil {
		return question.Answered{}, err
	}
	if err := q.Takes(a.f.Store.Now()); err != nil {
		return question.Answered{}, err
	}
	if who.Reader.ID == 0 {
		if d.Version != q.Words.Version {
			err = parley.Errorf(parley.CodeQuestionMoved, "The words of this question have changed. Please read them again, and answer them.").On("version")
		}
		return question.Answered{}, err
	}
	room, pace := web.RoomForMarks, web.PaceMark
	if d.Body != "" {
		room, pace = web.RoomForComments, web.PaceComment
	}
	if err := a.f.Room(room); err != nil {
		return question.Answered{}, err
	}
	if err := a.f.AllowReader(r, pace); err != nil {
		return question.Answered{}, err
	}
	return a.f.Question.Answer(r.Context(), who.Reader, question.Draft{
		Question: q.ID, Version: d.Version, Step: step, Reason: d.Body, Passage: parley.Passage{ID: d.Passage}, Key: d.Key,
	})
}

func (a *Ask) preview(w http.ResponseWriter, r *http.Request, who web.Asker, q asked, d draft) error {
	html, err := "", a.f.AllowReader(r, web.PacePreview)
	if err == nil {
		html, err = a.f.Conversation.Preview(r.Context(), d.Body)
	}
	if err != nil {
		return a.refuseAnswer(w, r, who, q, d, err)
	}
	return a.showAnswering(w, r, http.StatusOK, who, q, d, func(v *answerView) { v.Preview = template.HTML(html) })
}

// refuseAnswer shows the form again with everything on it. Words that have changed meanwhile stand there anew.
func (a *Ask) refuseAnswer(w http.ResponseWriter, r *http.Request, who web.Asker, q asked, d draft, err error) error {
	problem, status, err := page.Refused(w, r, err)
	if err != nil {
		return err
	}
	switch problem.Code {
	case parley.CodeKeyReused:
		d.Key = "" // the earlier words were posted: these are another comment
		problem.Sentence = "You have sent an earlier form of this reason. Press the button again to send these words as well."
	case parley.CodeQuestionMoved, parley.CodeQuestionClosed:
		if q, err = a.readAt(r, who); err != nil {
			return err
		}
	}
	return a.showAnswering(w, r, status, who, q, d, func(v *answerView) { v.Problem = problem })
}
