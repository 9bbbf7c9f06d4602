package desk

import (
	"context"
	"net/url"

	"parley"
	"parley/internal/question"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/page"
)

// settleSection is where two editors settle a story's question, and where appeals are heard.
func settleSection(f *web.Forum) section {
	return section{
		Name: "settlement", Title: "How it ended", Roles: parley.RoleEditor,
		read: readSettlements,
		act: func(ctx context.Context, at visit, in url.Values) (string, error) {
			return actSettlement(ctx, at, in, f)
		},
		done: map[string]string{
			"proposed": "Proposed. A second editor has to confirm it.", "confirmed": "It is settled. Everybody who answered is told.",
			"declined": "Declined. The question waits again.", "granted": "The appeal is granted: the question waits to be settled anew.",
			"refused": "The appeal is refused, and the reader can read why.",
		},
	}
}

type settleData struct {
	Propose     *form // nil while something waits or stands
	Settlements []settlementRow
}

type settlementRow struct {
	parley.Settlement
	Own     bool // the editor who looks proposed it
	Confirm form
	Decline form
	Appeals []appealRow
}

type appealRow struct {
	parley.SettlementAppeal
	Decide *form // nil = decided, or not by this editor
}

func readSettlements(tx *store.Tx, at visit) (any, error) {
	if at.Story.Question == 0 {
		return nil, nil
	}
	all, err := tx.Settlements(at.Story.Question)
	if err != nil {
		return nil, err
	}
	d := settleData{Propose: &form{Do: "propose", Button: "Propose it", Fields: []field{
		{Name: "outcome", Label: "It ended with", Type: "choice", Needed: true, Options: []option{{"yes", "Yes"}, {"no", "No"}, {"void", "Void: it cannot be answered any more"}}},
		{Name: "happened_at", Label: "Known since", Type: "date", Needed: true, Hint: "Answers from this day on do not count. Today means now."},
		{Name: "source", Label: "Source", Needed: true, Hint: "An https address, or a reference in words."},
		{Name: "note", Label: "Note for readers", Type: "area"},
	}}}
	for i := len(all) - 1; i >= 0; i-- {
		one, err := readSettlement(tx, at, all[i])
		if err != nil {
			return nil, err
		}
		if one.State == parley.SettlementProposed || one.State == parley.SettlementConfirmed {
			d.Propose = nil
		}
		d.Settlements = append(d.Settlements, one)
	}
	return d, nil
}

func readSettlement(tx *store.Tx, at visit, s parley.Settlement) (settlementRow, error) {
	row := settlementRow{Settlement: s, Own: s.ProposedBy.ID == at.Reader.ID}
	row.Confirm = form{Do: "confirm", ID: s.ID.String(), Button: "Confirm it"}
	row.Decline = form{Do: "decline", ID: s.ID.String(), Button: "Decline it", Quiet: true}
	if row.Own {
		row.Decline.Button = "Take it back"
	}
	appeals, err := tx.Appeals(s.ID)
	for _, a := range appeals {
		one := appealRow{SettlementAppeal: a}
		if a.State == parley.AppealOpen && s.ProposedBy.ID != at.Reader.ID && s.ConfirmedBy.ID != at.Reader.ID {
			one.Decide = &form{Do: "hear", ID: a.ID.String(), Button: "Decide", Fields: []field{
				{Name: "grant", Label: "The appeal is", Type: "choice", Needed: true, Options: []option{{"no", "Refused: the settlement stands"}, {"yes", "Granted: it is settled anew"}}},
				{Name: "reply", Label: "Why", Type: "area", Needed: true, Hint: "The reader reads this."},
			}}
		}
		row.Appeals = append(row.Appeals, one)
	}
	return row, err
}

func actSettlement(ctx context.Context, at visit, in url.Values, f *web.Forum) (string, error) {
	if in.Get("do") == "propose" {
		return propose(ctx, at, in, f)
	}
	id, err := about(in)
	if err != nil {
		return "", err
	}
	switch in.Get("do") {
	case "confirm":
		_, err = f.Question.Confirm(ctx, at.Reader, id)
		return "confirmed", err
	case "decline":
		_, err = f.Question.Decline(ctx, at.Reader, id)
		return "declined", err
	case "hear":
		grant := in.Get("grant") == "yes"
		if _, err = f.Question.DecideAppeal(ctx, at.Reader, id, grant, in.Get("reply")); grant {
			return "granted", err
		}
		return "refused", err
	}
	return "", page.ErrNoButton()
}

func propose(ctx context.Context, at visit, in url.Values, f *web.Forum) (string, error) {
	outcome, err := parley.ParseOutcome(in.Get("outcome"))
	if err != nil {
		return "", err
	}
	happened, err := day(in, "happened_at", f.Zone)
	if err != nil {
		return "", err
	}
	if now := f.Store.Now(); in.Get("happened_at") == dated(now, f.Zone) {
		happened = now // today is until now
	}
	_, err = f.Question.Propose(ctx, at.Reader, at.Story.Question, question.Proposal{Outcome: outcome, Source: in.Get("source"), Note: in.Get("note"), HappenedAt: happened})
	return "proposed", err
}
