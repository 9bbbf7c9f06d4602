package live_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"testing"
	"time"

	"parley"
	"parley/internal/live"
	"parley/internal/store"
)

func setUp(t *testing.T) (*store.Store, *live.Hub) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	hub := live.New(s, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); hub.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done; s.Close() })
	return s, hub
}

// TestNothingIsMissedBeforeTheTailBegins has a page come, and something happen, before Run has read anything.
func TestNothingIsMissedBeforeTheTailBegins(t *testing.T) {
	s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	hub := live.New(s, slog.New(slog.DiscardHandler))
	add(t, s, parley.Event{Story: 7, Kind: parley.EventRefreshed, Subject: 7})
	sub := watch(hub, 7, 0)
	defer hub.Unsubscribe(sub.Subscription)
	add(t, s, parley.Event{Story: 7, Kind: parley.EventRefreshed, Subject: 7})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); hub.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done; s.Close() })
	if m := next(t, sub); m.ID != 2 {
		t.Errorf("the page is told of event %d, want 2", m.ID)
	}
}

func add(t *testing.T, s *store.Store, events ...parley.Event) {
	t.Helper()
	if err := s.Write(t.Context(), 0, func(tx *store.Tx) error {
		for _, e := range events {
			tx.Append(e)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// page is a subscription that a test takes messages from, one by one.
type page struct {
	*live.Subscription
	bell chan struct{}
	got  []*live.Message
	open bool
}

func watch(hub *live.Hub, story, reader parley.ID) *page {
	p := &page{Subscription: hub.Subscribe(story, reader), bell: make(chan struct{}, 1), open: true}
	p.Attend(0, func() {
		select {
		case p.bell <- struct{}{}:
		default:
		}
	})
	return p
}

// within gives the next message, and whether there is one before the time is over or the subscription has ended.
func (p *page) within(limit time.Duration) (*live.Message, bool) {
	late := time.After(limit)
	for len(p.got) == 0 && p.open {
		select {
		case <-p.bell:
			p.got, p.open = p.Take(p.got)
		case <-late:
			return nil, false
		}
	}
	if len(p.got) == 0 {
		return nil, false
	}
	m := p.got[0]
	p.got = p.got[1:]
	return m, true
}

func next(t *testing.T, p *page) *live.Message {
	t.Helper()
	m, came := p.within(10 * time.Second)
	if !came {
		t.Fatalf("no message came; the stream is open: %v", p.open)
	}
	return m
}

// none fails unless nothing more comes for a moment.
func none(t *testing.T, p *page, why string) {
	t.Helper()
	if m, came := p.within(50 * time.Millisecond); came {
		t.Errorf("%s, but %s %s came", why, m.Name, m.Data)
	}
}

// ended drains a page and tells whether it ends.
func ended(p *page) bool {
	for {
		if _, came := p.within(10 * time.Second); !came {
			return !p.open
		}
	}
}

// settle waits until the tail has begun: events before that are not for it.
func settle(t *testing.T, s *store.Store, sub *page) {
	t.Helper()
	for range 200 {
		add(t, s, parley.Event{Story: 7, Kind: parley.EventRefreshed, Subject: 7})
		if _, came := sub.within(50 * time.Millisecond); came {
			for came {
				_, came = sub.within(20 * time.Millisecond)
			}
			return
		}
	}
	t.Fatal("the tail never began")
}

func TestMessagesComeInOrderWithCountsGathered(t *testing.T) {
	s, hub := setUp(t)
	sub := watch(hub, 7, 0)
	defer hub.Unsubscribe(sub.Subscription)
	settle(t, s, sub)
	add(t, s,
		parley.Event{Story: 7, Kind: parley.EventRecommended, Subject: 1, Data: parley.EventData{Count: 1}},
		parley.Event{Story: 7, Kind: parley.EventRecommended, Subject: 1, Data: parley.EventData{Count: 2}},
		parley.Event{Story: 7, Kind: parley.EventHeld, Subject: 3},
		parley.Event{Story: 8, Kind: parley.EventPublished, Subject: 4},
		parley.Event{Story: 7, Kind: parley.EventPublished, Subject: 2, Data: parley.EventData{Root: 2, Author: 9, Revision: 5}},
	)
	first, second := next(t, sub), next(t, sub)
	if first.Name != "recommend" || string(first.Data) != `{"counts":{"1":2}}` {
		t.Errorf("first %s %s, want the gathered count", first.Name, first.Data)
	}
	if second.Name != "comment" || second.ID <= first.ID {
		t.Errorf("second %s id %d after %d, want the comment", second.Name, second.ID, first.ID)
	}
	var data map[string]any
	if err := json.Unmarshal(second.Data, &data); err != nil || data["author"] != "9" || data["revision"] != 5.0 {
		t.Errorf("data %s: %v", second.Data, err)
	}
	none(t, sub, "held comments and other stories are not for this page")
}

func TestTheSlowAreDroppedTheOthersAreNot(t *testing.T) {
	s, hub := setUp(t)
	slow, quick := watch(hub, 7, 0), watch(hub, 7, 0)
	settle(t, s, quick)
	for i := range 200 {
		add(t, s, parley.Event{Story: 7, Kind: parley.EventPublished, Subject: parley.ID(i + 1)})
		next(t, quick)
	}
	if open, dropped := hub.Open(); !ended(slow) || open != 1 || dropped != 1 {
		t.Errorf("%d open, %d dropped, or the slow one did not end", open, dropped)
	}
}

func TestPersonalMessagesReachTheReaderOnly(t *testing.T) {
	s, hub := setUp(t)
	mine, other := watch(hub, 7, 11), watch(hub, 7, 12)
	settle(t, s, mine)
	add(t, s, parley.Event{Kind: parley.EventSession, Subject: 11}, parley.Event{Story: 7, Kind: parley.EventStoryClosed, Subject: 7})
	if a := next(t, mine); a.Name != "session" {
		t.Errorf("got %s", a.Name)
	}
	if !ended(mine) {
		t.Error("a stream outlived its session")
	}
	for {
		m := next(t, other)
		if m.Name == "session" {
			t.Fatal("another reader heard of the session")
		}
		if m.Name == "closed" {
			return
		}
	}
}

func TestStopSaysGoodbye(t *testing.T) {
	_, hub := setUp(t)
	sub := watch(hub, 7, 0)
	hub.Stop()
	if m := next(t, sub); m.Name != "bye" {
		t.Errorf("got %s", m.Name)
	}
	if !ended(sub) {
		t.Error("the stream stays open")
	}
	late := watch(hub, 7, 0)
	if m := next(t, late); m.Name != "bye" {
		t.Errorf("who comes too late is told %s", m.Name)
	}
	if !ended(late) {
		t.Error("a new stream was let in")
	}
}

func TestReplayEqualsLive(t *testing.T) {
	got := live.Replay([]parley.Event{
		{ID: 1, Kind: parley.EventRecommended, Subject: 5, Data: parley.EventData{Count: 3}},
		{ID: 2, Kind: parley.EventReported, Subject: 5},
		{ID: 3, Kind: parley.EventWithdrawn, Subject: 5},
		{ID: 4, Kind: parley.EventRecommended, Subject: 6, Data: parley.EventData{Count: 1}},
	})
	var names string
	for _, m := range got {
		names += m.Name + " "
	}
	if names != "recommend remove recommend " || got[2].ID != 4 {
		t.Errorf("replayed %s", names)
	}
}

func TestWhatStandsAroundTheConversationIsReadAgain(t *testing.T) {
	changed := parley.EventData{Revision: 9}
	got := live.Replay([]parley.Event{
		{ID: 1, Story: 7, Kind: parley.EventRevised, Subject: 7, Data: changed},
		{ID: 2, Story: 7, Kind: parley.EventSuggested, Subject: 3},
		{ID: 3, Story: 7, Kind: parley.EventCorrected, Subject: 3},
		{ID: 4, Story: 7, Kind: parley.EventCorrected, Subject: 4, Data: changed},
		{ID: 5, Story: 7, Kind: parley.EventAnswered, Subject: 5},
		{ID: 6, Story: 7, Kind: parley.EventObjected, Subject: 6},
		{ID: 7, Story: 7, Kind: parley.EventSettled, Subject: 5, Data: changed},
	})
	var ids []int64
	for _, m := range got {
		ids = append(ids, m.ID)
		if m.Name != "refresh" || string(m.Data) != `{"revision":9}` {
			t.Errorf("event %d became %s %s", m.ID, m.Name, m.Data)
		}
	}
	if want := []int64{1, 4, 7}; !slices.Equal(ids, want) {
		t.Errorf("pages were told of %v, want %v: who suggests, answers or objects is nobody's business", ids, want)
	}
	for _, kind := range []parley.EventKind{parley.EventSwitched, parley.EventAsked, parley.EventReworded, parley.EventClosed, parley.EventMilestone,
		parley.EventProposed, parley.EventDeclined, parley.EventOverturned, parley.EventHeard, parley.EventSequel} {
		if got := live.Replay([]parley.Event{{ID: 1, Story: 7, Kind: kind, Data: changed}}); len(got) != 1 || got[0].Name != "refresh" {
			t.Errorf("%s became %v", kind, got)
		}
	}
}

// TestRecommendingIsGathered recommends a hundred times in a second: pages are told twice a second at most.
func TestRecommendingIsGathered(t *testing.T) {
	s, hub := setUp(t)
	sub := watch(hub, 7, 0)
	settle(t, s, sub)
	begun := time.Now()
	pace := time.NewTicker(10 * time.Millisecond)
	defer pace.Stop()
	for i := range 100 {
		add(t, s, parley.Event{Story: 7, Kind: parley.EventRecommended, Subject: parley.ID(i%5 + 1), Data: parley.EventData{Count: i}})
		<-pace.C
	}
	told, last := 0, ""
	for {
		m, came := sub.within(parley.RefreshCounts + time.Second)
		if !came {
			break
		}
		told, last = told+1, string(m.Data)
	}
	if seconds := time.Since(begun).Seconds(); float64(told) > 2*seconds || told == 0 {
		t.Errorf("%d messages in %.1f s", told, seconds)
	}
	if want := `{"counts":{"1":95,"2":96,"3":97,"4":98,"5":99}}`; last != want {
		t.Errorf("the last says %s, want %s", last, want)
	}
}
