package store

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"parley"
)

// AddNotice adds a notice with a cause of its own; added is false when that cause was told already.
func (tx *Tx) AddNotice(n parley.Notice) (added bool, err error) {
	if n.Kind.OfComment() {
		n.Story = 0 // the comment names it
	}
	rows, err := tx.q.Exec(`INSERT INTO notices (id, reader, kind, subject, comment, count, at, seen, story) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (reader, kind, comment, subject) DO NOTHING`, n.ID, n.Reader, n.Kind, n.Subject, n.Comment, n.Count, n.At, b2i(n.Seen), n.Story)
	if err != nil {
		return false, fmt.Errorf("insert notice: %w", err)
	}
	return rows == 1, nil
}

// AddReplyNotice tells the author of what a comment answers, and gives who was told: nobody (0) where that was done
// before, the comment is not published, or they do not want to hear from its author.
func (tx *Tx) AddReplyNotice(site, comment parley.ID, at parley.Time) (told parley.ID, err error) {
	err = tx.q.QueryRow(`INSERT INTO notices (id, reader, kind, subject, comment, count, at, seen, story)
		SELECT CAST($1 AS BIGINT), c.answers, $2, c.parent, c.id, 1, CAST($3 AS BIGINT), 0, 0 FROM comments c
		WHERE c.id = $4 AND c.site = $5 AND `+published("c")+` AND c.answers <> 0 AND c.answers <> c.author
		AND NOT EXISTS (SELECT 1 FROM silences s WHERE s.reader = c.answers AND s.kind = 'mute' AND s.target = c.author)
		AND NOT EXISTS (SELECT 1 FROM silences s WHERE s.reader = c.answers AND s.kind = 'block' AND s.target = c.author)
		AND NOT EXISTS (SELECT 1 FROM silences s WHERE s.reader = c.author AND s.kind = 'block' AND s.target = c.answers)
		ON CONFLICT (reader, kind, comment, subject) DO NOTHING RETURNING reader`,
		tx.NewID(), parley.NoticeReply, at, comment, site).Scan(&told)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("tell of a reply: %w", err)
	}
	return told, nil
}

// AddNoticesFor adds notice n, whose ID and Reader do not matter, for readers who have answered a question or
// follow it: those after one id in the order of ids, at most limit of them. told are the readers who had not been
// told before, and next is where the following batch begins, 0 when there is none. n.By, who did it, is not told.
func (tx *Tx) AddNoticesFor(n parley.Notice, question, after parley.ID, limit int) (told []parley.ID, next parley.ID, err error) {
	readers, err := tx.idList(`SELECT reader FROM (
			SELECT reader FROM (SELECT f.reader FROM follows f WHERE f.kind = 'question' AND f.target = $1 AND f.reader > $2 ORDER BY f.reader LIMIT $3) z
			UNION SELECT reader FROM (SELECT DISTINCT a.reader FROM answers a WHERE a.question = $1 AND a.reader > $2 ORDER BY a.reader LIMIT $3) b
		) page ORDER BY reader LIMIT $3`, question, after, limit)
	if err != nil {
		return nil, 0, fmt.Errorf("list whom to tell: %w", err)
	}
	if len(readers) == limit {
		next = readers[limit-1]
	}
	readers = slices.DeleteFunc(readers, func(reader parley.ID) bool { return reader == n.By.ID })
	for len(readers) > 0 {
		some := shape(eventShapes, len(readers))
		added, err := tx.addNotices(n, readers[:some])
		if err != nil {
			return nil, 0, fmt.Errorf("insert notices: %w", err)
		}
		told, readers = append(told, added...), readers[some:]
	}
	return told, next, nil
}

// addNotices adds one notice about no comment for several readers in one statement, and gives those who had not
// been told before.
func (tx *Tx) addNotices(n parley.Notice, readers []parley.ID) ([]parley.ID, error) {
	args := []any{n.Kind, n.Subject, n.Count, n.At, n.Story}
	var rows []string
	for _, reader := range readers {
		args = append(args, tx.NewID(), reader)
		rows = append(rows, fmt.Sprintf("($%d, $%d, $1, $2, 0, $3, $4, 0, $5)", len(args)-1, len(args)))
	}
	return tx.idList(`INSERT INTO notices (id, reader, kind, subject, comment, count, at, seen, story) VALUES `+strings.Join(rows, ", ")+`
		ON CONFLICT (reader, kind, comment, subject) DO NOTHING RETURNING reader`, args...)
}

