package db

import (
	"cmp"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"parley"
	"parley/internal/meter"
	"parley/internal/trace"
)

const (
	// MaxQueue is how many writes may wait. At 1,000 writes a second it is one second of waiting; more would
	// only let readers wait for answers they no longer look at.
	MaxQueue = 1024
	// maxBatch is how many writes share one commit: beyond this the fsync is no longer what costs.
	maxBatch = 256
	// batchTime bounds one batch, so that a server that hangs cannot hold the queue for ever.
	batchTime = 10 * time.Second
	// carefulFor is how many batches are taken with care after one that could not be taken without: whoever
	// sends what fails again and again makes few batches run twice.
	carefulFor = 32
	// maxTries is how often a batch that lost a race to another node is run again.
	maxTries = 4
)

// Stats counts what the writer did since the start.
type Stats struct {
	Batches  atomic.Int64
	Writes   atomic.Int64
	Refused  atomic.Int64 // turned away because the queue was full
	Failures atomic.Int64 // batches that failed at commit

	Waits   *meter.Histogram // seconds that a write waited for its batch to begin
	Commits *meter.Histogram // seconds of a batch, from its first statement until it is on disk
	Sizes   *meter.Histogram // writes that shared a commit

	Checkpointed atomic.Int64 // Unix milliseconds when SQLite's log was last copied whole; 0 = not yet
}

func (s *Stats) begin() {
	s.Waits = meter.NewHistogram(.0005, .001, .002, .005, .01, .02, .05, .1, .5, 1, 5)
	s.Commits = meter.NewHistogram(.0005, .001, .002, .005, .01, .02, .05, .1, .5, 1, 5)
	s.Sizes = meter.NewHistogram(1, 2, 4, 8, 16, 32, 64, 128, 256)
}

// batch counts what has been done together since begun, and notes it in the traces of whoever waited for it.
func (s *Stats) batch(batch []*request, begun time.Time, err error) {
	s.Batches.Add(1)
	s.Writes.Add(int64(len(batch)))
	s.Commits.Took(time.Since(begun))
	s.Sizes.Observe(float64(len(batch)))
	var commit trace.Span
	for _, r := range batch {
		s.Waits.Took(begun.Sub(r.at))
		if r.span.Noted() {
			r.span.Past("wait for the writer", r.at, begun)
			commit = commit.Together(r.span, "commit", begun, trace.ID("writes", len(batch)))
		}
	}
	if err != nil {
		commit.Fail("failed")
	}
	commit.End()
}

// Stats gives the writer's counters.
func (d *DB) Stats() *Stats { return &d.stats }

// Waiting tells how many writes are queued.
func (d *DB) Waiting() int { return len(d.queue) }

type request struct {
	ctx    context.Context
	key    int64
	fn     func(*Tx) error
	at     time.Time
	span   trace.Span
	answer chan error
	err    error
	left   []any
}

// Write runs fn in a transaction shared with other requests and returns after the commit that covers it is on
// disk. fn may run more than once and must overwrite what an earlier run set. When fn fails, only its own
// changes are undone. Requests of one batch run in the order of key (the story they touch), so that two nodes
// lock rows in the same order. A full queue refuses at once with parley.CodeBusy.
func (d *DB) Write(ctx context.Context, key parley.ID, fn func(*Tx) error) error {
	if broken := d.broken.Load(); broken != nil {
		return Explain(*broken)
	}
	ctx, span := trace.Start(ctx, "write", trace.ID("story", key))
	defer span.End()
	r := &request{ctx: ctx, key: int64(key), fn: fn, at: time.Now(), span: span, answer: make(chan error, 1)}
	select {
	case <-d.stop:
		return errStopping()
	default:
	}
	select {
	case d.queue <- r:
	default:
		d.stats.Refused.Add(1)
		return parley.Errorf(parley.CodeBusy, "The forum is very busy. Please try again in a moment.").After(2 * time.Second)
	}
	// The answer is awaited even when ctx ends: leaving would hide whether the change was made.
	select {
	case err := <-r.answer:
		return Explain(err)
	case <-d.ended:
	}
	select {
	case err := <-r.answer:
		return Explain(err)
	default:
		return errStopping() // it came after the writer had looked for the last time
	}
}

func errStopping() error {
	return parley.Errorf(parley.CodeBusy, "The forum is restarting. Please try again in a moment.").After(2 * time.Second)
}

