// Package moderation holds what stands between a comment and the public: screening before it is saved and
// decisions after. The desk with its queues will call the same verbs.
package moderation

import (
	"context"

	"parley"
)

// Screen says what becomes of a comment when it is saved. It implements conversation.Screener. There is one
// rule now, the site's own: comments of readers who have not confirmed their address may have to wait.
type Screen struct{}

// Screen gives the verdict on a comment by author.
func (Screen) Screen(_ context.Context, site parley.Site, author parley.Reader, _ string) (parley.Verdict, error) {
	if site.HoldUnconfirmed && !author.Confirmed() {
		return parley.Verdict{State: parley.Held, Why: "the author has not confirmed the address"}, nil
	}
	return parley.Verdict{State: parley.Published}, nil
}
