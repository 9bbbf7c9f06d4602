package api

import (
	"net/http"
	"strings"

	"parley"
	"parley/internal/forecast"
	"parley/internal/question"
	"parley/internal/store"
	"parley/internal/web"
)

type answerShape struct {
	ID      parley.ID   `json:"id"`
	Version int         `json:"version"`
	Step    string      `json:"step"`
	Comment parley.ID   `json:"comment"` // the reason
	At      parley.Time `json:"at"`
}

func shapeAnswer(a parley.Answer) answerShape {
	return answerShape{ID: a.ID, Version: a.Version, Step: a.Step.String(), Comment: a.Comment, At: a.At}
}

// answer takes what a reader thinks: 201 when it was added, 200 when it stood already.
func (a *API) answer(w http.ResponseWriter, r *http.Request) error {
	who, id, err := a.readerAnd(r)
	if err != nil {
		return err
	}
	var in struct {
		Version int       `json:"version"`
		Step    string    `json:"step"`
		Reason  string    `json:"reason"`
		Passage passageIn `json:"passage"`
	}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	pace := web.PaceMark
	if in.Reason != "" {
		pace = web.PaceComment
	}
	if err := a.f.AllowReader(r, pace); err != nil {
		return err
	}
	step, err := parley.ParseStep(in.Step)
	if err != nil {
		return err
	}
	if strings.TrimSpace(in.Reason) == "" && in.Passage != (passageIn{}) {
		return parley.Errorf(parley.CodeBodyEmpty, "Please say why: a passage belongs to a reason.").On("reason")
	}
	done, err := a.f.Question.Answer(r.Context(), who.Reader, question.Draft{
		Question: id, Version: in.Version, Step: step, Reason: in.Reason, Passage: parley.Passage(in.Passage), Key: r.Header.Get("Idempotency-Key"),
	})
	if err != nil {
		return err
	}
	return a.answered(w, who, done)
}

func (a *API) answered(w http.ResponseWriter, who web.Asker, done question.Answered) error {
	out := struct {
		Answer   answerShape   `json:"answer"`
		Comment  *commentShape `json:"comment"`
		HTML     string        `json:"html"`
		Revision int64         `json:"revision"` // 0 when no reason was posted
	}{Answer: shapeAnswer(done.Answer), Revision: done.Revision}
	if c := done.Comment; c.ID != 0 {
		shape := shapeComment(who.Viewer(a.f.Site), c)
		html, err := a.item(who.Reader, parley.Story{ID: c.Story, Revision: done.Revision}, c)
		if err != nil {
			return err
		}
		out.Comment, out.HTML = &shape, html
	}
	status := http.StatusCreated
	if done.Again {
		status = http.StatusOK
	}
	return web.WriteJSON(w, status, out)
}

// answers lists the reader's own answers, oldest first: there are at most parley.MaxAnswers.
func (a *API) answers(w http.ResponseWriter, r *http.Request) error {
	who, id, err := a.readerAnd(r)
	if err != nil {
		return err
	}
	if _, err := web.Query(r); err != nil {
		return err
	}
	if err := a.f.AllowReader(r, web.PaceRead); err != nil {
		return err
	}
	var mine []parley.Answer
	err = a.f.Store.View(r.Context(), func(tx *store.Tx) error {
		q, err := a.asked(tx, who.Viewer(a.f.Site), id)
		if err == nil {
			mine, err = tx.AnswersOf(who.Reader.ID, q.ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, page(shapeAll(mine, shapeAnswer), ""))
}

type pointShape struct {
	At      parley.Time         `json:"at"`
	Readers int                 `json:"readers"`
	Counts  [forecast.Steps]int `json:"counts"` // readers whose answer was each step, from the least likely
	Step    string              `json:"step"`
	Words   string              `json:"words"`
}

func (a *API) shapePoint(p forecast.Point) pointShape {
	return pointShape{At: parley.Time(p.At), Readers: p.N, Counts: p.Counts, Step: parley.Step(forecast.StepOf(p.P)).String(), Words: a.f.Chance(p.P)}
}

// together is never kept by a cache, not even once everybody may see it: who asks decides what it says.
func (a *API) together(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	if _, err := web.Query(r); err != nil {
		return err
	}
	who, err := a.f.Who(r)
	if err != nil {
		return err
	}
	if err := a.f.AllowReader(r, web.PaceRead); err != nil {
		return err
	}
	v := who.Viewer(a.f.Site)
	if err := a.f.Store.View(r.Context(), func(tx *store.Tx) error { _, err := a.asked(tx, v, id); return err }); err != nil {
		return err
	}
	p, err := a.f.Question.Together(r.Context(), v, id)
	if err != nil {
		return err
	}
	now := a.shapePoint(p.Now)
	return web.WriteJSON(w, http.StatusOK, map[string]any{
		"question": p.Question.ID, "version": p.Question.Words.Version, "words": now.Words, "step": now.Step, "readers": p.Readers,
		"points": shapeAll(p.Points, a.shapePoint), "milestones": shapeAll(p.Milestones, shapeMilestone),
		"opened_at": p.Question.Words.At, "closed_at": p.Closed, "svg": a.f.Drawn(p).SVG(),
	})
}

// mineShape is a reader's own part in the story's question.
type mineShape struct {
	ID       parley.ID            `json:"id"`
	Version  int                  `json:"version"` // of the words as they are now
	Answered bool                 `json:"answered"`
	Step     *string              `json:"step"` // the answer to these words; null = none yet
	Follows  bool                 `json:"follows"`
	Public   bool                 `json:"public"` // everybody may see what readers think together
	Reasons  map[parley.ID]string `json:"reasons"`
}

// maxReasons is how many reasons wear their answers on one page: more than anybody has scrolled to.
const maxReasons = 500

// mine reads a viewer's own part in the story's question; nil when the story shows none. What reasons wear is told
// to those who have answered, and to everybody once answers have ended.
func (a *API) mine(tx *store.Tx, v parley.Viewer, story parley.Story) (*mineShape, error) {
	if !a.f.Site.HasQuestion(story) {
		return nil, nil
	}
	q, err := tx.Question(v, story.Question)
	if err != nil {
		return nil, err
	}
	m := &mineShape{ID: q.ID, Version: q.Words.Version, Public: question.Public(q, tx.Now), Reasons: map[parley.ID]string{}}
	if v.Reader != 0 {
		answers, err := tx.AnswersOf(v.Reader, q.ID)
		if err != nil {
			return nil, err
		}
		m.Answered = len(answers) > 0
		if m.Answered && answers[len(answers)-1].Version == q.Words.Version {
			step := answers[len(answers)-1].Step.String()
			m.Step = &step
		}
		if m.Follows, err = tx.Follows(v.Reader, parley.FollowQuestion, q.ID); err != nil {
			return nil, err
		}
	}
	if !m.Answered && !m.Public {
		return m, nil
	}
	steps, err := tx.ReasonSteps(v, story.ID, maxReasons)
	for comment, step := range steps {
		m.Reasons[comment] = step.String()
	}
	return m, err
}
