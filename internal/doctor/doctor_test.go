package doctor_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"parley/internal/doctor"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// ctx is for calls that no test cuts short.
var ctx = context.Background()

// forum is a small one in which every count is more than zero and right.
const forum = `
INSERT INTO sites (id, key, name, created_at) VALUES (1, 'main', 'The Harbour Letter', 1);
INSERT INTO readers (id, site, name, confirmed_at, created_at, comments, last_comment) VALUES (11, 1, 'Ilse', 5, 1, 2, 33), (12, 1, 'Odo', 5, 1, 1, 32), (13, 1, 'Runa', 0, 1, 0, 0);
INSERT INTO stories (id, site, url, title, created_at, comments, threads, last_comment, passages, sequels, corrections, question, version)
	VALUES (21, 1, 'https://www.example.com/a', 'A', 1, 3, 2, 33, 1, 1, 1, 51, 1), (22, 1, 'https://www.example.com/b', 'B', 1, 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO versions (story, number, title, blocks, at) VALUES (21, 1, 'A', 'Words.', 1);
INSERT INTO passages (id, site, story, exact, prefix, suffix, start_at, end_at, state, version, fingerprint, comments, threads, created_at) VALUES (41, 1, 21, 'Words', '', '.', 0, 5, 'found', 1, 'x', 2, 1, 1);
INSERT INTO comments (id, site, story, root, parent, depth, author, answers, state, body, html, passage, created_at, recommendations, replies) VALUES
	(31, 1, 21, 31, 0, 1, 11, 0, 'published', 'One', '', 41, 1, 2, 1), (32, 1, 21, 31, 31, 2, 12, 11, 'published', 'Two', '', 0, 1, 0, 0),
	(33, 1, 21, 33, 0, 1, 11, 0, 'published', 'Three', '', 0, 1, 0, 0), (34, 1, 21, 31, 32, 3, 11, 12, 'withdrawn', 'Four', '', 0, 1, 0, 0), (35, 1, 22, 35, 0, 1, 13, 0, 'held', 'Five', '', 0, 1, 0, 0);
INSERT INTO recommendations (comment, reader, signal, story, at) VALUES (31, 12, 1, 21, 1), (31, 13, 1, 21, 1);
INSERT INTO sequels (id, site, story, later, url, title, note, day, editor, at, ended) VALUES (61, 1, 21, 22, '', 'B', '', 1, 11, 1, 0), (62, 1, 21, 22, '', 'B', '', 1, 11, 1, 9);
INSERT INTO corrections (id, site, story, reader, body, source, thanks, state, created_at) VALUES (71, 1, 21, 12, 'No', '', 1, 'accepted', 1), (72, 1, 21, 12, 'No', '', 1, 'open', 1);
INSERT INTO questions (id, site, story, state, version, readers, opened_at, asked_by) VALUES (51, 1, 21, 'open', 1, 2, 1, 11);
INSERT INTO wordings (question, version, text, rule, judge, closes, void, office, editor, at) VALUES (51, 1, 'Will it?', '', '', 0, '', '', 11, 1);
INSERT INTO answers (id, question, version, reader, step, comment, at) VALUES (81, 51, 1, 11, 3, 33, 1), (82, 51, 1, 11, 4, 0, 2), (83, 51, 1, 12, 5, 0, 2), (84, 51, 1, 13, 5, 0, 2);
INSERT INTO follows (reader, kind, target, seen, at) VALUES (12, 'reader', 11, 0, 1), (12, 'thread', 31, 0, 1), (12, 'story', 22, 0, 1), (12, 'question', 51, 0, 1);
INSERT INTO notices (id, reader, kind, subject, comment, count, at) VALUES (91, 11, 'reply', 31, 32, 1, 1), (92, 11, 'settled', 51, 0, 1, 1);
INSERT INTO events (id, site, story, kind, subject, actor, at, data) VALUES (1, 1, 21, 'comment.published', 31, 11, 1, '{}'), (2, 1, 21, 'comment.published', 32, 12, 1, '{}'), (3, 1, 21, 'comment.published', 33, 11, 1, '{}');
UPDATE counters SET value = 3 WHERE name = 'events';
INSERT INTO cursors (name, position) VALUES ('notices', 3);
`

// patient is a database of one engine with the small forum in it.
type patient struct {
	t *testing.T
	store.Options
}

