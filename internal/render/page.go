package render

import (
	"net/url"
	"strings"

	"parley"
)

// pageView is a Page as its templates print it, around its threads.
type pageView struct {
	Page
	In      *scene
	Sorts   []parley.Sort
	Around  *argumentView // what stands around the story's own words; nil = nothing
	Foreign bool          // it stands on another site's page and says where its own is
}

func newPage(p Page) *pageView {
	s := newScene(p.Site, p.Story)
	v := &pageView{Page: p, In: s, Sorts: parley.Sorts(), Around: s.argument(p.Argument)}
	if p.Argument.About != nil {
		v.Sorts = []parley.Sort{parley.Newest, parley.Oldest}
	}
	return v
}

// Rest gives how many threads one more step shows, 0 when that is not known: only the first page can tell.
func (v *pageView) Rest() int {
	if v.Cursor != "" || v.Argument.About != nil {
		return 0
	}
	return max(0, min(parley.PageThreads, v.Story.Threads-len(v.Threads)))
}

// Total gives how many threads there are, never less than stand on the page.
func (v *pageView) Total() int {
	if about := v.Argument.About; about != nil {
		return max(about.Threads, len(v.Threads))
	}
	return max(v.Story.Threads, len(v.Threads))
}

// SortName gives what an order is called.
func (v *pageView) SortName(sort parley.Sort) string {
	if sort == parley.Recommended {
		return v.In.Words.T("most_recommended")
	}
	return v.In.Words.T(string(sort))
}

// Address gives where this sort of the story's own page is.
func (v *pageView) Address(sort parley.Sort) string { return v.address(sort, "") }

// NextAddress gives where the next page is without a script.
func (v *pageView) NextAddress() string { return v.address(v.Sort, v.Next) }

func (v *pageView) address(sort parley.Sort, cursor string) string {
	query := url.Values{}
	if sort != parley.Newest {
		query.Set("sort", string(sort))
	}
	if cursor != "" {
		query.Set("cursor", cursor)
	}
	if about := v.Argument.About; about != nil {
		query.Set("passage", about.ID.String())
	}
	address := v.In.StoryURL()
	switch {
	case len(query) == 0:
		return address
	case strings.Contains(address, "?"):
		return address + "&" + query.Encode()
	}
	return address + "?" + query.Encode()
}
