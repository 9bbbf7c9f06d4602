package store_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"

	"parley"
	"parley/internal/store"
)

// legal lists where a comment may go from each state, by its author's or a moderator's hand.
var legal = map[parley.State][]parley.State{
	parley.Published: {parley.Removed, parley.Withdrawn},
	parley.Held:      {parley.Published, parley.Refused, parley.Withdrawn},
	parley.Refused:   {parley.Published, parley.Withdrawn},
	parley.Removed:   {parley.Published},
}

// TestCountersEqualARecount writes, moves and withdraws at random in three stories and then counts the rows.
func TestCountersEqualARecount(t *testing.T) {
	for seed := range uint64(3) {
		each(t, func(w *world) {
			random := rand.New(rand.NewPCG(seed, 7))
			readers := w.readers(5)
			stories := []parley.Story{w.story, w.newStory(w.site), w.newStory(w.site)}
			comments := map[parley.ID][]parley.Comment{}
			for range 40 {
				kept := maps.Clone(comments)
				w.write(func(tx *store.Tx) error {
					comments = maps.Clone(kept) // the function may run again
					for range 10 {
						story := stories[random.IntN(len(stories))]
						if err := step(tx, random, story, readers[random.IntN(len(readers))], comments); err != nil {
							return err
						}
					}
					return nil
				})
			}
			checkCounters(w)
		})
	}
}

// step does one thing at random to a story.
func step(tx *store.Tx, random *rand.Rand, story parley.Story, by parley.Reader, comments map[parley.ID][]parley.Comment) error {
	all := comments[story.ID]
	if len(all) == 0 || random.IntN(2) == 0 {
		var parent parley.Comment
		if len(all) > 0 && random.IntN(4) > 0 {
			parent = all[random.IntN(len(all))]
		}
		c := draft(tx, story, by, parent, states[random.IntN(3)])
		comments[story.ID] = append(all[:len(all):len(all)], c)
		return insert(tx, c)
	}
	i := random.IntN(len(all))
	c, err := tx.CommentForVerb(story.Site, all[i].ID)
	if err != nil {
		return err
	}
	next := legal[c.State]
	if len(next) == 0 {
		return nil
	}
	_, err = tx.MoveComment(c, next[random.IntN(len(next))])
	return err
}

// checkCounters compares every kept count with a count of the rows it stands for.
func checkCounters(w *world) {
	w.Helper()
	for what, text := range map[string]string{
		"story.comments": `SELECT count(*) FROM stories t WHERE comments <> (SELECT count(*) FROM comments c WHERE c.story = t.id AND c.state = 'published')`,
		"story.threads": `SELECT count(*) FROM stories t WHERE threads <> (SELECT count(*) FROM comments c WHERE c.story = t.id AND c.parent = 0
			AND c.state IN ('published', 'removed', 'withdrawn'))`,
		"comment.replies": `SELECT count(*) FROM comments r WHERE replies <> CASE WHEN parent = 0 THEN
			(SELECT count(*) FROM comments c WHERE c.root = r.id AND c.parent <> 0 AND c.state = 'published') ELSE 0 END`,
		"reader.comments":         `SELECT count(*) FROM readers r WHERE comments <> (SELECT count(*) FROM comments c WHERE c.author = r.id AND c.state = 'published')`,
		"comment.recommendations": `SELECT count(*) FROM comments c WHERE recommendations <> (SELECT count(*) FROM recommendations m WHERE m.comment = c.id AND m.signal = 'recommend')`,
		"story.last_comment":      `SELECT count(*) FROM stories t WHERE last_comment < (SELECT COALESCE(max(c.id), 0) FROM comments c WHERE c.story = t.id AND c.state = 'published')`,
		"reader.last_comment":     `SELECT count(*) FROM readers r WHERE last_comment < (SELECT COALESCE(max(c.id), 0) FROM comments c WHERE c.author = r.id AND c.state = 'published')`,
	} {
		if wrong := w.number(text); wrong != 0 {
			w.Errorf("%s is wrong in %d rows", what, wrong)
		}
	}
}

// TestRevisionRisesWithWhatStrangersSee moves a comment and a reply through every state.
func TestRevisionRisesWithWhatStrangersSee(t *testing.T) {
	each(t, func(w *world) {
		author := w.reader("Author")
		root := w.post(author, parley.Comment{})
		for _, parent := range []parley.Comment{{}, root} {
			for _, from := range states {
				for _, to := range states {
					if from == to {
						continue
					}
					c := w.postAs(from, author, parent)
					before := w.number(`SELECT revision FROM stories WHERE id = $1`, w.story.ID)
					w.move(c, to)
					rose := w.number(`SELECT revision FROM stories WHERE id = $1`, w.story.ID) > before
					if want := from.Shown() || to.Shown(); rose != want {
						t.Errorf("%s to %s (root: %v): revision rose %v, want %v", from, to, c.IsRoot(), rose, want)
					}
				}
			}
		}
		checkCounters(w)
	})
}

// TestMoveGivesTheRevision compares what verbs tell the pages with what the story holds.
func TestMoveGivesTheRevision(t *testing.T) {
	each(t, func(w *world) {
		author := w.reader("Author")
		c := w.post(author, parley.Comment{})
		for i, raise := range map[string]func(tx *store.Tx) (int64, error){
			"move":     func(tx *store.Tx) (int64, error) { return tx.MoveComment(c, parley.Withdrawn) },
			"raise":    func(tx *store.Tx) (int64, error) { return tx.Raise(w.story.ID) },
			"close":    func(tx *store.Tx) (int64, error) { return tx.CloseStory(w.story.ID, tx.Now) },
			"describe": func(tx *store.Tx) (int64, error) { return tx.DescribeStory(w.story) },
		} {
			before := view(w, func(tx *store.Tx) (int64, error) { return tx.Revision(w.story.ID) })
			var given int64
			w.write(func(tx *store.Tx) (err error) {
				given, err = raise(tx)
				return err
			})
			after := view(w, func(tx *store.Tx) (int64, error) { return tx.Revision(w.story.ID) })
			if given != after || after != before+1 {
				t.Errorf("%s: gave %d, the story went from %d to %d", fmt.Sprint(i), given, before, after)
			}
		}
	})
}

// TestRewriteKeepsEarlierTexts edits twice and reads back what stood there from when to when.
func TestRewriteKeepsEarlierTexts(t *testing.T) {
	each(t, func(w *world) {
		author := w.reader("Author")
		c := w.post(author, parley.Comment{})
		desk := parley.Viewer{Site: w.site, Reader: author.ID, Roles: parley.RoleModerator, Desk: true}
		for _, body := range []string{"second", "third"} {
			w.write(func(tx *store.Tx) error {
				now, err := tx.CommentForVerb(w.site, c.ID)
				if err != nil {
					return err
				}
				return tx.RewriteComment(now, body, "<p>"+body+"</p>")
			})
		}
		got := view(w, func(tx *store.Tx) (parley.Comment, error) { return tx.CommentForVerb(w.site, c.ID) })
		if got.Body != "third" || got.HTML != "<p>third</p>" || got.EditedAt == 0 {
			t.Errorf("after two edits: %+v", got)
		}
		texts := view(w, func(tx *store.Tx) ([]store.EarlierText, error) { return tx.EarlierTexts(desk, c.ID) })
		if len(texts) != 2 || texts[0].Body != c.Body || texts[1].Body != "second" ||
			texts[0].WrittenAt != c.CreatedAt || texts[0].ReplacedAt != texts[1].WrittenAt || texts[1].ReplacedAt != got.EditedAt {
			t.Errorf("earlier texts %+v", texts)
		}
	})
}
