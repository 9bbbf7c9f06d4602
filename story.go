package parley

// Story is a page that readers talk about. It has one conversation.
type Story struct {
	ID          ID
	Site        ID
	URL         string // canonical, unique on the site
	Title       string
	Section     string
	CreatedAt   Time
	PublishedAt Time  // when the publisher says it appeared; 0 = unknown
	ClosedAt    Time  // since when nobody can write; 0 = open
	Revision    int64 // raised by every change a stranger could see
	Comments    int   // published comments
	Threads     int   // threads shown
	LastComment ID    // the newest published comment; 0 = none

	WrittenAt    Time   // when the author finished it, where that is not when it appeared; 0 = unknown
	AuthorEmail  string // whose confirmed address is this wrote it; "" = nobody here. Never shown
	Version      int    // the current version of its text; 0 = the forum holds no text
	VersionAt    Time   // since when that version stands
	Passages     int    // passages with threads shown
	Question     ID     // the open question; 0 = none
	Sequels      int    // what editors linked since
	Corrections  int    // accepted ones
	PassagesOff  bool   // switched off for this story
	QuestionsOff bool
}

// Closed tells whether writing has ended. Reading, recommending and reporting stay open.
func (s Story) Closed() bool { return s.ClosedAt != 0 }

// WrittenBy tells whether r is the story's author: the reader who has proved the address that the publisher
// names.
func (s Story) WrittenBy(r Reader) bool {
	return s.AuthorEmail != "" && r.Confirmed() && r.Site == s.Site && r.Email == s.AuthorEmail
}
