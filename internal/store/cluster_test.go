package store_test

import (
	"maps"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// eachCluster runs a test on two stores that share one PostgreSQL database, as two processes would.
func eachCluster(t *testing.T, test func(w *world, other *store.Store)) {
	t.Helper()
	eachClusterAt(t, nil, test)
}

// eachClusterAt is eachCluster with a clock of the test's own.
func eachClusterAt(t *testing.T, now func() parley.Time, test func(w *world, other *store.Store)) {
	t.Helper()
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		if o.URL == "" {
			t.Skip("one process at a time serves a SQLite folder")
		}
		o.Now = now
		var stores [2]*store.Store
		for i := range stores {
			s, err := store.Open(ctx, o)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			stores[i] = s
		}
		test(newWorld(t, stores[0]), stores[1])
	})
}

func TestTwoProcessesLeaveNoGap(t *testing.T) {
	eachCluster(t, func(w *world, other *store.Store) {
		here, _ := follow(w.TB, w.s, "here")
		want := raiseMuch(w.TB, w.story, 64, 10, w.s, other)
		want += raiseMuch(w.TB, w.newStory(w.site), 16, 10, other, w.s)
		await(w.TB, want, here)
		checkEvents(w.TB, 0, here.got())
	})
}

// TestOneProcessFollows starts one follower in both processes and stops the one that works.
func TestOneProcessFollows(t *testing.T) {
	eachCluster(t, func(w *world, other *store.Store) {
		first, stopFirst := follow(w.TB, w.s, "shared")
		want := raiseMuch(w.TB, w.story, 4, 4, w.s, other)
		await(w.TB, want, first)
		second, _ := follow(w.TB, other, "shared")
		more := raiseMuch(w.TB, w.story, 16, 10, w.s, other)
		await(w.TB, want+more, first)
		if n := len(second.got()); n != 0 {
			t.Errorf("both processes follow: the second got %d events", n)
		}
		checkEvents(t, 0, first.got())
		stopFirst()
		rest := raiseMuch(w.TB, w.story, 16, 10, w.s, other)
		await(w.TB, rest, second)
		checkEvents(t, int64(want+more), second.got())
	})
}

// TestAFollowerThatDiedIsReplaced leaves the lease of a process that no longer renews it.
func TestAFollowerThatDiedIsReplaced(t *testing.T) {
	clock := storetest.NewClock()
	eachClusterAt(t, clock.Now, func(w *world, other *store.Store) {
		w.write(func(tx *store.Tx) error {
			_, err := tx.Raw().Exec(`INSERT INTO leases (name, holder, expires_at) VALUES ('follower:orphan', 'ghost', $1)`, tx.Now.Add(15*time.Second))
			return err
		})
		f, _ := follow(w.TB, other, "orphan")
		held := func() (held bool) {
			held, err := w.s.Lease(ctx, "follower:orphan", 15*time.Second)
			if err != nil {
				t.Fatal(err)
			}
			return held
		}
		want := raiseMuch(w.TB, w.story, 2, 2, w.s)
		if held() || len(f.got()) != 0 {
			t.Error("a lease that another process holds was taken")
		}
		clock.Advance(16 * time.Second)
		await(w.TB, want, f)
		checkEvents(t, 0, f.got())
		if held() {
			t.Error("the lease was taken from a living process")
		}
	})
}

