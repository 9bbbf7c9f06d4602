package store_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/internal/db"
	"parley/internal/store"
)

// question is one way of asking, and what must stand in the plans of its statements.
type question struct {
	name  string
	ask   func(tx *store.Tx) error
	uses  []string // on both engines: the indexes
	seeks []string // on SQLite: how far into them the search goes
	keys  []string // on PostgreSQL: the indexes that SQLite calls a primary key, or has no name for
	sorts bool     // what is sorted is a page, or one reader's own list
}

func questions(w *world, me parley.Reader, c parley.Comment, hidden parley.Passage) []question {
	nobody, viewer := parley.Nobody(w.site), viewerOf(me)
	desk := parley.Viewer{Site: w.site, Reader: me.ID, Roles: parley.RoleModerator, Desk: true}
	all := []question{
		{name: "a story", keys: []string{"stories_pkey"}, ask: func(tx *store.Tx) error { _, err := tx.Story(viewer, w.story.ID); return err }},
		{name: "replies", uses: []string{"comments_replies"}, seeks: []string{"root=? AND rowid>?"}, ask: func(tx *store.Tx) error {
			_, _, err := tx.Replies(viewer, c.Root, 0, 50)
			return err
		}},
		{name: "ancestors", sorts: true, ask: comments(func(tx *store.Tx) ([]parley.Comment, error) { return tx.Ancestors(viewer, c) })},
		{name: "new comments", uses: []string{"comments_story"}, seeks: []string{"story=? AND rowid>?"}, ask: comments(func(tx *store.Tx) ([]parley.Comment, error) {
			return tx.NewComments(viewer, w.story.ID, 0, 50)
		})},
		{name: "comments by", uses: []string{"comments_author"}, seeks: []string{"author=? AND rowid<?"}, ask: comments(func(tx *store.Tx) ([]parley.Comment, error) {
			return tx.CommentsBy(viewer, me.ID, 0, 50)
		})},
		{name: "own comments", uses: []string{"comments_waiting", "comments_author"}, seeks: []string{"author=? AND story=?", "author=? AND rowid>?"}, sorts: true,
			ask: comments(func(tx *store.Tx) ([]parley.Comment, error) { return tx.OwnComments(viewer, w.story.ID, 0, 50) })},
		{name: "feed", uses: []string{"comments_author", "comments_answers"}, seeks: []string{"author=? AND rowid>? AND rowid<?", "answers=? AND rowid<?", "author=? AND rowid<?"}, sorts: true,
			ask: comments(func(tx *store.Tx) ([]parley.Comment, error) { return tx.Feed(viewer, 0, 50) })},
		{name: "notices", uses: []string{"notices_reader"}, seeks: []string{"reader=? AND rowid<?"}, ask: func(tx *store.Tx) error {
			_, err := tx.Notices(viewer, 0, 50)
			return err
		}},
		{name: "unread", uses: []string{"notices_unseen", "comments_replies", "comments_story", "comments_author"}, seeks: []string{"root=? AND rowid>?", "story=? AND rowid>?", "author=? AND rowid>?"},
			ask: func(tx *store.Tx) error {
				_, err := tx.CountUnread(viewer)
				return err
			}},
		{name: "marks", uses: []string{"recommendations_reader", "silences_target"}, sorts: true, ask: func(tx *store.Tx) error {
			_, err := tx.Marks(viewer, w.story.ID)
			return err
		}},
		{name: "duplicate", uses: []string{"comments_author"}, seeks: []string{"author=? AND rowid>?"}, ask: func(tx *store.Tx) error {
			_, err := tx.DuplicateOf(c, 1)
			return err
		}},
		{name: "audience", uses: []string{"follows_target"}, sorts: true, ask: func(tx *store.Tx) error {
			_, err := tx.Audience(1, 2, 3)
			return err
		}},
		{name: "followers", uses: []string{"follows_target"}, seeks: []string{"kind=? AND target=? AND reader>?"}, ask: func(tx *store.Tx) error {
			_, err := tx.FollowersOf(me.ID, 0, 50)
			return err
		}},
		{name: "events", ask: func(tx *store.Tx) error { _, err := tx.EventsAfter(1, 50); return err }},
		{name: "story events", uses: []string{"events_story"}, seeks: []string{"story=? AND rowid>?"}, ask: func(tx *store.Tx) error {
			_, err := tx.StoryEventsAfter(w.story.ID, 1, 50)
			return err
		}},
		{name: "latest stories", uses: []string{"stories_latest"}, ask: func(tx *store.Tx) error { _, err := tx.LatestStories(parley.Nobody(w.site), 30); return err }},
		{name: "newest stories", uses: []string{"stories_newest"}, ask: func(tx *store.Tx) error {
			_, err := tx.NewestStories(viewer, w.story.ID, 30)
			return err
		}},
		{name: "passages", uses: []string{"passages_talk"}, seeks: []string{"story=?"}, ask: func(tx *store.Tx) error {
			_, err := tx.Passages(nobody, w.story.ID)
			return err
		}},
		{name: "all passages", seeks: []string{"story=?"}, keys: []string{"passages_story_fingerprint_key"}, ask: func(tx *store.Tx) error {
			_, err := tx.PassagesForVerb(w.story.ID)
			return err
		}},
		{name: "a passage that stands there", uses: []string{"passages_place"}, seeks: []string{"story=? AND start_at=? AND end_at=?"}, sorts: true, ask: func(tx *store.Tx) error {
			_, err := tx.PassageAt(w.story.ID, 1, 2, 3)
			return ifThere(err)
		}},
		{name: "a passage nobody sees", uses: []string{"comments_author", "corrections_reader"}, keys: []string{"passages_pkey"}, ask: func(tx *store.Tx) error {
			_, err := tx.Passage(viewer, hidden.ID)
			return ifThere(err)
		}},
		{name: "anchorings", ask: func(tx *store.Tx) error { _, err := tx.Anchorings(1); return err }},
		{name: "versions", ask: func(tx *store.Tx) error { _, err := tx.Versions(w.story.ID); return err }},
		{name: "listed by id", keys: []string{"comments_pkey"}, ask: func(tx *store.Tx) error {
			_, err := tx.ListedComments(nobody, []parley.ID{1, 2})
			return err
		}},
		{name: "quotes", ask: func(tx *store.Tx) error { _, err := tx.Quotes([]parley.ID{1, 2}); return err }},
		{name: "corrections", uses: []string{"corrections_story"}, seeks: []string{"story=? AND state=? AND rowid<?"}, ask: func(tx *store.Tx) error {
			_, err := tx.Corrections(viewer, w.story.ID, parley.CorrectionOpen, 0, 50)
			return err
		}},
		{name: "accepted corrections", uses: []string{"corrections_story"}, seeks: []string{"story=? AND state=?"}, ask: func(tx *store.Tx) error {
			_, err := tx.AcceptedCorrections(w.story.ID, 50)
			return err
		}},
		{name: "corrections by", uses: []string{"corrections_reader"}, seeks: []string{"reader=? AND rowid<?"}, ask: func(tx *store.Tx) error {
			_, err := tx.CorrectionsBy(me.ID, 0, 50)
			return err
		}},
		{name: "own open corrections", uses: []string{"corrections_reader"}, ask: func(tx *store.Tx) error {
			_, err := tx.CountOpenCorrections(me.ID, w.story.ID)
			return err
		}},
		{name: "open corrections", uses: []string{"corrections_open"}, seeks: []string{"site=? AND rowid<?"}, ask: func(tx *store.Tx) error {
			_, err := tx.OpenCorrections(w.site, 0, 50)
			return err
		}},
		{name: "sequels", uses: []string{"sequels_story"}, seeks: []string{"story=?"}, ask: func(tx *store.Tx) error { _, err := tx.Sequels(w.story.ID); return err }},
		{name: "question", keys: []string{"questions_pkey", "wordings_pkey"}, uses: []string{"settlements_standing"}, ask: func(tx *store.Tx) error { _, err := tx.Question(nobody, w.story.ID); return ifThere(err) }},
		{name: "question of", uses: []string{"settlements_standing"}, seeks: []string{"story=?"}, keys: []string{"questions_story_key"}, ask: func(tx *store.Tx) error {
			_, err := tx.QuestionOf(nobody, w.story.ID)
			return ifThere(err)
		}},
		{name: "open questions", uses: []string{"questions_standing"}, seeks: []string{"site=? AND rowid<?"}, ask: func(tx *store.Tx) error {
			_, err := tx.OpenQuestions(nobody, 0, 50)
			return err
		}},
		{name: "settled questions", uses: []string{"questions_settled"}, seeks: []string{"site=? AND rowid<?"}, ask: func(tx *store.Tx) error {
			_, err := tx.SettledQuestions(nobody, 0, 50)
			return err
		}},
		{name: "wordings", ask: func(tx *store.Tx) error { _, err := tx.Wordings(1); return err }},
		{name: "milestones", uses: []string{"milestones_question"}, ask: func(tx *store.Tx) error { _, err := tx.Milestones(1); return err }},
		{name: "settlements", uses: []string{"settlements_question"}, ask: func(tx *store.Tx) error { _, err := tx.Settlements(1); return err }},
		{name: "settlements that wait", uses: []string{"settlements_waiting"}, ask: func(tx *store.Tx) error { _, err := tx.WaitingSettlements(w.site, 0, 50); return err }},
		{name: "appeals", sorts: true, ask: func(tx *store.Tx) error { _, err := tx.Appeals(1); return err }},
		{name: "appeals that wait", uses: []string{"settlement_appeals_open"}, ask: func(tx *store.Tx) error { _, err := tx.OpenAppeals(w.site, 0, 50); return err }},
		{name: "answers", uses: []string{"answers_question"}, seeks: []string{"question=?"}, ask: func(tx *store.Tx) error { _, err := tx.Answers(1, 1); return err }},
		{name: "answers of", uses: []string{"answers_"}, seeks: []string{"reader=?", "question=?"}, ask: func(tx *store.Tx) error {
			_, err := tx.AnswersOf(me.ID, 1)
			return err
		}},
		{name: "last answers of", uses: []string{"answers_reader"}, seeks: []string{"(reader=?", "reader=? AND question=?"}, sorts: true, ask: func(tx *store.Tx) error {
			_, err := tx.LastAnswersOf(me.ID, 0, 50)
			return err
		}},
		{name: "answer of a comment", uses: []string{"answers_comment"}, ask: func(tx *store.Tx) error { _, err := tx.AnswerOfComment(1); return ifThere(err) }},
		{name: "what reasons wear", uses: []string{"answers_reasons"}, seeks: []string{"question=?"}, ask: func(tx *store.Tx) error {
			_, err := tx.ReasonSteps(viewer, w.story.ID, 50)
			return err
		}},
		{name: "whom to tell", uses: []string{"follows_target", "answers_audience"}, seeks: []string{"kind=? AND target=? AND reader>?", "question=? AND reader>?"}, sorts: true,
			ask: func(tx *store.Tx) error {
				_, _, err := tx.AddNoticesFor(parley.Notice{Kind: parley.NoticeSettled}, 1, 0, 50)
				return err
			}},
		{name: "history", uses: []string{"answers_reader"}, sorts: true, ask: func(tx *store.Tx) error {
			return tx.HistoryOf(me.ID, func(store.QuestionHistory) error { return nil })
		}},
		{name: "stale stories", uses: []string{"stories_stale"}, ask: func(tx *store.Tx) error { _, err := tx.StaleStories(50); return err }},
		{name: "anybody with a role", uses: []string{"readers_roles"}, ask: func(tx *store.Tx) error { _, err := tx.AnyWithRole(w.site, 1); return err }},
		{name: "who owns an address", uses: []string{"readers_address"}, ask: func(tx *store.Tx) error {
			_, err := tx.ReaderByAddress(w.site, "a@example.org")
			return ifThere(err)
		}},
	}
	for _, v := range []parley.Viewer{nobody, viewer, desk} {
		who := fmt.Sprintf(" for a viewer %+v", v)
		about := func(newest bool) func(tx *store.Tx) error {
			return func(tx *store.Tx) error {
				_, _, err := tx.ThreadsAbout(v, hidden.ID, newest, parley.Cursor{}, 25)
				return err
			}
		}
		all = append(all,
			question{name: "newest about a passage" + who, ask: about(true), uses: []string{"comments_passage"}, seeks: []string{"passage=? AND rowid<?"}},
			question{name: "oldest about a passage" + who, ask: about(false), uses: []string{"comments_passage"}, seeks: []string{"passage=? AND rowid>?"}},
			question{name: "newest" + who, ask: threads(v, w.story, parley.Newest, parley.Cursor{}),
				uses: []string{"comments_threads", "comments_replies"}, seeks: []string{"story=? AND rowid<?", "root=? AND rowid<?"}},
			question{name: "oldest" + who, ask: threads(v, w.story, parley.Oldest, parley.Cursor{}),
				uses: []string{"comments_threads"}, seeks: []string{"story=? AND rowid>?"}},
			question{name: "recommended" + who, ask: threads(v, w.story, parley.Recommended, parley.Cursor{}), sorts: true,
				uses: []string{"comments_recommended"}, seeks: []string{"story=? AND recommendations=? AND rowid<?", "story=? AND recommendations>? AND recommendations<?"}})
	}
	return all
}

