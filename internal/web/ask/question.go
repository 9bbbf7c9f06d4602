package ask

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"parley"
	"parley/internal/question"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/page"
)

// asked is a question with what belongs to it, less what readers think of it.
type asked struct {
	parley.Question
	Story      parley.Story
	Heading    string                 // the story's
	Earlier    []parley.QuestionWords // the words before, newest first
	Settlement *parley.Settlement     // the one that stands; nil = none
	Overturned []parley.Settlement    // those that an appeal overturned, newest first
	Milestones []parley.Milestone
	Open       bool // takes answers
}

// Path gives the path of a question's page; page is "" or begins with a slash.
func (q asked) Path(page string) string { return "/q/" + q.ID.String() + page }

// read gives a question that readers are shown, or refuses with CodeNotFound.
func (a *Ask) read(tx *store.Tx, v parley.Viewer, id parley.ID) (q asked, err error) {
	if q.Question, err = tx.Question(v, id); err != nil {
		return q, err
	}
	if q.Story, err = tx.Story(v, q.Question.Story); err != nil {
		return q, err
	}
	if !a.f.Site.HasQuestion(q.Story) {
		return q, parley.Errorf(parley.CodeNotFound, "There is no such question here.")
	}
	q.Heading, q.Open = page.TitleOf(q.Story), q.Takes(tx.Now) == nil
	if q.Words.Version > 1 {
		words, err := tx.Wordings(id)
		if err != nil {
			return q, err
		}
		slices.Reverse(words)
		q.Earlier = slices.DeleteFunc(words, func(w parley.QuestionWords) bool { return w.Version == q.Words.Version })
	}
	if q.Milestones, err = tx.Milestones(id); err != nil {
		return q, err
	}
	settlements, err := tx.Settlements(id)
	for _, s := range slices.Backward(settlements) {
		switch s.State {
		case parley.SettlementConfirmed:
			q.Settlement = &s
		case parley.SettlementOverturned:
			q.Overturned = append(q.Overturned, s)
		}
	}
	return q, err
}

// readAt is read for a request, on its own snapshot.
func (a *Ask) readAt(r *http.Request, who web.Asker) (q asked, err error) {
	id, err := web.PathID(r, "question")
	if err != nil {
		return q, err
	}
	err = a.f.Store.View(r.Context(), func(tx *store.Tx) (err error) {
		q, err = a.read(tx, who.Viewer(a.f.Site), id)
		return err
	})
	return q, err
}

type questionView struct {
	page.Frame
	Q       asked
	Public  bool     // everybody may know what readers think
	Picture *picture // nil = not to be shown
	Reasons []reason
}

// how is what stands for the id of a question in the path of the page on how answers are counted.
const how = "how"

// question shows a question to everybody: its words, how it ended, and what readers thought of it once that
// can lead nobody any more.
func (a *Ask) question(w http.ResponseWriter, r *http.Request) error {
	if r.PathValue("question") == how {
		return a.counting(w, r)
	}
	if web.Canonical(w, r, a.f.Site.BaseURL) {
		return nil
	}
	id, err := web.PathID(r, "question")
	if err != nil {
		return err
	}
	body, err := a.Passing(r.Context(), id, "question", "", func(ctx context.Context) ([]byte, error) {
		v, err := a.questionFor(ctx, id)
		if err != nil {
			return nil, err
		}
		return a.View("question", v)
	})
	if err != nil {
		return err
	}
	web.ServeShared(w, r, body)
	return nil
}

func (a *Ask) questionFor(ctx context.Context, id parley.ID) (questionView, error) {
	nobody := a.f.Nobody()
	var v questionView
	err := a.f.Store.View(ctx, func(tx *store.Tx) (err error) {
		if v.Q, err = a.read(tx, nobody, id); err != nil {
			return err
		}
		if v.Public = question.Public(v.Q.Question, tx.Now); v.Public {
			v.Reasons, err = a.reasons(tx, nobody, v.Q)
		}
		return err
	})
	if err != nil {
		return v, err
	}
	v.Frame = a.Frame(v.Q.Words.Text)
	v.Styles = []string{argumentStyle}
	v.Canonical, v.Description = a.f.Site.BaseURL+v.Q.Path(""), v.Q.Words.Rule
	if v.Public {
		v.Picture, _, err = a.together(ctx, nobody, v.Q)
	}
	return v, err
}

// reason is a comment that came with an answer, with that answer.
type reason struct {
	parley.Comment
	Step    string
	Text    string // its beginning
	Earlier bool   // the answer was to earlier words
}

const (
	// shownReasons is how many reasons a question's page shows: the newest.
	shownReasons = 50
	// reasonLength is how many characters of each: most reasons are shorter.
	reasonLength = 600
)

// reasons gives the newest reasons of a question. The caller makes sure that everybody may know what they wear.
func (a *Ask) reasons(tx *store.Tx, v parley.Viewer, q asked) ([]reason, error) {
	steps, err := tx.ReasonSteps(v, q.Story.ID, shownReasons)
	if err != nil {
		return nil, err
	}
	var all []reason
	for _, id := range slices.Backward(slices.Sorted(maps.Keys(steps))) {
		one := reason{Step: a.f.StepName(steps[id])}
		if one.Comment, err = tx.Comment(v, id); err != nil {
			return nil, err
		}
		if q.Words.Version > 1 {
			answer, err := tx.AnswerOfComment(id)
			if err != nil {
				return nil, err
			}
			one.Earlier = answer.Version != q.Words.Version
		}
		one.Text = beginning(one.Comment, reasonLength)
		all = append(all, one)
	}
	return all, nil
}
