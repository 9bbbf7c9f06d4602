package store_test

import (
	"slices"
	"testing"

	"parley"
	"parley/internal/store"
)

// TestReadersAreCountedOnce answers with and without a proved address, again, and in another version.
func TestReadersAreCountedOnce(t *testing.T) {
	each(t, func(w *world) {
		editor, proved, unproved := w.reader("Editor"), w.reader("Proved"), w.reader("Unproved")
		w.confirm(proved)
		q, other := w.ask(w.story, editor), w.ask(w.newStory(w.site), editor)
		counted := func() int { return w.question(q.ID).Readers }
		first := w.answer(proved, q, parley.Likely, 0)
		second := w.answer(proved, q, parley.Unlikely, 0)
		third := w.answer(unproved, q, parley.Likely, 0)
		w.answer(unproved, q, parley.AlmostCertain, 0)
		w.answer(proved, other, parley.Likely, 0)
		if counted() != 1 {
			t.Errorf("%d readers count, want 1", counted())
		}
		if got := view(w, func(tx *store.Tx) (int, error) { return tx.CountAnswers(proved.ID, q.ID) }); got != 2 {
			t.Errorf("%d answers of one reader, want 2", got)
		}
		first.Counted, second.Counted = true, true
		if got := view(w, func(tx *store.Tx) ([]parley.Answer, error) { return tx.AnswersOf(proved.ID, q.ID) }); !slices.Equal(got, []parley.Answer{first, second}) {
			t.Errorf("answers of one reader: %+v", got)
		}
		all := view(w, func(tx *store.Tx) ([]parley.Answer, error) { return tx.Answers(q.ID, 1) })
		if len(all) != 4 || all[0] != first || all[1] != second || all[2] != third {
			t.Errorf("all answers: %+v", all)
		}
		if last := view(w, func(tx *store.Tx) ([]parley.Answer, error) { return tx.LastAnswersOf(proved.ID, 0, 9) }); len(last) != 2 || last[0].Question != other.ID || last[1] != second {
			t.Errorf("the last answers of one reader: %+v", last)
		} else if older := view(w, func(tx *store.Tx) ([]parley.Answer, error) { return tx.LastAnswersOf(proved.ID, last[0].ID, 9) }); len(older) != 1 || older[0] != second {
			t.Errorf("the last answers before the newest: %+v", older)
		}
		w.confirm(unproved)
		if counted() != 2 {
			t.Errorf("%d readers count once the other has proved an address, want 2", counted())
		}
		if all := view(w, func(tx *store.Tx) ([]parley.Answer, error) { return tx.Answers(q.ID, 1) }); !all[2].Counted {
			t.Errorf("an answer does not count: %+v", all[2])
		}
		q.Words.Version = 2
		w.write(func(tx *store.Tx) error { return tx.Reword(q.Words) })
		if again := view(w, func(tx *store.Tx) ([]parley.Answer, error) { return tx.Answers(q.ID, 2) }); counted() != 0 || len(again) != 0 {
			t.Errorf("new words have %d readers and the answers %+v", counted(), again)
		}
		w.answer(proved, q, parley.Likely, 0)
		if counted() != 1 {
			t.Errorf("%d readers count for the new words, want 1", counted())
		}
		checkCounters(w)
	})
}

// TestAnAnswerToOldWordsDoesNotCount proves an address after the words have changed.
func TestAnAnswerToOldWordsDoesNotCount(t *testing.T) {
	each(t, func(w *world) {
		reader := w.reader("Reader")
		q := w.ask(w.story, reader)
		w.answer(reader, q, parley.Likely, 0)
		q.Words.Version = 2
		w.write(func(tx *store.Tx) error { return tx.Reword(q.Words) })
		w.confirm(reader)
		if got := w.question(q.ID).Readers; got != 0 {
			t.Errorf("%d readers count, want none", got)
		}
	})
}

// TestAnswersMakePagesStale leaves the revision alone, and marks the one story.
func TestAnswersMakePagesStale(t *testing.T) {
	each(t, func(w *world) {
		reader := w.reader("Reader")
		q := w.ask(w.newStory(w.site), reader)
		stale := func() (ids []parley.ID) {
			for _, s := range view(w, func(tx *store.Tx) ([]parley.Story, error) { return tx.StaleStories(10) }) {
				ids = append(ids, s.ID)
			}
			return ids
		}
		before := view(w, func(tx *store.Tx) (int64, error) { return tx.Revision(q.Story) })
		w.answer(reader, q, parley.Likely, 0)
		after := view(w, func(tx *store.Tx) (int64, error) { return tx.Revision(q.Story) })
		if got := stale(); !slices.Equal(got, []parley.ID{q.Story}) || before != after {
			t.Errorf("stale are %v, want %d; the revision went from %d to %d", got, q.Story, before, after)
		}
		w.write(func(tx *store.Tx) error {
			_, err := tx.Raise(q.Story)
			return err
		})
		w.confirm(reader)
		if got := stale(); !slices.Equal(got, []parley.ID{q.Story}) {
			t.Errorf("after an address was proved, stale are %v, want %d", got, q.Story)
		}
	})
}

