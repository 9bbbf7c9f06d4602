package db

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// channel is the name of the PostgreSQL notification that says "something is new".
const channel = "parley"

func (d *DB) openPostgres(ctx context.Context, o Options) error {
	config, err := pgx.ParseConfig(o.URL)
	if err != nil {
		return fmt.Errorf("the database address is not valid: %w", err)
	}
	config.ConnectTimeout = 5 * time.Second
	config.RuntimeParams["application_name"] = "parley"
	// Acknowledged must mean saved, whatever the server's default is.
	config.RuntimeParams["synchronous_commit"] = "on"
	config.RuntimeParams["statement_timeout"] = "10000"
	// Every statement has its index, and one plan that is right for a story of any size. Planning anew each time
	// costs more than running it; and what the server believes of a database that was empty an hour ago, or of a
	// story that has just become the talk of the town, must not make it read everything.
	config.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	config.RuntimeParams["join_collapse_limit"] = "1" // joins run in the order in which they are written
	for _, way := range []string{"enable_seqscan", "enable_bitmapscan", "enable_hashjoin", "enable_mergejoin", "enable_material", "jit"} {
		config.RuntimeParams[way] = "off"
	}
	d.server = config
	writing := config.Copy()
	// A process that stops in the middle of a batch, with the lock that lets one write, must not stop the others.
	writing.RuntimeParams["idle_in_transaction_session_timeout"] = "15000"
	d.write = stdlib.OpenDB(*writing)
	d.write.SetMaxOpenConns(2)
	d.read = stdlib.OpenDB(*config)
	if err := d.write.PingContext(ctx); err != nil {
		return fmt.Errorf("PostgreSQL cannot be reached: %w", err)
	}
	return nil
}

// migrating gives a pool for migrations, whose statements may take as long as they need, once no other process
// is at it. release must be called.
func (d *DB) migrating(ctx context.Context) (pool *sql.DB, release func(), err error) {
	if d.engine != Postgres {
		return d.write, func() {}, nil
	}
	patient := d.server.Copy()
	patient.RuntimeParams["statement_timeout"] = "0"
	pool = stdlib.OpenDB(*patient)
	lock, err := pool.Conn(ctx)
	if err == nil {
		_, err = lock.ExecContext(ctx, "SELECT pg_advisory_lock(hashtext('parley'), hashtext(current_schema()))")
	}
	if err != nil {
		pool.Close()
		return nil, nil, fmt.Errorf("wait for other processes to finish their migrations: %w", err)
	}
	return pool, func() { lock.Close(); pool.Close() }, nil // the lock ends with its session
}

// Announce tells other nodes, at the commit of tx, that something is new. On SQLite there are none, and
// Options.Announce tells them after the commit, without the lock that PostgreSQL takes for a notification.
func (d *DB) Announce(tx *Tx) error {
	if !d.notifies() {
		return nil
	}
	_, err := tx.Exec("SELECT pg_notify('" + channel + "', '')")
	return err
}

// listen rings the bell whenever another node announces. A lost connection costs delay, not data: followers
// also look by themselves.
func (d *DB) listen() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() { <-d.stop; cancel() }()
	for ctx.Err() == nil {
		if err := d.listenOnce(ctx); err != nil && ctx.Err() == nil {
			d.log.Warn("lost the announcements of other nodes; trying again", "error", err)
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
			}
		}
	}
}

func (d *DB) listenOnce(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, d.server.Copy())
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	d.bell.listening.Store(true)
	defer d.bell.listening.Store(false)
	for {
		d.bell.signal() // the first time for what was announced before LISTEN
		if _, err := conn.WaitForNotification(ctx); err != nil {
			return err
		}
	}
}
