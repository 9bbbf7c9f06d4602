package question

import (
	"context"

	"parley"
	"parley/internal/forecast"
	"parley/internal/store"
)

// Picture is what readers think together of a question's current words, and how that came about.
type Picture struct {
	Question   parley.Question
	Readers    int              // counted now
	Now        forecast.Point   // the last point
	Points     []forecast.Point // from when the tenth had answered
	Milestones []parley.Milestone
	Closed     parley.Time // where the picture ends; 0 = it goes on
}

// Public tells whether everybody may see what readers think together: the question takes no more answers.
func Public(q parley.Question, now parley.Time) bool { return q.Takes(now) != nil }

// Together gives what readers think together. It refuses with CodeCrowdHidden a viewer who has not answered
// while the question is open, and everybody while fewer than parley.CrowdFrom counted readers have.
func (s *Service) Together(ctx context.Context, v parley.Viewer, question parley.ID) (Picture, error) {
	var p Picture
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		p, err = s.together(tx, v, question)
		return err
	})
	return p, err
}

func (s *Service) together(tx *store.Tx, v parley.Viewer, question parley.ID) (Picture, error) {
	q, err := tx.Question(v, question)
	if err != nil {
		return Picture{}, err
	}
	if !Public(q, tx.Now) {
		answered := false
		if v.Reader != 0 {
			n, err := tx.CountAnswers(v.Reader, q.ID)
			if err != nil {
				return Picture{}, err
			}
			answered = n > 0
		}
		if !answered {
			return Picture{}, parley.Errorf(parley.CodeCrowdHidden, "What readers think together is shown to those who have answered.")
		}
	}
	p := Picture{Question: q}
	if p.Closed, err = closed(tx, q); err != nil {
		return p, err
	}
	all, err := tx.Answers(q.ID, q.Words.Version)
	if err != nil {
		return p, err
	}
	return s.draw(tx, p, all)
}

// draw fills in the course of readers' answers.
func (s *Service) draw(tx *store.Tx, p Picture, all []parley.Answer) (Picture, error) {
	answers, opened := numbers(all, true), p.Question.Words.At
	until := tx.Now + 1
	if p.Closed != 0 {
		until = min(until, p.Closed)
	}
	began := forecast.Began(answers, int64(opened), int64(until), parley.CrowdFrom)
	if began == 0 {
		_, p.Readers = forecast.Together(answers, int64(opened), int64(until)-1)
		return p, parley.Errorf(parley.CodeCrowdHidden, "What readers think together is shown once %d have answered with a confirmed address. So far it is %d.", parley.CrowdFrom, p.Readers)
	}
	p.Points = forecast.Series(answers, int64(opened), int64(until), forecast.Moments(began, int64(until)-1))
	p.Now = p.Points[len(p.Points)-1]
	p.Readers = p.Now.N
	var err error
	p.Milestones, err = tx.Milestones(p.Question.ID)
	return p, err
}

// closed gives when a question's answers ended, 0 while they go on: the earliest of the day its words name, the
// moment an editor ended them, and the moment at which the outcome became known.
func closed(tx *store.Tx, q parley.Question) (parley.Time, error) {
	var at parley.Time
	earlier := func(t parley.Time) {
		if t != 0 && (at == 0 || t < at) {
			at = t
		}
	}
	earlier(q.ClosedAt)
	if c := q.Words.Closes; c != 0 && c <= tx.Now {
		earlier(c)
	}
	if q.State != parley.QuestionSettled {
		return at, nil
	}
	all, err := tx.Settlements(q.ID)
	for _, one := range all {
		if one.State == parley.SettlementConfirmed {
			earlier(one.HappenedAt)
		}
	}
	return at, err
}

// numbers gives answers as the forecast counts them; counted leaves out those of unconfirmed accounts.
func numbers(all []parley.Answer, counted bool) []forecast.Answer {
	answers := make([]forecast.Answer, 0, len(all))
	for _, a := range all {
		if a.Counted || !counted {
			answers = append(answers, forecast.Answer{Reader: int64(a.Reader), At: int64(a.At), P: forecast.Midpoint(int(a.Step))})
		}
	}
	return answers
}

// Mine is a reader's own part in a question.
type Mine struct {
	Answers []parley.Answer // oldest first; the last stands
	Follows bool
}

// Mine gives a reader's own answers to a question, whichever words they answered.
func (s *Service) Mine(ctx context.Context, reader parley.Reader, question parley.ID) (m Mine, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		if _, err := tx.Question(s.viewer(reader), question); err != nil {
			return err
		}
		if m.Answers, err = tx.AnswersOf(reader.ID, question); err != nil {
			return err
		}
		m.Follows, err = tx.Follows(reader.ID, parley.FollowQuestion, question)
		return err
	})
	return m, err
}
