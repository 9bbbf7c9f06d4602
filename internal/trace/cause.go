package trace

import "sync"

// causes is how many events are remembered with the request that made them: far more than happen between a commit and
// the last follower that looks at it.
const causes = 4096

// memory is a ring: a new cause takes the place of the one so many events before it.
var memory struct {
	sync.Mutex
	events [causes]int64
	places [causes]Place
}

// Caused remembers, in this process, which request made an event. The log of events itself holds no traces: another
// process that reads it begins none.
func Caused(event int64, by Place) {
	if by == (Place{}) {
		return
	}
	memory.Lock()
	defer memory.Unlock()
	i := uint64(event) % causes
	memory.events[i], memory.places[i] = event, by
}

// CauseOf gives the request that made an event, if it is traced and was made here not long ago.
func CauseOf(event int64) Place {
	if joined.Load() == nil {
		return Place{}
	}
	memory.Lock()
	defer memory.Unlock()
	i := uint64(event) % causes
	if memory.events[i] != event {
		return Place{}
	}
	return memory.places[i]
}
