package identity

import (
	"os"
	"runtime"
	"sync"
	"time"
)

// linger is how long the room for hashing is kept after the last hash: to change it stops everything for a moment.
const linger = 2 * time.Second

// room lets the kernel divide the processors between hashing and everything else. A hash keeps its thread for tens of
// milliseconds, and Go's own scheduler gives way once in ten: on one core a page that is ready in 50 µs would wait
// behind every hash that runs. With one thread more for each hash the kernel gives way within two or three
// milliseconds. The threads are there only while passwords are checked, since without that they cost a little.
type room struct {
	mu    sync.Mutex
	hash  int // how many hashes run
	base  int // threads beside those for hashing; 0 = there is no such room now
	leave *time.Timer
}

// all hashing of the process shares one room.
var hashing room

// within runs fn with room for it.
func (r *room) within(fn func()) {
	r.enter()
	defer r.exit()
	fn()
}

func (r *room) enter() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hash++
	if r.leave != nil {
		r.leave.Stop()
	}
	if r.base == 0 {
		r.base = runtime.GOMAXPROCS(0)
		runtime.GOMAXPROCS(r.base + MaxHashing)
	}
}

func (r *room) exit() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.hash--; r.hash > 0 {
		return
	}
	r.leave = time.AfterFunc(linger, r.close)
}

// close gives the threads back, unless somebody hashes again.
func (r *room) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.hash > 0 || r.base == 0 {
		return
	}
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.SetDefaultGOMAXPROCS() // it may have changed meanwhile, as far as the kernel is concerned
	} else {
		runtime.GOMAXPROCS(r.base)
	}
	r.base = 0
}
