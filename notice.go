package parley

// NoticeKind says what a notice tells.
type NoticeKind string

// The kinds of notices.
const (
	NoticeReply  NoticeKind = "reply"  // somebody answered the reader
	NoticeReader NoticeKind = "reader" // a followed reader wrote
	NoticeThread NoticeKind = "thread" // a followed thread moved
	NoticeStory  NoticeKind = "story"  // a followed story moved

	NoticeSettled    NoticeKind = "settled"    // a question that the reader answered or follows was settled; subject: the settlement
	NoticeSequel     NoticeKind = "sequel"     // something has happened since; subject: the sequel
	NoticeCorrection NoticeKind = "correction" // what the reader suggested was decided; subject: the correction
	NoticeSuggestion NoticeKind = "suggestion" // a reader suggests a correction to the author's text; subject: the correction
)

// OfComment tells whether notices of this kind are about comments. The others name their story themselves.
func (k NoticeKind) OfComment() bool {
	switch k {
	case NoticeSettled, NoticeSequel, NoticeCorrection, NoticeSuggestion:
		return false
	}
	return true
}

// Notice tells one reader one thing. A reply has a row of its own; the others are bundles ("12 new comments
// in …"), computed from the follow until they are seen.
type Notice struct {
	ID      ID // 0 for a bundle that has not been seen
	Reader  ID
	Kind    NoticeKind
	Subject ID     // the comment answered, or the reader, thread or story followed
	Comment ID     // the newest comment it is about; 0 = it is about no comment
	Story   ID     // the story of that comment, or the one it is about
	Title   string // that story's title
	By      Byline // who wrote the newest comment
	Count   int    // how many comments it stands for; MaxBundle means "that many or more"
	Excerpt string // plain text: a reply's beginning; the outcome; what has changed; what was decided and why
	At      Time
	Seen    bool
}
