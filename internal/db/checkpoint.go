package db

import (
	"context"
	"os"
	"time"
)

const (
	// checkpointEvery is how often the log is copied into the database file beside the writer.
	checkpointEvery = 500 * time.Millisecond
	// checkpointFrom is the size in bytes from which that is worth it (1,000 pages, SQLite's own default).
	checkpointFrom = 4 << 20
	// checkpointWait is how long emptying the log waits for readers, and so at most how long it holds up the
	// writer: page reads are far quicker, and an export that takes minutes is not waited for.
	checkpointWait = 100 * time.Millisecond
	// walLimit is the size in bytes from which the writer itself has the log begun afresh, so that it cannot
	// grow without end under constant writing, and walPause the least time between two tries.
	walLimit = 48 << 20
	walPause = time.Second
)

func (d *DB) walSize() int64 {
	info, err := os.Stat(d.path + "-wal")
	if err != nil {
		return 0
	}
	return info.Size()
}

// checkpoint copies the log into the database file; mode says what is done about the log itself. whole tells
// whether all of it has been copied.
func (d *DB) checkpoint(mode string) (whole bool) {
	var busy, frames, copied int
	err := d.tidy.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &frames, &copied)
	if err != nil {
		d.log.Warn("checkpoint failed", "error", err)
	}
	whole = err == nil && frames == copied
	if whole {
		d.stats.Checkpointed.Store(time.Now().UnixMilli())
	}
	return whole
}

// checkpointNowAndThen copies the log into the database file beside the writer and, once writing has been
// quiet, empties it.
func (d *DB) checkpointNowAndThen() {
	tick := time.NewTicker(checkpointEvery)
	defer tick.Stop()
	var last int64
	for {
		select {
		case <-d.stop:
			return
		case <-tick.C:
		}
		if d.walSize() < checkpointFrom {
			continue
		}
		writes := d.stats.Batches.Load()
		quiet := writes == last
		last = writes
		if d.checkpoint("PASSIVE") && quiet {
			d.checkpoint("TRUNCATE")
		}
	}
}

// checkpointIfLarge begins the log afresh between two batches when it has grown too long. While somebody reads
// an old snapshot that cannot be done; then the log grows on.
func (d *DB) checkpointIfLarge() {
	if d.engine != SQLite || d.walSize() < walLimit || time.Since(d.tidied) < walPause {
		return
	}
	d.checkpoint("RESTART")
	d.tidied = time.Now()
}
