package transfer

import (
	"context"

	"parley"
)

// Writer is where an import puts what it has read. Calls do not overlap.
//
// Each method gives the id of the record and whether this call made it; a record whose Source and SourceID
// are known already, from this run or an earlier one, is left as it is and its id given. A refusal of
// [parley.KindInvalid] leaves that one record out and the import goes on; any other error ends it. A Writer
// may gather records and write them together, as long as later calls see earlier ones.
type Writer interface {
	// Story gives the story at the record's address, made by this call or by whomever. Closed and the
	// other members count only when this call makes it. Comments can be written to a closed one.
	Story(ctx context.Context, record StoryRecord) (id parley.ID, created bool, err error)
	// Reader gives an account without any way in: no password, no session, no mail. Its address is not
	// confirmed and the account is not that of a reader who has registered with the address here. A name
	// that is taken is made another one.
	Reader(ctx context.Context, record ReaderRecord) (id parley.ID, created bool, err error)
	// Comment writes one comment without limits and notices. When the SourceID is known so far only from a
	// placeholder and the record has a text, it is put in the placeholder's place, which counts as created.
	// It refuses with [parley.CodeParentElsewhere] when the SourceID is known from another story.
	Comment(ctx context.Context, record CommentRecord) (id parley.ID, created bool, err error)
}

// StoryRecord is a page as another system knew it.
type StoryRecord struct {
	Source      string // the system and the site, such as "wordpress:news.example"
	SourceID    string // the page's own id there
	URL         string // canonical, see [parley.Site.StoryURL]
	Title       string // plain text, at most [parley.MaxTitle] characters, never empty
	Section     string // plain text, at most 100 characters, may be empty
	PublishedAt parley.Time
	Closed      bool
}

// ReaderRecord is somebody who wrote there.
type ReaderRecord struct {
	Source   string
	SourceID string      // made of what tells this person from others; gives no address away
	Name     string      // 2 to 40 characters, perhaps taken
	Email    string      // lower case; "" when unknown
	Since    parley.Time // when a comment of theirs that we saw was written
}

// CommentRecord is one comment, or the placeholder of one that is missing.
type CommentRecord struct {
	Source   string
	SourceID string
	Story    parley.ID
	Parent   parley.ID    // 0 opens a thread
	Author   parley.ID    // set for placeholders too
	State    parley.State // Published, Held, or Removed for a placeholder
	Body     string       // Markdown of at most [parley.MaxImportedBody] bytes; "" for a placeholder
	At       parley.Time  // later than the parent's id says, so that ids keep the order of the talk
}

// Placeholder tells whether the record only keeps the place of a missing comment.
func (c CommentRecord) Placeholder() bool { return c.State == parley.Removed }