// ifThere forgives that there is nothing to be found.
func ifThere(err error) error {
	if parley.CodeOf(err) == parley.CodeNotFound {
		return nil
	}
	return err
}

func comments(fn func(tx *store.Tx) ([]parley.Comment, error)) func(tx *store.Tx) error {
	return func(tx *store.Tx) error {
		_, err := fn(tx)
		return err
	}
}

// TestEveryListHasItsIndex asks everything of an almost empty database, whose plans PostgreSQL keeps when it
// fills, and looks at what the engines mean to do.
func TestEveryListHasItsIndex(t *testing.T) {
	each(t, func(w *world) {
		me, other := w.reader("Me"), w.reader("Other")
		c := w.post(other, w.post(other, parley.Comment{}))
		w.follow(me, parley.FollowReader, other.ID, 0)
		w.follow(me, parley.FollowStory, w.story.ID, 0)
		w.follow(me, parley.FollowThread, c.Root, 0)
		hidden := w.quoted(w.story, "hidden")
		// One connection asks everything, so that the statements of a question are those that were not there before.
		err := w.s.View(ctx, func(tx *store.Tx) error {
			for _, q := range questions(w, me, c, hidden) {
				known := tx.Raw().Prepared()
				if err := q.ask(tx); err != nil {
					return fmt.Errorf("%s: %w", q.name, err)
				}
				var plan strings.Builder
				for _, text := range tx.Raw().Prepared() {
					if slices.Contains(known, text) {
						continue
					}
					if err := explain(tx, w.s.Engine(), text, &plan); err != nil {
						return fmt.Errorf("%s: %w", q.name, err)
					}
				}
				checkPlan(w, q, plan.String())
			}
			return nil
		})
		if err != nil {
			w.Fatal(err)
		}
	})
}

