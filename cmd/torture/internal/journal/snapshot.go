package journal

// Snapshot is what a database holds at one moment. Ids are as the API writes them.
type Snapshot struct {
	Comments    map[string]Row      // by id
	Stories     map[string]Counts   // by id
	Readers     map[string]int      // their comments, as counted; by id
	Recommended map[Mark]bool       // whose mark stands
	Followed    map[Mark]bool       // threads
	Decisions   map[string][]string // actions on a comment, in order
	Reasons     map[string]string   // comment → the reader whose answer it came with
	Keys        map[Mark]string     // reader and key → comment
	Earlier     map[string]int      // how many earlier texts of a comment are kept
	Events      []Event             // by id
	Counter     int64               // the number of the last event, as counted
	Faults      []string            // what the engine finds wrong with its files, and rows that point nowhere
}

// Row is a comment as it is kept.
type Row struct {
	Story, Root, Parent, Author string // Parent is "" for the first of a thread
	Body, State                 string
	Recommendations, Replies    int
	Reason                      bool
}

// shown tells whether a comment has a place on the page.
func (r Row) shown() bool { return r.State == published || r.State == removed || r.State == withdrawn }

const (
	published = "published"
	removed   = "removed"
	withdrawn = "withdrawn"
)

// Counts are the numbers that a story keeps.
type Counts struct {
	Comments, Threads int
	Revision          int64
}

// Mark is what a reader did to something.
type Mark struct{ Reader, Target string }

// Event is one row of the log.
type Event struct {
	ID             int64
	Story          string // "" = none
	Kind           string
	Subject, Actor string
	Count          int
	Revision       int64
}

// Violation is one broken promise.
type Violation struct {
	Rule string `json:"rule"` // a word
	What string `json:"what"` // a sentence
}

// The rules.
const (
	Lost     = "lost"     // acknowledged, and not there
	Doubled  = "doubled"  // there more than once
	Stray    = "stray"    // there, and nobody was told so or nobody asked for it
	Changed  = "changed"  // there, and not as it must be
	Miscount = "miscount" // a number that a recount does not give
	Disorder = "disorder" // the event log has gaps or is out of order
	Stream   = "stream"   // a stream left something out, told it twice or in another order
	Session  = "session"  // signed out and still in, or the other way round
	Page     = "page"     // a page or answer that does not show what the database holds
	Damage   = "damage"   // the database is not sound
	Slow     = "slow"     // not back in time
	Answer   = "answer"   // an answer that must not be given
	Fault    = "fault"    // the program ended, or did not end, as it must
)