func (d *DB) serveWrites(c *conn) {
	defer func() { c.close() }()
	for {
		var first *request
		select {
		case first = <-d.queue:
		case <-d.stop:
			select {
			case first = <-d.queue: // what was accepted is finished
			default:
				return
			}
		}
		if d.engine == Postgres && c.stale() {
			c = d.reconnect(c)
		}
		d.runBatch(c, d.fill(first))
		c.used = time.Now()
		if c.bad {
			c = d.reconnect(c)
		}
		d.beginLog()
	}
}

// fill takes what waits behind first, and what is put there by whoever is ready to run: on a busy machine the
// scheduler wakes the writer for the first of many, and a commit costs as much for one as for thirty. Nobody is
// waited for who is not.
func (d *DB) fill(first *request) []*request {
	batch := []*request{first}
	for rested := false; len(batch) < maxBatch; {
		select {
		case r := <-d.queue:
			batch = append(batch, r)
			rested = false
			continue
		default:
		}
		if rested {
			break
		}
		runtime.Gosched()
		rested = true
	}
	return inOrder(batch)
}

func inOrder(batch []*request) []*request {
	slices.SortStableFunc(batch, func(a, b *request) int { return cmp.Compare(a.key, b.key) })
	return batch
}

func (d *DB) runBatch(c *conn, batch []*request) {
	var err error
	begun := time.Now()
	for try := range maxTries {
		ctx, cancel := d.batchContext()
		err = d.tryTwice(ctx, c, batch)
		cancel()
		if err == nil || !lostRace(err) {
			break
		}
		time.Sleep(time.Duration(try+1) * 5 * time.Millisecond)
	}
	d.careful = max(0, d.careful-1)
	left := false
	for _, r := range batch {
		if err != nil {
			r.err = err
		}
		left = left || (r.err == nil && len(r.left) > 0)
	}
	if left && d.sealed != nil {
		d.sealed()
	}
	d.stats.batch(batch, begun, err)
	if err != nil {
		d.failing.Store(true)
	}
	for _, r := range batch {
		r.answer <- r.err
	}
	if err != nil {
		d.failed(c, len(batch), err)
	} else if left {
		d.failing.Store(false)
		d.bell.ring()
	}
}

// batchContext gives what a batch runs under. On SQLite nothing could be given up that hangs: only the disk can.
func (d *DB) batchContext() (context.Context, context.CancelFunc) {
	if d.engine == SQLite {
		return context.Background(), func() {}
	}
	return context.WithTimeout(context.Background(), batchTime)
}

// failed notes a batch that could not be committed. After a failed fsync the kernel may have thrown the
// unsaved pages away, so a later success would prove nothing: writing ends until the program is restarted.
func (d *DB) failed(c *conn, n int, err error) {
	d.stats.Failures.Add(1)
	d.log.Error("a batch of writes failed", "writes", n, "error", err)
	if d.engine == Postgres {
		c.bad = c.bad || !c.alive()
	}
	if syncFailed(err) {
		broken := fmt.Errorf("the disk failed to save; restart after checking it: %w", err)
		d.broken.Store(&broken)
	}
}

// tryTwice runs a batch the cheap way and, where that is not enough, the careful one.
func (d *DB) tryTwice(ctx context.Context, c *conn, batch []*request) error {
	if d.careful > 0 {
		return d.tryBatch(ctx, c, batch, true)
	}
	err := d.tryBatch(ctx, c, batch, false)
	switch {
	case !errors.Is(err, errNeedsCare) && !spoilt(err):
		return err
	case c.bad:
		return fmt.Errorf("undo a batch: %w", driver.ErrBadConn)
	case len(batch) == 1 && batch[0].err != nil:
		return nil // it is undone, and that is its answer
	}
	d.careful = carefulFor + 1
	return d.tryBatch(ctx, c, batch, true)
}

// errNeedsCare says that a request failed after it had changed something, and cannot be undone by itself.
var errNeedsCare = errors.New("a request of the batch failed")

