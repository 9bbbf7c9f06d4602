package ask

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"parley"
	"parley/internal/render"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/page"
)

// passagesShown is how many passages one page of the list shows.
const passagesShown = 100

type passagesView struct {
	page.Frame
	Story    parley.Story
	Heading  string
	Passages []parley.Passage
	All      int
	Earlier  string // where the passages before these are; "" = nowhere
	Later    string
}

// passages lists what readers talk about of a story's text, as it stands there.
func (a *Ask) passages(w http.ResponseWriter, r *http.Request) error {
	if web.Canonical(w, r, a.f.Site.BaseURL, "page", "rev") {
		return nil
	}
	q := r.URL.Query()
	id, err := web.PathID(r, "story")
	if err != nil {
		return err
	}
	least, err := web.Revision(q)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(cmp.Or(q.Get("page"), "1"))
	if err != nil || number < 1 || number > parley.MaxPassages/passagesShown {
		return page.ErrNothing()
	}
	body, err := a.f.Other(r.Context(), id, least, "passages", strconv.Itoa(number), func(ctx context.Context) (render.Built, error) {
		var v passagesView
		return a.Snapshot(ctx, id, func(tx *store.Tx, who parley.Viewer, story parley.Story) (err error) {
			v, err = a.passagesOf(tx, who, story, number)
			return err
		}, func(out io.Writer) error { return a.Write(out, "passages", v) })
	})
	if err != nil {
		return err
	}
	web.ServeShared(w, r, body)
	return nil
}

func (a *Ask) passagesOf(tx *store.Tx, who parley.Viewer, story parley.Story, number int) (passagesView, error) {
	v := passagesView{Story: story, Heading: page.TitleOf(story)}
	if !a.f.Site.HasPassages(story) {
		return v, parley.Errorf(parley.CodeNotFound, "Readers do not talk about single passages here.")
	}
	all, err := tx.Passages(who, story.ID)
	if err != nil {
		return v, err
	}
	from := (number - 1) * passagesShown
	if from > 0 && from >= len(all) {
		return v, page.ErrNothing()
	}
	v.All, v.Passages = len(all), all[from:min(len(all), from+passagesShown)]
	v.Frame = a.Frame("Passages readers talk about: " + v.Heading)
	v.Styles = []string{argumentStyle}
	address := func(number int) string {
		if number == 1 {
			return a.f.Site.BaseURL + storyPath(story.ID, "/passages")
		}
		return a.f.Site.BaseURL + storyPath(story.ID, "/passages") + "?" + url.Values{"page": {strconv.Itoa(number)}}.Encode()
	}
	v.Canonical, v.Unlisted = address(number), number > 1
	if number > 1 {
		v.Earlier = address(number - 1)
	}
	if from+passagesShown < len(all) {
		v.Later = address(number + 1)
	}
	return v, nil
}
