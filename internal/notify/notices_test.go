package notify

import (
	"testing"

	"parley"
	"parley/internal/store"
)

// noticesOf gives a reader's notices and how many events told of them.
func (w *world) noticesOf(r parley.Reader) (notices []parley.Notice, told int) {
	w.t.Helper()
	w.view(func(tx *store.Tx) (err error) {
		notices, err = tx.Notices(parley.Viewer{Site: w.site.ID, Reader: r.ID}, 0, 100)
		return err
	})
	for _, e := range w.events(0) {
		if e.Kind == parley.EventNoticed && e.Subject == r.ID {
			told++
		}
	}
	return notices, told
}

// TestNoticeOnce gives one notice for one answer, however often the events come.
func TestNoticeOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ada, bob := w.confirmed("Ada", "ada@example.org"), w.confirmed("Bob", "bob@example.org")
		story := w.story()
		root := w.comment(story, ada, "hello", parley.Comment{})
		answer := w.comment(story, bob, "well", root)
		w.comment(story, ada, "to myself", root)
		for range 3 {
			must(t, w.giveNotices(t.Context(), w.events(0)))
		}
		notices, told := w.noticesOf(ada)
		if len(notices) != 1 || told != 1 {
			t.Fatalf("%d notices, told of %d times, want one each: %+v", len(notices), told, notices)
		}
		n := notices[0]
		if n.Kind != parley.NoticeReply || n.Subject != root.ID || n.Comment != answer.ID || n.By.ID != bob.ID || n.Story != story.ID || n.Seen {
			t.Errorf("the notice is %+v", n)
		}
		if notices, _ := w.noticesOf(bob); len(notices) != 0 {
			t.Errorf("the answer's author has %+v", notices)
		}

		w.write(func(tx *store.Tx) error { return tx.SeeNotices(parley.Viewer{Site: w.site.ID, Reader: ada.ID}) })
		w.write(func(tx *store.Tx) error { tx.Append(published(answer, 9)); return nil }) // taken down and restored
		must(t, w.giveNotices(t.Context(), w.events(0)))
		if notices, told := w.noticesOf(ada); len(notices) != 1 || !notices[0].Seen || told != 1 {
			t.Errorf("a restored answer gives another notice: %+v", notices)
		}
	})
}

func TestNoNotice(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ada := w.confirmed("Ada", "ada@example.org")
		story := w.story()
		root := w.comment(story, ada, "hello", parley.Comment{})
		silence := func(by parley.Reader, kind parley.Silence, whom parley.Reader) {
			w.write(func(tx *store.Tx) error { _, err := tx.Silence(by.ID, kind, whom.ID); return err })
		}
		names := []string{"muted", "blocked", "blocks", "gone", "mutes"}
		readers := map[string]parley.Reader{}
		answers := map[string]parley.Comment{}
		for _, name := range names {
			readers[name] = w.confirmed("Reader who "+name, name+"@example.org")
			answers[name] = w.comment(story, readers[name], "an answer", root)
		}
		silence(ada, parley.Mute, readers["muted"])
		silence(ada, parley.Block, readers["blocked"])
		silence(readers["blocks"], parley.Block, ada)
		silence(readers["mutes"], parley.Mute, ada)
		w.write(func(tx *store.Tx) error { _, err := tx.MoveComment(answers["gone"], parley.Withdrawn); return err })
		w.write(func(tx *store.Tx) error { // an answer that never was
			tx.Append(published(parley.Comment{ID: 77, Site: w.site.ID, Story: story.ID, Author: readers["gone"].Byline(), To: ada.Byline()}, 1))
			return nil
		})
		other := published(answers["mutes"], 1) // on another site
		other.Site = 4711
		must(t, w.giveNotices(t.Context(), append(w.events(0), other)))
		_, told := w.noticesOf(ada)
		w.write(func(tx *store.Tx) error { // what the list itself would hide must not be there either
			for kind, who := range map[parley.Silence]string{parley.Mute: "muted", parley.Block: "blocked"} {
				if _, err := tx.Unsilence(ada.ID, kind, readers[who].ID); err != nil {
					return err
				}
			}
			_, err := tx.Unsilence(readers["blocks"].ID, parley.Block, ada.ID)
			return err
		})
		notices, _ := w.noticesOf(ada)
		if len(notices) != 1 || told != 1 || notices[0].By.ID != readers["mutes"].ID {
			t.Errorf("notices %+v (told of %d), want one: of the reader who mutes, which must not be noticed", notices, told)
		}
	})
}

// TestNoticesAsTheyHappen runs the follower itself.
func TestNoticesAsTheyHappen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.run()
		ada, bob := w.confirmed("Ada", "ada@example.org"), w.confirmed("Bob", "bob@example.org")
		story := w.story()
		root := w.comment(story, ada, "hello", parley.Comment{})
		for n := range 3 {
			w.comment(story, bob, "well", root)
			eventually(t, "a notice for each answer", func() bool { notices, told := w.noticesOf(ada); return len(notices) == n+1 && told == n+1 })
		}
	})
}
