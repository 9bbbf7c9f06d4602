// Package passages holds what readers and the newsroom do with a story's own words: versions of its text, the
// places of passages in them, corrections, what has happened since, and the switches.
//
// The forum holds the text of pieces that it serves. When such a text changes, every passage of the story is
// looked for in the new one, in the transaction that adds the version, and what became of each is kept. Of pages
// elsewhere the forum knows nothing but what readers quote, and says so.
package passages

import (
	"log/slog"

	"parley"
	"parley/internal/store"
)

// Service does what readers, authors and editors ask about the texts of one site. It is safe for concurrent use.
type Service struct {
	store *store.Store
	site  parley.Site
	log   *slog.Logger
}

// New gives the verbs of one site.
func New(s *store.Store, site parley.Site, log *slog.Logger) *Service {
	return &Service{store: s, site: site, log: log}
}

func (s *Service) viewer(r parley.Reader) parley.Viewer {
	return parley.Viewer{Site: s.site.ID, Reader: r.ID, Roles: r.Roles}
}

// editing tells why r may not change what stands around a story, or nil.
func editing(r parley.Reader) error {
	if !r.Roles.Has(parley.RoleEditor) {
		return parley.Errorf(parley.CodeForbidden, "This is for editors.")
	}
	return nil
}

// tell appends an event that raises the story's revision.
func (s *Service) tell(tx *store.Tx, kind parley.EventKind, story, subject, actor parley.ID) error {
	revision, err := tx.Raise(story)
	if err == nil {
		tx.Append(parley.Event{Site: s.site.ID, Story: story, Kind: kind, Subject: subject, Actor: actor, Data: parley.EventData{Revision: revision}})
	}
	return err
}
