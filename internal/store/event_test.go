package store_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/db"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

var errOnPurpose = errors.New("on purpose")

// raise raises a story and appends an event that carries the revision, so that the order of commits can be
// told from the events; every fifth request fails after both.
func raise(s *store.Store, story parley.Story, i int) error {
	return s.Write(ctx, story.ID, func(tx *store.Tx) error {
		revision, err := tx.Raise(story.ID)
		if err != nil {
			return err
		}
		for range 1 + i%3 {
			tx.Append(parley.Event{Site: story.Site, Story: story.ID, Kind: parley.EventRefreshed, Subject: story.ID, Data: parley.EventData{Revision: revision}})
		}
		if i%5 == 4 {
			return errOnPurpose
		}
		return nil
	})
}

// raiseMuch writes from many goroutines at once, through each store in turn, and tells how many events were
// acknowledged.
func raiseMuch(t testing.TB, story parley.Story, writers, each int, stores ...*store.Store) (events int) {
	t.Helper()
	var wg sync.WaitGroup
	for writer := range writers {
		wg.Go(func() {
			for i := range each {
				if err := raise(stores[writer%len(stores)], story, i); (err != nil) != (i%5 == 4) || (err != nil && !errors.Is(err, errOnPurpose)) {
					t.Errorf("write %d: %v", i, err)
				}
			}
		})
	}
	wg.Wait()
	for i := range each {
		if i%5 != 4 {
			events += writers * (1 + i%3)
		}
	}
	return events
}

// checkEvents fails unless the events have the ids after one id without a gap, in the order of the commits.
func checkEvents(t testing.TB, after int64, events []parley.Event) {
	t.Helper()
	revision := map[parley.ID]int64{}
	for i, e := range events {
		if e.ID != after+int64(i)+1 {
			t.Fatalf("event %d has the id %d, want %d", i, e.ID, after+int64(i)+1)
		}
		if e.Kind == parley.EventRefreshed && e.Data.Revision < revision[e.Story] {
			t.Fatalf("event %d tells of revision %d after %d", e.ID, e.Data.Revision, revision[e.Story])
		}
		revision[e.Story] = e.Data.Revision
	}
}

func TestEventsHaveNoGaps(t *testing.T) {
	each(t, func(w *world) {
		want := raiseMuch(w.TB, w.story, 64, 10, w.s)
		events := view(w, func(tx *store.Tx) ([]parley.Event, error) { return tx.EventsAfter(0, 10*want) })
		if len(events) != want {
			t.Errorf("%d events, want %d", len(events), want)
		}
		checkEvents(t, 0, events)
		if last := view(w, func(tx *store.Tx) (int64, error) { return tx.LastEvent() }); last != int64(want) {
			t.Errorf("the last event is %d, want %d", last, want)
		}
	})
}

// TestRecentEvents asks for events from all places of a log longer than what is kept of it: what is given from memory
// must be what the database has, and nothing of what was not committed.
func TestRecentEvents(t *testing.T) {
	each(t, func(w *world) {
		const batches, each = 60, 150
		for i := range batches {
			if err := raise(w.s, w.story, 4); !errors.Is(err, errOnPurpose) {
				t.Fatal(err)
			}
			w.write(func(tx *store.Tx) error {
				for j := range each {
					tx.Append(parley.Event{Site: w.site, Story: w.story.ID, Kind: parley.EventRefreshed, Subject: w.story.ID, Data: parley.EventData{Revision: int64(i*each + j)}})
				}
				return nil
			})
		}
		last := view(w, func(tx *store.Tx) (int64, error) { return tx.LastEvent() })
		for after := int64(0); after <= last+2; after = max(after+1, min(after+173, last-1)) {
			want := view(w, func(tx *store.Tx) ([]parley.Event, error) { return tx.EventsAfter(after, 100) })
			got, err := w.s.EventsAfter(ctx, after, 100)
			if err != nil || !slices.Equal(got, want) {
				t.Fatalf("after %d of %d: %d events, want %d: %v", after, last, len(got), len(want), err)
			}
		}
		for after := last; after > 0; after -= min(after, 97) {
			want := view(w, func(tx *store.Tx) ([]parley.Event, error) { return tx.StoryEventsAfter(w.story.ID, after, int(last)) })
			if got, known := w.s.StoryEvents(w.story.ID, after, last); known && !slices.Equal(got, want) {
				t.Fatalf("after %d of %d: %d events of the story are remembered, want %d", after, last, len(got), len(want))
			}
		}
		if _, known := w.s.StoryEvents(w.story.ID, last, last+1); known {
			t.Error("events are remembered that have not happened")
		}
		if w.s.Engine() == db.SQLite && (w.s.Recent() < 2048 || w.s.Recent() > 2*2048+each) {
			t.Errorf("%d events are kept", w.s.Recent())
		}
	})
}

// TestFailedWritesLeaveNoEvents fails after an event was appended, alone in its batch.
func TestFailedWritesLeaveNoEvents(t *testing.T) {
	each(t, func(w *world) {
		for range 3 {
			if err := raise(w.s, w.story, 4); !errors.Is(err, errOnPurpose) {
				t.Fatal(err)
			}
		}
		if err := raise(w.s, w.story, 0); err != nil {
			t.Fatal(err)
		}
		events := view(w, func(tx *store.Tx) ([]parley.Event, error) { return tx.EventsAfter(0, 10) })
		if len(events) != 1 || events[0].ID != 1 {
			t.Errorf("events %+v, want one with the id 1", events)
		}
	})
}

