package store

import (
	"database/sql"
	"fmt"
	"math"
	"slices"

	"parley"
)

// Follow adds a follow; changed is false when it was there. What came before it counts as seen.
func (tx *Tx) Follow(f parley.Follow) (changed bool, err error) {
	n, err := tx.q.Exec(`INSERT INTO follows (reader, kind, target, seen, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (reader, kind, target) DO NOTHING`, f.Reader, f.Kind, f.Target, f.Seen, f.At)
	if err != nil {
		return false, fmt.Errorf("insert follow: %w", err)
	}
	return n == 1, nil
}

// Unfollow ends a follow; changed is false when there was none.
func (tx *Tx) Unfollow(reader parley.ID, kind parley.FollowKind, target parley.ID) (changed bool, err error) {
	n, err := tx.q.Exec(`DELETE FROM follows WHERE reader = $1 AND kind = $2 AND target = $3`, reader, kind, target)
	return n == 1, err
}

// Follows tells whether a reader follows the target.
func (tx *Tx) Follows(reader parley.ID, kind parley.FollowKind, target parley.ID) (bool, error) {
	return tx.exists(`SELECT count(*) FROM follows WHERE reader = $1 AND kind = $2 AND target = $3`, reader, kind, target)
}

// CountFollows tells how much a reader follows.
func (tx *Tx) CountFollows(reader parley.ID) (n int, err error) {
	err = tx.q.QueryRow(`SELECT count(*) FROM follows WHERE reader = $1`, reader).Scan(&n)
	return n, err
}

// Silence mutes or blocks a reader; changed is false when it was so already.
func (tx *Tx) Silence(reader parley.ID, kind parley.Silence, target parley.ID) (changed bool, err error) {
	n, err := tx.q.Exec(`INSERT INTO silences (reader, kind, target, at) VALUES ($1, $2, $3, $4) ON CONFLICT (reader, kind, target) DO NOTHING`,
		reader, kind, target, tx.Now)
	return n == 1, err
}

// Unsilence ends a mute or a block.
func (tx *Tx) Unsilence(reader parley.ID, kind parley.Silence, target parley.ID) (changed bool, err error) {
	n, err := tx.q.Exec(`DELETE FROM silences WHERE reader = $1 AND kind = $2 AND target = $3`, reader, kind, target)
	return n == 1, err
}

// CountSilences tells how many readers a reader mutes or blocks.
func (tx *Tx) CountSilences(reader parley.ID, kind parley.Silence) (n int, err error) {
	err = tx.q.QueryRow(`SELECT count(*) FROM silences WHERE reader = $1 AND kind = $2`, reader, kind).Scan(&n)
	return n, err
}

// Blocked tells whether either of two readers blocks the other.
func (tx *Tx) Blocked(a, b parley.ID) (bool, error) {
	return tx.exists(`SELECT count(*) FROM silences WHERE kind = 'block' AND ((reader = $1 AND target = $2) OR (reader = $2 AND target = $1))`, a, b)
}

// Silenced tells whether a reader mutes or blocks another.
func (tx *Tx) Silenced(reader parley.ID, kind parley.Silence, target parley.ID) (bool, error) {
	return tx.exists(`SELECT count(*) FROM silences WHERE reader = $1 AND kind = $2 AND target = $3`, reader, kind, target)
}

func (tx *Tx) exists(text string, args ...any) (bool, error) {
	var n int
	err := tx.q.QueryRow(text, args...).Scan(&n)
	return n > 0, err
}

// Relation is one entry of a reader's private lists.
type Relation struct {
	Kind   string // "reader", "thread", "story", "question", "mute" or "block"
	Target parley.ID
	Name   string // the reader's name, or the title of the story (for a thread: of its story), or the question
	At     parley.Time
}

func (tx *Tx) relations(text string, args ...any) ([]Relation, error) {
	return collect(tx.q, func(rows *sql.Rows) (r Relation, err error) { return r, rows.Scan(&r.Kind, &r.Target, &r.Name, &r.At) }, text, args...)
}

// FollowsOf lists what a reader follows by kind, from one target id on, for the reader's own eyes.
func (tx *Tx) FollowsOf(reader parley.ID, kind parley.FollowKind, after parley.ID, limit int) ([]Relation, error) {
	name, known := map[parley.FollowKind]string{
		parley.FollowReader:   `SELECT name FROM readers WHERE id = f.target`,
		parley.FollowStory:    `SELECT title FROM stories WHERE id = f.target`,
		parley.FollowQuestion: `SELECT w.text FROM questions q JOIN wordings w ON w.question = q.id AND w.version = q.version WHERE q.id = f.target`,
		parley.FollowThread:   `SELECT t.title FROM comments c JOIN stories t ON t.id = c.story WHERE c.id = f.target`,
	}[kind]
	if !known {
		return nil, nil
	}
	return tx.relations(`SELECT f.kind, f.target, COALESCE((`+name+`), ''), f.at FROM follows f
		WHERE f.reader = $1 AND f.kind = $2 AND f.target > $3 ORDER BY f.target LIMIT $4`, reader, kind, after, limit)
}

// FollowersOf lists who follows a reader, for the reader's own eyes.
func (tx *Tx) FollowersOf(reader, after parley.ID, limit int) ([]Relation, error) {
	return tx.relations(`SELECT 'reader', r.id, r.name, f.at FROM follows f JOIN readers r ON r.id = f.reader
		WHERE f.kind = 'reader' AND f.target = $1 AND f.reader > $2 ORDER BY f.reader LIMIT $3`, reader, after, limit)
}

