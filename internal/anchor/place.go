package anchor

// Outcome is how a search for a passage ended.
type Outcome string

// The outcomes of [Text.Find]: the passage is there, or it cannot be told where with confidence.
const (
	Found   Outcome = "found"
	Changed Outcome = "changed"
)

// The ways in which a passage was found.
const (
	ByExact    = "exact"    // its words stand there, and nowhere else
	ByContext  = "context"  // its words stand in several places, but only here in these surroundings
	ByPosition = "position" // places look alike, and it stood here: the text around it has not moved otherwise
	ByFuzzy    = "fuzzy"    // its words stand there with some edits
)

// The reasons why a passage was not found.
const (
	WhyEmpty     = "empty"     // the description holds no words, or the text none
	WhyLong      = "long"      // the words or the text are too long to look for
	WhyGone      = "gone"      // nothing near stands anywhere
	WhyEdited    = "edited"    // something near stands there, but too little of it to be sure
	WhyAmbiguous = "ambiguous" // several places fit alike, or one that may be another than was meant
)

// Place is where a passage is, or why that cannot be told.
type Place struct {
	Outcome    Outcome
	By         string  // when found
	Start, End int     // when found: code points of the normalised text
	Score      float64 // when found: how much of the words stands there, 0 to 1
	Why        string  // when changed
}
