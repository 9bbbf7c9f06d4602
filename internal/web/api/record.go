package api

import (
	"net/http"

	"parley"
	"parley/internal/forecast"
	"parley/internal/web"
)

// recordShape is how a reader's own answers fared. Figures stay null until the record is long enough for them to
// mean anything.
type recordShape struct {
	Settled  int        `json:"settled"`
	Compared int        `json:"compared"`
	Few      int        `json:"few"`    // settled questions from which on anything is said
	Enough   int        `json:"enough"` // from which on there are figures
	Verdict  string     `json:"verdict"`
	Score    *float64   `json:"score"` // difference of Brier scores: above 0 the reader was closer
	Low      *float64   `json:"low"`   // the 80 % band
	High     *float64   `json:"high"`
	Rows     []rowShape `json:"rows"`
}

type rowShape struct {
	stepShape
	Said int    `json:"said"` // of so many questions
	True int    `json:"true"` // of which so many came true
	Low  string `json:"low"`  // the 80 % interval as natural frequencies
	High string `json:"high"`
}

func (a *API) shapeRecord(r forecast.Record) recordShape {
	s := recordShape{Settled: r.Settled, Compared: r.Compared, Few: forecast.FewSettled, Enough: forecast.EnoughSettled, Verdict: r.Verdict.String()}
	if r.Compared >= forecast.EnoughSettled {
		s.Score, s.Low, s.High = &r.Score, &r.Low, &r.High
	}
	s.Rows = shapeAll(r.Rows, func(row forecast.Row) rowShape {
		return rowShape{stepShape: a.shapeStep(parley.Step(row.Step)), Said: row.Said, True: row.True, Low: a.f.Chance(row.Low), High: a.f.Chance(row.High)}
	})
	return s
}

// record is for the reader alone: there is no way to ask for another's.
func (a *API) record(w http.ResponseWriter, r *http.Request) error {
	who, err := a.f.Reader(r)
	if err != nil {
		return err
	}
	if _, err := web.Query(r); err != nil {
		return err
	}
	if err := a.f.AllowReader(r, web.PaceRead); err != nil {
		return err
	}
	record, err := a.f.Question.Record(r.Context(), who.Reader)
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, a.shapeRecord(record))
}
