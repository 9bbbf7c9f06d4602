package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/internal/store"
)

// What each viewer may see of a comment in each state, by the way of asking: "whole", "place" (it has a place
// in the thread, but neither words nor author) or "-" (nothing says that it is there).
const (
	askedByID = `
		viewer     published held   refused removed withdrawn
		nobody     whole     -      -       place   place
		author     whole     whole  whole   whole   whole
		other      whole     -      -       place   place
		muting     whole     -      -       place   place
		blocked    -         -      -       -       -
		blocking   -         -      -       -       -
		desk       whole     whole  whole   whole   whole
		moderator  whole     -      -       place   place
		elsewhere  -         -      -       -       -
		otherdesk  -         -      -       -       -
		passer-by  -         -      -       -       -`

	listedInThreads = `
		viewer     published held   refused removed withdrawn
		nobody     whole     -      -       place   place
		author     whole     -      -       whole   whole
		other      whole     -      -       place   place
		muting     whole     -      -       place   place
		blocked    -         -      -       -       -
		blocking   -         -      -       -       -
		desk       whole     -      -       whole   whole
		moderator  whole     -      -       place   place
		elsewhere  -         -      -       -       -
		otherdesk  -         -      -       -       -
		passer-by  -         -      -       -       -`

	listedWhilePublished = `
		viewer     published held   refused removed withdrawn
		nobody     whole     -      -       -       -
		author     whole     -      -       -       -
		other      whole     -      -       -       -
		muting     whole     -      -       -       -
		blocked    -         -      -       -       -
		blocking   -         -      -       -       -
		desk       whole     -      -       -       -
		moderator  whole     -      -       -       -
		elsewhere  -         -      -       -       -
		otherdesk  -         -      -       -       -
		passer-by  -         -      -       -       -`

	broughtByFollows = `
		viewer     published held   refused removed withdrawn
		nobody     -         -      -       -       -
		author     -         -      -       -       -
		other      whole     -      -       -       -
		muting     -         -      -       -       -
		blocked    -         -      -       -       -
		blocking   -         -      -       -       -
		desk       whole     -      -       -       -
		moderator  whole     -      -       -       -
		elsewhere  -         -      -       -       -
		otherdesk  -         -      -       -       -
		passer-by  -         -      -       -       -`

	ownWaiting = `
		viewer     published held   refused removed withdrawn
		nobody     -         -      -       -       -
		author     whole     whole  whole   -       -
		other      -         -      -       -       -
		muting     -         -      -       -       -
		blocked    -         -      -       -       -
		blocking   -         -      -       -       -
		desk       -         -      -       -       -
		moderator  -         -      -       -       -
		elsewhere  -         -      -       -       -
		otherdesk  -         -      -       -       -
		passer-by  -         -      -       -       -`
)

var states = []parley.State{parley.Published, parley.Held, parley.Refused, parley.Removed, parley.Withdrawn}

// stage is a story in which one author wrote, for each state, a root, a reply that a third reader answered,
// and nothing else. Each root is the only one about a passage, and the reason of an answer.
type stage struct {
	*world
	author, host parley.Reader
	hostRoot     parley.Comment
	question     parley.Question
	viewers      map[string]parley.Viewer
	roots        map[parley.State]parley.Comment
	replies      map[parley.State]parley.Comment
	answers      map[parley.State]parley.Comment // the third reader's answer under the reply
}

