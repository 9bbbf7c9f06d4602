package changes_test

import (
	"testing"
	"time"

	"parley"
	"parley/internal/changes"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func happen(t *testing.T, s *store.Store, events ...parley.Event) {
	t.Helper()
	err := s.Write(t.Context(), 0, func(tx *store.Tx) error {
		for _, e := range events {
			tx.Append(e)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func mark(t *testing.T, l *changes.Log) int64 {
	t.Helper()
	at, err := l.Mark(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestOwnCommitsAreKnownAtOnce asks about everything after each kind of event, without waiting.
func TestOwnCommitsAreKnownAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const story, subject, actor, author, to, root, other = 1, 2, 3, 4, 5, 6, 7
		all := []parley.ID{story, changes.Within(story), subject, changes.Account(subject), actor, author, to, root, other}
		l := changes.New(s)
		for kind, touches := range map[parley.EventKind][]parley.ID{
			parley.EventPublished:   {story, subject, actor, author, to, root},
			parley.EventRemoved:     {story, subject, actor, author, to, root},
			parley.EventRecommended: {actor},
			parley.EventSwitched:    {changes.Within(story), subject, actor, author, to, root},
			parley.EventRefreshed:   {subject, actor, author, to, root},
			parley.EventSession:     {changes.Account(subject), subject, actor, author, to, root},
		} {
			before := mark(t, l)
			if !l.Quiet(before, all...) {
				t.Fatalf("before %s something happened", kind)
			}
			happen(t, s, parley.Event{Kind: kind, Story: story, Subject: subject, Actor: actor, Data: parley.EventData{Author: author, To: to, Root: root}})
			if after := mark(t, l); !l.Quiet(after, all...) || after <= before {
				t.Errorf("%s: what had happened counts as happening after %d", kind, after)
			}
			touched := map[parley.ID]bool{}
			for _, id := range touches {
				touched[id] = true
			}
			for _, id := range all {
				if l.Quiet(before, id) == touched[id] {
					t.Errorf("%s: quiet about %d: %v", kind, id, touched[id])
				}
			}
		}
	})
}

// TestWhatIsForgottenHappened: a log that nobody asked while thousands of events passed vouches for nothing before
// them.
func TestWhatIsForgottenHappened(t *testing.T) {
	s := storetest.Open(t)
	l := changes.New(s)
	before := mark(t, l)
	var many []parley.Event
	for range 2_500 {
		many = append(many, parley.Event{Kind: parley.EventSession, Subject: 1, Actor: 1})
	}
	happen(t, s, many...)
	after := mark(t, l)
	if l.Quiet(before, 2) {
		t.Error("it vouches for what it did not look at")
	}
	if !l.Quiet(after, 1, 2) || l.Quiet(after-1, 2) {
		t.Error("it does not begin anew where it stands")
	}
}

// TestAnotherProcess writes by a second store on the same database.
func TestAnotherProcess(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		if o.URL == "" {
			t.Skip("SQLite has one process")
		}
		var stores [2]*store.Store
		for i := range stores {
			var err error
			if stores[i], err = store.Open(t.Context(), o); err != nil {
				t.Fatal(err)
			}
			defer stores[i].Close()
		}
		l := changes.New(stores[0])
		before := mark(t, l)
		happen(t, stores[1], parley.Event{Kind: parley.EventSession, Subject: 1, Actor: 1})
		begun := time.Now()
		for mark(t, l); l.Quiet(before, 1); mark(t, l) {
			if time.Since(begun) > time.Second {
				t.Fatal("it does not hear of another process within a second")
			}
			time.Sleep(5 * time.Millisecond) // the log is looked at now and then
		}
	})
}
