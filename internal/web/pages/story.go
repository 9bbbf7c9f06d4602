package pages

import (
	"bytes"
	"context"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"strings"

	"parley"
	"parley/internal/locale"
	"parley/internal/render"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/page"
)

// unwritten is what stands for the id of a story in paths while nobody has written under its page; story=
// then holds the page's address.
const unwritten = "new"

// fragment gives the whole element for a publisher's server or script to place under its article. A page
// nobody has written under gets an empty conversation; reading never makes a story.
func (p *Pages) fragment(w http.ResponseWriter, r *http.Request) error {
	if web.Canonical(w, r, p.f.Site.BaseURL, "story", "sort", "lang", "rev") {
		return nil
	}
	q := web.Parameters(r)
	story, err := p.sharedStory(r.Context(), q.Get("story"))
	if err != nil {
		return err
	}
	language := p.Words().Lang()
	if q.Get("lang") != "" {
		language = locale.For(q.Get("lang")).Lang()
	}
	body, err := p.conversation(r, story, "fragment", language, func(out io.Writer, shown render.Page) error {
		shown.Site.Language = language
		return p.f.Renderer.Fragment(out, shown)
	})
	if err != nil {
		return err
	}
	web.ServeShared(w, r, body)
	return nil
}

// maxAddresses is how many stories are found by their address without asking the database.
const maxAddresses = 20_000

// sharedStory finds the story that a story= parameter names, as far as the page cache needs it: by its id. Whether
// an id is a story's at all shows when its page is built. A story keeps its address, so the way from one to the
// other is remembered.
func (p *Pages) sharedStory(ctx context.Context, asked string) (parley.Story, error) {
	if id, known := p.addresses.Get(asked); known {
		return parley.Story{ID: id}, nil // it is asked for as it is written down
	}
	if id, err := parley.ParseID(asked); err == nil {
		return parley.Story{ID: id}, nil
	}
	address, err := p.f.Site.StoryURL(asked)
	if err != nil {
		return parley.Story{}, err
	}
	if id, known := p.addresses.Get(address); known {
		return parley.Story{ID: id}, nil
	}
	story, err := p.f.StoryFor(ctx, address)
	if err == nil && story.ID != 0 {
		p.addresses.Set(address, story.ID)
	}
	return story, err
}

// conversation gives a view of a story's threads, in the order and from the place the request asks for.
func (p *Pages) conversation(r *http.Request, story parley.Story, kind, form string, write func(io.Writer, render.Page) error) (*render.Body, error) {
	q := web.Parameters(r)
	least, err := web.Revision(q)
	if err != nil {
		return nil, err
	}
	part, err := web.PartOf(story.ID, q, least)
	if err != nil {
		return nil, err
	}
	if story.ID != 0 {
		return p.f.Body(r.Context(), part, kind, form, write)
	}
	return p.Lasting(r.Context(), kind+" unwritten", strings.Join([]string{form, string(part.Sort), story.URL}, "\n"), func() ([]byte, error) {
		var html bytes.Buffer
		err := write(&html, render.Page{Site: p.f.Site, Story: story, Sort: part.Sort})
		return html.Bytes(), err
	})
}

// storyAt finds the story in a path. One that nobody has written under has no id; it comes back with its
// address alone.
func (p *Pages) storyAt(r *http.Request) (parley.Story, error) {
	if r.PathValue("story") == unwritten {
		return p.f.StoryFor(r.Context(), r.URL.Query().Get("story"))
	}
	id, err := web.PathID(r, "story")
	if err != nil {
		return parley.Story{}, err
	}
	return p.f.StoryFor(r.Context(), id.String())
}

// storyPath gives the path of a story's pages; page is "" or begins with a slash.
func storyPath(story parley.Story, page string) string {
	if story.ID == 0 {
		return "/s/" + unwritten + page + "?" + url.Values{"story": {story.URL}}.Encode()
	}
	return "/s/" + story.ID.String() + page
}

type storyView struct {
	page.Frame
	Story        parley.Story
	Heading      string
	Conversation template.HTML
}

