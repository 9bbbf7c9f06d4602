package pages

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"

	"parley"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/page"
)

// relate follows, mutes or blocks, or ends it, as the do of a button says. known is false when the button is
// none of these. target is the reader, thread or story.
func (p *Pages) relate(r *http.Request, by parley.Reader, do string, target parley.ID) (known bool, err error) {
	follow := func(kind parley.FollowKind, on bool) error {
		return p.f.Conversation.Follow(r.Context(), by, kind, target, on)
	}
	silence := func(kind parley.Silence, on bool) error {
		return p.f.Conversation.Silence(r.Context(), by, kind, target, on)
	}
	switch do {
	case "follow-reader", "unfollow-reader":
		err = follow(parley.FollowReader, do == "follow-reader")
	case "follow-thread", "unfollow-thread":
		err = follow(parley.FollowThread, do == "follow-thread")
	case "follow-story", "unfollow-story":
		err = follow(parley.FollowStory, do == "follow-story")
	case "follow-question", "unfollow-question":
		err = follow(parley.FollowQuestion, do == "follow-question")
	case "mute", "unmute":
		err = silence(parley.Mute, do == "mute")
	case "block", "unblock":
		err = silence(parley.Block, do == "block")
	default:
		return false, nil
	}
	return true, err
}

// doneWords are what a page says after one of its buttons was pressed.
var doneWords = map[string]string{
	"held":      "Your comment waits to be published. Only you can see it.",
	"refused":   "Your comment was not published. Only you can see it.",
	"recommend": "You recommend this comment.", "unrecommend": "You no longer recommend this comment.",
	"report":        "Thank you. A moderator will look at it.",
	"follow-reader": "You follow this reader now.", "unfollow-reader": "You no longer follow this reader.",
	"follow-thread": "You follow this thread now.", "unfollow-thread": "You no longer follow this thread.",
	"follow-story": "You follow this conversation now.", "unfollow-story": "You no longer follow this conversation.",
	"mute": "You no longer see what this reader writes.", "unmute": "You see again what this reader writes.",
	"block": "You have blocked this reader.", "unblock": "You have ended the block.",
}

type actView struct {
	page.Frame
	Comment parley.Comment
	Story   parley.Story
	Shown   template.HTML
	Next    string // this page, to come back to
	Done    string
	Problem *page.Problem
	Ask     string // the act that asks whether it is meant; "" = none

	SignedOut     bool
	Own           bool
	MayEdit       bool
	MayAnswer     bool
	Published     bool
	Recommended   bool
	FollowsReader bool
	FollowsThread bool
	Muted         bool

	Reasons    []parley.Reason
	Body       string // the text being edited
	Reason     string
	Note       string
	EditWindow int // minutes
}

// act shows everything the asker can do to one comment.
func (p *Pages) act(w http.ResponseWriter, r *http.Request, who web.Asker) error {
	v, err := p.actOf(r, who)
	if err != nil {
		return err
	}
	v.Done = doneWords[r.URL.Query().Get("done")]
	return p.Show(w, http.StatusOK, "act", v)
}

func (p *Pages) actOf(r *http.Request, who web.Asker) (v actView, err error) {
	id, err := web.PathID(r, "comment")
	if err != nil {
		return v, err
	}
	viewer := who.Viewer(p.f.Site)
	var marks parley.Marks
	err = p.f.Store.View(r.Context(), func(tx *store.Tx) (err error) {
		if v.Comment, err = tx.Comment(viewer, id); err != nil {
			return err
		}
		if v.Story, err = tx.Story(viewer, v.Comment.Story); err != nil {
			return err
		}
		if viewer.Reader == 0 {
			return nil
		}
		v.MayEdit = v.Comment.MayEdit(who.Reader, tx.Now) == nil
		marks, err = tx.Marks(viewer, v.Story.ID)
		return err
	})
	if err != nil {
		return v, err
	}
	c := v.Comment
	v.Frame = p.PrivateFrame("A comment on "+page.TitleOf(v.Story), who)
	v.Next, v.SignedOut = "/c/"+id.String()+"/act", who.Reader.ID == 0
	v.Own = !v.SignedOut && c.Author.ID == who.Reader.ID
	v.Published, v.MayAnswer = c.State == parley.Published, c.MayAnswer() == nil && !v.Story.Closed()
	v.Recommended, v.Muted = slices.Contains(marks.Recommended, c.ID), slices.Contains(marks.Muted, c.Author.ID)
	v.FollowsReader, v.FollowsThread = slices.Contains(marks.Following, c.Author.ID), slices.Contains(marks.Threads, c.Root)
	v.Reasons, v.Body, v.EditWindow = parley.Reasons(), c.Body, int(parley.EditWindow.Minutes())
	v.Shown, err = p.listOne(c, v.Story)
	return v, err
}

// doAct does what a button of the page says. Two of them ask first whether they are meant.
func (p *Pages) doAct(w http.ResponseWriter, r *http.Request, who web.Asker, in url.Values) error {
	v, err := p.actOf(r, who)
	if err != nil {
		return err
	}
	do := in.Get("do")
	v.Body, v.Reason, v.Note = in.Get("body"), in.Get("reason"), in.Get("note")
	switch {
	case v.SignedOut:
		v.Problem = &page.Problem{Sentence: "Please sign in first."}
		return p.Show(w, http.StatusUnauthorized, "act", v)
	case (do == "withdraw" || do == "block") && in.Get("sure") == "":
		v.Ask = do
		return p.Show(w, http.StatusOK, "act", v)
	}
	pace := web.PaceMark
	switch do {
	case "report":
		pace = web.PaceReport
	case "edit":
		pace = web.PaceComment
	}
	if err = p.f.AllowReader(r, pace); err == nil {
		err = p.carryOut(w, r, who, v, do)
	}
	if err == nil {
		return nil
	}
	status := 0
	if v.Problem, status, err = page.Refused(w, r, err); err != nil {
		return err
	}
	return p.Show(w, status, "act", v)
}

// carryOut does one act and sends the reader to where it can be seen.
func (p *Pages) carryOut(w http.ResponseWriter, r *http.Request, who web.Asker, v actView, do string) error {
	c, ctx := v.Comment, r.Context()
	switch do {
	case "edit":
		posted, err := p.f.Conversation.Edit(ctx, who.Reader, c.ID, v.Body)
		if err != nil {
			return err
		}
		return p.toComment(w, r, posted.Comment, posted.Revision)
	case "withdraw":
		posted, err := p.f.Conversation.Withdraw(ctx, who.Reader, c.ID)
		if err != nil {
			return err
		}
		if c.State == parley.Held { // it has left no place to go to
			return p.SeeOther(w, r, storyPath(v.Story, ""))
		}
		return p.toComment(w, r, posted.Comment, posted.Revision)
	case "recommend", "unrecommend":
		if _, err := p.f.Conversation.Recommend(ctx, who.Reader, c.ID, do == "recommend"); err != nil {
			return err
		}
	case "report":
		if err := p.f.Conversation.Report(ctx, who.Reader, c.ID, v.Reason, v.Note); err != nil {
			return err
		}
	default:
		target := c.Author.ID
		if do == "follow-thread" || do == "unfollow-thread" {
			target = c.Root
		}
		if known, err := p.relate(r, who.Reader, do, target); err != nil {
			return err
		} else if !known || target == 0 {
			return page.ErrNoButton()
		}
		if do == "block" { // the comment is hidden from now on
			return p.SeeOther(w, r, "/readers/"+target.String()+"/act?done=block")
		}
	}
	return p.SeeOther(w, r, v.Next+"?done="+do)
}
