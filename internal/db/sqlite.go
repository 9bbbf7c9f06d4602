package db

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

const (
	fileName = "parley.db"
	lockName = "parley.lock"

	// checkpointEvery is how often the log is copied into the database file beside the writer.
	checkpointEvery = 500 * time.Millisecond
	// checkpointFrom is the size in bytes from which that is worth it (1,000 pages, SQLite's own default).
	checkpointFrom = 4 << 20
	// walLimit is the size in bytes at which the writer itself waits for a checkpoint, so that the log cannot
	// grow without end under constant writing.
	walLimit = 48 << 20
)

func (d *DB) openSQLite(ctx context.Context, o Options) error {
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return fmt.Errorf("the data folder %s cannot be made: %w", o.Dir, err)
	}
	if err := d.lockFolder(o.Dir); err != nil {
		return err
	}
	d.path = filepath.Join(o.Dir, fileName)
	if err := examine(d.path); err != nil {
		return err
	}
	// FULL, because acknowledged must mean saved through a power cut; automatic checkpoints off, because they
	// would run inside a reader's request.
	d.write = openPool(d.path, "_txlock=immediate", "_pragma=synchronous(FULL)", "_pragma=wal_autocheckpoint(0)", "_pragma=cache_size(-16000)", "_pragma=temp_store(MEMORY)")
	d.write.SetMaxOpenConns(2) // the writer and the checkpoints beside it
	d.read = openPool(d.path, "_pragma=query_only(1)", "_pragma=cache_size(-4000)")
	if err := d.write.PingContext(ctx); err != nil {
		return fmt.Errorf("%s cannot be opened as a database: %w", d.path, err)
	}
	return nil
}

func openPool(path string, settings ...string) *sql.DB {
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)"
	for _, s := range settings {
		dsn += "&" + s
	}
	pool, err := sql.Open("sqlite", dsn)
	if err != nil {
		panic(err) // the driver is linked in and sql.Open only parses
	}
	return pool
}

// lockFolder makes sure that one process at a time serves a data folder: two would each number events.
func (d *DB) lockFolder(dir string) error {
	lock := flock.New(filepath.Join(dir, lockName))
	got, err := lock.TryLock()
	if err != nil {
		if denied(err) {
			return fmt.Errorf("the data folder %s cannot be written by this account: %w", dir, err)
		}
		return fmt.Errorf("the data folder %s cannot be locked: %w", dir, err)
	}
	if !got {
		return fmt.Errorf("the data folder %s is in use by another Parley process; stop that one first", dir)
	}
	d.release = lock.Unlock
	return nil
}

// examine refuses a file that is no SQLite database or cannot be written before anything touches it.
func examine(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s cannot be opened for writing: %w", path, err)
	}
	defer file.Close()
	head := make([]byte, 16)
	n, err := io.ReadFull(file, head)
	if err == io.EOF {
		return nil // an empty file becomes a new database
	}
	if (err != nil && err != io.ErrUnexpectedEOF) || !bytes.Equal(head[:n], []byte("SQLite format 3\x00")) {
		return fmt.Errorf("%s is not a Parley database; move it away or choose another data folder", path)
	}
	return nil
}

func (d *DB) walSize() int64 {
	info, err := os.Stat(d.path + "-wal")
	if err != nil {
		return 0
	}
	return info.Size()
}

// checkpointNowAndThen copies the write-ahead log into the database file beside the writer and, once writing
// has been quiet, empties it.
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
		size := d.walSize()
		if size < checkpointFrom {
			continue
		}
		writes := d.stats.Batches.Load()
		mode := "PASSIVE"
		if writes == last {
			mode = "TRUNCATE"
		}
		last = writes
		if _, err := d.write.ExecContext(context.Background(), "PRAGMA wal_checkpoint("+mode+")"); err != nil {
			d.log.Warn("checkpoint failed", "error", err)
		}
	}
}

func (d *DB) checkpointIfLarge(c *conn) {
	if d.engine != SQLite || d.walSize() < walLimit {
		return
	}
	if _, err := c.raw.ExecContext(context.Background(), "PRAGMA wal_checkpoint(RESTART)"); err != nil {
		d.log.Warn("checkpoint failed", "error", err)
	}
}
