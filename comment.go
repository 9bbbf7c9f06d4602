package parley

import "time"

// State says where a comment stands. The table of legal steps is in moderation.go.
type State string

// The states of a comment.
const (
	Published State = "published" // everyone sees it
	Held      State = "held"      // waits; only its author and moderators see it
	Refused   State = "refused"   // was never published; only its author and moderators see it
	Removed   State = "removed"   // taken down by a decision; a placeholder stays
	Withdrawn State = "withdrawn" // taken back by its author; a placeholder stays
)

// Shown tells whether a comment in this state has a place in the thread that strangers see, be it as a
// placeholder.
func (s State) Shown() bool { return s == Published || s == Removed || s == Withdrawn }

// Comment is one thing one reader wrote under one story. A comment without a parent is the root of a thread
// and the thread's id is the root's.
type Comment struct {
	ID              ID
	Site            ID
	Story           ID
	Root            ID  // the thread; equals ID for a root
	Parent          ID  // 0 for a root
	Depth           int // 1 for a root; unbounded
	Author          Byline
	To              Byline // the author of the parent; zero for a root
	State           State
	Body            string  // Markdown as written; "" when the viewer may not read it
	HTML            string  // rendered once on save; "" when the viewer may not read it
	Passage         ID      // the passage it speaks of, on roots only; 0 = the story as a whole
	Quote           Passage // that passage, in what readers are shown; zero when Passage is 0
	Reason          bool    // it came with an answer to the story's question
	CreatedAt       Time
	EditedAt        Time // 0 = never
	Recommendations int
	Replies         int // published replies in the whole thread, on roots only
}

// IsRoot tells whether the comment opens a thread.
func (c Comment) IsRoot() bool { return c.Parent == 0 }

// Thread is a root comment with the first of its replies in the order they were written. A reply's parent is
// always earlier in the order, so any beginning of the list forms a whole tree.
type Thread struct {
	Root    Comment
	Replies []Comment
	More    bool // further replies exist
}

// Draft is what a reader asks to publish. Nothing in it has been checked.
type Draft struct {
	Story   ID
	Parent  ID // 0 opens a thread
	Body    string
	Passage Passage // what it speaks of: an ID that is known, or Exact with what stands around it; zero = the story as a whole
	Key     string  // Idempotency-Key; "" = none
}

// Sort is an order of threads. Each has a keyset order in the store; a sort that ranks by quality joins here.
type Sort string

// The orders of threads.
const (
	Newest      Sort = "newest" // the default
	Oldest      Sort = "oldest"
	Recommended Sort = "recommended" // most recommended first, newer first among equals
)

// Sorts lists the orders in the order they are offered.
func Sorts() []Sort { return []Sort{Newest, Oldest, Recommended} }

// ParseSort reads a sort; "" is Newest. It refuses with CodeBadSort.
func ParseSort(s string) (Sort, error) {
	if s == "" {
		return Newest, nil
	}
	for _, known := range Sorts() {
		if s == string(known) {
			return known, nil
		}
	}
	return "", Errorf(CodeBadSort, "Comments can be sorted by newest, oldest or recommended.").On("sort")
}

// MayEdit tells why r may not change the text of c at now, or nil.
func (c Comment) MayEdit(r Reader, now Time) error {
	switch {
	case c.Author.ID != r.ID:
		return Errorf(CodeNotYours, "Only the author can change a comment.")
	case c.State != Published && c.State != Held:
		return Errorf(CodeNotPublished, "This comment is no longer there to be changed.")
	case now > c.CreatedAt.Add(EditWindow):
		return Errorf(CodeTooLate, "A comment can be changed for %d minutes after it was written.", int(EditWindow/time.Minute))
	}
	return nil
}

// MayWithdraw tells why r may not take c back, or nil. There is no time limit.
func (c Comment) MayWithdraw(r Reader) error {
	switch {
	case c.Author.ID != r.ID:
		return Errorf(CodeNotYours, "Only the author can withdraw a comment.")
	case c.State == Refused:
		return Errorf(CodeNotPublished, "This comment was not published: there is nothing to withdraw.")
	}
	return nil
}

// MayAnswer tells why nobody may reply to c, or nil.
func (c Comment) MayAnswer() error {
	if c.State != Published {
		return Errorf(CodeParentGone, "The comment you are replying to is no longer there.").On("parent")
	}
	return nil
}

// MayRecommend tells why r may not recommend c, or nil.
func (c Comment) MayRecommend(r Reader) error {
	switch {
	case c.Author.ID == r.ID:
		return Errorf(CodeOwnComment, "You cannot recommend your own comment.")
	case c.State != Published:
		return Errorf(CodeNotPublished, "This comment is no longer there.")
	}
	return nil
}

// MayReport tells why r may not report c, or nil.
func (c Comment) MayReport(r Reader) error {
	switch {
	case c.Author.ID == r.ID:
		return Errorf(CodeOwnComment, "You cannot report your own comment. You can withdraw it.")
	case c.State != Published:
		return Errorf(CodeNotPublished, "This comment is no longer there.")
	}
	return nil
}
