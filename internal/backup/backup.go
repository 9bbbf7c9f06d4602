// Package backup writes one moment of a forum in SQLite into one file while it is being served, and puts such a
// file back in a forum's place. A file counts as written when it has been read back whole and is on the disk.
package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"parley"
	"parley/internal/db"
)

// Options says what to back up.
type Options struct {
	Dir string    // the data folder
	To  string    // a folder, in which the file is named after Now, or the file itself, which must not exist
	Now time.Time // zero = the machine's clock

	// Progress is told how far a stage is: bytes copied, then whether they have been checked. It may be nil.
	Progress func(stage string, done, total int64)
}

// Contents tells what a backup holds.
type Contents struct {
	Path                               string
	Bytes                              int64
	Schema                             int
	Stories, Comments, Readers, Events int64
}

// partial is what a backup is called until it is whole. What a killed backup left is overwritten by the next.
const partial = ".parley-backup.partial"

// Write makes a backup. Readers and the writer go on meanwhile.
func Write(ctx context.Context, o Options) (Contents, error) {
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	if o.Progress == nil {
		o.Progress = func(string, int64, int64) {}
	}
	path, err := destination(o.To, o.Now)
	if err != nil {
		return Contents{}, err
	}
	source, err := db.OpenOffline(ctx, db.Options{Dir: o.Dir}, db.Look)
	if err != nil {
		return Contents{}, err
	}
	defer source.Close()
	if unfinished, err := source.Has(ctx, db.MoveMarker); err != nil || unfinished {
		return Contents{}, errors.Join(err, errors.New("this database is the target of a move that has not finished: there is nothing to back up yet"))
	}
	draft := filepath.Join(filepath.Dir(path), partial)
	lock := flock.New(draft)
	if got, err := lock.TryLock(); err != nil {
		return Contents{}, fmt.Errorf("%s cannot be written by this account: %w", filepath.Dir(path), err)
	} else if !got {
		return Contents{}, fmt.Errorf("another backup is being written to %s", filepath.Dir(path))
	}
	defer lock.Unlock()
	contents, err := write(ctx, o, source, draft)
	if err == nil {
		err = place(draft, path)
	}
	if err != nil {
		return Contents{}, errors.Join(err, clear(draft), gone(draft))
	}
	contents.Path = path
	return contents, nil
}

// destination gives the file to write.
func destination(to string, now time.Time) (string, error) {
	if to == "" {
		return "", errors.New("--to is missing: a folder for backups, or the file to write")
	}
	info, err := os.Stat(to)
	switch {
	case err == nil && info.IsDir():
		path := filepath.Join(to, "parley-"+now.UTC().Format("20060102T150405Z")+".db")
		if _, err := os.Stat(path); err == nil {
			return "", fmt.Errorf("%s is there already", path)
		}
		return path, nil
	case err == nil:
		return "", fmt.Errorf("%s is there already; a backup never overwrites anything", to)
	case strings.HasSuffix(to, string(filepath.Separator)):
		return "", fmt.Errorf("there is no folder %s", to)
	}
	if info, err := os.Stat(filepath.Dir(to)); err != nil || !info.IsDir() {
		return "", fmt.Errorf("there is no folder %s", filepath.Dir(to))
	}
	return to, nil
}

// write copies, has the disk keep it, and reads it back.
func write(ctx context.Context, o Options, source *db.Offline, draft string) (Contents, error) {
	before, err := events(ctx, source)
	if err != nil {
		return Contents{}, err
	}
	if err := errors.Join(clear(draft), os.Truncate(draft, 0)); err != nil {
		return Contents{}, err
	}
	done := watch(ctx, source, draft, o.Progress)
	err = source.CopyTo(ctx, draft)
	done(err == nil)
	if parley.CodeOf(db.Explain(err)) == parley.CodeStorageFull {
		return Contents{}, fmt.Errorf("the disk under %s is full: a backup needs as much room as the database", filepath.Dir(draft))
	}
	if err != nil {
		return Contents{}, fmt.Errorf("copy the database: %w", err)
	}
	if err := sync(draft); err != nil {
		return Contents{}, err
	}
	after, err := events(ctx, source)
	if err != nil {
		return Contents{}, err
	}
	o.Progress("checking", 0, 1)
	contents, err := Verify(ctx, draft)
	if err != nil {
		return Contents{}, fmt.Errorf("what was written is not whole: %w", err)
	}
	if contents.Events < before || contents.Events > after {
		return Contents{}, fmt.Errorf("what was written is not the database: it ends at event %d, the database went from %d to %d", contents.Events, before, after)
	}
	o.Progress("checking", 1, 1)
	return contents, nil
}

