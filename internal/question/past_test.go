package question_test

import (
	"log/slog"
	"testing"
	"time"

	"parley"
	"parley/internal/question"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// TestImportKeepsTheRules brings a question of the past in, once, and then others that break a rule each.
func TestImportKeepsTheRules(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		site := parley.Site{Key: "main", Name: "The Test", BaseURL: "https://forum.test", Questions: true}
		ids := map[string]parley.ID{}
		stories := make([]parley.ID, 20)
		then := parley.TimeOf(time.Date(2020, 5, 1, 12, 0, 0, 0, time.UTC))
		day := func(n int) parley.Time { return then.Add(time.Duration(n) * 24 * time.Hour) }
		err := s.Write(t.Context(), 0, func(tx *store.Tx) (err error) {
			if site.ID, err = tx.EnsureSite(site.Key, site.Name); err != nil {
				return err
			}
			for _, name := range []string{"asks", "settles", "confirms", "nadia", "tobias"} {
				ids[name] = tx.NewID()
				r := parley.Reader{ID: ids[name], Site: site.ID, Name: name, ConfirmedAt: then, CreatedAt: then}
				if _, err := tx.InsertReader(r, name); err != nil {
					return err
				}
			}
			for i := range stories {
				stories[i] = tx.NewID()
				_, _, err := tx.EnsureStory(parley.Story{ID: stories[i], Site: site.ID, URL: "https://forum.test/" + stories[i].String(), Title: "War", CreatedAt: then})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		verbs := question.New(s, site, nil, slog.New(slog.DiscardHandler))
		whole := func() question.Past {
			return question.Past{
				Source: "old", SourceID: "1", Story: stories[0],
				Words:      parley.QuestionWords{Text: "Will it hold?", Rule: "By the treaty.", Judge: "Two editors.", Editor: ids["asks"], At: day(0), Closes: day(30)},
				Milestones: []parley.Milestone{{Day: day(3), Text: "They meet"}},
				Answers: []parley.Answer{
					{Reader: ids["nadia"], Step: parley.Likely, At: day(1)}, {Reader: ids["tobias"], Step: parley.Unlikely, At: day(2)},
					{Reader: ids["nadia"], Step: parley.Unlikely, At: day(5)},
				},
				Settled: &question.PastSettlement{
					Proposal: question.Proposal{Outcome: parley.OutcomeNo, Source: "The gazette", HappenedAt: day(9)},
					By:       ids["settles"], With: ids["confirms"], At: day(10), ConfirmedAt: day(11),
					Appeals: []question.PastAppeal{{By: ids["tobias"], Body: "It held.", At: day(12), Reply: "It did not.", Editor: ids["asks"], DecidedAt: day(13)}},
				},
			}
		}
		for round := range 2 {
			if made, err := verbs.Import(t.Context(), []question.Past{whole()}); err != nil || made != 1-round {
				t.Fatalf("round %d: %d were made (%v)", round, made, err)
			}
		}
		err = s.View(t.Context(), func(tx *store.Tx) error {
			q, err := tx.QuestionOf(parley.Nobody(site.ID), stories[0])
			if err != nil || q.State != parley.QuestionSettled || q.Outcome != parley.OutcomeNo || q.Readers != 2 || q.OpenedAt != day(0) || q.ClosedAt != day(10) {
				t.Errorf("the question is %+v (%v)", q, err)
			}
			answers, err := tx.Answers(q.ID, 1)
			if err != nil || len(answers) != 3 || answers[2].Reader != ids["nadia"] || answers[2].ID.Time() != day(5) {
				t.Errorf("the answers are %+v (%v)", answers, err)
			}
			settled, err := tx.Settlements(q.ID)
			if err != nil || len(settled) != 1 || settled[0].ConfirmedBy.ID != ids["confirms"] {
				t.Fatalf("the settlements are %+v (%v)", settled, err)
			}
			appeals, err := tx.Appeals(settled[0].ID)
			if err != nil || len(appeals) != 1 || appeals[0].State != parley.AppealRefused || appeals[0].DecidedBy.ID != ids["asks"] {
				t.Errorf("the appeals are %+v (%v)", appeals, err)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		broken := []struct {
			what  string
			code  parley.Code
			spoil func(p *question.Past)
		}{
			{"one editor twice", parley.CodeSecondEditor, func(p *question.Past) { p.Settled.With = p.Settled.By }},
			{"an editor who answered", parley.CodeOwnQuestion, func(p *question.Past) { p.Settled.With = ids["tobias"] }},
			{"an answer by who asked", parley.CodeOwnQuestion, func(p *question.Past) { p.Answers[1].Reader = ids["asks"] }},
			{"an answer after the end", parley.CodeQuestionClosed, func(p *question.Past) { p.Answers[2].At = day(40) }},
			{"an answer after the settlement", parley.CodeQuestionClosed, func(p *question.Past) { p.Answers[2].At = day(11) }},
			{"no step", parley.CodeBadStep, func(p *question.Past) { p.Answers[0].Step = 8 }},
			{"settled before it happened", parley.CodeBadDay, func(p *question.Past) { p.Settled.HappenedAt = day(12) }},
			{"no source", parley.CodeBadSource, func(p *question.Past) { p.Settled.Source = "" }},
			{"no outcome", parley.CodeBadOutcome, func(p *question.Past) { p.Settled.Outcome = "maybe" }},
			{"an appeal heard by who settled", parley.CodeForbidden, func(p *question.Past) { p.Settled.Appeals[0].Editor = ids["settles"] }},
			{"numbers of the dead", parley.CodeQuestionDead, func(p *question.Past) { p.Words.Text = "Will more than 100 die?" }},
		}
		for i, c := range broken {
			p := whole()
			p.SourceID, p.Story = c.what, stories[i+1]
			c.spoil(&p)
			if _, err := verbs.Import(t.Context(), []question.Past{p}); parley.CodeOf(err) != c.code {
				t.Errorf("%s gives %v, want %s", c.what, err, c.code)
			}
		}
	})
}