// TestProcessesMakeDifferentIDs stops the clock, so that only node numbers keep the ids apart.
func TestProcessesMakeDifferentIDs(t *testing.T) {
	clock := storetest.NewClock()
	eachClusterAt(t, clock.Now, func(w *world, other *store.Store) {
		made := map[parley.ID]bool{}
		for _, s := range []*store.Store{w.s, other} {
			err := s.Write(ctx, 0, func(tx *store.Tx) error {
				for range 5000 {
					made[tx.NewID()] = true
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if len(made) != 10_000 {
			t.Errorf("two processes made %d different ids, want 10,000", len(made))
		}
		nodes := func() int64 { return w.number(`SELECT count(*) FROM leases WHERE name LIKE 'node:%'`) }
		if nodes() != 2 {
			t.Errorf("%d node numbers are leased, want 2", nodes())
		}
		if err := other.Close(); err != nil || nodes() != 1 {
			t.Errorf("a closed process keeps its node number: %d leased, %v", nodes(), err)
		}
	})
}

// TestALostNodeNumberIsReplaced lets another process take the number, as after a minute of standing still.
func TestALostNodeNumberIsReplaced(t *testing.T) {
	clock := storetest.NewClock()
	eachClusterAt(t, clock.Now, func(w *world, _ *store.Store) {
		if node, err := w.s.RenewNode(ctx, 0); node != 0 || err != nil {
			t.Fatalf("a number that is held was changed to %d: %v", node, err)
		}
		nextID := func() (id parley.ID) {
			w.write(func(tx *store.Tx) error { id = tx.NewID(); return nil })
			return id
		}
		before := nextID()
		w.write(func(tx *store.Tx) error {
			_, err := tx.Raw().Exec(`UPDATE leases SET holder = 'ghost', expires_at = $1 WHERE name = 'node:0'`, tx.Now.Add(time.Hour))
			return err
		})
		node, err := w.s.RenewNode(ctx, 0)
		if node != 2 || err != nil {
			t.Errorf("a lost number was changed to %d (%v), want 2, the first that is free", node, err)
		}
		clock.Advance(time.Millisecond)
		if after := nextID(); after <= before || after&(1023<<12) != 2<<12 {
			t.Errorf("ids went from %d to %d, which does not bear the number 2", before, after)
		}
	})
}

// TestProcessesMeet sends the same requests to both processes at once; each must be carried out once.
func TestProcessesMeet(t *testing.T) {
	eachCluster(t, func(w *world, other *store.Store) {
		author, reader := w.reader("Author"), w.reader("Reader")
		stores := []*store.Store{w.s, other}
		both := func(what string, n int, fn func(i int, s *store.Store) error) {
			t.Helper()
			var wg sync.WaitGroup
			for i := range n {
				wg.Go(func() {
					if err := fn(i, stores[i%2]); err != nil {
						t.Errorf("%s: %v", what, err)
					}
				})
			}
			wg.Wait()
		}
		for round := range 10 {
			key := string(rune('a' + round))
			before := w.number(`SELECT count(*) FROM comments`)
			both("post with one key", 20, func(_ int, s *store.Store) error {
				_, err := postOnce(s, w.story, author, key)
				return err
			})
			if made := w.number(`SELECT count(*) FROM comments`) - before; made != 1 {
				t.Errorf("one key made %d comments", made)
			}
			c := w.post(author, parley.Comment{})
			var moved atomic.Int64
			both("remove", 6, func(_ int, s *store.Store) error {
				var mine bool
				err := s.Write(ctx, c.Story, func(tx *store.Tx) error {
					mine = false
					now, err := tx.CommentForVerb(w.site, c.ID)
					if err != nil || now.State != parley.Published {
						return err
					}
					mine = true
					_, err = tx.MoveComment(now, parley.Removed)
					return err
				})
				if mine {
					moved.Add(1)
				}
				return err
			})
			if moved.Load() != 1 {
				t.Errorf("one comment was removed %d times", moved.Load())
			}
			both("recommend", 20, func(i int, s *store.Store) error {
				return s.Write(ctx, c.Story, func(tx *store.Tx) (err error) {
					if i%3 == 0 {
						_, _, err = tx.Unrecommend(c, reader.ID)
					} else {
						_, _, err = tx.Recommend(c, reader.ID)
					}
					return err
				})
			})
		}
		checkCounters(w)
	})
}

// TestProcessesDoNotStopEachOther lets two processes change the same two stories in opposite order, each only
// after the other has changed its first, if it can: there must be no deadlock, which would run one of them again.
func TestProcessesDoNotStopEachOther(t *testing.T) {
	eachCluster(t, func(w *world, other *store.Store) {
		stories := []parley.Story{w.story, w.newStory(w.site)}
		begun := []chan struct{}{make(chan struct{}), make(chan struct{})}
		var wg sync.WaitGroup
		for i, s := range []*store.Store{w.s, other} {
			wg.Go(func() {
				runs := 0
				err := s.Write(ctx, 0, func(tx *store.Tx) error {
					if runs++; runs > 1 {
						return nil
					}
					if _, err := tx.Raise(stories[i].ID); err != nil {
						return err
					}
					close(begun[i])
					select {
					case <-begun[1-i]:
					case <-time.After(200 * time.Millisecond): // the other waits for its turn, as it should
					}
					_, err := tx.Raise(stories[1-i].ID)
					return err
				})
				if err != nil || runs != 1 {
					t.Errorf("process %d ran its write %d times: %v", i, runs, err)
				}
			})
		}
		wg.Wait()
	})
}

// TestTwoProcessesCountRight does random things in the same stories from both processes, in no agreed order.
func TestTwoProcessesCountRight(t *testing.T) {
	eachCluster(t, func(w *world, other *store.Store) {
		readers, stories, passages := furnish(w)
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() {
				h := history{Rand: rand.New(rand.NewPCG(uint64(i), 13)), readers: readers, comments: map[parley.ID][]parley.Comment{}, passages: passages}
				for range 15 {
					story := stories[h.IntN(len(stories))]
					kept := maps.Clone(h.comments)
					err := []*store.Store{w.s, other}[i%2].Write(ctx, story.ID, func(tx *store.Tx) error {
						h.comments = maps.Clone(kept) // the function may run again
						return h.step(tx, story)
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		checkCounters(w)
	})
}

// TestProcessesStartTogether opens several stores on an empty database at the same moment.
func TestProcessesStartTogether(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		if o.URL == "" {
			t.Skip("one process at a time serves a SQLite folder")
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				s, err := store.Open(ctx, o)
				if err != nil {
					t.Errorf("open together with others: %v", err)
					return
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
}
