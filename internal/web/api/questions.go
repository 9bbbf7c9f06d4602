package api

import (
	"encoding/json"
	"net/http"
	"time"

	"parley"
	"parley/internal/forecast"
	"parley/internal/store"
	"parley/internal/web"
)

type questionShape struct {
	ID    parley.ID            `json:"id"`
	Story parley.ID            `json:"story"`
	State parley.QuestionState `json:"state"`
	wordsShape
	OpenedAt   parley.Time      `json:"opened_at"`
	ClosedAt   parley.Time      `json:"closed_at"`
	Readers    int              `json:"readers"`
	Outcome    *parley.Outcome  `json:"outcome"`
	Settlement *settlementShape `json:"settlement"` // the one that stands
	Milestones []milestoneShape `json:"milestones"`
	Earlier    []wordsShape     `json:"earlier"` // words before these, oldest first
	Steps      []stepShape      `json:"steps"`
}

// wordsShape is one version of a question's words.
type wordsShape struct {
	Version  int         `json:"version"`
	Text     string      `json:"text"`
	Rule     string      `json:"rule"`
	Judge    string      `json:"judge"`
	ClosesAt parley.Time `json:"closes_at"`
	Void     string      `json:"void"`
	Office   string      `json:"office"`
	At       parley.Time `json:"at"`
}

func shapeWords(w parley.QuestionWords) wordsShape {
	return wordsShape{Version: w.Version, Text: w.Text, Rule: w.Rule, Judge: w.Judge, ClosesAt: w.Closes, Void: w.Void, Office: w.Office, At: w.At}
}

type stepShape struct {
	Step string `json:"step"`
	Name string `json:"name"`
	From int    `json:"from"` // per cent
	To   int    `json:"to"`
}

func (a *API) shapeStep(s parley.Step) stepShape {
	from, to := forecast.Range(int(s))
	return stepShape{Step: s.String(), Name: a.f.StepName(s), From: from, To: to}
}

type milestoneShape struct {
	ID   parley.ID   `json:"id"`
	Day  parley.Time `json:"day"`
	Text string      `json:"text"`
	URL  string      `json:"url"`
}

func shapeMilestone(m parley.Milestone) milestoneShape {
	return milestoneShape{ID: m.ID, Day: m.Day, Text: m.Text, URL: m.URL}
}

// shapeQuestion reads what belongs to a question and shapes it. A question whose day has come takes no answers,
// whether or not an editor has ended them.
func (a *API) shapeQuestion(tx *store.Tx, q parley.Question) (questionShape, error) {
	s := questionShape{
		ID: q.ID, Story: q.Story, State: q.State, wordsShape: shapeWords(q.Words), OpenedAt: q.OpenedAt, ClosedAt: q.ClosedAt, Readers: q.Readers,
		Earlier: []wordsShape{}, Steps: shapeAll(parley.Steps(), a.shapeStep),
	}
	if s.State == parley.QuestionOpen && q.Takes(tx.Now) != nil {
		s.State, s.ClosedAt = parley.QuestionClosed, q.Words.Closes
	}
	marks, err := tx.Milestones(q.ID)
	if err != nil {
		return s, err
	}
	s.Milestones = shapeAll(marks, shapeMilestone)
	if q.Words.Version > 1 {
		all, err := tx.Wordings(q.ID)
		if err != nil {
			return s, err
		}
		s.Earlier = shapeAll(all[:len(all)-1], shapeWords)
	}
	if q.State != parley.QuestionSettled {
		return s, nil
	}
	s.Outcome = &q.Outcome
	all, err := tx.Settlements(q.ID)
	for _, one := range all {
		if one.State == parley.SettlementConfirmed {
			shape := shapeSettlement(one)
			s.Settlement = &shape
		}
	}
	return s, err
}

// asked gives a question that readers are shown.
func (a *API) asked(tx *store.Tx, v parley.Viewer, id parley.ID) (parley.Question, error) {
	q, err := tx.Question(v, id)
	if err != nil {
		return q, err
	}
	story, err := tx.Story(v, q.Story)
	if err == nil && !a.f.Site.HasQuestion(story) {
		err = parley.Errorf(parley.CodeNotFound, "There is no such question here.")
	}
	return q, err
}

func (a *API) question(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	if err := asks(r, "rev"); err != nil {
		return err
	}
	return a.read(w, r, func(tx *store.Tx, v parley.Viewer) (any, error) {
		q, err := a.asked(tx, v, id)
		if err != nil {
			return nil, err
		}
		return a.shapeQuestion(tx, q)
	})
}

