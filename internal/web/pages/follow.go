package pages

import (
	"net/http"
	"net/url"

	"parley"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/page"
)

type readerActView struct {
	page.Frame
	Reader    parley.Byline
	Hidden    bool
	Done      string
	Problem   *page.Problem
	Next      string
	SignedOut bool
	Own       bool
	Following bool
	Muted     bool
	Blocked   bool
}

// readerAct shows what the asker can do about a reader.
func (p *Pages) readerAct(w http.ResponseWriter, r *http.Request, who web.Asker) error {
	v, err := p.readerActOf(r, who)
	if err != nil {
		return err
	}
	v.Done = doneWords[r.URL.Query().Get("done")]
	return p.Show(w, http.StatusOK, "reader-act", v)
}

func (p *Pages) readerActOf(r *http.Request, who web.Asker) (v readerActView, err error) {
	id, err := web.PathID(r, "reader")
	if err != nil {
		return v, err
	}
	var reader parley.Reader
	err = p.f.Store.View(r.Context(), func(tx *store.Tx) error {
		if who.Reader.ID != 0 {
			if err := v.marksOn(tx, who.Reader.ID, id); err != nil {
				return err
			}
		}
		viewer := who.Viewer(p.f.Site)
		if v.Blocked { // whom one blocks oneself one can still find, to end it
			viewer = p.f.Nobody()
		}
		reader, err = tx.Reader(viewer, id)
		return err
	})
	if err != nil {
		return v, err
	}
	v.Frame = p.PrivateFrame(reader.Name, who)
	v.Reader, v.Hidden, v.Next = reader.Byline(), reader.Hidden, "/readers/"+id.String()+"/act"
	v.SignedOut, v.Own = who.Reader.ID == 0, who.Reader.ID == id
	return v, nil
}

func (v *readerActView) marksOn(tx *store.Tx, by, reader parley.ID) (err error) {
	if v.Following, err = tx.Follows(by, parley.FollowReader, reader); err != nil {
		return err
	}
	if v.Muted, err = tx.Silenced(by, parley.Mute, reader); err != nil {
		return err
	}
	v.Blocked, err = tx.Silenced(by, parley.Block, reader)
	return err
}

// doReaderAct follows, mutes or blocks a reader, or ends it.
func (p *Pages) doReaderAct(w http.ResponseWriter, r *http.Request, who web.Asker, in url.Values) error {
	v, err := p.readerActOf(r, who)
	if err != nil {
		return err
	}
	known, do := false, in.Get("do")
	if err = p.f.AllowReader(r, web.PaceMark); err == nil {
		known, err = p.relate(r, who.Reader, do, v.Reader.ID)
	}
	if err == nil && !known {
		err = page.ErrNoButton()
	}
	if err == nil {
		return p.SeeOther(w, r, v.Next+"?done="+do)
	}
	status := 0
	if v.Problem, status, err = page.Refused(w, r, err); err != nil {
		return err
	}
	return p.Show(w, status, "reader-act", v)
}

type storyFollowView struct {
	page.Frame
	Story     parley.Story
	Heading   string
	Next      string
	Done      string
	Following bool
}

// storyFollow shows whether the reader follows a conversation.
func (p *Pages) storyFollow(w http.ResponseWriter, r *http.Request, who web.Asker) error {
	story, err := p.storyAt(r)
	if err != nil {
		return err
	}
	v := storyFollowView{
		Frame: p.PrivateFrame("Follow a conversation", who), Story: story, Heading: page.TitleOf(story), Next: storyPath(story, "/follow"),
		Done: doneWords[r.URL.Query().Get("done")],
	}
	err = p.f.Store.Read(r.Context(), func(tx *store.Tx) (err error) {
		v.Following, err = tx.Follows(who.Reader.ID, parley.FollowStory, story.ID)
		return err
	})
	if err != nil {
		return err
	}
	return p.Show(w, http.StatusOK, "story-follow", v)
}

// followStory begins or ends following a conversation. The first to follow one makes its story.
func (p *Pages) followStory(w http.ResponseWriter, r *http.Request, who web.Asker, in url.Values) error {
	story, err := p.storyAt(r)
	if err != nil {
		return err
	}
	do := in.Get("do")
	if do != "follow-story" && do != "unfollow-story" {
		return page.ErrNoButton()
	}
	if err := p.f.AllowReader(r, web.PaceMark); err != nil {
		return err
	}
	if story.ID == 0 && do == "follow-story" {
		if story, _, err = p.f.Conversation.OpenStory(r.Context(), who.Reader, story.URL, ""); err != nil {
			return err
		}
	}
	if _, err := p.relate(r, who.Reader, do, story.ID); err != nil {
		return err
	}
	return p.SeeOther(w, r, storyPath(story, "/follow")+"?done="+do)
}
