package render

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"parley"
)

// source stands for the store: a story's revision, and how often each question was asked.
type source struct {
	revision, asked, built atomic.Int64
	takes                  time.Duration // how long a build takes
	err                    error
}

func (s *source) current(context.Context) (int64, error) {
	s.asked.Add(1)
	return s.revision.Load(), s.err
}

func (s *source) build(ctx context.Context) (Built, error) {
	revision := s.revision.Load() // the snapshot
	s.built.Add(1)
	time.Sleep(s.takes)
	if err := ctx.Err(); err != nil {
		return Built{}, err
	}
	return Built{HTML: []byte("<li></li>"), Revision: revision}, s.err
}

var key = Key{Story: 700, Kind: "threads", Sort: parley.Newest}

func inBubble(t *testing.T, run func(*testing.T, *Cache)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		run(t, NewCache(1<<20, "b1"))
	})
}

func get(t *testing.T, c *Cache, s *source, least int64) *Body {
	t.Helper()
	body, err := c.Get(t.Context(), key, least, s.current, s.build)
	if err != nil {
		t.Error(err)
		return &Body{}
	}
	return body
}

func TestFreshness(t *testing.T) {
	inBubble(t, func(t *testing.T, c *Cache) {
		s := &source{}
		s.revision.Store(1)
		expect := func(what string, revision, got, asked, built int64) {
			t.Helper()
			if got != revision || s.asked.Load() != asked || s.built.Load() != built {
				t.Fatalf("%s: revision %d, asked %d, built %d; want %d, %d, %d", what, got, s.asked.Load(), s.built.Load(), revision, asked, built)
			}
		}
		expect("first", 1, get(t, c, s, 0).Revision, 0, 1)
		s.revision.Store(2)
		time.Sleep(ahead - time.Millisecond)
		expect("just confirmed", 1, get(t, c, s, 0).Revision, 0, 1)
		expect("asked for newer", 2, get(t, c, s, 2).Revision, 1, 2)
		time.Sleep(Fresh)
		expect("unchanged", 2, get(t, c, s, 0).Revision, 2, 2)
		expect("confirmed again", 2, get(t, c, s, 0).Revision, 2, 2)
		s.revision.Store(3)
		time.Sleep(Fresh)
		expect("changed", 3, get(t, c, s, 0).Revision, 3, 3)
		expect("from the future", 3, get(t, c, s, 1<<60).Revision, 5, 3)
	})
}

// A page that has changed is compressed in a hurry, and once more when it has come to rest. Every form has an ETag
// of its own.
func TestCompressedTwice(t *testing.T) {
	inBubble(t, func(t *testing.T, c *Cache) {
		s := &source{}
		tag := func() string { return get(t, c, s, 0).ETag(true) }
		s.revision.Store(1)
		if got := tag(); got != `"1-b1-gz"` {
			t.Errorf("the first has ETag %s", got)
		}
		s.revision.Store(2)
		time.Sleep(Fresh)
		if got := tag(); got != `"2-b1-gq"` {
			t.Errorf("a changed one has ETag %s", got)
		}
		time.Sleep(calm + Fresh)
		for range 2 {
			if got := tag(); got != `"2-b1-gz"` || s.built.Load() != 2 {
				t.Errorf("one at rest has ETag %s after %d builds", got, s.built.Load())
			}
			time.Sleep(calm + Fresh)
		}
	})
}

// While people read, the next body is made before the last one is too old, and nobody waits for it.
func TestMadeAhead(t *testing.T) {
	inBubble(t, func(t *testing.T, c *Cache) {
		s := &source{takes: Fresh / 10}
		s.revision.Store(1)
		get(t, c, s, 0)
		s.revision.Store(2)
		time.Sleep(ahead)
		began := time.Now()
		if got := get(t, c, s, 0).Revision; got != 1 {
			t.Errorf("a fresh body is of revision %d", got)
		}
		get(t, c, s, 0)
		synctest.Wait() // the build has begun
		time.Sleep(Fresh / 5)
		if got := get(t, c, s, 0).Revision; got != 2 || time.Since(began) != Fresh/5 || s.built.Load() != 2 || s.asked.Load() != 1 {
			t.Errorf("revision %d after %s, asked %d times, built %d times", got, time.Since(began), s.asked.Load(), s.built.Load())
		}
	})
}

func TestOneBuildForAll(t *testing.T) {
	inBubble(t, func(t *testing.T, c *Cache) {
		s := &source{takes: time.Second}
		var wait sync.WaitGroup
		for range 1000 {
			wait.Go(func() { get(t, c, s, 0) })
		}
		wait.Wait()
		if n := s.built.Load(); n != 1 {
			t.Errorf("%d builds for a thousand readers, want 1", n)
		}
	})
}

// Somebody who comes while an older body is being built, and knows of a newer revision, waits for the next build.
func TestNewerThanTheBuildOnTheWay(t *testing.T) {
	inBubble(t, func(t *testing.T, c *Cache) {
		s := &source{takes: time.Second}
		s.revision.Store(1)
		go get(t, c, s, 0)
		synctest.Wait() // the build of revision 1 is under way
		s.revision.Store(2)
		if got := get(t, c, s, 2).Revision; got != 2 {
			t.Errorf("got revision %d, want 2", got)
		}
	})
}

func TestAskerWhoLeaves(t *testing.T) {
	inBubble(t, func(t *testing.T, c *Cache) {
		s := &source{takes: time.Second}
		ctx, leave := context.WithCancel(t.Context())
		left := make(chan error, 1)
		go func() {
			_, err := c.Get(ctx, key, 0, s.current, s.build)
			left <- err
		}()
		synctest.Wait()
		leave()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("who left got %v", err)
		}
		get(t, c, s, 0)
		if n := s.built.Load(); n != 1 {
			t.Errorf("built %d times, want the one build to go on", n)
		}
	})
}