// SilencesOf lists whom a reader mutes or blocks, for the reader's own eyes.
func (tx *Tx) SilencesOf(reader parley.ID, kind parley.Silence, after parley.ID, limit int) ([]Relation, error) {
	return tx.relations(`SELECT s.kind, r.id, r.name, s.at FROM silences s JOIN readers r ON r.id = s.target
		WHERE s.reader = $1 AND s.kind = $2 AND s.target > $3 ORDER BY s.target LIMIT $4`, reader, kind, after, limit)
}

// Marks gives a signed-in viewer's own marks for a story (0 = none: only what holds everywhere).
func (tx *Tx) Marks(v parley.Viewer, story parley.ID) (parley.Marks, error) {
	m, _, err := tx.MarksAndFollows(v, story)
	return m, err
}

// MarksAndFollows gives besides the marks everything that the viewer follows anywhere, of all kinds.
func (tx *Tx) MarksAndFollows(v parley.Viewer, story parley.ID) (m parley.Marks, follows []parley.ID, err error) {
	m.Recommended, err = tx.idList(`SELECT comment FROM recommendations WHERE reader = $1 AND story = $2 ORDER BY comment DESC LIMIT $3`, v.Reader, story, maxMarks)
	if err != nil {
		return m, nil, fmt.Errorf("read recommendations: %w", err)
	}
	marks, err := collect(tx.q, func(rows *sql.Rows) (k mark, err error) { return k, rows.Scan(&k.kind, &k.target, &k.story) },
		`SELECT f.kind, f.target, CASE f.kind WHEN 'thread' THEN COALESCE((SELECT c.story FROM comments c WHERE c.id = f.target), 0) ELSE 0 END
			FROM follows f WHERE f.reader = $1
		UNION ALL SELECT s.kind, s.target, 0 FROM silences s WHERE s.reader = $1
		UNION ALL SELECT 'blocked by', s.reader, 0 FROM silences s WHERE s.target = $1 AND s.kind = 'block'`, v.Reader)
	if err != nil {
		return m, nil, fmt.Errorf("read marks: %w", err)
	}
	for _, k := range marks {
		switch k.kind {
		case string(parley.Mute):
			m.Muted = append(m.Muted, k.target)
			fallthrough
		case string(parley.Block), "blocked by":
			m.Hidden = append(m.Hidden, k.target)
			continue
		case string(parley.FollowReader):
			m.Following = append(m.Following, k.target)
		case string(parley.FollowThread):
			if k.story == story {
				m.Threads = append(m.Threads, k.target)
			}
		case string(parley.FollowStory):
			m.Story = m.Story || k.target == story
		}
		follows = append(follows, k.target)
	}
	for _, list := range [][]parley.ID{m.Following, m.Threads, m.Muted, m.Hidden} {
		slices.Sort(list)
	}
	m.Hidden = slices.Compact(m.Hidden)
	return m, follows, nil
}

// mark is one row of what MarksAndFollows reads: what is marked how, and the story of a thread.
type mark struct {
	kind          string
	target, story parley.ID
}

// maxMarks bounds how many of a reader's recommendations in one story travel to the page: the newest ones.
const maxMarks = 2_000

// Feed gives what readers whom the viewer follows wrote and what answers the viewer, newest first, before one
// id (0 = from the newest). Muted and blocked readers stay out.
//
// Only as many followed readers as the page is long can be on it: those who wrote last (top). Of each, at most
// a page's length is looked at, from the oldest within reach on. So two thousand follows cost one probe of an
// index each.
func (tx *Tx) Feed(v parley.Viewer, before parley.ID, limit int) ([]parley.Comment, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	wrote := `.target AND y.id < $3 AND ` + published("y") + ` ORDER BY y.id DESC LIMIT 1`
	return tx.comments(v, `WITH newest (target, id) AS MATERIALIZED (
			SELECT f.target, (SELECT y.id FROM comments y WHERE y.author = f`+wrote+`) FROM follows f
			WHERE f.reader = $1 AND f.kind = 'reader' AND `+nobodyBlocks("f.target")+` AND `+notMuted("f.target")+`
		), top (target) AS MATERIALIZED (
			SELECT target FROM newest WHERE id IS NOT NULL ORDER BY id DESC LIMIT $4
		), reach (target, oldest) AS MATERIALIZED (
			SELECT target, COALESCE((SELECT y.id FROM comments y WHERE y.author = top`+wrote+` OFFSET $4 - 1), 0) FROM top
		)
		SELECT `+commentColumns+` FROM (
			SELECT x.id FROM reach CROSS JOIN comments x WHERE x.author = reach.target AND x.id >= reach.oldest AND x.id < $3 AND `+published("x")+`
			UNION SELECT z.id FROM (SELECT c.id FROM comments c WHERE c.answers = $1 AND c.answers <> 0 AND c.id < $3 AND c.author <> $1
				AND `+published("c")+` AND `+nobodyBlocks("c.author")+` AND `+notMuted("c.author")+` ORDER BY c.id DESC LIMIT $4) z
			ORDER BY 1 DESC LIMIT $4
		) page CROSS JOIN comments c `+bylines(v)+`WHERE c.id = page.id AND `+listedByID(v)+` AND `+notMuted("c.author")+` ORDER BY c.id DESC LIMIT $4`, v.Reader, v.Site, before, limit)
}
