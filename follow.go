package parley

// FollowKind says what is followed.
type FollowKind string

// What can be followed.
const (
	FollowReader FollowKind = "reader"
	FollowThread FollowKind = "thread"
	FollowStory  FollowKind = "story"

	FollowQuestion FollowKind = "question" // told when it is settled, and of what has happened since
)

// Follow is one reader's wish to hear of what a reader, a thread or a story brings. Who follows whom is
// private: only the follower and the followed reader learn of it.
type Follow struct {
	Reader ID
	Kind   FollowKind
	Target ID
	Seen   ID // comments up to this id have been seen in the notices
	At     Time
}

// MayFollow tells why r may not follow the reader who, or nil. blocked says that one blocks the other.
func MayFollow(r, who Reader, blocked bool) error {
	switch {
	case r.ID == who.ID:
		return Errorf(CodeSelf, "You cannot follow yourself.")
	case blocked:
		return Errorf(CodeBlocked, "You cannot follow this reader.")
	case who.Hidden:
		return Errorf(CodeProfileHidden, "This reader has hidden the profile and cannot be followed.")
	}
	return nil
}

// Silence is a one-sided or two-sided distance between readers.
type Silence string

// The two silences. A mute hides the other for oneself. A block hides each from the other, forbids answers
// both ways and ends follows both ways.
const (
	Mute  Silence = "mute"
	Block Silence = "block"
)

// Marks is everything a reader's own overlay on a shared page needs.
type Marks struct {
	Recommended []ID // comments of the story
	Following   []ID // readers
	Threads     []ID // followed threads of the story
	Story       bool // follows the story
	Muted       []ID // readers muted by the viewer
	Hidden      []ID // readers not to be shown: muted, blocked, blocked by; unlabelled on purpose
}