// parts are names within statements, of what holds a page at most, or the viewer's follows; a constant row is one.
var parts = []string{"up", "first", "equals", "lesser", "newest", "top", "reach", "z", "b", "page", "own", "CONSTANT"}

// tooMuch tells whether a line of a plan reads through a table, or sorts when nothing should be sorted.
func tooMuch(engine db.Engine, line, next string, sorts bool) bool {
	words := strings.Fields(line)
	if engine == db.SQLite {
		switch {
		case words[0] == "SCAN":
			return !slices.Contains(parts, words[1]) && !strings.Contains(line, "USING INDEX stories_stale")
		case strings.Contains(line, "TEMP B-TREE"):
			return !sorts
		}
		return strings.Contains(line, "AUTOMATIC")
	}
	if strings.Contains(line, "Sort") || strings.Contains(line, "HashAggregate") {
		return !sorts
	}
	if strings.Contains(line, "Index") && strings.Contains(line, "Scan") {
		return !strings.Contains(next, "Index Cond") && !strings.Contains(line, "stories_stale")
	}
	return readsThrough.MatchString(line)
}

var readsThrough = regexp.MustCompile(`Seq Scan|Bitmap|Hash Join|hashed|Materialize`)

func checkPlan(w *world, q question, plan string) {
	w.Helper()
	wants := q.uses
	if w.s.Engine() == db.SQLite {
		wants = slices.Concat(wants, q.seeks)
	} else {
		wants = slices.Concat(wants, q.keys)
	}
	for _, want := range wants {
		if !strings.Contains(plan, want) {
			w.Errorf("%s does not go by (%s):\n%s", q.name, want, plan)
		}
	}
	lines := strings.SplitAfter(plan, "\n")
	for i, line := range lines[:len(lines)-1] {
		if tooMuch(w.s.Engine(), line, lines[i+1], q.sorts) {
			w.Errorf("%s reads or sorts more than it shows:\n%s%s", q.name, line, plan)
		}
	}
}

