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
}

// Closed tells whether writing has ended. Reading, recommending and reporting stay open.
func (s Story) Closed() bool { return s.ClosedAt != 0 }