func newStage(w *world) *stage {
	st := &stage{world: w, author: w.reader("Ada Author"), host: w.reader("Hal Host"),
		roots: map[parley.State]parley.Comment{}, replies: map[parley.State]parley.Comment{}, answers: map[parley.State]parley.Comment{}}
	var abroad parley.ID
	w.write(func(tx *store.Tx) (err error) {
		abroad, err = tx.EnsureSite("abroad", "Abroad")
		return err
	})
	other, muting, blocked, blocking := w.reader("Other"), w.reader("Muting"), w.reader("Blocked"), w.reader("Blocking")
	desk, moderator := w.reader("Desk"), w.reader("Moderator")
	elsewhere, otherDesk := w.readerOf(abroad, "Elsewhere"), w.readerOf(abroad, "Other desk")
	w.silence(muting, parley.Mute, st.author)
	w.silence(blocking, parley.Block, st.author)
	w.silence(st.author, parley.Block, blocked)
	st.viewers = map[string]parley.Viewer{
		"nobody": parley.Nobody(w.site), "passer-by": parley.Nobody(abroad),
		"author": viewerOf(st.author), "other": viewerOf(other), "muting": viewerOf(muting),
		"blocked": viewerOf(blocked), "blocking": viewerOf(blocking), "elsewhere": viewerOf(elsewhere),
		"desk":      {Site: w.site, Reader: desk.ID, Roles: parley.RoleModerator, Desk: true},
		"moderator": {Site: w.site, Reader: moderator.ID, Roles: parley.RoleModerator},
		"otherdesk": {Site: abroad, Reader: otherDesk.ID, Roles: parley.RoleModerator, Desk: true},
	}
	st.hostRoot = w.post(st.host, parley.Comment{})
	st.question = w.ask(w.story, st.host)
	for i, state := range states {
		root := w.speak(parley.Held, st.author, w.quoted(w.story, "words about "+string(state)))
		w.answer(st.author, st.question, parley.Step(i+1), root.ID)
		root.Reason = true
		st.roots[state] = st.bring(root, state)
		reply := w.post(st.author, st.hostRoot)
		st.answers[state] = w.post(st.host, reply)
		st.replies[state] = st.bring(reply, state)
	}
	return st
}

// bring takes a comment into a state on a legal way.
func (st *stage) bring(c parley.Comment, state parley.State) parley.Comment {
	st.Helper()
	if c.State == parley.Held && (state == parley.Removed || state == parley.Withdrawn) {
		c = st.move(c, parley.Published)
	}
	if c.State != state {
		c = st.move(c, state)
	}
	return c
}

// check compares what every viewer sees of the author's comments with a table.
func (st *stage) check(t testing.TB, table string, comments map[parley.State]parley.Comment, ask func(tx *store.Tx, v parley.Viewer, c parley.Comment) ([]parley.Comment, error)) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(table), "\n")
	if len(lines) != len(st.viewers)+1 {
		t.Fatalf("the table has %d viewers, want %d", len(lines)-1, len(st.viewers))
	}
	for _, line := range lines[1:] {
		cells := strings.Fields(line)
		viewer, known := st.viewers[cells[0]]
		if !known {
			t.Fatalf("the table names a viewer %q", cells[0])
		}
		for i, state := range states {
			want := cells[i+1]
			seen := view(st.world, func(tx *store.Tx) ([]parley.Comment, error) { return ask(tx, viewer, comments[state]) })
			if got := sight(seen, comments[state]); got != want {
				t.Errorf("%s sees of a %s comment: %s, want %s", cells[0], state, got, want)
			}
		}
	}
}

// sight says how a comment stands in what somebody sees.
func sight(seen []parley.Comment, c parley.Comment) string {
	how := "-"
	for _, got := range seen {
		if got.ID != c.ID {
			continue
		}
		words := got.Body == c.Body && got.HTML == c.HTML && got.Passage == c.Passage && got.Quote == c.Quote && got.Reason == c.Reason
		if how != "-" {
			return "twice"
		}
		switch {
		case words && got.Author == c.Author:
			how = "whole"
		case got.Body == "" && got.HTML == "" && got.Passage == 0 && got.Quote == (parley.Passage{}) && !got.Reason && got.Author == (parley.Byline{}) && got.Recommendations == 0:
			how = "place"
		default:
			how = fmt.Sprintf("in part: %+v", got)
		}
	}
	return how
}