func each(t *testing.T, test func(p patient)) {
	t.Helper()
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		p := patient{t, o}
		s, err := store.Open(ctx, o)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		for statement := range strings.SplitSeq(strings.TrimSuffix(strings.TrimSpace(forum), ";"), ";\n") {
			p.run(statement)
		}
		test(p)
	})
}

// run runs a statement past Parley, without foreign keys.
func (p patient) run(statement string) {
	p.t.Helper()
	driver, name := "sqlite", filepath.Join(p.Dir, "parley.db")
	if p.URL != "" {
		driver, name = "pgx", p.URL
	}
	pool, err := sql.Open(driver, name)
	if err == nil {
		defer pool.Close()
		_, err = pool.Exec(statement)
	}
	if err != nil {
		p.t.Fatalf("%s: %v", statement, err)
	}
}

func (p patient) examine(repair bool) *doctor.Report {
	p.t.Helper()
	report, err := doctor.Examine(ctx, doctor.Options{Dir: p.Dir, URL: p.URL, Repair: repair})
	if err != nil {
		p.t.Fatal(err)
	}
	return report
}

// well fails unless nothing is wrong.
func (p patient) well(when string) {
	p.t.Helper()
	if report := p.examine(false); len(report.Findings) > 0 || report.Checks < 25 || report.Comments != 5 || report.Events != 3 {
		p.t.Fatalf("%s: %+v", when, report)
	}
}

