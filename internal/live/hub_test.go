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
	sub := hub.Subscribe(7, 0)
	defer hub.Unsubscribe(sub)
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

func next(t *testing.T, sub *live.Subscription) live.Message {
	t.Helper()
	select {
	case m, open := <-sub.C:
		if !open {
			t.Fatal("the stream ended")
		}
		return m
	case <-time.After(10 * time.Second):
		t.Fatal("no message came")
	}
	return live.Message{}
}

// settle waits until the tail has begun: events before that are not for it.
func settle(t *testing.T, s *store.Store, sub *live.Subscription) {
	t.Helper()
	for range 200 {
		add(t, s, parley.Event{Story: 7, Kind: parley.EventRefreshed, Subject: 7})
		select {
		case <-sub.C:
			for len(sub.C) > 0 {
				<-sub.C
			}
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Fatal("the tail never began")
}

func TestMessagesComeInOrderWithCountsGathered(t *testing.T) {
	s, hub := setUp(t)
	sub := hub.Subscribe(7, 0)
	defer hub.Unsubscribe(sub)
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
	if len(sub.C) != 0 {
		t.Errorf("%d more messages: held comments and other stories are not for this page", len(sub.C))
	}
}

func TestTheSlowAreDroppedTheOthersAreNot(t *testing.T) {
	s, hub := setUp(t)
	slow, quick := hub.Subscribe(7, 0), hub.Subscribe(7, 0)
	settle(t, s, quick)
	for i := range 200 {
		add(t, s, parley.Event{Story: 7, Kind: parley.EventPublished, Subject: parley.ID(i + 1)})
		next(t, quick)
	}
	ended := false
	for range 200 {
		if _, open := <-slow.C; !open {
			ended = true
			break
		}
	}
	if open, dropped := hub.Open(); !ended || open != 1 || dropped != 1 {
		t.Errorf("slow ended %v, %d open, %d dropped", ended, open, dropped)
	}
}

func TestPersonalMessagesReachTheReaderOnly(t *testing.T) {
	s, hub := setUp(t)
	mine, other := hub.Subscribe(7, 11), hub.Subscribe(7, 12)
	settle(t, s, mine)
	add(t, s, parley.Event{Kind: parley.EventSession, Subject: 11}, parley.Event{Story: 7, Kind: parley.EventStoryClosed, Subject: 7})
	if a := next(t, mine); a.Name != "session" {
		t.Errorf("got %s", a.Name)
	}
	if m, open := <-mine.C; open {
		t.Errorf("a stream outlived its session and got %s", m.Name)
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
	sub := hub.Subscribe(7, 0)
	hub.Stop()
	if m := next(t, sub); m.Name != "bye" {
		t.Errorf("got %s", m.Name)
	}
	if _, open := <-sub.C; open {
		t.Error("the stream stays open")
	}
	if _, open := <-hub.Subscribe(7, 0).C; open {
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