// explain adds the plan of a statement that the connection has prepared.
func explain(tx *store.Tx, engine db.Engine, text string, into *strings.Builder) error {
	arguments := 0
	for strings.Contains(text, fmt.Sprint("$", arguments+1)) {
		arguments++
	}
	if engine == db.SQLite {
		return lines(tx, `EXPLAIN QUERY PLAN `+text, slices.Repeat([]any{1}, arguments), 4, into)
	}
	var name string
	if err := tx.Raw().QueryRow(`SELECT name FROM pg_prepared_statements WHERE statement = $1`, text).Scan(&name); err != nil {
		return err
	}
	nulls := strings.TrimSuffix(strings.Repeat("NULL, ", arguments), ", ")
	return lines(tx, `EXPLAIN (COSTS OFF) EXECUTE "`+name+`"`+strings.TrimSuffix("("+nulls+")", "()"), nil, 1, into)
}

// lines adds the last of so many columns of each row.
func lines(tx *store.Tx, text string, args []any, columns int, into *strings.Builder) error {
	rows, err := tx.Raw().Query(text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		row := make([]any, columns)
		var line string
		for i := range row {
			row[i] = new(any)
		}
		row[columns-1] = &line
		if err := rows.Scan(row...); err != nil {
			return err
		}
		into.WriteString(line + "\n")
	}
	return rows.Err()
}