func TestSeeThreadsAboutAPassage(t *testing.T) {
	each(t, func(w *world) {
		st := newStage(w)
		for _, newest := range []bool{true, false} {
			st.check(w.TB, listedWhilePublished, st.roots, func(tx *store.Tx, v parley.Viewer, c parley.Comment) ([]parley.Comment, error) {
				threads, _, err := tx.ThreadsAbout(v, st.roots[c.State].Quote.ID, newest, parley.Cursor{}, 100)
				return everything(threads), err
			})
		}
	})
}

// What each viewer may know of a passage about which one comment speaks, by that comment's state: which words
// somebody chose is part of what the comment says.
const (
	passagesByID = `
		viewer     published held   refused removed withdrawn
		nobody     known     -      -       -       -
		author     known     known  known   known   known
		other      known     -      -       -       -
		muting     known     -      -       -       -
		blocked    known     -      -       -       -
		blocking   known     -      -       -       -
		desk       known     known  known   known   known
		moderator  known     -      -       -       -
		elsewhere  -         -      -       -       -
		otherdesk  -         -      -       -       -
		passer-by  -         -      -       -       -`

	passagesListed = `
		viewer     published held   refused removed withdrawn
		nobody     known     -      -       -       -
		author     known     -      -       -       -
		other      known     -      -       -       -
		muting     known     -      -       -       -
		blocked    known     -      -       -       -
		blocking   known     -      -       -       -
		desk       known     -      -       -       -
		moderator  known     -      -       -       -
		elsewhere  -         -      -       -       -
		otherdesk  -         -      -       -       -
		passer-by  -         -      -       -       -`

	stepsWorn = `
		viewer     published held   refused removed withdrawn
		nobody     known     -      -       -       -
		author     known     known  known   known   known
		other      known     -      -       -       -
		muting     known     -      -       -       -
		blocked    -         -      -       -       -
		blocking   -         -      -       -       -
		desk       known     -      -       -       -
		moderator  known     -      -       -       -
		elsewhere  -         -      -       -       -
		otherdesk  -         -      -       -       -
		passer-by  -         -      -       -       -`
)

func TestSeePassages(t *testing.T) {
	each(t, func(w *world) {
		st := newStage(w)
		st.knows(w.TB, passagesByID, func(tx *store.Tx, v parley.Viewer, c parley.Comment) (bool, error) {
			p, err := tx.Passage(v, c.Quote.ID)
			if parley.CodeOf(err) == parley.CodeNotFound && p == (parley.Passage{}) {
				return false, nil
			}
			return p.Exact == c.Quote.Exact, err
		})
		st.knows(w.TB, passagesListed, func(tx *store.Tx, v parley.Viewer, c parley.Comment) (bool, error) {
			all, err := tx.Passages(v, w.story.ID)
			return slices.ContainsFunc(all, func(p parley.Passage) bool { return p.ID == c.Quote.ID && p.Exact == c.Quote.Exact }), err
		})
		st.knows(w.TB, stepsWorn, func(tx *store.Tx, v parley.Viewer, c parley.Comment) (bool, error) {
			steps, err := tx.ReasonSteps(v, w.story.ID, 100)
			return steps[c.ID] == parley.Step(slices.Index(states, c.State)+1), err
		})
	})
}

// knows compares what every viewer knows of what hangs on the author's roots with a table.
func (st *stage) knows(t testing.TB, table string, ask func(tx *store.Tx, v parley.Viewer, c parley.Comment) (bool, error)) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(table), "\n")
	if len(lines) != len(st.viewers)+1 {
		t.Fatalf("the table has %d viewers, want %d", len(lines)-1, len(st.viewers))
	}
	for _, line := range lines[1:] {
		cells := strings.Fields(line)
		for i, state := range states {
			known := view(st.world, func(tx *store.Tx) (bool, error) { return ask(tx, st.viewers[cells[0]], st.roots[state]) })
			if want := cells[i+1] == "known"; known != want {
				t.Errorf("%s knows of what hangs on a %s comment: %v, want %v", cells[0], state, known, want)
			}
		}
	}
}

