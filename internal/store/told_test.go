package store_test

import (
	"slices"
	"testing"

	"parley"
	"parley/internal/store"
)

// tell adds a notice that is about no comment.
func (w *world) tell(to parley.Reader, kind parley.NoticeKind, subject parley.ID) {
	w.Helper()
	w.write(func(tx *store.Tx) error {
		added, err := tx.AddNotice(parley.Notice{ID: tx.NewID(), Reader: to.ID, Kind: kind, Subject: subject, Story: w.story.ID, Count: 1, At: tx.Now})
		if err == nil && !added {
			w.Errorf("a notice of %s %d was there already", kind, subject)
		}
		return err
	})
}

// TestNoticesAboutNoComment tells of everything that is none, between two replies, and then makes it untrue.
func TestNoticesAboutNoComment(t *testing.T) {
	each(t, func(w *world) {
		me, editor, two, other := w.reader("Me"), w.reader("Editor"), w.reader("Two"), w.reader("Other")
		mine := w.post(me, parley.Comment{})
		reply := func() {
			answer := w.post(other, mine)
			w.write(func(tx *store.Tx) error {
				_, err := tx.AddNotice(parley.Notice{ID: tx.NewID(), Reader: me.ID, Kind: parley.NoticeReply, Subject: mine.ID, Comment: answer.ID, Count: 1, At: tx.Now})
				return err
			})
		}
		settlement := w.settle(w.propose(w.ask(w.story, editor), editor, parley.OutcomeNo), parley.SettlementConfirmed, two, 80)
		note := parley.Sequel{Site: w.site, Story: w.story.ID, Note: "It rained", Editor: editor.ID}
		later := parley.Sequel{Site: w.site, Story: w.story.ID, URL: "https://news.example/later", Title: "Rain", Editor: editor.ID}
		w.write(func(tx *store.Tx) error {
			note.ID, later.ID = tx.NewID(), tx.NewID()
			if err := tx.InsertSequel(note); err != nil {
				return err
			}
			return tx.InsertSequel(later)
		})
		declined := w.decide(w.suggest(me, false), editor, parley.CorrectionDeclined)
		suggested := w.suggest(other, false)
		reply()
		w.tell(me, parley.NoticeSettled, settlement.ID)
		w.tell(me, parley.NoticeSequel, note.ID)
		w.tell(me, parley.NoticeSequel, later.ID)
		w.tell(me, parley.NoticeCorrection, declined.ID)
		w.tell(me, parley.NoticeSuggestion, suggested.ID)
		reply()
		type line struct {
			kind    parley.NoticeKind
			excerpt string
			by      parley.ID
		}
		lines := func(page []parley.Notice) (all []line) {
			for _, n := range page {
				if n.Kind == parley.NoticeReply {
					n.Excerpt = ""
				}
				if n.Story != w.story.ID || n.Title != w.story.Title || n.Reader != me.ID || n.Seen || (n.Comment == 0) == n.Kind.OfComment() {
					t.Errorf("notice %+v", n)
				}
				all = append(all, line{n.Kind, n.Excerpt, n.By.ID})
			}
			return all
		}
		want := []line{
			{parley.NoticeReply, "", other.ID}, {parley.NoticeSuggestion, "It was Tuesday", other.ID}, {parley.NoticeCorrection, "declined: So it was", editor.ID},
			{parley.NoticeSequel, "Rain", 0}, {parley.NoticeSequel, "It rained", 0}, {parley.NoticeSettled, "no", 0}, {parley.NoticeReply, "", other.ID},
		}
		if got := lines(notices(w, me)); !slices.Equal(got, want) || unread(w, me) != len(want) {
			t.Errorf("told %+v, %d unread; want %+v", got, unread(w, me), want)
		}
		var walked []line
		for before := parley.ID(0); len(walked) < 20; {
			page := view(w, func(tx *store.Tx) ([]parley.Notice, error) { return tx.Notices(viewerOf(me), before, 2) })
			walked = append(walked, lines(page)...)
			if len(page) < 2 {
				break
			}
			before = page[1].ID
		}
		if !slices.Equal(walked, want) {
			t.Errorf("walked %+v, want %+v", walked, want)
		}
		abroad := viewerOf(me)
		abroad.Site++
		if got := view(w, func(tx *store.Tx) ([]parley.Notice, error) { return tx.Notices(abroad, 0, 10) }); len(got) != 0 {
			t.Errorf("another site tells %+v", got)
		}

		w.settle(settlement, parley.SettlementOverturned, two, 90)
		w.write(func(tx *store.Tx) error {
			_, err := tx.EndSequel(w.site, later.ID, tx.Now)
			return err
		})
		w.silence(me, parley.Mute, other)
		want = []line{{parley.NoticeCorrection, "declined: So it was", editor.ID}, {parley.NoticeSequel, "It rained", 0}}
		if got := lines(notices(w, me)); !slices.Equal(got, want) || unread(w, me) != len(want) {
			t.Errorf("told %+v, %d unread once much is untrue; want %+v", got, unread(w, me), want)
		}
		see(w, me)
		if got := notices(w, me); len(got) != 2 || !got[0].Seen || unread(w, me) != 0 {
			t.Errorf("after seeing: %d unread, %+v", unread(w, me), got)
		}
	})
}

