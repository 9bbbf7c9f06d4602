package seal_test

import (
	"bytes"
	"context"
	"testing"

	"parley"
	"parley/internal/seal"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

var ctx = context.Background()

func happen(t *testing.T, s *store.Store, n int) {
	t.Helper()
	err := s.Write(ctx, 0, func(tx *store.Tx) error {
		for i := range n {
			tx.Append(parley.Event{Site: 1, Story: 2, Kind: parley.EventPublished, Subject: parley.ID(100 + i), Actor: 3})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func last(t *testing.T, s *store.Store) (one store.Seal) {
	t.Helper()
	err := s.View(ctx, func(tx *store.Tx) (err error) {
		one, err = tx.LastSeal()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return one
}

// TestEachEventOnce seals what is new, joined to what was sealed before, and nothing when nothing is new.
func TestEachEventOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		upto := last(t, s).Upto
		for _, n := range []int{3, 0, 2} {
			happen(t, s, n)
			before := last(t, s)
			if more, err := seal.Once(ctx, s); more || err != nil {
				t.Fatalf("%v, %v", more, err)
			}
			upto += int64(n)
			now := last(t, s)
			switch {
			case now.Upto != upto:
				t.Errorf("sealed up to %d, want %d", now.Upto, upto)
			case n == 0 && !bytes.Equal(now.Digest, before.Digest):
				t.Error("nothing new was sealed again")
			case n > 0 && (now.After != before.Upto || len(now.Digest) != 32 || bytes.Equal(now.Digest, before.Digest)):
				t.Errorf("%+v follows %+v", now, before)
			}
		}
	})
}

// TestManyAtOnce seals a long log in ranges.
func TestManyAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		happen(t, s, 10_001)
		for _, want := range []struct {
			more bool
			upto int64
		}{{true, 10_000}, {false, 10_001}} {
			more, err := seal.Once(ctx, s)
			if got := last(t, s).Upto; err != nil || more != want.more || got != want.upto {
				t.Errorf("up to %d, more %v, %v; want %+v", got, more, err, want)
			}
		}
	})
}
