package conversation

import (
	"context"

	"parley"
	"parley/internal/store"
)

// Edit changes the author's own words within the edit window; the earlier text is kept for moderators. An
// edit that changes nothing leaves no mark. The new words are screened like the first ones; when they would
// have to wait, the edit is refused, because taking a published comment back into waiting would orphan its
// replies.
func (s *Service) Edit(ctx context.Context, author parley.Reader, id parley.ID, body string) (Posted, error) {
	text, err := s.Write(ctx, body)
	if err != nil {
		return Posted{}, err
	}
	verdict, err := s.screen.Screen(ctx, s.site, author, text.Body)
	if err != nil {
		return Posted{}, err
	}
	var posted Posted
	err = s.change(ctx, author, id, func(tx *store.Tx, c parley.Comment) error {
		if err := c.MayEdit(author, tx.Now); err != nil {
			return err
		}
		if c.State == parley.Published && verdict.State != parley.Published {
			return parley.Errorf(parley.CodeForbidden, "The comment cannot be changed to these words.").On("body")
		}
		posted.Comment = c
		if c.Body == text.Body {
			posted.Revision, err = tx.Revision(c.Story)
			return err
		}
		if err := tx.RewriteComment(c, text.Body, text.HTML); err != nil {
			return err
		}
		posted.Comment.Body, posted.Comment.HTML, posted.Comment.EditedAt = text.Body, text.HTML, tx.Now
		posted.Revision, err = s.announce(tx, c, parley.EventEdited, author.ID)
		return err
	})
	return posted, err
}

// Withdraw takes the author's own comment back for good. Replies stay where they are under a placeholder. One
// that still waits goes without a trace: a placeholder for what nobody saw would be a way to be seen unscreened.
// Withdrawing twice is withdrawing once.
func (s *Service) Withdraw(ctx context.Context, author parley.Reader, id parley.ID) (Posted, error) {
	var posted Posted
	err := s.change(ctx, author, id, func(tx *store.Tx, c parley.Comment) (err error) {
		if err := c.MayWithdraw(author); err != nil {
			return err
		}
		posted.Comment = c
		posted.Comment.State = parley.Withdrawn
		if c.State == parley.Withdrawn || c.State == parley.Removed {
			posted.Revision, err = tx.Revision(c.Story)
			posted.Comment.State = c.State
			return err
		}
		if c.State == parley.Held {
			if posted.Revision, err = tx.Revision(c.Story); err != nil {
				return err
			}
			tx.Append(parley.Event{Site: c.Site, Kind: parley.EventWithdrawn, Subject: c.ID, Actor: author.ID})
			return tx.DropHeld(c)
		}
		if posted.Revision, err = tx.MoveComment(c, parley.Withdrawn); err != nil {
			return err
		}
		tx.Append(parley.Event{Site: c.Site, Story: c.Story, Kind: parley.EventWithdrawn, Subject: c.ID, Actor: author.ID, Data: dataOf(c, posted.Revision)})
		return nil
	})
	return posted, err
}

// change runs fn on a comment that exists for the reader.
func (s *Service) change(ctx context.Context, by parley.Reader, id parley.ID, fn func(*store.Tx, parley.Comment) error) error {
	return s.store.Write(ctx, 0, func(tx *store.Tx) error {
		if _, err := tx.Comment(s.viewer(by), id); err != nil {
			return err
		}
		c, err := tx.CommentForVerb(s.site.ID, id)
		if err != nil {
			return err
		}
		return fn(tx, c)
	})
}

// announce raises the story's revision for a change strangers can see and appends its event. The event of a
// comment that waits names no story: whoever watches the story is not to hear that it is there.
func (s *Service) announce(tx *store.Tx, c parley.Comment, kind parley.EventKind, actor parley.ID) (revision int64, err error) {
	story := c.Story
	if c.State.Shown() {
		revision, err = tx.Raise(c.Story)
	} else {
		story = 0
		revision, err = tx.Revision(c.Story)
	}
	if err == nil {
		tx.Append(parley.Event{Site: c.Site, Story: story, Kind: kind, Subject: c.ID, Actor: actor, Data: dataOf(c, revision)})
	}
	return revision, err
}
