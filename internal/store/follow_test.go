package store_test

import (
	"slices"
	"testing"

	"parley"
	"parley/internal/store"
)

func TestFollowsAreIdempotent(t *testing.T) {
	each(t, func(w *world) {
		a, b := w.reader("A"), w.reader("B")
		root := w.post(b, parley.Comment{})
		for kind, target := range map[parley.FollowKind]parley.ID{parley.FollowReader: b.ID, parley.FollowThread: root.ID, parley.FollowStory: w.story.ID} {
			change := func(what string, want bool, fn func(tx *store.Tx) (bool, error)) {
				t.Helper()
				var changed bool
				w.write(func(tx *store.Tx) (err error) {
					changed, err = fn(tx)
					return err
				})
				if changed != want {
					t.Errorf("%s a %s: changed %v, want %v", what, kind, changed, want)
				}
				follows := view(w, func(tx *store.Tx) (bool, error) { return tx.Follows(a.ID, kind, target) })
				if n := view(w, func(tx *store.Tx) (int, error) { return tx.CountFollows(a.ID) }); follows != (what == "follow") || (n == 1) != follows {
					t.Errorf("after %s: follows %v, counted %d", what, follows, n)
				}
			}
			follow := func(tx *store.Tx) (bool, error) {
				return tx.Follow(parley.Follow{Reader: a.ID, Kind: kind, Target: target, Seen: 5, At: tx.Now})
			}
			unfollow := func(tx *store.Tx) (bool, error) { return tx.Unfollow(a.ID, kind, target) }
			change("unfollow", false, unfollow)
			change("follow", true, follow)
			change("follow", false, follow)
			change("unfollow", true, unfollow)
			change("unfollow", false, unfollow)
		}
	})
}

// TestFollowingAgainKeepsWhatWasSeen asks twice: the second asking must not make old comments new.
func TestFollowingAgainKeepsWhatWasSeen(t *testing.T) {
	each(t, func(w *world) {
		a := w.reader("A")
		w.follow(a, parley.FollowStory, w.story.ID, 99)
		w.follow(a, parley.FollowStory, w.story.ID, 1)
		if seen := w.number(`SELECT seen FROM follows WHERE reader = $1`, a.ID); seen != 99 {
			t.Errorf("seen went from 99 to %d", seen)
		}
	})
}

func TestSilencesAreIdempotent(t *testing.T) {
	each(t, func(w *world) {
		a, b := w.reader("A"), w.reader("B")
		for _, kind := range []parley.Silence{parley.Mute, parley.Block} {
			for _, c := range []struct {
				on, changed bool
			}{{false, false}, {true, true}, {true, false}, {false, true}, {false, false}} {
				var changed bool
				w.write(func(tx *store.Tx) (err error) {
					change := tx.Silence
					if !c.on {
						change = tx.Unsilence
					}
					changed, err = change(a.ID, kind, b.ID)
					return err
				})
				if changed != c.changed {
					t.Errorf("%s to %v: changed %v, want %v", kind, c.on, changed, c.changed)
				}
				ab := view(w, func(tx *store.Tx) (bool, error) { return tx.Silenced(a.ID, kind, b.ID) })
				ba := view(w, func(tx *store.Tx) (bool, error) { return tx.Silenced(b.ID, kind, a.ID) })
				blocked := view(w, func(tx *store.Tx) (bool, error) { return tx.Blocked(b.ID, a.ID) })
				blockedToo := view(w, func(tx *store.Tx) (bool, error) { return tx.Blocked(a.ID, b.ID) })
				n := view(w, func(tx *store.Tx) (int, error) { return tx.CountSilences(a.ID, kind) })
				if want := c.on && kind == parley.Block; ab != c.on || ba || blocked != want || blockedToo != want || (n == 1) != c.on {
					t.Errorf("%s %v: silenced %v and back %v, blocked %v and %v, %d in the list", kind, c.on, ab, ba, blocked, blockedToo, n)
				}
			}
		}
	})
}

