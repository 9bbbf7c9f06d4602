package doctor_test

import (
	"fmt"
	"strings"
	"testing"

	"parley"
	"parley/internal/doctor"
	"parley/internal/seal"
	"parley/internal/store"
)

// sealed adds a seal for the events there are, and then two more events with theirs: the small forum's three
// events stand under the first seal, the others under the second.
func (p patient) sealed() {
	p.t.Helper()
	s, err := store.Open(ctx, p.Options)
	if err != nil {
		p.t.Fatal(err)
	}
	for range 2 {
		if _, err := seal.Once(ctx, s); err != nil {
			p.t.Fatal(err)
		}
		err := s.Write(ctx, 0, func(tx *store.Tx) error {
			tx.Append(parley.Event{Site: 1, Kind: parley.EventSeen, Subject: 11, Actor: 11})
			tx.Append(parley.Event{Site: 1, Kind: parley.EventSeen, Subject: 12, Actor: 12})
			return nil
		})
		if err != nil {
			p.t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		p.t.Fatal(err)
	}
}

// TestTamperedEvents changes, adds and takes out what was sealed, one thing after the other, and puts it right again.
func TestTamperedEvents(t *testing.T) {
	each(t, func(p patient) {
		p.sealed()
		report := p.examine(false)
		if !report.Sound() || report.Sealed != 5 || len(report.Digest) != 32 {
			p.t.Fatalf("a sealed log: %+v", report)
		}
		first, second := "[events 1 to 3]", "[events 4 to 5]"
		for _, one := range []struct{ spoil, where, mend string }{
			{"UPDATE events SET actor = 13 WHERE id = 2", first, "UPDATE events SET actor = 12 WHERE id = 2"},
			{"UPDATE events SET data = '{\"count\":1}' WHERE id = 3", first, "UPDATE events SET data = '{}' WHERE id = 3"},
			{"UPDATE events SET kind = 'comment.held' WHERE id = 1", first, "UPDATE events SET kind = 'comment.published' WHERE id = 1"},
			{"UPDATE events SET at = at + 1 WHERE id = 4", second, "UPDATE events SET at = at - 1 WHERE id = 4"},
			{"UPDATE events SET subject = 13 WHERE id = 5", second, "UPDATE events SET subject = 12 WHERE id = 5"},
			// A digest that does not fit takes the range after it along, because that one continues it.
			{"UPDATE seals SET digest = (SELECT digest FROM seals WHERE upto = 5) WHERE upto = 3", "[events 1 to 3 events 4 to 5]", ""},
		} {
			p.run(one.spoil)
			if got := p.broken(); got != one.where {
				p.t.Errorf("%s: found %s, want %s", one.spoil, got, one.where)
			}
			if one.mend != "" {
				p.run(one.mend)
				if got := p.broken(); got != "[]" {
					p.t.Errorf("%s: still %s", one.mend, got)
				}
			}
		}
	})
}

// TestLostEvents takes out an event, and a seal: the place is named.
func TestLostEvents(t *testing.T) {
	each(t, func(p patient) {
		p.sealed()
		p.run("DELETE FROM events WHERE id = 5")
		if got := p.broken(); got != "[events 4 to 5]" {
			p.t.Errorf("without event 5: %s", got)
		}
		p.run("DELETE FROM seals WHERE upto = 3")
		if got := p.broken(); got != "[events 1 to 5]" {
			p.t.Errorf("without the first seal: %s", got)
		}
	})
}

// broken gives the ranges that do not fit their seals.
func (p patient) broken() string {
	p.t.Helper()
	for _, f := range p.examine(false).Findings {
		if strings.Contains(f.What, "not what was sealed") {
			return fmt.Sprint(f.Examples)
		}
	}
	return "[]"
}

// TestWeigh knows every table, and what readers wrote to the byte.
func TestWeigh(t *testing.T) {
	each(t, func(p patient) {
		sizes, err := doctor.Weigh(ctx, doctor.Options{Dir: p.Dir, URL: p.URL})
		if err != nil {
			p.t.Fatal(err)
		}
		found := map[string]int64{}
		var sum int64
		for _, one := range sizes.Parts {
			found[one.Table+"."+one.Index] = one.Bytes
			sum += one.Bytes
		}
		if sizes.Text != int64(len("OneTwoThreeFourFive")) || sum > sizes.Whole || found["comments."] == 0 || found["comments.comments_author"] == 0 || found["seals."] == 0 && p.URL == "" {
			p.t.Errorf("%+v", sizes)
		}
	})
}
