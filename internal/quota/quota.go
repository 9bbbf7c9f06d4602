// Package quota counts how often something happened for a key and says when it is enough. It is exact: within
// any window of a rule's length there are never more than the rule allows. It lives in memory and starts empty.
package quota

import (
	"sync"
	"time"

	"parley"
)

// Rule allows N times within any window of Per.
type Rule struct {
	N   int
	Per time.Duration
}

// Quota counts under several rules at once. It is safe for concurrent use.
type Quota struct {
	rules   []Rule
	longest time.Duration
	most    int
	keys    int

	mu   sync.Mutex
	past map[string][]parley.Time // oldest first, never more than most
}

// New gives a quota for so many keys. When there are more, keys that no rule needs any longer are
// forgotten; when that is not enough, any: whoever can fill the memory with keys has paid for each of them.
func New(keys int, rules ...Rule) *Quota {
	q := &Quota{rules: rules, keys: keys, past: map[string][]parley.Time{}}
	for _, r := range rules {
		q.longest, q.most = max(q.longest, r.Per), max(q.most, r.N)
	}
	return q
}

// Take counts one more for key at now, unless a rule forbids it; then it counts nothing and gives how long to
// wait.
func (q *Quota) Take(key string, now parley.Time) (wait time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	past := q.past[key]
	for _, r := range q.rules {
		if len(past) < r.N {
			continue
		}
		if free := past[len(past)-r.N].Add(r.Per); free > now {
			wait = max(wait, time.Duration(free-now)*time.Millisecond)
		}
	}
	if wait > 0 {
		return wait
	}
	if past == nil && len(q.past) >= q.keys {
		q.forget(now)
	}
	if len(past) == q.most {
		past = past[1:]
	}
	q.past[key] = append(past, now)
	return 0
}

// Undo takes the newest count of a key back: what was counted did not happen after all.
func (q *Quota) Undo(key string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if past := q.past[key]; len(past) > 1 {
		q.past[key] = past[:len(past)-1]
	} else {
		delete(q.past, key)
	}
}

// forget makes room for at least one key.
func (q *Quota) forget(now parley.Time) {
	for key, past := range q.past {
		if past[len(past)-1].Add(q.longest) <= now {
			delete(q.past, key)
		}
	}
	for key := range q.past {
		if len(q.past) < q.keys {
			return
		}
		delete(q.past, key)
	}
}