// story shows a story's conversation as a page of the forum's own, which pages of the site may frame.
func (p *Pages) story(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("story")
	if strings.Contains(name, "://") { // the element links a page it knows by its address only
		return p.toStory(w, r, parley.Story{URL: name})
	}
	allowed := []string{"sort", "cursor", "passage", "rev"}
	if name == unwritten {
		allowed = []string{"story", "sort"}
	}
	if web.Canonical(w, r, p.f.Site.BaseURL, allowed...) {
		return nil
	}
	story := parley.Story{}
	var err error
	if name != unwritten {
		story.ID, err = web.PathID(r, "story")
	} else if story, err = p.sharedStory(r.Context(), r.URL.Query().Get("story")); err == nil && story.ID != 0 {
		return p.toStory(w, r, story)
	}
	if err != nil {
		return err
	}
	body, err := p.conversation(r, story, "story", "", func(out io.Writer, shown render.Page) error {
		v, err := p.storyPage(shown)
		if err != nil {
			return err
		}
		return p.Write(out, "story", v)
	})
	if err != nil {
		return err
	}
	web.AllowFrames(w.Header(), p.f.Site)
	web.ServeShared(w, r, body)
	return nil
}

// toStory sends the reader to where a story's page is now; tomorrow it may be elsewhere.
func (p *Pages) toStory(w http.ResponseWriter, r *http.Request, story parley.Story) error {
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, p.f.Site.BaseURL+storyPath(story, ""), http.StatusTemporaryRedirect)
	return nil
}

func (p *Pages) storyPage(shown render.Page) (storyView, error) {
	var talk bytes.Buffer
	shown.Argument.Styled = true
	if err := p.f.Renderer.Conversation(&talk, shown); err != nil {
		return storyView{}, err
	}
	v := storyView{Story: shown.Story, Heading: page.TitleOf(shown.Story), Conversation: template.HTML(talk.String())}
	v.Frame = p.Frame(p.Words().T("conversation") + ": " + v.Heading)
	if shown.Argument.Any() {
		v.Styles = append(v.Styles, argumentStyle)
	}
	if shown.Story.ID == 0 {
		v.Unlisted = true
		return v, nil
	}
	v.Canonical = p.f.Site.BaseURL + storyPath(shown.Story, "")
	if shown.Cursor != "" {
		v.Canonical += "?" + url.Values{"cursor": {shown.Cursor}, "sort": {string(shown.Sort)}}.Encode()
	}
	v.Description = p.Words().N("comments", shown.Story.Comments)
	v.Feeds = []page.Feed{p.storyFeed(shown.Story, "atom"), p.storyFeed(shown.Story, "json")}
	var err error
	v.Data, err = render.DiscussionLD(shown)
	return v, err
}

// threads gives a page of threads alone.
func (p *Pages) threads(w http.ResponseWriter, r *http.Request) error {
	if web.Canonical(w, r, p.f.Site.BaseURL, "sort", "cursor", "passage", "rev") {
		return nil
	}
	id, err := web.PathID(r, "story")
	if err != nil {
		return err
	}
	body, err := p.conversation(r, parley.Story{ID: id}, "threads", "", p.f.Renderer.Threads)
	if err != nil {
		return err
	}
	web.ServeShared(w, r, body)
	return nil
}

// arrivals gives what was published after a comment, oldest first, each by itself: the script puts it in its
// place. Beyond parley.MaxPage it says that there is more, and a page that missed so much begins anew.
func (p *Pages) arrivals(w http.ResponseWriter, r *http.Request) error {
	if web.Canonical(w, r, p.f.Site.BaseURL, "after", "rev") {
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
	after, err := parley.ParseID(q.Get("after"))
	if err != nil {
		return parley.Errorf(parley.CodeBadCursor, "Say after which comment.").On("after")
	}
	body, err := p.f.Other(r.Context(), id, least, "arrivals", after.String(), func(ctx context.Context) (render.Built, error) {
		return p.arrivalsAfter(ctx, id, after)
	})
	if err != nil {
		return err
	}
	web.ServeShared(w, r, body)
	return nil
}

func (p *Pages) arrivalsAfter(ctx context.Context, story, after parley.ID) (render.Built, error) {
	shown := render.RepliesPage{Site: p.f.Site}
	more := false
	built, err := p.Snapshot(ctx, story, func(tx *store.Tx, v parley.Viewer, s parley.Story) (err error) {
		shown.Story = s
		if shown.Comments, err = tx.NewComments(v, story, after, parley.MaxPage+1); len(shown.Comments) > parley.MaxPage {
			shown.Comments, more = shown.Comments[:parley.MaxPage], true
		}
		return err
	}, func(out io.Writer) error { return p.f.Renderer.Replies(out, shown) })
	built.More = more
	return built, err
}