// tryBatch runs a batch in one transaction. With care each request stands behind a savepoint, so that one that
// fails is undone alone. Without, nothing stands between them, which is cheaper by a fifth; then a failure that
// left traces gives errNeedsCare, everything is undone, and the batch is to be run again with care.
func (d *DB) tryBatch(ctx context.Context, c *conn, batch []*request, care bool) (err error) {
	begin, end := []string{"BEGIN IMMEDIATE"}, []string{"COMMIT"}
	if d.engine == Postgres {
		// In a transaction that a failed statement has spoilt COMMIT undoes everything and calls that a success.
		begin, end = []string{"BEGIN", oneWriter}, []string{"SELECT 1", "COMMIT"}
	}
	if care {
		begin = append(begin, savepoint)
	}
	// A begin that was cut short may have begun; a full disk may have rolled back by itself. So the error of
	// this ROLLBACK says nothing on SQLite, and on PostgreSQL only a dead connection gives one.
	defer func() {
		if err != nil {
			c.bad = c.finish("ROLLBACK") != nil && d.engine == Postgres
		}
	}()
	if err := c.run(ctx, begin...); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	one := d.runPlainly
	if care {
		one = d.runWithCare
	}
	var left []any
	for _, r := range batch {
		if err := one(ctx, c, r); err != nil {
			return err
		}
		left = append(left, r.left...)
	}
	if d.seal != nil && len(left) > 0 {
		if err := d.seal(newTx(ctx, c), left); err != nil {
			return fmt.Errorf("seal: %w", err)
		}
	}
	if err := c.run(ctx, end...); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

const (
	// oneWriter lets one process at a time write. Two that lock rows in different orders would stop each other
	// until PostgreSQL finds the deadlock, a second later; thirty writes a second instead of seven hundred.
	oneWriter = "SELECT pg_advisory_xact_lock(hashtext('parley writer'), hashtext(current_schema()))"

	savepoint = "SAVEPOINT one"
	release   = "RELEASE SAVEPOINT one"
	undo      = "ROLLBACK TO SAVEPOINT one"
)

// runPlainly runs one request with nothing to go back to. It gives an error when the whole batch is lost, or has
// to be run again with care.
func (d *DB) runPlainly(ctx context.Context, c *conn, r *request) error {
	r.err, r.left = r.ctx.Err(), nil
	if r.err != nil {
		return nil // nobody waits for it any more and nothing has been done
	}
	tx := newTx(trace.Onto(ctx, r.ctx), c)
	r.err = shielded(tx, r.fn)
	switch {
	case r.err == nil && tx.failed: // PostgreSQL has forgotten the whole transaction by now
		return errNeedsCare
	case r.err == nil:
		r.left = tx.left
		return nil
	case lostRace(r.err) || ctx.Err() != nil || fatal(r.err):
		return r.err
	case tx.untouched():
		return nil // it refused before it had changed anything
	}
	return errNeedsCare
}

// runWithCare runs one request between the savepoint that is set and a new one. It gives an error only when the
// whole batch is lost.
func (d *DB) runWithCare(ctx context.Context, c *conn, r *request) error {
	r.err, r.left = r.ctx.Err(), nil
	if r.err != nil {
		return nil // nobody waits for it any more and nothing has been done
	}
	tx := newTx(trace.Onto(ctx, r.ctx), c)
	if r.err = shielded(tx, r.fn); r.err == nil {
		// PostgreSQL refuses this when fn overlooked the error of a statement.
		if r.err = c.run(ctx, release, savepoint); r.err == nil {
			r.left = tx.left
			return nil
		}
	}
	if lostRace(r.err) || ctx.Err() != nil || fatal(r.err) {
		return r.err
	}
	if err := c.run(ctx, undo); err != nil {
		return errors.Join(r.err, fmt.Errorf("undo a request: %w", err))
	}
	return nil
}

// shielded runs fn and turns a panic into an error, so that one request cannot take the writer down.
func shielded(tx *Tx, fn func(*Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			tx.failed = true // whatever it was in the middle of
			err = fmt.Errorf("panic in a write: %v\n%s", p, debug.Stack())
		}
	}()
	return fn(tx)
}

func (d *DB) reconnect(old *conn) *conn {
	old.close()
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		ctx, cancel := context.WithTimeout(context.Background(), batchTime)
		raw, err := d.write.Conn(ctx)
		cancel()
		if err == nil {
			return newConn(raw, d.engine)
		}
		d.log.Warn("the database is away; trying again", "error", err)
		d.refuseWaiting(err)
		select {
		case <-time.After(wait):
		case <-d.stop:
			return old // every use of it fails at once, and so do the writes that still wait
		}
	}
}

func (d *DB) refuseWaiting(err error) {
	for {
		select {
		case r := <-d.queue:
			r.answer <- err
		default:
			return
		}
	}
}
