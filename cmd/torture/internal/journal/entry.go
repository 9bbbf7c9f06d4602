package journal

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"
)

// Kind is what a request asks for.
type Kind string

// The kinds of requests that change something.
const (
	Comment     Kind = "comment"     // opens a thread
	Reply       Kind = "reply"       // answers a comment
	Reason      Kind = "reason"      // answers a story's question, with words that become a comment
	Edit        Kind = "edit"        // the author changes a comment
	Withdraw    Kind = "withdraw"    // the author takes a comment back
	Remove      Kind = "remove"      // a moderator takes a comment down
	Restore     Kind = "restore"     // a moderator brings it back
	Recommend   Kind = "recommend"   // a reader recommends a comment
	Unrecommend Kind = "unrecommend" // and no longer
	Follow      Kind = "follow"      // a reader follows a thread
	Unfollow    Kind = "unfollow"    // and no longer
	SignIn      Kind = "sign-in"     // a session begins
	SignOut     Kind = "sign-out"    // a session ends
)

// Comments tells whether a request of this kind writes a comment.
func (k Kind) Comments() bool { return k == Comment || k == Reply || k == Reason }

// decides tells whether it is a moderator's.
func (k Kind) decides() bool { return k == Remove || k == Restore }

// Try is one time a request was sent.
type Try struct {
	Sent   time.Duration `json:"sent"`             // since the journal began
	Took   time.Duration `json:"took"`             // until the answer was read whole, or given up
	Status int           `json:"status,omitempty"` // 0 = no answer
	ID     string        `json:"id,omitempty"`     // of the comment, as the answer names it
	Code   string        `json:"code,omitempty"`   // of a refusal
	Cookie string        `json:"cookie,omitempty"` // that a sign-in brought
	Why    string        `json:"why,omitempty"`    // there was no answer
	Node   int           `json:"node"`             // which process was asked
}

// Entry is one request and what became of it. It is sent again, if at all, byte for byte and under the same key.
type Entry struct {
	N       int    `json:"n"` // in the order of first sending
	Worker  int    `json:"worker"`
	Kind    Kind   `json:"kind"`
	Key     string `json:"key"`               // its Idempotency-Key; words that are written begin with it, so that none are alike
	Reader  string `json:"reader"`            // id of who asks
	Story   string `json:"story,omitempty"`   // id
	Parent  string `json:"parent,omitempty"`  // id of the comment that a reply answers
	Subject string `json:"subject,omitempty"` // id of the comment or thread that is changed; of a session: its cookie
	Text    string `json:"text,omitempty"`    // the words as they must be kept
	Method  string `json:"method"`
	Path    string `json:"path"`
	Body    string `json:"body,omitempty"` // JSON
	Cookie  string `json:"-"`              // header that says who asks
	Tries   []Try  `json:"tries"`
}

// Outcome is what a client may conclude from the answers to a request.
type Outcome int

// The outcomes.
const (
	Unknown      Outcome = iota // no answer, or one that does not say
	Acknowledged                // done
	Refused                     // not done
)

// Outcome concludes. One acknowledgement is enough, whatever other tries came to. A 4xx is a refusal, except of a
// mark that was tried before without an answer: the first try may have set it, and what it stood on may have gone
// since. A 5xx says nothing, since a database that breaks off during a commit cannot know either.
func (e *Entry) Outcome() Outcome {
	vague := false
	refused := ""
	for _, t := range e.Tries {
		switch {
		case t.Status/100 == 2:
			return Acknowledged
		case t.Status/100 == 4 && t.Status != 408 && t.Status != 425 && t.Status != 429:
			refused = t.Code
			if refused == "" {
				refused = "refused"
			}
		default:
			vague = true
		}
	}
	switch {
	case refused == "":
		return Unknown
	case !vague || e.Kind.Comments():
		return Refused
	case e.Kind.decides() && (refused == "decided_already" || refused == "bad_transition"):
		return Acknowledged // nobody else decides on this comment: it was the first try
	}
	return Unknown
}

// ID gives the id of the comment that an acknowledged request wrote.
func (e *Entry) ID() string {
	for _, t := range e.Tries {
		if t.Status/100 == 2 {
			return t.ID
		}
	}
	return ""
}

// session gives the cookie that an acknowledged sign-in brought.
func (e *Entry) session() string {
	for _, t := range e.Tries {
		if t.Status/100 == 2 {
			return t.Cookie
		}
	}
	return ""
}

// Journal is safe for concurrent use. It stands outside of what is tormented: in the memory of the client.
type Journal struct {
	mu      sync.Mutex
	began   time.Time
	entries []*Entry
}

// New begins a journal.
func New() *Journal { return &Journal{began: time.Now()} }

// Begin notes a request that is about to be sent. Its N is set.
func (j *Journal) Begin(e Entry) *Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	e.N = len(j.entries) + 1
	j.entries = append(j.entries, &e)
	return &e
}

// Since tells how long the journal has been kept.
func (j *Journal) Since() time.Duration { return time.Since(j.began) }

// Note adds what became of one try and gives what may be concluded now.
func (j *Journal) Note(e *Entry, t Try) Outcome {
	j.mu.Lock()
	defer j.mu.Unlock()
	t.Took = time.Since(j.began) - t.Sent
	e.Tries = append(e.Tries, t)
	return e.Outcome()
}

// Result tells what may be concluded of a request now, and what the acknowledgement brought: the id of a comment, or
// a cookie.
func (j *Journal) Result(e *Entry) (o Outcome, brought string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if e.Kind == SignIn {
		return e.Outcome(), e.session()
	}
	return e.Outcome(), e.ID()
}

// Entries gives a copy of everything so far, in the order of first sending.
func (j *Journal) Entries() []Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	all := make([]Entry, len(j.entries))
	for i, e := range j.entries {
		all[i] = *e
		all[i].Tries = slices.Clone(e.Tries)
	}
	return all
}

// Open gives the requests whose outcome is not known, to be sent again.
func (j *Journal) Open() (open []*Entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, e := range j.entries {
		if e.Outcome() == Unknown {
			open = append(open, e)
		}
	}
	return open
}

// Acknowledged tells how many requests have been acknowledged, and how many of those wrote comments.
func (j *Journal) Acknowledged() (all, comments int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, e := range j.entries {
		if e.Outcome() == Acknowledged {
			all++
			if e.Kind.Comments() {
				comments++
			}
		}
	}
	return all, comments
}

// Save writes the journal, one entry a line.
func (j *Journal) Save(w io.Writer) error {
	out := json.NewEncoder(w)
	for _, e := range j.Entries() {
		if err := out.Encode(e); err != nil {
			return fmt.Errorf("save the journal: %w", err)
		}
	}
	return nil
}
