package identity

import (
	"context"

	"parley"
	"parley/internal/store"
)

// HideProfile hides a reader's profile, or shows it again. A hidden one cannot be followed any more; who
// follows it already stays.
func (s *Service) HideProfile(ctx context.Context, r parley.Reader, hidden bool) error {
	return s.store.Write(ctx, 0, func(tx *store.Tx) error {
		before, err := tx.ReaderForVerb(s.site.ID, r.ID)
		if err != nil || before.Hidden == hidden {
			return err
		}
		if err := tx.HideProfile(r.ID, hidden); err != nil {
			return err
		}
		tx.Append(s.event(parley.EventHiddenChanged, r.ID))
		return s.refreshStories(tx, r.ID)
	})
}

// GiveRoles sets the roles of a reader on the site. Only an administrator at the desk may, and not take that
// role from themselves, lest nobody be left. The reader's sessions end in the same transaction, so that no
// old one carries other powers.
func (s *Service) GiveRoles(ctx context.Context, by parley.Viewer, reader parley.ID, roles parley.Role) error {
	switch {
	case !by.Desk || !by.Roles.Has(parley.RoleAdministrator):
		return parley.Errorf(parley.CodeForbidden, "Only an administrator can give roles, at the desk.")
	case by.Reader == reader && !roles.Has(parley.RoleAdministrator):
		return parley.Errorf(parley.CodeSelf, "You cannot take the administrator's role from yourself. Another administrator can.")
	}
	return s.store.Write(ctx, 0, func(tx *store.Tx) error {
		before, err := tx.ReaderForVerb(s.site.ID, reader)
		if err != nil || before.Roles == roles {
			return err
		}
		if err := tx.GiveRoles(reader, roles); err != nil {
			return err
		}
		changed := s.event(parley.EventRolesChanged, reader)
		changed.Actor = by.Reader
		tx.Append(changed)
		if err := s.endAll(tx, reader); err != nil {
			return err
		}
		return s.refreshStories(tx, reader)
	})
}

// refreshStories raises the revision of every story whose page names the reader.
func (s *Service) refreshStories(tx *store.Tx, reader parley.ID) error {
	stories, err := tx.StoriesOf(reader)
	if err != nil {
		return err
	}
	for _, story := range stories {
		revision, err := tx.Raise(story)
		if err != nil {
			return err
		}
		tx.Append(parley.Event{
			Site: s.site.ID, Story: story, Kind: parley.EventRefreshed, Subject: story, Actor: reader, Data: parley.EventData{Revision: revision},
		})
	}
	return nil
}
