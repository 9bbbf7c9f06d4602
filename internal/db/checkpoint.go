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
	// walLong is the size in bytes from which the log is begun afresh under constant writing, so that it cannot
	// grow without end, and walLimit the one from which that is worth holding up the writer for those who read.
	walLong  = 16 << 20
	walLimit = 40 << 20
)

func (d *DB) walSize() int64 {
	info, err := os.Stat(d.path + "-wal")
	if err != nil {
		return 0
	}
	return info.Size()
}

// pageSize is SQLite's own, in bytes.
const pageSize = 4096

// checkpoint copies the log into the database file; mode says what is done about the log itself. size is how many
// bytes of it are in use, which may be fewer than the file has, and whole tells whether all of them have been copied.
func (d *DB) checkpoint(mode string) (size int64, whole bool) {
	var busy, frames, copied int64
	err := d.tidy.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &frames, &copied)
	if err != nil {
		d.log.Warn("checkpoint failed", "error", err)
	}
	whole = err == nil && frames == copied
	if whole {
		d.stats.Checkpointed.Store(time.Now().UnixMilli())
	}
	return frames * pageSize, whole
}

// checkpointNowAndThen copies the log into the database file beside the writer and, once writing has been
// quiet, empties it. Where it never is, the writer is asked to have the log begun afresh as soon as next to nothing
// is left to copy.
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
		size, whole := d.checkpoint("PASSIVE")
		switch {
		case whole && quiet:
			d.checkpoint("TRUNCATE")
		case size >= walLong:
			size, _ = d.checkpoint("PASSIVE") // what was written during the first, so that little is left
			d.askWriter(size, tick.C)
		}
	}
}

// askWriter has the writer begin the log afresh between two batches, and takes that back when it has not come to
// it by the next tick. The writer needs the connection for checkpoints, so nobody else uses it meanwhile. Once the
// log has grown too long those who read in it are waited for a moment.
func (d *DB) askWriter(size int64, tick <-chan time.Time) {
	mode := "PASSIVE"
	if size >= walLimit {
		mode = "RESTART"
	}
	d.afresh <- mode
	select {
	case <-d.begun:
	case <-d.ended:
	case <-tick:
		select {
		case <-d.afresh:
		case <-d.begun: // it was just at it
		}
	}
}

// beginLog begins the log afresh between two batches when that was asked for: it copies what is left, after which
// the next batch begins the log by itself unless somebody reads in it. While somebody reads an old snapshot the log
// grows on.
func (d *DB) beginLog() {
	select {
	case mode := <-d.afresh:
		d.checkpoint(mode)
		d.begun <- struct{}{}
	default:
	}
}