func TestFailuresAreNotKept(t *testing.T) {
	inBubble(t, func(t *testing.T, c *Cache) {
		away := errors.New("storage is away")
		s := &source{err: away}
		if _, err := c.Get(t.Context(), key, 0, s.current, s.build); !errors.Is(err, away) {
			t.Fatalf("a failed build gave %v", err)
		}
		s.err = nil
		get(t, c, s, 0)
		time.Sleep(Fresh)
		s.err = away
		if _, err := c.Get(t.Context(), key, 0, s.current, s.build); !errors.Is(err, away) {
			t.Fatalf("a failed question gave %v", err)
		}
		_, err := c.Get(t.Context(), Key{Kind: "boom"}, 0, s.current, func(context.Context) (Built, error) { panic("boom") })
		if err == nil || !strings.Contains(err.Error(), "boom") {
			t.Errorf("a panic gave %v", err)
		}
	})
}

func TestRebuildsArePaced(t *testing.T) {
	inBubble(t, func(t *testing.T, c *Cache) {
		s := &source{}
		get(t, c, s, 0)
		began := time.Now()
		var times []time.Duration
		for n := range int64(3 * Rebuilds) {
			s.revision.Store(n + 1)
			if got := get(t, c, s, n+1).Revision; got != n+1 {
				t.Fatalf("got revision %d, want %d", got, n+1)
			}
			times = append(times, time.Since(began))
		}
		for i := Rebuilds; i < len(times); i++ {
			if gap := times[i] - times[i-Rebuilds]; gap < time.Second {
				t.Fatalf("%d rebuilds within %v", Rebuilds+1, gap)
			}
		}
		if last := times[len(times)-1]; last > 3*time.Second {
			t.Errorf("%d rebuilds took %v: the pace is too slow", len(times), last)
		}
	})
}

// A crowd that asks for ever newer bodies of many pages is told to come back, rather than kept for minutes.
func TestRebuildsThatCannotBeInTime(t *testing.T) {
	inBubble(t, func(t *testing.T, c *Cache) {
		s := &source{}
		pages := make([]Key, Rebuilds*int(queueing/time.Second)+3*Rebuilds)
		for i := range pages {
			pages[i] = Key{Story: 700, Kind: "replies", Cursor: strings.Repeat("x", i)}
			if _, err := c.Get(t.Context(), pages[i], 0, s.current, s.build); err != nil {
				t.Fatal(err)
			}
		}
		s.revision.Store(1)
		began := time.Now()
		var busy atomic.Int64
		var wait sync.WaitGroup
		for _, page := range pages {
			wait.Go(func() {
				_, err := c.Get(t.Context(), page, 1, s.current, s.build)
				if parley.CodeOf(err) == parley.CodeBusy && time.Since(began) == 0 {
					busy.Add(1)
				} else if err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if n := busy.Load(); n != 2*Rebuilds {
			t.Errorf("%d of %d were sent away", n, len(pages))
		}
	})
}

// A story that changes all the time, with more pages in demand than can be rebuilt: those who ask for no revision
// always get a page, the pace is kept, and pages get newer.
func TestReadersOfABusyStory(t *testing.T) {
	inBubble(t, func(t *testing.T, c *Cache) {
		s := &source{}
		const pages, seconds = 200, 20
		var wait sync.WaitGroup
		wait.Go(func() {
			for range seconds * 20 {
				s.revision.Add(1)
				time.Sleep(Fresh / 2)
			}
		})
		for n := range pages {
			k := Key{Story: 700, Kind: "threads", Cursor: strings.Repeat("x", n)}
			wait.Go(func() {
				began, last := time.Now(), int64(0)
				for time.Since(began) < seconds*time.Second {
					body, err := c.Get(t.Context(), k, 0, s.current, s.build)
					if err != nil {
						t.Errorf("page %d: %v", n, err)
						return
					}
					if body.Revision < last {
						t.Errorf("page %d went back from %d to %d", n, last, body.Revision)
					}
					last = body.Revision
					time.Sleep(Fresh)
				}
				if last == 0 {
					t.Errorf("page %d never changed", n)
				}
			})
		}
		wait.Wait()
		if n := s.built.Load(); n > pages+Rebuilds*(seconds+10) || n < pages+Rebuilds*(seconds-1) {
			t.Errorf("%d builds of %d pages in %d s", n, pages, seconds)
		}
	})
}

func TestStoriesDoNotWaitForEachOther(t *testing.T) {
	inBubble(t, func(t *testing.T, c *Cache) {
		s := &source{}
		began := time.Now()
		for story := range parley.ID(100) {
			k := Key{Story: story, Kind: "threads"}
			for n := range int64(2) {
				s.revision.Store(n)
				if _, err := c.Get(t.Context(), k, n, s.current, s.build); err != nil {
					t.Fatal(err)
				}
			}
		}
		if took := time.Since(began); took > 0 {
			t.Errorf("rebuilding a hundred stories once waited %v", took)
		}
	})
}

func TestMemoryIsBounded(t *testing.T) {
	const limit = 1 << 20
	c := NewCache(limit, "b1")
	large := func(context.Context) (Built, error) { return Built{HTML: make([]byte, 64<<10)}, nil }
	for n := range parley.ID(200) {
		if _, err := c.Get(t.Context(), Key{Story: n}, 0, nil, large); err != nil {
			t.Fatal(err)
		}
	}
	if _, got, _ := c.bodies.Size(); got > limit || got == 0 {
		t.Errorf("the cache holds %d bytes of at most %d", got, limit)
	}
}
