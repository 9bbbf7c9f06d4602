package store_test

import (
	"slices"
	"testing"

	"parley"
	"parley/internal/store"
)

func (w *world) question(id parley.ID) parley.Question {
	w.Helper()
	return view(w, func(tx *store.Tx) (parley.Question, error) { return tx.Question(parley.Nobody(w.site), id) })
}

// propose adds a settlement that waits.
func (w *world) propose(q parley.Question, by parley.Reader, outcome parley.Outcome) parley.Settlement {
	w.Helper()
	var s parley.Settlement
	w.write(func(tx *store.Tx) error {
		s = parley.Settlement{ID: tx.NewID(), Question: q.ID, Outcome: outcome, Source: "The gauge", Note: "It was read at noon", State: parley.SettlementProposed,
			HappenedAt: 5, ProposedBy: by.Byline(), ProposedAt: tx.Now}
		return tx.InsertSettlement(s)
	})
	return s
}

// settle moves a settlement and gives it as it then is.
func (w *world) settle(s parley.Settlement, to parley.SettlementState, by parley.Reader, at parley.Time) parley.Settlement {
	w.Helper()
	w.write(func(tx *store.Tx) error { return tx.MoveSettlement(s, to, by.ID, at) })
	if s.State == parley.SettlementProposed {
		s.ConfirmedBy, s.ConfirmedAt = by.Byline(), at
	}
	s.State = to
	return s
}

func TestAStoryHasOneQuestion(t *testing.T) {
	each(t, func(w *world) {
		editor := w.reader("Editor")
		q := w.ask(w.story, editor)
		if got := w.question(q.ID); got != q {
			t.Errorf("asked %+v, read %+v", q, got)
		}
		of := view(w, func(tx *store.Tx) (parley.Question, error) { return tx.QuestionOf(parley.Nobody(w.site), w.story.ID) })
		story := view(w, func(tx *store.Tx) (parley.Story, error) { return tx.Story(parley.Nobody(w.site), w.story.ID) })
		if of != q || story.Question != q.ID {
			t.Errorf("the story has %+v and names %d", of, story.Question)
		}
		err := w.s.Write(ctx, w.story.ID, func(tx *store.Tx) error { return tx.InsertQuestion(newQuestion(tx, w.story, editor)) })
		wantCode(t, err, parley.CodeBusy)
		err = w.s.View(ctx, func(tx *store.Tx) error {
			_, err := tx.Question(parley.Nobody(w.site+1), q.ID)
			return err
		})
		wantCode(t, err, parley.CodeNotFound)
		err = w.s.View(ctx, func(tx *store.Tx) error {
			_, err := tx.QuestionOf(parley.Nobody(w.site+1), w.story.ID)
			return err
		})
		wantCode(t, err, parley.CodeNotFound)
	})
}

// TestWordsAreOnlyAdded rewords a question that has been answered, and rewords it from words that no longer stand.
func TestWordsAreOnlyAdded(t *testing.T) {
	each(t, func(w *world) {
		editor, reader := w.reader("Editor"), w.reader("Reader")
		w.confirm(reader)
		q := w.ask(w.story, editor)
		w.answer(reader, q, parley.Likely, 0)
		if got := w.question(q.ID).Readers; got != 1 {
			t.Errorf("%d readers have answered, want 1", got)
		}
		next := q.Words
		next.Version, next.Text = 2, "Will it snow?"
		w.write(func(tx *store.Tx) error { return tx.Reword(next) })
		if got := w.question(q.ID); got.Words != next || got.Readers != 0 {
			t.Errorf("reworded to %+v with %d readers", got.Words, got.Readers)
		}
		err := w.s.Write(ctx, w.story.ID, func(tx *store.Tx) error { return tx.Reword(next) })
		wantCode(t, err, parley.CodeBusy)
		all := view(w, func(tx *store.Tx) ([]parley.QuestionWords, error) { return tx.Wordings(q.ID) })
		if !slices.Equal(all, []parley.QuestionWords{q.Words, next}) {
			t.Errorf("wordings %+v", all)
		}
		checkCounters(w)
	})
}