// TestEveryCheckFinds spoils one thing after the other and expects it to be named, by the row, and nothing else.
// What can be mended is, and the rest is put right by hand.
func TestEveryCheckFinds(t *testing.T) {
	each(t, func(p patient) {
		p.well("a whole forum")
		tried := map[string]bool{}
		for _, one := range []struct{ what, spoil, example, mend string }{
			{"stories whose number of comments is wrong", "UPDATE stories SET comments = 7 WHERE id = 21", "stories 21: 7, a recount gives 3", ""},
			{"stories whose number of threads is wrong", "UPDATE stories SET threads = 0 WHERE id = 21", "stories 21: 0, a recount gives 2", ""},
			{"readers whose number of comments is wrong", "UPDATE readers SET comments = 1 WHERE id = 13", "readers 13: 1, a recount gives 0", ""},
			{"threads whose number of replies is wrong", "UPDATE comments SET replies = 2 WHERE id = 32", "comments 32: 2, a recount gives 0", ""},
			{"comments whose number of recommendations is wrong", "UPDATE comments SET recommendations = -1 WHERE id = 31", "comments 31: -1, a recount gives 2", ""},
			{"passages whose number of threads is wrong", "UPDATE passages SET threads = 4 WHERE id = 41", "passages 41: 4, a recount gives 1", ""},
			{"passages whose number of comments is wrong", "UPDATE passages SET comments = 9 WHERE id = 41", "passages 41: 9, a recount gives 2", ""},
			{"stories whose number of passages is wrong", "UPDATE stories SET passages = 2 WHERE id = 22", "stories 22: 2, a recount gives 0", ""},
			{"stories whose number of sequels is wrong", "UPDATE stories SET sequels = 2 WHERE id = 21", "stories 21: 2, a recount gives 1", ""},
			{"stories whose number of corrections is wrong", "UPDATE stories SET corrections = 2 WHERE id = 21", "stories 21: 2, a recount gives 1", ""},
			{"questions whose number of readers is wrong", "UPDATE questions SET readers = 3", "questions 51: 3, a recount gives 2", ""},

			{"comments that belong to another site than their story", "UPDATE comments SET site = 2 WHERE id = 35", "comment 35", "UPDATE comments SET site = 1"},
			{"first comments of a thread that do not stand at its head", "UPDATE comments SET root = 31 WHERE id = 33", "comment 33", "UPDATE comments SET root = 33 WHERE id = 33"},
			{"replies to what is not there, or is in another thread", "UPDATE comments SET parent = 99 WHERE id = 34", "comment 34 replies to 99", "UPDATE comments SET parent = 32 WHERE id = 34"},
			{"replies to what is not there, or is in another thread", "UPDATE comments SET answers = 13 WHERE id = 34", "comment 34 replies to 32", "UPDATE comments SET answers = 12 WHERE id = 34"},
			{"recommendations that are kept under another story than their comment's", "UPDATE recommendations SET story = 22 WHERE reader = 13", "comment 31 by reader 13", "UPDATE recommendations SET story = 21"},
			{"comments on a passage that is not there, or in another story", "UPDATE comments SET passage = 42 WHERE id = 33", "comment 33", "UPDATE comments SET passage = 0 WHERE id = 33"},
			{"follows of what is not there", "UPDATE follows SET target = 52 WHERE kind = 'question'", "question 52 by reader 12", "UPDATE follows SET target = 51 WHERE kind = 'question'"},
			{"follows of what is not there", "UPDATE follows SET target = 36 WHERE kind = 'thread'", "thread 36 by reader 12", "UPDATE follows SET target = 31 WHERE kind = 'thread'"},
			{"notices about a comment that is not there", "UPDATE notices SET comment = 99 WHERE id = 91", "notice 91", "UPDATE notices SET comment = 32 WHERE id = 91"},
			{"stories whose newest comment is not there, or is not the newest", "UPDATE stories SET last_comment = 32 WHERE id = 21", "story 21", "UPDATE stories SET last_comment = 33 WHERE id = 21"},
			{"stories whose newest comment is not there, or is not the newest", "UPDATE stories SET last_comment = 99 WHERE id = 22", "story 22", "UPDATE stories SET last_comment = 0 WHERE id = 22"},
			{"readers whose newest comment is not theirs", "UPDATE readers SET last_comment = 33 WHERE id = 12", "reader 12", "UPDATE readers SET last_comment = 32 WHERE id = 12"},
			{"stories whose text is not there", "UPDATE stories SET version = 2 WHERE id = 21", "story 21", "UPDATE stories SET version = 1 WHERE id = 21"},
			{"stories whose question is not theirs", "UPDATE stories SET question = 51 WHERE id = 22", "story 22", "UPDATE stories SET question = 0 WHERE id = 22"},
			{"questions and answers in words that are not there", "UPDATE answers SET version = 2 WHERE id = 84", "answer 84", "UPDATE answers SET version = 1"},
			{"answers whose reason is not there", "UPDATE answers SET comment = 32 WHERE id = 81", "answer 81", "UPDATE answers SET comment = 33 WHERE id = 81"},
			{"followers of the event log that are ahead of it", "UPDATE cursors SET position = 4", "notices at 4", "UPDATE cursors SET position = 3"},
			{"gaps in the numbers of the event log", "UPDATE events SET id = 30 WHERE id = 2; UPDATE events SET id = 2 WHERE id = 3; UPDATE events SET id = 3 WHERE id = 30; DELETE FROM events WHERE id = 2",
				"after event 1", "INSERT INTO events (id, site, story, kind, subject, actor, at, data) VALUES (2, 1, 0, 'x', 0, 0, 0, '{}')"},
			{"The event log is counted up to 2, and its newest event is 3.", "UPDATE counters SET value = 2; UPDATE cursors SET position = 2", "", "UPDATE counters SET value = 3"},
			{"parts of the schema that are missing", "DROP INDEX comments_answers", "index comments_answers", "CREATE INDEX comments_answers ON comments (answers, id) WHERE answers <> 0"},
		} {
			tried[one.what] = true
			p.run(one.spoil)
			report := p.examine(false)
			if len(report.Findings) != 1 || report.Sound() {
				p.t.Fatalf("%s: found %+v, want one thing", one.spoil, report.Findings)
			}
			f := report.Findings[0]
			if f.What != one.what || one.example != "" && (f.Count != 1 || f.Examples[0] != one.example) || f.Mendable != (one.mend == "") {
				p.t.Errorf("%s: found %+v", one.spoil, f)
			}
			if one.mend != "" {
				p.run(one.mend)
			} else if mended := p.examine(true); !mended.Sound() {
				p.t.Errorf("%s: repair leaves %+v", one.spoil, mended.Findings)
			}
		}
		p.well("in the end")
		for _, check := range doctor.Checks() {
			if !tried[check] {
				p.t.Errorf("nothing tries the check for %s", check)
			}
		}
	})
}