func TestPrivateLists(t *testing.T) {
	each(t, func(w *world) {
		a := w.reader("A")
		others := w.readers(7)
		root := w.post(others[0], parley.Comment{})
		for _, o := range others {
			w.follow(a, parley.FollowReader, o.ID, 0)
			w.follow(o, parley.FollowReader, a.ID, 0)
			w.silence(a, parley.Mute, o)
		}
		w.follow(a, parley.FollowStory, w.story.ID, 0)
		w.follow(a, parley.FollowThread, root.ID, 0)
		lists := map[string]func(tx *store.Tx, after parley.ID, limit int) ([]store.Relation, error){
			"follows": func(tx *store.Tx, after parley.ID, limit int) ([]store.Relation, error) {
				return tx.FollowsOf(a.ID, parley.FollowReader, after, limit)
			},
			"followers": func(tx *store.Tx, after parley.ID, limit int) ([]store.Relation, error) {
				return tx.FollowersOf(a.ID, after, limit)
			},
			"silences": func(tx *store.Tx, after parley.ID, limit int) ([]store.Relation, error) {
				return tx.SilencesOf(a.ID, parley.Mute, after, limit)
			},
		}
		for name, list := range lists {
			var walked []parley.ID
			for after, more := parley.ID(0), true; more; {
				page := view(w, func(tx *store.Tx) ([]store.Relation, error) { return list(tx, after, 3) })
				for i, r := range page {
					walked = append(walked, r.Target)
					after = r.Target
					if r.Name != others[len(walked)-1].Name || r.At == 0 || r.Kind == "" {
						t.Errorf("%s: entry %d is %+v", name, i, r)
					}
				}
				more = len(page) == 3
			}
			want := make([]parley.ID, len(others))
			for i, o := range others {
				want[i] = o.ID
			}
			if !slices.Equal(walked, want) {
				t.Errorf("%s: walked %v, want %v", name, walked, want)
			}
		}
		for kind, target := range map[parley.FollowKind]parley.ID{parley.FollowStory: w.story.ID, parley.FollowThread: root.ID} {
			got := view(w, func(tx *store.Tx) ([]store.Relation, error) { return tx.FollowsOf(a.ID, kind, 0, 10) })
			if len(got) != 1 || got[0].Target != target || got[0].Name != w.story.Title || got[0].Kind != string(kind) {
				t.Errorf("followed %s: %+v", kind, got)
			}
		}
	})
}

func TestMarks(t *testing.T) {
	each(t, func(w *world) {
		me, muted, blocked, blocking := w.reader("Me"), w.reader("Muted"), w.reader("Blocked"), w.reader("Blocking")
		elsewhere := w.newStory(w.site)
		here := []parley.Comment{w.post(muted, parley.Comment{}), w.post(blocked, parley.Comment{})}
		there := w.postIn(elsewhere, parley.Published, muted, parley.Comment{})
		w.write(func(tx *store.Tx) error {
			for _, c := range append(here, there) {
				if _, _, err := tx.Recommend(c, me.ID); err != nil {
					return err
				}
			}
			_, _, err := tx.Recommend(here[0], blocking.ID)
			return err
		})
		w.silence(me, parley.Mute, muted)
		w.silence(me, parley.Block, blocked)
		w.silence(blocking, parley.Block, me)
		w.silence(muted, parley.Mute, me) // none of my business
		w.follow(me, parley.FollowReader, muted.ID, 0)
		w.follow(me, parley.FollowThread, here[0].ID, 0)
		w.follow(me, parley.FollowThread, there.ID, 0)
		w.follow(me, parley.FollowStory, w.story.ID, 0)
		marks := func(story parley.ID) parley.Marks {
			m := view(w, func(tx *store.Tx) (parley.Marks, error) { return tx.Marks(viewerOf(me), story) })
			slices.Sort(m.Hidden)
			return m
		}
		hidden := []parley.ID{muted.ID, blocked.ID, blocking.ID}
		for story, want := range map[parley.ID]parley.Marks{
			w.story.ID: {Recommended: []parley.ID{here[1].ID, here[0].ID}, Following: []parley.ID{muted.ID}, Threads: []parley.ID{here[0].ID},
				Story: true, Muted: []parley.ID{muted.ID}, Hidden: hidden},
			elsewhere.ID: {Recommended: []parley.ID{there.ID}, Following: []parley.ID{muted.ID}, Threads: []parley.ID{there.ID}, Muted: []parley.ID{muted.ID}, Hidden: hidden},
			0:            {Following: []parley.ID{muted.ID}, Muted: []parley.ID{muted.ID}, Hidden: hidden},
		} {
			got := marks(story)
			if !slices.Equal(got.Recommended, want.Recommended) || !slices.Equal(got.Following, want.Following) || !slices.Equal(got.Threads, want.Threads) ||
				got.Story != want.Story || !slices.Equal(got.Muted, want.Muted) || !slices.Equal(got.Hidden, want.Hidden) {
				t.Errorf("marks %+v, want %+v", got, want)
			}
		}
	})
}

func TestAudience(t *testing.T) {
	each(t, func(w *world) {
		readers := w.readers(5)
		root := w.post(readers[4], parley.Comment{})
		w.follow(readers[0], parley.FollowReader, readers[4].ID, 0)
		w.follow(readers[1], parley.FollowThread, root.ID, 0)
		w.follow(readers[2], parley.FollowStory, w.story.ID, 0)
		w.follow(readers[2], parley.FollowReader, readers[4].ID, 0) // twice a follower, told once
		w.follow(readers[3], parley.FollowReader, readers[0].ID, 0) // of somebody else
		got := view(w, func(tx *store.Tx) ([]parley.ID, error) { return tx.Audience(readers[4].ID, root.ID, w.story.ID) })
		slices.Sort(got)
		if want := []parley.ID{readers[0].ID, readers[1].ID, readers[2].ID}; !slices.Equal(got, want) {
			t.Errorf("audience %v, want %v", got, want)
		}
	})
}
