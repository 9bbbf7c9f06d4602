package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"parley/internal/db"
)

// RestoreOptions says what to put where.
type RestoreOptions struct {
	From string    // a file that Write made, or any whole copy of a forum's database
	Dir  string    // the data folder, made if it is missing; nobody may serve it
	Now  time.Time // zero = the machine's clock
}

// Restored tells what was done.
type Restored struct {
	Contents
	Former string // where the database that was there is kept; "" = there was none
}

// restoring is what the database is called until all of it is there.
const restoring = db.FileName + ".restoring"

// Restore puts a backup in the place of a forum's database. What was there stays beside it under another name.
func Restore(ctx context.Context, o RestoreOptions) (Restored, error) {
	if o.From == "" {
		return Restored{}, errors.New("--from is missing: the backup to restore")
	}
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	release, err := db.HoldFolder(o.Dir)
	if err != nil {
		return Restored{}, err
	}
	r, err := restore(ctx, o)
	return r, errors.Join(err, release())
}

func restore(ctx context.Context, o RestoreOptions) (r Restored, err error) {
	if r.Contents, err = Verify(ctx, o.From); err != nil {
		return r, fmt.Errorf("%s cannot be restored: %w", o.From, err)
	}
	if r.Schema > db.Schema {
		return r, fmt.Errorf("%s was written by a newer Parley (schema %d, this program knows %d); install that version first", o.From, r.Schema, db.Schema)
	}
	here := filepath.Join(o.Dir, db.FileName)
	draft := filepath.Join(o.Dir, restoring)
	if err := copyFile(ctx, o.From, draft); err != nil {
		return r, errors.Join(err, gone(draft))
	}
	if r.Former, err = putAside(here, o.Now); err != nil {
		return r, err
	}
	r.Path = here
	return r, place(draft, here)
}

// putAside renames a database with its log. The log goes first: alone it is nothing, while a database without
// its log looks whole and is not.
func putAside(here string, now time.Time) (former string, err error) {
	if _, err := os.Stat(here); errors.Is(err, os.ErrNotExist) {
		return "", errors.Join(gone(here+"-wal"), gone(here+"-shm"))
	}
	former = here + ".before-" + now.UTC().Format("20060102T150405Z")
	if _, err := os.Stat(former); err == nil {
		return "", fmt.Errorf("%s is there already", former)
	}
	for _, suffix := range []string{"-wal", ""} {
		if err := os.Rename(here+suffix, former+suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
	}
	return former, errors.Join(gone(here+"-shm"), sync(filepath.Dir(here)))
}

// gone makes sure that a file is not there.
func gone(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// copyFile copies a file for this account alone and has the disk keep it.
func copyFile(ctx context.Context, from, to string) (err error) {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, reader{ctx, source})
	if err = errors.Join(err, target.Sync(), target.Close()); err != nil {
		return fmt.Errorf("copy %s: %w", from, err)
	}
	return nil
}

// reader ends when its context does.
type reader struct {
	ctx context.Context
	io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}
