package render

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"parley"
	"parley/internal/recent"
)

const (
	// Fresh is how long a body is served without asking whether the story has moved on: short enough that
	// nobody notices, long enough that a crowd costs ten questions a second, not thousands.
	Fresh = 100 * time.Millisecond
	// ahead is how old a body is when somebody who is served it has the story asked in the background, so that those
	// who come when it is no longer fresh find the next one and need not wait.
	ahead = 70 * time.Millisecond
	// Rebuilds is how many bodies of one story are built again within any second. A page that changes faster
	// than that changes faster than anybody reads.
	Rebuilds = 20
	// worn is how old a body is served to those who ask for no revision while the story's rebuilds are used up.
	// Caches on the way keep a page as long (see Shared).
	worn = 5 * time.Second
	// queueing is how long a rebuild may have to wait for its turn; whoever would wait longer is sent away.
	queueing = 5 * time.Second
	// patience ends a build, its wait included, that nobody can be waiting for any more.
	patience = 15 * time.Second
	// paced is how many stories' rebuild times are remembered; a forgotten one starts anew.
	paced = 4096
	// calm is how old a page that was compressed in a hurry gets, unchanged and still asked for, before it is
	// compressed once more.
	calm = 5 * time.Second
	// overhead is what an entry weighs beside its bytes, roughly: key, headers, the cache's own node.
	overhead = 1024
)

// Key names one body. Two requests with equal keys get equal bytes.
type Key struct {
	Story  parley.ID
	Kind   string // which view: "fragment", "threads", "replies", …
	Sort   parley.Sort
	Cursor string
	Form   string // whatever else tells two views apart: a language, a comment's id
}

func (k Key) flight() string {
	return fmt.Sprintf("%d %q %q %q %q", k.Story, k.Kind, k.Sort, k.Cursor, k.Form)
}

// form gives a short name of Form: what is made of something beside the story has another ETag when that
// something changes and the story does not.
func (k Key) form() string {
	sum := sha256.Sum256([]byte(k.Form))
	return hex.EncodeToString(sum[:4])
}

// Built is a view as it was just built, from one snapshot of the store.
type Built struct {
	HTML     []byte
	Sheet    *Sheet // says it instead, where it is the body of a page of threads; nil = HTML does
	Revision int64  // the story's, in that snapshot
	Event    int64  // the newest event that snapshot had seen
	Next     string // cursor of the next page
	More     bool   // more exists than this view holds and its reader should start from the first page
	Version  string // names these very bytes in the ETag; "" = the revision does, and the key's form
	Type     string // media type; "" = HTML
}

// Cache keeps finished bodies in bounded memory.
type Cache struct {
	build   string
	bodies  *recent.Cache[Key, *entry]
	paces   *recent.Cache[parley.ID, *pace]
	read    *recent.Cache[parley.ID, *read]
	flights singleflight.Group
	stats   Stats
}

// Stats counts what the cache did since the start.
type Stats struct {
	Hits      atomic.Int64 // bodies given without asking anybody
	Confirmed atomic.Int64 // bodies whose story had not moved on
	Built     atomic.Int64
}

// Stats gives the cache's counters.
func (c *Cache) Stats() *Stats { return &c.stats }

// Size gives how many bodies are kept, their bytes together, and how many had to go.
func (c *Cache) Size() (n int, bytes uint64, gone int64) { return c.bodies.Size() }

type entry struct {
	body    *Body
	ahead   atomic.Bool  // the story is being asked, or was, since checked
	checked atomic.Int64 // Unix nanoseconds when the story was last known to stand where body does
}

// Rest gives back memory that only serves while stories are written in and read: what pages were last built from.
// Finished bodies stay.
func (c *Cache) Rest() { c.read.Clear() }

// NewCache gives a cache of at most limit bytes. build names the program that makes the bodies (see [Build]):
// it is part of every ETag, so that an upgrade never confirms what an older program sent.
func NewCache(limit uint64, build string) *Cache {
	return &Cache{
		build:  build,
		bodies: recent.New(limit, func(_ Key, e *entry) uint32 { return e.body.weight() }),
		paces:  recent.NewCounted[parley.ID, *pace](paced),
		read:   recent.New(readLimit, func(_ parley.ID, r *read) uint32 { return r.weight() }),
	}
}

