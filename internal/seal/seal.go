// Package seal keeps a chain of hashes over the event log, so that events which were changed or taken out
// afterwards are noticed. Each seal is a row that vouches for all events up to one: SHA-256 of the seal before it
// and of every event since. Sealing runs behind the writers, once per cluster, and costs them nothing.
//
// The chain has no key: whoever can write the database can make a new one. Against that helps only to keep a
// digest elsewhere; doctor prints the newest.
package seal

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"hash"
	"log/slog"
	"time"

	"parley/internal/store"
)

const (
	// every is how long new events wait for their seal. A crash of the disk that eats a minute of the log eats
	// its seal too: what it guards against is what happens to the log later.
	every = time.Minute
	// most is how many events one seal vouches for: few enough to name the place of damage, many enough for a
	// million events to have a hundred seals.
	most = 10_000
	// pause is between two seals of a log that has many events to seal, such as after an import: about 4 % of a core.
	pause = time.Second
	// life is how long the right to seal stays with a process that has died.
	life = 3 * every
)

// Keep seals what is new once a minute until ctx ends.
func Keep(ctx context.Context, s *store.Store, log *slog.Logger) {
	wait := time.NewTimer(every)
	defer wait.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-wait.C:
		}
		more, err := Once(ctx, s)
		if err != nil && ctx.Err() == nil {
			log.Warn("the event log was not sealed and will be later", "error", err)
		}
		if more && err == nil {
			wait.Reset(pause)
		} else {
			wait.Reset(every)
		}
	}
}

// Once seals the oldest events that have no seal yet, at most 10,000, and tells whether there are more. It does
// nothing while another process of the cluster has the right to.
func Once(ctx context.Context, s *store.Store) (more bool, err error) {
	held, err := s.Lease(ctx, "seal", life)
	if err != nil || !held {
		return false, err
	}
	var next store.Seal
	var n int
	err = s.View(ctx, func(tx *store.Tx) error {
		last, err := tx.LastSeal()
		if err != nil {
			return err
		}
		next.After = last.Upto
		rows, err := tx.EventRows(last.Upto, most)
		if err != nil {
			return fmt.Errorf("read events: %w", err)
		}
		next.Digest, next.Upto, n, err = Fold(last.Digest, rows)
		return err
	})
	if err != nil || n == 0 {
		return false, err
	}
	return n == most, s.Write(ctx, 0, func(tx *store.Tx) error { return tx.AddSeal(next) })
}

// Fold gives the digest of a seal: SHA-256 of the one before it (nothing for the first) and of the events in rows,
// which are read to their end and closed; their columns are those of [store.EventColumns], ordered by id. Numbers
// go in with eight bytes, big end first, and texts after their length, so that no two logs read alike. last is the
// id of the last event, n how many there were.
func Fold(before []byte, rows *sql.Rows) (digest []byte, last int64, n int, err error) {
	defer rows.Close()
	sum := sha256.New()
	sum.Write(before)
	var numbers [6]int64
	var kind, data sql.RawBytes
	into := []any{&numbers[0], &numbers[1], &numbers[2], &kind, &numbers[3], &numbers[4], &numbers[5], &data}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, 0, 0, err
		}
		for _, one := range numbers {
			add(sum, one)
		}
		for _, one := range [][]byte{kind, data} {
			add(sum, int64(len(one)))
			sum.Write(one)
		}
		last = numbers[0]
		n++
	}
	return sum.Sum(nil), last, n, rows.Err()
}

func add(sum hash.Hash, n int64) {
	var eight [8]byte
	binary.BigEndian.PutUint64(eight[:], uint64(n))
	sum.Write(eight[:])
}