// clear removes what SQLite puts beside a file while it writes it, and would take for the rest of the next one.
func clear(draft string) error {
	return errors.Join(gone(draft+"-journal"), gone(draft+"-wal"), gone(draft+"-shm"))
}

// watch tells how much has been copied until the function it gives is called with whether all of it has.
func watch(ctx context.Context, source *db.Offline, draft string, progress func(string, int64, int64)) (done func(bool)) {
	var total int64
	err := source.Pool.QueryRowContext(ctx, "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size").Scan(&total)
	if err != nil {
		return func(bool) {} // only the bar is missing
	}
	stop, ended := make(chan bool), make(chan struct{})
	go func() {
		defer close(ended)
		look := time.NewTicker(200 * time.Millisecond)
		defer look.Stop()
		for {
			select {
			case whole := <-stop:
				if whole {
					progress("copying", total, total)
				}
				return
			case <-look.C:
			}
			if info, err := os.Stat(draft); err == nil {
				progress("copying", min(info.Size(), total-1), total)
			}
		}
	}()
	return func(whole bool) { stop <- whole; <-ended }
}

// events tells where the log of events stands.
func events(ctx context.Context, o *db.Offline) (n int64, err error) {
	if err = o.Pool.QueryRowContext(ctx, "SELECT value FROM counters WHERE name = 'events'").Scan(&n); err != nil {
		return 0, fmt.Errorf("read the event log's counter: %w", err)
	}
	return n, nil
}

// Verify reads a backup whole: every page, every foreign key, the event log's counter. It does not compare indexes with
// their rows, as the doctor does, which would take longer than everything else.
func Verify(ctx context.Context, path string) (Contents, error) {
	c := Contents{Path: path}
	file, err := db.OpenCopy(ctx, path)
	if err != nil {
		return c, err
	}
	defer file.Close()
	if c.Schema, err = file.Version(ctx); err != nil {
		return c, fmt.Errorf("read the schema's version: %w", err)
	}
	if unfinished, err := file.Has(ctx, db.MoveMarker); err != nil || unfinished {
		return c, errors.Join(err, errors.New("it is part of a move that has not finished"))
	}
	var fault string
	var stray, newest int64
	err = file.Pool.QueryRowContext(ctx, `SELECT (SELECT quick_check FROM pragma_quick_check LIMIT 1), (SELECT count(*) FROM pragma_foreign_key_check),
		(SELECT count(*) FROM stories), (SELECT count(*) FROM comments), (SELECT count(*) FROM readers), (SELECT value FROM counters WHERE name = 'events'), (SELECT COALESCE(max(id), 0) FROM events)`).
		Scan(&fault, &stray, &c.Stories, &c.Comments, &c.Readers, &c.Events, &newest)
	switch {
	case err != nil:
		return c, fmt.Errorf("read it whole: %w", err)
	case fault != "ok":
		return c, fmt.Errorf("its pages do not fit together: %s", fault)
	case stray > 0:
		return c, fmt.Errorf("%d of its rows point to rows that are not there", stray)
	case c.Events != newest:
		return c, fmt.Errorf("its event log is counted up to %d and ends at %d", c.Events, newest)
	}
	info, err := os.Stat(path)
	if err == nil {
		c.Bytes = info.Size()
	}
	return c, err
}

// sync has the disk keep a file or the names in a folder.
func sync(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("the disk did not keep %s: %w", path, err)
	}
	return nil
}

// place gives a whole file its name, for good.
func place(draft, path string) error {
	if err := os.Rename(draft, path); err != nil {
		return err
	}
	return sync(filepath.Dir(path))
}
