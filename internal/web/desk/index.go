package desk

import (
	"net/http"
	"net/url"

	"parley"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/page"
)

const (
	// listStories is the list that cursors of the index belong to.
	listStories = "desk-stories"
	// storiesShown is how many stories one page of the index holds: a day of a busy paper.
	storiesShown = 50
)

type indexView struct {
	page.Frame
	Stories []storyRow // by when they appeared, the newest first
	First   bool
	Older   string // where the list goes on; "" = nowhere

	Asked   string // the address that was looked for
	Title   string // what the page there is called
	Unknown bool   // nobody has written under it
	Problem *page.Problem
}

type storyRow struct {
	parley.Story
	Name     string
	Appeared parley.Time
}

func rowOf(story parley.Story) storyRow {
	row := storyRow{story, page.TitleOf(story), story.PublishedAt}
	if row.Appeared == 0 {
		row.Appeared = story.CreatedAt
	}
	return row
}

// index lists the stories of the site, or finds the one at an address.
func (d *Desk) index(w http.ResponseWriter, r *http.Request, who web.Asker) error {
	q := r.URL.Query()
	v := indexView{Asked: q.Get("story")}
	status := http.StatusOK
	if v.Asked != "" {
		story, err := d.f.StoryFor(r.Context(), v.Asked)
		if err == nil && story.ID != 0 {
			return d.SeeOther(w, r, pathOf(story))
		}
		v.Unknown = err == nil
		if v.Problem, status, err = page.Refused(w, r, err); err != nil {
			return err
		}
	}
	return d.showIndex(w, r, max(status, http.StatusOK), who, v)
}

func (d *Desk) showIndex(w http.ResponseWriter, r *http.Request, status int, who web.Asker, v indexView) error {
	from, err := parley.ParseCursor(listStories, r.URL.Query().Get("cursor"))
	if err != nil {
		return err
	}
	v.Frame, v.First = d.PrivateFrame("Stories", who), from.IsZero()
	err = d.f.Store.View(r.Context(), func(tx *store.Tx) error {
		found, err := tx.NewestStories(d.viewer(who), from.ID, storiesShown+1)
		if err != nil {
			return err
		}
		if len(found) > storiesShown {
			found = found[:storiesShown]
			next := parley.Cursor{ID: found[storiesShown-1].ID}.Encode(listStories)
			v.Older = v.Base + "/desk?" + url.Values{"cursor": {next}}.Encode()
		}
		for _, story := range found {
			v.Stories = append(v.Stories, rowOf(story))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return d.Show(w, status, "desk", v)
}

// open makes the story of a page that nobody has written under yet, so that the newsroom can be the first.
func (d *Desk) open(w http.ResponseWriter, r *http.Request, who web.Asker, in url.Values) error {
	story, _, err := d.f.Conversation.OpenStory(r.Context(), who.Reader, in.Get("story"), in.Get("title"))
	if err == nil {
		return d.SeeOther(w, r, pathOf(story))
	}
	v := indexView{Asked: in.Get("story"), Title: in.Get("title")}
	status := 0
	if v.Problem, status, err = page.Refused(w, r, err); err != nil {
		return err
	}
	return d.showIndex(w, r, status, who, v)
}
