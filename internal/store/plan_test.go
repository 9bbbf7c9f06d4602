package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/internal/db"
	"parley/internal/store"
)

// question is one way of asking, and the indexes its answer must come from.
type question struct {
	name string
	ask  func(tx *store.Tx) error
	uses []string // parts of SQLite's plan
	may  []string // lines that look bad and are not
}

func questions(w *world, me parley.Reader, c parley.Comment) []question {
	nobody, viewer := parley.Nobody(w.site), viewerOf(me)
	threads := func(v parley.Viewer, sort parley.Sort) func(tx *store.Tx) error {
		return func(tx *store.Tx) error {
			_, _, err := tx.Threads(v, w.story.ID, sort, parley.Cursor{Key: 5, ID: c.ID}, 25)
			return err
		}
	}
	comments := func(fn func(tx *store.Tx) ([]parley.Comment, error)) func(tx *store.Tx) error {
		return func(tx *store.Tx) error {
			_, err := fn(tx)
			return err
		}
	}
	return []question{
		{name: "newest for nobody", ask: threads(nobody, parley.Newest)},
		{name: "newest", ask: threads(viewer, parley.Newest)},
		{name: "oldest", ask: threads(viewer, parley.Oldest)},
		{name: "recommended", ask: threads(viewer, parley.Recommended)},
		{name: "replies", ask: func(tx *store.Tx) error { _, _, err := tx.Replies(viewer, c.Root, 0, 50); return err }},
		{name: "ancestors", ask: comments(func(tx *store.Tx) ([]parley.Comment, error) { return tx.Ancestors(viewer, c) })},
		{name: "new comments", ask: comments(func(tx *store.Tx) ([]parley.Comment, error) { return tx.NewComments(viewer, w.story.ID, 0, 50) })},
		{name: "comments by", ask: comments(func(tx *store.Tx) ([]parley.Comment, error) { return tx.CommentsBy(viewer, me.ID, 0, 50) })},
		{name: "own comments", ask: comments(func(tx *store.Tx) ([]parley.Comment, error) { return tx.OwnComments(viewer, w.story.ID, 0, 50) })},
		{name: "feed", ask: comments(func(tx *store.Tx) ([]parley.Comment, error) { return tx.Feed(viewer, 0, 50) })},
		{name: "notices", ask: func(tx *store.Tx) error { _, err := tx.Notices(viewer, 0, 50); return err }},
		{name: "unread", ask: func(tx *store.Tx) error { _, err := tx.CountUnread(viewer); return err }},
		{name: "marks", ask: func(tx *store.Tx) error { _, err := tx.Marks(viewer, w.story.ID); return err }},
		{name: "duplicate", ask: func(tx *store.Tx) error { _, err := tx.DuplicateOf(c, 1); return err }},
		{name: "audience", ask: func(tx *store.Tx) error { _, err := tx.Audience(1, 2, 3); return err }},
		{name: "events", ask: func(tx *store.Tx) error { _, err := tx.StoryEventsAfter(w.story.ID, 1, 50); return err }},
		{name: "stale", ask: func(tx *store.Tx) error { _, err := tx.StaleStories(50); return err }},
		{name: "followers", ask: func(tx *store.Tx) error { _, err := tx.FollowersOf(me.ID, 0, 50); return err }},
		{name: "held", ask: func(tx *store.Tx) error { _, err := tx.HeldBy(me.ID); return err }},
		{name: "role", ask: func(tx *store.Tx) error { _, err := tx.AnyWithRole(w.site, 1); return err }},
	}
}

func TestPlans(t *testing.T) {
	each(t, func(w *world) {
		me := w.reader("Me")
		c := w.post(me, w.post(me, parley.Comment{}))
		for _, q := range questions(w, me, c) {
			view(w, func(tx *store.Tx) (int, error) {
				before := tx.Raw().Prepared()
				if err := q.ask(tx); err != nil {
					return 0, err
				}
				for _, text := range tx.Raw().Prepared() {
					if !slices.Contains(before, text) {
						fmt.Println("=====", q.name)
						fmt.Println(strings.Join(plan(tx, w.s.Engine(), text), "\n"))
					}
				}
				return 0, nil
			})
		}
	})
}

func plan(tx *store.Tx, engine db.Engine, text string) (lines []string) {
	if engine != db.SQLite {
		return nil
	}
	args := []any{}
	for i := 1; strings.Contains(text, fmt.Sprint("$", i)); i++ {
		args = append(args, 1)
	}
	rows, err := tx.Raw().Query("EXPLAIN QUERY PLAN "+text, args...)
	if err != nil {
		return []string{err.Error()}
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, x int
		var s string
		rows.Scan(&id, &parent, &x, &s)
		lines = append(lines, fmt.Sprint(id, " ", parent, " ", s))
	}
	return lines
}