func (a *API) questionOf(w http.ResponseWriter, r *http.Request) error {
	return a.readStory(w, r, func(tx *store.Tx, v parley.Viewer, story parley.Story) (any, error) {
		q, err := a.asked(tx, v, story.Question)
		if err != nil {
			return nil, err
		}
		return a.shapeQuestion(tx, q)
	})
}

// wordsIn are the words of a question in a request.
type wordsIn struct {
	Text     string `json:"text"`
	Rule     string `json:"rule"`
	Judge    string `json:"judge"`
	ClosesAt timeIn `json:"closes_at"`
	Void     string `json:"void"`
	Office   string `json:"office"`
}

func (in wordsIn) words() parley.QuestionWords {
	return parley.QuestionWords{Text: in.Text, Rule: in.Rule, Judge: in.Judge, Closes: parley.Time(in.ClosesAt), Void: in.Void, Office: in.Office}
}

// timeIn is a moment in a request: RFC 3339, or null for none.
type timeIn parley.Time

// UnmarshalJSON refuses with CodeBadDay.
func (t *timeIn) UnmarshalJSON(text []byte) error {
	*t = 0
	if string(text) == "null" {
		return nil
	}
	refuse := parley.Errorf(parley.CodeBadDay, "Write a moment by RFC 3339, such as 2026-11-23T09:00:00Z.")
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return refuse.Because(err)
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil || at.Year() < 1 || at.UnixMilli() == 0 { // the millisecond of 1970 means "never" here
		return refuse
	}
	*t = timeIn(parley.TimeOf(at))
	return nil
}

func (a *API) ask(w http.ResponseWriter, r *http.Request) error {
	editor, id, err := a.staff(r)
	if err != nil {
		return err
	}
	var in wordsIn
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	q, err := a.f.Question.Ask(r.Context(), editor, id, in.words())
	if err != nil {
		return err
	}
	return a.tellQuestion(w, r, http.StatusCreated, q.ID)
}

// tellQuestion answers an editor with a question as it stands now.
func (a *API) tellQuestion(w http.ResponseWriter, r *http.Request, status int, id parley.ID) error {
	var shape questionShape
	err := a.f.Store.View(r.Context(), func(tx *store.Tx) error {
		q, err := tx.Question(a.f.Nobody(), id)
		if err == nil {
			shape, err = a.shapeQuestion(tx, q)
		}
		return err
	})
	if err != nil {
		return err
	}
	return web.WriteJSON(w, status, shape)
}

// reword gives a question new words; what is left out of them stays.
func (a *API) reword(w http.ResponseWriter, r *http.Request) error {
	editor, id, err := a.staff(r)
	if err != nil {
		return err
	}
	var in struct {
		Version int `json:"version"`
		wordsIn
	}
	err = a.f.Store.Read(r.Context(), func(tx *store.Tx) error {
		q, err := tx.Question(a.f.Nobody(), id)
		now := q.Words
		in.wordsIn = wordsIn{Text: now.Text, Rule: now.Rule, Judge: now.Judge, ClosesAt: timeIn(now.Closes), Void: now.Void, Office: now.Office}
		return err
	})
	if err != nil {
		return err
	}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	if _, err := a.f.Question.Reword(r.Context(), editor, id, in.Version, in.words()); err != nil {
		return err
	}
	return a.tellQuestion(w, r, http.StatusOK, id)
}

func (a *API) closeQuestion(w http.ResponseWriter, r *http.Request) error {
	editor, id, err := a.staff(r)
	if err != nil {
		return err
	}
	var in struct{}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	if err := a.f.Question.Close(r.Context(), editor, id); err != nil {
		return err
	}
	return a.tellQuestion(w, r, http.StatusOK, id)
}

func (a *API) addMilestone(w http.ResponseWriter, r *http.Request) error {
	editor, id, err := a.staff(r)
	if err != nil {
		return err
	}
	var in struct {
		Day  timeIn `json:"day"`
		Text string `json:"text"`
		URL  string `json:"url"`
	}
	if err := web.Decode(w, r, &in); err != nil {
		return err
	}
	m, err := a.f.Question.AddMilestone(r.Context(), editor, id, parley.Time(in.Day), in.Text, in.URL)
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusCreated, shapeMilestone(m))
}

func (a *API) endMilestone(w http.ResponseWriter, r *http.Request) error {
	editor, id, err := a.staff(r)
	if err != nil {
		return err
	}
	if err := a.f.Question.EndMilestone(r.Context(), editor, id); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