func TestSeeByID(t *testing.T) {
	each(t, func(w *world) {
		st := newStage(w)
		ask := func(tx *store.Tx, v parley.Viewer, c parley.Comment) ([]parley.Comment, error) {
			got, err := tx.Comment(v, c.ID)
			if parley.CodeOf(err) == parley.CodeNotFound {
				return nil, nil
			}
			return []parley.Comment{got}, err
		}
		st.check(w.TB, askedByID, st.roots, ask)
		st.check(w.TB, askedByID, st.replies, ask)
	})
}

func TestSeeInLists(t *testing.T) {
	each(t, func(w *world) {
		st := newStage(w)
		for _, sort := range parley.Sorts() {
			st.check(w.TB, listedInThreads, st.roots, func(tx *store.Tx, v parley.Viewer, _ parley.Comment) ([]parley.Comment, error) {
				threads, _, err := tx.Threads(v, w.story.ID, sort, parley.Cursor{}, 100)
				return everything(threads), err
			})
		}
		st.check(w.TB, listedInThreads, st.replies, func(tx *store.Tx, v parley.Viewer, _ parley.Comment) ([]parley.Comment, error) {
			replies, _, err := tx.Replies(v, st.hostRoot.ID, 0, 100)
			return replies, err
		})
		st.check(w.TB, listedInThreads, st.replies, func(tx *store.Tx, v parley.Viewer, c parley.Comment) ([]parley.Comment, error) {
			return tx.Ancestors(v, st.answers[c.State])
		})
		for _, comments := range []map[parley.State]parley.Comment{st.roots, st.replies} {
			st.check(w.TB, listedWhilePublished, comments, func(tx *store.Tx, v parley.Viewer, _ parley.Comment) ([]parley.Comment, error) {
				return tx.NewComments(v, w.story.ID, 0, 100)
			})
			st.check(w.TB, listedWhilePublished, comments, func(tx *store.Tx, v parley.Viewer, _ parley.Comment) ([]parley.Comment, error) {
				return tx.CommentsBy(v, st.author.ID, 0, 100)
			})
			st.check(w.TB, ownWaiting, comments, func(tx *store.Tx, v parley.Viewer, _ parley.Comment) ([]parley.Comment, error) {
				return tx.OwnComments(v, w.story.ID, 0, 100)
			})
		}
	})
}

// everything flattens threads.
func everything(threads []parley.Thread) (all []parley.Comment) {
	for _, t := range threads {
		all = append(append(all, t.Root), t.Replies...)
	}
	return all
}

func TestSeeWhatFollowsBring(t *testing.T) {
	each(t, func(w *world) {
		st := newStage(w)
		for name, v := range st.viewers {
			if v.Reader != 0 && name != "author" {
				w.follow(parley.Reader{ID: v.Reader}, parley.FollowReader, st.author.ID, 0)
			}
		}
		for _, comments := range []map[parley.State]parley.Comment{st.roots, st.replies} {
			st.check(w.TB, broughtByFollows, comments, func(tx *store.Tx, v parley.Viewer, _ parley.Comment) ([]parley.Comment, error) {
				return tx.Feed(v, 0, 100)
			})
		}
	})
}

