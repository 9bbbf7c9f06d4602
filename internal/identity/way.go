package identity

import "context"

// wayPassword names the one way in there is so far, in the column credentials.kind.
const wayPassword = "password"

// way is one way to prove who one is. Others (a link in a mail, a passkey, a publisher's token) join
// Service.ways under the name of their kind.
type way interface {
	// room refuses with parley.CodeBusy while seal and prove would.
	room() error

	// seal turns what a reader chose into what is kept.
	seal(ctx context.Context, chosen string) (kept string, err error)

	// prove tells whether what was given fits what is kept; kept "" fits nothing and takes as long. better is
	// what should be kept from now on, "" for no change.
	prove(ctx context.Context, kept, given string) (fits bool, better string, err error)
}
