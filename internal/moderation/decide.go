package moderation

import (
	"context"
	"strings"
	"unicode/utf8"

	"parley"
	"parley/internal/store"
)

// Service decides, for one site.
type Service struct {
	store *store.Store
	site  parley.Site
}

// New gives the moderators' verbs of one site.
func New(s *store.Store, site parley.Site) *Service { return &Service{store: s, site: site} }

// Order is what a moderator asks to be done to a comment. Nothing in it has been checked.
type Order struct {
	Comment parley.ID
	Action  parley.Action
	Reason  string
	Note    string // shown to the comment's author
}

// Decide does what a moderator signed in at the desk orders, at once, and keeps the decision for ever. It
// refuses with CodeForbidden, CodeBadReason, CodeNoteTooLong, CodeNotFound and CodeBadTransition; a comment a
// colleague has already decided on comes back as CodeDecidedAlready.
func (s *Service) Decide(ctx context.Context, by parley.Viewer, order Order) (d parley.Decision, revision int64, err error) {
	if !by.Moderates() || by.Site != s.site.ID {
		return d, 0, parley.Errorf(parley.CodeForbidden, "Only moderators signed in at the desk can do this.")
	}
	reason, err := parley.ParseReason(order.Reason)
	if err != nil {
		return d, 0, err
	}
	if len(order.Note) > parley.MaxNote || !utf8.ValidString(order.Note) || strings.ContainsRune(order.Note, 0) {
		return d, 0, parley.Errorf(parley.CodeNoteTooLong, "The note can have at most %d bytes of text.", parley.MaxNote).On("note")
	}
	err = s.store.Write(ctx, 0, func(tx *store.Tx) error {
		c, err := tx.Comment(by, order.Comment)
		if err != nil {
			return err
		}
		to, err := order.Action.Next(c.State)
		if err != nil {
			return alreadySo(order.Action, c.State, err)
		}
		d = parley.Decision{
			ID: tx.NewID(), Comment: c.ID, Moderator: by.Reader, Action: order.Action, Reason: reason,
			Note: order.Note, From: c.State, To: to, At: tx.Now,
		}
		if err := tx.InsertDecision(d); err != nil {
			return err
		}
		if revision, err = tx.MoveComment(c, to); err != nil {
			return err
		}
		s.append(tx, c, d, revision)
		return nil
	})
	return d, revision, err
}

// append tells of a decision twice: once for open pages, by what strangers see, and once for those who follow
// decisions.
func (s *Service) append(tx *store.Tx, c parley.Comment, d parley.Decision, revision int64) {
	data := parley.EventData{Revision: revision, Root: c.Root, Parent: c.Parent, Author: c.Author.ID, To: c.To.ID}
	kind := map[parley.State]parley.EventKind{parley.Published: parley.EventPublished, parley.Removed: parley.EventRemoved, parley.Refused: parley.EventRefused}[d.To]
	if d.From == parley.Removed {
		kind = parley.EventEdited // its place is on the pages already: fetch it again
	}
	tx.Append(parley.Event{Site: c.Site, Story: c.Story, Kind: kind, Subject: c.ID, Actor: d.Moderator, Data: data})
	tx.Append(parley.Event{Site: c.Site, Kind: parley.EventDecided, Subject: c.ID, Actor: d.Moderator, Data: parley.EventData{Decision: d.ID, Author: c.Author.ID}})
}

// alreadySo tells "a colleague was first" from "this makes no sense".
func alreadySo(action parley.Action, state parley.State, err error) error {
	for _, from := range []parley.State{parley.Published, parley.Held, parley.Removed, parley.Refused} {
		if to, e := action.Next(from); e == nil && to == state {
			return parley.Errorf(parley.CodeDecidedAlready, "A colleague decided first: the comment is %s.", state)
		}
	}
	return err
}
