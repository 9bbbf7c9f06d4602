package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
)

// FileName is the name of the SQLite database in a data folder.
const FileName = fileName

// OpenCopy opens one SQLite file that nobody else uses, such as a backup, for reading. Nothing beside it is
// touched or needed.
func OpenCopy(ctx context.Context, path string) (*Offline, error) {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not there, or is not a file", path)
	}
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
		return nil, fmt.Errorf("%s has a log beside it (%s) with changes that are not in it yet: it is the file of a running or crashed database, not a backup", path, path+"-wal")
	}
	f := &Offline{engine: SQLite, dir: filepath.Dir(path)}
	f.Pool, _ = sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?mode=ro&immutable=1&_pragma=query_only(1)")
	there, err := f.Has(ctx, "meta")
	if err == nil && !there {
		err = errors.New("it has no forum in it")
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s is not a Parley database: %w", path, err)
	}
	return f, nil
}

// CopyTo writes one moment of a SQLite database into a file that does not exist or is empty, beside readers and
// the writer. The file is not synced to the disk yet.
func (f *Offline) CopyTo(ctx context.Context, path string) error {
	conn, err := f.Pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "PRAGMA query_only = 0"); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "VACUUM INTO $1", path)
	if _, back := conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA query_only = 1"); err == nil {
		err = back
	}
	return err
}

// HoldFolder keeps servers out of a data folder, which is made if it is missing, until release is called. It
// refuses while one serves it.
func HoldFolder(dir string) (release func() error, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder %s cannot be made: %w", dir, err)
	}
	var d DB
	if err := d.lockFolder(dir); err != nil {
		return nil, err
	}
	return d.release, nil
}
