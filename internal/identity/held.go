package identity

import (
	"parley"
	"parley/internal/store"
)

// publishHeld publishes what a reader wrote while waiting for the confirmation and would not have to wait now.
// What screening would still hold stays held, and so does an answer between readers who have since blocked
// one another.
func (s *Service) publishHeld(tx *store.Tx, author parley.Reader) error {
	ids, err := tx.HeldBy(author.ID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		c, err := tx.CommentForVerb(s.site.ID, id)
		if err != nil {
			return err
		}
		waits, err := s.stillWaits(tx, author, c)
		if err != nil {
			return err
		}
		if waits {
			continue
		}
		revision, err := tx.MoveComment(c, parley.Published)
		if err != nil {
			return err
		}
		tx.Append(parley.Event{
			Site: c.Site, Story: c.Story, Kind: parley.EventPublished, Subject: c.ID, Actor: author.ID,
			Data: parley.EventData{Revision: revision, Root: c.Root, Parent: c.Parent, Author: c.Author.ID, To: c.To.ID},
		})
	}
	return nil
}

func (s *Service) stillWaits(tx *store.Tx, author parley.Reader, c parley.Comment) (bool, error) {
	if s.screen != nil {
		verdict, err := s.screen.Screen(tx.Context(), s.site, author, c.Body)
		if err != nil { // the address is proved all the same
			s.log.Warn("a comment waits for a moderator because screening failed", "comment", c.ID, "error", err)
		}
		if err != nil || verdict.State != parley.Published {
			return true, nil
		}
	}
	if c.To.ID == 0 {
		return false, nil
	}
	return tx.Blocked(author.ID, c.To.ID)
}
