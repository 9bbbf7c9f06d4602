package ask

import (
	"math"
	"net/http"

	"parley"
	"parley/internal/forecast"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/page"
)

type recordView struct {
	page.Frame
	Record  forecast.Record
	Missing int // settled questions, until anything is said
	Rows    []calibrated
	Verdict string
	Band    string // what the reader's advantage may be, in words
	Score   scored
	Answers []answered
	Older   string
	First   bool

	EnoughSettled int
}

// calibrated says how often what the reader said of a step came true.
type calibrated struct {
	Step      string // in the middle of a sentence
	Range     string
	Said      int
	True      int
	Low, High string // what that fits
	Fits      bool   // the interval and the step's range meet
}

// scored is a score with its band, in thousandths of a Brier score: whole numbers, which is as fine as they are.
type scored struct{ Mean, Low, High int }

// answered is a question that the reader has answered.
type answered struct {
	parley.Answer
	Question parley.Question
	Step     string
	Outcome  string // in words; "" = not settled
	Earlier  bool   // the answer was to words that have changed
}

var verdicts = map[forecast.Verdict]string{
	forecast.Better:       "You were closer than the other readers together.",
	forecast.NoDifference: "No difference between you and the other readers together can be shown.",
	forecast.OthersCloser: "The other readers together were closer.",
}

const (
	// listAnswers is the list that cursors of a reader's answers belong to.
	listAnswers = "answers"
	// answersShown is how many of them a page shows.
	answersShown = 50
)

// record tells a reader, and nobody else, how the reader's own answers fared.
func (a *Ask) record(w http.ResponseWriter, r *http.Request, who web.Asker) error {
	from, err := parley.ParseCursor(listAnswers, r.URL.Query().Get("cursor"))
	if err != nil {
		return err
	}
	v := recordView{Frame: a.PrivateFrame("How your answers fared", who), First: from.IsZero(), EnoughSettled: forecast.EnoughSettled}
	v.Styles = []string{argumentStyle}
	if v.First {
		if v.Record, err = a.f.Question.Record(r.Context(), who.Reader); err != nil {
			return err
		}
		a.judge(&v)
	}
	err = a.f.Store.View(r.Context(), func(tx *store.Tx) error {
		found, err := tx.LastAnswersOf(who.Reader.ID, from.ID, answersShown+1)
		if err != nil {
			return err
		}
		if len(found) > answersShown {
			found = found[:answersShown]
			v.Older = a.f.Site.BaseURL + "/account/record?cursor=" + parley.Cursor{ID: found[answersShown-1].ID}.Encode(listAnswers)
		}
		for _, one := range found {
			q, err := tx.Question(who.Viewer(a.f.Site), one.Question)
			if err != nil {
				return err
			}
			row := answered{Answer: one, Question: q, Step: a.f.StepName(one.Step), Earlier: one.Version != q.Words.Version}
			if q.State == parley.QuestionSettled {
				row.Outcome = a.Words().T("settled_" + string(q.Outcome))
			}
			v.Answers = append(v.Answers, row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return a.Show(w, http.StatusOK, "record", v)
}

// judge puts a record into words, as far as it is long enough for them.
func (a *Ask) judge(v *recordView) {
	r := v.Record
	v.Missing = max(0, forecast.FewSettled-r.Settled)
	for _, row := range r.Rows {
		step := parley.Step(row.Step)
		low, high := forecast.Range(row.Step)
		v.Rows = append(v.Rows, calibrated{
			Step: a.within(step), Range: rangeOf(step), Said: row.Said, True: row.True, Low: a.f.Chance(row.Low), High: a.f.Chance(row.High),
			Fits: row.Low <= float64(high)/100 && row.High >= float64(low)/100,
		})
	}
	if v.Verdict = verdicts[r.Verdict]; v.Verdict == "" {
		return
	}
	v.Band = advantage(r.Low) + " to " + advantage(r.High)
	v.Score = scored{thousandths(r.Score), thousandths(r.Low), thousandths(r.High)}
}

func thousandths(d float64) int { return int(math.Round(d * 1000)) }

// advantage puts a difference of Brier scores into words. Among thousands of lay people on many questions, the plain
// mean of their answers and the best way of counting them were 0.02 apart (docs/question.md): that is "somewhat".
func advantage(d float64) string {
	side := "closer"
	if d < 0 {
		side = "further off"
	}
	switch size := math.Abs(d); {
	case size < 0.003:
		return "just as close"
	case size < 0.01:
		return "a little " + side
	case size < 0.03:
		return "somewhat " + side
	case size < 0.06:
		return "clearly " + side
	}
	return "much " + side
}