// TestManyAreTold tells all who follow a question or have answered it, by batches, and a second time nobody.
func TestManyAreTold(t *testing.T) {
	each(t, func(w *world) {
		editor, readers := w.reader("Editor"), w.readers(12)
		q, other := w.ask(w.story, editor), w.ask(w.newStory(w.site), editor)
		var want []parley.ID
		for i, r := range readers {
			if i%2 == 0 {
				w.follow(r, parley.FollowQuestion, q.ID, 0)
			}
			if i%3 == 0 {
				w.answer(r, q, parley.Likely, 0)
				w.answer(r, q, parley.Unlikely, 0)
			}
			if i%2 == 0 || i%3 == 0 {
				want = append(want, r.ID)
			}
			w.follow(r, parley.FollowStory, q.ID, 0)
			w.follow(r, parley.FollowQuestion, other.ID, 0)
			w.answer(r, other, parley.Likely, 0)
		}
		w.follow(editor, parley.FollowQuestion, q.ID, 0)
		settlement := w.settle(w.propose(q, editor, parley.OutcomeNo), parley.SettlementConfirmed, readers[1], 80)
		tellAll := func() (told []parley.ID, batches int) {
			for next := parley.ID(0); batches < 20; {
				var some []parley.ID
				w.write(func(tx *store.Tx) (err error) {
					n := parley.Notice{Kind: parley.NoticeSettled, Subject: settlement.ID, Story: w.story.ID, By: editor.Byline(), Count: 1, At: tx.Now}
					some, next, err = tx.AddNoticesFor(n, q.ID, next, 3)
					return err
				})
				told = append(told, some...)
				if batches++; next == 0 {
					return told, batches
				}
			}
			t.Error("it never ends")
			return told, batches
		}
		slices.Sort(want)
		if told, batches := tellAll(); !slices.Equal(told, want) || batches != (len(want)+1)/3+1 { // the editor is looked at too
			t.Errorf("told %v in %d batches, want %v", told, batches, want)
		}
		if told, _ := tellAll(); len(told) != 0 {
			t.Errorf("told twice: %v", told)
		}
		for _, r := range readers {
			n := 0
			if slices.Contains(want, r.ID) {
				n = 1
			}
			if got := notices(w, r); len(got) != n {
				t.Errorf("%d has %+v, want %d", r.ID, got, n)
			}
		}
	})
}

// TestAQuestionIsFollowed lists it by its current words, and moves no bundle.
func TestAQuestionIsFollowed(t *testing.T) {
	each(t, func(w *world) {
		me, other := w.reader("Me"), w.reader("Other")
		q := w.ask(w.story, other)
		w.follow(me, parley.FollowQuestion, q.ID, 0)
		q.Words.Version, q.Words.Text = 2, "Will it snow?"
		w.write(func(tx *store.Tx) error { return tx.Reword(q.Words) })
		w.post(other, parley.Comment{})
		w.answer(other, q, parley.Likely, 0)
		list := view(w, func(tx *store.Tx) ([]store.Relation, error) { return tx.FollowsOf(me.ID, parley.FollowQuestion, 0, 10) })
		if len(list) != 1 || list[0].Kind != "question" || list[0].Target != q.ID || list[0].Name != "Will it snow?" {
			t.Errorf("follows %+v", list)
		}
		if got := bundles(w, me); len(got) != 0 {
			t.Errorf("comments and answers brought %+v", got)
		}
	})
}
