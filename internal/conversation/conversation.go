// Package conversation holds the readers' verbs: what a reader may do, in the order the checks are made, each
// in one place. The JSON API, the plain forms and the imports all call these; handlers only decode and
// encode, and the store only stores.
package conversation

import (
	"context"
	"log/slog"
	"runtime"

	"parley"
	"parley/internal/store"
)

// Screener looks at a comment before it is saved. It must be quick, must not write, and may be called from
// many goroutines; an error refuses the comment. The moderation package implements it.
type Screener interface {
	Screen(ctx context.Context, site parley.Site, author parley.Reader, body string) (parley.Verdict, error)
}

// Service does what readers ask, for one site. It is safe for concurrent use.
type Service struct {
	store  *store.Store
	site   parley.Site
	screen Screener
	log    *slog.Logger
	// rendering bounds how much Markdown is rendered at once, so that crafted texts cannot take every core.
	rendering chan struct{}
	stale     chan struct{} // wakes Refresh
}

// New gives the verbs of one site.
func New(s *store.Store, site parley.Site, screen Screener, log *slog.Logger) *Service {
	return &Service{
		store: s, site: site, screen: screen, log: log,
		rendering: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)),
		stale:     make(chan struct{}, 1),
	}
}

// Site gives the site the verbs work for.
func (s *Service) Site() parley.Site { return s.site }

// viewer gives the viewer a reader is on the site's shared pages: without moderating powers.
func (s *Service) viewer(r parley.Reader) parley.Viewer {
	return parley.Viewer{Site: s.site.ID, Reader: r.ID, Roles: r.Roles}
}

// dataOf gives the small print of an event about a comment.
func dataOf(c parley.Comment, revision int64) parley.EventData {
	return parley.EventData{Revision: revision, Root: c.Root, Parent: c.Parent, Author: c.Author.ID, To: c.To.ID}
}
