// Package recent keeps what was used most recently, within a bound. What was used longest ago goes first. It has no
// goroutines: whoever adds makes the room.
package recent

import (
	"sync"
	"time"
)

// Cache keeps values by key. It is safe for concurrent use. A lookup takes one short lock and allocates nothing.
type Cache[K comparable, V any] struct {
	limit uint64
	weigh func(K, V) uint32
	idle  time.Duration

	mu     sync.Mutex
	weight uint64
	gone   int64
	items  map[K]*item[K, V]
	newest *item[K, V]
	oldest *item[K, V]
}

// item is one place in the list from the newest to the oldest.
type item[K comparable, V any] struct {
	newer, older *item[K, V]
	key          K
	value        V
	weight       uint32
	used         time.Time // zero unless the cache forgets what is idle
}

// New gives a cache whose values together weigh at most limit. What weighs more than that alone is not kept.
func New[K comparable, V any](limit uint64, weigh func(K, V) uint32) *Cache[K, V] {
	return &Cache[K, V]{limit: limit, weigh: weigh, items: map[K]*item[K, V]{}}
}

// NewCounted gives a cache of at most limit values.
func NewCounted[K comparable, V any](limit uint64) *Cache[K, V] {
	return New(limit, func(K, V) uint32 { return 1 })
}

// Idle makes the cache forget, when something is added, what nobody asked for in so long. It is to be set before use.
func (c *Cache[K, V]) Idle(after time.Duration) *Cache[K, V] {
	c.idle = after
	return c
}

// Get gives what is kept for key, and whether anything is.
func (c *Cache[K, V]) Get(key K) (value V, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	it := c.items[key]
	if it == nil {
		return value, false
	}
	c.touch(it)
	return it.value, true
}

// Set keeps a value in the place of the one before.
func (c *Cache[K, V]) Set(key K, value V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(key, value)
}

// GetOrMake gives what is kept for key, or what fresh makes for it. fresh runs under the cache's lock: it is to be
// quick, and must not use the cache.
func (c *Cache[K, V]) GetOrMake(key K, fresh func() V) V {
	c.mu.Lock()
	defer c.mu.Unlock()
	if it := c.items[key]; it != nil {
		c.touch(it)
		return it.value
	}
	value := fresh()
	c.set(key, value)
	return value
}

// Clear forgets everything.
func (c *Cache[K, V]) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gone += int64(len(c.items))
	c.weight, c.newest, c.oldest = 0, nil, nil
	clear(c.items)
}

// Size gives how many values are kept, what they weigh together and how many had to go.
func (c *Cache[K, V]) Size() (n int, weight uint64, gone int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.items), c.weight, c.gone
}

func (c *Cache[K, V]) set(key K, value V) {
	weight := c.weigh(key, value)
	it := c.items[key]
	if it != nil {
		c.weight -= uint64(it.weight)
	} else {
		it = &item[K, V]{key: key}
		c.items[key] = it
	}
	it.value, it.weight = value, weight
	c.weight += uint64(weight)
	c.touch(it)
	if uint64(weight) > c.limit {
		c.drop(it) // for its sake everything else would have to go
	}
	for c.weight > c.limit || c.idle > 0 && c.oldest != nil && it.used.Sub(c.oldest.used) > c.idle {
		c.drop(c.oldest)
	}
}

// touch makes an item the newest.
func (c *Cache[K, V]) touch(it *item[K, V]) {
	if c.idle > 0 {
		it.used = time.Now()
	}
	if c.newest == it {
		return
	}
	c.unlink(it)
	it.older = c.newest
	if c.newest != nil {
		c.newest.newer = it
	}
	c.newest = it
	if c.oldest == nil {
		c.oldest = it
	}
}

func (c *Cache[K, V]) drop(it *item[K, V]) {
	c.unlink(it)
	delete(c.items, it.key)
	c.weight -= uint64(it.weight)
	c.gone++
}

// unlink takes an item out of the list, if it stands there.
func (c *Cache[K, V]) unlink(it *item[K, V]) {
	if it.newer != nil {
		it.newer.older = it.older
	} else if c.newest == it {
		c.newest = it.older
	}
	if it.older != nil {
		it.older.newer = it.newer
	} else if c.oldest == it {
		c.oldest = it.newer
	}
	it.newer, it.older = nil, nil
}
