package question

import (
	"context"

	"parley"
	"parley/internal/store"
)

// Ask gives a story its question. It refuses with CodeQuestionsOff, CodeQuestionThere, CodeQuestionPrivate,
// CodeQuestionDead and what is wrong with the words.
func (s *Service) Ask(ctx context.Context, editor parley.Reader, story parley.ID, w parley.QuestionWords) (parley.Question, error) {
	w = tidied(w)
	q := parley.Question{}
	if err := editing(editor); err != nil {
		return q, err
	}
	if err := check(w, s.site.Delicate, s.store.Now()); err != nil {
		return q, err
	}
	err := s.store.Write(ctx, story, func(tx *store.Tx) error {
		t, err := tx.Story(s.viewer(editor), story)
		if err != nil {
			return err
		}
		switch {
		case !s.site.Questions || t.QuestionsOff:
			return parley.Errorf(parley.CodeQuestionsOff, "Questions are switched off here.")
		case t.Question != 0:
			return parley.Errorf(parley.CodeQuestionThere, "This story has a question already. Its words can be changed.")
		}
		w.Version, w.Editor, w.At = 1, editor.ID, tx.Now
		q = parley.Question{ID: tx.NewID(), Site: s.site.ID, Story: story, State: parley.QuestionOpen, OpenedAt: tx.Now, AskedBy: editor.ID}
		w.Question = q.ID
		q.Words = w
		if err := tx.InsertQuestion(q); err != nil {
			return err
		}
		_, err = s.tell(tx, parley.EventAsked, story, q.ID, editor.ID)
		return err
	})
	return q, err
}

// Reword gives a question new words. Answers that were given to the old words stay with them and no longer count;
// readers are asked again. expect is the version the editor saw: when a colleague was faster it refuses with
// CodeDecidedAlready.
func (s *Service) Reword(ctx context.Context, editor parley.Reader, question parley.ID, expect int, w parley.QuestionWords) (parley.Question, error) {
	w = tidied(w)
	var q parley.Question
	if err := editing(editor); err != nil {
		return q, err
	}
	if err := check(w, s.site.Delicate, s.store.Now()); err != nil {
		return q, err
	}
	err := s.store.Write(ctx, 0, func(tx *store.Tx) (err error) {
		if q, err = tx.Question(s.viewer(editor), question); err != nil {
			return err
		}
		if err := q.Takes(tx.Now); err != nil {
			return err
		}
		if q.Words.Version != expect {
			return parley.Errorf(parley.CodeDecidedAlready, "A colleague has changed the words of this question meanwhile.")
		}
		w.Question, w.Version, w.Editor, w.At = q.ID, expect+1, editor.ID, tx.Now
		if err := tx.Reword(w); err != nil {
			return err
		}
		q.Words, q.Readers = w, 0
		_, err = s.tell(tx, parley.EventReworded, q.Story, q.ID, editor.ID)
		return err
	})
	return q, err
}

// Close ends answers before the day that the words name. Closing twice is closing once.
func (s *Service) Close(ctx context.Context, editor parley.Reader, question parley.ID) error {
	if err := editing(editor); err != nil {
		return err
	}
	return s.store.Write(ctx, 0, func(tx *store.Tx) error {
		q, err := tx.Question(s.viewer(editor), question)
		if err != nil || q.State != parley.QuestionOpen {
			return err
		}
		if err := tx.CloseQuestion(q.ID, tx.Now); err != nil {
			return err
		}
		_, err = s.tell(tx, parley.EventClosed, q.Story, q.ID, editor.ID)
		return err
	})
}
