package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io/fs"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"parley"
)

// Explain turns what storage says into a refusal a reader understands where there is one: a full disk, a
// disk that cannot be written, a database that is away. Other errors, refusals and nil pass unchanged.
func Explain(err error) error {
	if err == nil || errors.Is(err, sql.ErrNoRows) || errors.Is(err, context.Canceled) {
		return err
	}
	if _, refusal := errors.AsType[*parley.Error](err); refusal {
		return err
	}
	switch {
	case full(err):
		return parley.Errorf(parley.CodeStorageFull, "The forum cannot save anything just now: its disk is full. Your text is still here.").Because(err)
	case unreadable(err):
		return parley.Errorf(parley.CodeBusy, "The forum cannot reach its storage just now. Please try again in a moment.").After(2 * time.Second).Because(err)
	case readOnly(err), diskFailed(err):
		return parley.Errorf(parley.CodeStorageReadOnly, "The forum cannot save anything just now. Your text is still here.").After(30 * time.Second).Because(err)
	case slow(err):
		return parley.Errorf(parley.CodeBusy, "The forum is very busy. Please try again in a moment.").After(2 * time.Second).Because(err)
	case away(err), lostRace(err):
		return parley.Errorf(parley.CodeBusy, "The forum cannot reach its storage just now. Please try again in a moment.").After(2 * time.Second).Because(err)
	}
	return err
}

func sqliteCode(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code()
	}
	return 0
}

func postgresCode(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return ""
}

func full(err error) bool {
	return sqliteCode(err)&0xff == sqlite3.SQLITE_FULL || postgresCode(err) == "53100"
}

func readOnly(err error) bool {
	return sqliteCode(err)&0xff == sqlite3.SQLITE_READONLY || postgresCode(err) == "25006"
}

func syncFailed(err error) bool {
	code := sqliteCode(err)
	return code == sqlite3.SQLITE_IOERR_FSYNC || code == sqlite3.SQLITE_IOERR_DIR_FSYNC
}

// diskFailed tells whether the disk could not do what it was asked to: write, mostly, once the kernel has made a
// damaged disk read-only.
func diskFailed(err error) bool { return sqliteCode(err)&0xff == sqlite3.SQLITE_IOERR }

// unreadable tells whether the disk failed while something was read.
func unreadable(err error) bool {
	code := sqliteCode(err)
	return code == sqlite3.SQLITE_IOERR_READ || code == sqlite3.SQLITE_IOERR_SHORT_READ
}

// fatal tells whether an error inside a request has spoilt the whole transaction.
func fatal(err error) bool {
	return full(err) || readOnly(err) || away(err) || diskFailed(err) || sqliteCode(err)&0xff == sqlite3.SQLITE_CORRUPT
}

// spoilt tells whether PostgreSQL refused a statement because an earlier one of the transaction had failed.
func spoilt(err error) bool { return postgresCode(err) == "25P02" }

// ErrLostRace is for a write to give when it finds that a row is not what it has just read it to be, because
// another process changed it in between: the write is run again and reads afresh.
var ErrLostRace = errors.New("another process was first")

// lostRace tells whether another node's transaction won, so that running again may succeed: serialization
// failure, deadlock, or SQLite's busy.
func lostRace(err error) bool {
	if errors.Is(err, ErrLostRace) {
		return true
	}
	switch postgresCode(err) {
	case "40001", "40P01":
		return true
	}
	return sqliteCode(err)&0xff == sqlite3.SQLITE_BUSY
}

// slow tells whether PostgreSQL gave up a statement that took too long.
func slow(err error) bool { return postgresCode(err) == "57014" }

// away tells whether the database could not be reached or is shutting down.
func away(err error) bool {
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	code := postgresCode(err)
	return strings.HasPrefix(code, "08") || strings.HasPrefix(code, "57P") || code == "53300" || pgconn.SafeToRetry(err) ||
		strings.Contains(err.Error(), "conn closed") || strings.Contains(err.Error(), "unexpected EOF")
}

// denied tells whether err says that the operating system forbids access.
func denied(err error) bool { return errors.Is(err, fs.ErrPermission) }
