package ask

import (
	"net/http"
	"net/url"

	"parley"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/page"
)

type followView struct {
	page.Frame
	Q         asked
	Done      string
	Following bool
}

var followDone = map[string]string{
	"follow":   "You follow this question now.",
	"unfollow": "You no longer follow this question. Whoever has answered is still told when it is settled.",
}

// following shows whether the reader follows a question.
func (a *Ask) following(w http.ResponseWriter, r *http.Request, who web.Asker) error {
	q, err := a.readAt(r, who)
	if err != nil {
		return err
	}
	v := followView{Frame: a.PrivateFrame("Follow a question", who), Q: q, Done: followDone[r.URL.Query().Get("done")]}
	err = a.f.Store.Read(r.Context(), func(tx *store.Tx) (err error) {
		v.Following, err = tx.Follows(who.Reader.ID, parley.FollowQuestion, q.ID)
		return err
	})
	if err != nil {
		return err
	}
	return a.Show(w, http.StatusOK, "question-follow", v)
}

// follow begins or ends following a question.
func (a *Ask) follow(w http.ResponseWriter, r *http.Request, who web.Asker, in url.Values) error {
	q, err := a.readAt(r, who)
	if err != nil {
		return err
	}
	do := in.Get("do")
	if followDone[do] == "" {
		return page.ErrNoButton()
	}
	if err := a.f.AllowReader(r, web.PaceMark); err != nil {
		return err
	}
	if err := a.f.Conversation.Follow(r.Context(), who.Reader, parley.FollowQuestion, q.ID, do == "follow"); err != nil {
		return err
	}
	return a.SeeOther(w, r, q.Path("/follow")+"?done="+do)
}

type appealView struct {
	page.Frame
	Q       asked
	Body    string
	Problem *page.Problem
	Done    string
	Own     []parley.SettlementAppeal // newest first
	Again   bool                      // the reader has objected to the settlement that stands
}

// appealing shows the form to object to how a question was settled, and what became of the reader's objections.
func (a *Ask) appealing(w http.ResponseWriter, r *http.Request, who web.Asker) error {
	done := ""
	if r.URL.Query().Get("done") == "sent" {
		done = "Thank you. An editor who did not settle the question decides, and what was decided stands here."
	}
	return a.showAppeal(w, r, http.StatusOK, who, appealView{Done: done})
}

func (a *Ask) showAppeal(w http.ResponseWriter, r *http.Request, status int, who web.Asker, v appealView) (err error) {
	if v.Q, err = a.readAt(r, who); err != nil {
		return err
	}
	v.Frame = a.PrivateFrame("Object to a settlement", who)
	v.Styles = []string{argumentStyle}
	err = a.f.Store.View(r.Context(), func(tx *store.Tx) error {
		settlements := v.Q.Overturned
		if one := v.Q.Settlement; one != nil {
			settlements = append([]parley.Settlement{*one}, settlements...)
		}
		for _, s := range settlements {
			all, err := tx.Appeals(s.ID)
			if err != nil {
				return err
			}
			for _, one := range all {
				if one.Reader.ID == who.Reader.ID {
					v.Own = append(v.Own, one)
					v.Again = v.Again || v.Q.Settlement != nil && s.ID == v.Q.Settlement.ID
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return a.Show(w, status, "question-appeal", v)
}

// appeal objects to the settlement that stands.
func (a *Ask) appeal(w http.ResponseWriter, r *http.Request, who web.Asker, in url.Values) error {
	q, err := a.readAt(r, who)
	if err != nil {
		return err
	}
	settlement, err := parley.ParseID(in.Get("settlement")) // the one that the reader has read
	if err == nil {
		err = a.f.AllowReader(r, web.PaceComment)
	}
	if err == nil {
		_, err = a.f.Question.Appeal(r.Context(), who.Reader, settlement, in.Get("body"))
	}
	if err == nil {
		return a.SeeOther(w, r, q.Path("/appeal")+"?done=sent")
	}
	problem, status, err := page.Refused(w, r, err)
	if err != nil {
		return err
	}
	return a.showAppeal(w, r, status, who, appealView{Body: in.Get("body"), Problem: problem})
}
