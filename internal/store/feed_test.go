package store_test

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"parley"
	"parley/internal/store"
)

// crowd is random readers with random ties and random comments, and what the rules say of them in plain Go.
type crowd struct {
	*world
	random   *rand.Rand
	readers  []parley.Reader
	stories  []parley.Story
	comments []parley.Comment
	ties     map[string]map[[2]parley.ID]bool // kind of tie → who to whom
}

func newCrowd(w *world, seed uint64, readers, comments int) *crowd {
	c := &crowd{world: w, random: rand.New(rand.NewPCG(seed, 11)), readers: w.readers(readers),
		stories: []parley.Story{w.story, w.newStory(w.site)}, ties: map[string]map[[2]parley.ID]bool{}}
	for kind, share := range map[string]int{"reader": 3, "mute": 8, "block": 10} {
		c.ties[kind] = map[[2]parley.ID]bool{}
		for _, a := range c.readers {
			for _, b := range c.readers {
				if a.ID == b.ID || c.random.IntN(share) > 0 {
					continue
				}
				c.ties[kind][[2]parley.ID{a.ID, b.ID}] = true
				if kind == "reader" {
					w.follow(a, parley.FollowReader, b.ID, 0)
				} else {
					w.silence(a, parley.Silence(kind), b)
				}
			}
		}
	}
	w.write(func(tx *store.Tx) error {
		c.comments = nil
		for range comments {
			story := c.stories[c.random.IntN(len(c.stories))]
			var parent parley.Comment
			if len(c.comments) > 0 && c.random.IntN(3) > 0 {
				parent = c.comments[c.random.IntN(len(c.comments))]
				story = parley.Story{ID: parent.Story, Site: parent.Site}
			}
			state := parley.Published
			if c.random.IntN(4) == 0 {
				state = states[c.random.IntN(len(states))]
			}
			one := draft(tx, story, c.readers[c.random.IntN(len(c.readers))], parent, state)
			if err := insert(tx, one); err != nil {
				return err
			}
			c.comments = append(c.comments, one)
		}
		return nil
	})
	return c
}

// hides tells whether a viewer is kept from an author, by a mute or by a block either way.
func (c *crowd) hides(viewer, author parley.ID) bool {
	return c.ties["mute"][[2]parley.ID{viewer, author}] || c.ties["block"][[2]parley.ID{viewer, author}] || c.ties["block"][[2]parley.ID{author, viewer}]
}

// feed is the rule of the feed over everything there is, newest first.
func (c *crowd) feed(viewer parley.ID) (all []parley.ID) {
	for _, one := range slices.Backward(c.comments) {
		brought := c.ties["reader"][[2]parley.ID{viewer, one.Author.ID}] || (one.To.ID == viewer && one.Author.ID != viewer)
		if one.State == parley.Published && brought && !c.hides(viewer, one.Author.ID) {
			all = append(all, one.ID)
		}
	}
	return all
}

func TestFeedIsWhatTheRuleSays(t *testing.T) {
	for seed := range uint64(2) {
		each(t, func(w *world) {
			c := newCrowd(w, seed, 14, 400)
			for _, reader := range c.readers {
				want := c.feed(reader.ID)
				for _, limit := range []int{1, 9, 1000} {
					if limit == 1 && reader.ID != c.readers[0].ID {
						continue // a page of one is slow, and one reader shows it
					}
					var walked []parley.ID
					for before := parley.ID(0); ; {
						page := view(w, func(tx *store.Tx) ([]parley.Comment, error) { return tx.Feed(viewerOf(reader), before, limit) })
						walked = append(walked, ids(page)...)
						if len(page) < limit {
							break
						}
						before = page[len(page)-1].ID
					}
					if !slices.Equal(walked, want) {
						t.Errorf("pages of %d: %d comments, want %d as the rule says", limit, len(walked), len(want))
					}
				}
			}
		})
	}
}

// TestBundlesAreWhatTheRuleSays lets everybody follow stories and threads too, from random places on.
func TestBundlesAreWhatTheRuleSays(t *testing.T) {
	each(t, func(w *world) {
		c := newCrowd(w, 5, 8, 300)
		type follow struct {
			kind   parley.FollowKind
			target parley.ID
		}
		for _, reader := range c.readers {
			seen := map[follow]parley.ID{}
			for tie := range c.ties["reader"] {
				if tie[0] == reader.ID {
					seen[follow{parley.FollowReader, tie[1]}] = 0
				}
			}
			for range 12 {
				one := c.comments[c.random.IntN(len(c.comments))]
				f := follow{parley.FollowThread, one.Root}
				if c.random.IntN(3) == 0 {
					f = follow{parley.FollowStory, one.Story}
				}
				if _, known := seen[f]; !known {
					seen[f] = c.comments[c.random.IntN(len(c.comments))].ID
					w.follow(reader, f.kind, f.target, seen[f])
				}
			}
			want := map[follow]parley.Notice{}
			for f, from := range seen {
				n := parley.Notice{Reader: reader.ID, Kind: parley.NoticeKind(f.kind), Subject: f.target}
				for _, one := range slices.Backward(c.comments) {
					about := f.kind == parley.FollowReader && one.Author.ID == f.target || f.kind == parley.FollowStory && one.Story == f.target ||
						f.kind == parley.FollowThread && one.Root == f.target && !one.IsRoot()
					if !about || one.State != parley.Published || one.ID <= from || one.Author.ID == reader.ID || c.hides(reader.ID, one.Author.ID) {
						continue
					}
					if n.Count == 0 {
						n.Comment, n.Story, n.By, n.At = one.ID, one.Story, one.Author, one.ID.Time()
						n.Title = c.stories[slices.IndexFunc(c.stories, func(s parley.Story) bool { return s.ID == one.Story })].Title
					}
					n.Count = min(n.Count+1, parley.MaxBundle)
				}
				if n.Count > 0 {
					want[f] = n
				}
			}
			bundles := view(w, func(tx *store.Tx) ([]parley.Notice, error) { return tx.Bundles(viewerOf(reader)) })
			got := map[follow]parley.Notice{}
			for _, n := range bundles {
				got[follow{parley.FollowKind(n.Kind), n.Subject}] = n
			}
			if !maps.Equal(got, want) || len(got) != len(bundles) {
				t.Errorf("bundles %+v, want %+v", got, want)
			}
			if !slices.IsSortedFunc(bundles, func(a, b parley.Notice) int { return cmp.Compare(b.Comment, a.Comment) }) {
				t.Error("bundles are not newest first")
			}
		}
	})
}
