package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/maphash"
	"sync"

	"parley"
	"parley/internal/db"
)

const commentColumns = `c.id, c.site, c.story, c.root, c.parent, c.depth, c.author, a.name, a.roles, COALESCE(p.id, 0),
	COALESCE(p.name, ''), COALESCE(p.roles, 0), c.state, c.body, c.html, c.passage, c.created_at, c.edited_at,
	c.recommendations, c.replies, c.reason`

func commentFields(c *parley.Comment) []any {
	return []any{&c.ID, &c.Site, &c.Story, &c.Root, &c.Parent, &c.Depth, &c.Author.ID, &c.Author.Name, &c.Author.Roles, &c.To.ID,
		&c.To.Name, &c.To.Roles, &c.State, &c.Body, &c.HTML, &c.Passage, &c.CreatedAt, &c.EditedAt,
		&c.Recommendations, &c.Replies, &c.Reason}
}

// comments reads every row of a query over commentColumns and masks it for the viewer.
func (tx *Tx) comments(v parley.Viewer, text string, args ...any) ([]parley.Comment, error) {
	all, err := tx.unmasked(text, args...)
	for i := range all {
		mask(v, &all[i])
	}
	if err != nil {
		return nil, err
	}
	return all, tx.quote(all)
}

// unmasked is comments for those who need what is hidden to find their place, and mask afterwards.
func (tx *Tx) unmasked(text string, args ...any) ([]parley.Comment, error) {
	return collect(tx.q, func(rows *sql.Rows) (c parley.Comment, err error) {
		err = rows.Scan(commentFields(&c)...)
		return c, err
	}, text, args...)
}

