package parley

import "slices"

// Reason says why a reader reports a comment or a moderator decides on it. The set is closed so that figures
// can be counted.
type Reason string

// The reasons, in the order they are offered.
const (
	ReasonAbuse    Reason = "abuse"     // insults or threatens somebody
	ReasonHate     Reason = "hate"      // attacks people for what they are
	ReasonSpam     Reason = "spam"      // advertises or repeats
	ReasonFalse    Reason = "false"     // states as fact what is not true
	ReasonOffTopic Reason = "off_topic" // has nothing to do with the story
	ReasonPrivate  Reason = "private"   // reveals private matters
	ReasonIllegal  Reason = "illegal"   // breaks the law
	ReasonOther    Reason = "other"     // something else; say what
)

// Reasons lists the reasons in the order they are offered.
func Reasons() []Reason {
	return []Reason{ReasonAbuse, ReasonHate, ReasonSpam, ReasonFalse, ReasonOffTopic, ReasonPrivate, ReasonIllegal, ReasonOther}
}

var reasonSentences = map[Reason]string{
	ReasonAbuse: "It insults or threatens somebody", ReasonHate: "It attacks people for what they are",
	ReasonSpam: "It advertises or repeats itself", ReasonFalse: "It states as fact what is not true",
	ReasonOffTopic: "It has nothing to do with the story", ReasonPrivate: "It reveals private matters",
	ReasonIllegal: "It breaks the law", ReasonOther: "Something else",
}

// Sentence gives the reason in words a reader understands, without a full stop.
func (r Reason) Sentence() string { return reasonSentences[r] }

// ParseReason reads a reason. It refuses with CodeBadReason.
func ParseReason(s string) (Reason, error) {
	if !slices.Contains(Reasons(), Reason(s)) {
		return "", Errorf(CodeBadReason, "Please choose one of the listed reasons.").On("reason")
	}
	return Reason(s), nil
}

// Report is one reader's word that a comment breaks the rules. A reader reports a comment once; a second
// report replaces the first.
type Report struct {
	ID      ID
	Comment ID
	Reader  ID
	Reason  Reason
	Note    string // the reader's own words, at most MaxNote bytes
	At      Time
}

// Action is what a decision does.
type Action string

// The actions.
const (
	ActionPublish Action = "publish" // a held comment appears
	ActionRefuse  Action = "refuse"  // a held comment never appears
	ActionRemove  Action = "remove"  // a published comment is taken down
	ActionRestore Action = "restore" // a removed or refused comment appears again
)

// transitions is the whole state machine of moderation: from which state an action leads to which. The
// author's own steps (edit, withdraw) stand in comment.go.
var transitions = map[Action]map[State]State{
	ActionPublish: {Held: Published},
	ActionRefuse:  {Held: Refused},
	ActionRemove:  {Published: Removed},
	ActionRestore: {Removed: Published, Refused: Published},
}

// Next gives the state that action leads to from state. It refuses with CodeBadTransition.
func (a Action) Next(from State) (State, error) {
	if to, ok := transitions[a][from]; ok {
		return to, nil
	}
	return "", Errorf(CodeBadTransition, "This cannot be done to a comment that is %s.", from)
}

// Decision is one moderator's act on one comment. Decisions are only ever added.
type Decision struct {
	ID        ID
	Comment   ID
	Moderator ID
	Action    Action
	Reason    Reason
	Note      string // shown to the comment's author, at most MaxNote bytes
	From, To  State
	At        Time
}

// Verdict is what screening says of a comment before it is saved.
type Verdict struct {
	State State  // Published, Held or Refused
	Why   string // for the log and the desk, never shown to strangers; "" = nothing to say
}
