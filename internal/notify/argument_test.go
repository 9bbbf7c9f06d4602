package notify

import (
	"fmt"
	"testing"

	"parley"
	"parley/internal/store"
)

// asked gives a story with a question that an editor asked, open since now.
func (w *world) asked(story parley.Story, editor parley.Reader) (q parley.Question) {
	w.write(func(tx *store.Tx) error {
		q = parley.Question{ID: tx.NewID(), Site: w.site.ID, Story: story.ID, State: parley.QuestionOpen, OpenedAt: tx.Now, AskedBy: editor.ID}
		q.Words = parley.QuestionWords{Question: q.ID, Version: 1, Text: "Will it hold?", Rule: "By the treaty.", Judge: "The desk.", Editor: editor.ID, At: tx.Now}
		return tx.InsertQuestion(q)
	})
	return q
}

func (w *world) answers(q parley.Question, readers ...parley.Reader) {
	w.write(func(tx *store.Tx) error {
		for _, r := range readers {
			if err := tx.InsertAnswer(parley.Answer{ID: tx.NewID(), Question: q.ID, Version: 1, Reader: r.ID, Step: parley.Likely, At: tx.Now}); err != nil {
				return err
			}
		}
		return nil
	})
}

// TestASettlementIsTold to everybody who answered or follows the question, once, and not to who settled it; and no
// longer once it is overturned.
func TestASettlementIsTold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ada, bob, eve := w.confirmed("Ada", "ada@example.org"), w.confirmed("Bob", "bob@example.org"), w.confirmed("Eve", "eve@example.org")
		first, second := w.confirmed("First editor", "first@example.org"), w.confirmed("Second editor", "second@example.org")
		story := w.story()
		q := w.asked(story, first)
		w.answers(q, ada, ada)
		one := parley.Settlement{Question: q.ID, Outcome: parley.OutcomeNo, Source: "The record", State: parley.SettlementProposed, ProposedBy: first.Byline()}
		w.write(func(tx *store.Tx) error {
			for _, r := range []parley.Reader{ada, bob, second} {
				if _, err := tx.Follow(parley.Follow{Reader: r.ID, Kind: parley.FollowQuestion, Target: q.ID, At: tx.Now}); err != nil {
					return err
				}
			}
			one.ID, one.HappenedAt, one.ProposedAt = tx.NewID(), tx.Now, tx.Now
			if err := tx.InsertSettlement(one); err != nil {
				return err
			}
			if err := tx.MoveSettlement(one, parley.SettlementConfirmed, second.ID, tx.Now); err != nil {
				return err
			}
			tx.Append(parley.Event{Site: w.site.ID, Story: story.ID, Kind: parley.EventSettled, Subject: one.ID, Actor: second.ID, At: tx.Now})
			return nil
		})
		for range 2 {
			must(t, w.giveNotices(t.Context(), w.events(0)))
		}
		for name, want := range map[*parley.Reader]int{&ada: 1, &bob: 1, &eve: 0, &first: 0, &second: 0} {
			notices, told := w.noticesOf(*name)
			if len(notices) != want || told != want {
				t.Errorf("%s has %d notices and was told %d times, want %d: %+v", name.Name, len(notices), told, want, notices)
				continue
			}
			if want == 1 && (notices[0].Kind != parley.NoticeSettled || notices[0].Story != story.ID || notices[0].Excerpt != "no" || notices[0].Comment != 0) {
				t.Errorf("%s is told %+v", name.Name, notices[0])
			}
		}
		w.write(func(tx *store.Tx) error {
			one.State = parley.SettlementConfirmed
			return tx.MoveSettlement(one, parley.SettlementOverturned, first.ID, tx.Now)
		})
		if notices, _ := w.noticesOf(bob); len(notices) != 0 {
			t.Errorf("after it was overturned Bob still reads %+v", notices)
		}
	})
}

// TestManyAreToldInBatches: more readers than one write tells.
func TestManyAreToldInBatches(t *testing.T) {
	w := one(t)
	editor := w.confirmed("Editor", "editor@example.org")
	story := w.story()
	q := w.asked(story, editor)
	const crowd = 2*batch + 7
	w.write(func(tx *store.Tx) error {
		for i := range crowd {
			r := parley.Reader{ID: tx.NewID(), Site: w.site.ID, Name: fmt.Sprint("Reader ", i), CreatedAt: tx.Now}
			if _, err := tx.InsertReader(r, fmt.Sprint("reader", i)); err != nil {
				return err
			}
			if _, err := tx.Follow(parley.Follow{Reader: r.ID, Kind: parley.FollowQuestion, Target: q.ID, At: tx.Now}); err != nil {
				return err
			}
		}
		sequel := parley.Sequel{ID: tx.NewID(), Site: w.site.ID, Story: story.ID, Note: "It broke.", Day: tx.Now, Editor: editor.ID, At: tx.Now}
		if err := tx.InsertSequel(sequel); err != nil {
			return err
		}
		tx.Append(parley.Event{Site: w.site.ID, Story: story.ID, Kind: parley.EventSequel, Subject: sequel.ID, Actor: editor.ID, At: tx.Now})
		return nil
	})
	must(t, w.giveNotices(t.Context(), w.events(0)))
	told := map[parley.ID]int{}
	for _, e := range w.events(0) {
		if e.Kind == parley.EventNoticed {
			told[e.Subject]++
		}
	}
	for reader, n := range told {
		if n != 1 {
			t.Errorf("reader %d is told %d times", reader, n)
		}
	}
	if len(told) != crowd {
		t.Errorf("%d readers are told, want %d", len(told), crowd)
	}
}

// TestCorrectionsAreTold to the author when they come and to the reader when they are decided.
func TestCorrectionsAreTold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		author, reader := w.confirmed("Author", "author@example.org"), w.confirmed("Reader", "reader@example.org")
		story := w.story()
		c := parley.Correction{Site: w.site.ID, Story: story.ID, Reader: reader.Byline(), Body: "It was 1931.", Source: "The almanac", State: parley.CorrectionOpen}
		w.write(func(tx *store.Tx) error {
			story.AuthorEmail = "author@example.org"
			if _, err := tx.DescribeStory(story); err != nil {
				return err
			}
			c.ID, c.CreatedAt = tx.NewID(), tx.Now
			if err := tx.InsertCorrection(c); err != nil {
				return err
			}
			tx.Append(parley.Event{Site: w.site.ID, Kind: parley.EventSuggested, Subject: c.ID, Actor: reader.ID, At: tx.Now})
			return nil
		})
		must(t, w.giveNotices(t.Context(), w.events(0)))
		if notices, told := w.noticesOf(author); len(notices) != 1 || told != 1 || notices[0].Kind != parley.NoticeSuggestion || notices[0].Excerpt != "It was 1931." {
			t.Errorf("the author is told %+v", notices)
		}
		w.write(func(tx *store.Tx) error {
			c.State, c.Reply, c.DecidedBy, c.DecidedAt = parley.CorrectionDeclined, "The almanac errs.", author.Byline(), tx.Now
			if err := tx.DecideCorrection(c); err != nil {
				return err
			}
			tx.Append(parley.Event{Site: w.site.ID, Kind: parley.EventCorrected, Subject: c.ID, Actor: author.ID, At: tx.Now})
			return nil
		})
		for range 2 {
			must(t, w.giveNotices(t.Context(), w.events(0)))
		}
		notices, told := w.noticesOf(reader)
		if len(notices) != 1 || told != 1 || notices[0].Kind != parley.NoticeCorrection || notices[0].Excerpt != "declined: The almanac errs." {
			t.Errorf("the reader is told %+v", notices)
		}
	})
}