// Get gives the body for key, at least as new as revision least, or as the story itself when least lies in the
// future. A body confirmed within [Fresh] is given at once, while the next is made ready when that soon is over, and while the story's [Rebuilds] are used up an older
// one, unless least asks for more. Otherwise current tells the story's revision, and build makes the body anew only
// when that has moved. However many ask, one goroutine builds; it goes on when the asker that began it leaves.
// Errors of current and build are given to everybody who waited and are not kept. Who asks for a revision that
// cannot be built in time is refused with CodeBusy.
func (c *Cache) Get(ctx context.Context, key Key, least int64,
	current func(context.Context) (int64, error), build func(context.Context) (Built, error),
) (*Body, error) {
	e, known := c.bodies.Get(key)
	serves := known && e.body.Revision >= least
	if serves && c.fine(ctx, key, e, current, build) {
		c.stats.Hits.Add(1)
		return e.body, nil
	}
	// The first flight may have taken off before this call, with a revision older than least; the second
	// cannot have, so that what it brings is all there is.
	body, err := c.join(ctx, key, current, build)
	if err == nil && body.Revision < least {
		body, err = c.join(ctx, key, current, build)
	}
	if serves && parley.CodeOf(err) == parley.CodeBusy {
		return e.body, nil // an older page is better than none
	}
	return body, err
}

// fine tells whether a body may be served as it is. One that soon will not be is renewed in the background.
func (c *Cache) fine(ctx context.Context, key Key, e *entry,
	current func(context.Context) (int64, error), build func(context.Context) (Built, error),
) bool {
	switch age := age(e); {
	case age < ahead, age < worn && c.pace(key.Story).full():
		return true
	case age < Fresh:
		if e.ahead.CompareAndSwap(false, true) {
			c.fly(ctx, key, current, build)
		}
		return true
	}
	return false
}

func age(e *entry) time.Duration { return time.Duration(time.Now().UnixNano() - e.checked.Load()) }

func (c *Cache) join(ctx context.Context, key Key,
	current func(context.Context) (int64, error), build func(context.Context) (Built, error),
) (*Body, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case result := <-c.fly(ctx, key, current, build):
		body, _ := result.Val.(*Body)
		return body, result.Err
	}
}

// fly begins to renew the body for key, unless that has begun already. What comes of it comes by the channel, which
// nobody needs to read.
func (c *Cache) fly(ctx context.Context, key Key,
	current func(context.Context) (int64, error), build func(context.Context) (Built, error),
) <-chan singleflight.Result {
	return c.flights.DoChan(key.flight(), func() (body any, err error) {
		// A panic must not pass through singleflight, which would end the process with it.
		defer func() {
			if p := recover(); p != nil {
				body, err = nil, fmt.Errorf("build %s of story %d: panic: %v", key.Kind, key.Story, p)
			}
		}()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		return c.renew(ctx, key, current, build)
	})
}

// renew confirms the body for key or builds it. Only one goroutine a key is in here.
func (c *Cache) renew(ctx context.Context, key Key,
	current func(context.Context) (int64, error), build func(context.Context) (Built, error),
) (*Body, error) {
	e, known := c.bodies.Get(key)
	if known {
		asked := time.Now().UnixNano()
		revision, err := current(ctx)
		if err != nil {
			return nil, err
		}
		if revision <= e.body.Revision {
			c.stats.Confirmed.Add(1)
			if e.body.hasty && time.Since(e.body.made) > calm {
				settled := e.body.settled()
				settled.compressed()
				return c.keep(key, settled, asked), nil
			}
			e.checked.Store(asked)
			e.ahead.Store(false)
			return e.body, nil
		}
		if err := c.pace(key.Story).wait(ctx); err != nil {
			return nil, parley.Errorf(parley.CodeBusy, "Too much is happening here at once. Please try again in a moment.").
				After(time.Second).Because(err)
		}
	}
	asked := time.Now().UnixNano()
	built, err := build(ctx)
	if err != nil {
		return nil, err
	}
	c.stats.Built.Add(1)
	if built.Version == "" && key.Form != "" {
		built.Version = fmt.Sprintf("%d-%s", built.Revision, key.form())
	}
	var before *Body
	if known {
		before = e.body
	}
	body, err := succeed(built, c.build, before)
	if err != nil {
		return nil, err
	}
	return c.keep(key, body, asked), nil
}

// keep puts a body, which is as new as the store was when it was asked, in the place of the one before.
func (c *Cache) keep(key Key, body *Body, asked int64) *Body {
	fresh := &entry{body: body}
	fresh.checked.Store(asked)
	c.bodies.Set(key, fresh)
	return body
}

func (c *Cache) pace(story parley.ID) *pace {
	return c.paces.GetOrMake(story, func() *pace { return new(pace) })
}