// TestSettling takes a question from open to settled, back, and to settled again.
func TestSettling(t *testing.T) {
	each(t, func(w *world) {
		one, two := w.reader("One"), w.reader("Two")
		q := w.ask(w.story, one)
		w.write(func(tx *store.Tx) error { return tx.CloseQuestion(q.ID, 50) })
		err := w.s.Write(ctx, w.story.ID, func(tx *store.Tx) error { return tx.CloseQuestion(q.ID, 60) })
		wantCode(t, err, parley.CodeBusy)
		want := func(when string, state parley.QuestionState, outcome parley.Outcome) {
			t.Helper()
			if got := w.question(q.ID); got.State != state || got.Outcome != outcome || got.ClosedAt != 50 {
				t.Errorf("%s it is %s with outcome %q, closed at %d; want %s, %q, 50", when, got.State, got.Outcome, got.ClosedAt, state, outcome)
			}
		}
		want("closed", parley.QuestionClosed, "")
		wrong := w.propose(q, one, parley.OutcomeNo)
		want("with a proposal", parley.QuestionClosed, "")
		err = w.s.Write(ctx, w.story.ID, func(tx *store.Tx) error {
			second := wrong
			second.ID = tx.NewID()
			return tx.InsertSettlement(second)
		})
		wantCode(t, err, parley.CodeBusy)
		wrong = w.settle(wrong, parley.SettlementDeclined, two, 70)
		want("with a declined proposal", parley.QuestionClosed, "")
		hasty := w.settle(w.propose(q, two, parley.OutcomeYes), parley.SettlementConfirmed, one, 80)
		want("settled", parley.QuestionSettled, parley.OutcomeYes)
		err = w.s.Write(ctx, w.story.ID, func(tx *store.Tx) error {
			stale := hasty
			stale.State = parley.SettlementProposed
			return tx.MoveSettlement(stale, parley.SettlementDeclined, two.ID, 90)
		})
		wantCode(t, err, parley.CodeBusy)
		hasty = w.settle(hasty, parley.SettlementOverturned, two, 90)
		want("overturned", parley.QuestionClosed, "")
		final := w.settle(w.propose(q, two, parley.OutcomeVoid), parley.SettlementConfirmed, one, 100)
		want("settled again", parley.QuestionSettled, parley.OutcomeVoid)
		all := view(w, func(tx *store.Tx) ([]parley.Settlement, error) { return tx.Settlements(q.ID) })
		if !slices.Equal(all, []parley.Settlement{wrong, hasty, final}) {
			t.Errorf("the record is %+v, want %+v", all, []parley.Settlement{wrong, hasty, final})
		}
		got := view(w, func(tx *store.Tx) (parley.Settlement, error) { return tx.SettlementForVerb(w.site, hasty.ID) })
		if got != hasty {
			t.Errorf("one settlement is %+v, want %+v", got, hasty)
		}
		err = w.s.View(ctx, func(tx *store.Tx) error {
			_, err := tx.SettlementForVerb(w.site+1, hasty.ID)
			return err
		})
		wantCode(t, err, parley.CodeNotFound)
	})
}

// TestAQuestionThatWasNeverClosedEndsWhenItIsSettled settles one at once.
func TestAQuestionThatWasNeverClosedEndsWhenItIsSettled(t *testing.T) {
	each(t, func(w *world) {
		one, two := w.reader("One"), w.reader("Two")
		q := w.ask(w.story, one)
		w.settle(w.propose(q, one, parley.OutcomeNo), parley.SettlementConfirmed, two, 80)
		if got := w.question(q.ID); got.ClosedAt != 80 {
			t.Errorf("answers ended at %d, want 80", got.ClosedAt)
		}
	})
}

// TestQuestionLists keeps questions of each state on two sites apart.
func TestQuestionLists(t *testing.T) {
	each(t, func(w *world) {
		one, two := w.reader("One"), w.reader("Two")
		var abroad parley.ID
		w.write(func(tx *store.Tx) (err error) {
			abroad, err = tx.EnsureSite("abroad", "Abroad")
			return err
		})
		w.propose(w.ask(w.newStory(abroad), one), one, parley.OutcomeNo)
		settled, closed, open := w.ask(w.story, one), w.ask(w.newStory(w.site), one), w.ask(w.newStory(w.site), one)
		w.settle(w.propose(settled, one, parley.OutcomeNo), parley.SettlementConfirmed, two, 80)
		w.write(func(tx *store.Tx) error { return tx.CloseQuestion(closed.ID, 50) })
		waiting := w.propose(closed, one, parley.OutcomeNo)
		list := func(ask func(tx *store.Tx) ([]parley.Question, error)) (got []parley.ID) {
			for _, q := range view(w, ask) {
				got = append(got, q.ID)
			}
			return got
		}
		here := parley.Nobody(w.site)
		if got := list(func(tx *store.Tx) ([]parley.Question, error) { return tx.OpenQuestions(here, 0, 10) }); !slices.Equal(got, []parley.ID{open.ID, closed.ID}) {
			t.Errorf("not settled: %v", got)
		}
		if got := list(func(tx *store.Tx) ([]parley.Question, error) { return tx.OpenQuestions(here, open.ID, 10) }); !slices.Equal(got, []parley.ID{closed.ID}) {
			t.Errorf("not settled, second page: %v", got)
		}
		if got := list(func(tx *store.Tx) ([]parley.Question, error) { return tx.SettledQuestions(here, 0, 10) }); !slices.Equal(got, []parley.ID{settled.ID}) {
			t.Errorf("settled: %v", got)
		}
		if got := view(w, func(tx *store.Tx) ([]parley.Settlement, error) { return tx.WaitingSettlements(w.site, 0, 10) }); len(got) != 1 || got[0] != waiting {
			t.Errorf("proposals that wait: %+v", got)
		}
	})
}

