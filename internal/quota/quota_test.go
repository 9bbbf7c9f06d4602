package quota

import (
	"fmt"
	"math/rand"
	"testing"
	"time"

	"parley"
)

// TestNeverMoreInAnyWindow asks at random moments and recounts every window.
func TestNeverMoreInAnyWindow(t *testing.T) {
	rules := []Rule{{3, time.Hour}, {10, 24 * time.Hour}}
	q := New(10, rules...)
	source := rand.New(rand.NewSource(1))
	now := parley.TimeOf(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	var allowed []parley.Time
	for range 20_000 {
		now = now.Add(time.Duration(source.Intn(600)) * time.Second)
		wait := q.Take("k", now)
		if wait == 0 {
			allowed = append(allowed, now)
			continue
		}
		if q.Take("k", now.Add(wait-time.Millisecond)) == 0 {
			t.Fatalf("told to wait %v, but less was enough", wait)
		}
		if source.Intn(4) == 0 {
			if now = now.Add(wait); q.Take("k", now) != 0 {
				t.Fatalf("told to wait %v, but it was not enough", wait)
			}
			allowed = append(allowed, now)
		}
	}
	if len(allowed) < 100 {
		t.Fatalf("only %d were allowed", len(allowed))
	}
	for _, r := range rules {
		for i := r.N; i < len(allowed); i++ {
			if allowed[i-r.N].Add(r.Per) > allowed[i] {
				t.Fatalf("%d within %v", r.N+1, r.Per)
			}
		}
	}
}

func TestKeysAreApartAndBounded(t *testing.T) {
	q := New(100, Rule{1, time.Hour})
	now := parley.Time(1)
	if q.Take("a", now) != 0 || q.Take("b", now) != 0 || q.Take("a", now) == 0 {
		t.Error("keys are mixed up")
	}
	for i := range 10_000 {
		if q.Take(fmt.Sprint(i), now) != 0 {
			t.Fatalf("key %d was refused", i)
		}
	}
	if len(q.past) > 100 {
		t.Errorf("%d keys are remembered, want at most 100", len(q.past))
	}
	later := now.Add(2 * time.Hour)
	q.Take("later", later)
	if len(q.past) != 1 {
		t.Errorf("%d keys are remembered though all but one have lapsed", len(q.past))
	}
}
