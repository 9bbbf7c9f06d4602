// Package db opens the database, brings its schema up to date and runs transactions. It is the only place
// that knows two engines exist: SQLite inside the program, or PostgreSQL. Everything above writes one SQL
// text that both understand ($1 placeholders, BIGINT milliseconds, ON CONFLICT … RETURNING).
//
// There is one writer. Requests to write queue up; the writer takes what waits, runs it as one transaction in
// which each request fails or succeeds alone, and answers all of them after the one fsync that covers them.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

// Engine names a database engine.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Options says what to open.
type Options struct {
	Dir string // the data folder, for SQLite; made if it is missing
	URL string // postgres://…; "" means SQLite in Dir

	// Seal runs in each writing transaction just before its commit, with everything that the requests of the
	// batch left by Tx.Leave, in order. The event log is numbered here, under the lock that makes ids follow
	// the order of commits.
	Seal func(tx *Tx, left []any) error

	// Sealed runs after each commit of what Seal was given, before anybody is answered or woken.
	Sealed func()

	// Announce tells the other processes on the same database, after a commit that left something, that something
	// is new; they call Ring. It must not wait. nil: PostgreSQL carries that by LISTEN and NOTIFY.
	Announce func()

	Log *slog.Logger // nil = slog.Default()
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	engine  Engine
	log     *slog.Logger
	seal    func(*Tx, []any) error
	sealed  func()
	write   *sql.DB
	read    *sql.DB
	tidy    *sql.DB       // SQLite only: one connection for checkpoints
	readers chan struct{} // as many as may read at once
	resting resting       // their connections
	queue   chan *request
	stop    chan struct{} // closed when Close begins
	ended   chan struct{} // closed when the writer has answered what it accepted
	done    sync.WaitGroup
	close   func() error
	broken  atomic.Pointer[error] // set when the disk failed an fsync: no write may be trusted after that
	failing atomic.Bool           // a batch could not be committed, and nothing has been saved since
	bell    bell
	release func() error // gives back the lock on the data folder
	path    string       // the SQLite file
	filling bool         // opened by a move into it, not to be served
	afresh  chan string  // asks the writer to begin the log afresh; begun says that it has tried
	begun   chan struct{}
	careful int // how many batches more the writer takes with care
	server  *pgx.ConnConfig
	stats   Stats
}

// readersPerCore bounds the reading connections: enough to keep a core busy while others wait for the disk.
const readersPerCore = 4

// Open opens the database, migrates its schema and starts the writer. The errors for a file that is not a
// database, is newer than this program, cannot be written or is in use by another process say so in one
// sentence. Close must be called.
func Open(ctx context.Context, o Options) (*DB, error) {
	d := &DB{
		log: o.Log, seal: o.Seal, sealed: o.Sealed,
		queue: make(chan *request, MaxQueue), stop: make(chan struct{}), ended: make(chan struct{}),
		afresh: make(chan string, 1), begun: make(chan struct{}, 1),
		release: func() error { return nil },
	}
	d.close = sync.OnceValue(d.closeNow)
	d.stats.begin()
	d.bell.announce = o.Announce
	if d.log == nil {
		d.log = slog.Default()
	}
	open := d.openSQLite
	switch {
	case o.URL == "":
		d.engine = SQLite
	case strings.HasPrefix(o.URL, "postgres://"), strings.HasPrefix(o.URL, "postgresql://"):
		d.engine, open = Postgres, d.openPostgres
	default:
		return nil, errors.New("the database address must begin with postgres://; leave it out to use SQLite")
	}
	if err := open(ctx, o); err != nil {
		d.shut()
		return nil, err
	}
	if err := d.migrate(ctx); err != nil {
		d.shut()
		return nil, err
	}
	n := readersPerCore * runtime.GOMAXPROCS(0)
	d.read.SetMaxOpenConns(n)
	d.read.SetMaxIdleConns(n)
	d.readers = make(chan struct{}, n)
	for range n {
		d.readers <- struct{}{}
	}
	writer, err := d.write.Conn(ctx)
	if err != nil {
		d.shut()
		return nil, fmt.Errorf("open the writer: %w", err)
	}
	d.done.Go(func() { defer close(d.ended); d.serveWrites(newConn(writer, d.engine)) })
	if d.engine == SQLite {
		d.done.Go(d.checkpointNowAndThen)
	} else if d.notifies() {
		d.done.Go(d.listen)
	}
	return d, nil
}

// Engine tells which engine is behind.
func (d *DB) Engine() Engine { return d.engine }

// MaxReaders tells how many may read at once; more wait their turn.
func (d *DB) MaxReaders() int { return cap(d.readers) }

// FreeReaders tells how many of them are not reading just now.
func (d *DB) FreeReaders() int { return len(d.readers) }

// WAL gives the size of SQLite's write-ahead log in bytes, 0 on PostgreSQL.
func (d *DB) WAL() int64 {
	if d.engine != SQLite {
		return 0
	}
	return d.walSize()
}

// Close lets queued writes finish, takes a last checkpoint and gives the data folder back. What is asked of a
// closed database is refused with parley.CodeBusy; closing again changes nothing.
func (d *DB) Close() error { return d.close() }

func (d *DB) closeNow() error {
	close(d.stop)
	d.done.Wait()
	for range cap(d.readers) {
		<-d.readers
		if c := d.resting.take(); c != nil {
			c.close()
		}
	}
	return d.shut()
}

func (d *DB) shut() error {
	var errs []error
	for _, pool := range []*sql.DB{d.read, d.tidy, d.write} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(append(errs, d.release())...)
}

// probeSize is how much is written to find out whether writing works again: more than the largest comment needs,
// because the log of a full disk may still have room for a little.
const probeSize = 64 << 10

// CheckSaving tells whether the database takes writes, in the words of [Explain]. It tries one only after a write
// has failed, so asking often costs nothing.
func (d *DB) CheckSaving(ctx context.Context) error {
	if !d.failing.Load() {
		return nil
	}
	run := func(statement string, args ...any) error {
		return d.Write(ctx, 0, func(tx *Tx) error {
			_, err := tx.Exec(statement, args...)
			return err
		})
	}
	err := run("INSERT INTO meta (key, value) VALUES ('probe', $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value", strings.Repeat("x", probeSize))
	if err == nil {
		err = run("DELETE FROM meta WHERE key = 'probe'")
	}
	if err == nil {
		d.failing.Store(false)
	}
	return err
}

// Check tells whether the database answers: for readiness.
func (d *DB) Check(ctx context.Context) error {
	if broken := d.broken.Load(); broken != nil {
		return *broken
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	return d.Read(ctx, func(tx *Tx) error {
		var one int
		return tx.QueryRow("SELECT 1").Scan(&one)
	})
}