// TestRepairLeavesTheRest mends a counter beside something it must not touch, and says which is which.
func TestRepairLeavesTheRest(t *testing.T) {
	each(t, func(p patient) {
		p.run("UPDATE stories SET comments = 8")
		p.run("UPDATE comments SET root = 31 WHERE id = 33")
		report := p.examine(true)
		if report.Sound() || len(report.Findings) != 2 || !report.Findings[0].Mended || report.Findings[0].Count != 2 || report.Findings[1].Mended {
			p.t.Errorf("repair reports %+v", report.Findings)
		}
		again := p.examine(false)
		if len(again.Findings) != 1 || again.Findings[0].Mendable {
			p.t.Errorf("after the repair: %+v", again.Findings)
		}
	})
}

// TestBesideAServer examines while one runs, and repairs only when none does.
func TestBesideAServer(t *testing.T) {
	each(t, func(p patient) {
		s, err := store.Open(ctx, p.Options)
		if err != nil {
			p.t.Fatal(err)
		}
		p.well("beside a server")
		_, err = doctor.Examine(ctx, doctor.Options{Dir: p.Dir, URL: p.URL, Repair: true})
		if err == nil || !strings.Contains(err.Error(), "first") {
			p.t.Errorf("repairing beside a server is answered with %v", err)
		}
		if err := s.Close(); err != nil {
			p.t.Fatal(err)
		}
		if report := p.examine(true); !report.Sound() {
			p.t.Errorf("once it has stopped: %+v", report.Findings)
		}
	})
}

// TestOtherSchemas examines only what does not depend on the schema, and does not fail on what it does not know.
func TestOtherSchemas(t *testing.T) {
	each(t, func(p patient) {
		p.run("INSERT INTO goose_db_version (version_id, is_applied, tstamp) VALUES (999, " + map[bool]string{true: "1", false: "true"}[p.URL == ""] + ", CURRENT_TIMESTAMP)")
		p.run("ALTER TABLE stories DROP COLUMN sequels")
		report := p.examine(true)
		if len(report.Findings) != 1 || !strings.Contains(report.Findings[0].What, "The schema is 999") {
			p.t.Errorf("a newer schema: %+v", report.Findings)
		}
		p.run("CREATE TABLE parley_move (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
		if report := p.examine(false); len(report.Findings) != 1 || !strings.Contains(report.Findings[0].What, "has not finished") {
			p.t.Errorf("half a move: %+v", report.Findings)
		}
	})
}

// TestDamagedFiles finds rows without what they point to, and pages that are not what they were.
func TestDamagedFiles(t *testing.T) {
	each(t, func(p patient) {
		if p.URL != "" {
			p.t.Skip("PostgreSQL keeps its own files")
		}
		p.run("DELETE FROM readers WHERE id = 13")
		report := p.examine(false)
		i := slices.IndexFunc(report.Findings, func(f doctor.Finding) bool {
			return f.What == "rows that point to a row that is not there"
		})
		if i < 0 || !slices.Contains(report.Findings[i].Examples, "comments 35, to readers") {
			p.t.Errorf("a reader that is missing: %+v", report.Findings)
		}

		p.run("VACUUM") // what a free page holds is nothing to anybody
		file := filepath.Join(p.Dir, "parley.db")
		whole, err := os.ReadFile(file)
		if err != nil {
			p.t.Fatal(err)
		}
		const page = 4096
		for n := 1; n < len(whole)/page; n += 7 {
			spoilt := slices.Clone(whole)
			copy(spoilt[n*page:], make([]byte, page))
			if err := os.WriteFile(file, spoilt, 0o600); err != nil {
				p.t.Fatal(err)
			}
			report, err := doctor.Examine(ctx, doctor.Options{Dir: p.Dir})
			if err == nil && !strings.Contains(fmt.Sprint(report.Findings), "faults of the database file") {
				p.t.Errorf("page %d was wiped, and the findings are %+v", n, report.Findings)
			}
		}
		if err := os.WriteFile(file, []byte("bread, milk, a stamp, and so on"), 0o600); err != nil {
			p.t.Fatal(err)
		}
		if _, err := doctor.Examine(ctx, doctor.Options{Dir: p.Dir}); err == nil || !strings.Contains(err.Error(), "is not a Parley database") {
			p.t.Errorf("a shopping list is answered with %v", err)
		}
		if _, err := doctor.Examine(ctx, doctor.Options{Dir: p.t.TempDir()}); err == nil || !strings.Contains(err.Error(), "there is no Parley database in") {
			p.t.Errorf("an empty folder is answered with %v", err)
		}
	})
}
