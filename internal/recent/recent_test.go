package recent_test

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/recent"
)

// TestAgainstASlice runs random calls beside the plainest thing that does the same.
func TestAgainstASlice(t *testing.T) {
	const limit = 40
	type kept struct{ key, value int }
	weigh := func(_, value int) uint32 { return uint32(value % 50) } // some are too heavy
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 1))
		c := recent.New(limit, weigh)
		var want []kept // the oldest first
		for step := range 2_000 {
			key, value := random.IntN(12), random.IntN(1_000)
			at := slices.IndexFunc(want, func(k kept) bool { return k.key == key })
			if random.IntN(2) == 0 {
				got, known := c.Get(key)
				if known != (at >= 0) || known && got != want[at].value {
					t.Fatalf("seed %d, step %d: Get(%d) = %d, %v; want %v", seed, step, key, got, known, want)
				}
				if at >= 0 {
					want = append(slices.Delete(want, at, at+1), kept{key, got})
				}
				continue
			}
			c.Set(key, value)
			if at >= 0 {
				want = slices.Delete(want, at, at+1)
			}
			if weigh(key, value) <= limit {
				want = append(want, kept{key, value})
			}
			total := func() (sum uint64) {
				for _, k := range want {
					sum += uint64(weigh(k.key, k.value))
				}
				return sum
			}
			for total() > limit {
				want = want[1:]
			}
			if n, weight, _ := c.Size(); n != len(want) || weight != total() {
				t.Fatalf("seed %d, step %d: %d values weigh %d, want %d and %d", seed, step, n, weight, len(want), total())
			}
		}
	}
}

func TestIdleValuesGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := recent.NewCounted[string, int](10).Idle(time.Hour)
		c.Set("asked for", 1)
		c.Set("left alone", 2)
		time.Sleep(40 * time.Minute)
		c.Get("asked for")
		time.Sleep(40 * time.Minute)
		c.Set("new", 3)
		if _, known := c.Get("left alone"); known {
			t.Error("what nobody asked for in 80 minutes is still there")
		}
		if _, known := c.Get("asked for"); !known {
			t.Error("what was asked for 40 minutes ago is gone")
		}
		if n, _, gone := c.Size(); n != 2 || gone != 1 {
			t.Errorf("%d values are kept and %d gone, want 2 and 1", n, gone)
		}
	})
}

func TestOneIsMade(t *testing.T) {
	c := recent.NewCounted[int, int](100)
	made := map[int]int{} // the cache's own lock stands before it
	var together sync.WaitGroup
	for range 8 {
		together.Go(func() {
			for key := range 100 {
				c.GetOrMake(key, func() int { made[key]++; return key })
				c.Get(key / 2)
			}
		})
	}
	together.Wait()
	for key := range 100 {
		if made[key] != 1 {
			t.Errorf("the value of %d was made %d times", key, made[key])
		}
	}
}

func TestLookingUpAllocatesNothing(t *testing.T) {
	type key struct {
		story int64
		kind  string
	}
	c := recent.NewCounted[key, *int](10)
	c.Set(key{1, "page"}, new(int))
	c.Set(key{2, "page"}, new(int))
	at := int64(0)
	if n := testing.AllocsPerRun(100, func() { at = 3 - at; c.Get(key{at%2 + 1, "page"}) }); n > 0 {
		t.Errorf("a lookup allocates %v times", n)
	}
}

func BenchmarkGet(b *testing.B) {
	c := recent.NewCounted[string, int](1_000)
	c.Set("one", 1)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			c.Get("one")
		}
	})
}

// TestClear forgets everything, and goes on as if new.
func TestClear(t *testing.T) {
	c := recent.NewCounted[int, int](3)
	for round := range 3 {
		for i := range 5 {
			c.Set(i, i)
		}
		c.Clear()
		if n, weight, gone := c.Size(); n != 0 || weight != 0 || gone != int64(5*(round+1)) {
			t.Errorf("%d values that weigh %d are left, %d have gone", n, weight, gone)
		}
		if _, known := c.Get(4); known {
			t.Error("what was forgotten is known")
		}
	}
}
