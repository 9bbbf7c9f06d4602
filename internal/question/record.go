package question

import (
	"context"
	"slices"

	"parley"
	"parley/internal/forecast"
	"parley/internal/store"
)

// Record tells a reader, and nobody else, how the reader's own answers fared. See docs/question.md.
func (s *Service) Record(ctx context.Context, reader parley.Reader) (forecast.Record, error) {
	var histories []forecast.History
	err := s.store.View(ctx, func(tx *store.Tx) error {
		histories = histories[:0]
		return tx.HistoryOf(reader.ID, func(h store.QuestionHistory) error {
			histories = append(histories, history(h, reader))
			return nil
		})
	})
	if err != nil {
		return forecast.Record{}, err
	}
	return forecast.RecordOf(histories), nil
}

var outcomes = map[parley.Outcome]forecast.Outcome{parley.OutcomeYes: forecast.Yes, parley.OutcomeNo: forecast.No, parley.OutcomeVoid: forecast.Void}

// history is one settled question as the forecast scores it.
func history(h store.QuestionHistory, reader parley.Reader) forecast.History {
	closes := h.Settlement.HappenedAt
	for _, other := range []parley.Time{h.Question.ClosedAt, h.Question.Words.Closes} {
		if other != 0 {
			closes = min(closes, other)
		}
	}
	own := slices.DeleteFunc(slices.Clone(h.Answers), func(a parley.Answer) bool { return a.Reader != reader.ID })
	return forecast.History{
		Course: forecast.NewCourse(numbers(h.Answers, true), int64(h.Question.Words.At), int64(closes)),
		Own:    numbers(own, false), Counted: reader.Confirmed(), Outcome: outcomes[h.Settlement.Outcome],
	}
}