// TestSeeNotices gives every viewer a notice of each comment and follows that moved by that comment alone.
func TestSeeNotices(t *testing.T) {
	each(t, func(w *world) {
		st := newStage(w)
		lonely := map[parley.State]parley.Comment{} // one story for each comment
		for _, state := range states {
			story := w.newStory(w.site)
			lonely[state] = st.bring(w.postIn(story, parley.Held, st.author, parley.Comment{}), state)
		}
		for name, v := range st.viewers {
			if v.Reader == 0 || name == "author" {
				continue
			}
			for _, c := range lonely {
				w.follow(parley.Reader{ID: v.Reader}, parley.FollowStory, c.Story, 0)
				w.write(func(tx *store.Tx) error {
					_, err := tx.AddNotice(parley.Notice{ID: tx.NewID(), Reader: v.Reader, Kind: parley.NoticeReply, Subject: c.ID, Comment: c.ID, Count: 1, At: tx.Now})
					return err
				})
			}
		}
		told := func(notices []parley.Notice) (seen []parley.Comment) {
			for _, n := range notices {
				c := parley.Comment{ID: n.Comment, Author: n.By}
				if n.Kind == parley.NoticeReply {
					c.Body = n.Excerpt
				}
				seen = append(seen, c)
			}
			return seen
		}
		bare := func(keepBody bool) map[parley.State]parley.Comment {
			all := map[parley.State]parley.Comment{}
			for state, c := range lonely {
				all[state] = parley.Comment{ID: c.ID, Author: c.Author}
				if keepBody {
					all[state] = parley.Comment{ID: c.ID, Author: c.Author, Body: c.Body}
				}
			}
			return all
		}
		st.check(w.TB, broughtByFollows, bare(true), func(tx *store.Tx, v parley.Viewer, _ parley.Comment) ([]parley.Comment, error) {
			notices, err := tx.Notices(v, 0, 100)
			return told(notices), err
		})
		st.check(w.TB, broughtByFollows, bare(false), func(tx *store.Tx, v parley.Viewer, _ parley.Comment) ([]parley.Comment, error) {
			notices, err := tx.Bundles(v)
			return told(notices), err
		})
		for name, v := range st.viewers {
			want := 0
			if name == "other" || name == "desk" || name == "moderator" {
				want = 2 // a reply and a bundle, both about the published one
			}
			if got := view(w, func(tx *store.Tx) (int, error) { return tx.CountUnread(v) }); got != want {
				w.Errorf("%s has %d unread notices, want %d", name, got, want)
			}
		}
	})
}

// TestAnswersDoNotNameWhoIsGone looks at answers to the author's comments: strangers learn from them no more
// of a removed or withdrawn comment than from its own place.
func TestAnswersDoNotNameWhoIsGone(t *testing.T) {
	each(t, func(w *world) {
		st := newStage(w)
		for name, v := range st.viewers {
			if v.Site != w.site {
				continue
			}
			for _, state := range states {
				answer := view(w, func(tx *store.Tx) (parley.Comment, error) { return tx.Comment(v, st.answers[state].ID) })
				want := parley.Byline{}
				if state == parley.Published && name != "blocked" && name != "blocking" || name == "author" || name == "desk" {
					want = st.author.Byline()
				}
				if answer.To != want {
					w.Errorf("%s reads an answer to a %s comment as one to %+v, want %+v", name, state, answer.To, want)
				}
			}
		}
	})
}

func TestSeeEarlierTexts(t *testing.T) {
	each(t, func(w *world) {
		st := newStage(w)
		c := st.roots[parley.Published]
		w.write(func(tx *store.Tx) error { return tx.RewriteComment(c, "Other words", "<p>Other words</p>") })
		for name, v := range st.viewers {
			texts := view(w, func(tx *store.Tx) ([]store.EarlierText, error) { return tx.EarlierTexts(v, c.ID) })
			if want := name == "desk"; (len(texts) == 1 && texts[0].Body == c.Body) != want || (!want && len(texts) > 0) {
				w.Errorf("%s sees the earlier texts %+v", name, texts)
			}
		}
	})
}

func TestSeeReaders(t *testing.T) {
	each(t, func(w *world) {
		st := newStage(w)
		for name, v := range st.viewers {
			hidden := v.Site != w.site || name == "blocked" || name == "blocking"
			err := w.s.Read(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Reader(v, st.author.ID)
				return err
			})
			want := parley.Code("")
			if hidden {
				want = parley.CodeNotFound
			}
			if got := parley.CodeOf(err); got != want {
				w.Errorf("%s looks at the author: %q, want %q", name, got, want)
			}
		}
	})
}
