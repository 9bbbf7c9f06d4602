package desk

import (
	"context"
	"net/url"

	"parley"
	"parley/internal/passages"
	"parley/internal/store"
	"parley/internal/web"
)

// sinceSection is where editors say on an old story what has happened since.
func sinceSection(f *web.Forum) section {
	return section{
		Name: "since", Title: "Since then", Roles: parley.RoleEditor,
		read: func(tx *store.Tx, at visit) (any, error) {
			all, err := tx.Sequels(at.Story.ID)
			d := sinceData{Add: form{Do: "add", Button: "Put it at the head", Fields: []field{
				{Name: "day", Label: "Day", Type: "date", Needed: true},
				{Name: "url", Label: "A later story", Type: "url", Hint: "Its address; may stay empty for a note alone."},
				{Name: "title", Label: "Its headline", Max: parley.MaxTitle},
				{Name: "note", Label: "What has changed", Type: "area", Hint: "In a sentence or two. Who follows the question is told."},
			}}}
			for _, q := range all {
				d.Sequels = append(d.Sequels, sequelRow{q, form{Do: "end", ID: q.ID.String(), Button: "Take off", Quiet: true}})
			}
			return d, err
		},
		act: func(ctx context.Context, at visit, in url.Values) (string, error) {
			if in.Get("do") == "end" {
				id, err := about(in)
				if err == nil {
					err = f.Passages.EndSequel(ctx, at.Reader, id)
				}
				return "ended", err
			}
			on, err := day(in, "day", f.Zone)
			if err == nil {
				_, err = f.Passages.AddSequel(ctx, at.Reader, at.Story.ID, passages.Later{URL: in.Get("url"), Title: in.Get("title"), Note: in.Get("note"), Day: on})
			}
			return "added", err
		},
		done: map[string]string{"added": "It stands at the head of the story.", "ended": "It is taken off."},
	}
}

type sinceData struct {
	Sequels []sequelRow
	Add     form
}

type sequelRow struct {
	parley.Sequel
	Remove form
}

// correctionSection is where suggested corrections are read and decided.
func correctionSection(f *web.Forum) section {
	return section{
		Name: "corrections", Title: "Corrections", Roles: parley.RoleEditor,
		read: func(tx *store.Tx, at visit) (any, error) {
			var d correctionData
			for _, state := range []parley.CorrectionState{parley.CorrectionOpen, parley.CorrectionAccepted, parley.CorrectionDeclined} {
				all, err := tx.Corrections(at.Viewer, at.Story.ID, state, 0, shownCorrections)
				if err != nil {
					return nil, err
				}
				for _, c := range all {
					row, err := correctionRowOf(tx, at, c)
					if err != nil {
						return nil, err
					}
					d.Corrections = append(d.Corrections, row)
				}
			}
			return d, nil
		},
		act: func(ctx context.Context, at visit, in url.Values) (string, error) {
			id, err := about(in)
			if err != nil {
				return "", err
			}
			accept := in.Get("accept") == "yes"
			if _, err = f.Passages.Decide(ctx, at.Reader, id, accept, in.Get("reply")); accept {
				return "accepted", err
			}
			return "declined", err
		},
		done: map[string]string{"accepted": "Accepted. It is listed under the story, and the reader is told.", "declined": "Declined, and the reader is told why."},
	}
}

// shownCorrections is how many of each state the page shows.
const shownCorrections = 50

type correctionData struct{ Corrections []correctionRow }

type correctionRow struct {
	parley.Correction
	Quote  string // the passage it is about; "" = the story as a whole
	Decide *form
}

func correctionRowOf(tx *store.Tx, at visit, c parley.Correction) (correctionRow, error) {
	row := correctionRow{Correction: c}
	if c.Passage != 0 {
		p, err := tx.Passage(at.Viewer, c.Passage)
		if err != nil && parley.CodeOf(err) != parley.CodeNotFound {
			return row, err
		}
		row.Quote = p.Exact
	}
	if c.State == parley.CorrectionOpen {
		row.Decide = &form{Do: "decide", ID: c.ID.String(), Button: "Decide", Fields: []field{
			{Name: "accept", Label: "The correction is", Type: "choice", Needed: true, Options: []option{{"yes", "Accepted"}, {"no", "Declined"}}},
			{Name: "reply", Label: "What was corrected, or why not", Type: "area", Needed: true, Hint: "Accepted, it stands under the story as written here. Declined, only the reader reads it."},
		}}
	}
	return row, nil
}

// passageSection shows which sentences readers talk about, and switches that talk and the question on and off.
func passageSection(f *web.Forum) section {
	return section{
		Name: "passages", Title: "Passages and switches", Roles: parley.RoleEditor,
		read: func(tx *store.Tx, at visit) (any, error) {
			all, err := tx.Passages(at.Viewer, at.Story.ID)
			on := func(off bool) string {
				if off {
					return ""
				}
				return "on"
			}
			return passageData{all, form{Do: "switch", Button: "Set the switches", Quiet: true, Fields: []field{
				{Name: "passages", Label: "Readers can talk about passages of this story", Type: "check", Value: on(at.Story.PassagesOff)},
				{Name: "question", Label: "This story can carry a question", Type: "check", Value: on(at.Story.QuestionsOff)},
			}}}, err
		},
		act: func(ctx context.Context, at visit, in url.Values) (string, error) {
			return "switched", f.Passages.Switch(ctx, at.Reader, at.Story.ID, in.Get("passages") == "on", in.Get("question") == "on")
		},
		done: map[string]string{"switched": "The switches are set. What was said stays, and comes back with them."},
	}
}

type passageData struct {
	Passages []parley.Passage
	Switch   form
}
