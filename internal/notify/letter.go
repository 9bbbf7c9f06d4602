package notify

import (
	"context"
	"strconv"

	"parley"
	"parley/internal/mail"
	"parley/internal/markup"
	"parley/internal/store"
)

// letter is a letter before it is written.
type letter struct {
	to     string    // the address
	reader parley.ID // who gets it, or caused it: for the log, which holds no addresses
	name   string    // which letter it is
	key    string    // the same for every attempt at the same words; "" when each attempt has words of its own
	mints  parley.ID // whose confirmation is made when it is sent; 0 = none
	data   mail.Data // nil = there is no letter to send
}

// slot names what is counted together.
func (l letter) slot() string { return l.name + " " + l.to }

// letterOf finds out which letter an event asks for now, which may be none.
func (s *Service) letterOf(ctx context.Context, e parley.Event) (l letter, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		if e.Kind == parley.EventDecided || e.Data.Decision != 0 {
			l, err = s.decided(tx, e)
		} else {
			l, err = s.account(tx, e)
		}
		return err
	})
	if parley.CodeOf(err) == parley.CodeNotFound {
		return letter{}, nil
	}
	return l, err
}

// account is for somebody who registered. To whom the address belongs is asked now, not when it was
// registered: if to somebody else, that reader is told; if to nobody, whoever reads the mailbox is asked to
// confirm.
func (s *Service) account(tx *store.Tx, e parley.Event) (letter, error) {
	r, err := tx.ReaderForVerb(s.site.ID, e.Subject)
	if err != nil || r.Confirmed() || r.Email == "" {
		return letter{}, err
	}
	l := letter{to: r.Email, reader: r.ID, mints: r.ID, name: mail.KindConfirm, data: mail.Confirm{Site: s.site.Name}}
	owner, err := tx.ReaderByAddress(s.site.ID, r.Email)
	switch parley.CodeOf(err) {
	case "":
		l.reader, l.name, l.key = owner.ID, mail.KindKnown, "known-"+strconv.FormatInt(e.ID, 10)
		l.data = mail.Known{Site: s.site.Name, SignIn: s.site.BaseURL + SignInPath}
		return l, nil
	case parley.CodeNotFound:
		return l, nil
	}
	return letter{}, err
}

// maxQuote is how much of a comment a letter quotes, in characters: enough to know which one it was.
const maxQuote = 400

// decided is for the author of a comment that a decision took away, if the decision still stands and the
// address is proved.
func (s *Service) decided(tx *store.Tx, e parley.Event) (letter, error) {
	d, err := tx.LastDecision(e.Subject)
	if err != nil || d.ID != e.Data.Decision || (d.To != parley.Removed && d.To != parley.Refused) {
		return letter{}, err
	}
	c, err := tx.CommentForVerb(s.site.ID, e.Subject)
	if err != nil || c.State != d.To {
		return letter{}, err
	}
	author, err := tx.ReaderForVerb(s.site.ID, c.Author.ID)
	if err != nil || !author.Confirmed() || author.Email == "" || author.ID == d.Moderator {
		return letter{}, err
	}
	story, err := tx.Story(parley.Nobody(s.site.ID), c.Story)
	if err != nil {
		return letter{}, err
	}
	html := c.HTML
	if html == "" {
		html = markup.PlainHTML(c.Body)
	}
	return letter{
		to: author.Email, reader: author.ID, name: mail.KindDecided, key: "decided-" + d.ID.String(),
		data: mail.Decided{
			Site: s.site.Name, Story: story.Title, Refused: d.To == parley.Refused,
			Reason: d.Reason.Sentence(), Note: d.Note, Quote: markup.Text(html, maxQuote),
		},
	}, nil
}