func TestAppeals(t *testing.T) {
	each(t, func(w *world) {
		one, two, reader := w.reader("One"), w.reader("Two"), w.reader("Reader")
		s := w.settle(w.propose(w.ask(w.story, one), one, parley.OutcomeNo), parley.SettlementConfirmed, two, 80)
		object := func(by parley.Reader) (o parley.SettlementAppeal, made bool) {
			w.write(func(tx *store.Tx) (err error) {
				o = parley.SettlementAppeal{ID: tx.NewID(), Settlement: s.ID, Reader: by.Byline(), Body: "The gauge leaks", State: parley.AppealOpen, At: tx.Now}
				made, err = tx.InsertAppeal(o)
				return err
			})
			return o, made
		}
		o, made := object(reader)
		if _, again := object(reader); !made || again {
			t.Errorf("made %v, and again %v", made, again)
		}
		second, _ := object(two)
		open := func(site parley.ID) []parley.SettlementAppeal {
			return view(w, func(tx *store.Tx) ([]parley.SettlementAppeal, error) { return tx.OpenAppeals(site, 0, 10) })
		}
		if got := open(w.site); len(got) != 2 || got[0] != second || got[1] != o || len(open(w.site+1)) != 0 {
			t.Errorf("the desk sees %+v, another site's %+v", got, open(w.site+1))
		}
		o.State, o.Reply, o.DecidedBy, o.DecidedAt = parley.AppealRefused, "It does not", one.Byline(), 90
		w.write(func(tx *store.Tx) error { return tx.DecideAppeal(o) })
		err := w.s.Write(ctx, w.story.ID, func(tx *store.Tx) error {
			again := o
			again.State = parley.AppealGranted
			return tx.DecideAppeal(again)
		})
		wantCode(t, err, parley.CodeBusy)
		all := view(w, func(tx *store.Tx) ([]parley.SettlementAppeal, error) { return tx.Appeals(s.ID) })
		if !slices.Equal(all, []parley.SettlementAppeal{o, second}) || len(open(w.site)) != 1 {
			t.Errorf("appeals %+v, %d open", all, len(open(w.site)))
		}
		got := view(w, func(tx *store.Tx) (parley.SettlementAppeal, error) { return tx.AppealForVerb(w.site, o.ID) })
		if got != o {
			t.Errorf("one appeal is %+v, want %+v", got, o)
		}
		err = w.s.View(ctx, func(tx *store.Tx) error {
			_, err := tx.AppealForVerb(w.site+1, o.ID)
			return err
		})
		wantCode(t, err, parley.CodeNotFound)
	})
}

func TestMilestonesStandByDay(t *testing.T) {
	each(t, func(w *world) {
		editor := w.reader("Editor")
		q := w.ask(w.story, editor)
		added := map[parley.Time]parley.Milestone{}
		for _, day := range []parley.Time{200, 100} {
			w.write(func(tx *store.Tx) error {
				added[day] = parley.Milestone{ID: tx.NewID(), Question: q.ID, Day: day, Text: "Clouds", URL: "https://news.example/clouds", Editor: editor.ID, At: tx.Now}
				return tx.InsertMilestone(added[day])
			})
		}
		list := func() []parley.Milestone {
			return view(w, func(tx *store.Tx) ([]parley.Milestone, error) { return tx.Milestones(q.ID) })
		}
		if got := list(); !slices.Equal(got, []parley.Milestone{added[100], added[200]}) {
			t.Errorf("marks %+v", got)
		}
		end := func(site parley.ID) error {
			return w.s.Write(ctx, 0, func(tx *store.Tx) error {
				question, err := tx.EndMilestone(site, added[100].ID, tx.Now)
				if err == nil && question != q.ID {
					t.Errorf("it stood at %d, want %d", question, q.ID)
				}
				return err
			})
		}
		wantCode(t, end(w.site+1), parley.CodeNotFound)
		wantCode(t, end(w.site), "")
		wantCode(t, end(w.site), parley.CodeNotFound)
		if got := list(); !slices.Equal(got, []parley.Milestone{added[200]}) {
			t.Errorf("after one was taken off: %+v", got)
		}
	})
}
