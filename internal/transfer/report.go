package transfer

import (
	"fmt"
	"maps"
)

// Reason says why something was left out or mended. Its text is what the report prints.
type Reason string

// Why items of an export did not become stories.
const (
	OtherKind    Reason = "of another kind (attachments, menus, …)"
	NotPublished Reason = "not published (drafts, planned, private)"
	Protected    Reason = "behind a password"
	NoAddress    Reason = "without an address or an id"
	OtherHost    Reason = "on another host, and no rewrite moves them here"
	WithoutTalk  Reason = "closed and without comments"
	TooTangled   Reason = "with more comments before the description than can be held"
	StoryRefused Reason = "refused"
)

// Why comments were left out.
const (
	Pingback       Reason = "pingbacks and trackbacks"
	Spam           Reason = "spam"
	Trash          Reason = "in the trash"
	OtherType      Reason = "of a type that is no reader's comment"
	OtherState     Reason = "in a state we do not know"
	Empty          Reason = "empty"
	TooLong        Reason = "longer than 64 kB"
	Unreadable     Reason = "with a text that cannot be read"
	NoID           Reason = "without a number"
	Repeated       Reason = "in the file twice"
	Elsewhere      Reason = "with a number that a comment under another story has"
	CommentRefused Reason = "refused"
)

// under gives the reason for leaving out a comment whose page was left out for why.
func under(why Reason) Reason { return "under pages " + why }

// What was mended on the way.
const (
	DateUnreadable Reason = "unreadable dates; the story's was taken"
	DateClamped    Reason = "dates before 2000 or in the future, moved to the nearest possible one"
	DateLocal      Reason = "dates without UTC, read in the given zone"
	ReplyTooEarly  Reason = "replies dated before what they answer, moved after it"
	ReplyRaised    Reason = "replies to a comment that waits for approval, moved up to the next one that is shown"
	ReplyElsewhere Reason = "replies to a comment under another story, made threads"
	Circle         Reason = "replies that answered themselves in a circle, made threads"
	Upgraded       Reason = "addresses moved from http to https, as the site has it"
)

// Tally counts records of one kind.
type Tally struct {
	New   int // made by this run; in a dry run, what would be made in an empty database
	Known int // already there
}

func (t *Tally) add(created bool) {
	if created {
		t.New++
	} else {
		t.Known++
	}
}

// Warning is one thing worth a look.
type Warning struct {
	File string
	Line int // counted from 1
	What string
}

// maxWarnings keeps the report readable; all are counted.
const maxWarnings = 50

// Report says what an import found and did.
type Report struct {
	Dry          bool // nothing was written
	Files        int  // read to the end
	Bytes        int64
	Stories      Tally
	Readers      Tally
	Comments     Tally // without placeholders
	Threads      int   // comments, new and known, that open a thread
	Held         int   // comments, new and known, that wait for approval
	Placeholders Tally
	Items        map[Reason]int // left out
	Skipped      map[Reason]int // comments left out
	Mended       map[Reason]int
	Warnings     []Warning // the first of them
	Unlisted     int       // further warnings
}

func newReport(dry bool) *Report {
	return &Report{Dry: dry, Items: map[Reason]int{}, Skipped: map[Reason]int{}, Mended: map[Reason]int{}}
}

func (r *Report) warn(file string, line int, format string, args ...any) {
	if len(r.Warnings) >= maxWarnings {
		r.Unlisted++
		return
	}
	r.Warnings = append(r.Warnings, Warning{file, line, fmt.Sprintf(format, args...)})
}

// Total gives how many comments the files hold, kept and left out.
func (r *Report) Total() int {
	n := r.Comments.New + r.Comments.Known
	for count := range maps.Values(r.Skipped) {
		n += count
	}
	return n
}