// collect reads every row of a query.
func collect[T any](q *db.Tx, scan func(*sql.Rows) (T, error), text string, args ...any) ([]T, error) {
	rows, err := q.Query(text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// absent turns "no row" into the refusal for something the viewer may know nothing of.
func absent(err error, what string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return parley.Errorf(parley.CodeNotFound, "There is no such %s here.", what)
	}
	return err
}

// Comment gives one comment as the viewer may see it, or refuses with parley.CodeNotFound.
func (tx *Tx) Comment(v parley.Viewer, id parley.ID) (parley.Comment, error) {
	var c parley.Comment
	err := tx.q.QueryRow(`SELECT `+commentColumns+fromComments(v)+`WHERE c.id = $3 AND `+visible(v), v.Reader, v.Site, id).Scan(commentFields(&c)...)
	if err != nil {
		return c, absent(err, "comment")
	}
	mask(v, &c)
	return tx.quoted(c)
}

// CommentForVerb gives one comment of the site whole, whoever may see it, for verbs that decide by its state
// and author. It refuses with parley.CodeNotFound.
func (tx *Tx) CommentForVerb(site, id parley.ID) (parley.Comment, error) {
	var c parley.Comment
	err := tx.q.QueryRow(`SELECT `+commentColumns+fromAllComments+`WHERE c.id = $1 AND c.site = $2`, id, site).Scan(commentFields(&c)...)
	if err != nil {
		return c, absent(err, "comment")
	}
	return tx.quoted(c)
}

// Answered is what somebody who answers a comment must know of it.
type Answered struct {
	parley.Comment      // its place, state and author
	Blocked        bool // the two block each other
	Closed         bool // its conversation
}

// Parent gives what somebody who answers a comment of the site must know of it, or refuses with parley.CodeNotFound.
// The join runs outwards: its order must not change.
func (tx *Tx) Parent(site, id, by parley.ID) (c Answered, err error) {
	c.ID, c.Site = id, site
	err = tx.q.QueryRow(`SELECT c.story, c.root, c.depth, c.state, c.author, a.name, a.roles, NOT (`+nobodyBlocks("c.author")+`), t.closed_at <> 0
		FROM comments c LEFT JOIN readers a ON a.id = c.author LEFT JOIN stories t ON t.id = c.story WHERE c.id = $3 AND c.site = $2`, by, site, id).
		Scan(&c.Story, &c.Root, &c.Depth, &c.State, &c.Author.ID, &c.Author.Name, &c.Author.Roles, &c.Blocked, &c.Closed)
	return c, absent(err, "comment")
}

// quoted is quote for one comment.
func (tx *Tx) quoted(c parley.Comment) (parley.Comment, error) {
	one := []parley.Comment{c}
	err := tx.quote(one)
	return one[0], err
}

// InsertComment adds a comment as it stands. Counters, revision and event are AddToThread's and Append's.
func (tx *Tx) InsertComment(c parley.Comment) error {
	tx.said.note(c, c.Body, tx.Now)
	_, err := tx.q.Exec(`INSERT INTO comments (id, site, story, root, parent, depth, author, answers, state, body, html, passage, created_at, edited_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		c.ID, c.Site, c.Story, c.Root, c.Parent, c.Depth, c.Author.ID, c.To.ID, c.State, c.Body, c.HTML, c.Passage, c.CreatedAt, c.EditedAt)
	if err != nil {
		return fmt.Errorf("insert comment: %w", err)
	}
	return nil
}

// RewriteComment saves a new text and keeps the earlier one for moderators.
func (tx *Tx) RewriteComment(earlier parley.Comment, body, html string) error {
	tx.said.note(earlier, body, tx.Now)
	since := max(earlier.CreatedAt, earlier.EditedAt)
	if _, err := tx.q.Exec(`INSERT INTO earlier_texts (id, comment, body, written_at, until) VALUES ($1, $2, $3, $4, $5)`,
		tx.NewID(), earlier.ID, earlier.Body, since, tx.Now); err != nil {
		return fmt.Errorf("keep earlier text: %w", err)
	}
	_, err := tx.q.Exec(`UPDATE comments SET body = $1, html = $2, edited_at = $3 WHERE id = $4`, body, html, tx.Now, earlier.ID)
	return err
}

// FillPlaceholder puts an imported comment in the place that was kept for it; replies now answer its author.
func (tx *Tx) FillPlaceholder(c parley.Comment) error {
	tx.said.note(c, c.Body, tx.Now)
	if _, err := tx.q.Exec(`UPDATE comments SET author = $1, state = $2, body = $3, html = $4 WHERE id = $5`,
		c.Author.ID, c.State, c.Body, c.HTML, c.ID); err != nil {
		return fmt.Errorf("fill placeholder: %w", err)
	}
	_, err := tx.q.Exec(`UPDATE comments SET answers = $1 WHERE root = $2 AND parent = $3`, c.Author.ID, c.Root, c.ID)
	return err
}

// EarlierText is what a comment said before it was changed.
type EarlierText struct {
	Body       string
	WrittenAt  parley.Time
	ReplacedAt parley.Time
}

// EarlierTexts lists what a comment said before, oldest first, for a viewer who moderates; others get none.
func (tx *Tx) EarlierTexts(v parley.Viewer, comment parley.ID) ([]EarlierText, error) {
	if !v.Moderates() {
		return nil, nil
	}
	return collect(tx.q, func(rows *sql.Rows) (e EarlierText, err error) {
		return e, rows.Scan(&e.Body, &e.WrittenAt, &e.ReplacedAt)
	}, `SELECT e.body, e.written_at, e.until FROM earlier_texts e JOIN comments c ON c.id = e.comment
		WHERE e.comment = $1 AND c.site = $2 ORDER BY e.id`, comment, v.Site)
}

// MoveComment changes a comment's state and every count that depends on it, and gives the story's revision
// after it. The caller has read the comment in this transaction and checked that the step is legal; when
// another process has moved it since, the write must end with the error given, which runs it again.
func (tx *Tx) MoveComment(c parley.Comment, to parley.State) (revision int64, err error) {
	n, err := tx.q.Exec(`UPDATE comments SET state = $1 WHERE id = $2 AND state = $3`, to, c.ID, c.State)
	if err == nil && n == 0 {
		err = db.ErrLostRace
	}
	if err != nil {
		return 0, fmt.Errorf("move comment: %w", err)
	}
	return tx.Count(c, c.State, to)
}

// DropHeld deletes a comment that nobody but its author has seen, with its earlier texts: no count knows of it
// yet. An answer that it gave the reason of stays without one. The caller has read it in this transaction; when another process has moved it since, the write must end
// with the error given, which runs it again.
func (tx *Tx) DropHeld(c parley.Comment) error {
	if _, err := tx.q.Exec(`DELETE FROM earlier_texts WHERE comment = $1`, c.ID); err != nil {
		return fmt.Errorf("delete earlier texts: %w", err)
	}
	n, err := tx.q.Exec(`DELETE FROM comments WHERE id = $1 AND state = 'held'`, c.ID)
	if err == nil && n == 0 {
		err = db.ErrLostRace
	}
	if err == nil && c.Reason {
		_, err = tx.q.Exec(`UPDATE answers SET comment = 0 WHERE comment = $1 AND comment <> 0`, c.ID)
	}
	if err != nil {
		return fmt.Errorf("delete a held comment: %w", err)
	}
	return nil
}

// Count moves the counters of story, thread and author for a comment that goes from one state to another
// ("" = it was not there) and raises the story's revision when strangers can see the difference.
func (tx *Tx) Count(c parley.Comment, from, to parley.State) (revision int64, err error) {
	published := b2i(to == parley.Published) - b2i(from == parley.Published)
	threads := 0
	if c.IsRoot() {
		threads = b2i(to.Shown()) - b2i(from.Shown())
	}
	newest := parley.ID(0)
	if to == parley.Published {
		newest = c.ID
	}
	visible := b2i(from.Shown() || to.Shown())
	err = tx.q.QueryRow(`UPDATE stories SET revision = revision + $1, comments = comments + $2, threads = threads + $3,
		last_comment = CASE WHEN last_comment < $4 THEN $4 ELSE last_comment END WHERE id = $5 RETURNING revision`,
		visible, published, threads, newest, c.Story).Scan(&revision)
	if err != nil {
		return 0, fmt.Errorf("count in story: %w", err)
	}
	if published == 0 {
		return revision, nil
	}
	if err := tx.countInThread(c, published); err != nil {
		return 0, err
	}
	if _, err := tx.q.Exec(`UPDATE readers SET comments = comments + $1,
		last_comment = CASE WHEN last_comment < $2 THEN $2 ELSE last_comment END WHERE id = $3`, published, newest, c.Author.ID); err != nil {
		return 0, fmt.Errorf("count for author: %w", err)
	}
	return revision, nil
}

// countInThread moves the counts of a published comment's thread and of the passage that its root names. by is 1
// when the comment was published, -1 when it no longer is.
func (tx *Tx) countInThread(c parley.Comment, by int) error {
	if c.IsRoot() {
		if c.Passage == 0 {
			return nil
		}
		return tx.countPassage(c, by)
	}
	var passage parley.ID
	var root parley.State
	err := tx.q.QueryRow(`UPDATE comments SET replies = replies + $1 WHERE id = $2 RETURNING passage, state`, by, c.Root).Scan(&passage, &root)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // an import may bring a reply before its root
	}
	if err != nil {
		return fmt.Errorf("count in thread: %w", err)
	}
	if passage != 0 && root == parley.Published {
		if _, err := tx.q.Exec(`UPDATE passages SET comments = comments + $1 WHERE id = $2`, by, passage); err != nil {
			return fmt.Errorf("count at passage: %w", err)
		}
	}
	return nil
}

// DuplicateOf finds the newest comment by the author under the same parent with the same text since a
// moment; 0 = none.
func (tx *Tx) DuplicateOf(c parley.Comment, since parley.Time) (parley.ID, error) {
	if since >= tx.Now.Add(-parley.DuplicateWindow) && !tx.said.maybe(c, tx.Now) {
		return 0, nil
	}
	var id parley.ID
	// The sign before parent keeps SQLite from thinking of the indexes that name it, and so of planning anew for
	// each value of $4.
	err := tx.q.QueryRow(`SELECT id FROM comments WHERE author = $1 AND id >= $2 AND story = $3 AND +parent = $4 AND body = $5
		AND state <> 'withdrawn' ORDER BY id DESC LIMIT 1`, c.Author.ID, parley.FirstID(since), c.Story, c.Parent, c.Body).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
}

// said remembers what has been said within the last parley.DuplicateWindow, so that hardly any comment has to be
// compared with all the others of its author. It knows everything that this process has written, and so
// everything there is where no other one writes; nil knows nothing.
type said struct {
	mu         sync.Mutex
	seed       maphash.Seed
	turned     parley.Time
	young, old map[uint64]struct{} // what was said since turned, and within the window before it
}

// recall begins to remember, with what an earlier process wrote a moment ago.
func (s *Store) recall(ctx context.Context) error {
	s.said = &said{seed: maphash.MakeSeed(), turned: s.now(), young: map[uint64]struct{}{}}
	return s.Read(ctx, func(tx *Tx) error {
		_, err := collect(tx.q, func(rows *sql.Rows) (c parley.Comment, err error) {
			err = rows.Scan(&c.Author.ID, &c.Story, &c.Parent, &c.Body)
			s.said.note(c, c.Body, tx.Now)
			return c, err
		}, `SELECT author, story, parent, body FROM comments WHERE id >= $1`, parley.FirstID(tx.Now.Add(-parley.DuplicateWindow)))
		return err
	})
}

// hash is equal for equal texts by one author in one place.
func (s *said) hash(c parley.Comment, body string) uint64 {
	return maphash.Comparable(s.seed, struct {
		author, story, parent parley.ID
		body                  string
	}{c.Author.ID, c.Story, c.Parent, body})
}

// note keeps that a comment says something now, be it that the transaction fails later.
func (s *said) note(c parley.Comment, body string, now parley.Time) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if now > s.turned.Add(parley.DuplicateWindow) {
		s.young, s.old, s.turned = map[uint64]struct{}{}, s.young, now
	}
	s.young[s.hash(c, body)] = struct{}{}
}

// maybe tells whether a comment's author may have said something in the same place within the window.
func (s *said) maybe(c parley.Comment, now parley.Time) bool {
	if s == nil {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.hash(c, c.Body)
	_, lately := s.young[h]
	_, before := s.old[h]
	return lately || before
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
