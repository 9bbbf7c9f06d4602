package parley

// Question is a story's one open question, which only time answers. Its words are versioned: answers stay with
// the words they answered.
type Question struct {
	ID       ID
	Site     ID
	Story    ID
	State    QuestionState
	Words    QuestionWords // the current ones
	Readers  int           // confirmed readers whose latest answer counts
	OpenedAt Time
	ClosedAt Time    // when answers ended; 0 = open
	AskedBy  ID      // the editor
	Outcome  Outcome // once settled
}

// QuestionWords is one version of a question's words. Versions are only ever added.
type QuestionWords struct {
	Question ID
	Version  int    // from 1
	Text     string // a question that can be answered with a chance, ending in a question mark
	Rule     string // how it will be settled
	Judge    string // by whom
	Closes   Time   // when answers end and the outcome should be known; 0 = unknown
	Void     string // what would make it void
	Office   string // the public office of a person it names; "" = it names none
	Editor   ID
	At       Time
}

// QuestionState says where a question stands.
type QuestionState string

// The states of a question.
const (
	QuestionOpen    QuestionState = "open"    // takes answers
	QuestionClosed  QuestionState = "closed"  // takes none and waits to be settled
	QuestionSettled QuestionState = "settled" // answered by what happened, or void
)

// Takes tells why the question takes no answers at a moment, or nil.
func (q Question) Takes(now Time) error {
	switch {
	case q.State == QuestionSettled:
		return Errorf(CodeQuestionClosed, "This question has been settled.")
	case q.State == QuestionClosed || q.ClosedAt != 0 && now >= q.ClosedAt || q.Words.Closes != 0 && now >= q.Words.Closes:
		return Errorf(CodeQuestionClosed, "This question no longer takes answers.")
	}
	return nil
}

// Step is how likely a reader thinks a thing: one of the seven of the probability yardstick of the UK's
// Professional Head of Intelligence Assessment, from 1 (remote chance) to 7 (almost certain).
type Step int

// The steps.
const (
	RemoteChance Step = iota + 1
	HighlyUnlikely
	Unlikely
	RealisticPossibility
	Likely
	HighlyLikely
	AlmostCertain
)

var stepKeys = []string{"remote_chance", "highly_unlikely", "unlikely", "realistic_possibility", "likely", "highly_likely", "almost_certain"}

// String gives the step's name in JSON, such as "highly_likely"; "" for no step.
func (s Step) String() string {
	if s < RemoteChance || s > AlmostCertain {
		return ""
	}
	return stepKeys[s-1]
}

// Steps lists the steps from the least to the most likely.
func Steps() []Step {
	return []Step{RemoteChance, HighlyUnlikely, Unlikely, RealisticPossibility, Likely, HighlyLikely, AlmostCertain}
}

// ParseStep reads a step by its name in JSON. It refuses with CodeBadStep.
func ParseStep(name string) (Step, error) {
	for _, s := range Steps() {
		if s.String() == name {
			return s, nil
		}
	}
	return 0, Errorf(CodeBadStep, "Please choose one of the seven answers, from remote chance to almost certain.").On("step")
}

// Answer is what one reader thought at one moment. Answers are only ever added; the latest stands.
type Answer struct {
	ID       ID
	Question ID
	Version  int // of the question's words
	Reader   ID
	Step     Step
	Comment  ID // the reason, a comment of the story; 0 = none was given
	At       Time
	Counted  bool // its reader has a confirmed address
}

// Outcome is how a question was settled.
type Outcome string

// The outcomes.
const (
	OutcomeYes  Outcome = "yes"
	OutcomeNo   Outcome = "no"
	OutcomeVoid Outcome = "void" // it cannot be answered any more; counts for nobody
)

// ParseOutcome reads an outcome. It refuses with CodeBadOutcome.
func ParseOutcome(s string) (Outcome, error) {
	switch o := Outcome(s); o {
	case OutcomeYes, OutcomeNo, OutcomeVoid:
		return o, nil
	}
	return "", Errorf(CodeBadOutcome, "A question is settled with yes, no or void.").On("outcome")
}

// Settlement is the newsroom's word on a question: proposed by one editor, confirmed by another.
type Settlement struct {
	ID          ID
	Question    ID
	Outcome     Outcome
	Source      string // where it can be checked: an https address or a reference in words
	Note        string // shown to readers
	State       SettlementState
	HappenedAt  Time // when the outcome became known; scores count up to then
	ProposedBy  Byline
	ProposedAt  Time
	ConfirmedBy Byline
	ConfirmedAt Time
}

// SettlementState says where a settlement stands.
type SettlementState string

// The states of a settlement.
const (
	SettlementProposed   SettlementState = "proposed"   // waits for a second editor
	SettlementConfirmed  SettlementState = "confirmed"  // stands
	SettlementDeclined   SettlementState = "declined"   // the second editor disagreed, or the first took it back
	SettlementOverturned SettlementState = "overturned" // an appeal was granted; the question waits again
)

// MayConfirm tells why r may not confirm s, or nil.
func (s Settlement) MayConfirm(r Reader) error {
	switch {
	case !r.Roles.Has(RoleEditor):
		return Errorf(CodeForbidden, "Questions are settled by editors.")
	case s.State != SettlementProposed:
		return Errorf(CodeDecidedAlready, "A colleague has already decided on this.")
	case s.ProposedBy.ID == r.ID:
		return Errorf(CodeSecondEditor, "A second editor has to confirm what you proposed.")
	}
	return nil
}

// SettlementAppeal is a reader's objection to a settlement. An editor who neither proposed nor confirmed it
// decides.
type SettlementAppeal struct {
	ID         ID
	Settlement ID
	Reader     Byline
	Body       string // at most MaxNote bytes
	State      AppealState
	Reply      string
	DecidedBy  Byline
	At         Time
	DecidedAt  Time // 0 = open
}

// AppealState says what became of an appeal.
type AppealState string

// The states of an appeal.
const (
	AppealOpen    AppealState = "open"
	AppealGranted AppealState = "granted"
	AppealRefused AppealState = "refused"
)

// Milestone is an editor's dated mark on the picture of what readers thought.
type Milestone struct {
	ID       ID
	Question ID
	Day      Time
	Text     string // a few words, at most MaxMilestone characters
	URL      string // where it can be read; "" = nowhere
	Editor   ID
	At       Time
}
