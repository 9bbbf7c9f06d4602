package parley

// NoticeKind says what a notice tells.
type NoticeKind string

// The kinds of notices.
const (
	NoticeReply  NoticeKind = "reply"  // somebody answered the reader
	NoticeReader NoticeKind = "reader" // a followed reader wrote
	NoticeThread NoticeKind = "thread" // a followed thread moved
	NoticeStory  NoticeKind = "story"  // a followed story moved
)

// Notice tells one reader one thing. A reply has a row of its own; the others are bundles ("12 new comments
// in …"), computed from the follow until they are seen.
type Notice struct {
	ID      ID // 0 for a bundle that has not been seen
	Reader  ID
	Kind    NoticeKind
	Subject ID     // the comment answered, or the reader, thread or story followed
	Comment ID     // the newest comment it is about
	Story   ID     // the story of that comment
	Title   string // that story's title
	By      Byline // who wrote the newest comment
	Count   int    // how many comments it stands for; MaxBundle means "that many or more"
	Excerpt string // plain text of a reply's beginning
	At      Time
	Seen    bool
}
