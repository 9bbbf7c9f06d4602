package db

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	_ "modernc.org/sqlite" // the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

const (
	fileName = "parley.db"
	lockName = "parley.lock"

	// busyTime is how long a statement waits for another connection to give up a lock.
	busyTime = 5 * time.Second
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
	// would run inside a reader's request; savepoints in memory, because nothing is written outside of the
	// data folder.
	d.write = openPool(d.path, busyTime, "_txlock=immediate", "_pragma=synchronous(FULL)", "_pragma=wal_autocheckpoint(0)", "_pragma=cache_size(-16000)", "_pragma=temp_store(MEMORY)")
	d.write.SetMaxOpenConns(1)
	d.tidy = openPool(d.path, checkpointWait, "_pragma=synchronous(FULL)", "_pragma=wal_autocheckpoint(0)")
	d.tidy.SetMaxOpenConns(1)
	d.read = openPool(d.path, busyTime, "_pragma=query_only(1)", "_pragma=cache_size(-4000)")
	if err := d.write.PingContext(ctx); err != nil {
		if sqliteCode(err)&0xff == sqlite3.SQLITE_CANTOPEN || readOnly(err) {
			return fmt.Errorf("the data folder %s cannot be written by this account: %w", o.Dir, err)
		}
		return fmt.Errorf("%s cannot be opened as a database: %w", d.path, err)
	}
	return nil
}

func openPool(path string, busy time.Duration, settings ...string) *sql.DB {
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() +
		fmt.Sprintf("?_pragma=busy_timeout(%d)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)", busy.Milliseconds())
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

// examine refuses a file that is no SQLite database or cannot be written before anything touches it. It makes
// a missing one, readable by this account alone.
func examine(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
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
