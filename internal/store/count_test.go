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

// history is what a random history has made so far.
type history struct {
	*rand.Rand
	readers  []parley.Reader
	comments map[parley.ID][]parley.Comment // by story
	passages map[parley.ID][]parley.ID
}

// TestCountersEqualARecount writes, moves and withdraws at random in three stories and then counts the rows.
func TestCountersEqualARecount(t *testing.T) {
	for seed := range uint64(3) {
		each(t, func(w *world) {
			readers, stories, passages := furnish(w)
			h := history{Rand: rand.New(rand.NewPCG(seed, 7)), readers: readers, comments: map[parley.ID][]parley.Comment{}, passages: passages}
			for range 40 {
				kept := maps.Clone(h.comments)
				w.write(func(tx *store.Tx) error {
					h.comments = maps.Clone(kept) // the function may run again
					for range 10 {
						if err := h.step(tx, stories[h.IntN(len(stories))]); err != nil {
							return err
						}
					}
					return nil
				})
			}
			if n := w.number(`SELECT count(*) FROM stories WHERE passages > 0`); n != 2 {
				t.Errorf("%d stories have passages, want 2", n)
			}
			checkCounters(w)
		})
	}
}

// furnish gives readers and three stories, of which the first has no passages and no question.
func furnish(w *world) (readers []parley.Reader, stories []parley.Story, passages map[parley.ID][]parley.ID) {
	w.Helper()
	readers, stories, passages = w.readers(5), []parley.Story{w.story, w.newStory(w.site), w.newStory(w.site)}, map[parley.ID][]parley.ID{}
	for i, story := range stories {
		passages[story.ID] = []parley.ID{0, 0}
		for n := range 2 * i {
			passages[story.ID] = append(passages[story.ID], w.quoted(story, fmt.Sprint("words ", n)).ID)
		}
		if i > 0 {
			w.ask(story, readers[0])
		}
	}
	return readers, stories, passages
}

// step does one thing at random to a story.
func (h *history) step(tx *store.Tx, story parley.Story) error {
	by := h.readers[h.IntN(len(h.readers))]
	all := h.comments[story.ID]
	switch {
	case h.IntN(4) == 0:
		return h.opine(tx, story, by)
	case len(all) == 0 || h.IntN(2) == 0:
		var parent parley.Comment
		if len(all) > 0 && h.IntN(4) > 0 {
			parent = all[h.IntN(len(all))]
		}
		c := draft(tx, story, by, parent, states[h.IntN(3)])
		if c.IsRoot() {
			c.Passage = h.passages[story.ID][h.IntN(len(h.passages[story.ID]))]
		}
		h.comments[story.ID] = append(all[:len(all):len(all)], c)
		return insert(tx, c)
	}
	i := h.IntN(len(all))
	c, err := tx.CommentForVerb(story.Site, all[i].ID)
	if err != nil {
		return err
	}
	next := legal[c.State]
	if len(next) == 0 {
		return nil
	}
	_, err = tx.MoveComment(c, next[h.IntN(len(next))])
	return err
}

// opine does one thing at random to the question of a story, if it has one, or to what is said beside it.
func (h *history) opine(tx *store.Tx, story parley.Story, by parley.Reader) error {
	switch h.IntN(8) {
	case 0:
		_, err := tx.ConfirmAddress(by)
		return err
	case 1:
		s := parley.Sequel{ID: tx.NewID(), Site: story.Site, Story: story.ID, Note: "Later", Editor: by.ID}
		if err := tx.InsertSequel(s); err != nil || h.IntN(2) == 0 {
			return err
		}
		_, err := tx.EndSequel(story.Site, s.ID, tx.Now)
		return err
	case 2:
		c := parley.Correction{ID: tx.NewID(), Site: story.Site, Story: story.ID, Reader: by.Byline(), Body: "Not so", State: parley.CorrectionOpen}
		if err := tx.InsertCorrection(c); err != nil {
			return err
		}
		c.State = []parley.CorrectionState{parley.CorrectionAccepted, parley.CorrectionDeclined}[h.IntN(2)]
		return tx.DecideCorrection(c)
	}
	q, err := tx.QuestionOf(parley.Nobody(story.Site), story.ID)
	switch {
	case parley.CodeOf(err) == parley.CodeNotFound:
		return nil
	case err != nil:
		return err
	case h.IntN(10) == 0:
		q.Words.Version++
		return tx.Reword(q.Words)
	}
	return tx.InsertAnswer(parley.Answer{ID: tx.NewID(), Question: q.ID, Version: q.Words.Version, Reader: by.ID, Step: parley.Step(1 + h.IntN(7)), At: tx.Now})
}