func TestEventsComeBackAsTheyWere(t *testing.T) {
	eachAt(t, func(w *world, clock *storetest.Clock) {
		other := w.newStory(w.site)
		want := []parley.Event{
			{ID: 1, Site: w.site, Story: w.story.ID, Kind: parley.EventPublished, Subject: 7, Actor: 8, At: clock.Now(),
				Data: parley.EventData{Revision: 1, Root: 1<<62 + 1, Parent: 3, Author: 4, To: 5, Count: 6, Decision: 9}},
			{ID: 2, Site: w.site, Story: other.ID, Kind: parley.EventRefreshed, Subject: 7, At: 12345},
			{ID: 3, Site: w.site, Story: w.story.ID, Kind: parley.EventSession, Subject: 7, At: clock.Now()},
		}
		w.write(func(tx *store.Tx) error {
			for _, e := range want {
				e.ID = 0
				if e.At == clock.Now() {
					e.At = 0 // the store tells the time
				}
				tx.Append(e)
			}
			return nil
		})
		got := view(w, func(tx *store.Tx) ([]parley.Event, error) { return tx.EventsAfter(0, 10) })
		if !reflect.DeepEqual(got, want) {
			t.Errorf("read %+v\nappended %+v", got, want)
		}
		for _, c := range []struct {
			after int64
			limit int
			want  []parley.Event
		}{{0, 10, []parley.Event{want[0], want[2]}}, {0, 1, want[:1]}, {1, 10, want[2:]}, {3, 10, nil}} {
			got := view(w, func(tx *store.Tx) ([]parley.Event, error) { return tx.StoryEventsAfter(w.story.ID, c.after, c.limit) })
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("%d events of the story after %d: %+v", c.limit, c.after, got)
			}
		}
	})
}

// follower gathers what FollowEvents hands it and tells when it has reached an event.
type follower struct {
	mu     sync.Mutex
	events []parley.Event
	more   chan struct{}
}

func (f *follower) handle(_ context.Context, events []parley.Event) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.events = append(f.events, events...)
	select {
	case f.more <- struct{}{}:
	default:
	}
	return nil
}

func (f *follower) got() []parley.Event {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.events[:len(f.events):len(f.events)]
}

// follow starts a follower that ends with the test, or when stop is called, which waits for its end.
func follow(t testing.TB, s *store.Store, name string) (f *follower, stop func()) {
	t.Helper()
	f = &follower{more: make(chan struct{}, 1)}
	running, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.FollowEvents(running, name, nil, f.handle)
	}()
	stop = sync.OnceFunc(func() { cancel(); <-ended })
	t.Cleanup(stop)
	return f, stop
}

// await waits until the followers have n events between them.
func await(t testing.TB, n int, followers ...*follower) {
	t.Helper()
	over := time.After(patience)
	for {
		have := 0
		for _, f := range followers {
			have += len(f.got())
		}
		if have >= n {
			return
		}
		more := followers[0].more
		if len(followers) > 1 {
			more = merged(followers)
		}
		select {
		case <-more:
		case <-over:
			t.Fatalf("%d events after %v, want %d", have, patience, n)
		}
	}
}

// merged gives a channel that tells when any follower has more.
func merged(followers []*follower) chan struct{} {
	any := make(chan struct{}, 1)
	for _, f := range followers {
		go func() {
			select {
			case <-f.more:
				select {
				case any <- struct{}{}:
				default:
				}
			case <-time.After(time.Second):
				select {
				case any <- struct{}{}:
				default:
				}
			}
		}()
	}
	return any
}

func TestFollowersSeeEachEventOnce(t *testing.T) {
	each(t, func(w *world) {
		early, _ := follow(w.TB, w.s, "early")
		want := raiseMuch(w.TB, w.story, 32, 20, w.s)
		late, _ := follow(w.TB, w.s, "late")
		want += raiseMuch(w.TB, w.story, 32, 20, w.s)
		for _, f := range []*follower{early, late} {
			await(w.TB, want, f)
			checkEvents(t, 0, f.got())
		}
	})
}

// TestFollowersTryAgain fails at first: the same events come again, and none is passed over.
func TestFollowersTryAgain(t *testing.T) {
	each(t, func(w *world) {
		if err := raise(w.s, w.story, 2); err != nil {
			t.Fatal(err)
		}
		running, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		var calls []string
		w.s.FollowEvents(running, "stubborn", nil, func(_ context.Context, events []parley.Event) error {
			calls = append(calls, fmt.Sprint(events[0].ID, "+", len(events)))
			if len(calls) < 3 {
				return errOnPurpose
			}
			cancel()
			return nil
		})
		if want := []string{"1+3", "1+3", "1+3"}; !reflect.DeepEqual(calls, want) {
			t.Errorf("handed over %v, want %v", calls, want)
		}
	})
}

// TestFollowersGoOnAfterARestart closes the store and opens it again.
func TestFollowersGoOnAfterARestart(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		var last int64
		var story parley.Story
		for round := range 3 {
			s, err := store.Open(ctx, o)
			if err != nil {
				t.Fatal(err)
			}
			if round == 0 {
				story = newWorld(t, s).story
			}
			f, stop := follow(t, s, "durable")
			want := raiseMuch(t, story, 4, 3, s)
			await(t, want, f)
			stop()
			checkEvents(t, last, f.got())
			last += int64(want)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
}
