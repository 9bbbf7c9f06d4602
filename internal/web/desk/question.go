package desk

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/page"
)

// questionSection is where a story gets its open question, and where its words are looked after.
func questionSection(f *web.Forum) section {
	return section{
		Name: "question", Title: "The question", Roles: parley.RoleEditor,
		read: func(tx *store.Tx, at visit) (any, error) { return readQuestion(tx, at, f) },
		act: func(ctx context.Context, at visit, in url.Values) (string, error) {
			return actQuestion(ctx, at, in, f)
		},
		done: map[string]string{
			"asked": "The question is asked.", "reworded": "The words are changed. Earlier answers stay with the earlier words.",
			"closed": "Answers have ended.", "marked": "The mark stands on the picture.", "unmarked": "The mark is taken off.",
		},
	}
}

type questionData struct {
	Question   *parley.Question
	Wordings   []parley.QuestionWords
	Milestones []markRow
	Ask        form
	Close      form
	Mark       form
	Off        bool // questions are switched off on this site
}

type markRow struct {
	parley.Milestone
	Remove form
}

func readQuestion(tx *store.Tx, at visit, f *web.Forum) (any, error) {
	d := questionData{Off: !f.Site.Questions, Ask: wordsForm(parley.QuestionWords{}, f.Zone)}
	if at.Story.Question == 0 {
		return d, nil
	}
	q, err := tx.Question(at.Viewer, at.Story.Question)
	if err != nil {
		return nil, err
	}
	d.Question = &q
	if d.Wordings, err = tx.Wordings(q.ID); err != nil {
		return nil, err
	}
	marks, err := tx.Milestones(q.ID)
	for _, m := range marks {
		d.Milestones = append(d.Milestones, markRow{m, form{Do: "unmark", ID: m.ID.String(), Button: "Take off", Quiet: true}})
	}
	d.Ask = wordsForm(q.Words, f.Zone)
	d.Close = form{Do: "close", Button: "End answers now", Quiet: true}
	d.Mark = form{Do: "mark", Button: "Mark it", Fields: []field{
		{Name: "day", Label: "Day", Type: "date", Needed: true},
		{Name: "text", Label: "What happened", Needed: true, Max: parley.MaxMilestone},
		{Name: "url", Label: "Where it can be read", Type: "url", Hint: "An address; may stay empty."},
	}}
	return d, err
}

// wordsForm is the form for a question's words: to ask it, or to change them.
func wordsForm(w parley.QuestionWords, zone *time.Location) form {
	f := form{Do: "ask", Button: "Ask it", Fields: []field{
		{Name: "text", Label: "The question", Value: w.Text, Needed: true, Max: parley.MaxQuestion, Hint: "One line that can be answered with a chance, such as: Will the ferry still run on 1 June?"},
		{Name: "rule", Label: "How it will be settled", Value: w.Rule, Type: "area", Needed: true, Hint: "What must be the case for yes, and where that will be read. Written before answers open."},
		{Name: "judge", Label: "By whom", Value: w.Judge, Needed: true},
		{Name: "closes_at", Label: "Answers end on", Value: dated(w.Closes, zone), Type: "date", Hint: "May stay empty when it is not known."},
		{Name: "void", Label: "What would make it void", Value: w.Void, Type: "area"},
		{Name: "office", Label: "Public office of a person it names", Value: w.Office, Hint: "Only where it names somebody. Questions on private people and on numbers of the dead are refused."},
	}}
	if w.Version > 0 {
		f.Do, f.Button, f.Quiet = "reword", "Change the words", true
		f.ID = strconv.Itoa(w.Version) // the version that is being changed: a colleague may be faster
	}
	return f
}

func actQuestion(ctx context.Context, at visit, in url.Values, f *web.Forum) (string, error) {
	switch in.Get("do") {
	case "ask", "reword":
		closes, err := day(in, "closes_at", f.Zone)
		if err != nil {
			return "", err
		}
		w := parley.QuestionWords{
			Text: in.Get("text"), Rule: in.Get("rule"), Judge: in.Get("judge"), Void: in.Get("void"), Office: in.Get("office"), Closes: closes,
		}
		if in.Get("do") == "ask" {
			_, err = f.Question.Ask(ctx, at.Reader, at.Story.ID, w)
			return "asked", err
		}
		version, _ := strconv.Atoi(in.Get("id")) // what is no number is no version, and is refused as one
		_, err = f.Question.Reword(ctx, at.Reader, at.Story.Question, version, w)
		return "reworded", err
	case "close":
		return "closed", f.Question.Close(ctx, at.Reader, at.Story.Question)
	case "mark":
		on, err := day(in, "day", f.Zone)
		if err == nil {
			_, err = f.Question.AddMilestone(ctx, at.Reader, at.Story.Question, on, in.Get("text"), in.Get("url"))
		}
		return "marked", err
	case "unmark":
		id, err := about(in)
		if err == nil {
			err = f.Question.EndMilestone(ctx, at.Reader, id)
		}
		return "unmarked", err
	}
	return "", page.ErrNoButton()
}
