// Package question holds the verbs of a story's one open question: an editor asks it, readers answer in the words
// of a yardstick, two editors settle it, a reader may object. What readers think together, and how it is counted,
// is docs/question.md; the figures themselves are made by the forecast package.
//
// Answers are only ever added. What readers think together is hidden from whoever has not answered yet, because
// people copy a crowd that they can see.
package question

import (
	"context"
	"log/slog"

	"parley"
	"parley/internal/store"
)

// Poster writes the comment that gives the reason of an answer, in one transaction with what also does. The
// conversation package implements it.
type Poster interface {
	PostAlso(ctx context.Context, author parley.Reader, d parley.Draft, also func(*store.Tx, parley.Comment) error) (c parley.Comment, revision int64, err error)
}

// Service does what editors and readers ask of questions, for one site. It is safe for concurrent use.
type Service struct {
	store *store.Store
	site  parley.Site
	post  Poster
	log   *slog.Logger
}

// New gives the verbs of one site.
func New(s *store.Store, site parley.Site, post Poster, log *slog.Logger) *Service {
	return &Service{store: s, site: site, post: post, log: log}
}

func (s *Service) viewer(r parley.Reader) parley.Viewer {
	return parley.Viewer{Site: s.site.ID, Reader: r.ID, Roles: r.Roles}
}

// editing tells why r may not work on questions, or nil.
func editing(r parley.Reader) error {
	if !r.Roles.Has(parley.RoleEditor) {
		return parley.Errorf(parley.CodeForbidden, "Questions are asked and settled by editors.")
	}
	return nil
}

// tell appends an event about a question that raises its story's revision, and gives that.
func (s *Service) tell(tx *store.Tx, kind parley.EventKind, story, subject, actor parley.ID) (revision int64, err error) {
	if revision, err = tx.Raise(story); err == nil {
		tx.Append(parley.Event{Site: s.site.ID, Story: story, Kind: kind, Subject: subject, Actor: actor, Data: parley.EventData{Revision: revision}})
	}
	return revision, err
}