// told gives what a notice about no comment says, as text; NULL when it no longer holds, or comes from somebody
// whom the viewer does not want to hear of: the outcome of a question that was settled; what has happened since;
// "accepted: " or "declined: " and the reply to a suggestion; a suggestion. Adding 0 keeps PostgreSQL from reading
// through an index of what has not ended.
var told = `CASE n.kind
	WHEN 'settled' THEN (SELECT s.outcome FROM settlements s WHERE s.id = n.subject AND s.state || '' = 'confirmed')
	WHEN 'sequel' THEN (SELECT CASE WHEN e.note <> '' THEN e.note ELSE e.title END FROM sequels e WHERE e.id = n.subject AND e.ended + 0 = 0)
	WHEN 'correction' THEN (SELECT k.state || ': ' || k.reply FROM corrections k WHERE k.id = n.subject)
	WHEN 'suggestion' THEN (SELECT k.body FROM corrections k WHERE k.id = n.subject AND ` + nobodyBlocks("k.reader") + ` AND ` + notMuted("k.reader") + `)
	END`

// Notices gives a reader's notices that have rows, newest first, before one id (0 = from the newest). What is gone,
// or comes from somebody now muted or blocked, is left out.
func (tx *Tx) Notices(v parley.Viewer, before parley.ID, limit int) ([]parley.Notice, error) {
	ofComments, err := collect(tx.q, scanNotice, `SELECT n.id, n.reader, n.kind, n.subject, n.comment, n.count, n.at, n.seen, c.story, t.title, c.author, a.name, a.roles, c.body
		FROM notices n JOIN comments c ON c.id = n.comment JOIN stories t ON t.id = c.story JOIN readers a ON a.id = c.author
		WHERE n.reader = $1 AND n.id < $3 AND `+published("c")+` AND `+listedByID(v)+` AND `+notMuted("c.author")+` ORDER BY n.id DESC LIMIT $4`,
		v.Reader, v.Site, upTo(before), limit)
	if err != nil {
		return nil, fmt.Errorf("list notices of comments: %w", err)
	}
	others, err := collect(tx.q, scanNotice, `SELECT n.id, n.reader, n.kind, n.subject, n.comment, n.count, n.at, n.seen, n.story, t.title,
			COALESCE(a.id, 0), COALESCE(a.name, ''), COALESCE(a.roles, 0), `+told+`
		FROM notices n JOIN stories t ON t.id = n.story LEFT JOIN readers a ON a.id = CASE n.kind
			WHEN 'suggestion' THEN (SELECT k.reader FROM corrections k WHERE k.id = n.subject)
			WHEN 'correction' THEN (SELECT k.decided_by FROM corrections k WHERE k.id = n.subject) ELSE 0 END
		WHERE n.reader = $1 AND n.comment = 0 AND n.id < $3 AND t.site + 0 = $2 AND `+told+` IS NOT NULL ORDER BY n.id DESC LIMIT $4`,
		v.Reader, v.Site, upTo(before), limit)
	if err != nil {
		return nil, fmt.Errorf("list other notices: %w", err)
	}
	all := append(ofComments, others...)
	slices.SortFunc(all, func(a, b parley.Notice) int { return cmp.Compare(b.ID, a.ID) })
	return all[:min(limit, len(all))], nil
}

func scanNotice(rows *sql.Rows) (n parley.Notice, err error) {
	err = rows.Scan(&n.ID, &n.Reader, &n.Kind, &n.Subject, &n.Comment, &n.Count, &n.At, &n.Seen, &n.Story, &n.Title, &n.By.ID, &n.By.Name, &n.By.Roles, &n.Excerpt)
	return n, err
}

// moved gives, for each kind of follow, the condition under which its target has something newer than f.seen.
const moved = `((f.kind = 'reader' AND EXISTS (SELECT 1 FROM readers r WHERE r.id = f.target AND r.last_comment > f.seen))
	OR (f.kind = 'story' AND EXISTS (SELECT 1 FROM stories t WHERE t.id = f.target AND t.last_comment > f.seen))
	OR (f.kind = 'thread' AND EXISTS (SELECT 1 FROM comments c WHERE c.root = f.target AND c.parent <> 0
		AND c.state IN ('published', 'removed', 'withdrawn') AND c.id > f.seen)))`

// bundled gives, for each kind of follow, which comments its bundle counts; $3 is the target.
var bundled = map[parley.NoticeKind]string{
	parley.NoticeReader: `c.author = $3`,
	parley.NoticeThread: `c.root = $3 AND c.parent <> 0`,
	parley.NoticeStory:  `c.story = $3`,
}

