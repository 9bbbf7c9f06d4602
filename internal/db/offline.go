package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// Access says what a database is opened for without being served.
type Access int

// The ways in, each allowed more than the one before.
const (
	Look  Access = iota // read, also beside a server
	Hold                // read, and let no server start meanwhile
	Alone               // read and write, and let no server start meanwhile
	Fresh               // as Alone; what is missing is made, and foreign keys are not enforced on SQLite
)

// MoveMarker is the table that stands in a database while it is being filled from another one. No server opens
// a database that has it.
const MoveMarker = "parley_move"

// lockPatience is how long a command waits for another one to let go of a PostgreSQL database: the server
// notices within a moment that a killed program has gone.
const lockPatience = 5 * time.Second

// Offline is a database opened without serving it: no writer, no migration at opening, statements that may take
// as long as they need. It is for commands that look at a whole database, copy it or fill it.
type Offline struct {
	// Pool gives plain connections.
	Pool *sql.DB

	engine Engine
	dir    string
	server *pgx.ConnConfig
	held   []func() error
}

// OpenOffline opens the database that o names (Dir or URL) for access. The errors for one that is not there, is
// not Parley's or is being served say so in one sentence. Close must be called.
func OpenOffline(ctx context.Context, o Options, access Access) (*Offline, error) {
	f := &Offline{engine: SQLite, dir: o.Dir}
	open := f.openFile
	if o.URL != "" {
		f.engine, open = Postgres, f.openServer
	}
	if err := open(ctx, o, access); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Engine tells which engine is behind.
func (f *Offline) Engine() Engine { return f.engine }

// Close closes the connections and lets servers start again.
func (f *Offline) Close() error {
	var errs []error
	if f.Pool != nil {
		errs = append(errs, f.Pool.Close())
	}
	for _, release := range slices.Backward(f.held) {
		errs = append(errs, release())
	}
	f.Pool, f.held = nil, nil
	return errors.Join(errs...)
}

// Path gives the SQLite file, "" on PostgreSQL.
func (f *Offline) Path() string {
	if f.engine != SQLite {
		return ""
	}
	return filepath.Join(f.dir, fileName)
}

func (f *Offline) openFile(ctx context.Context, o Options, access Access) error {
	path := f.Path()
	if access != Fresh {
		if _, err := os.Stat(path); err != nil {
			if errors.Is(err, os.ErrNotExist) {
				return fmt.Errorf("there is no Parley database in %s: %s is missing", o.Dir, fileName)
			}
			return fmt.Errorf("%s cannot be read: %w", path, err)
		}
	}
	if access != Look {
		release, err := HoldFolder(o.Dir)
		if err != nil {
			return err
		}
		f.held = append(f.held, release)
	}
	if err := examine(path); err != nil {
		return err
	}
	// Looking changes nothing, not even the journal that a restored backup comes with.
	settings := []string{"query_only(1)", "temp_store(FILE)"}
	if access >= Alone {
		settings = []string{"journal_mode(WAL)", "synchronous(FULL)", fmt.Sprintf("foreign_keys(%d)", b2i(access == Alone))}
	}
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + fmt.Sprintf("?_txlock=immediate&_pragma=busy_timeout(%d)", busyTime.Milliseconds())
	for _, s := range append(settings, "cache_size(-32000)") {
		dsn += "&_pragma=" + s
	}
	f.Pool, _ = sql.Open("sqlite", dsn) // the driver is linked in and sql.Open only parses
	if err := f.Pool.PingContext(ctx); err != nil {
		return fmt.Errorf("%s cannot be opened as a database: %w", path, err)
	}
	return nil
}

func (f *Offline) openServer(ctx context.Context, o Options, access Access) error {
	config, err := pgx.ParseConfig(o.URL)
	if err != nil {
		return fmt.Errorf("the database address is not valid: %w", err)
	}
	config.ConnectTimeout = 5 * time.Second
	for name, value := range map[string]string{"application_name": "parley", "synchronous_commit": "on", "statement_timeout": "0", "jit": "off"} {
		config.RuntimeParams[name] = value
	}
	f.server = config
	plain := config.Copy()
	if access < Alone {
		plain.RuntimeParams["default_transaction_read_only"] = "on"
	}
	f.Pool = stdlib.OpenDB(*plain)
	if err := f.Pool.PingContext(ctx); err != nil {
		return unreached(err)
	}
	if access == Look {
		return nil
	}
	return f.holdServer(ctx, access)
}

// holdServer takes a PostgreSQL database for this program alone. A server would need the leases, which stay
// locked against writing until Close; from a fresh one the move's marker keeps servers away.
func (f *Offline) holdServer(ctx context.Context, access Access) error {
	guard, err := pgx.ConnectConfig(ctx, f.server.Copy())
	if err != nil {
		return unreached(err)
	}
	f.held = append(f.held, func() error { return guard.Close(context.WithoutCancel(ctx)) })
	for began := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		var got bool
		if err := guard.QueryRow(ctx, "SELECT pg_try_advisory_lock(hashtext('parley alone'), hashtext(current_schema()))").Scan(&got); err != nil {
			return fmt.Errorf("take the database for this command alone: %w", err)
		}
		if got {
			break
		}
		if time.Since(began) > lockPatience {
			return errors.New("another Parley command is at work on this database; wait for it to end")
		}
	}
	if access == Fresh {
		return nil
	}
	return f.holdLeases(ctx, guard)
}

