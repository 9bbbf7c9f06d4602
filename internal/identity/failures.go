package identity

import (
	"sync"
	"time"

	"parley"
)

const (
	// maxFailures is how often in a row signing in may fail before an address rests (NIST SP 800-63B-4
	// section 3.2.2: at most 100).
	maxFailures = 100
	// restAfter is how long it rests after each further failure: four guesses an hour are no guessing. Who
	// keeps failing keeps the owner from signing in anew, but out of no session that lives.
	restAfter = 15 * time.Minute
)

// failures counts consecutive failures to sign in by address, known or not, in bounded memory.
type failures struct {
	max int

	mu      sync.Mutex
	entries map[string]failure
}

type failure struct {
	count int
	last  parley.Time
}

// wait gives how long an address still rests.
func (f *failures) wait(address string, now parley.Time) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	e := f.entries[address]
	if e.count < maxFailures {
		return 0
	}
	return max(0, time.Duration(e.last.Add(restAfter)-now)*time.Millisecond)
}

// add counts one failure. When the memory is full the addresses with the fewest failures are forgotten first:
// filling it takes as many hashes as it has places.
func (f *failures) add(address string, now parley.Time) {
	if address == "" {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.entries == nil {
		f.entries = map[string]failure{}
	}
	for few := 1; len(f.entries) >= f.max && few <= 2*maxFailures; few *= 2 {
		for other, e := range f.entries {
			if e.count <= few {
				delete(f.entries, other)
			}
		}
	}
	e := f.entries[address]
	f.entries[address] = failure{count: min(e.count+1, maxFailures), last: now}
}

func (f *failures) clear(address string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.entries, address)
}
