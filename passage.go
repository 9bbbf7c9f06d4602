package parley

// Passage is words of a story's text that readers talk about. Readers who choose the same words in the same
// place share one passage. It is described as in the W3C Web Annotation Data Model (2017), section 4.2.4: its
// words with some text before and after; where they stood is only a hint. Text is counted in code points after
// Unicode normalisation (NFC) and folding of white space.
type Passage struct {
	ID        ID
	Site      ID
	Story     ID
	Exact     string // the words as the first reader chose them; never changed
	Prefix    string // what stood before them
	Suffix    string // what stood after them
	Start     int    // where they stand in the story's current text, or stood when they were last found
	End       int    // the code point after the last; Start = End = 0 when no position is known
	State     PassageState
	Version   int // the version of the text that Start and End count in; 0 = the forum holds no text
	Comments  int // published comments in threads whose root is published
	Threads   int // threads whose root is published
	CreatedAt Time
}

// PassageState says what the forum knows of a passage's place.
type PassageState string

// The states of a passage.
const (
	PassageFound   PassageState = "found"   // stands in the text that the forum serves
	PassageChanged PassageState = "changed" // stood there once; the text has changed since
	PassageQuoted  PassageState = "quoted"  // as quoted by a reader from a page whose text the forum does not hold
)

// Version is one state of a served story's text. Versions are only ever added.
type Version struct {
	Story  ID
	Number int      // from 1
	Title  string   // the headline then
	Blocks []string // the paragraphs, each on one line
	At     Time     // since when it stands
}

// Correction is a reader's suggestion that the text is wrong. It goes to the author and the editors, never into
// the thread.
type Correction struct {
	ID        ID
	Site      ID
	Story     ID
	Passage   ID // 0 = the story as a whole
	Reader    Byline
	Body      string // what is wrong and what is right, plain text, at most MaxNote bytes
	Source    string // an https address or a reference in words, at most MaxSource bytes
	Thanks    bool   // the reader may be thanked by name
	State     CorrectionState
	Reply     string // accepted: what was corrected, as listed under the text; declined: why
	DecidedBy Byline
	CreatedAt Time
	DecidedAt Time // 0 = open
}

// CorrectionState says what became of a suggestion.
type CorrectionState string

// The states of a correction.
const (
	CorrectionOpen     CorrectionState = "open"
	CorrectionAccepted CorrectionState = "accepted"
	CorrectionDeclined CorrectionState = "declined"
)

// MayDecide tells why r may not decide on c, or nil. author tells whether r wrote the story.
func (c Correction) MayDecide(r Reader, author bool) error {
	switch {
	case !author && !r.Roles.Has(RoleEditor):
		return Errorf(CodeForbidden, "Corrections are decided by the author and the editors.")
	case c.Reader.ID == r.ID:
		return Errorf(CodeForbidden, "Somebody else has to decide on a correction that you suggested yourself.")
	case c.State != CorrectionOpen:
		return Errorf(CodeDecidedAlready, "A colleague has already decided on this correction.")
	}
	return nil
}

// Sequel says on an old page what has happened since: a later story, or a dated note.
type Sequel struct {
	ID     ID
	Site   ID
	Story  ID     // the old one
	Later  ID     // the later story, when it has a conversation here; 0 = none
	URL    string // where it can be read; "" for a note alone
	Title  string // the later story's headline; "" for a note alone
	Note   string // what has changed, in a sentence or two
	Day    Time   // when it happened
	Editor ID
	At     Time
}
