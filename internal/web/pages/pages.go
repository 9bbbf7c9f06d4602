// Package pages is what readers open in a browser: served articles with their conversation, every story's own
// page, permalinks, profiles, and the plain forms with which everything can be done without a script.
//
// There are two kinds of pages and they never mix. Shared ones are the same for everybody: built for nobody,
// kept in the page cache, free for every cache on the way. Private ones depend on who asks and are kept by
// none. Shared pages never look at a cookie; what is the reader's own comes to them later, by the script, or
// without one in the frame of /account/bar.
//
// Handlers decode, call one verb or reading method, and show a typed view. Forms post to the page they stand
// on; whatever is refused comes back with everything that was written, passwords aside.
package pages

import (
	"context"
	"embed"

	"parley"
	"parley/internal/conversation"
	"parley/internal/passages"
	"parley/internal/press"
	"parley/internal/recent"
	"parley/internal/web"
	"parley/internal/web/assets"
	"parley/internal/web/page"
)

//go:embed templates/*.html
var files embed.FS

// Options is what the pages can be given beside the forum.
type Options struct {
	Articles *press.Publication // served pieces; nil = none, the forum stands under other people's
	Strip    *Strip             // shown above the index; nil = none
}

// Strip is a line above the index that says what else there is to see. The demo explains itself with it.
type Strip struct {
	Text  string
	Links []Link
}

// Link is a place with its name.
type Link struct{ Text, URL string }

// Pages serves the readers' pages of one forum. It is safe for concurrent use.
type Pages struct {
	*page.Set
	f        *web.Forum
	articles *press.Publication
	stories  *press.Register
	strip    *Strip
	assets   *assets.Files

	places    *recent.Cache[parley.ID, place]
	addresses *recent.Cache[string, parley.ID]
}

// New parses the templates. It fails when the program was built wrongly or the forum's origin is not one.
func New(f *web.Forum, o Options) (*Pages, error) {
	set, err := page.New(f, files)
	if err != nil {
		return nil, err
	}
	bundles, err := assets.Load()
	if err != nil {
		return nil, err
	}
	return &Pages{
		Set: set, f: f, articles: o.Articles, stories: press.NewRegister(served{f.Conversation, f.Passages}, f.Site.BaseURL), strip: o.Strip,
		assets:    bundles,
		places:    recent.NewCounted[parley.ID, place](maxPlaces),
		addresses: recent.NewCounted[string, parley.ID](maxAddresses),
	}, nil
}

// served is what served pieces ask of the verbs: a story for each, and its text kept.
type served struct {
	*conversation.Service
	texts *passages.Service
}

// Revise keeps the text of a story; see [passages.Service.Revise].
func (s served) Revise(ctx context.Context, story parley.ID, title string, paragraphs []string) (bool, error) {
	return s.texts.Revise(ctx, story, title, paragraphs)
}