// TestReasons follows a comment that came with an answer until it is dropped.
func TestReasons(t *testing.T) {
	each(t, func(w *world) {
		reader := w.reader("Reader")
		q := w.ask(w.story, reader)
		plain, held := w.post(reader, parley.Comment{}), w.postAs(parley.Held, reader, parley.Comment{})
		a := w.answer(reader, q, parley.Likely, held.ID)
		wears := func(id parley.ID) bool {
			return view(w, func(tx *store.Tx) (parley.Comment, error) { return tx.CommentForVerb(w.site, id) }).Reason
		}
		if !wears(held.ID) || wears(plain.ID) {
			t.Errorf("a reason wears its answer: %v, another comment: %v", wears(held.ID), wears(plain.ID))
		}
		if got := view(w, func(tx *store.Tx) (parley.Answer, error) { return tx.AnswerOfComment(held.ID) }); got != a {
			t.Errorf("its answer is %+v, want %+v", got, a)
		}
		w.write(func(tx *store.Tx) error {
			c, err := tx.CommentForVerb(w.site, held.ID)
			if err != nil {
				return err
			}
			return tx.DropHeld(c)
		})
		for _, comment := range []parley.ID{held.ID, plain.ID, 0} {
			err := w.s.View(ctx, func(tx *store.Tx) error {
				_, err := tx.AnswerOfComment(comment)
				return err
			})
			wantCode(t, err, parley.CodeNotFound)
		}
		a.Comment = 0
		if got := view(w, func(tx *store.Tx) ([]parley.Answer, error) { return tx.AnswersOf(reader.ID, q.ID) }); !slices.Equal(got, []parley.Answer{a}) {
			t.Errorf("the answer without its reason: %+v", got)
		}
	})
}

// TestHistory hands over the settled questions whose final words a reader has answered.
func TestHistory(t *testing.T) {
	each(t, func(w *world) {
		one, two, me, counted, uncounted := w.reader("One"), w.reader("Two"), w.reader("Me"), w.reader("Counted"), w.reader("Uncounted")
		w.confirm(counted)
		settle := func(q parley.Question, outcome parley.Outcome) parley.Settlement {
			return w.settle(w.propose(q, one, outcome), parley.SettlementConfirmed, two, 80)
		}
		ask := func() parley.Question { return w.ask(w.newStory(w.site), one) }
		first, open, others, old, last := ask(), ask(), ask(), ask(), ask()
		mine, theirs, again := w.answer(me, first, parley.Likely, 0), w.answer(counted, first, parley.Unlikely, 0), w.answer(me, first, parley.AlmostCertain, 0)
		w.answer(uncounted, first, parley.Unlikely, 0)
		theirs.Counted = true
		w.answer(me, open, parley.Likely, 0)
		w.answer(counted, others, parley.Likely, 0)
		w.answer(me, old, parley.Likely, 0)
		old.Words.Version = 2
		w.write(func(tx *store.Tx) error { return tx.Reword(old.Words) })
		w.answer(counted, old, parley.Likely, 0)
		w.answer(me, last, parley.Likely, 0)
		settled := settle(first, parley.OutcomeYes)
		for _, q := range []parley.Question{others, old, last} {
			settle(q, parley.OutcomeVoid)
		}
		got := view(w, func(tx *store.Tx) (all []store.QuestionHistory, err error) {
			err = tx.HistoryOf(me.ID, func(h store.QuestionHistory) error {
				all = append(all, h)
				return nil
			})
			return all, err
		})
		if len(got) != 2 || got[0].Question.ID != first.ID || got[1].Question.ID != last.ID {
			t.Fatalf("the history is %+v, want those of %d and %d", got, first.ID, last.ID)
		}
		h := got[0]
		if h.Settlement != settled || h.Question.Outcome != parley.OutcomeYes || !slices.Equal(h.Answers, []parley.Answer{mine, theirs, again}) {
			t.Errorf("one question's history is %+v", h)
		}
	})
}