// holdLeases refuses while a server holds a lease, and lets none take one.
func (f *Offline) holdLeases(ctx context.Context, guard *pgx.Conn) error {
	var leases bool
	if err := guard.QueryRow(ctx, "SELECT to_regclass('leases') IS NOT NULL").Scan(&leases); err != nil || !leases {
		return err
	}
	_, err := guard.Exec(ctx, fmt.Sprintf("SET lock_timeout = %d; BEGIN; LOCK TABLE leases IN SHARE MODE", lockPatience.Milliseconds()))
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code == "55P03" {
		return errors.New("the database is in use by a Parley process that is writing; stop every Parley on it first")
	}
	if err != nil {
		return fmt.Errorf("keep servers away from the database: %w", err)
	}
	var holder string
	var until int64
	err = guard.QueryRow(ctx, "SELECT holder, expires_at FROM leases WHERE expires_at > $1 ORDER BY expires_at DESC LIMIT 1", time.Now().UnixMilli()).Scan(&holder, &until)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for servers of the database: %w", err)
	}
	host, _, _ := strings.Cut(holder, "/")
	return fmt.Errorf("the database is being served by a Parley process on %s; stop every Parley on it first (one that crashed is forgotten at %s UTC)",
		host, time.UnixMilli(until+999).UTC().Format(time.TimeOnly))
}

// unreached puts what the driver says of each address it tried on one line.
func unreached(err error) error {
	return errors.New("PostgreSQL cannot be reached: " + strings.Join(strings.Fields(err.Error()), " "))
}

// Migrate brings the schema up to date, as opening for serving does.
func (f *Offline) Migrate(ctx context.Context) error {
	d := &DB{engine: f.engine, write: f.Pool, server: f.server, filling: true, log: slog.New(slog.DiscardHandler)}
	if f.engine == SQLite { // on a connection like the server's, which enforces foreign keys
		d.write = openPool(f.Path(), busyTime, "_txlock=immediate", "_pragma=synchronous(FULL)")
		defer d.write.Close()
		d.write.SetMaxOpenConns(1)
	}
	return d.migrate(ctx)
}

// Version gives the number of the newest migration that the database has seen; 0 = it is empty.
func (f *Offline) Version(ctx context.Context) (version int, err error) {
	there, err := f.Has(ctx, migrationTable)
	if err != nil || !there {
		return 0, err
	}
	err = f.Pool.QueryRowContext(ctx, "SELECT COALESCE(max(version_id), 0) FROM "+migrationTable).Scan(&version)
	return version, err
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
