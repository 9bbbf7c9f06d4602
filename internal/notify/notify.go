// Package notify follows what happens and tells the people it concerns: a notice inside the forum, a letter
// by mail. Nothing else sends mail. Each follower keeps its place in the database, so that a letter is written
// after a crash too, and hardly ever twice.
package notify

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"parley"
	"parley/internal/mail"
	"parley/internal/quota"
	"parley/internal/store"
)

// Where the links in letters lead, below the site's base address.
const (
	ConfirmPath = "/account/confirm" // with ?token=
	SignInPath  = "/account/sign-in"
)

// Minter makes the token that a confirmation letter carries, when the letter is about to be sent. It refuses
// with parley.CodeLinkGone when there is nothing left to confirm. The identity package implements it.
type Minter interface {
	MintConfirmation(ctx context.Context, reader parley.ID) (token string, err error)
}

// The most letters of one kind to one address: enough for somebody who lost one, no means to flood a mailbox
// through us.
var letterRules = []quota.Rule{{N: 3, Per: time.Hour}, {N: 10, Per: 24 * time.Hour}}

// maxCounted is how many addresses are counted at once: a few megabytes.
const maxCounted = 50_000

// Service tells people what happened, for one site. It is safe for concurrent use.
type Service struct {
	store  *store.Store
	site   parley.Site
	minter Minter
	sender mail.Sender
	log    *slog.Logger
	counts *quota.Quota
}

// New gives the followers of one site.
func New(s *store.Store, site parley.Site, minter Minter, sender mail.Sender, log *slog.Logger) *Service {
	return &Service{store: s, site: site, minter: minter, sender: sender, log: log, counts: quota.New(maxCounted, letterRules...)}
}

// Run follows until ctx ends. Of several processes on one database one at a time does each follower's work.
func (s *Service) Run(ctx context.Context) {
	var running sync.WaitGroup
	running.Go(func() { s.store.FollowEvents(ctx, "notices", noticed, s.giveNotices) })
	for _, p := range s.postmen() {
		running.Go(func() { s.store.FollowEvents(ctx, p.name, p.kinds, p.deliver) })
	}
	running.Wait()
}

// until waits for a moment of the store's clock.
func (s *Service) until(ctx context.Context, due parley.Time) error {
	for {
		left := due - s.store.Now()
		if left <= 0 {
			return nil
		}
		// Looked at again now and then: the clock may be set, or be a test's own.
		select {
		case <-time.After(min(time.Duration(left)*time.Millisecond, time.Second)):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
