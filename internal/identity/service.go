// Package identity says who somebody is: accounts, the ways to prove one is theirs, sessions, the proof of an
// address, the sign-in window and the first administrator. The JSON API and the plain forms both call these
// verbs; a rule stands in one of them and nowhere else.
//
// Three promises shape it. An address belongs to nobody until it is confirmed, so an account made with
// somebody else's address can do no harm and says nothing about that address. What a browser or a mail holds
// is never stored, only its SHA-256. And slow hashing is bounded, outside of any transaction.
package identity

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"parley"
	"parley/internal/changes"
	"parley/internal/hashing"
	"parley/internal/quota"
	"parley/internal/recent"
	"parley/internal/store"
)

// Screener looks at a comment again once its author's address is confirmed: what would be published now is
// published. It is called inside a transaction, so it must be quick and must not write.
type Screener interface {
	Screen(ctx context.Context, site parley.Site, author parley.Reader, body string) (parley.Verdict, error)
}

// Options is what a Service can be given beside its store and site.
type Options struct {
	Screen  Screener       // nil publishes whatever waited
	Log     *slog.Logger   // nil = slog.Default()
	Changes *changes.Log   // lets sessions be kept in memory; nil reads them for every request
	Hashing *hashing.Aside // where passwords are hashed; nil = in this process
}

// Service answers who somebody is, for one site. It is safe for concurrent use.
type Service struct {
	store    *store.Store
	site     parley.Site
	screen   Screener
	log      *slog.Logger
	ways     map[string]way
	failures failures
	resends  *quota.Quota
	changes  *changes.Log
	known    *recent.Cache[[sha256.Size]byte, known] // by hash of the token
	touching sync.Map                                // hashes of the sessions whose use is being noted
	resting  atomic.Int64                            // no use of a session is noted before this moment, because the last one could not be
}

// The bounds of what is counted in memory, each far above what honest readers cause and a few megabytes at
// most.
const maxCounted = 50_000

// New gives the verbs of one site.
func New(s *store.Store, site parley.Site, o Options) *Service {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Service{
		store: s, site: site, screen: o.Screen, log: o.Log,
		ways:     map[string]way{wayPassword: newPassword(o.Hashing)},
		failures: failures{max: maxCounted},
		resends:  quota.New(maxCounted, quota.Rule{N: 3, Per: time.Hour}, quota.Rule{N: 10, Per: 24 * time.Hour}),
		changes:  o.Changes,
		known:    recent.NewCounted[[sha256.Size]byte, known](maxKnown),
	}
}

// Site gives the site the verbs work for.
func (s *Service) Site() parley.Site { return s.site }

// busyAfter is when trying again may help somebody who found a queue full: about as long as it takes to empty.
const busyAfter = 3 * time.Second

// event gives an event about a reader that the reader caused.
func (s *Service) event(kind parley.EventKind, reader parley.ID) parley.Event {
	return parley.Event{Site: s.site.ID, Kind: kind, Subject: reader, Actor: reader}
}