// Bundles computes what the viewer's follows have brought since it was last seen: one notice a follow, newest
// first. The viewer's own comments and those of muted or blocked readers do not count.
func (tx *Tx) Bundles(v parley.Viewer) ([]parley.Notice, error) {
	candidates, err := collect(tx.q, func(rows *sql.Rows) (f parley.Follow, err error) { return f, rows.Scan(&f.Kind, &f.Target, &f.Seen) },
		`SELECT f.kind, f.target, f.seen FROM follows f WHERE f.reader = $1 AND `+moved, v.Reader)
	if err != nil {
		return nil, fmt.Errorf("find what moved: %w", err)
	}
	var bundles []parley.Notice
	for _, f := range candidates {
		n := parley.Notice{Reader: v.Reader, Kind: parley.NoticeKind(f.Kind), Subject: f.Target}
		var newest sql.NullInt64
		err := tx.q.QueryRow(`SELECT count(*), max(b.id) FROM (SELECT c.id FROM comments c WHERE `+bundled[n.Kind]+` AND c.id > $4
			AND c.author <> CAST($1 AS BIGINT) AND c.state = 'published' AND `+listed(v)+` AND `+notMuted("c.author")+` ORDER BY c.id DESC LIMIT $5) b`,
			v.Reader, v.Site, f.Target, f.Seen, parley.MaxBundle).Scan(&n.Count, &newest)
		if err != nil {
			return nil, fmt.Errorf("count a bundle: %w", err)
		}
		if n.Count > 0 {
			n.Comment = parley.ID(newest.Int64)
			n.At = n.Comment.Time()
			bundles = append(bundles, n)
		}
	}
	return tx.describeBundles(v, bundles)
}

func (tx *Tx) describeBundles(v parley.Viewer, bundles []parley.Notice) ([]parley.Notice, error) {
	for i := range bundles {
		n := &bundles[i]
		c, err := tx.Comment(v, n.Comment)
		if err != nil {
			return nil, err
		}
		story, err := tx.Story(v, c.Story)
		if err != nil {
			return nil, err
		}
		n.Story, n.Title, n.By = story.ID, story.Title, c.Author
	}
	sortByComment(bundles)
	return bundles, nil
}

// CountUnread tells how many unseen notices wait: those with rows one by one, follows bundled.
func (tx *Tx) CountUnread(v parley.Viewer) (int, error) {
	var rows int
	err := tx.q.QueryRow(`SELECT (SELECT count(*) FROM notices n JOIN comments c ON c.id = n.comment WHERE n.reader = $1 AND n.seen = 0
			AND `+published("c")+` AND `+listedByID(v)+` AND `+notMuted("c.author")+`)
		+ (SELECT count(*) FROM notices n WHERE n.reader = $1 AND n.seen = 0 AND n.comment = 0 AND `+told+` IS NOT NULL)`, v.Reader, v.Site).Scan(&rows)
	if err != nil {
		return 0, fmt.Errorf("count notices: %w", err)
	}
	bundles, err := tx.Bundles(v)
	return rows + len(bundles), err
}

// SeeNotices marks everything as seen: replies by a mark, bundles by becoming rows while their follows catch
// up.
func (tx *Tx) SeeNotices(v parley.Viewer) error {
	bundles, err := tx.Bundles(v)
	if err != nil {
		return err
	}
	for _, n := range bundles {
		n.ID, n.Seen = tx.NewID(), true
		if _, err := tx.AddNotice(n); err != nil {
			return err
		}
		if _, err := tx.q.Exec(`UPDATE follows SET seen = $1 WHERE reader = $2 AND kind = $3 AND target = $4`, n.Comment, v.Reader, n.Kind, n.Subject); err != nil {
			return err
		}
	}
	_, err = tx.q.Exec(`UPDATE notices SET seen = 1 WHERE reader = $1 AND seen = 0`, v.Reader)
	return err
}

// Audience lists which of the given readers follow the author, the thread or the story of a comment.
func (tx *Tx) Audience(author, thread, story parley.ID) ([]parley.ID, error) {
	return tx.idList(`SELECT reader FROM follows WHERE kind = 'reader' AND target = $1
		UNION SELECT reader FROM follows WHERE kind = 'thread' AND target = $2
		UNION SELECT reader FROM follows WHERE kind = 'story' AND target = $3`, author, thread, story)
}
