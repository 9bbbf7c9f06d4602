package conversation

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"

	"parley"
	"parley/internal/store"
	"parley/internal/trace"
)

// Posted is what came of a write to a comment.
type Posted struct {
	Comment  parley.Comment // as its author sees it
	Revision int64          // the story's, after the write
	Replayed bool           // the same Idempotency-Key had been here before; nothing new was written
}

// Post publishes a draft, or holds it when screening says so. Both are on disk when it returns. It refuses
// with CodeBody…, CodeClosed, CodeParentElsewhere, CodeParentGone, CodeBlocked, CodeDuplicate, CodeKeyReused
// and what screening says.
func (s *Service) Post(ctx context.Context, author parley.Reader, d parley.Draft) (Posted, error) {
	return s.post(ctx, author, d, func(*store.Tx, parley.Comment) error { return nil })
}

func (s *Service) post(ctx context.Context, author parley.Reader, d parley.Draft, also func(*store.Tx, parley.Comment) error) (Posted, error) {
	ctx, span := trace.Start(ctx, "conversation.post", trace.ID("story", d.Story))
	defer span.End()
	text, err := s.Write(ctx, d.Body)
	if err != nil {
		return Posted{}, err
	}
	if err := checkKey(d.Key); err != nil {
		return Posted{}, err
	}
	if d.Passage, err = quoted(d.Passage); err != nil {
		return Posted{}, err
	}
	verdict, err := s.screen.Screen(ctx, s.site, author, words(d, text.Body))
	if err != nil {
		return Posted{}, err
	}
	request := fingerprint(d, text.Body)
	var posted Posted
	err = s.store.Write(ctx, d.Story, func(tx *store.Tx) error {
		var c parley.Comment
		if c, posted, err = s.once(tx, author, d, request, text.Body, verdict); err != nil || posted.Replayed {
			return err
		}
		c.HTML = text.HTML
		if posted, err = s.save(tx, c); err != nil {
			return err
		}
		return also(tx, c)
	})
	return posted, err
}

// words is everything of a draft that strangers may come to read: what a reader quotes from a page elsewhere could
// say anything.
func words(d parley.Draft, body string) string {
	if d.Passage.Exact == "" {
		return body
	}
	return d.Passage.Exact + "\n\n" + body
}

// once gives a draft as the comment that it would be, with its key remembered, or what came of the same request
// before: what is repeated is answered with that, whatever would be said to it now.
func (s *Service) once(tx *store.Tx, author parley.Reader, d parley.Draft, request []byte, body string, verdict parley.Verdict) (parley.Comment, Posted, error) {
	if d.Passage != (parley.Passage{}) { // finding its place may change something, which a repetition must not
		if posted, err := s.replay(tx, author, d.Key, request); err != nil || posted.Replayed {
			return parley.Comment{}, posted, err
		}
	}
	c, err := s.compose(tx, author, d, body, verdict)
	fresh := true
	if err == nil && d.Key != "" {
		fresh, err = tx.Remember(author.ID, d.Key, request, c.ID)
	}
	if _, refused := errors.AsType[*parley.Error](err); fresh && !refused {
		return c, Posted{}, err
	}
	posted, failed := s.replay(tx, author, d.Key, request)
	if failed == nil && !posted.Replayed {
		failed = err
	}
	return c, posted, failed
}

// compose gives a draft as the comment that it would be, or refuses it.
func (s *Service) compose(tx *store.Tx, author parley.Reader, d parley.Draft, body string, verdict parley.Verdict) (parley.Comment, error) {
	c, err := s.place(tx, author, d)
	if err != nil {
		return c, err
	}
	if verdict, err = s.again(tx, author, words(d, body), verdict); err != nil {
		return c, err
	}
	c.State, c.Body = verdict.State, body
	return c, refuseDuplicate(tx, c)
}

// again screens a comment anew that would have to wait when its author has confirmed the address meanwhile:
// what waits for that confirmation has already been published, and this would wait for ever.
func (s *Service) again(tx *store.Tx, author parley.Reader, body string, verdict parley.Verdict) (parley.Verdict, error) {
	if verdict.State != parley.Held || author.Confirmed() {
		return verdict, nil
	}
	now, err := tx.ReaderForVerb(s.site.ID, author.ID)
	if err != nil || !now.Confirmed() {
		return verdict, err
	}
	return s.screen.Screen(tx.Context(), s.site, now, body)
}

// replay answers a key that was here before with the comment it brought then.
func (s *Service) replay(tx *store.Tx, author parley.Reader, key string, request []byte) (Posted, error) {
	if key == "" {
		return Posted{}, nil
	}
	before, id, err := tx.Remembered(author.ID, key)
	if err != nil || id == 0 {
		return Posted{}, err
	}
	if string(before) != string(request) {
		return Posted{}, parley.Errorf(parley.CodeKeyReused, "This request repeats the key of another. Please send it with a key of its own.")
	}
	c, err := tx.Comment(s.viewer(author), id)
	if err != nil {
		return Posted{}, err
	}
	revision, err := tx.Revision(c.Story)
	return Posted{Comment: c, Revision: revision, Replayed: true}, err
}

