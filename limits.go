package parley

import "time"

// Limits of what one request may bring. docs/limits.md lists them with their reasons; a test keeps the two equal.
const (
	// MaxBody is the most bytes of Markdown in a comment: about 1,600 words, longer than the longest pieces
	// of argument readers finish, and small enough that the worst crafted text renders in well under a second.
	MaxBody = 10_000
	// MaxImportedBody is the most bytes of a comment that an import may bring: old systems had no limit.
	MaxImportedBody = 64 << 10
	// MinName and MaxName bound a display name, in characters.
	MinName = 2
	MaxName = 40
	// MaxEmail is the most bytes of an address (RFC 5321 4.5.3.1.3: 256 with the angle brackets).
	MaxEmail = 254
	// MinPassword is in characters: NIST SP 800-63B-4 asks for 15 when a password is the only factor.
	MinPassword = 15
	// MaxPassword is in bytes: room for any passphrase, small enough not to be a lever for slow hashing.
	MaxPassword = 256
	// MaxNote is the most bytes of the words that go with a report or a decision.
	MaxNote = 1_000
	// MaxURL is the most bytes of a story's address.
	MaxURL = 2_048
	// MaxTitle is the most characters of a story's title; longer ones are cut.
	MaxTitle = 300
	// MaxKey is the most bytes of an Idempotency-Key.
	MaxKey = 255
	// MaxPassage is the most characters of a passage: a long paragraph. What is longer is the piece, not a
	// sentence of it.
	MaxPassage = 1_000
	// MaxContext is the most characters kept before and after a passage: enough to tell apart what repeats.
	MaxContext = 256
	// MaxPassages is how many passages of one story can be talked about: more than a page can mark.
	MaxPassages = 2_000
	// MaxSource is the most bytes of the source of a correction or a settlement.
	MaxSource = 2_048
	// MaxSuggestions is how many corrections one reader may have waiting in one story.
	MaxSuggestions = 5
	// MaxQuestion is the most characters of a question; it stands on one line.
	MaxQuestion = 160
	// MaxRule is the most bytes of how a question is settled, by whom, and what would make it void, each.
	MaxRule = 1_000
	// MaxMilestone is the most characters of a mark on a question's picture, and MaxMilestones how many it has.
	MaxMilestone  = 120
	MaxMilestones = 20
	// MaxSequels is how many later stories and notes a story's head names.
	MaxSequels = 20
	// MaxAnswers is how often one reader may answer one question: once a week for two years.
	MaxAnswers = 100
	// CrowdFrom is how many counted readers must have answered before anybody sees what readers think
	// together: fewer say more about themselves than about the question.
	CrowdFrom = 10
	// AnswerPause is how long an answer must have stood before it can be changed: a slip of the finger is
	// undone at once, a mind changes slower than a second.
	AnswerPause = 2 * time.Second
	// MaxFollows is how much one reader may follow: far more than a person reads, few enough that a feed
	// stays one quick query.
	MaxFollows = 2_000
	// MaxSilences is how many readers one reader may mute, and block.
	MaxSilences = 2_000
	// MaxBundle is where counting new comments of a followed story stops: "99 or more".
	MaxBundle = 99

	// PageThreads is how many threads a page shows; MaxPage is the most a caller may ask for.
	PageThreads = 25
	MaxPage     = 100
	// FirstReplies is how many replies stand under a thread before "Show more replies".
	FirstReplies = 3
	// PageReplies is how many further replies one step shows.
	PageReplies = 50
	// ShownLevels is how deep replies are indented; deeper ones stand at the last level and say whom they answer.
	ShownLevels = 3

	// EditWindow is how long an author may change a comment: long enough for a typing error, too short to
	// turn a comment that others have answered into another.
	EditWindow = 5 * time.Minute
	// DuplicateWindow is within which the same text by the same reader under the same parent counts as a
	// double click.
	DuplicateWindow = 10 * time.Second
	// KeyLife is how long an Idempotency-Key is remembered.
	KeyLife = 24 * time.Hour
	// ConfirmLife is how long a confirmation link works: a weekend and a slow mail server.
	ConfirmLife = 72 * time.Hour
	// ConfirmTries is how often a typed code may be wrong before the link dies.
	ConfirmTries = 5
	// SessionIdle and SessionLife end a reader's session: unused this long, or this old (OWASP ASVS 7.3).
	SessionIdle = 30 * 24 * time.Hour
	SessionLife = 90 * 24 * time.Hour
	// DeskIdle and DeskLife end a moderator's session.
	DeskIdle = 12 * time.Hour
	DeskLife = 24 * time.Hour
	// RedeemLife is how long a sign-in window's word can be redeemed by the page that opened it.
	RedeemLife = 60 * time.Second
	// RefreshCounts is how often recommendation counts may change a story's pages.
	RefreshCounts = 2 * time.Second
)
