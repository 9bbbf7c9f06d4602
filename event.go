package parley

// EventKind names what happened.
type EventKind string

// The kinds of events. Subject says what Event.Subject holds.
const (
	EventPublished     EventKind = "comment.published"     // subject: the comment
	EventHeld          EventKind = "comment.held"          // subject: the comment
	EventRefused       EventKind = "comment.refused"       // subject: the comment
	EventEdited        EventKind = "comment.edited"        // subject: the comment
	EventWithdrawn     EventKind = "comment.withdrawn"     // subject: the comment
	EventRemoved       EventKind = "comment.removed"       // subject: the comment
	EventRecommended   EventKind = "comment.recommended"   // subject: the comment; data: the new count
	EventReported      EventKind = "comment.reported"      // subject: the comment
	EventStoryMade     EventKind = "story.made"            // subject: the story
	EventStoryClosed   EventKind = "story.closed"          // subject: the story
	EventStoryOpened   EventKind = "story.opened"          // subject: the story
	EventRefreshed     EventKind = "story.refreshed"       // subject: the story; counts or names on its page changed
	EventRegistered    EventKind = "reader.registered"     // subject: the reader
	EventKnownAddress  EventKind = "reader.known_address"  // subject: the reader who registered with a confirmed address of another
	EventConfirmed     EventKind = "reader.confirmed"      // subject: the reader
	EventHiddenChanged EventKind = "reader.hidden_changed" // subject: the reader
	EventRolesChanged  EventKind = "reader.roles_changed"  // subject: the reader
	EventSession       EventKind = "reader.session"        // subject: the reader; a session began or ended
	EventFollowed      EventKind = "follow.began"          // subject: what is followed
	EventUnfollowed    EventKind = "follow.ended"          // subject: what is no longer followed
	EventSilenced      EventKind = "silence.changed"       // subject: the reader muted or blocked, or no longer
	EventNoticed       EventKind = "notice.added"          // subject: the reader who got a notice
	EventSeen          EventKind = "notice.seen"           // subject: the reader who saw the notices
	EventDecided       EventKind = "decision.made"         // subject: the comment; data: the decision
	EventRevised       EventKind = "story.revised"         // subject: the story; its text has a new version
	EventSwitched      EventKind = "story.switched"        // subject: the story; passages or questions went on or off
	EventSuggested     EventKind = "correction.suggested"  // subject: the correction
	EventCorrected     EventKind = "correction.decided"    // subject: the correction
	EventAsked         EventKind = "question.asked"        // subject: the question
	EventReworded      EventKind = "question.reworded"     // subject: the question
	EventAnswered      EventKind = "question.answered"     // subject: the question; story 0: who answers is nobody's business
	EventClosed        EventKind = "question.closed"       // subject: the question
	EventMilestone     EventKind = "question.milestone"    // subject: the milestone, added or taken off
	EventProposed      EventKind = "settlement.proposed"   // subject: the settlement
	EventDeclined      EventKind = "settlement.declined"   // subject: the settlement
	EventSettled       EventKind = "settlement.confirmed"  // subject: the settlement
	EventOverturned    EventKind = "settlement.overturned" // subject: the settlement
	EventObjected      EventKind = "appeal.made"           // subject: the appeal against a settlement
	EventHeard         EventKind = "appeal.decided"        // subject: the appeal against a settlement
	EventSequel        EventKind = "sequel.added"          // subject: the sequel, added or taken off
	EventMailAgain     EventKind = "mail.again"            // subject: the reader or, with a decision, the comment; data: how often it was tried
)

// Event is one fact, appended in the transaction that made it true. Ids are a sequence in commit order
// without gaps a follower could miss: whoever has read up to n has seen every event up to n. Data holds ids
// and counts, never text, names or addresses.
type Event struct {
	ID      int64
	Site    ID
	Story   ID // 0 when no story is concerned
	Kind    EventKind
	Subject ID
	Actor   ID // the reader who acted; 0 = the program
	At      Time
	Data    EventData
}

// EventData is the small print of an event; members that do not apply are absent.
type EventData struct {
	Revision int64 `json:"revision,omitempty"` // the story's revision after the change
	Root     ID    `json:"root,omitzero"`
	Parent   ID    `json:"parent,omitzero"`
	Author   ID    `json:"author,omitzero"`
	To       ID    `json:"to,omitzero"` // the author of the parent
	Count    int   `json:"count,omitempty"`
	Decision ID    `json:"decision,omitzero"`
}