// place finds where a draft belongs and whether its author may write there.
func (s *Service) place(tx *store.Tx, author parley.Reader, d parley.Draft) (parley.Comment, error) {
	id := tx.NewID()
	c := parley.Comment{
		ID: id, Site: s.site.ID, Story: d.Story, Root: id, Depth: 1,
		Author: author.Byline(), CreatedAt: tx.Now,
	}
	if d.Parent != 0 {
		parent, err := s.answerable(tx, author, d)
		c.Root, c.Parent, c.Depth, c.To = parent.Root, parent.ID, parent.Depth+1, parent.Author
		return c, err
	}
	story, err := s.open(tx, author, d.Story)
	if err != nil {
		return c, err
	}
	c.Quote, err = s.passage(tx, author, story, d.Passage)
	c.Passage = c.Quote.ID
	return c, err
}

// open gives a story when it takes comments.
func (s *Service) open(tx *store.Tx, author parley.Reader, id parley.ID) (parley.Story, error) {
	story, err := tx.Story(s.viewer(author), id)
	if err == nil && story.Closed() {
		err = closed()
	}
	return story, err
}

func closed() error { return parley.Errorf(parley.CodeClosed, "This conversation is closed.") }

// answerable gives the parent of a reply when the author may answer it.
func (s *Service) answerable(tx *store.Tx, author parley.Reader, d parley.Draft) (parley.Comment, error) {
	parent, err := tx.Parent(s.site.ID, d.Parent, author.ID)
	switch {
	case err != nil || parent.Story != d.Story: // then it cannot tell of the story, of which is told first
		if _, unfit := s.open(tx, author, d.Story); unfit != nil {
			return parent.Comment, unfit
		}
	case parent.Closed:
		return parent.Comment, closed()
	}
	if d.Passage != (parley.Passage{}) {
		return parent.Comment, parley.Errorf(parley.CodeMalformed, "A reply speaks of what its thread speaks of. Only a new thread can be about a passage.").On("passage")
	}
	if err != nil {
		return parent.Comment, err
	}
	if !parent.State.Shown() && parent.Author.ID != author.ID {
		return parent.Comment, parley.Errorf(parley.CodeNotFound, "There is no such comment here.")
	}
	if parent.Story != d.Story {
		return parent.Comment, parley.Errorf(parley.CodeParentElsewhere, "The comment you are replying to belongs to another conversation.").On("parent")
	}
	if err := parent.MayAnswer(); err != nil {
		return parent.Comment, err
	}
	if parent.Blocked {
		err = parley.Errorf(parley.CodeBlocked, "You cannot reply to this reader.").On("parent")
	}
	return parent.Comment, err
}

// save writes a new comment with its counters and its event.
func (s *Service) save(tx *store.Tx, c parley.Comment) (Posted, error) {
	if err := tx.InsertComment(c); err != nil {
		return Posted{}, err
	}
	revision, err := tx.Count(c, "", c.State)
	if err != nil {
		return Posted{}, err
	}
	kind := map[parley.State]parley.EventKind{
		parley.Published: parley.EventPublished, parley.Held: parley.EventHeld, parley.Refused: parley.EventRefused,
	}[c.State]
	tx.Append(parley.Event{Site: c.Site, Story: c.Story, Kind: kind, Subject: c.ID, Actor: c.Author.ID, Data: dataOf(c, revision)})
	return Posted{Comment: c, Revision: revision}, nil
}

// refuseDuplicate catches a double click that came without a key.
func refuseDuplicate(tx *store.Tx, c parley.Comment) error {
	twin, err := tx.DuplicateOf(c, tx.Now.Add(-parley.DuplicateWindow))
	if err == nil && twin != 0 {
		return parley.Errorf(parley.CodeDuplicate, "You have just posted these very words here.")
	}
	return err
}

func checkKey(key string) error {
	if len(key) > parley.MaxKey {
		return parley.Errorf(parley.CodeKeyInvalid, "An Idempotency-Key has at most %d bytes.", parley.MaxKey)
	}
	for _, b := range []byte(key) {
		if b < 0x20 || b > 0x7e {
			return parley.Errorf(parley.CodeKeyInvalid, "An Idempotency-Key is made of printable ASCII characters.")
		}
	}
	return nil
}

// fingerprint tells two requests with one key apart.
func fingerprint(d parley.Draft, body string) []byte {
	head := binary.BigEndian.AppendUint64(nil, uint64(d.Story))
	head = binary.BigEndian.AppendUint64(head, uint64(d.Parent))
	head = binary.BigEndian.AppendUint64(head, uint64(d.Passage.ID))
	head = append(head, d.Passage.Exact+"\x00"+d.Passage.Prefix+"\x00"+d.Passage.Suffix...)
	head = append(head, 0)
	sum := sha256.Sum256(append(head, body...))
	return sum[:]
}
