package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"parley"
	"parley/internal/db"
)

const (
	// nodeLease is how long a node number stays taken after its process stopped renewing it.
	nodeLease = time.Minute
	// followerLease is how long a follower's place stays taken: as long as mail may wait after a crash.
	followerLease = 15 * time.Second
)

// Lease takes or keeps the right to do something alone in the cluster for a while and tells whether this
// process holds it. On SQLite the lock on the data folder already says so.
func (s *Store) Lease(ctx context.Context, name string, life time.Duration) (bool, error) {
	if s.Engine() == db.SQLite {
		return true, nil
	}
	now := s.now()
	var expires parley.Time
	err := s.Read(ctx, func(tx *Tx) error {
		return tx.q.QueryRow(`SELECT COALESCE(max(CASE WHEN holder = $1 THEN expires_at ELSE -expires_at END), 0) FROM leases WHERE name = $2`, s.holder, name).Scan(&expires)
	})
	switch {
	case err != nil:
		return false, err
	case expires < 0 && -expires > now:
		return false, nil // another process holds it
	case expires > now.Add(life/2):
		return true, nil // held with time to spare: no write
	}
	return s.takeLease(ctx, name, life)
}

func (s *Store) takeLease(ctx context.Context, name string, life time.Duration) (held bool, err error) {
	err = s.Write(ctx, 0, func(tx *Tx) error {
		n, err := tx.q.Exec(`INSERT INTO leases (name, holder, expires_at) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
			WHERE leases.holder = excluded.holder OR leases.expires_at < $4`, name, s.holder, tx.Now.Add(life), tx.Now)
		held = n == 1
		return err
	})
	return held, err
}

// holding runs fn and keeps a lease that this process holds meanwhile, because sending mail takes longer than a
// lease lives. fn's context ends when the lease is lost.
func (s *Store) holding(ctx context.Context, name string, fn func(context.Context) error) error {
	if s.Engine() == db.SQLite {
		return fn(ctx)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var renewing sync.WaitGroup
	renewing.Go(func() {
		renew := time.NewTicker(followerLease / 3)
		defer renew.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-renew.C:
			}
			if held, err := s.Lease(ctx, name, followerLease); err == nil && !held {
				cancel()
				return
			}
		}
	})
	err := fn(ctx)
	cancel()
	renewing.Wait()
	return err
}

// releaseLease lets another process take over at once; failing to only makes it wait.
func (s *Store) releaseLease(name string) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	err := s.Write(ctx, 0, func(tx *Tx) error {
		_, err := tx.q.Exec(`DELETE FROM leases WHERE name = $1 AND holder = $2`, name, s.holder)
		return err
	})
	if err != nil && parley.CodeOf(err) != parley.CodeBusy && !errors.Is(err, context.DeadlineExceeded) {
		s.log.Warn("a lease was not given back", "lease", name, "error", err)
	}
}

// leaseNode takes the first free node number for ids.
func (s *Store) leaseNode(ctx context.Context) (int, error) {
	if s.Engine() == db.SQLite {
		return 0, nil
	}
	for node := range parley.MaxNode {
		held, err := s.takeLease(ctx, nodeName(node), nodeLease)
		if err != nil {
			return 0, err
		}
		if held {
			return node, nil
		}
	}
	return 0, fmt.Errorf("all %d node numbers are taken", parley.MaxNode)
}

// aheadAtMost is how far ahead of the clock an id may be and still count as made by a clock that was right, or
// nearly: a comment that an import dates to a far future must not take all new ones with it.
const aheadAtMost = 24 * time.Hour

// makeIDs makes ids for a node from now on, all of them greater than those in the database, even when the clock
// was set back while the program was not running.
func (s *Store) makeIDs(ctx context.Context, node int) error {
	var newest parley.ID
	err := s.Read(ctx, func(tx *Tx) error {
		return tx.q.QueryRow(`SELECT COALESCE(max(id), 0) FROM comments WHERE id < $1`, parley.FirstID(tx.Now.Add(aheadAtMost))).Scan(&newest)
	})
	floor := newest.Time() + 1
	s.ids.Store(parley.NewIDs(node, func() parley.Time { return max(s.now(), floor) }))
	return err
}

// renewNode keeps the node number, or takes another when a process that was told this one had died has it now.
func (s *Store) renewNode(ctx context.Context, node int) (int, error) {
	held, err := s.Lease(ctx, nodeName(node), nodeLease)
	if err != nil || held {
		return node, err
	}
	s.log.Error("another process has taken this one's node number, as if it had died; was it stopped for a minute?", "node", node)
	if node, err = s.leaseNode(ctx); err != nil {
		return node, err
	}
	return node, s.makeIDs(ctx, node)
}

func nodeName(node int) string { return "node:" + strconv.Itoa(node) }

// sweepEvery is how often what has lapsed is deleted.
const sweepEvery = 10 * time.Minute

// keepHouse renews the node lease and deletes what has lapsed, until ctx ends.
func (s *Store) keepHouse(ctx context.Context, node int) {
	defer close(s.ended)
	renew, sweep := time.NewTicker(nodeLease/4), time.NewTicker(sweepEvery)
	defer renew.Stop()
	defer sweep.Stop()
	for {
		select {
		case <-ctx.Done():
			if s.Engine() == db.Postgres {
				s.releaseLease(nodeName(node))
			}
			return
		case <-renew.C:
			now, err := s.renewNode(ctx, node)
			if err != nil {
				s.log.Warn("the node number was not renewed", "error", err)
			} else {
				node = now
			}
		case <-sweep.C:
			if err := s.Sweep(ctx); err != nil {
				s.log.Warn("lapsed rows were not deleted", "error", err)
			}
		}
	}
}

// Rest gives back memory that the database keeps for readers, when there are none just now.
func (s *Store) Rest() { s.db.Rest() }

// Sweep deletes what has lapsed: sessions, confirmation links, sign-in windows, idempotency keys. Names of
// accounts that can never be used again become free.
func (s *Store) Sweep(ctx context.Context) error {
	return s.Write(ctx, 0, func(tx *Tx) error {
		ended, err := tx.idList(`DELETE FROM sessions WHERE expires_at < $1 RETURNING reader`, tx.Now)
		for _, reader := range ended {
			err = errors.Join(err, tx.FreeName(reader))
		}
		for _, table := range []string{"confirmations", "redemptions"} {
			_, one := tx.q.Exec(`DELETE FROM `+table+` WHERE expires_at < $1`, tx.Now)
			err = errors.Join(err, one)
		}
		_, one := tx.q.Exec(`DELETE FROM idempotency WHERE at < $1`, tx.Now.Add(-parley.KeyLife))
		return errors.Join(err, one)
	})
}
