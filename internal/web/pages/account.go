package pages

import (
	"net/http"
	"net/url"

	"parley"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/page"
)

// rowsShown is how many readers or stories one page of a list in the account shows.
const rowsShown = 50

// relations is one of the reader's private lists.
type relations struct {
	Name    string
	Title   string
	Nothing string // what stands there when the list is empty
	Remove  string // the do of the button that takes an entry off, with its words; "" = none
	Verb    string
	Action  string
	Rows    []relation
	More    string // where the list goes on; "" = nowhere
}

type relation struct {
	store.Relation
	URL string
}

// accountLists gives the lists in the order they are shown, each with how it is read.
func accountLists() []struct {
	relations
	read func(tx *store.Tx, reader, after parley.ID, limit int) ([]store.Relation, error)
} {
	follows := func(kind parley.FollowKind) func(*store.Tx, parley.ID, parley.ID, int) ([]store.Relation, error) {
		return func(tx *store.Tx, reader, after parley.ID, limit int) ([]store.Relation, error) {
			return tx.FollowsOf(reader, kind, after, limit)
		}
	}
	silences := func(kind parley.Silence) func(*store.Tx, parley.ID, parley.ID, int) ([]store.Relation, error) {
		return func(tx *store.Tx, reader, after parley.ID, limit int) ([]store.Relation, error) {
			return tx.SilencesOf(reader, kind, after, limit)
		}
	}
	return []struct {
		relations
		read func(tx *store.Tx, reader, after parley.ID, limit int) ([]store.Relation, error)
	}{
		{relations{Name: "readers", Title: "Readers you follow", Nothing: "You follow no readers.", Remove: "unfollow-reader", Verb: "Stop following"}, follows(parley.FollowReader)},
		{relations{Name: "threads", Title: "Threads you follow", Nothing: "You follow no threads.", Remove: "unfollow-thread", Verb: "Stop following"}, follows(parley.FollowThread)},
		{relations{Name: "stories", Title: "Conversations you follow", Nothing: "You follow no conversations.", Remove: "unfollow-story", Verb: "Stop following"}, follows(parley.FollowStory)},
		{relations{Name: "questions", Title: "Questions you follow", Nothing: "You follow no questions.", Remove: "unfollow-question", Verb: "Stop following"}, follows(parley.FollowQuestion)},
		{relations{Name: "followers", Title: "Who follows you", Nothing: "Nobody follows you yet."}, (*store.Tx).FollowersOf},
		{relations{Name: "muted", Title: "Readers you have muted", Nothing: "You have muted nobody.", Remove: "unmute", Verb: "Unmute"}, silences(parley.Mute)},
		{relations{Name: "blocked", Title: "Readers you have blocked", Nothing: "You have blocked nobody.", Remove: "unblock", Verb: "Unblock"}, silences(parley.Block)},
	}
}

type accountView struct {
	page.Frame
	Reader parley.Reader
	Done   string
	Whole  bool // not just one list's further entries
	Staff  bool // has something to do at the desk
	Lists  []relations
}

var accountDone = map[string]string{
	"confirmed": "Your address is confirmed. Thank you.", "mailed": "Another mail is on its way to you.",
	"hidden": "Your profile is hidden. Nobody new can follow you.", "shown": "Your profile can be seen again.",
	"removed": "Taken off the list.",
}

// account shows a reader what the forum holds of them and what only they may see.
func (p *Pages) account(w http.ResponseWriter, r *http.Request, who web.Asker) error {
	q := r.URL.Query()
	v := accountView{Frame: p.PrivateFrame("Your account", who), Reader: who.Reader, Done: accountDone[q.Get("done")], Whole: q.Get("list") == ""}
	v.Staff = who.Reader.Roles&(parley.RoleEditor|parley.RoleModerator) != 0
	err := p.f.Store.View(r.Context(), func(tx *store.Tx) error {
		for _, list := range accountLists() {
			if !v.Whole && list.Name != q.Get("list") || list.Name == "questions" && !p.f.Site.Questions {
				continue
			}
			from, err := parley.ParseCursor(list.Name, q.Get("cursor"))
			if err != nil {
				return err
			}
			found, err := list.read(tx, who.Reader.ID, from.ID, rowsShown+1)
			if err != nil {
				return err
			}
			v.Lists = append(v.Lists, p.fillList(list.relations, found))
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(v.Lists) == 0 {
		return page.ErrNothing()
	}
	return p.Show(w, http.StatusOK, "account", v)
}

func (p *Pages) fillList(list relations, found []store.Relation) relations {
	list.Action = p.f.Site.BaseURL + "/account"
	if len(found) > rowsShown {
		found = found[:rowsShown]
		next := parley.Cursor{ID: found[rowsShown-1].Target}.Encode(list.Name)
		list.More = p.f.Site.BaseURL + "/account?" + url.Values{"list": {list.Name}, "cursor": {next}}.Encode()
	}
	places := map[string]string{string(parley.FollowStory): "/s/", string(parley.FollowThread): "/c/", string(parley.FollowQuestion): "/q/"}
	for _, one := range found {
		place, known := places[one.Kind]
		if !known {
			place = "/readers/"
		}
		list.Rows = append(list.Rows, relation{one, p.f.Site.BaseURL + place + one.Target.String()})
	}
	return list
}

// changeAccount does what the account page's buttons say.
func (p *Pages) changeAccount(w http.ResponseWriter, r *http.Request, who web.Asker, in url.Values) error {
	if err := p.f.AllowReader(r, web.PaceMark); err != nil {
		return err
	}
	do := in.Get("do")
	switch do {
	case "hide", "show":
		if err := p.f.Identity.HideProfile(r.Context(), who.Reader, do == "hide"); err != nil {
			return err
		}
		return p.SeeOther(w, r, "/account?done="+map[string]string{"hide": "hidden", "show": "shown"}[do])
	case "resend":
		if err := p.f.Identity.Resend(r.Context(), who.Reader); err != nil {
			return err
		}
		return p.SeeOther(w, r, "/account?done=mailed")
	}
	target, err := parley.ParseID(in.Get("target"))
	if err != nil {
		return err
	}
	if known, err := p.relate(r, who.Reader, do, target); err != nil {
		return err
	} else if !known {
		return page.ErrNoButton()
	}
	return p.SeeOther(w, r, "/account?done=removed")
}
