package question

import (
	"context"
	"strings"

	"parley"
	"parley/internal/store"
)

// Draft is what a reader answers. Nothing in it has been checked.
type Draft struct {
	Question parley.ID
	Version  int // of the words the reader saw
	Step     parley.Step
	Reason   string         // becomes a comment that wears the answer; "" = none
	Passage  parley.Passage // what the reason depends on; zero = nothing named
	Key      string         // Idempotency-Key of the reason; "" = none
}

// Answered is what came of an answer.
type Answered struct {
	Answer   parley.Answer
	Comment  parley.Comment // the reason; zero when none was given
	Revision int64          // the story's, when a reason was posted
	Again    bool           // the same answer stood already; nothing new was written
}

// Answer adds a reader's answer; earlier ones are kept. It refuses with CodeBadStep, CodeQuestionsOff,
// CodeQuestionClosed, CodeQuestionMoved, CodeOwnQuestion, CodeTooManyAnswers, and for the reason as posting a
// comment does; then nothing is saved.
func (s *Service) Answer(ctx context.Context, reader parley.Reader, d Draft) (Answered, error) {
	var done Answered
	if d.Step.String() == "" {
		return done, parley.Errorf(parley.CodeBadStep, "Please choose one of the seven answers, from remote chance to almost certain.").On("step")
	}
	if strings.TrimSpace(d.Reason) == "" {
		err := s.store.Write(ctx, 0, func(tx *store.Tx) (err error) {
			done, err = s.answer(tx, reader, d, parley.Comment{})
			return err
		})
		return done, err
	}
	story, err := s.storyOf(ctx, reader, d.Question)
	if err != nil {
		return done, err
	}
	c, revision, err := s.post.PostAlso(ctx, reader, parley.Draft{Story: story, Body: d.Reason, Passage: d.Passage, Key: d.Key},
		func(tx *store.Tx, c parley.Comment) (err error) {
			done, err = s.answer(tx, reader, d, c)
			return err
		})
	if err != nil {
		return Answered{}, err
	}
	if done.Answer.ID == 0 { // the key had been here before: the reason and its answer are saved
		if done, err = s.saved(ctx, c); err != nil {
			return Answered{}, err
		}
	}
	done.Comment, done.Revision = c, revision
	done.Comment.Reason = true
	return done, nil
}

func (s *Service) storyOf(ctx context.Context, reader parley.Reader, question parley.ID) (story parley.ID, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		q, err := tx.Question(s.viewer(reader), question)
		story = q.Story
		return err
	})
	return story, err
}

func (s *Service) saved(ctx context.Context, c parley.Comment) (done Answered, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		done.Answer, err = tx.AnswerOfComment(c.ID)
		return err
	})
	done.Again = true
	return done, err
}

// answer is the rule; c is the reason that is being posted, or zero.
func (s *Service) answer(tx *store.Tx, reader parley.Reader, d Draft, c parley.Comment) (Answered, error) {
	q, err := tx.Question(s.viewer(reader), d.Question)
	if err != nil {
		return Answered{}, err
	}
	story, err := tx.Story(s.viewer(reader), q.Story)
	if err != nil {
		return Answered{}, err
	}
	if !s.site.HasQuestion(story) {
		return Answered{}, parley.Errorf(parley.CodeQuestionsOff, "Questions are switched off here.")
	}
	if err := q.Takes(tx.Now); err != nil {
		return Answered{}, err
	}
	if q.Words.Version != d.Version {
		return Answered{}, parley.Errorf(parley.CodeQuestionMoved, "The words of this question have changed. Please read them again, and answer them.").On("version")
	}
	if err := s.impartial(tx, reader, q); err != nil {
		return Answered{}, err
	}
	before, err := tx.AnswersOf(reader.ID, q.ID)
	if err != nil {
		return Answered{}, err
	}
	if n := len(before); n > 0 {
		last := before[n-1]
		if last.Version == d.Version && last.Step == d.Step && c.ID == 0 {
			return Answered{Answer: last, Again: true}, nil
		}
		if err := unhurried(before, tx.Now); err != nil {
			return Answered{}, err
		}
	}
	a := parley.Answer{ID: tx.NewID(), Question: q.ID, Version: d.Version, Reader: reader.ID, Step: d.Step, Comment: c.ID, At: tx.Now, Counted: reader.Confirmed()}
	if err := tx.InsertAnswer(a); err != nil {
		return Answered{}, err
	}
	tx.Append(parley.Event{Site: s.site.ID, Kind: parley.EventAnswered, Subject: q.ID, Actor: reader.ID})
	return Answered{Answer: a}, nil
}

// impartial refuses those who decide what the answer was: the editors who worded, proposed or confirmed.
func (s *Service) impartial(tx *store.Tx, reader parley.Reader, q parley.Question) error {
	own := q.AskedBy == reader.ID
	wordings, err := tx.Wordings(q.ID)
	if err != nil {
		return err
	}
	for _, w := range wordings {
		own = own || w.Editor == reader.ID
	}
	if own {
		return parley.Errorf(parley.CodeOwnQuestion, "Whoever words a question does not answer it.")
	}
	return nil
}

// unhurried bounds how often and how fast answers change. The second answer may follow the first at once, to
// undo a slip.
func unhurried(before []parley.Answer, now parley.Time) error {
	n := len(before)
	if n >= parley.MaxAnswers {
		return parley.Errorf(parley.CodeTooManyAnswers, "You have answered this question %d times, the most there can be. Your last answer stands.", parley.MaxAnswers)
	}
	if n >= 2 && now < before[n-1].At.Add(parley.AnswerPause) {
		return parley.Errorf(parley.CodeTooManyRequests, "You have just answered. Please take a moment before you change it again.").After(parley.AnswerPause)
	}
	return nil
}