// checkCounters compares every kept count with a count of the rows it stands for.
func checkCounters(w *world) {
	w.Helper()
	for what, text := range map[string]string{
		"story.comments": `SELECT count(*) FROM stories t WHERE comments <> (SELECT count(*) FROM comments c WHERE c.story = t.id AND c.state = 'published')`,
		"story.threads": `SELECT count(*) FROM stories t WHERE threads <> (SELECT count(*) FROM comments c WHERE c.story = t.id AND c.parent = 0
			AND c.state IN ('published', 'removed', 'withdrawn'))`,
		"story.passages":    `SELECT count(*) FROM stories t WHERE passages <> (SELECT count(*) FROM passages p WHERE p.story = t.id AND p.threads > 0)`,
		"story.sequels":     `SELECT count(*) FROM stories t WHERE sequels <> (SELECT count(*) FROM sequels e WHERE e.story = t.id AND e.ended = 0)`,
		"story.corrections": `SELECT count(*) FROM stories t WHERE corrections <> (SELECT count(*) FROM corrections k WHERE k.story = t.id AND k.state = 'accepted')`,
		"story.question":    `SELECT count(*) FROM stories t WHERE question <> COALESCE((SELECT q.id FROM questions q WHERE q.story = t.id), 0)`,
		"passage.threads":   `SELECT count(*) FROM passages p WHERE threads <> (SELECT count(*) FROM comments c WHERE c.passage = p.id AND c.state = 'published')`,
		"passage.comments": `SELECT count(*) FROM passages p WHERE comments <> (SELECT count(*) FROM comments c JOIN comments r ON r.id = c.root
			WHERE r.passage = p.id AND r.state = 'published' AND c.state = 'published')`,
		"question.readers": `SELECT count(*) FROM questions q WHERE readers <> (SELECT count(DISTINCT a.reader) FROM answers a JOIN readers r ON r.id = a.reader
			WHERE a.question = q.id AND a.version = q.version AND r.confirmed_at > 0)`,
		"comment.replies": `SELECT count(*) FROM comments r WHERE replies <> CASE WHEN parent = 0 THEN
			(SELECT count(*) FROM comments c WHERE c.root = r.id AND c.parent <> 0 AND c.state = 'published') ELSE 0 END`,
		"reader.comments":         `SELECT count(*) FROM readers r WHERE comments <> (SELECT count(*) FROM comments c WHERE c.author = r.id AND c.state = 'published')`,
		"comment.recommendations": `SELECT count(*) FROM comments c WHERE recommendations <> (SELECT count(*) FROM recommendations m WHERE m.comment = c.id AND m.signal = 1)`,
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
			"move":   func(tx *store.Tx) (int64, error) { return tx.MoveComment(c, parley.Withdrawn) },
			"raise":  func(tx *store.Tx) (int64, error) { return tx.Raise(w.story.ID) },
			"close":  func(tx *store.Tx) (int64, error) { return tx.CloseStory(w.story.ID, tx.Now) },
			"switch": func(tx *store.Tx) (int64, error) { return tx.SwitchStory(w.story.ID, true, false) },
			"version": func(tx *store.Tx) (int64, error) {
				return tx.AddVersion(parley.Version{Story: w.story.ID, Number: 1, Title: "Title", Blocks: []string{"One"}})
			},
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
